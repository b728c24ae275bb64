"""What a mode does with the body from step to step: each manoeuvre turns state into a demand.

A manoeuvre decides nothing about modes, arming or failsafes, and says nothing to anyone.
"""

import math
from dataclasses import dataclass, replace
from typing import Protocol

from gcs.sim.drone.airframe import Airframe, Demand
from gcs.sim.drone.parameters import Parameters
from gcs.sim.drone.shaping import approach_speed

SPOOL_UP_S = 2.1  # motors to flying speed before the feet leave the pad
_BRAKE_ACCEL_MPS2 = 5.0
_AT_PLACE_M = 2.0
_AT_HEIGHT_M = 0.3
_RETURN_ACCEL_MPS2 = 1.8  # way points are joined by softer curves than GUIDED flies
_TURN_BEYOND_M = 3.0  # a shorter way is flown without turning the nose
_RETURN_STARTS_S = 1.5


@dataclass(frozen=True, slots=True)
class Place:
    """A point in the pad's frame, metres east, north and up."""

    east_m: float
    north_m: float
    up_m: float


class Manoeuvre(Protocol):
    """One way of flying. `target` is what POSITION_TARGET_GLOBAL_INT shows."""

    @property
    def taking_off(self) -> bool: ...

    @property
    def landing(self) -> bool: ...

    @property
    def target(self) -> Place | None: ...

    def demand(self, now_s: float, body: Airframe, params: Parameters) -> Demand:
        """What the body shall do now."""
        ...


def place_of(body: Airframe) -> Place:
    """Where the body is."""
    return Place(body.east_m, body.north_m, body.up_m)


def cruise(params: Parameters, speed_mps: float | None = None) -> float:
    return max(0.5, min(20.0, speed_mps if speed_mps else params["WP_SPD"]))


def demand_at(
    params: Parameters,
    up_m: float,
    target: tuple[float, float] | None,
    speed_mps: float = 10.0,
    yaw_rad: float | None = None,
) -> Demand:
    """Fly to a place and height within the parameters' limits."""
    return Demand(
        up_m=up_m,
        most_climb_mps=max(0.2, min(5.0, params["WP_SPD_UP"])),
        most_descent_mps=max(0.2, min(5.0, params["WP_SPD_DN"])),
        accel_up_mps2=max(0.3, min(3.0, params["WP_ACC_Z"])),
        accel_mps2=max(0.5, min(5.0, params["WP_ACC"])),
        target=target,
        speed_mps=speed_mps,
        yaw_rad=yaw_rad,
    )


class Rest:
    """On the ground: nothing moves."""

    taking_off = landing = False
    target: Place | None = None

    def demand(self, now_s: float, body: Airframe, params: Parameters) -> Demand:
        return Demand(climb_mps=-0.1)


class Hold:
    """Come to rest and stay there: GUIDED without a target, LOITER, BRAKE."""

    taking_off = landing = False

    def __init__(self, body: Airframe, hard: bool = False) -> None:
        self._accel_mps2 = _BRAKE_ACCEL_MPS2 if hard else 2.5
        self._up_m = body.up_m + body.climb_mps * abs(body.climb_mps) / 2.0
        self.yaw_rad: float | None = None
        self.target: Place | None = None

    def demand(self, now_s: float, body: Airframe, params: Parameters) -> Demand:
        return Demand(up_m=self._up_m, accel_mps2=self._accel_mps2, yaw_rad=self.yaw_rad)


class TakeOff:
    """Straight up to a height above the pad."""

    landing = False

    def __init__(self, now_s: float, body: Airframe, up_m: float) -> None:
        self._lift_at_s = now_s + SPOOL_UP_S
        self.taking_off = True
        self.target: Place | None = Place(body.east_m, body.north_m, up_m)
        self._up_m = up_m
        self._place = (body.east_m, body.north_m)

    def demand(self, now_s: float, body: Airframe, params: Parameters) -> Demand:
        if now_s < self._lift_at_s:
            return Demand(climb_mps=-0.1)
        if abs(body.up_m - self._up_m) < _AT_HEIGHT_M:
            self.taking_off = False
        return demand_at(params, self._up_m, self._place)


