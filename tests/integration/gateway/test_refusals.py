"""What the gateway refuses, and in which words."""

from dataclasses import replace
from pathlib import Path

from gcs.model.audit import AuditAction
from gcs.model.command import Command, CommandKind, Receipt, ReceiptState
from gcs.model.control import ControlAct, ControlReply, ControlRequest, ControlState
from gcs.model.mission import KeeperReply
from gcs.model.place import Position
from tests.integration.gateway.rig import near, rig
from tests.support.nats import until

DRONE = "ISL-01"


async def test_a_launch_with_unsafe_settings_names_them_all(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await shift.ready(DRONE)
        pilot = shift.fleet.drone(DRONE).pilot
        pilot.params.set("FS_GCS_ENABLE", 0.0)
        pilot.params.set("RTL_ALT_M", 15.0)
        shift.keeper_says = KeeperReply(False, "MPS-20261122-1042 is taken by Pilot B")
        order = a.order(CommandKind.LAUNCH, DRONE, 0, near(shift.site, DRONE, 60.0), 10.0)
        receipt = await a.send(order)
        assert receipt.state is ReceiptState.REFUSED
        assert set(receipt.reasons) == {
            "the GCS-loss action is off (FS_GCS_ENABLE is 0)",
            "return height is 15 m, at least 40 m is needed here",
            "MPS-20261122-1042 is taken by Pilot B",
        }
        assert shift.controls[DRONE].state is ControlState.UNOWNED
        assert not shift.fleet.drone(DRONE).pilot.armed
        await until(lambda: any(d.action is AuditAction.REFUSAL for d in shift.drafts))
        await until(lambda: any(e.receipt == receipt for e in shift.events))  # for the keeper


async def test_a_launch_out_of_the_fence_and_too_high(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await shift.ready(DRONE)
        receipt = await a.send(a.order(CommandKind.LAUNCH, DRONE, 0, Position(51.5, -0.1), 110.0))
        assert receipt.state is ReceiptState.REFUSED
        assert set(receipt.reasons) == {
            "the target is outside Geofence Islington",
            "height 110 m is above 97 m, the highest under the ceiling of Geofence Islington",
            "110 m over a 18 m roof is 128 m, above 120",
            "the target is outside every authorised volume in force",
        }


async def test_without_a_keeper_no_launch(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await shift.ready(DRONE)
        await shift.die("keeper")
        await shift.keeper_bus.close()
        receipt = await a.send(
            a.order(CommandKind.LAUNCH, DRONE, 0, near(shift.site, DRONE, 60.0), 10.0)
        )
        assert receipt.state is ReceiptState.REFUSED
        assert "the keeper does not answer: launches are refused" in receipt.reasons


async def test_commands_that_may_not_be_executed(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        b = await shift.desk("pilot-b", "desk-2")
        await shift.ready(DRONE)
        taken = await a.ask(ControlAct.TAKE, DRONE, 0)
        assert taken.ok and taken.record is not None and taken.record.epoch == 1

        wrong_epoch = await a.send(a.order(CommandKind.HOLD, DRONE, 0))
        assert wrong_epoch.stale_epoch and "epoch 1" in wrong_epoch.text
        other = await b.send(b.order(CommandKind.HOLD, DRONE, 1))
        assert other.holder == a.me and "held by Pilot A at desk-1" in other.text
        late = await a.send(a.order(CommandKind.HOLD, DRONE, 1, valid_s=-1.0))
        assert "after its deadline" in late.text
        grounded = await a.send(a.order(CommandKind.HOLD, DRONE, 1))
        assert "on the ground" in grounded.text
        far = await a.send(
            a.order(CommandKind.GO_TO, DRONE, 1, near(shift.site, DRONE, 50.0), 10.0)
        )
        assert f"{DRONE} is docked" in far.reasons
        for receipt in (wrong_epoch, other, late, grounded, far):
            assert receipt.state is ReceiptState.REFUSED
        assert shift.gateway.report().refused_commands == 2

        again = await b.ask(ControlAct.TAKE, DRONE, 1)
        assert not again.ok and "held by Pilot A at desk-1" in again.text
        assert (await a.ask(ControlAct.RELEASE, DRONE, 1)).ok
        await until(lambda: shift.controls[DRONE].state is ControlState.UNOWNED)


async def test_the_subject_says_who_asks(tmp_path: Path) -> None:
    """pilot-a's connection cannot ask as pilot-b, and a body that says so is refused."""
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await shift.ready(DRONE)
        subject = a.names.command(shift.site.gateway, "pilot-a", "desk-1", DRONE)
        forged = replace(a.order(CommandKind.HOLD, DRONE, 0), person="pilot-b")
        receipt = await a.bus.request(subject, forged, Receipt, 3.0)
        assert "came from another person" in receipt.text
        elsewhere = replace(a.order(CommandKind.HOLD, DRONE, 0), desk="desk-9")
        receipt = await a.bus.request(subject, elsewhere, Receipt, 3.0)
        assert "came from another desk" in receipt.text
        request = ControlRequest("r1", ControlAct.TAKE, DRONE, replace(a.me, person="pilot-b"), 0)
        subject = a.names.control(shift.site.gateway, "pilot-a", "desk-1", DRONE)
        reply = await a.bus.request(subject, request, ControlReply, 3.0)
        assert not reply.ok
        request = replace(request, id="r2", by=replace(a.me, desk="desk-9"))
        reply = await a.bus.request(subject, request, ControlReply, 3.0)
        assert not reply.ok and "another person, desk or drone" in reply.text
        assert shift.controls[DRONE].state is ControlState.UNOWNED


async def test_an_observer_takes_nothing_and_rubbish_is_answered(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        observer = await shift.desk("observer-d", "desk-4")
        await shift.ready(DRONE)
        reply = await observer.ask(ControlAct.TAKE, DRONE, 0)
        assert not reply.ok and "may not fly" in reply.text
        subject = observer.names.command(shift.site.gateway, "observer-d", "desk-4", DRONE)
        receipt = await observer.bus.request(subject, KeeperReply(True, "x"), Receipt, 3.0)
        assert receipt.state is ReceiptState.REFUSED and "KeeperReply" in receipt.text


async def test_one_command_id_is_executed_once(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await shift.ready(DRONE)
        order = a.order(CommandKind.LAUNCH, DRONE, 7, near(shift.site, DRONE, 60.0), 10.0)
        first = await a.send(order)
        assert await a.send(order) == first
        used: Command = replace(order, epoch=0)
        again = await a.send(used)
        assert again.state is ReceiptState.REFUSED and "used for another command" in again.text
