"""The mind and body of a PX4-like multicopter: modes, arming, failsafes, through time.

No MAVLink here. What it has to say goes through `say(severity, text)`. Motors never stop in
the air: a disarm is denied there, forced or not.
"""

import math
from collections.abc import Callable

from gcs.geo.earth import LocalFrame
from gcs.sim.drone.airframe import Airframe, Demand
from gcs.sim.drone.battery import Battery, Load
from gcs.sim.drone.config import DroneConfig
from gcs.sim.px4 import ways
from gcs.sim.px4.fence import Fence
from gcs.sim.px4.modes import NEEDS_STICKS, Mode
from gcs.sim.px4.parameters import Parameters
from gcs.sim.px4.ways import Round, Spot
from gcs.sim.weather import Weather

CRITICAL, WARNING, INFO = 2, 4, 6  # MAV_SEVERITY
GCS_LOSS_MORE_S = 3.1  # after COM_DL_LOSS_T, as seen: 13.1 s at 10
ALTITUDE_REACHED_M = 0.8
_STEP_S = 0.02
_SPOOL_UP_S = 1.5
_READY_AFTER_S = 15.0
_LOOK_AHEAD_S = 1.0
_LOSS_MODES = {1: Mode.HOLD, 2: Mode.RETURN, 3: Mode.LAND}


