"""What control costs a gateway: 288 drones in the air, first held by nobody, then by 32 desks.

The same gateway process and the same vehicles, which return home and say little: alone they need
nothing of the gateway, so that nothing but control differs. The difference in processor time is
control's: the leases, 32 renewals a second with their answers, what may be due by each record.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from gcs.model.command import CommandKind
from gcs.model.people import Person, Role
from gcs.model.site import Site
from gcs.shared.bus import Bus
from gcs.shared.server import LOOPBACK, server_command, wait_for_port
from gcs.shared.setup import set_up
from tests.bench.city_desk import Commander
from tests.bench.city_run import Options, Run, child, running
from tests.bench.city_site import PER_NETWORK, city

VEHICLES = 288
RATE = 6.0  # messages a second of each: a heartbeat, and enough to be known in the air
RTL = 6
UP_S = 30.0
SETTLE_S = 6.0


@dataclass(frozen=True, slots=True)
class Load:
    """Cores of the gateway process, without and with everything held."""

    free: float
    held: float
    records: int

    @property
    def control(self) -> float:
        return self.held - self.free


class ControlLoad(Run):
    """One run with a desk for each nine drones. `load` does everything."""

    mode = RTL

    def __init__(self, seconds: float, folder: Path) -> None:
        options = Options(VEHICLES, RATE, seconds, SETTLE_S)
        super().__init__(options, folder, _manned(city(VEHICLES)))

    async def load(self) -> Load:
        """Start all, measure twice, end all."""
        async with AsyncExitStack() as stack:
            log = stack.enter_context((self._folder / "bus.log").open("wb"))
            server = server_command(self._shift.server_config)
            stack.enter_context(child(server, stdout=log, stderr=log))
            await wait_for_port(LOOPBACK, self._shift.bus_port, UP_S)
            await set_up(self._shift.admin, self._site.id)
            gateway = stack.enter_context(child(self._gateway()))
            train = await Bus.connect(self._shift.train, "bench")
            stack.push_async_callback(train.close)
            names = [f"desk-{n}" for n in range(1, VEHICLES // PER_NETWORK + 1)]
            desks = await self._signed_on(stack, names)
            await self._until(train, lambda r: True, "an answer of the gateway")
            with self._vehicles():
                await self._until(train, lambda r: r.seen == VEHICLES, "all heard")
                await asyncio.sleep(SETTLE_S)
                watched = psutil.Process(gateway.pid)
                free = await self._cores(watched)
                held = await self._held(stack, desks, watched)
        return Load(free, held, VEHICLES)

    async def _held(
        self, stack: AsyncExitStack, desks: list[Commander], watched: psutil.Process
    ) -> float:
        drones = [d.id for d in self._site.drones]
        for desk in desks:
            desk.shows = CommandKind.RETURN
            await stack.enter_async_context(running(desk.live()))
        for number, desk in enumerate(desks):
            await desk.take_all(drones[number * PER_NETWORK : (number + 1) * PER_NETWORK])
        await asyncio.sleep(SETTLE_S)
        cores = await self._cores(watched)
        for number, desk in enumerate(desks):
            await desk.take_all(drones[number * PER_NETWORK : (number + 1) * PER_NETWORK])
        return cores

    async def _cores(self, watched: psutil.Process) -> float:
        begun_s, before = time.monotonic(), watched.cpu_times()
        await asyncio.sleep(self._options.seconds)
        after, ended_s = watched.cpu_times(), time.monotonic()
        used = after.user + after.system - before.user - before.system
        return float(used) / (ended_s - begun_s)


def _manned(site: Site) -> Site:
    """A pilot for each nine drones."""
    people = tuple(
        Person(f"flyer-{n}", f"Flyer {n}", Role.PILOT, most_drones=PER_NETWORK)
        for n in range(1, VEHICLES // PER_NETWORK + 1)
    )
    return replace(site, people=people)