class GoTo:
    """Fly straight to a place, nose forward, and stay there."""

    taking_off = landing = False

    def __init__(self, body: Airframe, place: Place, speed_mps: float | None = None) -> None:
        self.target: Place | None = place
        self.speed_mps = speed_mps  # None: WP_SPD
        self._place = (place.east_m, place.north_m)
        self._up_m = place.up_m
        self.yaw_rad = track_rad(body, place)

    def reached(self, body: Airframe) -> bool:
        """It is at the place."""
        east, north = self._place
        away = math.hypot(east - body.east_m, north - body.north_m)
        return away < _AT_PLACE_M and abs(body.up_m - self._up_m) < _AT_PLACE_M

    def demand(self, now_s: float, body: Airframe, params: Parameters) -> Demand:
        speed = cruise(params, self.speed_mps)
        return demand_at(params, self._up_m, self._place, speed, self.yaw_rad)


def track_rad(body: Airframe, place: Place) -> float | None:
    """Direction to a place, or None if it is too near to turn for."""
    east, north = place.east_m - body.east_m, place.north_m - body.north_m
    if math.hypot(east, north) < _TURN_BEYOND_M:
        return None
    return math.atan2(east, north)


class Land:
    """Down where it is; with a place, down there. Without a position the wind carries it."""

    taking_off = False
    landing = True
    target: Place | None = None

    def __init__(self, body: Airframe, at: Place | None = None, drift: bool = False) -> None:
        self._place = (at.east_m, at.north_m) if at else None
        self.drift = drift

    def demand(self, now_s: float, body: Airframe, params: Parameters) -> Demand:
        return Demand(
            target=self._place,
            climb_mps=-_descent_mps(body.up_m, params),
            drift=self.drift,
        )


def _descent_mps(up_m: float, params: Parameters) -> float:
    """Fast while high, slow below LAND_ALT_LOW_M above home (there is no range finder)."""
    slow = max(0.2, min(2.0, params["LAND_SPD_MS"]))
    fast = max(slow, min(5.0, params["LAND_SPD_HIGH_MS"] or params["WP_SPD_DN"]))
    above_m = up_m - params["LAND_ALT_LOW_M"]
    return max(slow, approach_speed(max(0.0, above_m), 1.0, 1.0, fast))


class Return:
    """Climb to the return height, fly home, wait, come down on the pad."""

    taking_off = False

    def __init__(self, now_s: float, body: Airframe, home: Place, up_m: float) -> None:
        self._home = home
        self._up_m = up_m
        self._start = (body.east_m, body.north_m) if body.ground_speed_mps < 1.0 else None
        self._go_at_s = now_s + _RETURN_STARTS_S
        self._climbed = False
        self._loiter_until_s: float | None = None
        self._land = Land(body, home)
        self.speed_mps: float | None = None  # RTL_SPEED_MS, or as WP_SPD
        self.landing = False
        self.target: Place | None = Place(home.east_m, home.north_m, self._up_m)

    def demand(self, now_s: float, body: Airframe, params: Parameters) -> Demand:
        if self.landing:
            return self._land.demand(now_s, body, params)
        self._climbed = self._climbed or abs(body.up_m - self._up_m) < _AT_HEIGHT_M
        if not self._climbed or now_s < self._go_at_s:
            return demand_at(params, self._up_m, self._start)
        self._wait_over_home(now_s, body, params)
        home = (self._home.east_m, self._home.north_m)
        speed = cruise(params, self.speed_mps or params["RTL_SPEED_MS"])
        track = track_rad(body, self._home)
        demand = demand_at(params, self._up_m, home, speed, track)
        return replace(demand, accel_mps2=min(demand.accel_mps2, _RETURN_ACCEL_MPS2))

    def _wait_over_home(self, now_s: float, body: Airframe, params: Parameters) -> None:
        away = math.hypot(self._home.east_m - body.east_m, self._home.north_m - body.north_m)
        if self._loiter_until_s is None and away < _AT_PLACE_M and body.ground_speed_mps < 0.3:
            self._loiter_until_s = now_s + max(0.0, params["RTL_LOIT_TIME"]) / 1000.0
        if self._loiter_until_s is not None and now_s >= self._loiter_until_s:
            self.landing = True
