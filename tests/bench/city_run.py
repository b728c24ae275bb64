"""One run of the gateway bench: a bus, a gateway, the vehicles, a desk; then what was counted."""

import asyncio
import contextlib
import json
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from gcs.apps import files, process
from gcs.apps.shift import lay_out
from gcs.model.mission import KeeperAct, KeeperReply, KeeperRequest
from gcs.model.people import Holder
from gcs.model.report import GatewayReport, ReportRequest
from gcs.model.site import Site
from gcs.shared.access import signed_by
from gcs.shared.bus import Bus, BusAccess, NoAnswer
from gcs.shared.server import LOOPBACK, server_command, wait_for_port
from gcs.shared.setup import set_up
from gcs.shared.subjects import Subjects
from tests.bench.city_desk import BatchAges, Commander, TelemetryBatch
from tests.bench.city_packets import centre_e7, schedule
from tests.bench.city_site import city
from tests.bench.city_vehicles import BRAKE, Done, SentTimes, VehicleConfig

DESK = "desk-1"
ORDERS_PER_S = 10.0
WITHIN_S = 60.0
Child = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of a run. `profile`: a file that tells where the gateway's time went."""

    vehicles: int
    rate: float
    seconds: float
    warm_up_s: float
    profile: Path | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """What was counted between the warm-up and the end, and of the whole run at its end."""

    messages_in: int
    cores: float
    rss_mb_start: float
    rss_mb_end: float
    ages_ms: list[float]
    ordered: list[tuple[int, int, int]]
    batches: int
    batches_missing: int
    refused: dict[str, int]
    done: Done
    end: GatewayReport
    kernel_drops: int


