"""The gateway's life: opens the wire, leads while it has the claim, serves the desks, ends."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from gcs.gateway.parts import Parts
from gcs.gateway.ticker import every
from gcs.link.signing import VehicleSigning
from gcs.model.command import Command
from gcs.model.control import ControlReply, ControlRequest, LeaseRenewal, LeaseReply
from gcs.model.report import GatewayReport, ReportRequest
from gcs.model.site import Site
from gcs.model.telemetry import GatewayHello
from gcs.runtime.clock import Clock
from gcs.runtime.lock import SoleLock
from gcs.shared.bus import Bus

log = logging.getLogger(__name__)

T = TypeVar("T")

HELLO_S = 1.0
LAST_WORDS_S = 1.0


class Gateway:
    """All MAVLink networks of one site. `start` opens the endpoints, `run` runs until cancelled.

    Raises BadEndpoint when an endpoint of the site may not or cannot be opened.
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
        signing: Mapping[str, VehicleSigning] | None = None,
    ) -> None:
        self._bus, self._site, self._clock = bus, site, clock
        self._build, self._instance, self._simulated = build, instance, simulated
        self._begun_s = clock.monotonic()
        self._parts = Parts(bus, site, clock, build, instance, lock, signing)

    @property
    def address(self) -> tuple[str, int]:
        """The bound address of the first network. Known after `start`."""
        addresses = self._parts.wire.addresses
        if not addresses:
            raise RuntimeError("the gateway has not been started")
        return addresses[self._site.networks[0].id]

    async def start(self) -> None:
        """Open the endpoints. Raises BadEndpoint."""
        await self._parts.wire.open()

    async def run(self) -> None:
        """Serve until cancelled; then give the claim up and tell the last events."""
        parts = self._parts
        if not parts.wire.addresses:
            await self.start()
        try:
            async with asyncio.TaskGroup() as group:
                for part in (*parts.running, self._lead, self._greet, self._mend):
                    group.create_task(_run(part), name=part.__qualname__)
        finally:
            await parts.claim.release()
            parts.wire.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS_S):
                    await parts.auditor.publish_waiting()
                    await parts.events.publish_waiting()
            if parts.auditor.waiting:
                log.error("%d audit drafts are not stored at the end", parts.auditor.waiting)

    # -- long-lived parts of its own -----------------------------------------------------------
    async def _lead(self) -> None:
        """With the claim: read the records, then serve. Without it: act on nothing."""
        parts, served = self._parts, False
        while True:
            await parts.claim.held.wait()
            term = parts.claim.term
            await parts.registry.load()
            if not parts.claim.ours or parts.claim.term != term:
                continue  # another instance had it meanwhile: what was read may be old
            parts.tenure.records_read = True
            if not served:
                await self._serve()
                served = True
            await parts.claim.lost.wait()
            parts.tenure.records_read = False

    async def _serve(self) -> None:
        parts, gateway, serve = self._parts, self._site.gateway, self._bus.serve
        names, commands, control = parts.subjects, parts.commands, parts.control
        await parts.signed_on.watch()
        await parts.weather.watch(self._bus, names)
        await serve(
            names.command(gateway),
            Command,
            self._if_ours(commands.serve),
            commands.malformed,
            parts.urgent.order,
        )
        await serve(
            names.control(gateway),
            ControlRequest,
            self._if_ours(control.serve),
            lambda s: ControlReply(False, s),
        )
        await serve(
            names.lease(gateway),
            LeaseRenewal,
            self._if_ours(control.serve_lease),
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
            return await answer(subject, request) if self._parts.claim.may_send() else None

        return answered

    async def _greet(self) -> None:
        """Say hello each second."""
        subject = self._parts.subjects.gateway_hello(self._site.gateway)
        async for _ in every(HELLO_S):
            await self._bus.publish(subject, self.hello())

    async def _mend(self) -> None:
        """Read back what is uncertain, forget desks long gone."""
        async for _ in every(HELLO_S / 4):
            await self._parts.arbiter.reconcile()
            self._parts.leases.forget_old()

    # -- answers -------------------------------------------------------------------------------
    def hello(self) -> GatewayHello:
        """What this gateway is."""
        parts, counters = self._parts, self._parts.wire.counters
        return GatewayHello(
            gateway=self._site.gateway,
            instance=self._instance,
            site=self._site.id,
            mode=self._site.mode,
            simulated=self._simulated,
            build=self._build,
            utc_ms=self._clock.utc_ms(),
            uptime_s=self._clock.monotonic() - self._begun_s,
            drones=tuple(parts.drones),
            seen=parts.figures.seen,
            claim_held=self._parts.claim.may_send(),
            messages_in=sum(c.messages_in for c in counters),
            messages_bad=sum(c.messages_bad for c in counters),
            foreign_packets=sum(c.foreign_packets for c in counters),
        )

    def report(self) -> GatewayReport:
        """Its own figures."""
        handoffs = self._parts.arbiter.counters.handoffs_completed
        return self._parts.figures.report(handoffs, self._parts.commands.counters.stale)

    async def _report(self, subject: str, request: ReportRequest) -> GatewayReport:
        return self.report()


async def _run(part: Callable[[], Awaitable[None]]) -> None:
    await part()
