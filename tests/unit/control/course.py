"""A hand-over step by step through the machine, for the tests of each of its states."""

from collections.abc import Callable

from gcs.control.machine import step
from gcs.control.stimulus import ControlEvent, Outcome, Refusal, Stimulus
from gcs.model.brief import Line
from gcs.model.control import ControlRecord, ControlState
from gcs.model.people import Holder

A = Holder("pilot-a", "Pilot A", "desk-1")
B = Holder("pilot-b", "Pilot B", "desk-2")
C = Holder("super-c", "Supervisor C", "desk-3")
NOW = 1_790_000_000_000
E = ControlEvent
S = ControlState

BATTERY, FENCE = Line("battery", "80"), Line("fence", "v7")
ALERT = Line("alert-7", "open")
LINES = (BATTERY, FENCE, ALERT)
AIR = {"airborne": True, "needs_no_input": True}

UNOWNED = ControlRecord("ISL-02", S.UNOWNED, 4, NOW)


def later(seconds: float) -> int:
    return NOW + round(seconds * 1000)


def then(record: ControlRecord, event: ControlEvent, **about: object) -> ControlRecord:
    outcome = tried(record, event, **about)
    assert isinstance(outcome, ControlRecord), outcome
    return outcome


def refused(record: ControlRecord, event: ControlEvent, **about: object) -> Refusal:
    outcome = tried(record, event, **about)
    assert isinstance(outcome, Refusal), outcome
    return outcome


def tried(record: ControlRecord, event: ControlEvent, **about: object) -> Outcome:
    return step(record, Stimulus(event, utc_ms=about.pop("utc_ms", NOW), **about))  # type: ignore[arg-type]


def owned() -> ControlRecord:
    return then(UNOWNED, E.TAKE, by=A, epoch=4)


def offered(record: ControlRecord | None = None, offer_id: str = "o1") -> ControlRecord:
    about = {"to_person": B.person, "to_name": B.name, "reason": "end of shift"}
    return then(record or owned(), E.OFFER, by=A, epoch=5, offer_id=offer_id, **about)


def requested() -> ControlRecord:
    return then(owned(), E.REQUEST, by=B, epoch=5, offer_id="r1", reason="nearer")


def forced(record: ControlRecord | None = None) -> ControlRecord:
    return then(record or owned(), E.FORCE, by=C, epoch=5, offer_id="f1", reason="he is ill")


def briefing() -> ControlRecord:
    return then(offered(), E.OPEN, by=B, epoch=5, about="o1")


def read() -> ControlRecord:
    """Every line that is needed is ticked."""
    record = briefing()
    for line in (BATTERY, FENCE):
        record = then(record, E.TICK, by=B, epoch=5, line=line, lines=LINES)
    return record


def checked() -> ControlRecord:
    return then(read(), E.CHECKS_PASSED, lines=LINES, brief="whole")


def armed() -> ControlRecord:
    return then(checked(), E.ARM, by=A, epoch=5, lines=LINES, **AIR)


def transferring() -> ControlRecord:
    return then(armed(), E.ASSUME, by=B, epoch=5, lines=LINES, **AIR)


def confirming() -> ControlRecord:
    return then(transferring(), E.HEARD, **AIR)


def orphaned() -> ControlRecord:
    return then(owned(), E.LEASE_LOST, airborne=True)


def uncertain() -> ControlRecord:
    return then(owned(), E.WRITE_UNKNOWN)


MAKERS: dict[ControlState, Callable[[], ControlRecord]] = {
    S.UNOWNED: lambda: UNOWNED,
    S.OWNED: owned,
    S.OFFERED: offered,
    S.REQUESTED: requested,
    S.BRIEFING: briefing,
    S.CHECKED: checked,
    S.ARMED: armed,
    S.TRANSFERRING: transferring,
    S.CONFIRMING: confirming,
    S.FORCED: forced,
    S.ORPHANED: orphaned,
    S.UNCERTAIN: uncertain,
}
BEFORE_THE_CHANGE = (S.OFFERED, S.REQUESTED, S.BRIEFING, S.CHECKED, S.ARMED, S.FORCED)
