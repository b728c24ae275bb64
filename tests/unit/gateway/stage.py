"""One drone, a gateway's parts around it and a clock turned by hand. No bus, no socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from gcs.control.lease import Leases
from gcs.gateway.activity import Activities
from gcs.gateway.arbiter import Arbiter
from gcs.gateway.auditor import Auditor
from gcs.gateway.control_service import ControlService
from gcs.gateway.drone import Drone
from gcs.gateway.events import EventLog
from gcs.gateway.qualified import Qualified
from gcs.gateway.registry import Registry
from gcs.gateway.signed_on import SignedOn
from gcs.link.commands import Commander
from gcs.model.audit import AuditDraft
from gcs.model.control import ControlRecord, ControlState
from gcs.model.event import GatewayEvent
from gcs.model.function import Function
from gcs.model.mission import DeskPresence
from gcs.model.people import Holder, Role
from gcs.model.site import Site
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.shared.bus import BucketEntry, NoAnswer, OutcomeUnknown, RevisionConflict
from gcs.shared.subjects import Subjects
from tests.support.people import signed_on
from tests.unit.link.peer import Peer

ROOT = Path(__file__).parents[3]
A = Holder("pilot-a", "Pilot A", "desk-1")
B = Holder("pilot-b", "Pilot B", "desk-2")
DRONE = "ISL-01"


class Store:
    """A bucket with revisions. `down`: nothing answers. `deaf`: the next write happens, unheard."""

    def __init__(self) -> None:
        self.entries: dict[str, BucketEntry[Any]] = {}
        self.down = False
        self.deaf = False

    async def get(self, key: str) -> BucketEntry[Any] | None:
        if self.down:
            raise NoAnswer("the bus is down")
        return self.entries.get(key)

    async def put(self, key: str, value: Any, revision: int | None) -> int:
        if self.down:
            raise OutcomeUnknown("no answer")
        entry = self.entries.get(key)
        now = entry.revision if entry else None
        if (revision or None) != now:
            raise RevisionConflict("written by somebody else")
        self.entries[key] = BucketEntry(key, value, (now or 0) + 1)
        if self.deaf:
            self.deaf = False
            raise OutcomeUnknown("the answer was lost")
        return (now or 0) + 1


class Streams:
    """Stands where the bus stands for durable publishing."""

    def __init__(self) -> None:
        self.stored: list[tuple[str, Any, str]] = []
        self.down = False

    async def publish_durable(self, subject: str, value: Any, message_id: str) -> int:
        await asyncio.sleep(0)
        if self.down:
            raise NoAnswer("the bus is down")
        self.stored.append((subject, value, message_id))
        return len(self.stored)

    @property
    def events(self) -> list[GatewayEvent]:
        return [v for _, v, _ in self.stored if isinstance(v, GatewayEvent)]

    @property
    def drafts(self) -> list[AuditDraft]:
        return [v for _, v, _ in self.stored if isinstance(v, AuditDraft)]


class Stage:
    """The parts. Use within `stage()`: it runs the queues and the activities.

    `coupled` false: the drone's camera is controlled apart. `like`: on its bucket and clock.
    """

    def __init__(self, *, coupled: bool = True, like: "Stage | None" = None) -> None:
        site = load_toml(ROOT / "resources/sites/islington.toml", Site)
        self.site = replace(site, drones=(replace(site.drones[0], coupled=coupled),))
        self.clock: ManualClock = like.clock if like else ManualClock()
        self.streams = Streams()
        self.store: Store = like.store if like else Store()
        bus: Any = self.streams
        bucket: Any = self.store
        names = Subjects(site.id)
        self.events = EventLog(bus, names, "gw1", "i1", self.clock)
        self.directory = directory = signed_on(self.site.people)
        self.auditor = Auditor(bus, names, directory, "gw1", "i1", "test", self.clock)
        self.activities = Activities()
        self.peer = Peer(self.clock)
        self.commander = Commander()
        self.drone = Drone(
            self.site.drones[0],
            self.site.dock_of(DRONE),
            self.site.required_return_height_m(DRONE),
            self.peer.vehicle,
        )
        self.signed_on = SignedOn(bucket, directory)
        for at in (A, B):
            self.sign_on(at, Role.PILOT)
        self.leases = Leases(self.clock)
        self.registry = Registry(
            bucket,
            (DRONE,),
            self.clock,
            frozenset() if coupled else frozenset({DRONE}),
            lambda drone: self.drone.airborne,
        )
        self.may_act = True
        self.arbiter = Arbiter(
            {DRONE: self.drone},
            self.registry,
            self.leases,
            self.auditor,
            self.events,
            self.clock,
            lambda: self.may_act,
        )
        drones = {DRONE: self.drone}
        self.qualified = Qualified(directory, drones, self.arbiter.record, site.id)
        self.control = ControlService(
            drones,
            self.arbiter,
            self.leases,
            directory,
            self.qualified,
            self.auditor,
            self.clock,
            lambda: self.may_act,
            self.signed_on.against,
        )

    def sign_on(self, by: Holder, role: Role, *, on: bool = True) -> None:
        """As the keeper's record comes in."""
        presence = DeskPresence(by, role, 0, present=on, signed_on=on)
        self.signed_on._seen(BucketEntry(f"desk.{by.desk}", presence, 1))

    @property
    def record(self) -> ControlRecord:
        return self.arbiter.record(DRONE)

    async def given(self, to: Holder, function: Function = Function.FLIGHT) -> None:
        """The record says that he holds it now, however he came by it."""
        self.leases.renew(to.person, to.desk)
        now = self.arbiter.record(DRONE, function)
        after = replace(now, state=ControlState.OWNED, holder=to, epoch=now.epoch + 1)
        assert await self.registry.write(after)

    async def settle(self) -> None:
        """Let what was begun run as far as it can without time passing."""
        for _ in range(50):
            await asyncio.sleep(0)


@asynccontextmanager
async def stage(*, coupled: bool = True, like: Stage | None = None) -> AsyncIterator[Stage]:
    """A stage whose long-lived parts run."""
    found = Stage(coupled=coupled, like=like)
    parts: list[Callable[[], Awaitable[None]]] = [
        found.events.run,
        found.auditor.run,
        found.activities.run,
    ]
    tasks = [asyncio.ensure_future(part()) for part in parts]
    await found.registry.load()
    await found.settle()
    try:
        yield found
    finally:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
