"""A hand-over at the gateway: each state, and everything that may end it there."""

from dataclasses import replace

import pytest

from gcs.control.stimulus import ControlEvent
from gcs.model.audit import AuditAction
from gcs.model.brief import Line
from gcs.model.command import CommandKind
from gcs.model.control import ControlAct
from gcs.model.control import ControlState as S
from gcs.model.event import EventKind, Severity
from gcs.model.people import Holder
from tests.unit.gateway.handed import BRAKE, CHIEF, DIGEST, GUIDED, LINES, RTL, again, handed
from tests.unit.gateway.stage import A, B

PENDING = [S.OFFERED, S.REQUESTED, S.FORCED, S.BRIEFING, S.CHECKED, S.ARMED]
RECEIVING = [S.TRANSFERRING, S.CONFIRMING]


async def test_a_whole_hand_over_with_one_entry_for_each_step() -> None:
    async with handed() as shift:
        writes = sum(e.revision for e in shift.parts.store.entries.values())
        await shift.bring(S.CONFIRMING)
        assert (shift.record.holder, shift.record.epoch) == (B, 2)
        shift.seen(B, CommandKind.HOLD)
        await shift.turn()
        assert shift.record.handover is not None and shift.record.handover.reasserted
        await shift.must(A, ControlAct.CONFIRM)
        assert (shift.record.state, shift.record.holder) == (S.OWNED, B)
        await shift.parts.settle()
        steps = [d for d in shift.parts.streams.drafts if d.epoch is not None]
        events = [d.outcome.split(":")[0] for d in steps]
        assert events == [
            *("offer", "open", "tick", "tick", "checks_passed", "arm", "assume", "heard"),
            *("reasserted", "confirm"),
        ]
        assert sum(e.revision for e in shift.parts.store.entries.values()) == writes + len(steps)
        for draft in steps:
            assert {draft.person, draft.other} == {A.person, B.person}, draft
            assert draft.action is AuditAction.HANDOFF and draft.reason == "end of shift"
        assert [d.epoch for d in steps] == [1] * 6 + [2] * 4
        assert all(d.brief == DIGEST for d in steps[2:])
        told = [e for e in shift.parts.streams.events if e.control is not None]
        assert [e.control.state for e in told if e.control] == [
            *(S.OFFERED, S.BRIEFING, S.CHECKED, S.ARMED, S.TRANSFERRING),
            *(S.CONFIRMING, S.CONFIRMING, S.OWNED),
        ]
        assert {e.severity for e in told} == {Severity.INFO}


@pytest.mark.parametrize(
    ("state", "seconds", "words"),
    [
        (S.OFFERED, 60.0, "the offer of ISL-01 has ended: its time is over"),
        (S.REQUESTED, 30.0, "the request of ISL-01 has ended"),
        (S.BRIEFING, 180.0, "the hand-over of ISL-01 has ended"),
        (S.ARMED, 15.0, "the hand-over of ISL-01 has ended"),
    ],
)
async def test_what_is_not_answered_in_time_leaves_the_holder(
    state: S, seconds: float, words: str
) -> None:
    async with handed() as shift:
        await shift.bring(state)
        await shift.turn(seconds - 0.1)
        assert shift.record.state is state
        await shift.turn(0.4)
        assert (shift.record.state, shift.record.holder, shift.record.epoch) == (S.OWNED, A, 1)
        assert words in shift.said[-1]


async def test_a_brief_that_is_read_waits_for_the_question_as_long_as_it_takes() -> None:
    async with handed() as shift:
        await shift.bring(S.CHECKED)
        await shift.turn(400.0)
        assert shift.record.state is S.CHECKED


@pytest.mark.parametrize("state", PENDING)
async def test_trouble_of_the_vehicle_ends_it_and_leaves_the_holder(state: S) -> None:
    async with handed() as shift:
        await shift.bring(state)
        await shift.turn(0.4)
        shift.mode = RTL
        await shift.turn()
        assert (shift.record.state, shift.record.holder, shift.record.epoch) == (S.OWNED, A, 1)
        assert "has ended: it has begun to return" in shift.said[-1]


