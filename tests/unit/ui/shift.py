"""A shift for the desk's tests: real model values, a clock turned by hand, recorded acts."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gcs.geo.earth import offset
from gcs.model.alert import AlertImage, ImageReply, Judgement, Response
from gcs.model.brief import Line
from gcs.model.command import CommandKind, Receipt, ReceiptState, Waiver
from gcs.model.control import Claim, ControlRecord, ControlState, Offer
from gcs.model.event import EventKind, GatewayEvent, Severity
from gcs.model.fence import FencePlan
from gcs.model.function import Function
from gcs.model.mission import (
    DeskPresence,
    Grade,
    Incident,
    KeeperHello,
    MissionDrone,
    MissionRecord,
    MissionState,
    Stage,
)
from gcs.model.people import Holder, Role
from gcs.model.place import Position
from gcs.model.plan import FlightPlan
from gcs.model.process import ProcessHealth, ProcessState, ProcessTable
from gcs.model.site import OperatingMode, Site
from gcs.model.telemetry import DroneTelemetry, FlightMode, GatewayHello, Phase, TelemetryBatch
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.station.actions import Outcome
from gcs.station.state import DeskState, Links

SITE_FILE = Path(__file__).parents[3] / "resources" / "sites" / "islington.toml"
ME = Holder("pilot-a", "Pilot A", "desk-1")
OTHER = Holder("pilot-b", "Pilot B", "desk-2")
FLIGHT = Function.FLIGHT
UTC_MS = 1_790_000_000_000
CALLS = (
    (1042, Grade.IMMEDIATE, "Robbery", "Exmouth Market", 130, "Two males on foot, one with a bag."),
    (1043, Grade.SIGNIFICANT, "Missing person", "Spa Fields", 100, "Girl of nine, red coat."),
    (1039, Grade.EXTENDED, "Suspicious vehicle", "Farringdon Lane", 1082, "Grey van, engine on."),
    (1044, Grade.REFERRED, "Crowd at a closed gate", "Rosoman Street", 20, "About forty people."),
)


def key_of(number: int) -> str:
    """The key of a call of this shift."""
    return f"MPS-20260921-{number}"


def load_site() -> Site:
    """The training site as shipped."""
    return load_toml(SITE_FILE, Site)


@dataclass
class RecordingActions:
    """Every act asked for, in order; each is answered with `answer`."""

    answer: Outcome = field(default_factory=lambda: Outcome(True, "Done."))
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    fault: Exception | None = None
    gate: asyncio.Event | None = None
    images: dict[AlertImage, bytes] = field(default_factory=dict)

    async def _act(self, *what: Any) -> Outcome:
        self.asked.append(what)
        if self.gate is not None:
            await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return self.answer

    async def take_incident(self, key: str) -> Outcome:
        return await self._act("take_incident", key)

    async def release_incident(self, key: str) -> Outcome:
        return await self._act("release_incident", key)

    async def close_incident(self, key: str, text: str) -> Outcome:
        return await self._act("close_incident", key, text)

    async def launch(self, key: str, drone: str, height_m: float) -> Outcome:
        return await self._act("launch", key, drone, height_m)

    async def hold(self, drone: str) -> Outcome:
        return await self._act("hold", drone)

    async def go_to(self, drone: str, target: Position, height_m: float) -> Outcome:
        return await self._act("go_to", drone, target, height_m)

    async def return_home(self, drone: str) -> Outcome:
        return await self._act("return_home", drone)

    async def land(self, drone: str) -> Outcome:
        return await self._act("land", drone)

    async def take(self, drone: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("take", drone, function)

    async def offer(
        self,
        drone: str,
        person: str,
        reason: str,
        promised: str = "",
        payload: bool = True,
        function: Function = FLIGHT,
    ) -> Outcome:
        more = (promised, payload) if promised or not payload else ()
        return await self._control("offer", drone, function, person, reason, *more)

    async def cancel_offer(self, drone: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("cancel_offer", drone, function)

    async def open_brief(self, drone: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("open_brief", drone, function)

    async def tick(self, drone: str, line: Line, function: Function = FLIGHT) -> Outcome:
        return await self._control("tick", drone, function, line.key, line.digest)

    async def waive(self, drone: str, pre_check: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("waive", drone, function, pre_check)

    async def arm(self, drone: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("arm", drone, function)

    async def assume(self, drone: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("assume", drone, function)

    async def confirm(self, drone: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("confirm", drone, function)

    async def decline(self, drone: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("decline", drone, function)

    async def request(self, drone: str, reason: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("request", drone, function, reason)

    async def grant(self, drone: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("grant", drone, function)

    async def refuse(self, drone: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("refuse", drone, function)

    async def force(self, drone: str, reason: str) -> Outcome:
        return await self._act("force", drone, reason)

    async def object(self, drone: str) -> Outcome:
        return await self._act("object", drone)

    async def release(self, drone: str, function: Function = FLIGHT) -> Outcome:
        return await self._control("release", drone, function)

    async def _control(self, act: str, drone: str, function: Function, *more: Any) -> Outcome:
        """The function is told only where it is the camera's."""
        apart = () if function is FLIGHT else (function,)
        return await self._act(act, drone, *more, *apart)

    async def look_at(self, drone: str, target: Position) -> Outcome:
        return await self._act("look_at", drone, target)

    async def gimbal(self, drone: str, pitch_deg: float, yaw_deg: float) -> Outcome:
        return await self._act("gimbal", drone, pitch_deg, yaw_deg)

    async def zoom(self, drone: str, zoom: float) -> Outcome:
        return await self._act("zoom", drone, zoom)

    async def orbit(
        self, drone: str, centre: Position, height_m: float, radius_m: float
    ) -> Outcome:
        return await self._act("orbit", drone, centre, height_m, radius_m)

    async def speed(self, drone: str, mps: float) -> Outcome:
        return await self._act("speed", drone, mps)

    async def height(self, drone: str, height_m: float) -> Outcome:
        return await self._act("height", drone, height_m)

    async def fly_plan(self, drone: str, plan: FlightPlan) -> Outcome:
        return await self._act("fly_plan", drone, plan)

    async def pause_plan(self, drone: str) -> Outcome:
        return await self._act("pause_plan", drone)

    async def resume_plan(self, drone: str) -> Outcome:
        return await self._act("resume_plan", drone)

    async def plan_item(self, drone: str, item: int) -> Outcome:
        return await self._act("plan_item", drone, item)

    async def gimbal_rate(self, drone: str, pitch_dps: float, yaw_dps: float) -> Outcome:
        return await self._act("gimbal_rate", drone, pitch_dps, yaw_dps)

    async def allow(self, drone: str, waiver: Waiver, reason: str) -> Outcome:
        return await self._act("allow", drone, waiver, reason)

    async def set_fence(self, plan: FencePlan, reason: str) -> Outcome:
        return await self._act("set_fence", plan, reason)

    async def judge_alert(self, alert: str, judgement: Judgement, seen_utc_ms: int) -> Outcome:
        return await self._act("judge_alert", alert, judgement, seen_utc_ms)

    async def decide_alert(
        self, alert: str, response: Response, reason: str, seen_utc_ms: int
    ) -> Outcome:
        return await self._act("decide_alert", alert, response, reason, seen_utc_ms)

    async def alert_image(self, alert: str, image: AlertImage) -> ImageReply:
        outcome = await self._act("alert_image", alert, image)
        data = self.images.get(image)
        return ImageReply(outcome.ok and data is not None, outcome.text, data or b"")


