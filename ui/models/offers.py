"""What became of this desk's offers and hand-overs, as sentences: the gateway tells the new state
alone. Pure.
"""

from gcs.model.control import HANDOVER, RECEIVING, ControlRecord, ControlState
from gcs.model.function import Function
from gcs.station.state import DeskState

Key = tuple[str, Function]


class Offers:
    """Remembers what this desk gives or receives; `look` tells how one of a drone has ended."""

    def __init__(self) -> None:
        self._open: dict[Key, ControlRecord] = {}
        self._cancelled: set[str] = set()

    def cancelled(self, drone: str) -> None:
        """This desk took its own offer back."""
        self._cancelled.add(drone)

    def look(self, state: DeskState, drone: str) -> str:
        """One sentence, or empty when nothing of mine has just come to a turn."""
        told = ""
        for function in Function:
            record = state.control(drone, function)
            if record is not None and record.function is function:
                told = self._look(state, record) or told
        return told

    def _look(self, state: DeskState, record: ControlRecord) -> str:
        key = (record.drone, record.function)
        before = self._open.pop(key, None)
        if _mine(state, record):
            self._open[key] = record
        if before is None or before.state is record.state:
            return ""
        what = f"the camera of {record.drone}" if key[1] is Function.PAYLOAD else record.drone
        gave = _gives(state, before)
        if record.state in HANDOVER:
            return ""  # each step is told by the gateway
        cancelled = record.drone in self._cancelled
        self._cancelled.discard(record.drone)
        if record.state is not ControlState.OWNED or record.holder is None:
            return ""
        if before.state in RECEIVING:
            return ""
        if gave and record.holder != state.me:
            return f"{_to(before)} has control of {what}"
        keeps = "you keep" if gave else f"{record.holder.name} keeps"
        return f"{_why(state, before, what, cancelled, gave)}; {keeps} control"


def _mine(state: DeskState, record: ControlRecord) -> bool:
    handover = record.handover
    if record.state in HANDOVER and handover is not None:
        return state.me in (handover.giver, handover.receiver)
    return record.offer is not None and record.holder == state.me


def _to(record: ControlRecord) -> str:
    offer, handover = record.offer, record.handover
    return offer.to_name if offer else handover.receiver.name if handover else "nobody"


def _gives(state: DeskState, record: ControlRecord) -> bool:
    giver = record.handover.giver if record.handover else record.holder
    return giver == state.me


def _why(state: DeskState, before: ControlRecord, what: str, cancelled: bool, gave: bool) -> str:
    offer, handover = before.offer, before.handover
    to = _to(before)
    until = offer.expires_utc_ms if offer else handover.until_utc_ms if handover else 0
    if cancelled and gave:
        return f"The offer of {what} to {to} is taken back"
    if until and state.clock.utc_ms() >= until:
        return (
            f"{to} did not answer the offer of {what}"
            if offer
            else (f"The hand-over of {what} took too long")
        )
    if offer:
        return f"{to} declined {what}"
    return f"The hand-over of {what} to {to} has ended"