@pytest.mark.parametrize("state", RECEIVING)
async def test_trouble_after_the_transfer_leaves_the_receiver(state: S) -> None:
    async with handed() as shift:
        await shift.bring(state)
        shift.parts.clock.advance(0.1)
        shift.mode = RTL
        await shift.turn()
        await shift.turn()
        assert (shift.record.state, shift.record.holder, shift.record.epoch) == (S.OWNED, B, 2)


async def test_a_return_that_the_receiver_ordered_is_no_trouble() -> None:
    async with handed() as shift:
        await shift.bring(S.CONFIRMING)
        shift.parts.arbiter.ordered_down(shift.command(B, CommandKind.RETURN))
        shift.mode = RTL
        await shift.turn()
        assert shift.record.state is S.CONFIRMING
        shift.seen(B, CommandKind.RETURN)
        await shift.turn()
        await shift.must(A, ControlAct.CONFIRM)
        assert (shift.record.state, shift.record.holder) == (S.OWNED, B)


@pytest.mark.parametrize("state", PENDING)
async def test_the_other_desk_lost_leaves_the_holder(state: S) -> None:
    async with handed() as shift:
        await shift.bring(state)
        shift.alive = [A]
        await shift.turn(5.5)
        assert (shift.record.state, shift.record.holder, shift.record.epoch) == (S.OWNED, A, 1)
        assert "the other desk is not heard any more" in shift.said[-1]


@pytest.mark.parametrize("state", PENDING)
async def test_the_holders_desk_lost_orphans_the_drone_in_every_state(state: S) -> None:
    async with handed() as shift:
        await shift.bring(state)
        shift.alive = [B, CHIEF]
        await shift.turn(5.5)
        assert (shift.record.state, shift.record.holder) == (S.ORPHANED, None)
        assert shift.record.previous == A and shift.record.epoch == 2
        assert "Pilot A at desk-1 is not heard any more" in shift.said[-1]


async def test_the_receivers_desk_lost_orphans_it_with_the_giver_first_in_line() -> None:
    async with handed() as shift:
        await shift.bring(S.CONFIRMING)
        shift.alive = [A, CHIEF]
        await shift.turn(5.5)
        assert (shift.record.state, shift.record.first) == (S.ORPHANED, A)
        early = await shift.ask(CHIEF, ControlAct.TAKE)
        assert not early.ok and "first in line" in early.text
        await shift.must(A, ControlAct.TAKE)
        assert (shift.record.state, shift.record.holder) == (S.TRANSFERRING, A)
        await shift.turn()
        shift.seen(A, CommandKind.HOLD)
        await shift.turn()
        assert (shift.record.state, shift.record.epoch) == (S.OWNED, 4), "nobody has to confirm"


async def test_a_receiver_lost_before_the_vehicle_was_heard_orphans_it_too() -> None:
    async with handed() as shift:
        await shift.bring(S.ARMED)
        shift.alive = [A]
        await shift.must(B, ControlAct.ASSUME)
        shift.parts.clock.advance(5.1)
        shift.parts.leases.renew(A.person, A.desk)
        assert shift.record.state is S.TRANSFERRING
        assert shift.parts.arbiter.due(shift.parts.drone) is ControlEvent.LEASE_LOST


@pytest.mark.parametrize("state", [S.OFFERED, S.BRIEFING, S.CHECKED, S.ARMED])
@pytest.mark.parametrize("by", [A, B])
async def test_either_ends_it_until_the_transfer(state: S, by: Holder) -> None:
    async with handed() as shift:
        await shift.bring(state)
        await shift.must(by, ControlAct.CANCEL if by == A else ControlAct.DECLINE)
        assert (shift.record.state, shift.record.holder, shift.record.epoch) == (S.OWNED, A, 1)


@pytest.mark.parametrize("state", RECEIVING)
async def test_nobody_ends_it_after_the_transfer(state: S) -> None:
    async with handed() as shift:
        await shift.bring(state)
        for by, act in ((A, ControlAct.CANCEL), (B, ControlAct.DECLINE)):
            reply = await shift.ask(by, act)
            assert not reply.ok and "held by Pilot B" in reply.text
        assert shift.record.holder == B


