"""What comes in at a desk: states, events and records from the bus into `DeskState`.

Also the desk's own pulse: its hello, its sign-on and the lease that keeps its control.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from gcs.model.alert import AlertRecord, Deployment
from gcs.model.brief import BriefSheet
from gcs.model.control import ControlRecord, LeaseRenewal, LeaseReply
from gcs.model.event import GatewayEvent, Severity
from gcs.model.feed import RelayHello
from gcs.model.fence import FencePlan
from gcs.model.mission import CentralHello, DeskHello, DeskPresence, KeeperHello, MissionRecord
from gcs.model.people import FLYING_ROLES, Role
from gcs.model.process import ProcessTable
from gcs.model.site import Site
from gcs.model.telemetry import GatewayHello, TelemetryBatch
from gcs.model.traffic import TrafficPicture
from gcs.model.vehicle import VehicleProfiles
from gcs.model.weather import DockWeather
from gcs.runtime.clock import Clock
from gcs.shared.bus import BucketEntry, Bus, NoAnswer
from gcs.shared.codec import BadMessage
from gcs.shared.subjects import Subjects
from gcs.station.desk import Desk
from gcs.station.readiness import ReadinessReports
from gcs.station.state import DeskState

log = logging.getLogger(__name__)

PULSE_S = 1.0
LEASE_ANSWER_S = 2.0
SIGN_ON_AGAIN_S = 2.0
EVENTS_BACK = 50
SILENT_GATEWAY_S = 3.0


class DeskNetwork:
    """One desk's ears and pulse; `run` ends only by being cancelled.

    `readiness`: what the desk has of drones it is to receive; None: as a desk without windows.
    """

    def __init__(
        self,
        bus: Bus,
        site: Site,
        state: DeskState,
        desk: Desk,
        clock: Clock,
        readiness: ReadinessReports | None = None,
    ) -> None:
        self._bus = bus
        self._site = site
        self._state = state
        self._desk = desk
        self._clock = clock
        self._subjects = Subjects(site.id)
        self._trusted: str | None = None
        self._trusted_at_s = 0.0
        self._refused: set[str] = set()
        self._lease_sequence = 0
        self._readiness = readiness or ReadinessReports(state)
        self._lease_ms: float | None = None

    async def run(self) -> None:
        """Listen, then keep the pulse until cancelled; signs off on the way out."""
        self._bus.on_bad_message = self._bad_message
        await self._listen()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._every(PULSE_S, self._renew_lease))
                tasks.create_task(self._every(PULSE_S, self._hello))
                tasks.create_task(self._every(PULSE_S, self._measure))
                tasks.create_task(self._sign_on())
                tasks.create_task(self._follow_events())
        finally:
            if self._bus.connected and self._state.role is not None:
                await self._desk.sign_off()

    # -- ears ------------------------------------------------------------------------------
    async def _listen(self) -> None:
        bus, names, state = self._bus, self._subjects, self._state
        await bus.listen(names.gateway_hello(), GatewayHello, self._on_gateway)
        await bus.listen(names.telemetry(), TelemetryBatch, self._on_batch)
        await bus.listen(names.vehicles(), VehicleProfiles, self._on_vehicles)
        await bus.listen(names.traffic(), TrafficPicture, self._on_traffic)
        await bus.listen(names.dock_weather(), DockWeather, lambda _, w: state.apply_weather(w))
        await bus.listen(names.keeper_hello, KeeperHello, self._on_keeper)
        await bus.listen(names.central_hello, CentralHello, self._on_central)
        await bus.listen(names.processes, ProcessTable, lambda _, t: state.apply_processes(t))
        await bus.listen(names.relay_hello, RelayHello, lambda _, h: state.apply_relay(h))
        controls = bus.bucket(names.control_bucket, ControlRecord)
        await controls.watch("drone.*", self._on_control)
        await controls.watch("payload.*", self._on_control)
        await bus.listen(names.brief(), BriefSheet, lambda _, sheet: state.apply_brief(sheet))
        missions = bus.bucket(names.record_bucket, MissionRecord)
        await missions.watch("mission.*", lambda entry: state.apply_mission(entry.value))
        desks = bus.bucket(names.record_bucket, DeskPresence)
        await desks.watch("desk.*", lambda entry: self._on_desk(entry.value))
        fences = bus.bucket(names.record_bucket, FencePlan)
        await fences.watch("fence.site", lambda entry: state.apply_fence(entry.value))
        deployments = bus.bucket(names.record_bucket, Deployment)
        await deployments.watch("deployment.*", lambda e: state.apply_deployment(e.value))
        alerts = bus.bucket(names.record_bucket, AlertRecord)
        await alerts.watch(
            "alert.*",
            lambda entry: state.apply_alert(entry.value),
            lambda key, _: state.forget_alert(key.removeprefix("alert.")),
        )

    def _on_desk(self, presence: DeskPresence) -> None:
        """Of this desk too: its name and role are what the record says."""
        state, holder = self._state, presence.holder
        if (holder.person, holder.desk) == (state.me.person, state.me.desk):
            state.me = holder
            state.role = presence.role if presence.signed_on else None
        state.apply_desk(presence)

    async def _follow_events(self) -> None:
        await self._bus.follow(
            self._subjects.events_stream,
            self._subjects.event(),
            GatewayEvent,
            lambda _, event: self._state.apply_event(event),
            last=EVENTS_BACK,
        )

    def _on_gateway(self, _: str, hello: GatewayHello) -> None:
        if hello.mode is not self._site.mode:
            if hello.instance not in self._refused:
                self._refused.add(hello.instance)
                self._state.notice(
                    Severity.WARNING,
                    f"Gateway {hello.gateway} is in {hello.mode.value} mode and this desk is set "
                    f"for {self._site.mode.value}: nothing of it is shown or commanded.",
                )
            return
        if not self._speaks(hello):
            return
        self._trusted, self._trusted_at_s = hello.instance, self._clock.monotonic()
        self._state.apply_gateway(hello)
        self._links(gateway_at_s=self._clock.monotonic())

    def _speaks(self, hello: GatewayHello) -> bool:
        """Whether this instance is the one to believe: the claim's, else the one heard so far."""
        silent = self._clock.monotonic() - self._trusted_at_s > SILENT_GATEWAY_S
        return hello.claim_held or silent or self._trusted in (None, hello.instance)

    def _on_batch(self, _: str, batch: TelemetryBatch) -> None:
        if batch.instance == self._trusted:
            self._state.apply_batch(batch)

    def _on_vehicles(self, _: str, profiles: VehicleProfiles) -> None:
        if profiles.instance == self._trusted:
            self._state.apply_vehicles(profiles)

    def _on_traffic(self, _: str, picture: TrafficPicture) -> None:
        if picture.instance == self._trusted:
            self._state.apply_traffic(picture)

    def _on_keeper(self, _: str, hello: KeeperHello) -> None:
        before = self._state.keeper
        self._state.apply_keeper(hello)
        self._links(keeper_at_s=self._clock.monotonic())
        if not hello.audit_ok and (before is None or before.audit_ok):
            self._state.notice(Severity.WARNING, hello.text or "The audit cannot be written.")

    def _on_central(self, _: str, hello: CentralHello) -> None:
        self._links(central_at_s=self._clock.monotonic())

    def _on_control(self, entry: BucketEntry[ControlRecord]) -> None:
        self._state.apply_control(entry.value)
        self._desk.note_control(entry.value.drone)

    def _bad_message(self, sentence: str) -> None:
        self._state.notice(Severity.CAUTION, f"A message was dropped: {sentence}")

    # -- pulse -----------------------------------------------------------------------------
    async def _every(self, period_s: float, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            started = self._clock.monotonic()
            await step()
            await asyncio.sleep(max(0.0, period_s - (self._clock.monotonic() - started)))

    async def _renew_lease(self) -> None:
        me = self._state.me
        if self._state.role not in FLYING_ROLES:
            return  # who observes holds nothing, and is not let through to the gateway
        self._lease_sequence += 1
        renewal = LeaseRenewal(
            me.person,
            me.desk,
            self._lease_sequence,
            self._clock.utc_ms(),
            self._lease_ms,
            self._readiness.now(),
        )
        sent_at, self._lease_ms = self._clock.monotonic(), None
        try:
            reply = await self._bus.request(
                self._subjects.lease(self._site.gateway, me.person, me.desk),
                renewal,
                LeaseReply,
                LEASE_ANSWER_S,
            )
        except (NoAnswer, BadMessage) as error:
            log.info("lease: %s", error)
            self._links(gateway_ms=None)
            return
        took_ms = self._lease_ms = (self._clock.monotonic() - sent_at) * 1000
        if reply.ok:
            self._links(gateway_ms=took_ms, lease_acknowledged_at_s=sent_at)
        else:
            self._links(gateway_ms=took_ms)

    async def _hello(self) -> None:
        me, role = self._state.me, self._state.role
        if role is not None:
            hello = DeskHello(me, role, self._clock.utc_ms())
            await self._bus.publish(self._subjects.desk_hello(me.person, me.desk), hello)

    async def _measure(self) -> None:
        keeper_ms = await self._desk.ping_keeper()
        self._links(bus_connected=self._bus.connected, keeper_ms=keeper_ms)

    async def _sign_on(self) -> None:
        """Whenever the record has nobody here: at the start, or after it was lost."""
        told = ""
        while True:
            nobody = self._state.role is None and not self._desk.leaving
            if nobody and self._bus.connected:
                outcome = await self._desk.sign_on()
                if outcome.text != told:
                    told = outcome.text
                    severity = Severity.INFO if outcome.ok else Severity.CAUTION
                    self._state.notice(severity, told)
                self._tell_observer()
            await asyncio.sleep(SIGN_ON_AGAIN_S)

    def _tell_observer(self) -> None:
        if self._state.role is Role.OBSERVER:
            self._state.notice(Severity.INFO, "This desk observes: it commands nothing.")

    def _links(self, **changes: object) -> None:
        self._state.apply_links(replace(self._state.links, **changes))  # type: ignore[arg-type]
