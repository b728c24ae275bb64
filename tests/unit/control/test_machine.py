"""The control machine: taking, releasing, losing; and that what is not listed changes nothing."""

import itertools

import pytest

from gcs.control.asking import FIRST_S, SETTLE_S
from gcs.control.machine import TABLE, step
from gcs.control.samples import samples, stimuli
from gcs.control.stimulus import ControlEvent, Refusal
from gcs.model.control import HELD, ControlRecord, ControlState
from gcs.model.people import Holder
from tests.unit.control.course import (
    AIR,
    BEFORE_THE_CHANGE,
    MAKERS,
    NOW,
    UNOWNED,
    A,
    B,
    C,
    E,
    S,
    confirming,
    later,
    offered,
    orphaned,
    owned,
    refused,
    then,
    transferring,
)


def test_a_take_gives_control_and_raises_the_epoch() -> None:
    record = owned()
    assert (record.state, record.holder, record.epoch) == (S.OWNED, A, 5)


def test_a_held_drone_is_not_taken_and_the_holder_is_named() -> None:
    found = refused(owned(), E.TAKE, by=B, epoch=5)
    assert found.holder == A
    assert "ISL-02 is held by Pilot A at desk-1 since 14:13:20 UTC, epoch 5" in found.text


@pytest.mark.parametrize("state", S)
def test_another_epoch_is_refused_in_every_state(state: ControlState) -> None:
    record = MAKERS[state]()
    for event, off in itertools.product(E, (-1, 1)):
        found = refused(record, event, by=A, epoch=record.epoch + off)
        assert found.stale_epoch and f"epoch {record.epoch}" in found.text


@pytest.mark.parametrize("state", S)
def test_a_pair_that_is_not_listed_is_refused_whatever_it_carries(state: ControlState) -> None:
    """I9. A listed pair has a stimulus that it takes, so that none is listed for nothing."""
    for event in E:
        outcomes = [step(record, s) for record in samples(state) for s in stimuli(event)]
        assert len(outcomes) >= 24
        if (state, event) in TABLE:
            assert any(isinstance(o, ControlRecord) for o in outcomes), event
            continue
        for outcome in outcomes:
            assert isinstance(outcome, Refusal) and "not possible now" in outcome.text


@pytest.mark.parametrize("state", S)
def test_a_lost_lease_is_listed_for_every_state(state: ControlState) -> None:
    assert (state, E.LEASE_LOST) in TABLE
    record = MAKERS[state]()
    for airborne in (False, True):
        lost = then(record, E.LEASE_LOST, airborne=airborne)
        if state not in HELD:
            assert lost == record
            continue
        assert (lost.holder, lost.previous) == (None, record.holder)
        assert lost.state is (S.ORPHANED if airborne else S.UNOWNED)
        assert lost.epoch == record.epoch + 1
        assert lost.at_issue == ""


@pytest.mark.parametrize("state", BEFORE_THE_CHANGE)
@pytest.mark.parametrize("event", [E.INTERRUPTED, E.PARTY_LOST])
def test_trouble_before_the_change_leaves_the_giver(
    state: ControlState, event: ControlEvent
) -> None:
    record = then(MAKERS[state](), event)
    assert (record.state, record.holder, record.epoch, record.at_issue) == (S.OWNED, A, 5, "")
    refused(record, E.ASSUME, by=B, epoch=5, about="o1", **AIR)


@pytest.mark.parametrize("make", [transferring, confirming])
def test_trouble_after_the_change_leaves_the_receiver(make: object) -> None:
    record = then(make(), E.INTERRUPTED, airborne=True)  # type: ignore[operator]
    assert (record.state, record.holder, record.epoch, record.at_issue) == (S.OWNED, B, 6, "")
    refused(make(), E.PARTY_LOST)  # type: ignore[operator]


@pytest.mark.parametrize("state", sorted(HELD))
def test_docking_gives_control_back_in_every_state(state: ControlState) -> None:
    home = then(MAKERS[state](), E.DOCKED)
    assert (home.state, home.holder, home.incident) == (S.UNOWNED, None, None)
    assert home.at_issue == ""


def test_docking_ends_the_incident_of_an_orphan_too() -> None:
    flying = then(UNOWNED, E.LAUNCH, by=A, epoch=4, incident="MPS-1")
    for record in (flying, then(flying, E.LEASE_LOST, airborne=True)):
        home = then(record, E.DOCKED)
        assert (home.state, home.holder, home.incident) == (S.UNOWNED, None, None)


