"""One drone as the gateway knows it: its entry, its vehicle, what it was last asked to do."""

from collections.abc import Callable
from dataclasses import dataclass, field

from gcs.fleet.endurance import RETURN_SPEED_MPS
from gcs.gateway.phase import Shown, Stage
from gcs.geo.earth import distance_m
from gcs.link.autopilot import Autopilot, Circle
from gcs.link.autopilots import UNHEARD, driver_for
from gcs.link.reports import Battery, Heartbeat, LandedState, Motion, SystemStatus
from gcs.link.vehicle import Vehicle
from gcs.model.place import Position
from gcs.model.site import Dock, DroneSpec
from gcs.model.telemetry import AIRBORNE, FlightMode, Landed, Phase

SILENT_AFTER_S = 5.0
# An electric multicopter of this class: only used while the vehicle does not tell itself.
NOMINAL_FULL_BATTERY_S = 1500.0
NEEDS_HOLD = frozenset({FlightMode.GUIDED, FlightMode.PLAN, FlightMode.MANUAL, FlightMode.UNKNOWN})
STILL_MPS = 0.7
ON_ITS_WAY_MPS = 1.5  # more than a gust moves one that hovers
CLIMBS_MPS = 1.0
COMING_DOWN = frozenset({FlightMode.RETURN, FlightMode.LAND})
SAFE_MODES = COMING_DOWN | {FlightMode.HOLD, FlightMode.PLAN}


