"""A change of control under way, in a few words: from whom to whom, at which step, how long it
stands. What the list, the tile, the marker and the strip all show. Pure.
"""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model.control import CLAIMED, HANDOVER, ControlRecord, ControlState
from gcs.model.function import Function
from gcs.model.people import Holder
from gcs.station.state import DeskState
from ui.text import Tone, duration

SHADOW_S = 30.0
# How long each step lasts from its beginning: the share of the ring that is left.
LASTS_S = {
    ControlState.BRIEFING: 180.0,
    ControlState.ARMED: 15.0,
    ControlState.TRANSFERRING: 3.0,
    ControlState.CONFIRMING: 10.0,
}


class Part(StrEnum):
    """What this desk is in it."""

    GIVER = "giver"
    RECEIVER = "receiver"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Change:
    """One change under way. `giver`, `taker`: names, `you` for this desk, `nobody`.

    `until_utc_ms` is when the present step runs out, `left` that in words; 0 and empty where no
    time runs. `acts`: this desk is waited for.
    """

    drone: str
    function: Function
    state: ControlState
    giver: str
    taker: str
    part: Part
    made_utc_ms: int
    until_utc_ms: int
    left: str
    acts: bool

    @property
    def forced(self) -> bool:
        """A supervisor's order."""
        return self.state is ControlState.FORCED

    @property
    def tone(self) -> Tone:
        """Caution where control is about to be taken away."""
        return Tone.CAUTION if self.forced else Tone.ACCENT

    @property
    def camera(self) -> str:
        """A word before the others where only the camera changes hands."""
        return "camera " if self.function is Function.PAYLOAD else ""


def change_of(state: DeskState, drone: str) -> Change | None:
    """The change of this drone's flight or camera, this desk's own before others'."""
    found = [c for f in Function if (c := _change(state, state.control(drone, f), f))]
    return next((c for c in found if c.part is not Part.NEITHER), found[0] if found else None)


def arrow_words(change: Change, timed: bool = True) -> str:
    """`Pilot A → you? 0:42`."""
    mark = {ControlState.OFFERED: "?", ControlState.REQUESTED: "?", ControlState.FORCED: "!"}
    arrow = f"{change.giver} → {change.taker}{mark.get(change.state, '')}"
    return f"{change.camera}{arrow} {change.left if timed else ''}".rstrip()


def row_words(change: Change) -> str:
    """For the list: what happens, and the time that is left."""
    return f"{change.camera}{_ROW[change.state](change)} {change.left}".rstrip()


def short_words(change: Change) -> str:
    """The same for the folded list."""
    words = _SHORT[change.state]
    return f"{words} {change.left}".rstrip()


def shadow_left_s(state: DeskState, drone: str) -> float:
    """Seconds that the old holder still watches what it handed over; 0 = it does not."""
    record = state.control(drone)
    if record is None or record.previous != state.me or record.holder in (None, state.me):
        return 0.0
    return max(0.0, SHADOW_S - (state.clock.utc_ms() - record.since_utc_ms) / 1000)


def _change(state: DeskState, record: ControlRecord | None, function: Function) -> Change | None:
    if record is None or record.function is not function:
        return None
    taker, to_me, made, until = _asked(state, record)
    if taker is None:
        return None
    giver = record.handover.giver if record.handover else record.holder
    part = Part.GIVER if giver == state.me else Part.RECEIVER if to_me else Part.NEITHER
    left = max(0, until - state.clock.utc_ms()) / 1000
    return Change(
        record.drone,
        function,
        record.state,
        _name(state, giver),
        "you" if to_me else taker,
        part,
        made,
        until,
        duration(left) if until else "",
        part is not Part.NEITHER and (record.state, part) in _WAITS_FOR,
    )


def _asked(state: DeskState, record: ControlRecord) -> tuple[str | None, bool, int, int]:
    """Who is to have it, whether that is this desk, and from when until when that stands."""
    offer, claim, handover = record.offer, record.claim, record.handover
    if record.state is ControlState.OFFERED and offer is not None:
        mine = offer.to_person == state.me.person
        return offer.to_name, mine, offer.made_utc_ms, offer.expires_utc_ms
    if record.state in CLAIMED and claim is not None:
        return claim.by.name, claim.by == state.me, claim.made_utc_ms, claim.expires_utc_ms
    if record.state in HANDOVER and handover is not None:
        until = handover.until_utc_ms
        made = until - round(LASTS_S.get(record.state, 0.0) * 1000)
        return handover.receiver.name, handover.receiver == state.me, made, until
    return None, False, 0, 0


def _name(state: DeskState, holder: Holder | None) -> str:
    if holder is None:
        return "nobody"
    return "you" if holder == state.me else holder.name


def _offered(change: Change) -> str:
    return "offered to you" if change.part is Part.RECEIVER else f"offer: {change.taker}"


def _checked(change: Change) -> str:
    return f"ready for {change.taker}" if change.part is Part.GIVER else "brief is read"


def _armed(change: Change) -> str:
    return "take it now" if change.part is Part.RECEIVER else f"over to {change.taker}?"


def _confirming(change: Change) -> str:
    words = {Part.GIVER: "confirm it", Part.RECEIVER: "show you have it"}
    return words.get(change.part, f"{change.taker} shows it")


_ROW = {
    ControlState.OFFERED: _offered,
    ControlState.REQUESTED: lambda c: f"asked for by {c.taker}",
    ControlState.FORCED: lambda c: f"takeover by {c.taker}",
    ControlState.BRIEFING: lambda c: f"brief: {c.taker}",
    ControlState.CHECKED: _checked,
    ControlState.ARMED: _armed,
    ControlState.TRANSFERRING: lambda c: f"goes to {c.taker}",
    ControlState.CONFIRMING: _confirming,
}
_SHORT = {
    ControlState.OFFERED: "offered",
    ControlState.REQUESTED: "asked",
    ControlState.FORCED: "taken",
    ControlState.BRIEFING: "brief",
    ControlState.CHECKED: "brief read",
    ControlState.ARMED: "armed",
    ControlState.TRANSFERRING: "changing",
    ControlState.CONFIRMING: "confirm",
}
_WAITS_FOR = {
    (ControlState.OFFERED, Part.RECEIVER),
    (ControlState.REQUESTED, Part.GIVER),
    (ControlState.FORCED, Part.GIVER),
    (ControlState.BRIEFING, Part.RECEIVER),
    (ControlState.CHECKED, Part.GIVER),
    (ControlState.ARMED, Part.RECEIVER),
    (ControlState.CONFIRMING, Part.GIVER),
    (ControlState.CONFIRMING, Part.RECEIVER),
}
