"""The gateway flies a PX4-like vehicle: other modes, heights above the sea, a hold that moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from gcs.geo.earth import distance_m
from gcs.model.command import Command, CommandKind, ReceiptState
from gcs.model.telemetry import FlightMode, Phase
from gcs.runtime.clock import SystemClock
from gcs.sim.drone.config import DroneConfig
from gcs.sim.px4.modes import Mode
from gcs.sim.px4.vehicle import Px4Vehicle, run
from gcs.sim.weather import Weather
from tests.integration.gateway.rig import Desk, Rig, near, rig, small_site
from tests.support.nats import until

DRONE = "ISL-01"
PACE = 4.0  # of the vehicle's own time: a flight need not last a minute here


@asynccontextmanager
async def px4_rig(folder: Path) -> AsyncIterator[tuple[Rig, Px4Vehicle]]:
    """One dock, and in it a vehicle of the other make."""
    site = small_site(1)
    site = replace(site, drones=tuple(replace(d, simulated=False) for d in site.drones))
    async with rig(folder, site=site) as found:
        config = DroneConfig(
            id=DRONE,
            system_id=site.drone(DRONE).system_id,
            home=site.dock_of(DRONE).position,
            home_amsl_m=61.0,
            roof_height_m=site.dock_of(DRONE).roof_height_m,
            parameters={
                "NAV_DLL_ACT": 2,
                "RTL_RETURN_ALT": site.required_return_height_m(DRONE),
                "MPC_XY_CRUISE": 8.0,
            },
        )
        clock = SystemClock()
        address = found.gateway.address
        vehicle = Px4Vehicle(config, address, Weather(0.0, 0.0), clock.monotonic())
        found.start("px4", lambda: run(vehicle, PACE))
        await until(lambda: _fenced(found), 15.0, "its fence uploaded and read back")
        yield found, vehicle


def mode_of(vehicle: Px4Vehicle) -> Mode:
    return vehicle.pilot.mode


def _fenced(found: Rig) -> bool:
    now = found.telemetry(DRONE)
    return now is not None and now.fence_active


async def order(found: Rig, desk: Desk, kind: CommandKind, **fields: Any) -> Command:
    """Send it; the command, once its first receipt says that it is on its way."""
    plain = desk.order(CommandKind.HOLD, DRONE, found.controls[DRONE].epoch)
    command = replace(plain, kind=kind, **fields)
    first = await desk.send(command)
    assert first.state is ReceiptState.SENT, (first.text, first.reasons)
    return command


async def test_a_px4_vehicle_is_flown_through_its_own_modes(tmp_path: Path) -> None:
    async with px4_rig(tmp_path) as (found, vehicle):
        desk = await found.desk("pilot-a", "desk-1")
        await found.launch(desk, DRONE, metres=50.0, height_m=15.0)
        assert mode_of(vehicle) is Mode.HOLD, "it flew to the scene in HOLD"
        assert abs(vehicle.pilot.body.up_m - 15.0) < 1.0, "its heights are above the sea"

        far = near(found.site, DRONE, 120.0)
        go = await order(found, desk, CommandKind.GO_TO, target=far, height_m=20.0)
        await until(lambda: vehicle.pilot.body.ground_speed_mps > 4.0, 10.0, "under way")
        assert found.phase(DRONE) is Phase.MOVING

        held_at = vehicle.pilot.body.east_m, vehicle.pilot.body.north_m
        hold = await order(found, desk, CommandKind.HOLD)
        receipt = await found.final(hold)
        assert receipt.state is ReceiptState.OBSERVED, receipt.text
        body = vehicle.pilot.body
        assert abs(body.east_m - held_at[0]) + abs(body.north_m - held_at[1]) < 25.0
        assert "stopped" in (await found.final(go)).text
        await until(lambda: found.phase(DRONE) in (Phase.HOLDING, Phase.ON_SCENE), 3.0, "holds")

        at = found.telemetry(DRONE)
        assert at is not None and at.position is not None
        turn = await order(
            found, desk, CommandKind.ORBIT, target=at.position, height_m=18.0, radius_m=15.0
        )
        receipt = await found.final(turn, 40.0)
        assert receipt.state is ReceiptState.OBSERVED, (receipt.text, receipt.reasons)
        assert "clockwise at 15 m" in receipt.text and mode_of(vehicle) is Mode.ORBIT
        now = found.telemetry(DRONE)
        assert now is not None and now.position is not None
        assert abs(distance_m(at.position, now.position) - 15.0) < 4.0

        back = await order(found, desk, CommandKind.RETURN)
        assert (await found.final(back)).state is ReceiptState.OBSERVED
        assert now.mode is FlightMode.PLAN and mode_of(vehicle) is Mode.RETURN
