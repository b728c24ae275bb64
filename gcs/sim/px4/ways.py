"""How each mode moves the body. Pure: from the pilot's aims to a demand for the airframe."""

import math
from dataclasses import dataclass

from gcs.sim.drone.airframe import Airframe, Demand

ACCEL_MPS2 = 3.0
_SLOW_BELOW_M = 10.0
_FAST_DESCENT_MPS = 1.5
_TURN_BEYOND_M = 3.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in the pad's frame, metres east, north and up."""

    east_m: float
    north_m: float
    up_m: float


@dataclass(frozen=True, slots=True)
class Round:
    """An orbit: positive radius clockwise."""

    centre: Spot
    radius_m: float
    speed_mps: float


def here(body: Airframe) -> Spot:
    """Where the body is."""
    return Spot(body.east_m, body.north_m, body.up_m)


def stop_point(body: Airframe, more_s: float = 0.0) -> Spot:
    """Where it would come to rest if it braked in `more_s`."""
    lead_s = body.ground_speed_mps / (2.0 * ACCEL_MPS2) + more_s
    return Spot(
        body.east_m + body.east_mps * lead_s, body.north_m + body.north_mps * lead_s, body.up_m
    )


def away_m(body: Airframe, spot: Spot) -> float:
    """Metres over ground."""
    return math.hypot(spot.east_m - body.east_m, spot.north_m - body.north_m)


def rest() -> Demand:
    """On the ground."""
    return Demand(climb_mps=-0.1)


def to_spot(body: Airframe, spot: Spot, speed_mps: float, up_mps: float) -> Demand:
    """Straight there, the nose ahead on longer ways, and stay."""
    yaw = None
    if away_m(body, spot) > _TURN_BEYOND_M:
        yaw = math.atan2(spot.east_m - body.east_m, spot.north_m - body.north_m)
    return Demand(
        target=(spot.east_m, spot.north_m),
        speed_mps=speed_mps,
        accel_mps2=ACCEL_MPS2,
        up_m=spot.up_m,
        most_climb_mps=up_mps,
        yaw_rad=yaw,
    )


def down(body: Airframe, spot: Spot, slow_mps: float) -> Demand:
    """Down at a place, slowly near the ground."""
    fast = body.up_m > _SLOW_BELOW_M
    return Demand(
        target=(spot.east_m, spot.north_m),
        accel_mps2=ACCEL_MPS2,
        climb_mps=-(_FAST_DESCENT_MPS if fast else slow_mps),
    )


def around(body: Airframe, orbit: Round, up_mps: float) -> Demand:
    """To the rim and then round, the nose to the centre."""
    east, north = body.east_m - orbit.centre.east_m, body.north_m - orbit.centre.north_m
    bearing = math.atan2(east, north)
    radius, way = abs(orbit.radius_m), math.copysign(1.0, orbit.radius_m)
    near = abs(math.hypot(east, north) - radius) < max(3.0, 0.3 * radius)
    ahead = way * orbit.speed_mps / radius if near else 0.0
    aim = (
        orbit.centre.east_m + radius * math.sin(bearing + ahead),
        orbit.centre.north_m + radius * math.cos(bearing + ahead),
    )
    return Demand(
        target=aim,
        speed_mps=orbit.speed_mps,
        accel_mps2=ACCEL_MPS2,
        up_m=orbit.centre.up_m,
        most_climb_mps=up_mps,
        yaw_rad=bearing + math.pi,
    )