class Shift:
    """A desk's state that tests drive: nine drones in their docks, links well, nobody flies."""

    def __init__(self) -> None:
        self.clock = ManualClock(1000.0, UTC_MS)
        self.site = load_site()
        self.state = DeskState(self.site, ME, self.clock)
        self.state.role = Role.PILOT
        self.silent: set[str] = set()
        self._sequence = 0
        self.drones = {
            spec.id: DroneTelemetry(
                spec.id,
                spec.system_id,
                phase=Phase.DOCKED,
                mode=FlightMode.GUIDED,
                mode_name="GUIDED",
                ready=True,
                position=self.site.dock_of(spec.id).position,
                relative_m=0.0,
                agl_m=self.site.dock_of(spec.id).roof_height_m,
                heading_deg=0.0,
                ground_speed_mps=0.0,
                battery_percent=96.0 - number,
                endurance_s=1640.0 - 20 * number,
                wind_mps=5.0,
                wind_from_deg=240.0,
                fence_active=True,
                heartbeat_age_s=0.2,
                position_age_s=0.1,
                battery_age_s=0.4,
                uplink_ms=14.0,
                loss_percent=0.0,
            )
            for number, spec in enumerate(self.site.drones)
        }
        self.links_well()
        self.batch()

    # -- what the network would bring ------------------------------------------------------
    def batch(self) -> None:
        """One telemetry batch of all drones that are not silent."""
        self._sequence += 1
        told = tuple(t for d, t in self.drones.items() if d not in self.silent)
        self.state.apply_batch(
            TelemetryBatch("gw1", "a", self._sequence, self.clock.utc_ms(), told)
        )

    def change(self, drone: str, **what: Any) -> None:
        """Other telemetry for a drone from the next batch on."""
        self.drones[drone] = replace(self.drones[drone], **what)

    def later(self, seconds: float) -> None:
        """Time passes; telemetry and links go on."""
        self.clock.advance(seconds)
        self.links_well()
        self.batch()

    def links_well(self, **what: Any) -> None:
        """All links answer now."""
        now = self.clock.monotonic()
        well = Links(True, 12.0, 4.0, now, now, now, now)
        self.state.apply_links(replace(well, **what))

    def hellos(self) -> None:
        """The gateway's, the keeper's and the supervisor's word."""
        now = self.clock.utc_ms()
        mode = OperatingMode.TRAINING
        self.state.apply_gateway(
            GatewayHello("gw1", "a", "islington", mode, True, "0.1", now, 600.0,
                         tuple(self.drones), 9, True, 100, 0, 0)
        )  # fmt: skip
        self.state.apply_keeper(KeeperHello("islington", "k", now, 40, True))
        names = ("nats", "simulate", "gateway", "keeper", "station")
        self.processes(**dict.fromkeys(names, ProcessState.RUNNING))

    def processes(self, **states: ProcessState) -> None:
        """The supervisor's table."""
        rows = tuple(ProcessHealth(name, state, 100, 0) for name, state in states.items())
        self.state.apply_processes(ProcessTable(self.clock.utc_ms(), rows))

    def call(self, number: int) -> MissionRecord:
        """One of the shift's calls comes in."""
        at = next(n for n, call in enumerate(CALLS) if call[0] == number)
        _, grade, category, place, age_s, description = CALLS[at]
        scene = offset(self.site.docks[0].position, 60.0 + 85 * at, 180.0 + 170 * at)
        received = self.clock.utc_ms() - age_s * 1000
        incident = Incident(
            key_of(number), number, grade, category, place, scene, description, received
        )
        mission = MissionRecord(incident, MissionState.OPEN)
        self.state.apply_mission(mission)
        return mission

    def mission(self, number: int, drone: str | None = None, **what: Any) -> MissionRecord:
        """The keeper changed a mission; `drone` is on its way for it."""
        before = self.state.mission(key_of(number))
        assert before is not None
        if drone is not None:
            what["drones"] = (MissionDrone(drone, Stage.OUT),)
        after = replace(before, **what)
        self.state.apply_mission(after)
        return after

    def owned(self, drone: str, holder: Holder = ME, epoch: int = 14) -> ControlRecord:
        """The gateway records a holder."""
        since = self.clock.utc_ms() - 120_000
        record = ControlRecord(drone, ControlState.OWNED, epoch, since, holder)
        self.state.apply_control(record)
        return record

    def offered(self, drone: str, by: Holder, to: Holder, seconds: float = 60.0) -> ControlRecord:
        """The gateway records an offer."""
        now = self.clock.utc_ms()
        offer = Offer(
            "offer-1", to.person, to.name, "End of shift, the scene is quiet",
            now, now + round(seconds * 1000),
        )  # fmt: skip
        record = ControlRecord(drone, ControlState.OFFERED, 7, now - 300_000, by, offer=offer)
        self.state.apply_control(record)
        return record

    def claimed(
        self, drone: str, holder: Holder, by: Holder, *, forced: bool = False, seconds: float = 30.0
    ) -> ControlRecord:
        """The gateway records that another asks for a drone, or takes it over."""
        now = self.clock.utc_ms()
        claim = Claim("claim-1", by, "nearer to the scene", now, now + round(seconds * 1000))
        state = ControlState.FORCED if forced else ControlState.REQUESTED
        record = ControlRecord(drone, state, 7, now - 300_000, holder, claim=claim)
        self.state.apply_control(record)
        return record

    def present(self, holder: Holder = OTHER, role: Role = Role.PILOT) -> None:
        """Somebody signed on at another desk."""
        self.state.apply_desk(DeskPresence(holder, role, self.clock.utc_ms(), True))

    def receipt(self, drone: str, kind: CommandKind, state: ReceiptState, **what: Any) -> Receipt:
        """The gateway tells what became of a command."""
        told = Receipt("c1", kind, drone, ME.person, ME.desk, state, "ok", self.clock.utc_ms(), 400)
        told = replace(told, **what)
        self.state.apply_receipt(told)
        return told

    def event(self, drone: str, text: str, severity: Severity, kind: EventKind) -> None:
        """A numbered event."""
        number = len(self.state.events) + 1
        now = self.clock.utc_ms()
        self.state.apply_event(GatewayEvent("gw1", "a", number, now, kind, drone, text, severity))

    # -- scenes ----------------------------------------------------------------------------
    def fly(self, drone: str, phase: Phase, at: Position, **what: Any) -> None:
        """The drone is in the air from the next batch on."""
        flying: dict[str, Any] = {
            "phase": phase,
            "armed": True,
            "position": at,
            "relative_m": 54.0,
            "agl_m": 72.0,
            "heading_deg": 214.0,
            "ground_speed_mps": 0.3,
            "battery_percent": 54.0,
            "endurance_s": 890.0,
        }
        self.change(drone, **(flying | what))

    def busy(self) -> None:
        """Four calls: one mine and on scene, one another's, two waiting; one drone silent."""
        self.hellos()
        self.present()
        self.present(Holder("super-c", "Supervisor C", "desk-3"), Role.SUPERVISOR)
        for number, *_ in CALLS:
            self.call(number)
        now = self.clock.utc_ms()
        scenes = {m.incident.number: m.incident.position for m in self.state.missions}
        self.mission(1042, state=MissionState.ON_SCENE, owner=ME, drone="ISL-02",
                     taken_utc_ms=now - 120_000, launched_utc_ms=now - 110_000,
                     on_scene_utc_ms=now - 60_000)  # fmt: skip
        self.mission(1039, state=MissionState.LAUNCHED, owner=OTHER, drone="ISL-05",
                     taken_utc_ms=now - 90_000, launched_utc_ms=now - 80_000)  # fmt: skip
        self.fly("ISL-02", Phase.ON_SCENE, scenes[1042])
        self.fly("ISL-05", Phase.EN_ROUTE, scenes[1039], ground_speed_mps=9.8,
                 battery_percent=81.0, endurance_s=1400.0, agl_m=64.0)  # fmt: skip
        self.change("ISL-08", ready=False, not_ready_because=("no GNSS",))
        self.change("ISL-04", battery_percent=22.0, endurance_s=380.0)
        self.owned("ISL-02")
        self.owned("ISL-05", OTHER, 3)
        self.silent.add("ISL-06")
        for _ in range(14):
            self.later(1.0)
        self.receipt("ISL-02", CommandKind.HOLD, ReceiptState.OBSERVED)