async def test_a_silent_giver_is_left_out_with_a_caution() -> None:
    async with handed() as shift:
        await shift.bring(S.CONFIRMING)
        shift.seen(B, CommandKind.HOLD)
        shift.alive = [B]
        await shift.turn(9.0)
        assert shift.record.state is S.CONFIRMING
        await shift.turn(1.5)
        assert (shift.record.state, shift.record.holder) == (S.OWNED, B)
        last = shift.parts.streams.events[-1]
        assert last.severity is Severity.CAUTION
        assert "Pilot A at desk-1 has not confirmed the change" in last.text


async def test_a_receiver_that_shows_nothing_does_not_hold_it() -> None:
    async with handed() as shift:
        await shift.bring(S.CONFIRMING)
        await shift.must(A, ControlAct.CONFIRM)
        shift.seen(B, CommandKind.HOLD, epoch=1)
        shift.seen(A, CommandKind.HOLD)
        await shift.turn(10.5)
        assert (shift.record.state, shift.record.first) == (S.ORPHANED, A)
        assert "has not shown control" in shift.said[-1]
        last = shift.parts.streams.events[-1]
        assert last.severity is Severity.WARNING


async def test_a_vehicle_not_heard_after_the_transfer_is_the_receivers_all_the_same() -> None:
    async with handed() as shift:
        await shift.bring(S.TRANSFERRING)
        shift.heard = False
        await shift.turn(2.9)
        assert shift.record.state is S.TRANSFERRING
        await shift.turn(0.5)
        assert (shift.record.state, shift.record.holder) == (S.OWNED, B)
        assert "nothing was heard of ISL-01 since the change" in shift.said[-1]


async def test_what_was_heard_before_the_transfer_does_not_count() -> None:
    async with handed() as shift:
        await shift.bring(S.ARMED)
        shift.parts.clock.advance(0.3)
        await shift.must(B, ControlAct.ASSUME)
        shift.parts.clock.advance(0.3)
        assert shift.parts.arbiter.due(shift.parts.drone) is None
        shift.show()
        assert shift.parts.arbiter.due(shift.parts.drone) is ControlEvent.HEARD


async def test_a_vehicle_that_needs_input_is_not_handed_over() -> None:
    """One that hovers where it was sent waits to be sent on: its holder has to hold it."""
    async with handed() as shift:
        shift.mode = GUIDED
        await shift.bring(S.CHECKED)
        await shift.turn()
        reply = await shift.ask(A, ControlAct.ARM)
        assert not reply.ok and "hold it before you hand it over" in reply.text
        shift.mode = BRAKE
        await shift.turn()
        await shift.must(A, ControlAct.ARM)
        shift.mode = GUIDED
        await shift.turn()
        assert (shift.record.state, shift.record.holder) == (S.BRIEFING, A)
        assert "is in a mode that needs input" in shift.said[-1]


async def test_a_brief_that_changed_or_a_check_that_fails_stops_the_question() -> None:
    async with handed() as shift:
        await shift.bring(S.CHECKED)
        shift.briefs.now = (LINES[0], Line("hazards", "d3"))
        reply = await shift.ask(A, ControlAct.ARM)
        assert not reply.ok and "hazards" in reply.text
        shift.briefs.now, shift.briefs.fails = LINES, ("video",)
        reply = await shift.ask(A, ControlAct.ARM)
        assert not reply.ok and "video" in reply.text
        for by in (A, B):
            assert not (await shift.ask(by, ControlAct.WAIVE, waive="limit")).ok
            await shift.must(by, ControlAct.WAIVE, waive="video")
        await shift.must(A, ControlAct.ARM)
        await shift.must(B, ControlAct.ASSUME)


async def test_a_line_that_has_changed_is_not_ticked() -> None:
    async with handed() as shift:
        await shift.bring(S.BRIEFING)
        reply = await shift.ask(B, ControlAct.TICK, line=Line("task", "old"))
        assert not reply.ok and "has changed: read it again" in reply.text


