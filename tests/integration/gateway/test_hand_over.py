"""A hand-over between real desks on a real bus, of a drone in the air: whole, broken off, lost."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from gcs.control import asking
from gcs.control import handing as machine
from gcs.gateway import dues, registry
from gcs.model.audit import AuditAction
from gcs.model.command import CommandKind
from gcs.model.control import ControlAct
from gcs.model.control import ControlState as S
from gcs.model.telemetry import Phase
from gcs.shared.bus import NoAnswer, OutcomeUnknown
from gcs.sim.drone.modes import Mode
from tests.integration.gateway.handing import DRONE, LEASE_S, Handing, handing
from tests.integration.gateway.rig import Desk, near
from tests.support.nats import until


async def test_a_whole_hand_over_in_the_air(tmp_path: Path) -> None:
    async with handing(tmp_path) as it:
        epoch, a, b = it.record.epoch, it.a, it.b
        await it.bring(S.ARMED, a, b)
        place = {"target": near(it.shift.site, DRONE, 50.0), "height_m": 10.0}
        muted = await it.refused(a, CommandKind.GO_TO, **place)
        assert "is asked to take ISL-01" in muted.text
        await it.holds(a)
        await it.must(b, ControlAct.ASSUME)
        assert (it.record.holder, it.record.epoch) == (b.me, epoch + 1)
        late = await it.refused(a, CommandKind.HOLD)
        assert late.stale_epoch and "Pilot B at desk-2" in late.text
        early = await it.refused(b, CommandKind.GO_TO, **place)
        assert "show that you control ISL-01 first" in early.text
        await it.holds(b)
        await it.state(S.CONFIRMING)
        await until(lambda: bool(it.record.handover and it.record.handover.reasserted))
        await it.must(a, ControlAct.CONFIRM)
        assert (it.record.state, it.record.holder) == (S.OWNED, b.me)
        handed = [d for d in it.shift.drafts if d.action is AuditAction.HANDOFF and d.epoch]
        steps = [d.outcome.split(":")[0] for d in handed if not d.outcome.startswith("tick")]
        await until(lambda: it.shift.controls[DRONE] == it.record)
        assert steps[:4] == ["offer", "open", "checks_passed", "arm"]
        assert all({d.person, d.other} == {a.me.person, b.me.person} for d in handed)
        assert len({d.brief for d in handed[-3:]}) == 1 and handed[-1].brief


UNTIL_TRANSFER = [S.OFFERED, S.BRIEFING, S.CHECKED, S.ARMED]
TIMED = [(S.OFFERED, asking, "OFFER_S"), (S.ARMED, machine, "ARMED_S")]


@pytest.mark.slow
async def test_what_is_not_answered_in_time_falls_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with handing(tmp_path) as it:
        epoch = it.record.epoch
        for state, module, name in [*TIMED, (S.BRIEFING, machine, "BRIEFING_S")]:
            with monkeypatch.context() as short:
                short.setattr(module, name, 0.8)
                await it.bring(state, it.a, it.b)
                await it.state(S.OWNED)
            assert (it.record.holder, it.record.epoch) == (it.a.me, epoch), state
        monkeypatch.setattr(machine, "CONFIRM_S", 1.5)
        monkeypatch.setattr(dues, "CONFIRM_S", 1.5)
        await it.bring(S.CONFIRMING, it.a, it.b)
        await it.state(S.ORPHANED)
        assert it.record.first == it.a.me
        await until(lambda: it.said("Pilot B at desk-2 has not shown control"))
        await it.taken(it.a)
        await it.bring(S.CONFIRMING, it.a, it.b)
        await it.holds(it.b)
        await it.state(S.OWNED)
        assert it.record.holder == it.b.me
        await until(lambda: it.said("Pilot A at desk-1 has not confirmed the change"))


@pytest.mark.slow
async def test_either_gives_it_up_until_the_transfer(tmp_path: Path) -> None:
    async with handing(tmp_path) as it:
        epoch = it.record.epoch
        for state in UNTIL_TRANSFER:
            for desk, act in ((it.a, ControlAct.CANCEL), (it.b, ControlAct.DECLINE)):
                await it.bring(state, it.a, it.b)
                await it.must(desk, act)
                assert (it.record.state, it.record.epoch) == (S.OWNED, epoch)
        await it.bring(S.CONFIRMING, it.a, it.b)
        assert not (await it.ask(it.a, ControlAct.CANCEL)).ok
        assert it.record.holder == it.b.me


@pytest.mark.slow
async def test_a_desk_lost_in_any_state_leaves_one_holder_or_none(tmp_path: Path) -> None:
    async with handing(tmp_path) as it:
        for state in UNTIL_TRANSFER:
            await it.bring(state, it.a, it.b)
            await it.dies(it.b)
            await it.state(S.OWNED)
            assert it.record.holder == it.a.me
            await it.lives(it.b)
        for state in UNTIL_TRANSFER:
            await it.bring(state, it.a, it.b)
            await loses(it, it.a)
        await it.bring(S.CONFIRMING, it.a, it.b)
        await loses(it, it.b)
        assert it.record.holder == it.a.me


async def loses(it: Handing, desk: Desk) -> None:
    """The holder's desk dies: held within the lease and a second, then taken by Pilot A again."""
    pilot = it.shift.fleet.drone(DRONE).pilot
    await it.dies(desk)
    await it.state(S.ORPHANED, LEASE_S + 1.0)
    await until(lambda: pilot.mode is Mode.BRAKE, 1.0, "held")
    await it.lives(desk)
    await it.taken(it.a)


