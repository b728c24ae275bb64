"""What a gateway is made of, put together from the bottom up. Starts nothing, decides nothing."""

from collections.abc import Awaitable, Callable, Mapping

from gcs.control.lease import Leases
from gcs.gateway.activity import Activities
from gcs.gateway.arbiter import Arbiter
from gcs.gateway.auditor import Auditor
from gcs.gateway.awake import Awake
from gcs.gateway.batch import Batcher, Sources
from gcs.gateway.brief_wiring import brief_office
from gcs.gateway.camera_office import CameraOffice
from gcs.gateway.claim import Claim
from gcs.gateway.commands import CommandService
from gcs.gateway.contingency import Contingency
from gcs.gateway.control_service import ControlService
from gcs.gateway.directory import Directory
from gcs.gateway.dock_weather import DockWeatherBook
from gcs.gateway.drone import Drone
from gcs.gateway.events import EventLog
from gcs.gateway.fence_bringer import FenceBringer
from gcs.gateway.fence_office import FenceOffice
from gcs.gateway.gate import LaunchGate
from gcs.gateway.heartbeat import Heartbeat
from gcs.gateway.launcher import Launcher
from gcs.gateway.ledger import Ledger
from gcs.gateway.loop import ArbiterLoop
from gcs.gateway.mover import Mover
from gcs.gateway.override import Overrides
from gcs.gateway.payload import Payload
from gcs.gateway.plan_office import PlanOffice
from gcs.gateway.profiles import Profiles, ProfileSources
from gcs.gateway.qualified import Qualified
from gcs.gateway.rate_hold import RateHold
from gcs.gateway.registry import Registry
from gcs.gateway.report import Figures
from gcs.gateway.settings_watch import SettingsWatch
from gcs.gateway.signed_on import SignedOn
from gcs.gateway.tenure import Tenure
from gcs.gateway.traffic import Traffic
from gcs.gateway.urgent import Urgent
from gcs.gateway.watch import Watch
from gcs.gateway.wire import Wire
from gcs.geo.volumes import against_volumes
from gcs.link.commands import Commander
from gcs.link.mission_protocol import MissionProtocol
from gcs.link.parameters import ParameterReader
from gcs.link.rates import RateKeeper
from gcs.link.reports import Parameter, TimeSync
from gcs.link.settings import Rules, fence_gap, stays_held_when_lost
from gcs.link.signing import VehicleSigning
from gcs.link.vehicle import Vehicle
from gcs.link.voice import Voice
from gcs.model.command import Waiver
from gcs.model.control import ControlRecord, GatewayClaim
from gcs.model.fence import FencePlan
from gcs.model.mission import DeskPresence
from gcs.model.place import Position
from gcs.model.plan import PlanState
from gcs.model.site import Site
from gcs.model.vehicle import SigningState
from gcs.runtime.clock import Clock
from gcs.runtime.lock import SoleLock
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects

Part = Callable[[], Awaitable[None]]


