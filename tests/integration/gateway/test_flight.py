"""A whole mission at one drone: launched, handed over, moved, returned, given back."""

from pathlib import Path

import pytest

from gcs.model.audit import AuditAction
from gcs.model.command import CommandKind, ReceiptState
from gcs.model.control import ControlState
from gcs.model.event import EventKind
from gcs.model.telemetry import Phase
from tests.integration.gateway.handing import Handing
from tests.integration.gateway.rig import INCIDENT, near, rig
from tests.support.nats import until

DRONE = "ISL-01"


@pytest.mark.slow
async def test_a_mission_from_the_dock_and_back_with_a_hand_off(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        b = await shift.desk("pilot-b", "desk-2")
        chief = await shift.desk("super-c", "desk-3")
        await shift.launch(a, DRONE)
        assert [q.by for q in shift.keeper_asked] == [a.me]
        record = shift.controls[DRONE]
        assert (record.holder, record.incident) == (a.me, INCIDENT)

        hold = a.order(CommandKind.HOLD, DRONE, record.epoch)
        assert (await a.send(hold)).state is ReceiptState.SENT
        assert (await shift.final(hold)).state is ReceiptState.OBSERVED
        await until(lambda: shift.phase(DRONE) is Phase.ON_SCENE, what="still on scene")

        target = near(shift.site, DRONE, 60.0)
        move = a.order(CommandKind.GO_TO, DRONE, record.epoch, target, 14.0)
        assert (await a.send(move)).state is ReceiptState.SENT
        await until(lambda: shift.phase(DRONE) is Phase.MOVING, what="moving")
        assert (await shift.final(move, 30.0)).state is ReceiptState.OBSERVED

        it = Handing(shift, a, b, chief)
        it.prepare()
        await it.holds(a)
        await it.owned(a, b)
        accepted = it.record
        assert accepted.holder == b.me
        assert accepted.epoch == record.epoch + 1

        late = await a.send(a.order(CommandKind.HOLD, DRONE, record.epoch))
        assert late.state is ReceiptState.REFUSED
        assert late.stale_epoch and late.holder == b.me
        assert "Pilot B at desk-2" in late.text

        home = b.order(CommandKind.RETURN, DRONE, accepted.epoch)
        assert (await b.send(home)).state is ReceiptState.SENT
        assert (await shift.final(home)).state is ReceiptState.OBSERVED
        await until(lambda: shift.phase(DRONE) is Phase.DOCKED, 120.0, "docked")
        await until(lambda: shift.controls[DRONE].state is ControlState.UNOWNED, 5.0, "given back")
        assert shift.controls[DRONE].incident is None
        docked = [e for e in shift.kinds(EventKind.PHASE) if e.phase is Phase.DOCKED]
        assert docked[-1].incident == INCIDENT
        again = b.order(
            CommandKind.LAUNCH,
            DRONE,
            shift.controls[DRONE].epoch,
            near(shift.site, DRONE, 40.0),
            10.0,
        )
        receipt = await b.send(again)
        assert receipt.state is ReceiptState.SENT, receipt.reasons
        await until(lambda: shift.phase(DRONE) is Phase.CLIMBING, 10.0, "it flies again")

        report = shift.gateway.report()
        assert report.flew == (DRONE,)
        assert (report.handoffs_completed, report.refused_commands) == (1, 1)
        assert report.telemetry_hz_min > 9.5
        actions = [d.action for d in shift.drafts]
        for action in (
            AuditAction.LAUNCH,
            AuditAction.COMMAND,
            AuditAction.HANDOFF,
            AuditAction.REFUSAL,
            AuditAction.OUTCOME,
            AuditAction.RELEASE,
        ):
            assert action in actions
        assert [e.sequence for e in shift.events] == list(range(1, len(shift.events) + 1))


async def test_a_launch_and_a_hold_are_seen_at_the_vehicle(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await shift.ready(DRONE)
        order = a.order(CommandKind.LAUNCH, DRONE, 0, near(shift.site, DRONE, 60.0), 10.0)
        assert (await a.send(order)).state is ReceiptState.SENT
        assert (await a.send(order)).command_id == order.id, "a repeat is answered, not executed"
        await until(lambda: shift.phase(DRONE) is Phase.CLIMBING, 10.0, "climbing")
        epoch = shift.controls[DRONE].epoch
        hold = a.order(CommandKind.HOLD, DRONE, epoch)
        assert (await a.send(hold)).state is ReceiptState.SENT
        assert (await shift.final(hold)).state is ReceiptState.OBSERVED
        stopped = await shift.final(order)
        assert stopped.state is ReceiptState.FAILED
        assert "hold ordered by Pilot A at desk-1" in stopped.text
        launches = [d for d in shift.drafts if d.action is AuditAction.LAUNCH]
        assert len(launches) == 1 and launches[0].incident == INCIDENT
        await until(lambda: shift.phase(DRONE) is Phase.HOLDING, 5.0, "holding")
        land = a.order(CommandKind.LAND, DRONE, epoch)
        await a.send(land)
        assert (await shift.final(land)).state is ReceiptState.OBSERVED
        await until(lambda: shift.phase(DRONE) is Phase.LANDING, 5.0, "landing")