class Px4Pilot:
    """One vehicle. `step(now_s)` moves it; the rest are orders and facts."""

    def __init__(self, config: DroneConfig, weather: Weather, now_s: float) -> None:
        self.config = config
        self.say: Callable[[int, str], None] = lambda severity, text: None
        self.frame = LocalFrame(config.home)
        self.body = Airframe(self._surface_up_m, math.radians(config.heading_deg))
        self.battery = Battery(config.battery_fraction)
        self.params = Parameters(config.parameters)
        self.fence = Fence()
        self.now_s = now_s
        self.boot_s = now_s - config.booted_s_ago
        self.mode = Mode.HOLD
        self.armed = self.failsafe = False
        self.landed = True
        self.speed_mps: float | None = None
        self.mission: list[Spot] = []
        self.item = 0
        self.gcs_heard_s: float | None = None
        self._weather = weather
        self._spot = Spot(0.0, 0.0, 0.0)
        self._take_off_up_m: float | None = None
        self._orbit: Round | None = None
        self._armed_s = self._landed_s = now_s
        self._going_home = False

    def _surface_up_m(self, east_m: float, north_m: float) -> float:
        on_roof = math.hypot(east_m, north_m) <= 3.0
        return 0.0 if on_roof else -self.config.roof_height_m

    # -- facts -----------------------------------------------------------------------------
    @property
    def ready(self) -> bool:
        """Whether it would arm in its mode: without sticks not in one that needs them."""
        return self.now_s - self.boot_s > _READY_AFTER_S and self.mode not in NEEDS_STICKS

    @property
    def taking_off(self) -> bool:
        """In the air on its way up from the pad."""
        return self.mode is Mode.TAKEOFF and not self.landed

    @property
    def landing(self) -> bool:
        """On its way down."""
        return self.mode is Mode.LAND or (self.mode is Mode.RETURN and not self._going_home)

    def up_m(self, amsl_m: float) -> float:
        """A height above the sea as one above the pad."""
        return amsl_m - self.config.home_amsl_m

    def _outside(self, spot: Spot) -> bool:
        acts = self.params["GF_ACTION"] > 0
        return acts and not self.fence.allows((spot.east_m, spot.north_m))

    # -- orders ----------------------------------------------------------------------------
    def change_mode(self, mode: Mode) -> bool:
        """Change the mode; what flies on after that is up to the mode."""
        if mode is Mode.MISSION and not self.mission:
            return False
        if self.armed and mode in NEEDS_STICKS:
            return False
        self.failsafe = False
        self._enter(mode)
        return True

    def _enter(self, mode: Mode) -> None:
        if mode is not self.mode:
            self._spot = ways.stop_point(self.body)
            self._going_home = mode is Mode.RETURN
            self.speed_mps = None
        self.mode = mode

    def take_off(self, amsl_m: float) -> bool:
        """The height is kept until it is armed, and then flown to."""
        self._take_off_up_m = self.up_m(amsl_m)
        self._spot = ways.here(self.body)
        self.mode = Mode.TAKEOFF
        return True

    def arm(self) -> str:
        """Arm; why not, if not."""
        if not self.ready:
            return "Arming denied: Resolve system health failures first"
        if not self.armed:
            self.armed, self._armed_s = True, self.now_s
            self._spot = ways.here(self.body)
        return ""

    def disarm(self) -> str:
        """Disarm on the ground; why not, if not."""
        if not self.landed:
            return "Disarming denied: not landed"
        self._end_flight()
        return ""

    def reposition(self, spot: Spot | None, up_m: float | None) -> None:
        """Fly there in HOLD. None and None: stop where it can."""
        goal = spot
        if goal is None:
            goal = ways.stop_point(self.body) if up_m is None else self._spot
        goal = Spot(goal.east_m, goal.north_m, self.body.up_m if up_m is None else up_m)
        outside = self._outside(goal)
        self.change_mode(Mode.HOLD)
        if outside:
            self.say(CRITICAL, "Reposition is outside geofence")
        elif self.armed:
            self._spot = goal

    def orbit(self, orbit: Round) -> bool:
        """Fly round a point."""
        if not self.armed or self.landed:
            return False
        self._orbit = orbit
        return self.change_mode(Mode.ORBIT)

    # -- time ------------------------------------------------------------------------------
    def step(self, now_s: float) -> None:
        """Live until `now_s`."""
        while self.now_s + _STEP_S <= now_s + 1e-9:
            self.now_s += _STEP_S
            if self.armed or not self.body.on_ground:
                self._fly(_STEP_S)
            else:
                self.battery.step(_STEP_S, Load(armed=False, flying=False, in_dock=True))

    def _fly(self, dt: float) -> None:
        wind = self._weather.at(self.now_s)
        self.body.step(dt, self._demand(), wind)
        body = self.body
        flying = not body.on_ground
        self.battery.step(dt, Load(self.armed, flying, body.airspeed_mps, body.climb_mps))
        if flying:
            self.landed, self._landed_s = False, self.now_s
        self._watch_station()
        self._watch_fence()
        self._watch_ground()

    def _demand(self) -> Demand:
        climb = self.params["MPC_Z_VEL_MAX_UP"]
        speed = self.speed_mps or self.params["MPC_XY_CRUISE"]
        if not self.armed or self.now_s - self._armed_s < _SPOOL_UP_S:
            return ways.rest()
        if self.mode is Mode.TAKEOFF:
            return self._climb(climb)
        if self.mode is Mode.ORBIT and self._orbit is not None:
            return ways.around(self.body, self._orbit, climb)
        if self.mode is Mode.RETURN:
            return self._home(speed, climb)
        if self.mode is Mode.LAND:
            return ways.down(self.body, self._spot, self.params["MPC_LAND_SPEED"])
        if self.mode is Mode.MISSION:
            self._next_item()
        if self.landed:
            return ways.rest()
        return ways.to_spot(self.body, self._spot, speed, climb)

    def _climb(self, climb_mps: float) -> Demand:
        up_m = self._take_off_up_m
        if up_m is None:
            return ways.rest()
        if self.body.up_m >= up_m - ALTITUDE_REACHED_M:
            self._take_off_up_m = None
            self._enter(Mode.HOLD)
            self._spot = Spot(self._spot.east_m, self._spot.north_m, up_m)
            return ways.to_spot(self.body, self._spot, 1.0, climb_mps)
        goal = Spot(self._spot.east_m, self._spot.north_m, up_m)
        return ways.to_spot(self.body, goal, 1.0, climb_mps)

    def _home(self, speed_mps: float, climb_mps: float) -> Demand:
        if not self._going_home:
            return ways.down(self.body, Spot(0.0, 0.0, 0.0), self.params["MPC_LAND_SPEED"])
        up_m = max(self._spot.up_m, self.params["RTL_RETURN_ALT"])
        away = math.hypot(self.body.east_m, self.body.north_m)
        if away > 10.0 and self.body.up_m < up_m - ALTITUDE_REACHED_M:
            goal = Spot(self._spot.east_m, self._spot.north_m, up_m)
            return ways.to_spot(self.body, goal, speed_mps, climb_mps)
        if away < 1.0 and self.body.ground_speed_mps < 0.5:
            self._going_home = False
        goal = Spot(0.0, 0.0, self.body.up_m if away <= 10.0 else up_m)
        return ways.to_spot(self.body, goal, speed_mps, climb_mps)

    def _next_item(self) -> None:
        self._spot = self.mission[min(self.item, len(self.mission) - 1)]
        level = abs(self.body.up_m - self._spot.up_m) < ALTITUDE_REACHED_M
        if ways.away_m(self.body, self._spot) < 2.0 and level:
            if self.item + 1 < len(self.mission):
                self.item += 1
            else:
                self._enter(Mode.HOLD)

    # -- what it watches by itself ---------------------------------------------------------
    def _watch_station(self) -> None:
        action = _LOSS_MODES.get(int(self.params["NAV_DLL_ACT"]))
        if action is None or self.gcs_heard_s is None or self.landed:
            return
        lost = self.now_s - self.gcs_heard_s > self.params["COM_DL_LOSS_T"] + GCS_LOSS_MORE_S
        coming_down = self.mode in (Mode.RETURN, Mode.LAND)
        if lost and not self.failsafe and not coming_down:
            self._enter(action)
            self.failsafe = True
            self.say(CRITICAL, "Failsafe activated: GCS connection lost")

    def _watch_fence(self) -> None:
        """Hold short of the line."""
        if self.failsafe or self.landed or self.mode in (Mode.RETURN, Mode.LAND):
            return
        if self.body.ground_speed_mps > 0.5 and self._outside(
            ways.stop_point(self.body, _LOOK_AHEAD_S)
        ):
            self._enter(Mode.HOLD)
            self._spot = ways.stop_point(self.body)
            self.failsafe = True
            self.say(CRITICAL, "Geofence violation: approaching the limit")

    def _watch_ground(self) -> None:
        if not self.body.on_ground:
            return
        idle_s = self.now_s - max(self._landed_s, self._armed_s)
        if not self.landed and idle_s > 1.0:
            self.landed = True
            self._landed_s = self.now_s
        limit = "COM_DISARM_LAND" if self.landing else "COM_DISARM_PRFLT"
        if self.armed and self.landed and idle_s > self.params[limit]:
            self._end_flight()

    def _end_flight(self) -> None:
        self.armed = self.failsafe = False
        self._take_off_up_m = None
        self.mode = Mode.HOLD