async def test_an_answer_to_something_that_is_over_is_refused() -> None:
    async with handed() as shift:
        await shift.bring(S.OFFERED)
        old = shift.record.at_issue
        await shift.must(A, ControlAct.CANCEL)
        await shift.bring(S.OFFERED)
        reply = await shift.ask(B, ControlAct.OPEN, about=old)
        assert not reply.ok and "something that is over" in reply.text
        await shift.must(B, ControlAct.OPEN)
        assert not (await shift.ask(B, ControlAct.OPEN)).ok, "a double click changes nothing"
        assert shift.record.state is S.BRIEFING


async def test_an_offer_needs_a_desk_of_who_is_to_have_it() -> None:
    async with handed() as shift:
        shift.alive = [A]
        await shift.turn(6.0)
        reply = await shift.ask(A, ControlAct.OFFER)
        assert not reply.ok and "no desk of Pilot B is heard" in reply.text


@pytest.mark.parametrize("state", [S.OFFERED, S.BRIEFING, S.CHECKED, S.ARMED])
async def test_a_takeover_during_a_voluntary_hand_over(state: S) -> None:
    async with handed() as shift:
        await shift.bring(state)
        await shift.must(CHIEF, ControlAct.FORCE, reason="he is ill")
        assert (shift.record.state, shift.record.holder) == (S.FORCED, A)
        assert not (await shift.ask(B, ControlAct.ASSUME)).ok
        await shift.turn(5.4)
        await shift.turn()
        assert (shift.record.state, shift.record.holder) == (S.CONFIRMING, CHIEF)
        shift.seen(CHIEF, CommandKind.HOLD)
        await shift.turn()
        assert (shift.record.state, shift.record.holder) == (S.OWNED, CHIEF)


async def test_a_takeover_of_a_drone_under_way_holds_it_first() -> None:
    async with handed() as shift:
        shift.mode, shift.obeys = GUIDED, False
        await shift.bring(S.FORCED)
        await shift.turn(4.8)
        assert not shift.orders, "the holder may still object"
        await shift.turn(0.6)
        assert shift.orders and shift.record.state is S.FORCED
        shift.obeys = True
        await shift.turn(2.2)
        assert shift.mode == BRAKE
        await shift.turn(0.4)
        assert (shift.record.state, shift.record.holder) == (S.CONFIRMING, CHIEF)
        held = [e.text for e in shift.parts.streams.events if e.kind is EventKind.CONTINGENCY]
        assert "control changes hands: the gateway orders hold" in held[0]


@pytest.mark.parametrize("state", RECEIVING)
async def test_a_gateway_that_restarts_goes_on_by_the_record(state: S) -> None:
    async with handed() as shift:
        await shift.bring(state)
        shift.parts.clock.advance(30.0)
        async with again(shift) as heir:
            assert (heir.record.state, heir.record.holder, heir.record.epoch) == (state, B, 2)
            heir.parts.arbiter.listen()
            await heir.turn()
            await heir.turn()
            assert (heir.record.holder, heir.record.epoch) == (B, 2), "nobody could be heard"
            heir.seen(B, CommandKind.HOLD)
            await heir.turn()
            await heir.ask(A, ControlAct.CONFIRM)
            assert (heir.record.state, heir.record.holder) == (S.OWNED, B)


async def test_a_restarted_gateway_gives_the_receiver_his_whole_time_and_no_more() -> None:
    async with handed() as shift:
        await shift.bring(S.CONFIRMING)
        shift.parts.clock.advance(30.0)
        async with again(shift) as heir:
            heir.parts.arbiter.listen()
            await heir.turn(9.5)
            assert heir.record.state is S.CONFIRMING
            await heir.turn(1.0)
            assert (heir.record.state, heir.record.first) == (S.ORPHANED, A)


async def test_a_launched_drone_that_a_new_gateway_has_not_heard_may_still_fly() -> None:
    async with handed() as shift:
        flown = replace(shift.record, incident="MPS-1")
        assert await shift.parts.registry.write(flown)
        async with again(shift) as heir:
            heir.heard = False
            heir.alive = [B]
            heir.parts.arbiter.listen()
            await heir.turn(6.0)
            assert (heir.record.state, heir.record.previous) == (S.ORPHANED, A)