@pytest.mark.slow
async def test_a_desk_lost_at_the_transfer(tmp_path: Path) -> None:
    async with handing(tmp_path) as it:
        await it.bring(S.ARMED, it.a, it.b)
        await it.dies(it.b)
        await it.state(S.OWNED)
        assert it.record.holder == it.a.me
        await it.lives(it.b)
        await it.bring(S.CONFIRMING, it.a, it.b)
        await loses(it, it.b)


@pytest.mark.slow
async def test_a_return_in_any_state_ends_it(tmp_path: Path) -> None:
    async with handing(tmp_path) as it:
        epoch = it.record.epoch
        for state in UNTIL_TRANSFER:
            await it.bring(state, it.a, it.b)
            it.shift.fleet.drone(DRONE).pilot.mode = Mode.RTL
            await it.state(S.OWNED)
            assert (it.record.holder, it.record.epoch) == (it.a.me, epoch)
            await it.holds(it.a)
        await until(lambda: it.said("has ended: it has begun to return"))


@pytest.mark.parametrize(
    "state", [pytest.param(S.TRANSFERRING, marks=pytest.mark.slow), S.CONFIRMING]
)
async def test_a_gateway_that_restarts_in_the_transfer_goes_on_by_the_record(
    tmp_path: Path, state: S
) -> None:
    async with handing(tmp_path) as it:
        epoch = it.record.epoch
        await it.bring(S.ARMED, it.a, it.b)
        it.shift.fleet.drone(DRONE).faults.silent = state is S.TRANSFERRING
        await it.bring(state, it.a, it.b)
        await it.gateway_restarts()
        assert (it.record.state, it.record.holder, it.record.epoch) == (state, it.b.me, epoch + 1)
        it.shift.fleet.drone(DRONE).faults.silent = False
        drone = it.shift.gateway._parts.drones[DRONE]
        await until(lambda: drone.heartbeat is not None, 5.0, "it is heard")
        late = await it.refused(it.a, CommandKind.HOLD)
        assert late.stale_epoch
        await it.holds(it.b)
        await it.ask(it.a, ControlAct.CONFIRM)
        await it.state(S.OWNED)
        assert (it.record.holder, it.record.epoch) == (it.b.me, epoch + 1)


@pytest.mark.slow
async def test_a_takeover_in_the_middle_of_a_hand_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "FORCE_S", 1.0)
    async with handing(tmp_path) as it:
        epoch, chief = it.record.epoch, it.chief
        await it.bring(S.ARMED, it.a, it.b)
        await it.must(chief, ControlAct.FORCE, reason="he is ill")
        assert it.record.holder == it.a.me
        assert not (await it.ask(it.b, ControlAct.ASSUME)).ok
        await it.holds(it.a)
        await until(lambda: it.record.holder == chief.me, 5.0, "taken over")
        await it.holds(chief)
        await it.state(S.OWNED)
        assert (it.record.holder, it.record.epoch) == (chief.me, epoch + 1)
        forced = [d for d in it.shift.drafts if d.action is AuditAction.FORCED]
        assert [d.outcome.split(":")[0] for d in forced] == ["force", "run_out"]
        assert {(d.person, d.other) for d in forced} == {(chief.me.person, it.a.me.person)}


