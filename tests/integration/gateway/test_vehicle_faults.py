"""A vehicle that refuses, that answers and does nothing, that does and never answers."""

from pathlib import Path

import pytest

from gcs.model.command import Command, CommandKind, ReceiptState
from gcs.model.control import ControlState
from gcs.model.telemetry import Phase
from tests.integration.gateway.rig import Desk, Rig, near, rig
from tests.support.nats import until

DRONE = "ISL-01"


async def launches(shift: Rig, desk: Desk) -> Command:
    """Ordered and sent; what becomes of it is the test's matter."""
    await shift.ready(DRONE)
    order = desk.order(CommandKind.LAUNCH, DRONE, 0, near(shift.site, DRONE, 60.0), 10.0)
    receipt = await desk.send(order)
    assert receipt.state is ReceiptState.SENT, receipt.reasons
    return order


async def test_a_refused_launch_tells_why_and_gives_control_back(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        shift.fleet.drone(DRONE).faults.refuse = True
        receipt = await shift.final(await launches(shift, a))
        assert receipt.state is ReceiptState.FAILED and receipt.text.endswith(": denied")
        await until(lambda: shift.controls[DRONE].epoch == 2, 2.0, "given back")
        assert shift.controls[DRONE].state is ControlState.UNOWNED
        assert shift.phase(DRONE) is Phase.DOCKED


async def test_an_acknowledged_launch_that_does_nothing_is_no_launch(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        shift.fleet.drone(DRONE).faults.ack_without_effect = True
        receipt = await shift.final(await launches(shift, a))
        assert receipt.state is ReceiptState.FAILED and "was not seen" in receipt.text
        assert shift.gateway.report().flew == ()


@pytest.mark.slow
async def test_a_vehicle_that_never_answers_is_believed_by_what_it_does(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await launches(shift, a)
        await until(lambda: shift.phase(DRONE) is Phase.CLIMBING, 10.0, "climbing")
        shift.fleet.drone(DRONE).faults.never_ack = True
        hold = a.order(CommandKind.HOLD, DRONE, shift.controls[DRONE].epoch)
        await a.send(hold)
        receipt = await shift.final(hold)
        assert receipt.state is ReceiptState.OBSERVED
        states = [r.state for r in shift.receipts(hold)]
        assert ReceiptState.ACKED not in states


async def test_a_gnss_loss_is_one_of_the_reasons(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await shift.ready(DRONE)
        shift.fleet.drone(DRONE).faults.gnss_loss = True
        await until(lambda: not _ready(shift), 5.0, "not ready")
        order = a.order(CommandKind.LAUNCH, DRONE, 0, near(shift.site, DRONE, 60.0), 10.0)
        receipt = await a.send(order)
        assert receipt.state is ReceiptState.REFUSED
        assert "no 3D GNSS fix" in receipt.reasons and len(receipt.reasons) >= 2


def _ready(shift: Rig) -> bool:
    telemetry = shift.telemetry(DRONE)
    return telemetry is not None and telemetry.ready
