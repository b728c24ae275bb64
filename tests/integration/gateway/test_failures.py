"""What breaks: a desk, the bus, the gateway itself, and what comes in over the air."""

import asyncio
import contextlib
import random
import socket
import time
from pathlib import Path

import pytest

from gcs.geo.earth import distance_m
from gcs.link.mavlink import Framer, dialect
from gcs.model.command import CommandKind, ReceiptState
from gcs.model.control import ControlAct, ControlReply, ControlState
from gcs.model.event import EventKind, Severity
from gcs.model.people import Holder
from gcs.model.telemetry import FlightMode, Phase
from gcs.shared.bus import NoAnswer
from gcs.sim.drone.modes import Mode
from tests.integration.gateway.rig import Desk, Rig, make_gateway, near, rig
from tests.support.nats import until
from tests.support.sites import heard_at

DRONE = "ISL-01"


async def airborne(shift: Rig, desk: Desk) -> None:
    """The drone is on its way: the shortest flight that needs attention."""
    await shift.ready(DRONE)
    order = desk.order(CommandKind.LAUNCH, DRONE, 0, near(shift.site, DRONE, 150.0), 6.0)
    receipt = await desk.send(order)
    assert receipt.state is ReceiptState.SENT, receipt.reasons
    await until(lambda: shift.phase(DRONE) is Phase.EN_ROUTE, 15.0, "en route")


async def asks_until_heard(desk: Desk, epoch: int, shift: Rig) -> ControlReply:
    """An offer to Pilot B, asked until a gateway answers."""
    to = Holder("pilot-b", "Pilot B", "desk-2")
    deadline = time.monotonic() + 10.0
    while time.monotonic() < deadline:
        with contextlib.suppress(NoAnswer):
            return await desk.ask(ControlAct.OFFER, DRONE, epoch, to)
        await asyncio.sleep(0.1)
    raise AssertionError("no gateway answered")


async def climbing(shift: Rig, desk: Desk) -> None:
    """The drone has just left its dock."""
    await shift.ready(DRONE)
    order = desk.order(CommandKind.LAUNCH, DRONE, 0, near(shift.site, DRONE, 150.0), 30.0)
    receipt = await desk.send(order)
    assert receipt.state is ReceiptState.SENT, receipt.reasons
    await until(lambda: shift.phase(DRONE) is Phase.CLIMBING, 10.0, "climbing")


