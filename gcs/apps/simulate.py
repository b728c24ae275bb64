"""The simulator process: drones over loopback UDP, air traffic, cameras, the control room."""

import asyncio
from pathlib import Path

from gcs.apps import files, process
from gcs.apps.town import load_town
from gcs.geo.town import Town
from gcs.model.report import ReportRequest, SimulatorReport
from gcs.runtime import memory
from gcs.runtime.clock import SystemClock
from gcs.runtime.log import ErrorKeeper
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects
from gcs.sim.cameras.portrait import draw_portrait
from gcs.sim.cameras.rig import CameraRig
from gcs.sim.central_service import CentralService
from gcs.sim.control_room import ControlRoom
from gcs.sim.docks import DockStations
from gcs.sim.fleet import SimulatedFleet
from gcs.sim.traffic import SimulatedTraffic


def main(join: Path) -> int:
    """Run until a signal; returns the exit code."""
    return process.run("simulate", join, _run)


async def _run(config: files.JoinFile, errors: ErrorKeeper) -> None:
    del errors
    clock, site = SystemClock(), config.site
    streams = {feed.id: feed.udp_port for feed in config.feeds if feed.udp_port}
    fleet = SimulatedFleet(site, clock, site.training.seed, streams=streams)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fleet.run())
        tasks.create_task(_dock_weather(config, clock, fleet))
        tasks.create_task(SimulatedTraffic(site, fleet, clock).run())
        tasks.create_task(_town_life(config, clock, fleet))


async def _dock_weather(config: files.JoinFile, clock: SystemClock, fleet: SimulatedFleet) -> None:
    """From the first second on: without a dock's weather nothing is launched from it."""
    bus = await Bus.connect(config.bus, "central")
    try:
        await DockStations(bus, config.site, fleet.weather, clock).run()
    finally:
        await bus.close()


async def _town_life(config: files.JoinFile, clock: SystemClock, fleet: SimulatedFleet) -> None:
    """What needs the town's streets: the cameras and the control room."""
    site = config.site
    town = await asyncio.to_thread(load_town, site)
    rig = CameraRig(
        site,
        town,
        lambda drone: fleet.drone(drone).camera_pose(),
        tuple(feed for feed in config.feeds if feed.udp_port),
        clock,
        site.training.seed,
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(rig.run())
        tasks.create_task(_control_room(config, clock, fleet, town, rig))


async def _control_room(
    config: files.JoinFile,
    clock: SystemClock,
    fleet: SimulatedFleet,
    town: Town,
    rig: CameraRig,
) -> None:
    """The drones fly on without a bus; incidents and alerts need one."""
    bus = await Bus.connect(config.bus, "central")

    async def report(_: str, request: ReportRequest) -> SimulatorReport:
        del request
        return SimulatorReport(time_scale=fleet.time_scale())

    try:
        await bus.serve(
            Subjects(config.site.id).report("simulate"),
            ReportRequest,
            report,
            lambda _: SimulatorReport(time_scale=0.0),
        )
        room = ControlRoom(
            bus, config.site, town, clock, config.site.training.seed, True, config.scenario
        )
        central = CentralService(
            bus,
            config.site,
            config.deployments,
            rig.shot,
            draw_portrait,
            clock,
            config.site.training.seed,
        )
        memory.settle()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(room.run())
            tasks.create_task(central.run())
    finally:
        await bus.close()
