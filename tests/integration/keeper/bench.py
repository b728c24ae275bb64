"""A keeper on a real bus, with the desks, gateway and control room it serves."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from gcs.audit.log import AuditLog, ChainFile, DiskFile
from gcs.keeper.keeper import Keeper
from gcs.model.alert import Deployment
from gcs.model.audit import AuditEntry
from gcs.model.control import ControlRecord
from gcs.model.event import EventKind, GatewayEvent
from gcs.model.function import Function
from gcs.model.mission import (
    DeskHello,
    DeskPresence,
    Grade,
    Incident,
    KeeperAct,
    KeeperHello,
    KeeperReply,
    KeeperRequest,
    LaunchAuthorisation,
    MissionRecord,
)
from gcs.model.people import Holder, Role
from gcs.model.place import Position
from gcs.model.report import KeeperReport, ReportRequest
from gcs.model.site import Site
from gcs.model.telemetry import Phase
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects
from tests.support.nats import SITE, NatsServer, nats_server, until

ROOT = Path(__file__).resolve().parents[3]
N = Subjects(SITE)
A = Holder("pilot-a", "Pilot A", "desk-1")
A_ELSEWHERE = Holder("pilot-a", "Pilot A", "desk-9")
B = Holder("pilot-b", "Pilot B", "desk-2")
D = Holder("observer-d", "Observer D", "desk-4")
KEY = "MPS-20261122-7"

Opener = Callable[[Path], ChainFile]


def incident(number: int = 7, description: str = "") -> Incident:
    place = Position(51.53, -0.1)
    key = f"MPS-20261122-{number}"
    return Incident(key, number, Grade.IMMEDIATE, "Concern", "High St", place, description, 1)


class KeeperBench:
    """What the tests say and see."""

    def __init__(self, server: NatsServer, folder: Path, site: Site) -> None:
        self.server = server
        self.site = site
        self.clock = ManualClock()
        self.path = folder / "audit.jsonl"
        self.gateway: Bus
        self.central: Bus
        self.deployments: tuple[Deployment, ...] = ()
        self.desks: dict[Holder, Bus] = {}
        self.missions: dict[str, MissionRecord] = {}
        self.presences: dict[str, DeskPresence] = {}
        self.hellos: list[KeeperHello] = []
        self._numbers = itertools.count(1)
        self._revisions: dict[str, int] = {}

    async def connect(self) -> None:
        self.gateway = await self.server.bus("gateway")
        self.central = await self.server.bus("central")
        for desk in (A, A_ELSEWHERE, B, D):
            self.desks[desk] = await self.server.desk(desk.person, desk.desk)
        eye = self.desks[A]
        await eye.bucket(N.record_bucket, MissionRecord).watch(
            "mission.*", lambda e: self.missions.__setitem__(e.value.incident.key, e.value)
        )
        await eye.bucket(N.record_bucket, DeskPresence).watch(
            "desk.*", lambda e: self.presences.__setitem__(e.value.holder.desk, e.value)
        )
        await eye.listen(N.keeper_hello, KeeperHello, lambda _, hello: self.hellos.append(hello))

    @asynccontextmanager
    async def keeper(self, opener: Opener = DiskFile) -> AsyncIterator[Keeper]:
        """A keeper that serves within the block and is cancelled at its end."""
        bus = await self.server.bus("keeper")
        log = AuditLog(self.path, self.clock, opener)
        callout, guests = self.server.callout(self.clock), await self.server.guests()
        keeper = Keeper(
            bus,
            self.site,
            self.clock,
            log,
            "test",
            self.server.people(),
            callout,
            guests,
            self.deployments,
        )
        task = asyncio.ensure_future(keeper.run())
        before = len(self.hellos)
        await until(lambda: len(self.hellos) > before or task.done(), what="the keeper's hello")
        try:
            yield keeper
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await asyncio.gather(bus.close(), callout.close(), guests.close())

    async def ask(
        self, by: Holder, act: KeeperAct, key: str | None = None, text: str = ""
    ) -> KeeperReply:
        request = KeeperRequest(f"r{next(self._numbers)}", act, by, key, text)
        subject = N.keeper(by.person, by.desk)
        if act in (KeeperAct.SIGN_ON, KeeperAct.SIGN_OFF, KeeperAct.PING):
            subject = N.sign_on(by.person, by.desk)
        return await self.desks[by].request(subject, request, KeeperReply, 5.0)

    async def sign_on(self, *desks: Holder) -> None:
        for desk in desks:
            reply = await self.ask(desk, KeeperAct.SIGN_ON)
            assert reply.ok, reply.text

    async def call_in(self, call: Incident) -> None:
        """The control room sends an incident, and it is on record."""
        await self.central.publish_durable(N.incident, call, f"n{next(self._numbers)}")
        await until(lambda: call.key in self.missions, what=f"incident {call.key}")

    async def authorise(
        self, by: Holder, drone: str, key: str = KEY, command: str = "c"
    ) -> KeeperReply:
        asked = LaunchAuthorisation(command, "gw1", drone, by, key)
        return await self.gateway.request(N.authorise_launch("gw1"), asked, KeeperReply, 5.0)

    async def phase(self, now: Phase, utc_ms: int = 1, drone: str = "ISL-01") -> None:
        await self.event(EventKind.PHASE, drone, utc_ms=utc_ms, phase=now, incident=KEY)

    async def control(self, record: ControlRecord) -> None:
        """The gateway changes a control record and tells it, as it always does."""
        await self.recorded(record)
        await self.event(EventKind.CONTROL, record.drone, control=record)

    async def recorded(self, record: ControlRecord) -> None:
        """It changes the record, and is killed before it tells."""
        key = f"{'payload' if record.function is Function.PAYLOAD else 'drone'}.{record.drone}"
        bucket = self.gateway.bucket(N.control_bucket, ControlRecord)
        self._revisions[key] = await bucket.put(key, record, self._revisions.get(key))

    async def event(self, kind: EventKind, drone: str, utc_ms: int = 1, **more: object) -> None:
        number = next(self._numbers)
        event = GatewayEvent("gw1", "i1", number, utc_ms, kind, drone, "", **more)  # type: ignore[arg-type]
        await self.gateway.publish_durable(N.event("gw1", kind.value), event, f"e{number}")

    async def hello(self, by: Holder, role: Role = Role.PILOT) -> None:
        await self.desks[by].publish(N.desk_hello(by.person, by.desk), DeskHello(by, role, 1))

    def present(self, desk: str) -> bool | None:
        """What the record says of a desk; None: it is not listed."""
        return self.presences[desk].present if desk in self.presences else None

    async def report(self) -> KeeperReport:
        train = await self.server.bus("train")
        return await train.request(N.report("keeper"), ReportRequest("final"), KeeperReport, 5.0)

    @property
    def audit(self) -> list[AuditEntry]:
        """The chain as it is on disk now."""
        lines = self.path.read_bytes().splitlines()
        return [msgspec.json.decode(line, type=AuditEntry) for line in lines]


@asynccontextmanager
async def keeper_bench(folder: Path) -> AsyncIterator[KeeperBench]:
    """A bus with everybody on it, and no keeper yet."""
    site = load_toml(ROOT / "resources/sites/islington.toml", Site)
    async with nats_server(folder) as server:
        bench = KeeperBench(server, folder, site)
        await bench.connect()
        yield bench