@pytest.mark.slow
async def test_a_dead_desk_means_hold_within_6_s_and_return_after_30(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        b = await shift.desk("pilot-b", "desk-2")
        await airborne(shift, a)
        await shift.die("desk-1")
        died = time.monotonic()
        pilot = shift.fleet.drone(DRONE).pilot
        await until(lambda: pilot.mode is Mode.BRAKE, 6.0, "hold at the vehicle")
        await until(lambda: shift.controls[DRONE].state is ControlState.ORPHANED, 2.0, "orphaned")
        record = shift.controls[DRONE]
        assert record.previous == a.me
        refused = await a.send(a.order(CommandKind.RETURN, DRONE, record.epoch - 1))
        assert refused.state is ReceiptState.REFUSED and refused.stale_epoch
        await until(lambda: pilot.mode is Mode.RTL, 40.0, "return at the vehicle")
        assert 30.0 <= time.monotonic() - died <= 38.0

        def orders() -> list[str]:
            told = shift.kinds(EventKind.CONTINGENCY)
            return [e.text for e in told if e.severity is Severity.WARNING]

        why = f"{DRONE}: the desk of Pilot A at desk-1 is lost: the gateway orders"
        await until(lambda: orders() == [f"{why} hold", f"{why} return"], 2.0, "both told")
        taken = await b.ask(ControlAct.TAKE, DRONE, record.epoch)
        assert taken.ok
        assert pilot.mode is Mode.RTL, "a take never breaks off a return"


@pytest.mark.slow
async def test_a_dead_desk_is_held_and_another_takes_over(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        b = await shift.desk("pilot-b", "desk-2")
        await climbing(shift, a)
        await shift.die("desk-1")
        pilot = shift.fleet.drone(DRONE).pilot
        await until(lambda: pilot.mode is Mode.BRAKE, 6.0, "hold at the vehicle")
        await until(lambda: shift.controls[DRONE].state is ControlState.ORPHANED, 2.0, "orphaned")
        drone = shift.gateway._parts.drones[DRONE]
        await until(lambda: drone.needs_no_input, 4.0, "seen to be held")
        taken = await b.ask(ControlAct.TAKE, DRONE, shift.controls[DRONE].epoch)
        assert taken.ok and taken.record is not None
        assert taken.record.state is ControlState.TRANSFERRING
        assert (taken.record.holder, taken.record.previous) == (b.me, a.me)
        assert pilot.mode is Mode.BRAKE, "a take moves nothing"
        report = shift.gateway.report()
        assert report.handoffs_completed == 0, "a take is no hand-off"


async def test_without_the_bus_the_drone_holds_and_nothing_told_is_lost(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        await climbing(shift, await shift.desk("pilot-a", "desk-1"))
        shift.server.kill()
        pilot = shift.fleet.drone(DRONE).pilot
        await until(lambda: pilot.mode is Mode.BRAKE, 4.0, "hold at the vehicle")
        told = len(shift.events)
        await shift.server.restart()
        await until(lambda: len(shift.events) > told, 10.0, "the waiting events")
        await until(
            lambda: any("the bus is lost" in e.text for e in shift.kinds(EventKind.CONTINGENCY))
        )
        numbers = [e.sequence for e in shift.events]
        assert numbers == list(range(1, len(numbers) + 1))
        assert shift.controls[DRONE].state is ControlState.OWNED, "control stays where it was"


@pytest.mark.slow
async def test_a_silenced_gateway_leaves_the_return_to_the_vehicle(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        await climbing(shift, await shift.desk("pilot-a", "desk-1"))
        shift.server.kill()
        pilot = shift.fleet.drone(DRONE).pilot
        await until(lambda: pilot.mode is Mode.BRAKE, 4.0, "hold at the vehicle")
        await until(lambda: pilot.mode is Mode.RTL, 9.0, "the vehicle's own return")
        assert not shift.gateway.hello().claim_held
        await shift.server.restart()
        await until(lambda: shift.gateway.hello().claim_held, 10.0, "the claim is back")
        assert pilot.mode is Mode.RTL


@pytest.mark.slow
async def test_a_restarted_gateway_reads_control_back_and_leaves_a_return_alone(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await airborne(shift, a)
        before = shift.controls[DRONE]
        home = a.order(CommandKind.RETURN, DRONE, before.epoch)
        await a.send(home)
        assert (await shift.final(home)).state is ReceiptState.OBSERVED
        port = shift.gateway.address[1]
        await shift.die("gateway")
        await shift.gateway_bus.close()
        site = heard_at(shift.site, ("127.0.0.1", port))
        second = make_gateway(await shift.server.bus("gateway"), site)
        shift.start("gateway", second.run)
        await until(lambda: second.hello().claim_held, 3.0, "a released claim is free at once")
        answered = await asks_until_heard(a, before.epoch, shift)
        assert answered.record is not None and answered.record.holder == a.me
        assert answered.record.incident == before.incident
        await until(lambda: shift.phase(DRONE) is Phase.RETURNING, 5.0, "still returning")
        assert shift.fleet.drone(DRONE).pilot.mode is Mode.RTL


async def test_a_second_gateway_stays_silent_while_the_first_holds_the_claim(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as shift:
        await shift.ready(DRONE)
        second = make_gateway(await shift.server.bus("gateway"), shift.site)
        shift.start("second", second.run)
        await until(lambda: len(shift.batches) > 20, 5.0, "time passes")
        await asyncio.sleep(1.5)
        assert not second.hello().claim_held
        assert shift.gateway.hello().claim_held


async def test_random_and_hostile_bytes_change_nothing(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        await shift.ready(DRONE)
        telemetry = shift.telemetry(DRONE)
        assert telemetry is not None and telemetry.position is not None
        at = telemetry.position
        draw = random.Random(5)
        impostor = Framer(1, 1)
        away = dialect.MAVLink_global_position_int_message(
            1, 100000000, 100000000, 0, 9000, 0, 0, 0, 0
        )
        beat = dialect.MAVLink_heartbeat_message(2, 3, 209, 9, 5, 3)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hostile:
            hostile.connect(shift.gateway.address)
            for _ in range(200):
                for data in (
                    draw.randbytes(draw.randrange(1, 300)),
                    b"\xfd" + draw.randbytes(20),
                    impostor.pack(beat) + impostor.pack(away),
                ):
                    hostile.send(data)
                    await asyncio.sleep(0)  # the socket's own buffer is small
            await until(lambda: shift.gateway.report().foreign_packets >= 400, 5.0, "counted")
        report = shift.gateway.report()
        assert report.messages_bad > 200
        seen = len(shift.batches)
        await until(lambda: len(shift.batches) > seen + 5, 3.0, "batches go on")
        telemetry = shift.telemetry(DRONE)
        assert telemetry is not None
        assert telemetry.position is not None and distance_m(telemetry.position, at) < 3.0
        assert telemetry.mode is not FlightMode.LAND
        told = [e for e in shift.kinds(EventKind.LINK) if "another sender" in e.text]
        assert len(told) == 1


async def test_a_silent_drone_is_told_and_comes_back(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        await shift.ready(DRONE)
        faults = shift.fleet.drone(DRONE).faults
        faults.silent = True
        await until(lambda: shift.phase(DRONE) is Phase.SILENT, 8.0, "silent")
        assert shift.gateway.report().seen == 0
        faults.silent = False
        await until(lambda: shift.phase(DRONE) is Phase.DOCKED, 5.0, "heard again")
        expected = [
            f"{DRONE} is heard",
            f"{DRONE} is silent: no heartbeat",
            f"{DRONE} is heard",
        ]
        await until(lambda: [e.text for e in shift.kinds(EventKind.LINK)] == expected, 2.0, "told")
