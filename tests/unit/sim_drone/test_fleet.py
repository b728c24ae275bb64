"""A site's drones as the fleet sets them up, and its time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from gcs.geo.earth import distance_m
from gcs.model.site import Site
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.sim.fleet import TICK_S, SimulatedFleet
from tests.support.sites import heard_at

SITE = load_toml(Path(__file__).parents[3] / "resources/sites/islington.toml", Site)
GATEWAY = ("127.0.0.1", 9)  # nobody listens there


def make(clock: ManualClock | None = None) -> SimulatedFleet:
    return SimulatedFleet(heard_at(SITE, GATEWAY), clock or ManualClock(), seed=3)


@asynccontextmanager
async def running(fleet: SimulatedFleet) -> AsyncIterator[None]:
    task = asyncio.get_running_loop().create_task(fleet.run())
    try:
        await asyncio.wait_for(fleet.wait_running(), 5.0)
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(5.0):
        while not what():  # noqa: ASYNC110 - the fleet's clock is turned by hand here
            await asyncio.sleep(0.005)


def test_each_drone_is_set_up_as_its_site_demands() -> None:
    fleet = make()
    assert [d.id for d in fleet.drones] == [d.id for d in SITE.drones]
    for spec in SITE.drones:
        drone, dock = fleet.drone(spec.id), SITE.dock_of(spec.id)
        params = drone.pilot.params
        assert params["RTL_ALT_M"] == SITE.required_return_height_m(spec.id)
        assert params["FS_GCS_ENABLE"] == 1.0
        assert params["FENCE_ALT_MAX"] == SITE.fence.ceiling_relative_m
        assert params["MAV_SYSID"] == spec.system_id
        assert drone.pilot.fence.enabled
        assert drone.pilot.prearm_reasons() == ()
        assert drone.config.home_amsl_m == 30.0 + dock.roof_height_m
        assert distance_m(drone.config.home, dock.position) < 5.0
        assert not drone.flying


def test_a_drone_that_connects_by_itself_is_not_flown_here() -> None:
    first, *others = SITE.drones
    site = replace(heard_at(SITE, GATEWAY), drones=(replace(first, simulated=False), *others))
    fleet = SimulatedFleet(site, ManualClock(), seed=3)
    assert [d.id for d in fleet.drones] == [d.id for d in others]
    whole = make().drone(others[0].id).config.home
    assert fleet.drone(others[0].id).config.home == whole  # its pad stays its own
    with pytest.raises(KeyError):
        fleet.drone(first.id)


def test_two_drones_never_stand_on_one_pad() -> None:
    homes = [d.config.home for d in make().drones]
    gaps = [distance_m(a, b) for i, a in enumerate(homes) for b in homes[:i]]
    assert min(gaps) > 3.0


def test_the_ground_can_be_set_and_boot_times_too() -> None:
    fleet = SimulatedFleet(
        heard_at(SITE, GATEWAY), ManualClock(), seed=3, ground_amsl_m=12.0, booted_s_ago=1.0
    )
    drone = fleet.drone("ISL-01")
    assert drone.config.home_amsl_m == 30.0
    assert "Need Position Estimate" in drone.pilot.prearm_reasons()


def test_a_gateway_on_another_machine_is_refused() -> None:
    with pytest.raises(ValueError, match=r"drone ISL-01: .* not to 192\.0\.2\.1:14550"):
        SimulatedFleet(heard_at(SITE, ("192.0.2.1", 14550)), ManualClock(), seed=3)


def test_an_unknown_drone_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        make().drone("ISL-77")


def test_a_tick_moves_every_drone_on() -> None:
    fleet = make()
    start = fleet.now_s
    for _ in range(500):
        fleet.tick()
    assert fleet.now_s - start == pytest.approx(10.0)
    assert all(d.pilot.now_s == fleet.now_s for d in fleet.drones)


async def test_time_keeps_up_with_the_clock_and_the_scale_is_measured() -> None:
    clock = ManualClock()
    fleet = make(clock)
    assert fleet.time_scale() == 0.0
    async with running(fleet):
        start = fleet.now_s
        for _ in range(4):
            clock.advance(1.0)
            goal = clock.monotonic() - 2 * TICK_S
            await until(lambda goal=goal: fleet.now_s >= goal)  # type: ignore[misc]
        assert fleet.now_s - start == pytest.approx(4.0, abs=2 * TICK_S)
        assert fleet.time_scale() == pytest.approx(1.0, abs=0.02)


async def test_a_long_stall_is_given_up_and_shows_in_the_scale() -> None:
    clock = ManualClock()
    fleet = make(clock)
    async with running(fleet):
        start = fleet.now_s
        clock.advance(60.0)
        await until(lambda: fleet.now_s - start >= 1.97)
        clock.advance(0.5)
        await until(lambda: fleet.now_s - start >= 2.45)
        assert fleet.now_s - start < 2.6  # the 58 s between are gone
        assert fleet.time_scale() < 0.05


async def test_a_stopped_fleet_leaves_no_socket() -> None:
    fleet = make()
    async with running(fleet):
        host, port = fleet.address("ISL-01")
        assert host == "127.0.0.1"
        assert port > 0
    with pytest.raises(KeyError):
        fleet.address("ISL-01")
