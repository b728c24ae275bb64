"""A gateway as it really runs: nats-server, simulated drones over UDP, desks on the bus.

The keeper here only authorises launches: what it records is tested where it is built.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gcs.gateway.gateway import Gateway
from gcs.geo.earth import offset
from gcs.model.audit import AuditDraft
from gcs.model.brief import BriefSheet, Readiness
from gcs.model.command import Command, CommandKind, Receipt, ReceiptState
from gcs.model.control import (
    ControlAct,
    ControlRecord,
    ControlReply,
    ControlRequest,
    LeaseRenewal,
    LeaseReply,
)
from gcs.model.event import EventKind, GatewayEvent
from gcs.model.mission import DeskPresence, KeeperReply, LaunchAuthorisation
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.model.telemetry import DroneTelemetry, Phase, TelemetryBatch
from gcs.model.vehicle import FenceState
from gcs.runtime.clock import SystemClock
from gcs.runtime.settings import load_toml
from gcs.shared.bus import Bus
from gcs.shared.roles import KEEPER_DURABLE
from gcs.shared.subjects import Subjects
from gcs.sim.fleet import SimulatedFleet
from tests.support.nats import NatsServer, nats_server, until
from tests.support.sites import heard_at

ROOT = Path(__file__).parents[3]
INCIDENT = "MPS-20261122-1042"


def small_site(drones: int = 1) -> Site:
    """The real site with fewer drones, no wind and no weather stations."""
    site = load_toml(ROOT / "resources/sites/islington.toml", Site)
    return replace(
        site,
        docks=tuple(replace(d, weather_station=False) for d in site.docks),
        drones=site.drones[:drones],
        training=replace(site.training, wind_speed_mps=0.0),
    )


def near(site: Site, drone: str, metres: float, bearing: float = 45.0) -> Position:
    """A place near the drone's dock."""
    return offset(site.dock_of(drone).position, bearing, metres)


class Desk:
    """A desk's end of the wire, thin: it renews its lease and asks.

    `has`: what it tells of the drones that it shows; `renews_s`: how often it renews.
    """

    def __init__(self, bus: Bus, site: Site, person: str, desk: str) -> None:
        name = next(p.name for p in site.people if p.id == person)
        self.me = Holder(person, name, desk)
        self.bus = bus
        self.site = site
        self.names = Subjects(site.id)
        self.holds: tuple[tuple[str, int], ...] = ()
        self._clock = SystemClock()
        self.has: Callable[[], tuple[Readiness, ...]] = lambda: ()
        self.renews_s = 1.0
        self.answers = 0

    async def live(self) -> None:
        """Renew the lease until cancelled: that is how a desk dies here."""
        subject = self.names.lease(self.site.gateway, self.me.person, self.me.desk)
        me, took_ms = self.me, None
        for sequence in range(1_000_000):
            now_ms, begun_s = self._clock.utc_ms(), self._clock.monotonic()
            renewal = LeaseRenewal(me.person, me.desk, sequence, now_ms, took_ms, self.has())
            with contextlib.suppress(Exception):
                reply = await self.bus.request(subject, renewal, LeaseReply, 1.0)
                self.holds, self.answers = reply.holds, self.answers + 1
                took_ms = (self._clock.monotonic() - begun_s) * 1000
            await asyncio.sleep(self.renews_s)

    async def ask(
        self,
        act: ControlAct,
        drone: str,
        epoch: int,
        to: Holder | None = None,
        reason: str = "",
        **more: Any,
    ) -> ControlReply:
        request = ControlRequest(
            secrets.token_hex(8),
            act,
            drone,
            self.me,
            epoch,
            to.person if to else None,
            to.name if to else None,
            reason,
            **more,
        )
        subject = self.names.control(self.site.gateway, self.me.person, self.me.desk, drone)
        return await self.bus.request(subject, request, ControlReply, 5.0)

    def order(
        self,
        kind: CommandKind,
        drone: str,
        epoch: int,
        target: Position | None = None,
        height_m: float | None = None,
        *,
        valid_s: float = 10.0,
    ) -> Command:
        now = self._clock.utc_ms()
        return Command(
            secrets.token_hex(8),
            kind,
            drone,
            self.me.person,
            self.me.desk,
            epoch,
            now,
            now + round(valid_s * 1000),
            INCIDENT if kind is CommandKind.LAUNCH else None,
            target,
            height_m,
        )

    async def send(self, command: Command) -> Receipt:
        subject = self.names.command(self.site.gateway, self.me.person, self.me.desk, command.drone)
        return await self.bus.request(subject, command, Receipt, 6.0)


