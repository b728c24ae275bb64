"""The guards of a command, one reason at a time, and the leases they ask about."""

from dataclasses import replace

import pytest

from gcs.control.guards import Flight, Situation, against_limit, against_rating, refusal
from gcs.control.lease import LEASE_S, Leases
from gcs.model.command import Command, CommandKind, Waiver
from gcs.model.control import (
    GIVING,
    RECEIVING,
    Claim,
    ControlRecord,
    ControlState,
    Handover,
    HandoverKind,
    Offer,
)
from gcs.model.people import Holder, Person, Role
from gcs.model.place import Position
from gcs.runtime.clock import ManualClock

NOW = 1_790_000_000_000
A = Holder("pilot-a", "Pilot A", "desk-1")
B = Holder("pilot-b", "Pilot B", "desk-2")
OWNED = ControlRecord("ISL-02", ControlState.OWNED, 5, NOW, holder=A)
HOLD = Command("c1", CommandKind.HOLD, "ISL-02", "pilot-a", "desk-1", 5, NOW, NOW + 5000)
HANDOVER = Handover("h1", HandoverKind.OFFERED, A, B, "end of shift", NOW, NOW + 15_000)
MOVE = replace(HOLD, kind=CommandKind.GO_TO, target=Position(51.5, -0.1), height_m=30.0)
LOOK = replace(HOLD, kind=CommandKind.LOOK_AT, target=Position(51.5, -0.1))
LAUNCH = replace(
    HOLD, kind=CommandKind.LAUNCH, incident="MPS-1", target=Position(51.5, -0.1), height_m=30.0
)


def situation(record: ControlRecord = OWNED) -> Situation:
    person = Person("pilot-a", "Pilot A", Role.PILOT)
    return Situation(record, "pilot-a", "desk-1", "ISL-02", person, NOW, lease_alive=True)


def test_the_holder_may() -> None:
    assert refusal(HOLD, situation()) is None
    assert refusal(LAUNCH, situation()) is None


@pytest.mark.parametrize(
    ("command", "where", "words"),
    [
        (HOLD, {"subject_person": "pilot-b"}, "another person"),
        (HOLD, {"subject_desk": "desk-9"}, "another desk"),
        (HOLD, {"subject_drone": "ISL-03"}, "another drone"),
        (MOVE, {"person": None}, "not signed on at this site"),
        (MOVE, {"person": Person("pilot-a", "Pilot A", Role.OBSERVER)}, "may not fly"),
        (HOLD, {"now_utc_ms": NOW + 5001}, "after its deadline"),
        (replace(HOLD, deadline_utc_ms=NOW + 121_000), {}, "clock of the desk"),
        (replace(HOLD, epoch=4), {}, "held by Pilot A at desk-1"),
        (replace(HOLD, epoch=6), {}, "carries epoch 6"),
        (replace(HOLD, desk="desk-9"), {"subject_desk": "desk-9"}, "held by Pilot A at desk-1"),
        (HOLD, {"record": replace(OWNED, holder=B)}, "held by Pilot B at desk-2"),
        (HOLD, {"lease_alive": False}, "not been heard for 5 s"),
    ],
)
def test_what_is_refused_and_why(command: Command, where: dict[str, object], words: str) -> None:
    found = refusal(command, replace(situation(), **where))  # type: ignore[arg-type]
    assert found is not None and words in found.text


def test_only_a_launch_needs_no_holder() -> None:
    nobody = ControlRecord("ISL-02", ControlState.UNOWNED, 5, NOW)
    assert refusal(LAUNCH, replace(situation(nobody), lease_alive=False)) is None
    found = refusal(HOLD, situation(nobody))
    assert found is not None and "take it first" in found.text
    orphan = ControlRecord("ISL-02", ControlState.ORPHANED, 5, NOW, previous=A)
    found = refusal(LAUNCH, situation(orphan))
    assert found is not None and "orphaned by Pilot A at desk-1" in found.text


def test_the_refusal_of_another_holder_is_marked_for_the_screen() -> None:
    found = refusal(HOLD, situation(replace(OWNED, holder=B)))
    assert found is not None and found.stale_epoch and found.holder == B


def test_a_lease_lasts_5_s_from_the_last_renewal() -> None:
    clock = ManualClock()
    leases = Leases(clock)
    assert not leases.alive(A)
    leases.renew(A.person, A.desk)
    clock.advance(LEASE_S)
    assert leases.alive(A)
    assert not leases.alive(replace(A, desk="desk-9"))
    clock.advance(0.01)
    assert not leases.alive(A)
    leases.renew_all([A])
    assert leases.alive(A)
    clock.advance(LEASE_S * 11)
    leases.forget_old()
    assert not leases.alive(A)


def test_allowing_needs_a_supervisor_and_no_control() -> None:
    allow = replace(
        HOLD, kind=CommandKind.ALLOW, waiver=Waiver.VOLUME, reason="life at risk", epoch=1
    )
    there = replace(situation(), lease_alive=False)
    found = refusal(allow, there)
    assert found is not None and "only a supervisor may allow this" in found.text
    person = Person("pilot-a", "Pilot A", Role.SUPERVISOR)
    assert refusal(allow, replace(there, person=person)) is None
    found = refusal(allow, replace(there, person=person, subject_person="pilot-b"))
    assert found is not None and "another person" in found.text


def order(kind: CommandKind) -> Command:
    return replace(HOLD, kind=kind)


SAFE = [CommandKind.HOLD, CommandKind.RETURN, CommandKind.LAND]
PAUSES = [CommandKind.PLAN_PAUSE, CommandKind.PLAN_RESUME]


