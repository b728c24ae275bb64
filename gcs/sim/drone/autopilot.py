"""The autopilot: modes, arming, take-off and go-to, stepped through time. No MAVLink here.

What it has to say goes through `say(severity, text)`. Safety choices against the real one:
motors never stop in the air (no forced disarm), STABILIZE is refused there, and forced
arming runs the same checks as any other.
"""

import math
import random
from collections.abc import Callable
from enum import IntEnum

from gcs.geo.earth import LocalFrame
from gcs.model.place import Position
from gcs.sim.drone.airframe import Airframe
from gcs.sim.drone.arming import ArmingFacts, prearm_reasons
from gcs.sim.drone.auto_flight import AutoFlight, yaw_of
from gcs.sim.drone.battery import Battery, Load
from gcs.sim.drone.circling import circle_ahead
from gcs.sim.drone.config import DroneConfig
from gcs.sim.drone.failsafes import BatteryWatch, EkfWatch, GcsWatch
from gcs.sim.drone.faults import Faults
from gcs.sim.drone.fence import ALT_MAX_BIT, Fence, carry, names
from gcs.sim.drone.manoeuvres import (
    GoTo,
    Hold,
    Land,
    Manoeuvre,
    Place,
    Rest,
    Return,
    TakeOff,
    place_of,
)
from gcs.sim.drone.mission import Mission
from gcs.sim.drone.mission_pilot import MissionPilot
from gcs.sim.drone.modes import DISARMS_AFTER_LANDING, RULES, TAKE_OFF_MODES, TAKES_SPEED, Mode
from gcs.sim.drone.parameters import Parameters
from gcs.sim.drone.rally import Rally
from gcs.sim.drone.sensors import Sensors
from gcs.sim.drone.wind_estimate import WindEstimate
from gcs.sim.weather import Weather, Wind

FLYING_STEP_S = 0.02
PARKED_STEP_S = 0.1
LAND_DETECTED_S = 5.5  # standing still for this long is having landed
_DOCK_REACH_M = 3.0

CRITICAL, ERROR, WARNING, NOTICE, INFO = 2, 3, 4, 5, 6  # MAV_SEVERITY


class Outcome(IntEnum):
    """MAV_RESULT of a command."""

    ACCEPTED = 0
    DENIED = 2
    UNSUPPORTED = 3
    FAILED = 4


