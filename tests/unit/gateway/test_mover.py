"""Receipts of what a flying vehicle is told: taken, then seen or not; for both makes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from gcs.gateway import mover, orders
from gcs.gateway.phase import Stage as Errand
from gcs.geo.earth import offset
from gcs.link import commands as link_commands
from gcs.link.mavlink import dialect
from gcs.model.command import Command, CommandKind, Receipt, ReceiptState
from gcs.model.telemetry import Phase
from tests.support.nats import until
from tests.unit.gateway.stage import DRONE, A, stage
from tests.unit.gateway.test_commands import Served
from tests.unit.link.peer import ack, heartbeat, motion, px4_heartbeat, text

GUIDED, RTL, BRAKE = 4, 6, 17
HOLD, ORBIT = 0x3040000, 0x1030000
AIR = dialect.MAVLink_extended_sys_state_message(0, dialect.MAV_LANDED_STATE_IN_AIR)
REPOSITION = dialect.MAV_CMD_DO_REPOSITION


@pytest.fixture
async def served(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    monkeypatch.setattr(link_commands, "ANSWER_S", 0.02)
    monkeypatch.setattr(link_commands, "LATE_REASONS_S", 0.01)
    monkeypatch.setattr(orders, "LATE_EFFECT_S", 0.1)
    monkeypatch.setattr(mover, "SETS_OUT_S", 0.1)
    monkeypatch.setattr(mover, "SPEED_S", 0.1)
    async with stage() as parts:
        found = Served(parts)
        found.shows(GUIDED, up_m=20.0, armed=True)
        parts.drone.flown = True
        await found.take()
        yield found


def px4(served: Served, mode: int = HOLD, speed_mps: float = 0.0, state: int = 4) -> None:
    """It is the other make after all, 20 m up."""
    peer, drone = served.parts.peer, served.parts.drone
    peer.says(
        px4_heartbeat(mode, True, state), motion(up_m=20.0, speed_mps=speed_mps, climb_mps=0.0), AIR
    )
    drone.phase = Phase.HOLDING


def takes(served: Served, *then: Any) -> None:
    """Each order is acknowledged, and then it shows this."""
    says = served.parts.peer.says
    served.parts.peer.wire.answer = lambda m: (
        says(ack(m.command, 0), *then) if m.get_type().startswith("COMMAND") else None
    )


async def order(served: Served, kind: CommandKind, **fields: Any) -> Receipt:
    """Send it and return its final receipt."""
    command = replace(served.order(CommandKind.HOLD), kind=kind, **fields)
    return await final(served, command)


async def final(served: Served, command: Command) -> Receipt:
    first = await served.send(command)
    if first.final:
        return first
    told: list[Receipt] = []

    def over() -> bool:
        events = served.parts.streams.events
        told[:] = [e.receipt for e in events if e.receipt and e.receipt.command_id == command.id]
        return any(r.final for r in told)

    await until(over, 5.0, f"the end of {command.kind}")
    return told[-1]


async def test_an_effect_without_an_ack_is_observed_and_said_so(served: Served) -> None:
    says = served.parts.peer.says
    served.parts.peer.wire.answer = lambda m: says(heartbeat(RTL, True, 4))
    receipt = await order(served, CommandKind.RETURN)
    assert receipt.state is ReceiptState.OBSERVED
    assert receipt.text == f"{DRONE} is returning; the order was not acknowledged"


async def test_what_was_shown_before_the_order_is_no_effect(served: Served) -> None:
    served.shows(RTL, up_m=20.0, armed=True)
    receipt = await order(served, CommandKind.RETURN)
    assert receipt.state is ReceiptState.FAILED and "no answer" in receipt.text


async def test_an_ack_without_the_effect_ends_as_not_observed(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(mover._AT_ONCE[CommandKind.RETURN], observe_s=0.1)
    monkeypatch.setitem(mover._AT_ONCE, CommandKind.RETURN, short)
    takes(served, text("Mode change to RTL failed: requires position", 4))
    command = served.order(CommandKind.RETURN)
    receipt = await final(served, command)
    assert receipt.state is ReceiptState.NOT_OBSERVED
    assert receipt.reasons == ("Mode change to RTL failed: requires position",)
    served.parts.peer.says(heartbeat(RTL, True, 4))
    await served.parts.settle()
    assert (await served.send(command)).state is ReceiptState.NOT_OBSERVED, "it stays so"


async def test_a_refusal_carries_what_the_vehicle_said(served: Served) -> None:
    says = served.parts.peer.says
    served.parts.peer.wire.answer = lambda m: says(ack(m.command, 4), text("Not now", 3))
    receipt = await order(served, CommandKind.LAND)
    assert (receipt.state, receipt.reasons) == (ReceiptState.FAILED, ("Not now",))
    assert receipt.text == "land: refused by the vehicle"


async def test_px4_is_held_once_it_stands_still_in_hold(served: Served) -> None:
    px4(served, speed_mps=8.0)
    takes(served, px4_heartbeat(HOLD, True, 4))
    task = asyncio.ensure_future(order(served, CommandKind.HOLD))
    await until(lambda: bool(served.sent(REPOSITION)))
    await served.parts.settle()
    assert not task.done(), "the mode says hold, and it flies on"
    served.parts.peer.says(motion(up_m=20.0))
    assert (await task).state is ReceiptState.OBSERVED


async def test_a_px4_reposition_that_moves_nothing_is_not_observed(served: Served) -> None:
    px4(served)
    takes(served, px4_heartbeat(HOLD, True, 4), text("Reposition is outside geofence", 2))
    target = offset(served.parts.drone.dock.position, 45.0, 60.0)
    receipt = await order(served, CommandKind.GO_TO, target=target, height_m=20.0)
    assert receipt.state is ReceiptState.NOT_OBSERVED
    assert receipt.reasons == ("Reposition is outside geofence",)
    (sent,) = served.sent(REPOSITION)
    assert sent.z == pytest.approx(20.0 + 30.0), "above the sea: it lies 30 m up here"


async def test_height_keeps_the_place_or_the_way(served: Served) -> None:
    takes(served, heartbeat(GUIDED, True, 4), motion(up_m=35.0))
    receipt = await order(served, CommandKind.HEIGHT, height_m=35.0)
    assert receipt.state is ReceiptState.OBSERVED
    (sent,) = served.sent(REPOSITION)
    assert (sent.x, sent.y, sent.z) == (515262000, -1068000, 35.0)
    far = offset(served.parts.drone.dock.position, 45.0, 60.0)
    served.parts.drone.target = far
    task = asyncio.ensure_future(order(served, CommandKind.HEIGHT, height_m=30.0))
    await until(lambda: len(served.sent(REPOSITION)) == 2)
    assert served.sent(REPOSITION)[-1].x == round(far.lat_deg * 1e7)
    task.cancel()


async def test_a_speed_is_seen_only_on_the_way(served: Served) -> None:
    takes(served, heartbeat(GUIDED, True, 4), motion(up_m=20.0, speed_mps=6.2))
    receipt = await order(served, CommandKind.SPEED, speed_mps=6.0)
    assert receipt.state is ReceiptState.NOT_OBSERVED
    assert "shows its speed only while it moves" in receipt.text
    served.parts.drone.stage = Errand.MOVE
    receipt = await order(served, CommandKind.SPEED, speed_mps=6.0)
    assert (receipt.state, receipt.text) == (ReceiptState.OBSERVED, f"{DRONE} is flying 6 m/s")


async def test_a_px4_orbit_is_seen_by_its_turning(served: Served) -> None:
    px4(served)
    centre = offset(served.parts.drone.dock.position, 0.0, 40.0)
    takes(served, px4_heartbeat(ORBIT, True, 4))
    fields: dict[str, Any] = {"target": centre, "height_m": 20.0, "radius_m": 20.0}
    task = asyncio.ensure_future(order(served, CommandKind.ORBIT, **fields))
    await until(lambda: bool(served.sent(dialect.MAV_CMD_DO_ORBIT)))
    for bearing in range(0, 60, 5):
        at = offset(centre, float(bearing), 20.0)
        served.parts.peer.says(motion(at.lat_deg, at.lon_deg, 20.0, 4.0))
    receipt = await task
    assert receipt.state is ReceiptState.OBSERVED
    assert "circling clockwise at 20 m" in receipt.text


async def test_a_copter_orbit_is_flown_by_points_until_it_is_held(served: Served) -> None:
    centre = offset(served.parts.drone.dock.position, 0.0, 40.0)
    rim = offset(centre, 180.0, 20.0)
    takes(served, heartbeat(GUIDED, True, 4), motion(rim.lat_deg, rim.lon_deg, 20.0, 3.0))
    fields: dict[str, Any] = {"target": centre, "height_m": 20.0, "radius_m": 20.0}
    command = replace(served.order(CommandKind.HOLD), kind=CommandKind.ORBIT, **fields)
    await served.send(command)
    points = "SET_POSITION_TARGET_GLOBAL_INT"
    await until(lambda: len(served.parts.peer.sent(points)) >= 2)
    assert served.parts.drone.stage is Errand.ORBIT
    takes(served, heartbeat(BRAKE, True, 4), motion(rim.lat_deg, rim.lon_deg, 20.0))
    assert (await order(served, CommandKind.HOLD)).state is ReceiptState.OBSERVED
    count = len(served.parts.peer.sent(points))
    await asyncio.sleep(0.3)
    assert len(served.parts.peer.sent(points)) == count, "nothing is flown after the hold"


async def test_an_orbit_is_refused_where_its_rim_leaves_the_fence(served: Served) -> None:
    far = offset(served.parts.drone.dock.position, 0.0, 60.0)
    receipt = await order(served, CommandKind.ORBIT, target=far, height_m=20.0, radius_m=500.0)
    assert receipt.state is ReceiptState.REFUSED
    assert any("outside" in r for r in receipt.reasons)


async def test_a_vehicle_in_trouble_gets_no_commands(served: Served) -> None:
    served.parts.drone.trouble_of = lambda: "two vehicles answer to system id 1"
    for kind in (CommandKind.HOLD, CommandKind.RETURN, CommandKind.LAND):
        receipt = await order(served, kind)
        assert receipt.state is ReceiptState.REFUSED
        assert "two vehicles answer to system id 1" in receipt.text
    assert not served.sent(dialect.MAV_CMD_DO_SET_MODE)


async def test_a_vehicle_of_an_unknown_make_gets_no_commands(served: Served) -> None:
    served.parts.peer.says(dialect.MAVLink_heartbeat_message(2, 8, 129, 4, 4, 3))
    receipt = await order(served, CommandKind.HOLD)
    assert receipt.state is ReceiptState.REFUSED and "not supported" in receipt.text


async def test_an_order_to_a_silent_vehicle_says_so_at_once(served: Served) -> None:
    served.parts.clock.advance(6.0)
    served.parts.leases.renew(A.person, A.desk)
    first = await served.send(served.order(CommandKind.HOLD))
    assert first.text == f"hold sent to {DRONE}, of which nothing is heard"
