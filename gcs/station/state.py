"""Everything a desk knows, on one thread, with change notices. No I/O, no clock of its own.

The network side (`gcs.station.desk`) calls `apply_*`; views read the fields and subscribe.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from gcs.dispatch.ranking import Candidate, rank
from gcs.fleet.endurance import Endurance, endurance
from gcs.fleet.state import FleetState, Freshness, freshness
from gcs.geo.fence_plan import plan_of
from gcs.model.alert import STILL_OPEN, AlertRecord, Deployment
from gcs.model.brief import BriefSheet
from gcs.model.command import Receipt
from gcs.model.control import HANDOVER, ControlRecord, ControlState
from gcs.model.event import GatewayEvent, Severity
from gcs.model.feed import RelayHello
from gcs.model.fence import FencePlan
from gcs.model.function import Function
from gcs.model.mission import DeskPresence, KeeperHello, MissionRecord, MissionState
from gcs.model.people import Holder, Role
from gcs.model.plan import FlightPlan, PlanState
from gcs.model.process import ProcessTable
from gcs.model.site import Site
from gcs.model.telemetry import GatewayHello, TelemetryBatch
from gcs.model.traffic import TrafficPicture
from gcs.model.vehicle import VehicleProfile, VehicleProfiles
from gcs.model.weather import DockWeather
from gcs.runtime.clock import Clock

KEEP_EVENTS = 500


class Topic(StrEnum):
    """What changed. The subscriber's argument is named beside each."""

    FLEET = "fleet"  # frozenset[str] of drones
    CONTROL = "control"  # drone id
    BRIEF = "brief"  # drone id
    MISSION = "mission"  # incident key
    DESKS = "desks"  # desk id
    RECEIPT = "receipt"  # Receipt
    EVENT = "event"  # GatewayEvent
    LINKS = "links"  # Links
    PROCESSES = "processes"  # ProcessTable
    NOTICE = "notice"  # Notice
    ALERT = "alert"  # alert id
    RELAY = "relay"  # RelayHello
    VEHICLES = "vehicles"  # frozenset[str] of drones whose profile changed
    TRAFFIC = "traffic"  # TrafficPicture
    WEATHER = "weather"  # dock id
    FENCE = "fence"  # FencePlan


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence to the operator."""

    severity: Severity
    text: str
    utc_ms: int


@dataclass(frozen=True, slots=True)
class Links:
    """Health of what this desk depends on. Times in ms; `*_at_s` monotonic, None = never.

    `lease_age_s`: since the send time of the last acknowledged renewal.
    """

    bus_connected: bool = False
    gateway_ms: float | None = None
    keeper_ms: float | None = None
    gateway_at_s: float | None = None
    keeper_at_s: float | None = None
    central_at_s: float | None = None
    lease_acknowledged_at_s: float | None = None


@dataclass(slots=True)
class _Book:
    missions: dict[str, MissionRecord] = field(default_factory=dict)
    controls: dict[str, ControlRecord] = field(default_factory=dict)  # of the flights
    payloads: dict[str, ControlRecord] = field(default_factory=dict)  # where apart
    briefs: dict[tuple[str, Function], tuple[BriefSheet, float]] = field(default_factory=dict)
    desks: dict[str, DeskPresence] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    alerts: dict[str, AlertRecord] = field(default_factory=dict)
    deployments: dict[str, Deployment] = field(default_factory=dict)
    profiles: dict[str, tuple[VehicleProfile, float]] = field(default_factory=dict)
    plans: dict[str, FlightPlan] = field(default_factory=dict)
    weather: dict[str, tuple[DockWeather, float]] = field(default_factory=dict)


LEASE_GREY_AFTER_S = 4.0
BRIEF_STALE_S = 3.0
_UNDER_WAY = frozenset({PlanState.READY, PlanState.FLYING, PlanState.PAUSED})


class DeskState:
    """What this desk knows. All methods run on one thread."""

    def __init__(self, site: Site, me: Holder, clock: Clock) -> None:
        self.site = site
        self.me = me
        self.role: Role | None = None
        self.clock = clock
        self.fleet = FleetState()
        self.links = Links()
        self.processes: ProcessTable | None = None
        self.gateway: GatewayHello | None = None
        self.keeper: KeeperHello | None = None
        self.relay: RelayHello | None = None
        self.relay_at_s: float | None = None
        self.traffic: TrafficPicture | None = None
        self.traffic_at_s: float | None = None
        self.fence: FencePlan = plan_of(site.fence)  # until the keeper's record is heard
        self.events: deque[GatewayEvent] = deque(maxlen=KEEP_EVENTS)
        self.notices: deque[Notice] = deque(maxlen=KEEP_EVENTS)
        self._book = _Book()
        self._subscribers: dict[Topic, list[Callable[..., None]]] = {t: [] for t in Topic}

    # -- reading ---------------------------------------------------------------------------
    def subscribe(self, topic: Topic, callback: Callable[..., None]) -> Callable[[], None]:
        """Call `callback(argument)` on each change of `topic`; returns the unsubscriber."""
        self._subscribers[topic].append(callback)
        return lambda: self._subscribers[topic].remove(callback)

    @property
    def missions(self) -> tuple[MissionRecord, ...]:
        """All missions not closed: most urgent grade first, then the oldest first."""
        still = [m for m in self._book.missions.values() if m.state is not MissionState.CLOSED]
        order = "ISER"
        return tuple(
            sorted(
                still,
                key=lambda m: (order.index(m.incident.grade.value), m.incident.received_utc_ms),
            )
        )

    def mission(self, key: str) -> MissionRecord | None:
        """One mission, also when closed."""
        return self._book.missions.get(key)

    def mission_of(self, drone: str) -> MissionRecord | None:
        """The open mission that this drone flies for."""
        return next((m for m in self.missions if m.part(drone)), None)

    def control(self, drone: str, function: Function = Function.FLIGHT) -> ControlRecord | None:
        """The record of the drone's flight or payload as last seen; coupled, both are one."""
        if function is Function.PAYLOAD and not self.site.drone(drone).coupled:
            return self._book.payloads.get(drone)
        return self._book.controls.get(drone)

    def brief(self, drone: str, function: Function = Function.FLIGHT) -> BriefSheet | None:
        """The sheet of the hand-over under way; None while none of it was heard for 3 s."""
        sheet, age_s = self.last_brief(drone, function)
        return sheet if age_s < BRIEF_STALE_S else None

    def last_brief(
        self, drone: str, function: Function = Function.FLIGHT
    ) -> tuple[BriefSheet | None, float]:
        """The newest sheet of the hand-over under way and the seconds since it was heard."""
        record, known = self.control(drone, function), self._book.briefs.get((drone, function))
        if record is None or record.handover is None or known is None:
            return None, 0.0
        sheet, at_s = known
        if sheet.handover != record.handover.id:
            return None, 0.0
        return sheet, self.clock.monotonic() - at_s

    def handovers(self) -> tuple[ControlRecord, ...]:
        """Hand-overs in which this desk gives or receives, flights first."""
        every = (*self._book.controls.values(), *self._book.payloads.values())
        return tuple(
            r
            for r in every
            if r.state in HANDOVER
            and r.handover
            and self.me in (r.handover.giver, r.handover.receiver)
        )

    def in_control(self, drone: str, function: Function = Function.FLIGHT) -> bool:
        """Whether this desk may believe it controls the drone *now*: record and lease agree."""
        record = self.control(drone, function)
        if record is None or record.state is ControlState.UNCERTAIN:
            return False
        return record.holder == self.me and self.lease_good

    @property
    def lease_good(self) -> bool:
        """Under 4 s since the send time of the last acknowledged renewal."""
        at = self.links.lease_acknowledged_at_s
        return at is not None and self.clock.monotonic() - at < LEASE_GREY_AFTER_S

    def offers_to_me(self) -> tuple[ControlRecord, ...]:
        """Drones, or their cameras alone, offered to this person and not yet answered."""
        return tuple(
            r
            for r in (*self._book.controls.values(), *self._book.payloads.values())
            if r.state is ControlState.OFFERED and r.offer and r.offer.to_person == self.me.person
        )

    def claims_on_me(self) -> tuple[ControlRecord, ...]:
        """Drones of this desk that another asks for or takes over."""
        every = (*self._book.controls.values(), *self._book.payloads.values())
        return tuple(r for r in every if r.claim is not None and r.holder == self.me)

    def held(self) -> tuple[ControlRecord, ...]:
        """What this desk holds by the record, flights first."""
        every = (*self._book.controls.values(), *self._book.payloads.values())
        return tuple(r for r in every if r.holder == self.me)

    @property
    def others(self) -> tuple[DeskPresence, ...]:
        """People signed on at other desks, present now."""
        return tuple(
            d for d in self._book.desks.values() if d.present and d.holder.person != self.me.person
        )

    def last_receipt(self, drone: str) -> Receipt | None:
        """The newest receipt of a command to this drone, from any desk."""
        return self._book.receipts.get(drone)

    @property
    def open_alerts(self) -> tuple[AlertRecord, ...]:
        """Alerts that wait for a decision, the newest capture first."""
        waiting = [a for a in self._book.alerts.values() if a.state in STILL_OPEN]
        return tuple(sorted(waiting, key=lambda a: a.alert.capture_utc_us, reverse=True))

    def alert(self, alert: str) -> AlertRecord | None:
        """One alert, also when it is decided; None when it is not known or erased."""
        return self._book.alerts.get(alert)

    def deployment(self, deployment: str) -> Deployment | None:
        """A deployment of this shift."""
        return self._book.deployments.get(deployment)

    def profile(self, drone: str) -> VehicleProfile | None:
        """What the gateway knows of the vehicle beyond its flight."""
        known = self._book.profiles.get(drone)
        return known[0] if known else None

    def profile_age_s(self, drone: str) -> float | None:
        """Seconds since that was heard; None when it never was."""
        known = self._book.profiles.get(drone)
        return self.clock.monotonic() - known[1] if known else None

    def plan_flown(self, drone: str) -> FlightPlan | None:
        """The plan that the drone shows it flies or has paused, if this desk sent it."""
        plan, profile = self._book.plans.get(drone), self.profile(drone)
        if plan is None or profile is None or profile.plan.digest != plan.digest:
            return None
        return plan if profile.plan.state in _UNDER_WAY else None

    def weather(self, dock: str) -> DockWeather | None:
        """What the dock's own weather station said last."""
        known = self._book.weather.get(dock)
        return known[0] if known else None

    def weather_age_s(self, dock: str) -> float | None:
        """Seconds since that was heard; None when it never was."""
        known = self._book.weather.get(dock)
        return self.clock.monotonic() - known[1] if known else None

    def endurance(self, drone: str) -> Endurance | None:
        """What the drone's battery buys; None when it is not known."""
        view = self.fleet.get(drone)
        if view is None or freshness(view.battery_age_s(self.clock.monotonic())) is Freshness.GONE:
            return None
        dock = self.site.dock_of(drone)
        return endurance(view.telemetry, dock.position, self.site.required_return_height_m(drone))

    def candidates(self, key: str, height_m: float) -> tuple[Candidate, ...]:
        """The explained ranking of drones for an incident; empty for an unknown one."""
        mission = self._book.missions.get(key)
        if mission is None:
            return ()
        return rank(
            mission.incident.position,
            height_m,
            self.site,
            self.fleet.drones,
            self._book.controls,
            self.clock.monotonic(),
        )

    # -- what came in ----------------------------------------------------------------------
    def apply_batch(self, batch: TelemetryBatch) -> None:
        changed = self.fleet.apply(batch, self.clock.monotonic())
        if changed:
            self._tell(Topic.FLEET, changed)

    def apply_control(self, record: ControlRecord) -> None:
        apart = record.function is Function.PAYLOAD
        (self._book.payloads if apart else self._book.controls)[record.drone] = record
        self._tell(Topic.CONTROL, record.drone)

    def apply_brief(self, sheet: BriefSheet) -> None:
        key = (sheet.drone, sheet.function)
        self._book.briefs[key] = sheet, self.clock.monotonic()
        self._tell(Topic.BRIEF, sheet.drone)

    def apply_mission(self, record: MissionRecord) -> None:
        self._book.missions[record.incident.key] = record
        self._tell(Topic.MISSION, record.incident.key)

    def apply_desk(self, presence: DeskPresence) -> None:
        self._book.desks[presence.holder.desk] = presence
        self._tell(Topic.DESKS, presence.holder.desk)

    def apply_event(self, event: GatewayEvent) -> None:
        self.events.append(event)
        self._tell(Topic.EVENT, event)
        if event.receipt is not None:
            self.apply_receipt(event.receipt)

    def apply_receipt(self, receipt: Receipt) -> None:
        known = self._book.receipts.get(receipt.drone)
        same = known is not None and known.command_id == receipt.command_id
        if known is not None and same and known.elapsed_ms > receipt.elapsed_ms:
            return  # an answer overtaken by its own event
        self._book.receipts[receipt.drone] = receipt
        self._tell(Topic.RECEIPT, receipt)

    def apply_links(self, links: Links) -> None:
        self.links = links
        self._tell(Topic.LINKS, links)

    def apply_gateway(self, hello: GatewayHello) -> None:
        self.gateway = hello

    def apply_keeper(self, hello: KeeperHello) -> None:
        self.keeper = hello

    def apply_alert(self, record: AlertRecord) -> None:
        known = self._book.alerts.get(record.alert.id)
        if known is None or record.version >= known.version:
            self._book.alerts[record.alert.id] = record
            self._tell(Topic.ALERT, record.alert.id)

    def forget_alert(self, alert: str) -> None:
        """Its record is erased."""
        if self._book.alerts.pop(alert, None) is not None:
            self._tell(Topic.ALERT, alert)

    def apply_deployment(self, deployment: Deployment) -> None:
        self._book.deployments[deployment.id] = deployment

    def apply_relay(self, hello: RelayHello) -> None:
        self.relay = hello
        self.relay_at_s = self.clock.monotonic()
        self._tell(Topic.RELAY, hello)

    def apply_processes(self, table: ProcessTable) -> None:
        self.processes = table
        self._tell(Topic.PROCESSES, table)

    def apply_vehicles(self, profiles: VehicleProfiles) -> None:
        now = self.clock.monotonic()
        told = {p.drone: p for p in profiles.profiles}
        changed = frozenset(d for d, p in told.items() if self.profile(d) != p)
        self._book.profiles.update({d: (p, now) for d, p in told.items()})
        if changed:
            self._tell(Topic.VEHICLES, changed)

    def note_plan(self, drone: str, plan: FlightPlan) -> None:
        """This desk sent the drone a plan: no profile tells its points."""
        self._book.plans[drone] = plan

    def apply_traffic(self, picture: TrafficPicture) -> None:
        self.traffic = picture
        self.traffic_at_s = self.clock.monotonic()
        self._tell(Topic.TRAFFIC, picture)

    def apply_weather(self, weather: DockWeather) -> None:
        self._book.weather[weather.dock] = weather, self.clock.monotonic()
        self._tell(Topic.WEATHER, weather.dock)

    def apply_fence(self, plan: FencePlan) -> None:
        if plan.version >= self.fence.version and plan != self.fence:
            self.fence = plan
            self._tell(Topic.FENCE, plan)

    def notice(self, severity: Severity, text: str) -> None:
        """Tell the operator one sentence."""
        notice = Notice(severity, text, self.clock.utc_ms())
        self.notices.append(notice)
        self._tell(Topic.NOTICE, notice)

    def _tell(self, topic: Topic, argument: object) -> None:
        for callback in tuple(self._subscribers[topic]):
            callback(argument)
