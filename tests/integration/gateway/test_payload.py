"""The camera of a drone, ordered from desks: real UDP, a real bus, a simulated gimbal."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gcs.gateway import payload
from gcs.link import commands as link_commands
from gcs.model.audit import AuditAction
from gcs.model.command import Command, CommandKind, Receipt, ReceiptState
from gcs.model.control import ControlAct
from gcs.model.telemetry import FlightMode, Phase
from gcs.sim.drone.gimbal import STOWED_DEG
from tests.integration.gateway.rig import Desk, Rig, near, rig
from tests.support.nats import until

DRONE = "ISL-01"


def order(desk: Desk, kind: CommandKind, epoch: int, **wanted: Any) -> Command:
    return replace(desk.order(CommandKind.HOLD, DRONE, epoch), kind=kind, **wanted)


async def takes(shift: Rig, person: str, desk: str) -> tuple[Desk, int]:
    """A desk that holds the drone, which stands ready in its dock, and its epoch."""
    found = await shift.desk(person, desk)
    await shift.ready(DRONE)
    reply = await found.ask(ControlAct.TAKE, DRONE, shift.controls[DRONE].epoch)
    assert reply.ok and reply.record is not None, reply.text
    return found, reply.record.epoch


async def done(shift: Rig, desk: Desk, command: Command) -> Receipt:
    """Its final receipt; it was sent first."""
    first = await desk.send(command)
    assert first.state is ReceiptState.SENT, (first.text, first.reasons)
    return await shift.final(command)


async def test_turned_zoomed_and_pointed_at_a_place(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a, epoch = await takes(shift, "pilot-a", "desk-1")
        turn = order(a, CommandKind.GIMBAL, epoch, pitch_deg=-60.0, yaw_deg=110.0)
        receipt = await done(shift, a, turn)
        assert receipt.state is ReceiptState.OBSERVED, receipt.text
        states = [r.state for r in shift.receipts(turn)]
        assert states == [ReceiptState.ACKED, ReceiptState.OBSERVED]
        assert "-60° pitch and 110° yaw" in receipt.text

        zoom = order(a, CommandKind.ZOOM, epoch, zoom=4.0)
        assert (await done(shift, a, zoom)).state is ReceiptState.OBSERVED

        target = near(shift.site, DRONE, 80.0, bearing=200.0)
        look = order(a, CommandKind.LOOK_AT, epoch, target=target)
        assert (await done(shift, a, look)).state is ReceiptState.OBSERVED

        def shown() -> bool:
            told = shift.telemetry(DRONE)
            assert told is not None
            if told.gimbal_pitch_deg is None or told.gimbal_yaw_deg is None or told.zoom is None:
                return False
            heading = told.heading_deg or 0.0
            off = (heading + told.gimbal_yaw_deg - 200.0 + 180.0) % 360.0 - 180.0
            # 80 m away and a roof's height down.
            return abs(off) < 3.0 and -30.0 < told.gimbal_pitch_deg < -5.0 and told.zoom > 3.8

        await until(shown, what="the telemetry shows it")
        told = shift.telemetry(DRONE)
        assert told is not None and (told.phase, told.armed) == (Phase.DOCKED, False)
        await until(lambda: len(_on_record(shift)) == 3, what="three orders on record")
        place = f"{target.lat_deg:.6f}, {target.lon_deg:.6f}"
        assert shift.fleet.drone(DRONE).gimbal.controller == (255, 190)
        assert _on_record(shift) == [
            f"gimbal ordered, epoch {epoch}, pitch -60°, yaw 110°",
            f"zoom ordered, epoch {epoch}, 4 times",
            f"look_at ordered, epoch {epoch}, to {place}",
        ]


async def test_at_a_rate_for_two_seconds_after_the_last_order(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a, epoch = await takes(shift, "pilot-a", "desk-1")
        gimbal = shift.fleet.drone(DRONE).gimbal
        turn = order(a, CommandKind.GIMBAL_RATE, epoch, pitch_dps=0.0, yaw_dps=10.0)
        receipt = await done(shift, a, turn)
        assert receipt.state is ReceiptState.OBSERVED, receipt.text
        turned_s = [shift.fleet.now_s]
        last = gimbal.yaw_deg

        def stands() -> bool:
            """A second without moving."""
            nonlocal last
            if gimbal.yaw_deg != last:
                last, turned_s[0] = gimbal.yaw_deg, shift.fleet.now_s
            return shift.fleet.now_s - turned_s[0] > 1.0

        await until(stands, 8.0, "it stops by itself")
        assert 15.0 < gimbal.yaw_deg < 30.0


def _on_record(shift: Rig) -> list[str]:
    return [d.outcome for d in shift.drafts if d.action is AuditAction.COMMAND]


async def test_only_its_holder_with_the_present_epoch(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a, epoch = await takes(shift, "pilot-a", "desk-1")
        b = await shift.desk("pilot-b", "desk-2")
        wanted: dict[CommandKind, dict[str, Any]] = {
            CommandKind.GIMBAL: {"pitch_deg": -60.0, "yaw_deg": 110.0},
            CommandKind.ZOOM: {"zoom": 4.0},
            CommandKind.LOOK_AT: {"target": near(shift.site, DRONE, 80.0)},
        }
        for kind, values in wanted.items():
            other = await b.send(order(b, kind, epoch, **values))
            assert other.state is ReceiptState.REFUSED
            assert other.holder == a.me
            stale = await a.send(order(a, kind, epoch - 1, **values))
            assert stale.state is ReceiptState.REFUSED
            assert stale.stale_epoch
        too_far = await a.send(order(a, CommandKind.ZOOM, epoch, zoom=12.0))
        assert too_far.state is ReceiptState.REFUSED
        assert "8 times" in too_far.text
        gimbal = shift.fleet.drone(DRONE).gimbal
        assert (gimbal.pitch_deg, gimbal.yaw_deg, gimbal.zoom) == (STOWED_DEG, 0.0, 1.0)


async def test_a_camera_that_does_not_move_is_not_observed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "OBSERVE_S", 1.0)
    async with rig(tmp_path) as shift:
        a, epoch = await takes(shift, "pilot-a", "desk-1")
        shift.fleet.drone(DRONE).faults.gimbal_stuck = True
        await until(lambda: _shows_camera(shift), what="the camera's reports")
        orders = [
            order(a, CommandKind.GIMBAL, epoch, pitch_deg=-60.0, yaw_deg=0.0),
            order(a, CommandKind.ZOOM, epoch, zoom=4.0),
        ]
        for receipt in await asyncio.gather(*(done(shift, a, o) for o in orders)):
            assert receipt.state is ReceiptState.NOT_OBSERVED
            assert f"{STOWED_DEG:.0f}° pitch and 0° yaw, zoom 1.0" in receipt.text


def _shows_camera(shift: Rig) -> bool:
    told = shift.telemetry(DRONE)
    return told is not None and None not in (told.gimbal_pitch_deg, told.zoom)


async def test_a_newer_order_takes_the_place_of_the_one_under_way(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a, epoch = await takes(shift, "pilot-a", "desk-1")
        first = order(a, CommandKind.GIMBAL, epoch, pitch_deg=-60.0, yaw_deg=170.0)
        zoom = order(a, CommandKind.ZOOM, epoch, zoom=6.0)
        target = near(shift.site, DRONE, 80.0)
        second = order(a, CommandKind.LOOK_AT, epoch, target=target)
        for command in (first, zoom, second):
            assert (await a.send(command)).state is ReceiptState.SENT
        stopped = await shift.final(first)
        assert stopped.state is ReceiptState.FAILED
        assert stopped.text == "gimbal was stopped: look_at by Pilot A at desk-1"
        assert (await shift.final(second)).state is ReceiptState.OBSERVED
        assert (await shift.final(zoom)).state is ReceiptState.OBSERVED


async def test_a_camera_that_never_answers_is_believed_by_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_commands, "ANSWER_S", 0.2)
    async with rig(tmp_path) as shift:
        a, epoch = await takes(shift, "pilot-a", "desk-1")
        await until(lambda: _shows_camera(shift), what="the camera's reports")
        shift.fleet.drone(DRONE).faults.never_ack = True
        turn = order(a, CommandKind.GIMBAL, epoch, pitch_deg=-30.0, yaw_deg=0.0)
        assert (await done(shift, a, turn)).state is ReceiptState.OBSERVED
        assert [r.state for r in shift.receipts(turn)] == [ReceiptState.OBSERVED]


@pytest.mark.slow
async def test_a_launch_under_way_goes_on(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await shift.ready(DRONE)
        launch = a.order(CommandKind.LAUNCH, DRONE, 0, near(shift.site, DRONE, 40.0), 6.0)
        assert (await a.send(launch)).state is ReceiptState.SENT
        await until(lambda: shift.phase(DRONE) is Phase.CLIMBING, 10.0, "climbing")
        epoch = shift.controls[DRONE].epoch
        turn = order(a, CommandKind.GIMBAL, epoch, pitch_deg=-30.0, yaw_deg=40.0)
        assert (await done(shift, a, turn)).state is ReceiptState.OBSERVED
        await until(lambda: shift.phase(DRONE) is Phase.EN_ROUTE, 15.0, "en route")
        told = shift.telemetry(DRONE)
        assert told is not None and told.mode is FlightMode.GUIDED
        assert (await shift.final(launch)).state is ReceiptState.OBSERVED


@pytest.mark.slow
async def test_a_place_stays_in_view_while_the_drone_is_moved(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await shift.launch(a, DRONE)
        epoch = shift.controls[DRONE].epoch
        target = near(shift.site, DRONE, 90.0, bearing=90.0)
        look = order(a, CommandKind.LOOK_AT, epoch, target=target)
        assert (await done(shift, a, look)).state is ReceiptState.OBSERVED
        move = a.order(CommandKind.GO_TO, DRONE, epoch, near(shift.site, DRONE, 80.0), 14.0)
        assert (await a.send(move)).state is ReceiptState.SENT
        assert (await shift.final(move, 40.0)).state is ReceiptState.OBSERVED
        again = order(a, CommandKind.LOOK_AT, epoch, target=target)
        seen = await done(shift, a, again)
        assert seen.state is ReceiptState.OBSERVED
        assert seen.elapsed_ms < 1500, "it was never lost"