@dataclass(slots=True)
class Drone:
    """Mutable: the phase, the errand and what came of it. Written on the gateway's loop only.

    `scene` is the target of its launch; `circle` the orbit it was asked for; `fence_on_board`
    is set by who loads the fence, for a vehicle that has no switch for it; `came_home` until its
    control was given back.
    `setback` is what last ended a hand-off under way (a return, a failsafe), and when it began.
    `trouble_of` tells why the vehicle may get no commands at all; empty while it may.
    `not_ready` are the vehicle's own pre-arm texts with the time they were last heard.
    """

    spec: DroneSpec
    dock: Dock
    return_height_m: float
    vehicle: Vehicle
    trouble_of: Callable[[], str] = lambda: ""
    phase: Phase = Phase.SILENT
    stage: Stage = Stage.NOTHING
    scene: Position | None = None
    target: Position | None = None
    circle: Circle | None = None
    fence_on_board: bool = False
    flown: bool = False
    ever_flown: bool = False
    came_home: bool = False
    setback: str = ""
    setback_utc_ms: int = 0
    not_ready: dict[str, float] = field(default_factory=dict)
    _driver: tuple[Heartbeat | None, Autopilot] = (None, UNHEARD)

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def autopilot(self) -> Autopilot:
        """By its heartbeat; before that one that is not known and gets no orders."""
        beat, (known, driver) = self.heartbeat, self._driver
        if beat is not known:
            driver = driver_for(beat)
            self._driver = beat, driver
        return driver

    @property
    def trouble(self) -> str:
        """Why no command goes to this vehicle, in words; empty while one may."""
        return self.trouble_of()

    @property
    def heartbeat(self) -> Heartbeat | None:
        return self.vehicle.value(Heartbeat)

    @property
    def motion(self) -> Motion | None:
        return self.vehicle.value(Motion)

    @property
    def armed(self) -> bool:
        return self.heartbeat is not None and self.heartbeat.armed

    @property
    def failsafe(self) -> bool:
        return self.heartbeat is not None and self.heartbeat.critical

    @property
    def mode(self) -> FlightMode:
        return self.mode_and_word[0]

    @property
    def mode_and_word(self) -> tuple[FlightMode, str]:
        """The mode and the autopilot's own word for it."""
        beat = self.heartbeat
        return (FlightMode.UNKNOWN, "") if beat is None else self.autopilot.mode(beat.custom_mode)

    @property
    def still(self) -> bool:
        """It hardly moves over ground."""
        return self.motion is not None and self.motion.ground_speed_mps < STILL_MPS

    @property
    def flies_on(self) -> bool:
        """It needs a hold: in a mode that wants input or flies somewhere, or, where a mode that
        says hold flies repositions, on such a way."""
        if self.mode is not FlightMode.HOLD:
            return self.mode in NEEDS_HOLD
        motion = self.motion
        fast = motion is not None and (
            motion.ground_speed_mps > ON_ITS_WAY_MPS or abs(motion.climb_mps) > CLIMBS_MPS
        )
        repositions = FlightMode.HOLD in self.autopilot.moves_in
        return repositions and (fast or self.stage is not Stage.NOTHING)

    @property
    def needs_no_input(self) -> bool:
        """In a mode that is safe when nobody touches anything: it holds, flies a plan, returns or
        lands. One that hovers where it was sent is not: it waits to be sent on."""
        if self.mode is FlightMode.HOLD:
            repositions = FlightMode.HOLD in self.autopilot.moves_in
            return not (repositions and self.stage is not Stage.NOTHING)
        return self.mode in SAFE_MODES

    @property
    def landed(self) -> Landed:
        state = self.vehicle.value(LandedState)
        return Landed.UNKNOWN if state is None else state.landed

    @property
    def airborne(self) -> bool:
        """In the air as last judged; a drone gone silent in flight stays so."""
        return self.phase in AIRBORNE or (self.phase is Phase.SILENT and self.flown)

    @property
    def ready(self) -> bool:
        status = self.vehicle.value(SystemStatus)
        return status is not None and status.ready

    @property
    def fence_active(self) -> bool:
        """By its SYS_STATUS; where it has no switch, by what was loaded and read back."""
        if not self.autopilot.fence_has_switch:
            return self.fence_on_board
        status = self.vehicle.value(SystemStatus)
        return status is not None and status.fence_enabled

    @property
    def battery_percent(self) -> float | None:
        """BATTERY_STATUS first, SYS_STATUS while there is none."""
        battery = self.vehicle.value(Battery)
        if battery is not None and battery.percent is not None:
            return battery.percent
        status = self.vehicle.value(SystemStatus)
        return None if status is None else status.battery_percent

    @property
    def endurance_s(self) -> float | None:
        """The vehicle's own remaining time; else its share of a nominal full battery."""
        battery = self.vehicle.value(Battery)
        if battery is not None and battery.remaining_s is not None:
            return battery.remaining_s
        percent = self.battery_percent
        return None if percent is None else percent / 100.0 * NOMINAL_FULL_BATTERY_S

    def distance_to_m(self, place: Position | None) -> float | None:
        """Metres over ground from the vehicle to a place; None when either is not known."""
        motion = self.motion
        return None if motion is None or place is None else distance_m(motion.position, place)

    def shown(self) -> Shown:
        """What `phase.judge` needs."""
        motion = self.motion
        return Shown(
            heard=self.vehicle.heard_within(SILENT_AFTER_S),
            armed=self.armed,
            landed=self.landed,
            mode=self.mode,
            relative_m=None if motion is None else motion.relative_m,
            ground_speed_mps=0.0 if motion is None else motion.ground_speed_mps,
            dock_m=self.distance_to_m(self.dock.position),
            scene_m=self.distance_to_m(self.scene),
            stage=self.stage,
            was_on_scene=self.phase is Phase.ON_SCENE,
            moves_in_hold=FlightMode.HOLD in self.autopilot.moves_in,
        )

    def forget_errand(self) -> None:
        """Nothing is asked of the vehicle any more; the scene is kept until it comes home."""
        self.stage = Stage.NOTHING
        self.target = self.circle = None


def transit_s(metres: float) -> float:
    """The longest a transit may take before it counts as not observed."""
    return 20.0 + 2.0 * metres / RETURN_SPEED_MPS