class Run:
    """One run. `window` does everything and leaves nothing running."""

    mode = BRAKE  # of every vehicle, as an ArduCopter numbers it

    def __init__(self, options: Options, folder: Path, site: Site | None = None) -> None:
        self._options = options
        self._folder = folder
        wanted = site or city(options.vehicles)
        self._people = {person.id: person.name for person in wanted.people}
        self._shift = lay_out(wanted, folder, None)
        self._site = self._shift.site
        self._names = Subjects(self._site.id)
        self._times = SentTimes(folder / "times", options.vehicles, make=True)
        self._ages = BatchAges(self._site, self._times, schedule(options.rate))

    async def window(self) -> Window:
        """Start all, warm up, measure, end all."""
        async with AsyncExitStack() as stack:
            log = stack.enter_context((self._folder / "bus.log").open("wb"))
            server = server_command(self._shift.server_config)
            stack.enter_context(child(server, stdout=log, stderr=log))
            await wait_for_port(LOOPBACK, self._shift.bus_port, WITHIN_S)
            await set_up(self._shift.admin, self._site.id)
            gateway = stack.enter_context(child(self._gateway()))
            train = await Bus.connect(self._shift.train, "bench")
            stack.push_async_callback(train.close)
            desk = await self._desk(stack)
            await self._until(train, lambda r: True, "an answer of the gateway")
            with self._vehicles() as vehicles:
                await self._until(train, lambda r: r.seen == self._options.vehicles, "all heard")
                return await self._counted(train, desk, gateway, vehicles)

    # -- starting --------------------------------------------------------------------------
    def _gateway(self) -> list[str]:
        command = process.argv("gateway", "--join", str(self._shift.join["gateway"]))
        if self._options.profile is None:
            return command
        sampler = Path(__file__).with_name("sampler.py")
        return [command[0], str(sampler), str(self._options.profile), *command[1:]]

    async def _desk(self, stack: AsyncExitStack) -> Commander:
        """A signed-on desk that listens."""
        desk = (await self._signed_on(stack, [DESK]))[0]
        await desk.bus.listen(
            self._names.telemetry(self._site.gateway), TelemetryBatch, self._ages.take
        )
        return desk

    async def _signed_on(self, stack: AsyncExitStack, desks: Sequence[str]) -> list[Commander]:
        """Desks whose people a keeper let in. It ends then: its record stands, and what else it
        would do is not timed."""
        keeper = process.argv("keeper", "--join", str(self._shift.join["keeper"]))
        with child(keeper):
            return [await self._sign_on(stack, desk) for desk in desks]

    async def _sign_on(self, stack: AsyncExitStack, desk: str) -> Commander:
        config = files.read(self._shift.join[desk])
        access = signed_by(config.bus, config.person, config.password)
        bus = await stack.enter_async_context(connected(access))
        me = Holder(config.person, self._people[config.person], desk)
        request = KeeperRequest(secrets.token_hex(8), KeeperAct.SIGN_ON, me)
        deadline, why = time.monotonic() + WITHIN_S, "no answer"
        while time.monotonic() < deadline:
            with contextlib.suppress(NoAnswer):
                subject = self._names.sign_on(me.person, desk)
                reply = await bus.request(subject, request, KeeperReply, 2.0)
                if reply.ok:
                    return Commander(bus, self._site, me)
                why = reply.text
            await asyncio.sleep(0.2)
        raise SystemExit(f"{desk} could not sign on: {why}")

    @contextmanager
    def _vehicles(self) -> "Iterator[Child]":
        config = self._folder / "vehicles.json"
        config.write_text(
            json.dumps(
                {
                    "rate": self._options.rate,
                    "times": str(self._folder / "times"),
                    "vehicles": [asdict(v) for v in self._specs()],
                }
            ),
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "tests.bench.city_vehicles", str(config)]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with child(command, cwd=files.ROOT, **pipes) as vehicles:
            yield vehicles

    def _specs(self) -> list[VehicleConfig]:
        ports = {n.id: _port(n.endpoints[0]) for n in self._site.networks}
        return [
            VehicleConfig(
                ports[self._site.network_of(d.id)],
                d.system_id,
                *centre_e7(self._site.dock_of(d.id).position),
                self.mode,
            )
            for d in self._site.drones
        ]

    # -- measuring -------------------------------------------------------------------------
    async def _counted(
        self, train: Bus, desk: Commander, gateway: Child, vehicles: Child
    ) -> Window:
        async with running(desk.live()):
            await desk.take_all([d.id for d in self._site.drones])
            async with running(desk.order(ORDERS_PER_S)):
                await asyncio.sleep(self._options.warm_up_s)
                watched = psutil.Process(gateway.pid)
                self._ages.start()
                desk.start()
                first, begun, cpu, rss = await self._look(train, watched)
                await asyncio.sleep(self._options.seconds)
                last, ended, cpu_end, rss_end = await self._look(train, watched)
                ages_ms, ordered = list(self._ages.ages_ms), list(desk.sent)
                batches, missing = self._ages.batches, self._ages.gaps
        await asyncio.sleep(0.5)  # the last orders' packets
        drops = self._kernel_drops()
        done = await asyncio.to_thread(_finish, vehicles)
        return Window(
            messages_in=last.messages_in - first.messages_in,
            cores=(cpu_end - cpu) / (ended - begun),
            rss_mb_start=rss,
            rss_mb_end=rss_end,
            ages_ms=ages_ms,
            ordered=ordered,
            batches=batches,
            batches_missing=missing,
            refused=dict(desk.refused),
            done=done,
            end=await self._settled(train),
            kernel_drops=drops,
        )

    async def _look(
        self, train: Bus, watched: psutil.Process
    ) -> tuple[GatewayReport, float, float, float]:
        report = await self._report(train)
        cpu = watched.cpu_times()
        rss_mb = watched.memory_info().rss / 2**20
        return report, time.monotonic(), cpu.user + cpu.system, round(rss_mb, 2)

    async def _report(self, train: Bus) -> GatewayReport:
        subject = self._names.report("gateway")
        return await train.request(subject, ReportRequest("bench"), GatewayReport, 5.0)

    async def _settled(self, train: Bus) -> GatewayReport:
        """The report once nothing comes in any more."""
        report = await self._report(train)
        while True:
            await asyncio.sleep(0.5)
            before, report = report, await self._report(train)
            if report.messages_in == before.messages_in:
                return report

    async def _until(self, train: Bus, holds: Callable[[GatewayReport], bool], what: str) -> None:
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            with contextlib.suppress(NoAnswer):
                if holds(await self._report(train)):
                    return
            await asyncio.sleep(0.2)
        raise SystemExit(f"not within {WITHIN_S:g} s: {what}")

    def _kernel_drops(self) -> int:
        """Datagrams that the kernel dropped at the gateway's sockets."""
        ports = {_port(n.endpoints[0]) for n in self._site.networks}
        lines = Path("/proc/net/udp").read_text(encoding="ascii").splitlines()[1:]
        fields = [line.split() for line in lines]
        return sum(int(f[-1]) for f in fields if int(f[1].rpartition(":")[2], 16) in ports)


@contextmanager
def child(command: list[str], **options: Any) -> "Iterator[Child]":
    """A process, ended with the block."""
    started = subprocess.Popen(command, **options)
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(15)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


@asynccontextmanager
async def connected(access: BusAccess) -> AsyncIterator[Bus]:
    """The bus as this user sees it, as soon as somebody lets it in."""
    bus = await _let_in(access)
    try:
        yield bus
    finally:
        await bus.close()


async def _let_in(access: BusAccess) -> Bus:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        with contextlib.suppress(NoAnswer):
            return await Bus.connect(access, "bench")
    raise SystemExit(f"not let in within {WITHIN_S:g} s")


@asynccontextmanager
async def running(work: Any) -> AsyncIterator[None]:
    """Work that goes on during the block."""
    task = asyncio.ensure_future(work)
    try:
        yield
        if task.done():
            task.result()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _finish(vehicles: Child) -> Done:
    """End the sending and read what was done."""
    out, _ = vehicles.communicate(timeout=30)
    return Done(**json.loads(out.splitlines()[-1]))


def _port(endpoint: str) -> int:
    return int(endpoint.rpartition(":")[2])
