"""A shift of real processes: bus, keeper, gateways, desks; each started, killed, paused by name.

The drones fly in the test's own process, over real UDP, so that what each accepts is read at
its source. A pause is SIGSTOP, a death is SIGKILL; when each began and ended is on record.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gcs.apps import files, process
from gcs.apps.shift import STANDBY, Shift, lay_out
from gcs.geo.earth import offset
from gcs.model.mission import Grade, Incident
from gcs.model.people import Person, Role
from gcs.model.place import Position
from gcs.model.site import NetworkSpec, Site
from gcs.runtime.clock import SystemClock
from gcs.runtime.settings import load_toml
from gcs.shared.access import signed_by
from gcs.shared.bus import Bus
from gcs.shared.server import server_command, wait_for_port
from gcs.shared.setup import set_up
from gcs.shared.subjects import Subjects
from gcs.sim.fleet import SimulatedFleet
from tests.support.flight_log import FlightLog
from tests.support.line_desk import LineDesk
from tests.support.marked import corner_e7

BUS, KEEPER, GATEWAY = "bus", "keeper", "gateway"
_ANY = ("udpin:127.0.0.1:0",)
_UP_S = 20.0
_SCENE_M = 10.0
_VERBS = {STANDBY: "gateway"}


@dataclass(slots=True)
class Outage:
    """A process that was down or paused, monotonic seconds. `until_s` None: it still is."""

    name: str
    what: str
    since_s: float
    until_s: float | None = None


def site_of(drones: Sequence[int], people: Sequence[Person]) -> Site:
    """The training site with some of its drones, these people and a stand-by gateway."""
    site = load_toml(files.RESOURCES / "sites/islington.toml", Site)
    return replace(
        site,
        docks=tuple(replace(d, weather_station=False) for d in site.docks),
        drones=tuple(site.drones[n] for n in drones),
        people=tuple(people),
        networks=(NetworkSpec("net1", _ANY, _ANY),),
        training=replace(site.training, wind_speed_mps=0.0),
        cameras=(),
        deployments=(),
    )


def crew_of(count: int, supervisors: int) -> tuple[Person, ...]:
    """So many people who fly, the last ones supervisors; desk-1 is the first one's."""
    roles = [Role.PILOT] * (count - supervisors) + [Role.SUPERVISOR] * supervisors
    return tuple(
        Person(f"flyer-{n}", f"Flyer {n}", role, most_drones=20)
        for n, role in enumerate(roles, start=1)
    )


class World:
    """The processes of one shift. Made by `world`."""

    def __init__(self, shift: Shift) -> None:
        self.shift = shift
        self.site = shift.site
        self.fleet = SimulatedFleet(shift.site, SystemClock(), seed=3)
        self.log = FlightLog(self.fleet)
        self.outages: list[Outage] = []
        self.desks: dict[str, LineDesk] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._calls = 0

    # -- processes -----------------------------------------------------------------------------
    def start(self, name: str) -> None:
        """Start a process of the shift that does not run, or start it again."""
        if name.startswith("desk"):
            if name in self.desks:
                self.desks[name].close()
            self.desks[name] = LineDesk(self.shift.join[name], self._output(name))
        else:
            with self._output(name).open("ab") as out:
                self._processes[name] = subprocess.Popen(
                    self._command(name), stdout=out, stderr=out
                )
        self._ended(name)

    def kill(self, name: str) -> None:
        """SIGKILL, whether it runs or is paused."""
        self._ended(name)
        found = self._of(name)
        if found.poll() is None:
            found.kill()
        found.wait()
        self.outages.append(Outage(name, "killed", time.monotonic()))

    def pause(self, name: str) -> None:
        """SIGSTOP."""
        os.kill(self._of(name).pid, signal.SIGSTOP)
        self.outages.append(Outage(name, "paused", time.monotonic()))

    def resume(self, name: str) -> None:
        """SIGCONT."""
        self._ended(name)
        os.kill(self._of(name).pid, signal.SIGCONT)

    def down(self, name: str) -> Outage | None:
        """Its outage under way, if it is down or paused."""
        return next((o for o in self.outages if o.name == name and o.until_s is None), None)

    def dead(self, name: str) -> bool:
        """Whether it ended, by whatever."""
        return self._of(name).poll() is not None

    def pid(self, name: str) -> int:
        return self._of(name).pid

    def _of(self, name: str) -> subprocess.Popen[bytes]:
        return self.desks[name].process if name in self.desks else self._processes[name]

    def _ended(self, name: str) -> None:
        for outage in self.outages:
            if outage.name == name and outage.until_s is None:
                outage.until_s = time.monotonic()

    def _command(self, name: str) -> list[str]:
        if name == BUS:
            return server_command(self.shift.server_config)
        return process.argv(_VERBS.get(name, name), "--join", str(self.shift.join[name]))

    def _output(self, name: str) -> Path:
        folder = self.shift.folder / "logs"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.out"

    # -- the bus -------------------------------------------------------------------------------
    async def bus_up(self) -> None:
        """Until the bus answers."""
        if not await wait_for_port(self.shift.admin.host, self.shift.bus_port, _UP_S):
            raise AssertionError((self._output(BUS)).read_text())

    async def connect(self, join: str) -> Bus:
        """The bus as this process, or the person at this desk, sees it; the caller closes it."""
        found = files.read(self.shift.join[join])
        by_person = signed_by(found.bus, found.person, found.password)
        return await Bus.connect(by_person if found.person else found.bus, "test")

    async def call(self, drone: str) -> str:
        """A call of the control room just south of where the drone's test moves lead, so that the
        way to it is never taken for one; its incident's key."""
        self._calls += 1
        key = f"MPS-20261122-{self._calls}"
        dock = self.site.dock_of(drone)
        lat_e7, lon_e7 = corner_e7(self.site, drone)
        scene = offset(Position(lat_e7 / 1e7, lon_e7 / 1e7), 180.0, _SCENE_M)
        now = SystemClock().utc_ms()
        incident = Incident(
            key, self._calls, Grade.IMMEDIATE, "Test", dock.name, scene, "A call.", now
        )
        bus = await self.connect("simulate")
        try:
            subject = Subjects(self.site.id).incident
            await bus.publish_durable(subject, incident, message_id=key)
        finally:
            await bus.close()
        return key

    def close(self) -> None:
        """End all that still runs, paused or not."""
        for desk in self.desks.values():
            desk.close()
        for running in self._processes.values():
            if running.poll() is None:
                running.kill()
            running.wait()


@asynccontextmanager
async def world(site: Site, folder: Path, *names: str) -> AsyncIterator[World]:
    """A bus, the drones, and the named processes; everything ended with the block."""
    found = World(lay_out(site, folder, None))
    flying: list[asyncio.Task[None]] = []
    try:
        found.start(BUS)
        await found.bus_up()
        await set_up(found.shift.admin, site.id)
        for name in names:
            found.start(name)
        flying = [asyncio.create_task(found.fleet.run()), asyncio.create_task(found.log.run())]
        await found.fleet.wait_running()
        yield found
        for task in flying:
            if task.done():
                task.result()
    finally:
        found.close()
        for task in flying:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def until(condition: Callable[[], object], what: str, within_s: float = 20.0) -> None:
    """Wait until `condition()` holds, plain or awaitable; fails with `what` when it does not."""
    deadline = time.monotonic() + within_s
    while True:
        found = condition()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return
        assert time.monotonic() < deadline, f"waited {within_s:g} s in vain for {what}"
        await asyncio.sleep(0.02)
