"""Records of every state, as the machine itself makes them, and stimuli that may move them.

For the diagram, and for the tests that ask something of every pair of state and event.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from gcs.control.asking import OFFER_S, OVERRIDE_S
from gcs.control.handing import BRIEFING_S
from gcs.control.machine import step
from gcs.control.stimulus import ControlEvent, Stimulus
from gcs.model.brief import Line
from gcs.model.control import ControlRecord, ControlState
from gcs.model.function import Function
from gcs.model.people import Holder

GIVER = Holder("a", "A", "desk-1")
RECEIVER = Holder("b", "B", "desk-2")
CHECK = "round-trip"
_E, _S = ControlEvent, ControlState
_LINES = (Line("battery", "80"), Line("alert-7", "open"))
_CHANGED = (Line("battery", "20"), Line("alert-7", "open"))
_LATE_MS = round((OFFER_S + OVERRIDE_S + BRIEFING_S) * 1000)
# How each state is reached from the one before it, by whom.
_COURSE: tuple[tuple[ControlState, ControlState, ControlEvent, Holder | None], ...] = (
    (_S.UNOWNED, _S.OWNED, _E.TAKE, GIVER),
    (_S.OWNED, _S.OFFERED, _E.OFFER, GIVER),
    (_S.OWNED, _S.REQUESTED, _E.REQUEST, RECEIVER),
    (_S.OWNED, _S.FORCED, _E.FORCE, RECEIVER),
    (_S.OFFERED, _S.BRIEFING, _E.OPEN, RECEIVER),
    (_S.BRIEFING, _S.BRIEFING, _E.TICK, RECEIVER),
    (_S.BRIEFING, _S.CHECKED, _E.CHECKS_PASSED, None),
    (_S.CHECKED, _S.ARMED, _E.ARM, GIVER),
    (_S.ARMED, _S.TRANSFERRING, _E.ASSUME, RECEIVER),
    (_S.TRANSFERRING, _S.CONFIRMING, _E.HEARD, None),
    (_S.OWNED, _S.ORPHANED, _E.LEASE_LOST, None),
    (_S.OWNED, _S.UNCERTAIN, _E.WRITE_UNKNOWN, None),
)


def sample(state: ControlState) -> ControlRecord:
    """One record of a flight in this state."""
    return _made()[state]


def samples(state: ControlState) -> Iterator[ControlRecord]:
    """Records of a state that differ in what their transitions look at, and a payload's."""
    record = sample(state)
    yield record
    if state is not _S.ORPHANED:
        yield replace(record, function=Function.PAYLOAD)
    if state is _S.OWNED:
        objected = step(sample(_S.FORCED), _stimulus(_E.OBJECT, GIVER))
        assert isinstance(objected, ControlRecord), objected
        yield objected
    if record.handover is not None:
        for marks in ({"reasserted": True}, {"confirmed": True}, {"ticked": _LINES}):
            yield replace(record, handover=replace(record.handover, **marks))


def stimuli(event: ControlEvent) -> Iterator[Stimulus]:
    """The event by everybody, early and late, with all that a transition may ask about."""
    whose = (GIVER, RECEIVER, None)
    for by, late, airborne, calm in product(whose, (False, True), (False, True), (False, True)):
        usual = replace(
            _stimulus(event, by),
            utc_ms=_LATE_MS if late else 0,
            airborne=airborne,
            safe_without_input=calm,
            needs_no_input=calm,
        )
        yield usual
        if event in (_E.BRIEF_CHANGED, _E.CHECKS_PASSED):
            yield replace(usual, lines=_CHANGED)
        if event in (_E.CHECK_FAILED, _E.CHECKS_PASSED):
            yield replace(usual, failed=(CHECK,))
        if event is _E.READ_BACK:
            for state in _S:
                if state is not _S.UNCERTAIN:
                    found = sample(state)
                    yield replace(usual, found=found)
                    yield replace(usual, found=replace(found, function=Function.PAYLOAD))


def _made() -> dict[ControlState, ControlRecord]:
    made = {_S.UNOWNED: ControlRecord("D", _S.UNOWNED, 0, 0)}
    for before, after, event, by in _COURSE:
        found = step(made[before], _stimulus(event, by))
        assert isinstance(found, ControlRecord) and found.state is after, found
        made[after] = found
    return made


def _stimulus(event: ControlEvent, by: Holder | None) -> Stimulus:
    return Stimulus(
        event,
        0,
        by=by,
        offer_id="x",
        to_person=RECEIVER.person,
        to_name=RECEIVER.name,
        reason="why",
        incident="N-1",
        airborne=event is not _E.TAKE,
        needs_no_input=True,
        line=_LINES[0],
        lines=_LINES,
        brief="whole",
        waive=CHECK,
        waivable=(CHECK,),
        to=RECEIVER,
    )
