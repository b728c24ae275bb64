"""Several drones that go from one person to another in one go: what is through and what is not.

Each is a hand-over of its own; here they are only counted together. Pure.
"""

from dataclasses import dataclass

from gcs.model.control import HANDOVER, ControlRecord, ControlState
from gcs.model.function import Function
from gcs.model.people import Holder
from gcs.station.state import DeskState
from ui.models.handing import change_of, row_words
from ui.text import Span, Tone

Pair = tuple[str, str]  # giver and receiver, as persons
Thing = tuple[str, Function]


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One drone of it. `opens`: its brief is to be opened by this desk."""

    drone: str
    function: Function
    words: Span
    opens: bool


class Shifts:
    """Follows every pair of persons between whom more than one drone changes hands."""

    def __init__(self) -> None:
        self._episodes: dict[Pair, list[Thing]] = {}

    def look(self, state: DeskState, drone: str) -> str:
        """To be told of each change of a record; a sentence when an episode of several ends."""
        told = ""
        for function in Function:
            record = state.control(drone, function)
            if record is not None and record.function is function:
                told = self._follow(state, record) or told
        return told

    def rows(self, state: DeskState) -> tuple[ShiftRow, ...]:
        """The drones of episodes of several, in the order in which they began."""
        return tuple(_row(state, t) for p, things in self._several().items() for t in things)

    def headline(self, state: DeskState) -> str:
        """`2 of 4 are yours; ISL-05 still Pilot A`, of the first episode."""
        for pair, things in self._several().items():
            return _summary(state, pair, things)
        return ""

    def _several(self) -> dict[Pair, list[Thing]]:
        return {pair: things for pair, things in self._episodes.items() if len(things) > 1}

    def _follow(self, state: DeskState, record: ControlRecord) -> str:
        thing, pair = (record.drone, record.function), _pair(record)
        if pair is not None and state.me.person in pair:
            things = self._episodes.setdefault(pair, [])
            if thing not in things:
                things.append(thing)
            return ""
        for pair, things in list(self._episodes.items()):
            if thing in things and not any(_pair_of(state, t) == pair for t in things):
                del self._episodes[pair]
                return _summary(state, pair, things) if len(things) > 1 else ""
        return ""


def _pair_of(state: DeskState, thing: Thing) -> Pair | None:
    record = state.control(*thing)
    return _pair(record) if record else None


def _pair(record: ControlRecord) -> Pair | None:
    """Between whom it changes hands by agreement now."""
    offer, handover = record.offer, record.handover
    if record.state is ControlState.OFFERED and offer and record.holder:
        return record.holder.person, offer.to_person
    if record.state in HANDOVER and handover and handover.giver and handover.voluntary:
        return handover.giver.person, handover.receiver.person
    return None


def _row(state: DeskState, thing: Thing) -> ShiftRow:
    drone, function = thing
    what = f"{drone} camera" if function is Function.PAYLOAD else drone
    record, change = state.control(drone, function), change_of(state, drone)
    if change is not None and change.function is function:
        opens = change.state is ControlState.OFFERED and change.acts
        return ShiftRow(drone, function, Span(f"{what} · {row_words(change)}", change.tone), opens)
    words = _who(state, record.holder if record else None)
    return ShiftRow(drone, function, Span(f"{what} · {words}", Tone.QUIET), opens=False)


def _summary(state: DeskState, pair: Pair, things: list[Thing]) -> str:
    records = [(drone, state.control(drone, function)) for drone, function in things]
    through = [d for d, r in records if r and r.holder and r.holder.person == pair[1]]
    mine = pair[1] == state.me.person
    still: dict[str, list[str]] = {}
    for drone, record in records:
        if drone not in through:
            who = _who(state, record.holder if record else None)
            still.setdefault(who, []).append(drone)
    done = f"{len(through)} of {len(things)} {'yours' if mine else 'handed over'}"
    left = [f"{', '.join(drones)} still {who}" for who, drones in still.items()]
    split = [f"{', '.join(through)} {'yours' if mine else 'gone'}"] if through and left else []
    return "; ".join([done, *split, *left])


def _who(state: DeskState, holder: Holder | None) -> str:
    if holder is None:
        return "nobody"
    return "yours" if holder == state.me else holder.name
