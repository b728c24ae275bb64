"""The scripted giver's part in a hand-over: what he does next, once there is something to do."""

import asyncio
from collections.abc import Callable

from gcs.model.control import RECEIVING, ControlState
from gcs.model.people import Holder
from gcs.station.actions import Outcome
from gcs.station.state import DeskState
from ui.commands import OperatorCommands

NO_PICTURE = "video"  # a desk without windows has none: both waive it
Act = Callable[[], "asyncio.Task[Outcome]"]


class ScriptedGiver:
    """Waives what the receiver cannot have, asks "you have control?" and confirms; each once a
    state, so that a refusal is not repeated before something has changed.
    """

    def __init__(
        self, state: DeskState, commands: OperatorCommands, drone: str, to: Holder
    ) -> None:
        self._state = state
        self._commands = commands
        self._drone = drone
        self._to = to
        self._done: object = None
        self.act: Act | None = None

    @property
    def over(self) -> bool:
        """Whether the receiver has it, confirmed."""
        record = self._state.control(self._drone)
        held = record is not None and record.holder == self._to
        return held and record is not None and record.state is ControlState.OWNED

    @property
    def ended(self) -> bool:
        """Whether it came to nothing: this desk has it as before."""
        record = self._state.control(self._drone)
        return record is None or (record.state is ControlState.OWNED and record.holder != self._to)

    def due(self) -> bool:
        """Whether there is something to do, in `act`, or nothing more."""
        self.act = self._next_act()
        return self.act is not None or self.over or self.ended

    def _next_act(self) -> Act | None:
        """What is to be done now; None while the giver only waits."""
        record, drone = self._state.control(self._drone), self._drone
        handover = record.handover if record else None
        if record is None or handover is None or handover.giver != self._state.me:
            return None
        told: tuple[str, Act] | None = None
        if record.state is ControlState.BRIEFING and self._lacks_picture():
            told = NO_PICTURE, lambda: self._commands.waive(drone, NO_PICTURE)
        elif record.state is ControlState.CHECKED:
            told = "arm", lambda: self._commands.arm(drone)
        elif record.state in RECEIVING and not handover.confirmed:
            told = "confirm", lambda: self._commands.confirm(drone)
        if told is None or self._done == (told[0], handover.ticked, record.state):
            return None
        self._done = (told[0], handover.ticked, record.state)
        return told[1]

    def _lacks_picture(self) -> bool:
        record, sheet = self._state.control(self._drone), self._state.brief(self._drone)
        if sheet is None or record is None or record.handover is None:
            return False
        waived = (NO_PICTURE, self._state.me.person) in record.handover.waived
        return not waived and any(c.key == NO_PICTURE and not c.ok for c in sheet.checks)
