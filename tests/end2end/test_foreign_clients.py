"""Ground stations that know nothing of this project fly a simulated drone over UDP.

They run in an environment and processes of their own; what they say they saw is held against
what the simulated vehicle did.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gcs.model.site import Site
from gcs.runtime.clock import SystemClock
from gcs.shared.server import free_port
from gcs.sim.drone.drone import SimulatedDrone
from gcs.sim.fleet import SimulatedFleet
from tests.integration.sim_drone.peers import SITE, running
from tests.support.sites import heard_at

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".foreign/bin/python"
DRIVERS = Path(__file__).parent / "foreign"
WITHIN_S = 270.0
FENCE = [5001, 5001, 5001, 5001, 5004]
PLAN = [16, 22, 16, 16, 20]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(),
        reason="the foreign clients are not installed: ./dev test --slow makes .foreign",
    ),
]


class Log:
    """What happened at the vehicle, sampled as it flew."""

    def __init__(self, drone: SimulatedDrone) -> None:
        self._pilot = drone.pilot
        self.modes: list[str] = []
        self.reached: list[int] = []
        self.most_up_m = self.most_north_m = self.most_east_m = 0.0
        tell = drone.pilot.missions.on_reached

        def reached(seq: int) -> None:
            self.reached.append(seq)
            tell(seq)

        drone.pilot.missions.on_reached = reached

    async def keep(self) -> None:
        """Until cancelled."""
        while True:
            pilot, body = self._pilot, self._pilot.body
            if not self.modes or self.modes[-1] != pilot.mode.name:
                self.modes.append(pilot.mode.name)
            self.most_up_m = max(self.most_up_m, body.up_m)
            self.most_north_m = max(self.most_north_m, body.north_m)
            self.most_east_m = max(self.most_east_m, body.east_m)
            await asyncio.sleep(0.1)


@asynccontextmanager
async def one_drone(port: int) -> AsyncIterator[tuple[SimulatedDrone, Log]]:
    """A single drone without wind, that calls a port of this machine."""
    calm = replace(SITE.training, wind_speed_mps=0.0)
    site: Site = replace(SITE, drones=SITE.drones[:1], training=calm)
    fleet = SimulatedFleet(heard_at(site, ("127.0.0.1", port)), SystemClock(), seed=3)
    drone = fleet.drone("ISL-01")
    drone.pilot.fence.load(())  # the client brings its own
    drone.pilot.params.set("RTL_ALT_M", 18.0)
    log = Log(drone)
    async with running(fleet), asyncio.TaskGroup() as tasks:
        keeping = tasks.create_task(log.keep())
        yield drone, log
        keeping.cancel()


async def driven(script: str, *arguments: str) -> dict[str, Any]:
    """Run a driver to its end; what it printed last. Fails with its words."""
    process = await asyncio.create_subprocess_exec(
        str(PYTHON),
        str(DRIVERS / script),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), WITHIN_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, f"{script}:\n{out.decode()[-2000:]}\n{err.decode()[-4000:]}"
    found: dict[str, Any] = json.loads(out.decode().strip().splitlines()[-1])
    return found


def flew_and_came_home(drone: SimulatedDrone, log: Log) -> None:
    """On the vehicle's side: the mission's points, the height, and the pad again."""
    assert [n for n in log.reached if n in (1, 2, 3)] == [1, 2, 3]
    assert log.modes.index("GUIDED") < log.modes.index("AUTO") < log.modes.index("RTL")
    assert 14.5 < log.most_up_m < 20.0
    assert log.most_north_m == pytest.approx(44.5, abs=3.0)
    assert log.most_east_m == pytest.approx(27.7, abs=3.0)
    assert drone.pilot.in_dock and not drone.pilot.armed
    assert [i.command for i in drone.pilot.fence.items] == FENCE
    assert [i.command for i in drone.pilot.mission.items] == PLAN


def home_of(drone: SimulatedDrone) -> tuple[str, str]:
    home = drone.config.home
    return f"{home.lat_deg:.7f}", f"{home.lon_deg:.7f}"


async def test_mavsdk_flies_a_mission_inside_its_fence() -> None:
    port = free_port()
    async with one_drone(port) as (drone, log):
        seen = await driven("fly_mavsdk.py", f"udpin://127.0.0.1:{port}", *home_of(drone))
        flew_and_came_home(drone, log)
        assert [row[0] for row in seen["fence"]] == FENCE
        for row, item in zip(seen["fence"], drone.pilot.fence.items, strict=True):
            assert (row[1], row[2], row[3]) == (item.count, item.lat_e7, item.lon_e7)
        assert [row[0] for row in seen["plan"]] == PLAN
        assert seen["plan"][0][4] == pytest.approx(drone.config.home_amsl_m)
        assert seen["up_m"] > 13.9


async def test_mavproxy_flies_a_mission_inside_its_fence(tmp_path: Path) -> None:
    port = free_port()
    async with one_drone(port) as (drone, log):
        drone.pilot.fence.enabled = False
        seen = await driven(
            "fly_mavproxy.py", f"udpin:127.0.0.1:{port}", *home_of(drone), str(tmp_path)
        )
        flew_and_came_home(drone, log)
        assert drone.pilot.fence.enabled
        assert commands_of(seen["fence"]) == FENCE
        assert commands_of(seen["plan"]) == PLAN
        assert float(rows_of(seen["plan"])[0][10]) == pytest.approx(drone.config.home_amsl_m)
        assert not [line for line in seen["said"] if "Traceback" in line]


def rows_of(text: str) -> list[list[str]]:
    """The cells of a QGC WPL file."""
    return [line.split() for line in text.splitlines()[1:] if line.strip()]


def commands_of(text: str) -> list[int]:
    return [int(cells[3]) for cells in rows_of(text)]
