"""What was lost and came back, as sentences: a chip alone would leave no trace of it. Pure.

Nothing is told of a start: only what ran once can be lost.
"""

from gcs.model.event import Severity
from gcs.model.process import ProcessState
from gcs.station.state import DeskState
from ui.text import duration, seconds_words

Told = tuple[Severity, str]
MEANING = {
    "gateway": "no command reaches a drone until it is back; drones go on by themselves",
    "keeper": "incidents cannot be taken or launched for until it is back; flying goes on",
    "simulate": "the training drones are silent until it is back",
    "relay": "no desk has a picture until it is back; flying goes on",
    "bus": "the desks are cut off until it is back",
}
NAMES = {"simulate": "simulator", "bus": "message server"}


class Outages:
    """Remembers since when something is lost; `look` tells what has changed."""

    def __init__(self) -> None:
        self._ran: set[str] = set()
        self._since_s: dict[str, float] = {}
        self._given_up: set[str] = set()

    def look(self, state: DeskState) -> tuple[Told, ...]:
        """The sentences of what was lost or is back since the last look."""
        now = state.clock.monotonic()
        told: list[Told | None] = []
        if state.links.gateway_at_s is not None:
            told.append(self._change("bus", state.links.bus_connected, _BUS, now))
        for process in state.processes.processes if state.processes else ():
            name = NAMES.get(process.name, process.name)
            means = MEANING.get(process.name)
            lost = f"The {name} has stopped and is started again" + (f": {means}" if means else "")
            running = process.state is ProcessState.RUNNING
            told.append(self._change(name, running, lost, now))
            told.append(self._give_up(name, process.state))
        return tuple(t for t in told if t is not None)

    def _change(self, name: str, running: bool, lost: str, now_s: float) -> Told | None:
        if running:
            self._ran.add(name)
            since = self._since_s.pop(name, None)
            return None if since is None else (Severity.INFO, _back(name, now_s - since))
        if name not in self._ran or name in self._since_s:
            return None
        self._since_s[name] = now_s
        return Severity.CAUTION, lost

    def _give_up(self, name: str, state: ProcessState) -> Told | None:
        if state is not ProcessState.GIVEN_UP:
            self._given_up.discard(name)
            return None
        if name in self._given_up:
            return None
        self._given_up.add(name)
        return Severity.WARNING, f"The {name} stopped too often and is not started again"


_BUS = "The bus is lost: this desk is cut off and keeps trying; drones go on by themselves"


def _back(name: str, seconds: float) -> str:
    after = seconds_words(seconds) if seconds < 60 else duration(seconds)
    return f"The {name} is back after {after}"