class Parts:
    """Every part of one gateway, by name."""

    def __init__(
        self,
        bus: Bus,
        site: Site,
        clock: Clock,
        build: str,
        instance: str,
        lock: SoleLock | None = None,
        signing: Mapping[str, VehicleSigning] | None = None,
    ) -> None:
        self._signing = dict(signing or {})
        self._bus, self._site, self._clock, self._instance = bus, site, clock, instance
        self.subjects = names = Subjects(site.id)
        self._record = names.record_bucket
        claims = bus.bucket(names.control_bucket, GatewayClaim)
        self.claim = Claim(claims, site.gateway, instance, clock, lock)
        self.tenure = Tenure(self.claim)
        self.awake = Awake(lambda: self.claim.speaks, clock)
        self.urgent = Urgent(clock.monotonic)
        self.wire = Wire(site, clock, self.claim.may_send, self._signing, self.urgent)
        self.drones = {d.id: self._drone(d.id) for d in site.drones}
        self._make_books(build)
        self._make_orders()
        self._make_watch()

    @property
    def running(self) -> tuple[Part, ...]:
        """What runs for as long as the gateway does."""
        return (
            self.wire.run,
            self.activities.run,
            self.events.run,
            self.auditor.run,
            self.claim.run,
            self.loop.run,
            self.batcher.run,
            self.profiles.run,
            self.fences.run,
            self.plans.run,
            self.cameras.run,
            self._rate_hold.run,
            self.settings.run,
            self.traffic.run,
            self.overrides.run,
            self.briefs.run,
        )

    def _drone(self, drone: str) -> Drone:
        vehicle = self.wire.vehicle(drone)
        return Drone(
            spec=self._site.drone(drone),
            dock=self._site.dock_of(drone),
            return_height_m=self._site.required_return_height_m(drone),
            vehicle=vehicle,
            trouble_of=lambda: self.wire.trouble(vehicle) or self._key_trouble(drone, vehicle),
        )

    def _key_trouble(self, drone: str, vehicle: Vehicle) -> str:
        signing = self._signing.get(drone)
        if signing is None:
            return ""
        first_s = vehicle.first_heard_s
        heard_s = 0.0 if first_s is None else self._clock.monotonic() - first_s
        return signing.trouble(vehicle.uplink_age_s, heard_s)

    def _make_books(self, build: str) -> None:
        """Who acts, what is told and recorded, who holds what."""
        bus, site, clock, names = self._bus, self._site, self._clock, self.subjects
        self.events = EventLog(bus, names, site.gateway, self._instance, clock, self.awake)
        self.wire.tell(self.drones, self.events)
        self.directory = Directory()
        self.auditor = Auditor(
            bus, names, self.directory, site.gateway, self._instance, build, clock
        )
        self.activities = Activities()
        self.leases = Leases(clock)
        self.signed_on = SignedOn(bus.bucket(self._record, DeskPresence), self.directory)
        records = bus.bucket(names.control_bucket, ControlRecord)
        self.registry = Registry(
            records,
            tuple(self.drones),
            clock,
            frozenset(d.id for d in site.drones if not d.coupled),
            lambda d: self.drones[d].airborne,
        )
        self.arbiter = Arbiter(
            self.drones,
            self.registry,
            self.leases,
            self.auditor,
            self.events,
            clock,
            self.tenure.may_act,
        )
        self.qualified = Qualified(self.directory, self.drones, self.arbiter.record, site.id)
        self.control = ControlService(
            self.drones,
            self.arbiter,
            self.leases,
            self.directory,
            self.qualified,
            self.auditor,
            clock,
            self.tenure.may_act,
            self.signed_on.against,
        )
        self.ledger = Ledger(self.directory, self.events, self.auditor, clock)
        self.ledger.on_observed = self.arbiter.observed

    def _make_orders(self) -> None:
        """What is done at the vehicles, each by the part that knows how."""
        site, clock, record = self._site, self._clock, self.arbiter.record
        station = (site.gcs_system_id, 190)
        self._commander = commander = Commander(*station)
        parameters = ParameterReader()
        self.weather = DockWeatherBook(site, clock)
        self.overrides = Overrides(self.directory, self.auditor, self.ledger, clock, self.drones)
        protocol = MissionProtocol(station)
        self.fences = FenceOffice(
            site,
            self.drones,
            self._bus.bucket(self._record, FencePlan),
            FenceBringer(protocol, commander, parameters),
            self.events,
            clock,
            self._in_order,
            lambda d: fence_gap(self.settings.values(d.id)),
        )
        self.plans = PlanOffice(
            site,
            self.drones,
            self.fences.plan,
            protocol,
            commander,
            self.ledger,
            record,
            self.events,
            clock,
            self._against_volume,
        )
        self.settings = SettingsWatch(
            self.drones.values(), parameters, self._rules_of, self.events, clock, self._in_order
        )
        self.wire.hear(Parameter, self.settings.heard)
        self.wire.hear_reboots(self.settings.rebooted)
        self.gate = LaunchGate(
            self._bus,
            self.subjects,
            site,
            parameters,
            clock=clock,
            fence_state=self.fences.state,
            fence_plan=self.fences.plan,
            settings=self.settings.values,
            weather=self.weather,
            overrides=self.overrides,
        )
        self.cameras = CameraOffice(self.drones.values(), clock, station)
        for kind, hearer in self.cameras.hears.items():
            self.wire.hear(kind, hearer)
        self._rate_hold = RateHold(clock)
        payload = Payload(commander, self.ledger, record, self.cameras, self._rate_hold)
        self.commands = CommandService(
            self.drones,
            self.arbiter,
            self.directory,
            self.qualified,
            Launcher(
                self._bus,
                self.subjects,
                site,
                self.arbiter,
                commander,
                parameters,
                self.ledger,
                self.gate,
            ),
            Mover(site, commander, self.ledger, record, self.fences.plan, self._against_volume),
            (payload, self.plans, self.overrides),
            self.activities,
            self.ledger,
            self.auditor,
            clock,
            self.tenure.may_act,
        )

    def _make_watch(self) -> None:
        """What looks at the vehicles, and what is told of them without being asked."""
        bus, site, clock, drones = self._bus, self._site, self._clock, tuple(self.drones.values())
        voice = Voice(clock)
        self.wire.hear(TimeSync, voice.take_time)
        self.rates = RateKeeper(clock)
        self.traffic = Traffic(
            bus,
            self.subjects,
            site.gateway,
            self._instance,
            drones,
            self.events,
            clock,
            self.awake,
        )
        for kind, hearer in self.traffic.hears.items():
            self.wire.hear(kind, hearer)
        self.figures = Figures(drones, self.wire.counters, clock)
        sources = Sources(
            links=lambda d: d.vehicle.links_up,
            uplink_age_s=self._unanswered_s,
            plan=self._plan_of,
            breached=self.fences.breached,
        )
        self.briefs = brief_office(self, bus, site, sources, clock)
        self.batcher = Batcher(
            bus,
            self.subjects,
            site.gateway,
            self._instance,
            drones,
            clock,
            sources,
            self.urgent,
        )
        self.profiles = Profiles(
            bus,
            self.subjects,
            site.gateway,
            self._instance,
            drones,
            self._profile_sources(),
            clock,
            self.awake,
        )
        self.loop = ArbiterLoop(
            drones,
            Watch(
                self.drones,
                self.arbiter.record,
                self.events,
                clock,
                sources.uplink_age_s,
                self.fences.breached,
            ),
            Contingency(
                self.arbiter.attended,
                self.arbiter.record,
                self.tenure.unconfirmed_s,
                self._commander,
                self.activities,
                self.auditor,
                self.events,
                clock,
                lambda d: stays_held_when_lost(self.settings.values(d.id)),
            ),
            self.arbiter,
            self.activities,
            Heartbeat(drones, voice, self.rates, clock),
            self.figures,
            self.awake,
            self.urgent,
        )

    def _profile_sources(self) -> ProfileSources:
        return ProfileSources(
            links=lambda d: self.wire.links(d.vehicle),
            signing=self._signing_of,
            settings=lambda d: self.settings.report(d.id),
            settings_age_s=lambda d: self.settings.age_s(d.id),
            slow_rates=lambda d: self.rates.slow(d.vehicle),
            fence=lambda d: self.fences.report(d.id),
            plan=lambda d: self.plans.report(d.id),
            camera=lambda d: self.cameras.report(d.id),
            override=lambda d: self.overrides.report(d.id),
            blocked=lambda d: () if d.airborne else self.gate.standing(d),
            trouble=lambda d: d.trouble,
            autopilot=lambda d: (d.autopilot.name if d.autopilot.known else "", ""),
        )

    def _signing_of(self, drone: Drone) -> tuple[SigningState, int]:
        signing = self._signing.get(drone.id)
        return (SigningState.OFF, 0) if signing is None else (signing.state, signing.dropped_total)

    def _rules_of(self, drone: Drone) -> Rules:
        ceiling_m = self.fences.plan().ceiling_relative_m
        return Rules(self._site.gcs_system_id, drone.return_height_m, ceiling_m)

    def _against_volume(
        self, drone: Drone, place: Position, height_m: float, start: Position | None = None
    ) -> str:
        """Why a place, or the way to it, lies outside of what an authority allows now; what was
        waived for the launch is waived for the flight."""
        if Waiver.VOLUME in self.overrides.of_flight(drone.id):
            return ""
        agl_m, now_ms = height_m + drone.dock.roof_height_m, self._clock.utc_ms()
        return "; ".join(against_volumes(self._site.volumes, start, place, agl_m, now_ms))

    def _plan_of(self, drone: Drone) -> tuple[PlanState, int, int]:
        report = self.plans.report(drone.id)
        return report.state, report.current, report.items

    def _unanswered_s(self, drone: Drone) -> float | None:
        """Since it last answered; of one that never did, since it was first heard."""
        age_s, first_s = drone.vehicle.uplink_age_s, drone.vehicle.first_heard_s
        if age_s is not None or first_s is None:
            return age_s
        return max(0.0, self._clock.monotonic() - first_s)

    def _in_order(self, drone: Drone) -> bool:
        """Whether something may be brought to a vehicle without anybody's order."""
        return self.tenure.may_act() and not drone.trouble
