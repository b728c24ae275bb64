"""What a drone reports, in SI units, and the batch that carries it to every desk."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.place import Position
from gcs.model.plan import PlanState
from gcs.model.site import OperatingMode


class FlightMode(StrEnum):
    """Modes by what they mean to a desk; the autopilot's own word travels beside it."""

    GUIDED = "guided"
    PLAN = "plan"
    HOLD = "hold"
    RETURN = "return"
    LAND = "land"
    MANUAL = "manual"
    UNKNOWN = "unknown"


class Landed(StrEnum):
    """MAVLink EXTENDED_SYS_STATE landed_state."""

    UNKNOWN = "unknown"
    ON_GROUND = "on_ground"
    IN_AIR = "in_air"
    TAKING_OFF = "taking_off"
    LANDING = "landing"


class Phase(StrEnum):
    """Where a drone is in its task, judged by the gateway from what the vehicle shows."""

    SILENT = "silent"
    DOCKED = "docked"
    ARMED = "armed"
    CLIMBING = "climbing"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    MOVING = "moving"
    HOLDING = "holding"
    RETURNING = "returning"
    LANDING = "landing"
    LANDED = "landed"  # on the ground, disarmed, away from its dock


AIRBORNE = frozenset(
    {
        Phase.CLIMBING,
        Phase.EN_ROUTE,
        Phase.ON_SCENE,
        Phase.MOVING,
        Phase.HOLDING,
        Phase.RETURNING,
        Phase.LANDING,
    }
)


@dataclass(frozen=True, slots=True)
class DroneTelemetry:
    """One drone in one batch. Ages are seconds at the batch's own time; None = never heard.

    Heights: `relative_m` is above home (the dock's roof); `agl_m` = relative + roof height.
    `heading_deg` clockwise from true north. `wind_from_deg` is where the wind comes from.
    `gimbal_pitch_deg` is 0 level and negative down, `gimbal_yaw_deg` clockwise from the nose.
    `uplink_age_s`: since the vehicle last answered us (the downlink's age is the heartbeat's).
    `links` are those on which it is heard. `trouble`: why commands are refused, else empty.
    """

    drone: str
    system_id: int
    phase: Phase = Phase.SILENT
    mode: FlightMode = FlightMode.UNKNOWN
    mode_name: str = ""
    armed: bool = False
    landed: Landed = Landed.UNKNOWN
    failsafe: bool = False
    ready: bool = False
    not_ready_because: tuple[str, ...] = ()
    position: Position | None = None
    relative_m: float | None = None
    agl_m: float | None = None
    heading_deg: float | None = None
    roll_deg: float | None = None
    pitch_deg: float | None = None
    ground_speed_mps: float | None = None
    climb_mps: float | None = None
    battery_percent: float | None = None
    battery_v: float | None = None
    endurance_s: float | None = None
    wind_mps: float | None = None
    wind_from_deg: float | None = None
    satellites: int | None = None
    target: Position | None = None
    gimbal_pitch_deg: float | None = None
    gimbal_yaw_deg: float | None = None
    zoom: float | None = None
    fence_active: bool = False
    fence_breached: bool = False
    heartbeat_age_s: float | None = None
    position_age_s: float | None = None
    battery_age_s: float | None = None
    uplink_ms: float | None = None
    loss_percent: float | None = None
    uplink_age_s: float | None = None
    links: int = 0
    trouble: str = ""
    plan_state: PlanState = PlanState.NONE
    plan_item: int = 0
    plan_items: int = 0

    def __post_init__(self) -> None:
        check.token("drone", self.drone)
        check.finite("system_id", self.system_id, 1, 255)
        check.optional_finite("relative_m", self.relative_m, -500.0, 5000.0)
        check.optional_finite("agl_m", self.agl_m, -500.0, 5000.0)
        check.optional_finite("heading_deg", self.heading_deg, 0.0, 360.0)
        check.optional_finite("roll_deg", self.roll_deg, -180.0, 180.0)
        check.optional_finite("pitch_deg", self.pitch_deg, -180.0, 180.0)
        check.optional_finite("ground_speed_mps", self.ground_speed_mps, 0.0, 200.0)
        check.optional_finite("climb_mps", self.climb_mps, -100.0, 100.0)
        check.optional_finite("battery_percent", self.battery_percent, 0.0, 100.0)
        check.optional_finite("battery_v", self.battery_v, 0.0, 200.0)
        check.optional_finite("endurance_s", self.endurance_s, 0.0, 86400.0)
        check.optional_finite("wind_mps", self.wind_mps, 0.0, 200.0)
        check.optional_finite("gimbal_pitch_deg", self.gimbal_pitch_deg, -180.0, 180.0)
        check.optional_finite("gimbal_yaw_deg", self.gimbal_yaw_deg, -180.0, 180.0)
        check.optional_finite("zoom", self.zoom, 1.0, 100.0)
        for name in ("heartbeat_age_s", "position_age_s", "battery_age_s", "uplink_age_s"):
            check.optional_finite(name, getattr(self, name), 0.0)
        check.optional_finite("uplink_ms", self.uplink_ms, 0.0)
        check.optional_finite("loss_percent", self.loss_percent, 0.0, 100.0)

    @property
    def airborne(self) -> bool:
        """In the air as far as the vehicle's own state shows."""
        return self.phase in AIRBORNE


@dataclass(frozen=True, slots=True)
class TelemetryBatch:
    """Drones of one gateway, each 10 times a second; a gateway of many tells them in several
    batches. `sequence` counts the batches and restarts with `instance`."""

    gateway: str
    instance: str
    sequence: int
    utc_ms: int
    drones: tuple[DroneTelemetry, ...]

    def __post_init__(self) -> None:
        check.token("gateway", self.gateway)


@dataclass(frozen=True, slots=True)
class GatewayHello:
    """Once a second: what this gateway is. The TRAINING mark on a desk comes from here."""

    gateway: str
    instance: str
    site: str
    mode: OperatingMode
    simulated: bool
    build: str
    utc_ms: int
    uptime_s: float
    drones: tuple[str, ...]
    seen: int
    claim_held: bool
    messages_in: int
    messages_bad: int
    foreign_packets: int