class Autopilot:
    """One vehicle's mind and body. `step(now_s)` moves it; the rest are orders and facts."""

    def __init__(
        self, config: DroneConfig, weather: Weather, seed: int, now_s: float, faults: Faults
    ) -> None:
        self.config = config
        self.faults = faults
        self.say: Callable[[int, str], None] = lambda severity, text: None
        self.frame = LocalFrame(config.home)
        self.body = Airframe(self._surface_up_m, math.radians(config.heading_deg))
        self.battery = Battery(config.battery_fraction)
        self.sensors = Sensors(seed)
        self.home = Place(0.0, 0.0, 0.0)
        self.params = Parameters({"MAV_SYSID": config.system_id, **config.parameters})
        self.fence = Fence(self.frame)
        self.mission = Mission()
        self.missions = MissionPilot(self)
        self.rally = Rally(self.frame)
        if config.fence is not None:
            carry(self.fence, config.fence, self.params)
        self._weather = weather
        self._gust_shift_s = random.Random(seed).uniform(0.0, 3600.0)
        self.wind = Wind()
        self._wind_estimate = WindEstimate()
        self._start(now_s, now_s - config.booted_s_ago)

    def _start(self, now_s: float, boot_s: float) -> None:
        self.now_s = self._moved_s = now_s
        self.boot_s = boot_s
        self.mode = Mode.STABILIZE
        self.manoeuvre: Manoeuvre = Rest()
        self.armed = False
        self.landed = True
        self.missions.auto_armed = False
        self._speed_mps: float | None = None
        self.gcs = GcsWatch()
        self.battery_low = BatteryWatch()
        self.battery_critical = BatteryWatch()
        self.ekf = EkfWatch()
        self.position_failsafe = False
        self._idle_since_s = self._still_since_s = now_s

    def _surface_up_m(self, east_m: float, north_m: float) -> float:
        on_roof = math.hypot(east_m, north_m) <= _DOCK_REACH_M
        return 0.0 if on_roof else -self.config.roof_height_m

    # -- facts -----------------------------------------------------------------------------
    @property
    def since_boot_s(self) -> float:
        """Seconds since the autopilot started."""
        return self.now_s - self.boot_s

    @property
    def failsafe(self) -> bool:
        """Any failsafe is on: the heartbeat's status is critical."""
        watches = (self.gcs, self.battery_low, self.battery_critical)
        return self.position_failsafe or any(w.active for w in watches)

    @property
    def in_dock(self) -> bool:
        """It stands on its pad."""
        body = self.body
        away_m = math.hypot(body.east_m, body.north_m)
        return self.landed and away_m <= _DOCK_REACH_M and abs(body.up_m) < 1.0

    @property
    def wind_estimate(self) -> tuple[float, float] | None:
        """East and north, once flight has told it."""
        return self._wind_estimate.value

    @property
    def taking_off(self) -> bool:
        """Between the order and the height."""
        return self.manoeuvre.taking_off

    @property
    def parked(self) -> bool:
        """Nothing moves: it may be stepped slowly."""
        return self.landed and not self.armed

    def breaks_fence(self, place: Place) -> int:
        """FENCE_TYPE bits a place would break; 0 while the fence is off."""
        if not self.fence.enabled:
            return 0
        return self.fence.broken_by(self.params, place.east_m, place.north_m, place.up_m)

    def prearm_reasons(self) -> tuple[str, ...]:
        """Why it may not arm now, in words."""
        here = place_of(self.body)
        low = self.params["BATT_LOW_MAH"]
        return prearm_reasons(
            ArmingFacts(
                since_boot_s=self.since_boot_s,
                gnss=not self.faults.gnss_loss,
                position_ok=not self.ekf.active,
                battery_low=self.battery.remaining_mah < low,
                battery_failsafe=self.battery_low.active or self.battery_critical.active,
                outside=names(self.breaks_fence(here)),
            )
        )

    # -- orders ----------------------------------------------------------------------------
    def change_mode(self, number: int) -> bool:
        """Change to a mode by its number; a refusal is said in words."""
        try:
            mode = Mode(number)
        except ValueError:
            self.say(WARNING, f"No such mode {number}")
            return False
        if mode is self.mode:
            return True
        why = self._why_not(mode)
        if why:
            self.say(WARNING, f"Mode change to {mode.name} failed: {why}")
            return False
        self._enter(mode)
        return True

    def _enter(self, mode: Mode) -> None:
        if self.mode is Mode.AUTO:
            self.mission.stop()
        self.mode = mode
        self._speed_mps = None
        at_rest = self.landed and mode is not Mode.AUTO
        self.manoeuvre = Rest() if at_rest else self._manoeuvre_of(mode)

    def _why_not(self, mode: Mode) -> str:
        if mode is Mode.AUTO and (why := self.missions.why_not()):
            return why
        if RULES[mode].needs_position and self.ekf.active:
            return "requires position"
        if mode is Mode.STABILIZE and not self.landed:
            return "throttle too high"
        if self.battery.fraction <= 0.0 and not self.landed and mode is not Mode.LAND:
            return "battery empty"
        return ""

    def _manoeuvre_of(self, mode: Mode) -> Manoeuvre:
        if mode is Mode.RTL:
            return self.return_from_here()
        if mode is Mode.LAND:
            return Land(self.body, drift=self.ekf.active)
        if mode is Mode.AUTO:
            return self.missions.fly()
        if mode is Mode.CIRCLE:
            return circle_ahead(self.body, self.params)
        return Hold(self.body, hard=mode is Mode.BRAKE)

    def return_from_here(self) -> Return:
        """To home, or to a rally point that is nearer."""
        limit_km, counts = self.params["RALLY_LIMIT_KM"], self.params["RALLY_INCL_HOME"] != 0.0
        to = self.rally.best(place_of(self.body), self.home, limit_km, counts)
        return Return(self.now_s, self.body, to, self._return_up_m(to.up_m))

    def _return_up_m(self, at_least_m: float) -> float:
        """Height above home to return at: never lower than now, never above the fence."""
        wanted = max(at_least_m, self.params["RTL_ALT_M"])
        up_m = max(self.body.up_m, min(500.0, max(2.0, wanted)))
        if self.fence.enabled and int(self.params["FENCE_TYPE"]) & ALT_MAX_BIT:
            up_m = min(up_m, self.params["FENCE_ALT_MAX"] - self.params["FENCE_MARGIN"])
        return up_m

    def arm(self) -> bool:
        """Start the motors; each reason against it is said in words."""
        if self.armed:
            return True
        reasons = self.prearm_reasons()
        if not RULES[self.mode].armable:
            reasons = (*reasons, f"{self.mode.name} mode not armable")
        for reason in reasons:
            self.say(CRITICAL, f"Arm: {reason}")
        if reasons:
            return False
        self.armed = True
        self._idle_since_s = self.now_s
        self.say(INFO, "Arming motors")
        return True

    def disarm(self) -> bool:
        """Stop the motors; in the air never, and without a word."""
        if not self.armed:
            return True
        if not self.landed or self.taking_off:
            return False
        self.armed = self.missions.auto_armed = False
        if isinstance(self.manoeuvre, AutoFlight):
            self.manoeuvre.ended_on_ground()
        else:
            self.manoeuvre = Rest()
            self.mission.reset()
        self.say(INFO, "Disarming motors")
        return True

    def take_off(self, up_m: float) -> Outcome:
        """Climb to a height above home. Accepted means begun, not arrived."""
        ready = self.armed and self.landed and not self.taking_off and not self.ekf.active
        if not ready or self.mode not in TAKE_OFF_MODES or not up_m > self.body.up_m:
            return Outcome.FAILED
        self.missions.auto_armed = True
        self.manoeuvre = TakeOff(self.now_s, self.body, up_m)
        return Outcome.ACCEPTED

    def go_to(self, place: Place, change_mode: bool) -> Outcome:
        """Fly to a place in GUIDED, nose forward: ArduCopter takes no heading here."""
        if self.mode is not Mode.GUIDED and not change_mode:
            return Outcome.DENIED
        if self.breaks_fence(place) or not self.change_mode(Mode.GUIDED):
            return Outcome.FAILED
        if not self.landed:
            if not isinstance(self.manoeuvre, GoTo):
                self._speed_mps = None  # the position controller begins anew
            self.manoeuvre = GoTo(self.body, place, self._speed_mps)
        return Outcome.ACCEPTED

    def set_speed(self, speed_mps: float) -> Outcome:
        """Change the speed until the mode is left. Hovering, the next target undoes it."""
        if not (math.isfinite(speed_mps) and speed_mps > 0.0):
            return Outcome.DENIED
        if self.mode not in TAKES_SPEED:
            return Outcome.FAILED
        self._speed_mps = speed_mps
        if isinstance(self.manoeuvre, GoTo | AutoFlight | Return):
            self.manoeuvre.speed_mps = speed_mps
        return Outcome.ACCEPTED

    def turn(self, angle_deg: float, direction: float, relative: float) -> Outcome:
        """Point the nose somewhere else until the next target."""
        fits = 0.0 <= angle_deg <= 360.0 and relative in (0.0, 1.0)
        if fits and isinstance(self.manoeuvre, GoTo | Hold):
            self.manoeuvre.yaw_rad = yaw_of(angle_deg, direction, relative, self.body)
        return Outcome.ACCEPTED if fits else Outcome.FAILED

    def reboot(self) -> bool:
        """Start again: the checks run anew, latched failsafes are gone. Only when disarmed."""
        if self.armed:
            return False
        self._start(self.now_s, self.now_s)
        self._after_boot()
        return True

    def crash_boot(self) -> None:
        """Its computer starts again without being asked. In the air the motors run on: it comes
        back armed and holds where it is, as after a watchdog's reset.
        """
        if self.landed:
            self.armed = False
            self.reboot()
            return
        self.boot_s = self.now_s
        self._enter(Mode.BRAKE)
        self.position_failsafe = False
        self.gcs, self.ekf = GcsWatch(), EkfWatch()
        self._after_boot()

    def _after_boot(self) -> None:
        self.mission.reset()
        self.fence.enabled = self.params["FENCE_ENABLE"] != 0.0

    def lose_position(self) -> None:
        """Come down level, wherever the wind carries it."""
        self.position_failsafe = True
        self.mission.stop()
        self.mode = Mode.LAND
        self.manoeuvre = Land(self.body, drift=True)

    def regain_position(self) -> None:
        """The mode stays as it is, but a landing no longer drifts."""
        self.position_failsafe = False
        if isinstance(self.manoeuvre, Land):
            self.manoeuvre.drift = False

    def local(self, position: Position, up_m: float) -> Place:
        """A place on the globe in the pad's frame."""
        return Place(*self.frame.to_local(position), up_m)

    # -- time ------------------------------------------------------------------------------
    def step(self, now_s: float) -> None:
        """Move to `now_s`, in steps the physics can bear; parked, in coarse ones."""
        if self.parked and now_s - self._moved_s < PARKED_STEP_S:
            self.now_s = now_s
            return
        most = PARKED_STEP_S if self.parked else FLYING_STEP_S
        while now_s - self._moved_s > 1e-9:
            dt = min(most, now_s - self._moved_s)
            self._moved_s += dt
            self.now_s = self._moved_s
            self._step(dt)

    def _step(self, dt: float) -> None:
        self.sensors.step(self.now_s)
        if not self.parked:
            self.wind = self._weather.at(self.now_s + self._gust_shift_s)
            demand = self.manoeuvre.demand(self.now_s, self.body, self.params)
            self.body.step(dt, demand, self.wind)
            self._judge_landing()
            if not self.landed:
                self._wind_estimate.step(dt, self.wind)
        self.battery.step(
            dt,
            Load(
                armed=self.armed,
                flying=not self.body.on_ground,
                airspeed_mps=self.body.airspeed_mps,
                climb_mps=self.body.climb_mps,
                in_dock=self.in_dock and not self.armed,
            ),
            self.faults.battery_drain,
        )

    def _judge_landing(self) -> None:
        if not self.body.on_ground:
            self.landed = False
            self._still_since_s = self.now_s
        elif not self.landed and self.now_s - self._still_since_s >= LAND_DETECTED_S:
            self.landed = True
            self._idle_since_s = self.now_s
            self._come_to_rest()
        if not self.landed or self.taking_off:
            self._idle_since_s = self.now_s
        elif self.armed and self.now_s - self._idle_since_s >= self.params["DISARM_DELAY"] > 0:
            self.disarm()

    def _come_to_rest(self) -> None:
        flown = self.manoeuvre
        if isinstance(flown, AutoFlight):
            if flown.landing:
                flown.landed()
                self.disarm()
            return
        self.manoeuvre = Rest()
        if self.mode in DISARMS_AFTER_LANDING:
            self.disarm()
