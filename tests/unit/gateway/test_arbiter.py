"""The arbiter where writes fail: in doubt control stays, and the bucket wins."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from gcs.control.stimulus import ControlEvent, Refusal, Stimulus
from gcs.gateway import auditor, registry
from gcs.model.audit import AuditAction
from gcs.model.control import ControlAct, ControlRequest, ControlState, LeaseRenewal
from gcs.model.event import EventKind
from gcs.model.people import Holder, Role
from gcs.shared.bus import BucketEntry
from tests.support.nats import until
from tests.unit.gateway.stage import DRONE, A, B, Stage, stage


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "RETRY_S", 0.01)
    monkeypatch.setattr(auditor, "STORE_S", 0.1)
    monkeypatch.setattr(auditor, "RETRY_S", 0.01)


def take(epoch: int) -> Stimulus:
    return Stimulus(ControlEvent.TAKE, 1000, by=A, epoch=epoch)


def asks(act: ControlAct, epoch: int = 0) -> ControlRequest:
    return ControlRequest("r1", act, DRONE, A, epoch, B.person, B.name)


SUBJECT = f"gcs.islington.ctl.gw1.{A.person}.{A.desk}.{DRONE}"


async def test_a_take_is_audited_written_and_told_in_this_order() -> None:
    async with stage() as parts:
        reply = await parts.control.serve(SUBJECT, asks(ControlAct.TAKE))
        assert reply.ok and reply.record == parts.record and parts.record.holder == A
        entry = parts.store.entries[f"drone.{DRONE}"]
        assert entry.value == parts.record
        await parts.settle()
        (draft,) = parts.streams.drafts
        assert (draft.action, draft.person, draft.desk) == (AuditAction.TAKE, A.person, A.desk)
        assert "held by nobody" in draft.before and "Pilot A" in draft.after
        (event,) = parts.streams.events
        assert event.kind is EventKind.CONTROL and event.control == parts.record
        assert parts.streams.stored[0][1] == draft


async def test_without_an_audit_control_stays(caplog: pytest.LogCaptureFixture) -> None:
    async with stage() as parts:
        parts.streams.down = True
        reply = await parts.control.serve(SUBJECT, asks(ControlAct.TAKE))
        assert not reply.ok and "audit cannot be written" in reply.text
        assert parts.record.state is ControlState.UNOWNED
        parts.clock.advance(auditor.LONG_S)
        await until(lambda: any(r.levelname == "ERROR" for r in caplog.records))
        parts.streams.down = False
        await until_quiet(parts)
        outcomes = [d.outcome for d in parts.streams.drafts]
        assert any("take not done" in o for o in outcomes), outcomes
        told = [(r.levelname, r.message[:29]) for r in caplog.records]
        assert told.count(("WARNING", "the audit cannot be stored, d")) == 1
        assert [level for level, _ in told].count("ERROR") == 1


async def test_an_unknown_outcome_is_read_back_and_the_bucket_wins() -> None:
    async with stage() as parts:
        parts.store.deaf = True
        outcome = await parts.arbiter.change(DRONE, take(0))
        assert not isinstance(outcome, Refusal), "the write had happened"
        assert parts.record.holder == A and not parts.arbiter.uncertain(DRONE)


async def test_what_cannot_be_read_back_is_nobodys_under_an_epoch_nobody_had() -> None:
    async with stage() as parts:
        parts.store.down = True
        change = asyncio.ensure_future(parts.arbiter.change(DRONE, take(0)))
        await until(lambda: parts.arbiter.uncertain(DRONE))
        assert parts.record.state is ControlState.UNCERTAIN
        parts.clock.advance(registry.READ_BACK_S + 0.1)
        outcome = await change
        assert isinstance(outcome, Refusal) and "not known yet" in outcome.text
        assert (parts.record.state, parts.record.epoch) == (ControlState.UNOWNED, 2)
        again = await parts.arbiter.change(DRONE, take(0))
        assert isinstance(again, Refusal)
        parts.store.down = False
        await parts.arbiter.reconcile()
        assert not parts.arbiter.uncertain(DRONE)
        assert parts.store.entries[f"drone.{DRONE}"].value == parts.record
        assert not isinstance(await parts.arbiter.change(DRONE, take(2)), Refusal)
        await until_quiet(parts)
        told = [(d.action, d.epoch) for d in parts.streams.drafts if d.epoch is not None]
        assert told == [
            (AuditAction.TAKE, 1),
            (AuditAction.OUTCOME, 0),
            (AuditAction.ORPHANED, 2),
            (AuditAction.ORPHANED, 2),
            (AuditAction.TAKE, 3),
        ]


async def test_a_foreign_write_is_adopted_and_the_own_change_refused() -> None:
    async with stage() as parts:
        key = f"drone.{DRONE}"
        entry = parts.store.entries[key]
        theirs = replace(entry.value, state=ControlState.OWNED, holder=B, epoch=9)
        parts.store.entries[key] = BucketEntry(key, theirs, entry.revision + 1)
        outcome = await parts.arbiter.change(DRONE, take(0))
        assert isinstance(outcome, Refusal) and outcome.holder == B
        assert parts.record == theirs


async def test_a_gateway_that_lost_the_network_cannot_give_control_away_when_it_wakes() -> None:
    async with stage() as paused:
        store: Any = paused.store
        heir = registry.Registry(store, (DRONE,), paused.clock)
        await heir.load()
        outcome = await paused.arbiter.change(DRONE, take(0))
        assert isinstance(outcome, Refusal) and "not carried out" in outcome.text
        assert heir.record(DRONE).holder is None and store.entries[
            f"drone.{DRONE}"
        ].value == heir.record(DRONE)


async def test_a_lease_lost_on_the_ground_frees_and_an_expired_offer_falls_back() -> None:
    async with stage() as parts:
        await parts.control.serve(SUBJECT, asks(ControlAct.TAKE))
        await parts.control.serve(SUBJECT, asks(ControlAct.OFFER, 1))
        assert parts.record.offer is not None and parts.record.offer.to_person == B.person
        for _ in range(61):
            parts.clock.advance(1.0)
            for at in (A, B):
                parts.leases.renew(at.person, at.desk)
        event = parts.arbiter.due(parts.drone)
        assert event is ControlEvent.RUN_OUT
        await parts.arbiter.happen(parts.drone, event)
        assert (parts.record.state, parts.record.epoch) == (ControlState.OWNED, 1)
        parts.clock.advance(5.1)
        event = parts.arbiter.due(parts.drone)
        assert event is ControlEvent.LEASE_LOST
        parts.may_act = False
        assert parts.arbiter.due(parts.drone) is None, "deaf itself, it blames no desk"
        parts.may_act = True
        await parts.arbiter.happen(parts.drone, event)
        assert (parts.record.state, parts.record.epoch) == (ControlState.UNOWNED, 2)


async def test_after_a_deaf_time_every_holder_has_a_full_lease_again() -> None:
    async with stage() as parts:
        parts.arbiter.listen()
        await parts.control.serve(SUBJECT, asks(ControlAct.TAKE))
        parts.may_act = False
        parts.arbiter.listen()
        parts.clock.advance(20.0)
        parts.may_act = True
        parts.arbiter.listen()
        assert parts.arbiter.due(parts.drone) is None and parts.arbiter.attended(DRONE)
        parts.clock.advance(5.1)
        parts.arbiter.listen()
        assert parts.arbiter.due(parts.drone) is ControlEvent.LEASE_LOST


async def test_an_offer_to_an_observer_or_a_stranger_is_refused() -> None:
    async with stage() as parts:
        await parts.control.serve(SUBJECT, asks(ControlAct.TAKE))
        for person in ("observer-d", "nobody"):
            request = replace(asks(ControlAct.OFFER, 1), to_person=person)
            assert not (await parts.control.serve(SUBJECT, request)).ok
        assert parts.record.state is ControlState.OWNED


async def test_only_a_desk_that_is_signed_on_to_fly_takes_control() -> None:
    """One person at two desks flies from one of them: the keeper has the other observe."""
    async with stage() as parts:
        second = replace(A, desk="desk-7")
        request = replace(asks(ControlAct.TAKE), by=second)
        subject = SUBJECT.replace(A.desk, second.desk)
        assert not (await parts.control.serve(SUBJECT, request)).ok, "sent by another desk"
        reply = await parts.control.serve(subject, request)
        assert not reply.ok and "not signed on at desk-7" in reply.text
        parts.sign_on(second, Role.OBSERVER)
        reply = await parts.control.serve(subject, replace(request, id="r2"))
        assert not reply.ok and "observes" in reply.text
        parts.sign_on(A, Role.PILOT, on=False)
        assert not (await parts.control.serve(SUBJECT, asks(ControlAct.TAKE))).ok
        assert parts.record.holder is None
        parts.sign_on(A, Role.PILOT)
        assert (await parts.control.serve(SUBJECT, asks(ControlAct.TAKE))).ok
        parts.sign_on(A, Role.PILOT, on=False)
        assert (await parts.control.serve(SUBJECT, asks(ControlAct.OFFER, 1))).ok, "it flies on"


async def test_a_renewal_tells_what_the_desk_holds() -> None:
    async with stage() as parts:
        await parts.control.serve(SUBJECT, asks(ControlAct.TAKE))
        lease = f"gcs.islington.lea.gw1.{A.person}.{A.desk}"
        reply = await parts.control.serve_lease(lease, LeaseRenewal(A.person, A.desk, 1))
        assert reply.ok and reply.holds == ((DRONE, 1),)
        wrong = await parts.control.serve_lease(lease, LeaseRenewal(A.person, "desk-9", 2))
        assert not wrong.ok


async def until_quiet(parts: Stage) -> None:
    """Until both queues are empty."""
    await until(lambda: not parts.auditor.waiting and not parts.events.waiting, 2.0)


async def test_events_wait_in_order_while_the_bus_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gcs.gateway.events.RETRY_S", 0.01)
    async with stage() as parts:
        parts.streams.down = True
        for number in range(20):
            parts.events.add(EventKind.TEXT, DRONE, f"text {number}")
        await asyncio.sleep(0.05)
        assert parts.events.waiting == 20
        parts.streams.down = False
        await until_quiet(parts)
        assert [e.text for e in parts.streams.events] == [f"text {n}" for n in range(20)]
        assert [e.sequence for e in parts.streams.events] == list(range(1, 21))
        assert [i for _, _, i in parts.streams.stored] == [f"i1-{n}" for n in range(1, 21)]


async def test_audit_entries_keep_their_order_through_an_outage() -> None:
    async with stage() as parts:
        for number in range(3):
            parts.auditor.queue(auditor.Entry(AuditAction.OUTCOME, DRONE, f"before {number}"))
        await until(lambda: not parts.auditor.waiting)
        parts.streams.down = True
        for number in range(5):
            parts.auditor.queue(auditor.Entry(AuditAction.OUTCOME, DRONE, f"while {number}"))
        assert not await parts.auditor.store(auditor.Entry(AuditAction.OUTCOME, DRONE, "last"))
        parts.streams.down = False
        await until(lambda: not parts.auditor.waiting, 5.0, "all stored")
        said = [draft.outcome for draft in parts.streams.drafts]
        assert said == [
            *(f"before {n}" for n in range(3)),
            *(f"while {n}" for n in range(5)),
            "last",
        ]


def wants(by: Holder, act: ControlAct, epoch: int) -> tuple[str, ControlRequest]:
    subject = f"gcs.islington.ctl.gw1.{by.person}.{by.desk}.{DRONE}"
    return subject, ControlRequest("r9", act, DRONE, by, epoch, reason="nearer to it")


async def test_a_request_is_given_or_comes_to_nothing() -> None:
    async with stage() as parts:
        await parts.control.serve(SUBJECT, asks(ControlAct.TAKE))
        parts.sign_on(B, Role.PILOT)
        assert (await parts.control.serve(*wants(B, ControlAct.REQUEST, 1))).ok
        assert parts.record.state is ControlState.REQUESTED and parts.record.holder == A
        assert parts.arbiter.due(parts.drone) is None
        parts.clock.advance(5.1)
        parts.leases.renew(A.person, A.desk)
        event = parts.arbiter.due(parts.drone)
        assert event is ControlEvent.PARTY_LOST, "its desk is gone"
        await parts.arbiter.happen(parts.drone, event)
        assert (parts.record.state, parts.record.holder) == (ControlState.OWNED, A)
        assert (await parts.control.serve(*wants(B, ControlAct.REQUEST, 1))).ok
        assert (await parts.control.serve(*wants(A, ControlAct.GRANT, 1))).ok
        assert (parts.record.state, parts.record.holder) == (ControlState.BRIEFING, A)
        await parts.settle()
        given = parts.streams.drafts[-1]
        assert given.action is AuditAction.HANDOFF and given.reason == "nearer to it"
        assert (given.person, given.other, given.other_desk) == (A.person, B.person, B.desk)
        assert "asks for" in given.before and "reads the brief" in given.after


async def test_a_takeover_is_a_supervisors_and_comes_after_five_seconds_on_record() -> None:
    async with stage() as parts:
        await parts.control.serve(SUBJECT, asks(ControlAct.TAKE))
        parts.sign_on(B, Role.PILOT)
        reply = await parts.control.serve(*wants(B, ControlAct.FORCE, 1))
        assert not reply.ok and "only a supervisor" in reply.text
        chief = Holder("super-c", "Supervisor C", "desk-3")
        parts.sign_on(chief, Role.SUPERVISOR)
        assert (await parts.control.serve(*wants(chief, ControlAct.FORCE, 1))).ok
        assert (parts.record.state, parts.record.holder) == (ControlState.FORCED, A)
        parts.clock.advance(5.001)
        for held in (A, chief):
            parts.leases.renew(held.person, held.desk)
        event = parts.arbiter.due(parts.drone)
        assert event is ControlEvent.RUN_OUT
        parts.streams.down = True
        await parts.arbiter.happen(parts.drone, event)
        assert parts.record.holder == A, "not without a record of it"
        parts.streams.down = False
        await until(lambda: not parts.auditor.waiting, 5.0, "the audit is back")
        await parts.arbiter.happen(parts.drone, event)
        assert parts.record.holder == chief
        assert parts.record.epoch == 2
