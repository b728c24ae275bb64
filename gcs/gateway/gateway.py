"""The gateway, put together: who is made of what, what starts when, and how it ends."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from gcs.control.lease import Leases
from gcs.gateway.activity import Activities
from gcs.gateway.arbiter import Arbiter
from gcs.gateway.auditor import Auditor
from gcs.gateway.awake import Awake
from gcs.gateway.batch import Batcher
from gcs.gateway.claim import Claim
from gcs.gateway.commands import CommandService
from gcs.gateway.contingency import Contingency
from gcs.gateway.directory import Directory
from gcs.gateway.drone import Drone
from gcs.gateway.events import EventLog
from gcs.gateway.heartbeat import Heartbeat
from gcs.gateway.launcher import Launcher
from gcs.gateway.ledger import Ledger
from gcs.gateway.loop import ArbiterLoop
from gcs.gateway.mover import Mover
from gcs.gateway.payload import Payload
from gcs.gateway.registry import Registry
from gcs.gateway.report import Figures
from gcs.gateway.signed_on import SignedOn
from gcs.gateway.ticker import every
from gcs.gateway.watch import Watch
from gcs.link.commands import Commander
from gcs.link.endpoint import Address
from gcs.link.network import Network
from gcs.link.parameters import ParameterReader
from gcs.link.rates import RateKeeper
from gcs.link.reports import Report, TimeSync
from gcs.link.vehicle import Vehicle
from gcs.link.voice import Voice
from gcs.model.command import Command
from gcs.model.control import (
    ControlRecord,
    ControlReply,
    ControlRequest,
    GatewayClaim,
    LeaseRenewal,
    LeaseReply,
)
from gcs.model.event import EventKind, Severity
from gcs.model.mission import DeskPresence
from gcs.model.report import GatewayReport, ReportRequest
from gcs.model.site import NetworkSpec, Site
from gcs.model.telemetry import GatewayHello
from gcs.runtime.clock import Clock
from gcs.runtime.lock import SoleLock
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects

log = logging.getLogger(__name__)

T = TypeVar("T")

HELLO_S = 1.0
LAST_WORDS_S = 1.0


class Gateway:
    """All MAVLink networks of one site. `start` opens the endpoint, `run` runs until cancelled.

    Raises BadEndpoint when the site's endpoint may not or cannot be opened.
    """

    def __init__(
        self,
        bus: Bus,
        site: Site,
        clock: Clock,
        build: str,
        instance: str,
        simulated: bool,
        lock: SoleLock | None = None,
    ) -> None:
        self._bus, self._site, self._clock = bus, site, clock
        self._build, self._instance, self._simulated = build, instance, simulated
        self._begun_s = clock.monotonic()
        self._subjects = subjects = Subjects(site.id)
        self._records_read = False
        self._addresses: dict[str, Address] = {}

        claims = bus.bucket(subjects.control_bucket, GatewayClaim)
        records = bus.bucket(subjects.control_bucket, ControlRecord)
        self._signed_on = SignedOn(bus.bucket(subjects.record_bucket, DeskPresence))
        self._claim = Claim(claims, site.gateway, instance, clock, lock)
        self._awake = Awake(lambda: self._claim.speaks, clock)
        self._networks = {n.id: self._network(n) for n in site.networks}
        self._drones = {d.id: self._drone(d.id) for d in site.drones}
        drones = tuple(self._drones.values())
        self._of_vehicle = {d.vehicle: d for d in drones}

        self._events = EventLog(bus, subjects, site.gateway, instance, clock, self._awake)
        self._directory = Directory(site)
        self._auditor = Auditor(
            bus, subjects, self._directory, site.gateway, instance, build, clock
        )
        self._activities = Activities()
        self._leases = Leases(clock)
        self._registry = Registry(records, tuple(self._drones), clock)
        self._arbiter = Arbiter(
            self._drones,
            self._registry,
            self._leases,
            self._directory,
            self._auditor,
            self._events,
            clock,
            self._may_act,
            self._signed_on.against,
        )
        self._voice = Voice(clock)
        self._figures = Figures(drones, [n.counters for n in self._networks.values()], clock)
        self._batcher = Batcher(bus, subjects, site.gateway, instance, drones, clock)
        commander = Commander()
        self._commands = self._command_service(commander)
        self._loop = self._arbiter_loop(commander)

    @property
    def address(self) -> tuple[str, int]:
        """The bound UDP address of the first network. Known after `start`."""
        if not self._addresses:
            raise RuntimeError("the gateway has not been started")
        return self._addresses[self._site.networks[0].id]

    async def start(self) -> None:
        """Open the endpoints. Raises BadEndpoint."""
        for name, network in self._networks.items():
            self._addresses[name] = await network.open()

    async def run(self) -> None:
        """Serve until cancelled; then give the claim up and tell the last events."""
        if not self._addresses:
            await self.start()
        try:
            async with asyncio.TaskGroup() as group:
                for part in (
                    self._activities.run,
                    self._events.run,
                    self._auditor.run,
                    self._claim.run,
                    self._loop.run,
                    self._lead,
                    self._greet,
                    self._mend,
                    self._batcher.run,
                ):
                    group.create_task(part(), name=part.__qualname__)
        finally:
            await self._claim.release()
            for network in self._networks.values():
                network.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS_S):
                    await self._auditor.publish_waiting()
                    await self._events.publish_waiting()
            if self._auditor.waiting:
                log.error("%d audit drafts are not stored at the end", self._auditor.waiting)

    # -- long-lived parts of its own -----------------------------------------------------------
    async def _lead(self) -> None:
        """With the claim: read the records, then serve. Without it: act on nothing."""
        served = False
        while True:
            await self._claim.held.wait()
            await self._registry.load()
            self._records_read = True
            if not served:
                await self._serve()
                served = True
            await self._claim.lost.wait()
            self._records_read = False

    async def _serve(self) -> None:
        names, gateway = self._subjects, self._site.gateway
        serve, commands, arbiter = self._bus.serve, self._commands, self._arbiter
        await self._signed_on.watch()
        await serve(
            names.command(gateway), Command, self._if_ours(commands.serve), commands.malformed
        )
        await serve(
            names.control(gateway),
            ControlRequest,
            self._if_ours(arbiter.serve),
            lambda s: ControlReply(False, s),
        )
        await serve(
            names.lease(gateway),
            LeaseRenewal,
            self._if_ours(arbiter.serve_lease),
            lambda s: LeaseReply(False, s),
        )
        await serve(
            names.report("gateway"),
            ReportRequest,
            self._if_ours(self._report),
            lambda s: self.report(),
        )

    def _if_ours(
        self, answer: Callable[[str, T], Awaitable[object]]
    ) -> Callable[[str, T], Awaitable[object]]:
        """Silence while the claim is not ours: the instance that has it answers."""

        async def answered(subject: str, request: T) -> object:
            return await answer(subject, request) if self._claim.may_send() else None

        return answered

    async def _greet(self) -> None:
        """Say hello each second."""
        subject = self._subjects.gateway_hello(self._site.gateway)
        async for _ in every(HELLO_S):
            await self._bus.publish(subject, self.hello())

    async def _mend(self) -> None:
        """Read back what is uncertain, forget desks long gone."""
        async for _ in every(HELLO_S / 4):
            await self._arbiter.reconcile()
            self._leases.forget_old()

    # -- answers -------------------------------------------------------------------------------
    def hello(self) -> GatewayHello:
        """What this gateway is."""
        counters = [n.counters for n in self._networks.values()]
        return GatewayHello(
            gateway=self._site.gateway,
            instance=self._instance,
            site=self._site.id,
            mode=self._site.mode,
            simulated=self._simulated,
            build=self._build,
            utc_ms=self._clock.utc_ms(),
            uptime_s=self._clock.monotonic() - self._begun_s,
            drones=tuple(self._drones),
            seen=self._figures.seen,
            claim_held=self._claim.may_send(),
            messages_in=sum(c.messages_in for c in counters),
            messages_bad=sum(c.messages_bad for c in counters),
            foreign_packets=sum(c.foreign_packets for c in counters),
        )

    def report(self) -> GatewayReport:
        """Its own figures."""
        handoffs = self._arbiter.counters.handoffs_completed
        return self._figures.report(handoffs, self._commands.counters.stale)

    async def _report(self, subject: str, request: ReportRequest) -> GatewayReport:
        return self.report()

    # -- what it is made of --------------------------------------------------------------------
    def _may_act(self) -> bool:
        return self._records_read and self._claim.may_send()

    def _unconfirmed_s(self) -> float | None:
        """The claim's age; None before the records are read: who holds what is not known then."""
        return self._claim.unconfirmed_s if self._records_read else None

    def _network(self, spec: NetworkSpec) -> Network:
        ids = [d.system_id for d in self._site.drones if self._site.network_of(d.id) == spec.id]
        network = Network(spec, self._site.mode, ids, self._clock, self._claim.may_send)
        network.on_report = self._heard
        network.on_foreign = self._heard_foreign
        return network

    def _drone(self, drone: str) -> Drone:
        spec = self._site.drone(drone)
        return Drone(
            spec=spec,
            dock=self._site.dock_of(drone),
            return_height_m=self._site.required_return_height_m(drone),
            vehicle=self._networks[self._site.network_of(drone)].vehicles[spec.system_id],
        )

    def _command_service(self, commander: Commander) -> CommandService:
        site = self._site
        ledger = Ledger(self._directory, self._events, self._auditor, self._clock)
        launcher = Launcher(
            self._bus,
            self._subjects,
            site,
            self._arbiter,
            commander,
            ParameterReader(),
            ledger,
        )
        return CommandService(
            self._drones,
            self._arbiter,
            self._directory,
            launcher,
            Mover(site, commander, ledger, self._arbiter.record),
            (Payload(commander, ledger, self._arbiter.record),),
            self._activities,
            ledger,
            self._auditor,
            self._clock,
            self._may_act,
        )

    def _arbiter_loop(self, commander: Commander) -> ArbiterLoop:
        drones = tuple(self._drones.values())
        watch = Watch(self._drones, self._arbiter.record, self._events, self._clock)
        contingency = Contingency(
            self._arbiter.attended,
            self._arbiter.record,
            self._unconfirmed_s,
            commander,
            self._activities,
            self._auditor,
            self._events,
            self._clock,
        )
        heartbeat = Heartbeat(drones, self._voice, RateKeeper(self._clock), self._clock)
        return ArbiterLoop(
            drones,
            watch,
            contingency,
            self._arbiter,
            self._activities,
            heartbeat,
            self._figures,
            self._awake,
        )

    # -- what the network hears ----------------------------------------------------------------
    def _heard(self, vehicle: Vehicle, report: Report) -> None:
        if isinstance(report, TimeSync):
            self._voice.take_time(vehicle, report)

    def _heard_foreign(self, vehicle: Vehicle, source: Address) -> None:
        drone = self._of_vehicle[vehicle]
        text = (
            f"{drone.id}: another sender uses system id {vehicle.system_id} "
            f"from {source[0]}:{source[1]}; it is ignored"
        )
        self._events.add(EventKind.LINK, drone.id, text, Severity.CAUTION)