@pytest.mark.slow
async def test_of_two_who_answer_at_once_one_gets_it(tmp_path: Path) -> None:
    async with handing(tmp_path) as it:
        a, b, chief = it.a, it.b, it.chief
        offers = await asyncio.gather(
            *(it.ask(a, ControlAct.OFFER, to=d.me, reason="shift") for d in (b, chief))
        )
        assert sorted(r.ok for r in offers) == [False, True]
        await it.must(a, ControlAct.CANCEL)
        await it.dies(a)
        await it.state(S.ORPHANED)
        await until(lambda: it.shift.phase(DRONE) is Phase.HOLDING, 4.0, "held")
        epoch = it.record.epoch
        takes = await asyncio.gather(*(it.ask(d, ControlAct.TAKE) for d in (b, chief, b)))
        assert sum(r.ok for r in takes) == 1
        assert it.record.epoch == epoch + 1


class Doubtful:
    """The control bucket, whose answers are lost, or that cannot be asked for a while."""

    def __init__(self, bucket: Any) -> None:
        self.bucket = bucket
        self.deaf = self.down = False

    async def get(self, key: str) -> Any:
        if self.down:
            raise NoAnswer("the bucket does not answer")
        return await self.bucket.get(key)

    async def put(self, key: str, value: Any, revision: int | None) -> int:
        if self.down and not self.deaf:
            raise OutcomeUnknown("no answer")
        written: int = await self.bucket.put(key, value, revision)
        if self.deaf:
            raise OutcomeUnknown("the answer was lost")
        return written


@pytest.mark.parametrize("written", [pytest.param(False, marks=pytest.mark.slow), True])
async def test_in_doubt_the_last_known_holder_has_safe_modes_and_the_bucket_wins(
    tmp_path: Path, written: bool
) -> None:
    async with handing(tmp_path) as it:
        book = it.shift.gateway._parts.registry
        doubtful: Any = Doubtful(book._bucket)
        book._bucket = doubtful
        await it.bring(S.ARMED, it.a, it.b)
        epoch = it.record.epoch
        doubtful.down, doubtful.deaf = True, written
        asked = asyncio.ensure_future(it.ask(it.b, ControlAct.ASSUME))
        await it.state(S.UNCERTAIN)
        assert it.record.holder == it.a.me
        await it.holds(it.a)
        place = {"target": near(it.shift.site, DRONE, 50.0), "height_m": 10.0}
        assert "is being read back" in (await it.refused(it.a, CommandKind.GO_TO, **place)).text
        await it.refused(it.b, CommandKind.HOLD)
        doubtful.down = doubtful.deaf = False
        reply = await asked
        assert reply.ok is written
        holder = it.b.me if written else it.a.me
        assert (it.record.holder, it.record.epoch) == (holder, epoch + written)


@pytest.mark.slow
async def test_what_cannot_be_read_for_5_s_is_nobodys_and_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "READ_BACK_S", 0.8)
    async with handing(tmp_path) as it:
        book = it.shift.gateway._parts.registry
        doubtful: Any = Doubtful(book._bucket)
        book._bucket = doubtful
        await it.bring(S.ARMED, it.a, it.b)
        epoch = it.record.epoch
        doubtful.down = doubtful.deaf = True
        reply = await it.ask(it.b, ControlAct.ASSUME)
        assert not reply.ok
        assert (it.record.state, it.record.holder) == (S.ORPHANED, None)
        assert not (await it.ask(it.b, ControlAct.TAKE)).ok
        doubtful.down = doubtful.deaf = False
        await until(lambda: not it.shift.gateway._parts.arbiter.uncertain(DRONE), 3.0, "readable")
        assert (it.record.state, it.record.holder) == (S.ORPHANED, None)
        assert it.record.epoch >= epoch + 2, "the write nobody knew of had used the next one"
        await until(lambda: it.shift.controls[DRONE] == it.record)
        await it.taken(it.a)
