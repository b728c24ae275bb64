"""The guards of a command, one reason at a time, and the leases they ask about."""

from dataclasses import replace

import pytest

from gcs.control.guards import Situation, refusal
from gcs.control.lease import LEASE_S, Leases
from gcs.model.command import Command, CommandKind, Waiver
from gcs.model.control import ControlRecord, ControlState
from gcs.model.people import Holder, Person, Role
from gcs.model.place import Position
from gcs.runtime.clock import ManualClock

NOW = 1_790_000_000_000
A = Holder("pilot-a", "Pilot A", "desk-1")
B = Holder("pilot-b", "Pilot B", "desk-2")
OWNED = ControlRecord("ISL-02", ControlState.OWNED, 5, NOW, holder=A)
HOLD = Command("c1", CommandKind.HOLD, "ISL-02", "pilot-a", "desk-1", 5, NOW, NOW + 5000)
LAUNCH = replace(
    HOLD, kind=CommandKind.LAUNCH, incident="MPS-1", target=Position(51.5, -0.1), height_m=30.0
)


def situation(record: ControlRecord = OWNED) -> Situation:
    person = Person("pilot-a", "Pilot A", Role.PILOT)
    return Situation(record, "pilot-a", "ISL-02", person, NOW, lease_alive=True)


def test_the_holder_may() -> None:
    assert refusal(HOLD, situation()) is None
    assert refusal(LAUNCH, situation()) is None


@pytest.mark.parametrize(
    ("command", "where", "words"),
    [
        (HOLD, {"subject_person": "pilot-b"}, "another person"),
        (HOLD, {"subject_drone": "ISL-03"}, "another drone"),
        (HOLD, {"person": None}, "not in this site's directory"),
        (HOLD, {"person": Person("pilot-a", "Pilot A", Role.OBSERVER)}, "may not fly"),
        (HOLD, {"now_utc_ms": NOW + 5001}, "after its deadline"),
        (replace(HOLD, deadline_utc_ms=NOW + 121_000), {}, "clock of the desk"),
        (replace(HOLD, epoch=4), {}, "held by Pilot A at desk-1"),
        (replace(HOLD, epoch=6), {}, "carries epoch 6"),
        (replace(HOLD, desk="desk-9"), {}, "held by Pilot A at desk-1"),
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