def test_a_release_in_the_air_needs_a_return_or_a_landing() -> None:
    assert "in the air" in refused(owned(), E.RELEASE, by=A, epoch=5, airborne=True).text
    coming = then(owned(), E.RELEASE, by=A, epoch=5, airborne=True, safe_without_input=True)
    assert (coming.state, coming.holder, coming.epoch) == (S.UNOWNED, None, 6)
    assert then(owned(), E.RELEASE, by=A, epoch=5).state is S.UNOWNED
    refused(owned(), E.RELEASE, by=B, epoch=5)
    refused(offered(), E.RELEASE, by=A, epoch=5)


def test_a_launch_takes_what_nobody_holds_and_keeps_what_the_launcher_holds() -> None:
    record = then(UNOWNED, E.LAUNCH, by=A, epoch=4, incident="MPS-1")
    assert (record.holder, record.epoch, record.incident) == (A, 5, "MPS-1")
    mine = then(owned(), E.LAUNCH, by=A, epoch=5, incident="MPS-1")
    assert (mine.holder, mine.epoch, mine.incident) == (A, 5, "MPS-1")
    assert refused(owned(), E.LAUNCH, by=B, epoch=5, incident="MPS-1").holder == A
    refused(UNOWNED, E.LAUNCH, by=A, epoch=4)


# -- in the air ------------------------------------------------------------------------------
def test_an_orphan_keeps_its_incident_and_is_claimed_anew_also_by_the_old_holder() -> None:
    flying = then(UNOWNED, E.LAUNCH, by=A, epoch=4, incident="MPS-1")
    lost = then(flying, E.LEASE_LOST, airborne=True)
    assert lost.incident == "MPS-1"
    refused(lost, E.OFFER, by=A, to_person=B.person, to_name=B.name)
    again = then(lost, E.TAKE, by=A, epoch=lost.epoch, offer_id="t1", **AIR)
    assert (again.state, again.holder, again.incident) == (S.TRANSFERRING, A, "MPS-1")
    assert again.epoch == lost.epoch + 1


@pytest.mark.parametrize("nobody", [UNOWNED, orphaned()], ids=["released", "orphaned"])
def test_a_take_in_the_air_has_to_be_confirmed_by_a_safe_mode(nobody: ControlRecord) -> None:
    taken = then(nobody, E.TAKE, by=B, epoch=nobody.epoch, offer_id="t1", **AIR)
    heard = then(taken, E.HEARD, **AIR)
    assert (taken.state, heard.state, heard.holder) == (S.TRANSFERRING, S.CONFIRMING, B)
    assert heard.handover is not None and heard.handover.giver is None
    done = then(heard, E.REASSERTED)
    assert (done.state, done.holder, done.epoch) == (S.OWNED, B, nobody.epoch + 1)
    lost = then(heard, E.RUN_OUT, utc_ms=later(11), airborne=True)
    assert (lost.state, lost.first) == (S.ORPHANED, None)


def test_what_is_taken_on_the_ground_is_owned_at_once() -> None:
    lost = orphaned()
    assert then(lost, E.TAKE, by=B, epoch=lost.epoch).state is S.OWNED


def test_an_orphan_is_held_before_it_is_taken_but_one_that_does_not_answer_is_taken_too() -> None:
    lost = orphaned()
    moving = {"by": B, "epoch": lost.epoch, "airborne": True}
    assert "held first" in refused(lost, E.TAKE, utc_ms=later(SETTLE_S), **moving).text
    assert then(lost, E.TAKE, utc_ms=later(SETTLE_S) + 1, **moving).holder == B


def test_the_giver_is_first_in_line_for_what_its_receiver_did_not_confirm() -> None:
    lost = then(confirming(), E.RUN_OUT, utc_ms=later(11), airborne=True)
    assert (lost.state, lost.first, lost.previous) == (S.ORPHANED, A, B)
    soon, late = later(11 + FIRST_S), later(11 + FIRST_S) + 1
    for other in (B, C, Holder(A.person, A.name, "desk-9")):
        found = refused(lost, E.TAKE, by=other, epoch=lost.epoch, utc_ms=soon, **AIR)
        assert "Pilot A at desk-1 is first in line" in found.text
    assert then(lost, E.TAKE, by=A, epoch=lost.epoch, utc_ms=soon, **AIR).holder == A
    assert then(lost, E.TAKE, by=C, epoch=lost.epoch, utc_ms=late, **AIR).holder == C


def test_two_takes_at_once_the_first_has_it_and_the_second_is_told() -> None:
    first = then(UNOWNED, E.TAKE, by=A, epoch=4)
    second = refused(first, E.TAKE, by=B, epoch=4)
    assert second.stale_epoch and second.holder == A
    assert refused(first, E.TAKE, by=A, epoch=4).holder == A, "a double click"


def test_a_take_needs_a_person() -> None:
    refused(UNOWNED, E.TAKE, utc_ms=NOW)
    refused(UNOWNED, E.LAUNCH, incident="MPS-1")