def handing(state: ControlState, by: Holder = A, to: Holder = B) -> ControlRecord:
    """A hand-over from `by` to `to`; `A`, who commands in these tests, is the one who holds."""
    return replace(OWNED, state=state, handover=replace(HANDOVER, giver=by, receiver=to))


@pytest.mark.parametrize("state", [ControlState.BRIEFING, ControlState.CHECKED])
@pytest.mark.parametrize("command", [HOLD, MOVE, LOOK])
def test_who_hands_over_flies_on_until_the_question(state: ControlState, command: Command) -> None:
    assert refusal(command, situation(handing(state))) is None


def test_from_the_question_on_the_giver_has_hold_and_return_alone() -> None:
    armed = handing(ControlState.ARMED)
    for kind in (CommandKind.HOLD, CommandKind.RETURN):
        assert refusal(order(kind), situation(armed)) is None
    for command in (MOVE, LOOK, order(CommandKind.LAND), order(CommandKind.PLAN_RESUME)):
        found = refusal(command, situation(armed))
        assert found is not None and "Pilot B at desk-2 is asked to take ISL-02" in found.text
        assert found.holder == A and not found.stale_epoch


@pytest.mark.parametrize("state", [ControlState.TRANSFERRING, ControlState.CONFIRMING])
def test_the_receiver_shows_his_control_before_he_flies(state: ControlState) -> None:
    received = handing(state, by=B, to=A)
    for kind in (*SAFE, *PAUSES):
        assert refusal(order(kind), situation(received)) is None
    for command in (MOVE, LOOK):
        found = refusal(command, situation(received))
        assert found is not None and "show that you control ISL-02 first" in found.text
    late = refusal(HOLD, situation(replace(received, holder=B, epoch=6)))
    assert late is not None and late.stale_epoch and late.holder == B


def test_in_doubt_the_last_known_holder_brings_it_to_safety_and_no_more() -> None:
    doubted = replace(OWNED, state=ControlState.UNCERTAIN)
    for kind in SAFE:
        assert refusal(order(kind), situation(doubted)) is None
    for command in (MOVE, LOOK, order(CommandKind.PLAN_RESUME)):
        found = refusal(command, situation(doubted))
        assert found is not None and "is being read back" in found.text
    other = refusal(HOLD, situation(replace(doubted, holder=B)))
    assert other is not None and other.holder == B


@pytest.mark.parametrize("state", sorted(ControlState))
@pytest.mark.parametrize("kind", [CommandKind.HOLD, CommandKind.RETURN])
def test_the_holders_hold_and_return_work_in_every_state(
    state: ControlState, kind: CommandKind
) -> None:
    record = RECORDS[state]
    if record.holder is None:
        found = refusal(order(kind), situation(record))
        assert found is not None and "take it first" in found.text
    else:
        assert refusal(order(kind), situation(record)) is None


def test_a_holder_signed_off_still_brings_it_to_safety() -> None:
    there = replace(situation(), person=None)
    assert refusal(HOLD, there) is None
    assert refusal(order(CommandKind.RETURN), there) is None
    assert refusal(HOLD, replace(there, record=replace(OWNED, holder=B))) is not None


OFFER = Offer("o1", B.person, B.name, "end of shift", NOW, NOW + 60_000)
CLAIM = Claim("c1", B, "nearer", NOW, NOW + 30_000)
RECORDS = {
    ControlState.UNOWNED: ControlRecord("ISL-02", ControlState.UNOWNED, 5, NOW),
    ControlState.ORPHANED: ControlRecord("ISL-02", ControlState.ORPHANED, 5, NOW, previous=A),
    ControlState.OWNED: OWNED,
    ControlState.UNCERTAIN: replace(OWNED, state=ControlState.UNCERTAIN),
    ControlState.OFFERED: replace(OWNED, state=ControlState.OFFERED, offer=OFFER),
    ControlState.REQUESTED: replace(OWNED, state=ControlState.REQUESTED, claim=CLAIM),
    ControlState.FORCED: replace(OWNED, state=ControlState.FORCED, claim=CLAIM),
    **{s: handing(s) for s in sorted(GIVING)},
    **{s: handing(s, by=B, to=A) for s in sorted(RECEIVING)},
}

PILOT = Person("pilot-a", "Pilot A", Role.PILOT)


def test_a_rating_and_a_borough_are_asked_for_where_they_are_told() -> None:
    heavy = Flight("ISL-02", "heavy", "islington")
    assert against_rating(PILOT, heavy) is None, "no ratings in the directory: every one"
    assert against_rating(replace(PILOT, ratings=("light",)), replace(heavy, rating="")) is None
    assert against_rating(replace(PILOT, ratings=("light", "heavy")), heavy) is None
    found = against_rating(replace(PILOT, ratings=("light",)), heavy)
    assert found is not None and "Pilot A is not rated for ISL-02" in found.text
    assert against_rating(replace(PILOT, boroughs=("camden", "islington")), heavy) is None
    found = against_rating(replace(PILOT, boroughs=("camden",)), heavy)
    assert found is not None and "flies in camden, not in islington" in found.text


def test_one_drone_too_many_in_the_air() -> None:
    flight = Flight("ISL-02", "", "islington")
    assert against_limit(replace(PILOT, most_drones=2), flight, 1) is None
    found = against_limit(replace(PILOT, most_drones=2), flight, 2)
    assert found is not None and "holds 2 drones in the air, at most 2" in found.text