@dataclass
class Rig:
    """Everything that runs, and what the desks would see."""

    site: Site
    server: NatsServer
    gateway: Gateway
    fleet: SimulatedFleet
    gateway_bus: Bus
    keeper_bus: Bus
    events: list[GatewayEvent] = field(default_factory=list)
    drafts: list[AuditDraft] = field(default_factory=list)
    batches: list[TelemetryBatch] = field(default_factory=list)
    controls: dict[str, ControlRecord] = field(default_factory=dict)
    sheets: dict[str, BriefSheet] = field(default_factory=dict)
    keeper_says: KeeperReply = field(default_factory=lambda: KeeperReply(True, "authorised"))
    keeper_asked: list[LaunchAuthorisation] = field(default_factory=list)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def telemetry(self, drone: str) -> DroneTelemetry | None:
        if not self.batches:
            return None
        return next(t for t in self.batches[-1].drones if t.drone == drone)

    def phase(self, drone: str) -> Phase | None:
        telemetry = self.telemetry(drone)
        return telemetry.phase if telemetry else None

    def receipts(self, command: Command) -> list[Receipt]:
        found = [e.receipt for e in self.events if e.receipt]
        return [r for r in found if r.command_id == command.id]

    def kinds(self, kind: EventKind) -> list[GatewayEvent]:
        return [e for e in self.events if e.kind is kind]

    async def ready(self, drone: str, within_s: float = 10.0) -> None:
        """Until the drone may be launched as far as it shows."""

        def shown() -> bool:
            telemetry = self.telemetry(drone)
            return (
                drone in self.controls
                and telemetry is not None
                and telemetry.phase is Phase.DOCKED
                and telemetry.ready
                and telemetry.position is not None
                and telemetry.satellites is not None
                and telemetry.battery_percent is not None
                and self.gateway._parts.fences.state(drone) is FenceState.ACTIVE
            )

        await until(shown, within_s, f"{drone} ready")

    async def final(self, command: Command, within_s: float = 20.0) -> Receipt:
        """The command's final receipt."""
        await until(
            lambda: any(r.final for r in self.receipts(command)),
            within_s,
            f"a final receipt of {command.kind}",
        )
        return next(r for r in self.receipts(command) if r.final)

    async def launch(
        self, desk: Desk, drone: str, metres: float = 40.0, height_m: float = 12.0
    ) -> Command:
        """Launch to near the dock; returns once the drone is on scene."""
        await self.ready(drone)
        epoch = self.controls[drone].epoch
        order = desk.order(
            CommandKind.LAUNCH, drone, epoch, near(self.site, drone, metres), height_m
        )
        first = await desk.send(order)
        assert first.state is ReceiptState.SENT, (first.text, first.reasons)
        receipt = await self.final(order, 40.0)
        assert receipt.state is ReceiptState.OBSERVED, (receipt.text, receipt.reasons)
        await until(lambda: self.phase(drone) is Phase.ON_SCENE, 40.0, "on scene")
        return order

    def start(self, name: str, work: Callable[[], object]) -> None:
        """A task of the rig; the test may cancel it: that is its death."""
        self.tasks[name] = asyncio.ensure_future(work())  # type: ignore[call-overload]

    async def die(self, name: str) -> None:
        """End one of the rig's tasks."""
        task = self.tasks.pop(name)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def desk(self, person: str, desk: str) -> Desk:
        """A desk that lives."""
        found = Desk(await self.server.desk(person, desk), self.site, person, desk)
        self.start(desk, found.live)
        return found


def make_gateway(bus: Bus, site: Site) -> Gateway:
    """A gateway instance of its own."""
    return Gateway(bus, site, SystemClock(), "test", secrets.token_hex(8), True)


@asynccontextmanager
async def rig(folder: Path, drones: int = 1, site: Site | None = None) -> AsyncIterator[Rig]:
    """Server, gateway, drones and listeners; desks are added by the test."""
    site = site or small_site(drones)
    async with nats_server(folder) as server:
        gateway_bus = await server.bus("gateway")
        gateway = make_gateway(gateway_bus, site)
        await gateway.start()
        clock = SystemClock()
        fleet = SimulatedFleet(heard_at(site, gateway.address), clock, seed=3)
        keeper_bus = await server.bus("keeper")
        found = Rig(site, server, gateway, fleet, gateway_bus, keeper_bus)
        try:
            await _listen(found)
            found.start("gateway", gateway.run)
            found.start("fleet", fleet.run)
            await fleet.wait_running()
            yield found
        finally:
            for name in tuple(found.tasks):
                await found.die(name)


async def _listen(found: Rig) -> None:
    names, gateway = Subjects(found.site.id), found.site.gateway
    bus = await found.server.desk("super-c", "desk-3")
    keeper = found.keeper_bus
    await bus.listen(names.telemetry(gateway), TelemetryBatch, lambda s, b: found.batches.append(b))
    await bus.listen(
        names.brief(gateway), BriefSheet, lambda s, b: found.sheets.__setitem__(b.drone, b)
    )
    await bus.follow(
        names.events_stream, names.event(), GatewayEvent, lambda s, e: found.events.append(e)
    )
    await bus.bucket(names.control_bucket, ControlRecord).watch(
        "drone.*", lambda e: found.controls.__setitem__(e.value.drone, e.value)
    )

    desks = keeper.bucket(names.record_bucket, DeskPresence)
    for number, person in enumerate(found.site.people, start=1):
        at = Holder(person.id, person.name, f"desk-{number}")
        await desks.put(f"desk.{at.desk}", DeskPresence(at, person.role, 0, present=True), None)

    async def authorise(subject: str, question: LaunchAuthorisation) -> KeeperReply:
        found.keeper_asked.append(question)
        return found.keeper_says

    async def keep(sequence: int, draft: AuditDraft) -> None:
        found.drafts.append(draft)

    await keeper.serve(
        names.authorise_launch(), LaunchAuthorisation, authorise, lambda s: KeeperReply(False, s)
    )
    found.start(
        "keeper", lambda: keeper.consume(names.audit_stream, KEEPER_DURABLE, AuditDraft, keep)
    )
