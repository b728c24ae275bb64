"""The control machine: who may do what in which state, and that nobody else ever holds."""

import itertools

import pytest

from gcs.control.machine import OFFER_S, TABLE, ControlEvent, Outcome, Refusal, Stimulus, step
from gcs.model.control import ControlRecord, ControlState
from gcs.model.people import Holder

A = Holder("pilot-a", "Pilot A", "desk-1")
B = Holder("pilot-b", "Pilot B", "desk-2")
NOW = 1_790_000_000_000
E = ControlEvent
S = ControlState

UNOWNED = ControlRecord("ISL-02", S.UNOWNED, 4, NOW)


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


def offered() -> ControlRecord:
    return then(owned(), E.OFFER, by=A, epoch=5, to_person=B.person, to_name=B.name, offer_id="o1")


def orphaned() -> ControlRecord:
    return then(owned(), E.LEASE_LOST, airborne=True)


def test_a_take_gives_control_and_raises_the_epoch() -> None:
    record = owned()
    assert (record.state, record.holder, record.epoch) == (S.OWNED, A, 5)


def test_a_held_drone_is_not_taken_and_the_holder_is_named() -> None:
    found = refused(owned(), E.TAKE, by=B, epoch=5)
    assert found.holder == A
    assert "ISL-02 is held by Pilot A at desk-1 since 14:13:20 UTC, epoch 5" in found.text


def test_another_epoch_is_refused_in_every_state() -> None:
    for record in (UNOWNED, owned(), offered(), orphaned()):
        for event in E:
            found = refused(record, event, by=A, epoch=record.epoch - 1)
            assert found.stale_epoch and f"epoch {record.epoch}" in found.text


def test_an_offer_is_accepted_by_the_named_person_at_another_desk() -> None:
    record = then(offered(), E.ACCEPT, by=B, epoch=5)
    assert (record.holder, record.previous, record.epoch, record.offer) == (B, A, 6, None)


def test_nobody_else_and_no_other_way_accepts() -> None:
    refused(offered(), E.ACCEPT, by=Holder("pilot-c", "Pilot C", "desk-3"), epoch=5)
    refused(offered(), E.ACCEPT, by=Holder(B.person, B.name, A.desk), epoch=5)
    refused(offered(), E.ACCEPT, by=A, epoch=5)
    late = NOW + round(OFFER_S * 1000) + 1
    assert "expired" in refused(offered(), E.ACCEPT, by=B, epoch=5, utc_ms=late).text


def test_an_offer_to_oneself_is_refused() -> None:
    found = refused(owned(), E.OFFER, by=A, epoch=5, to_person=A.person, to_name=A.name)
    assert "yourself" in found.text


@pytest.mark.parametrize(
    ("event", "by"), [(E.DECLINE, B), (E.CANCEL, A)], ids=["declined", "cancelled"]
)
def test_an_offer_that_comes_to_nothing_leaves_the_holder(event: ControlEvent, by: Holder) -> None:
    record = then(offered(), event, by=by, epoch=5)
    assert record == owned()


def test_an_offer_ends_after_60_s_and_not_before() -> None:
    refused(offered(), E.OFFER_TIMEOUT, utc_ms=NOW + 60_000)
    assert then(offered(), E.OFFER_TIMEOUT, utc_ms=NOW + 60_001) == owned()


def test_an_offer_ends_when_the_flight_is_no_longer_the_one_offered() -> None:
    kept = then(offered(), E.INTERRUPTED)
    assert (kept.state, kept.holder, kept.epoch, kept.offer) == (S.OWNED, A, 5, None)
    refused(kept, E.ACCEPT, by=B, epoch=5)


def test_a_release_in_the_air_needs_a_return_or_a_landing() -> None:
    assert "in the air" in refused(owned(), E.RELEASE, by=A, epoch=5, airborne=True).text
    coming = then(owned(), E.RELEASE, by=A, epoch=5, airborne=True, safe_without_input=True)
    assert (coming.state, coming.holder, coming.epoch) == (S.UNOWNED, None, 6)
    assert then(owned(), E.RELEASE, by=A, epoch=5).state is S.UNOWNED
    refused(owned(), E.RELEASE, by=B, epoch=5)


def test_a_lost_lease_orphans_in_the_air_and_frees_on_the_ground() -> None:
    for record in (owned(), offered()):
        lost = then(record, E.LEASE_LOST, airborne=True)
        assert (lost.state, lost.holder, lost.previous) == (S.ORPHANED, None, A)
        assert lost.epoch == record.epoch + 1
        assert then(record, E.LEASE_LOST, airborne=False).state is S.UNOWNED


def test_an_orphan_keeps_its_incident_and_is_taken_anew_also_by_the_old_holder() -> None:
    flying = then(UNOWNED, E.LAUNCH, by=A, epoch=4, incident="MPS-1")
    lost = then(flying, E.LEASE_LOST, airborne=True)
    assert lost.incident == "MPS-1"
    refused(lost, E.OFFER, by=A, to_person=B.person, to_name=B.name)
    again = then(lost, E.TAKE, by=A, epoch=lost.epoch)
    assert (again.holder, again.incident, again.epoch) == (A, "MPS-1", lost.epoch + 1)


def test_a_launch_takes_what_nobody_holds_and_keeps_what_the_launcher_holds() -> None:
    record = then(UNOWNED, E.LAUNCH, by=A, epoch=4, incident="MPS-1")
    assert (record.holder, record.epoch, record.incident) == (A, 5, "MPS-1")
    mine = then(owned(), E.LAUNCH, by=A, epoch=5, incident="MPS-1")
    assert (mine.holder, mine.epoch, mine.incident) == (A, 5, "MPS-1")
    assert refused(owned(), E.LAUNCH, by=B, epoch=5, incident="MPS-1").holder == A
    refused(UNOWNED, E.LAUNCH, by=A, epoch=4)


def test_docking_gives_control_back_and_ends_the_incident() -> None:
    flying = then(UNOWNED, E.LAUNCH, by=A, epoch=4, incident="MPS-1")
    for record in (flying, then(flying, E.LEASE_LOST, airborne=True)):
        home = then(record, E.DOCKED)
        assert (home.state, home.holder, home.incident) == (S.UNOWNED, None, None)


def test_every_pair_that_is_not_listed_is_refused_and_lease_loss_is_listed_everywhere() -> None:
    states = {S.UNOWNED: UNOWNED, S.OWNED: owned(), S.OFFERED: offered(), S.ORPHANED: orphaned()}
    for state, event in itertools.product(S, E):
        if (state, event) not in TABLE:
            found = refused(states[state], event, by=A, epoch=states[state].epoch)
            assert "not possible now" in found.text
        if event is E.LEASE_LOST:
            assert (state, event) in TABLE
