"""The control machine: who may do what in which state, and that nobody else ever holds."""

import itertools

import pytest

from gcs.control.asking import FORCE_S, OFFER_S, OVERRIDE_S, REQUEST_S
from gcs.control.machine import TABLE, step
from gcs.control.stimulus import ControlEvent, Outcome, Refusal, Stimulus
from gcs.model.control import ControlRecord, ControlState
from gcs.model.people import Holder

A = Holder("pilot-a", "Pilot A", "desk-1")
B = Holder("pilot-b", "Pilot B", "desk-2")
NOW = 1_790_000_000_000
C = Holder("super-c", "Supervisor C", "desk-3")
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


def requested() -> ControlRecord:
    return then(owned(), E.REQUEST, by=B, epoch=5, offer_id="r1", reason="nearer")


def forced() -> ControlRecord:
    return then(owned(), E.FORCE, by=C, epoch=5, offer_id="f1", reason="he is ill")


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
    for record in (UNOWNED, owned(), offered(), requested(), forced(), orphaned()):
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
    for record in (owned(), offered(), requested(), forced()):
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
    states = {
        S.UNOWNED: UNOWNED,
        S.OWNED: owned(),
        S.OFFERED: offered(),
        S.REQUESTED: requested(),
        S.FORCED: forced(),
        S.ORPHANED: orphaned(),
    }
    for state, event in itertools.product(S, E):
        if (state, event) not in TABLE:
            found = refused(states[state], event, by=A, epoch=states[state].epoch)
            assert "not possible now" in found.text
        if event is E.LEASE_LOST:
            assert (state, event) in TABLE


def later(seconds: float) -> int:
    return NOW + round(seconds * 1000)


def test_a_request_changes_nothing_until_the_holder_gives() -> None:
    record = requested()
    assert (record.holder, record.epoch, record.state) == (A, 5, S.REQUESTED)
    assert record.claim is not None and record.claim.by == B
    refused(record, E.GRANT, by=B, epoch=5)
    given = then(record, E.GRANT, by=A, epoch=5)
    assert (given.holder, given.previous, given.epoch, given.claim) == (B, A, 6, None)


@pytest.mark.parametrize(
    ("event", "about"),
    [
        (E.REFUSE, {"by": A, "epoch": 5}),
        (E.CANCEL, {"by": B, "epoch": 5}),
        (E.CLAIMANT_LOST, {}),
        (E.INTERRUPTED, {}),
        (E.REQUEST_TIMEOUT, {"utc_ms": later(REQUEST_S) + 1}),
    ],
)
def test_a_request_that_comes_to_nothing_leaves_the_holder(
    event: ControlEvent, about: dict[str, object]
) -> None:
    assert then(requested(), event, **about) == owned()


def test_a_request_is_answered_by_the_holder_withdrawn_by_the_asker_and_only_in_time() -> None:
    refused(requested(), E.REFUSE, by=B, epoch=5)
    refused(requested(), E.CANCEL, by=A, epoch=5)
    refused(requested(), E.REQUEST_TIMEOUT, utc_ms=later(REQUEST_S))
    assert (
        "expired" in refused(requested(), E.GRANT, by=A, epoch=5, utc_ms=later(REQUEST_S) + 1).text
    )


def test_nobody_asks_himself_at_the_holders_desk_or_without_a_reason() -> None:
    for by, reason in ((A, "x"), (Holder(B.person, B.name, A.desk), "x"), (B, " ")):
        refused(owned(), E.REQUEST, by=by, epoch=5, offer_id="r1", reason=reason)
        refused(owned(), E.FORCE, by=by, epoch=5, offer_id="f1", reason=reason)


def test_a_takeover_waits_for_the_objection_and_then_gives() -> None:
    record = forced()
    assert (record.holder, record.epoch, record.state) == (A, 5, S.FORCED)
    refused(record, E.FORCE_DUE, utc_ms=later(FORCE_S))
    given = then(record, E.FORCE_DUE, utc_ms=later(FORCE_S) + 1)
    assert (given.holder, given.previous, given.epoch, given.claim) == (C, A, 6, None)


def test_an_objection_keeps_control_and_a_second_order_overrides_it() -> None:
    refused(forced(), E.OBJECT, by=B, epoch=5)
    kept = then(forced(), E.OBJECT, by=A, epoch=5)
    assert (kept.state, kept.holder, kept.epoch, kept.claim) == (S.OWNED, A, 5, None)
    again = then(kept, E.FORCE, by=C, epoch=5, offer_id="f2", reason="he is ill")
    assert (again.state, again.holder, again.epoch, again.objected) == (S.OWNED, C, 6, None)


def test_the_override_is_that_supervisors_alone_and_not_for_ever() -> None:
    kept = then(forced(), E.OBJECT, by=A, epoch=5)
    other = Holder("super-d", "Supervisor D", "desk-4")
    assert then(kept, E.FORCE, by=other, epoch=5, reason="x").state is S.FORCED
    late = later(FORCE_S + OVERRIDE_S) + 1
    assert then(kept, E.FORCE, by=C, epoch=5, reason="x", utc_ms=late).state is S.FORCED


def test_a_takeover_ends_an_offer_and_a_request_under_way() -> None:
    for record in (offered(), requested()):
        found = then(record, E.FORCE, by=C, epoch=5, offer_id="f1", reason="now")
        assert (found.state, found.holder, found.offer) == (S.FORCED, A, None)
        assert found.claim is not None and found.claim.by == C
