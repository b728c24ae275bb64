"""Lines of the notices panel: equal ones are counted, the same word of several drones is one. Pure.

Nothing is dropped but what repeats; the newest stands first.
"""

from collections import deque
from dataclasses import dataclass, replace

from gcs.model.event import Severity
from ui.text import sentence

KEEP = 30
TOGETHER_MS = 10_000
NAMED = 3
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
PLURALS = ((" is ", " are "), (" was ", " were "), (" has ", " have "))


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, how often it came, and the drones that it is said of."""

    severity: Severity
    text: str
    utc_ms: int
    times: int = 1
    said: str = ""
    drones: tuple[str, ...] = ()


class NoticeLines:
    """The newest lines, newest first."""

    def __init__(self) -> None:
        self._lines: deque[Line] = deque(maxlen=KEEP)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self._lines)

    def add(self, severity: Severity, text: str, utc_ms: int) -> None:
        """A sentence for the operator."""
        line = Line(severity, sentence(text), utc_ms)
        newest = self._lines[0] if self._lines else None
        if newest and (newest.text, newest.severity) == (line.text, line.severity):
            self._lines[0] = replace(newest, utc_ms=utc_ms, times=newest.times + 1)
        else:
            self._put(line)

    def add_of(self, severity: Severity, drone: str, text: str, utc_ms: int) -> None:
        """A sentence about one drone; what others said alike just before is told with it."""
        said = text.removeprefix(drone) if text.startswith(drone) else f": {text}"
        for line in self._lines:
            alike = (line.said, line.severity) == (said, severity) and line.drones != (drone,)
            if alike and utc_ms - line.utc_ms <= TOGETHER_MS:
                self._lines.remove(line)
                drones = tuple(sorted({*line.drones, drone}))
                told = sentence(several(drones) + plural(said))
                self._put(Line(severity, told, utc_ms, 1, said, drones))
                return
        told = sentence(drone + said)
        if any((n.text, n.severity) == (told, severity) for n in self.lines[:1]):
            self.add(severity, drone + said, utc_ms)
        else:
            self._put(Line(severity, told, utc_ms, 1, said, (drone,)))

    def _put(self, line: Line) -> None:
        """By its time: what happened before this desk came is heard after its own first words."""
        later = sum(other.utc_ms > line.utc_ms for other in self._lines)
        if later < KEEP:
            if len(self._lines) == KEEP:
                self._lines.pop()
            self._lines.insert(later, line)


def several(drones: tuple[str, ...]) -> str:
    """`ISL-04 and ISL-07`; from four on `Four drones`."""
    if len(drones) <= NAMED:
        return f"{', '.join(drones[:-1])} and {drones[-1]}" if len(drones) > 1 else drones[0]
    number = NUMBERS[len(drones)] if len(drones) < len(NUMBERS) else str(len(drones))
    return f"{number} drones"


def plural(said: str) -> str:
    """The first verb of a sentence whose subject has become several."""
    for one, many in PLURALS:
        if said.startswith(one):
            return many + said.removeprefix(one)
    return said
