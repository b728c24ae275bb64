"""The geometry of an orbit: where its rim is, where to be next, whether it is flown. Pure."""

import math
from dataclasses import dataclass

from gcs.geo.earth import bearing_deg, distance_m, offset
from gcs.link.autopilot import Aim, Circle
from gcs.model.place import Position

USUAL_MPS = 4.0
MOST_PULL_MPS2 = 1.5  # sideways; a small circle is flown slower
RIM_POINTS = 24
SEEN_TURN_DEG = 25.0
MOST_AHEAD_DEG = 40.0
AHEAD_S = 1.0
LEVEL_M = 2.0


def orbit(centre: Position, height_m: float, radius_m: float, speed_mps: float | None) -> Circle:
    """An orbit that a multicopter can fly: the wanted speed, or as fast as its radius allows."""
    most = math.sqrt(MOST_PULL_MPS2 * abs(radius_m))
    return Circle(centre, height_m, radius_m, min(speed_mps or USUAL_MPS, most))


def rim(circle: Circle, start: Position) -> tuple[Position, ...]:
    """Points all the way round, from the nearest to `start` and back to it."""
    first = bearing_deg(circle.centre, start)
    step = math.copysign(360.0 / RIM_POINTS, circle.radius_m)
    return tuple(_on_rim(circle, first + step * n) for n in range(RIM_POINTS + 1))


def _on_rim(circle: Circle, bearing: float) -> Position:
    return offset(circle.centre, bearing, abs(circle.radius_m))


def on_rim(circle: Circle, place: Position) -> bool:
    """About as far from the centre as wanted."""
    off_m = abs(distance_m(circle.centre, place) - abs(circle.radius_m))
    return off_m <= max(3.0, 0.2 * abs(circle.radius_m))


@dataclass(slots=True)
class Turn:
    """How far a vehicle has gone round. `turned_deg` counts in the wanted direction."""

    circle: Circle
    bearing: float | None = None
    turned_deg: float = 0.0

    def see(self, place: Position, up_m: float) -> None:
        """The vehicle is here now. Off the rim or its height it counts from nothing again."""
        now = bearing_deg(self.circle.centre, place)
        level = abs(up_m - self.circle.height_m) <= LEVEL_M
        if not level or not on_rim(self.circle, place):
            self.bearing, self.turned_deg = None, 0.0
            return
        if self.bearing is not None:
            step = math.remainder(now - self.bearing, 360.0)
            self.turned_deg += math.copysign(1.0, self.circle.radius_m) * step
        self.bearing = now

    @property
    def flown(self) -> bool:
        """It has gone round far enough for it to be no chance."""
        return self.turned_deg >= SEEN_TURN_DEG


class Path:
    """The point to be at, moving round at the orbit's speed and never far ahead of the vehicle."""

    def __init__(self, circle: Circle, start: Position) -> None:
        self._circle = circle
        self._bearing = bearing_deg(circle.centre, start)

    def next(self, here: Position, dt_s: float) -> Aim:
        """The aim `dt_s` after the last one, for a vehicle that is `here`."""
        circle = self._circle
        way = math.copysign(1.0, circle.radius_m)
        rate = math.degrees(circle.speed_mps / abs(circle.radius_m))
        most = min(MOST_AHEAD_DEG, max(rate * AHEAD_S, 3.0))
        ahead = way * math.remainder(
            self._bearing + way * rate * dt_s - bearing_deg(circle.centre, here), 360.0
        )
        self._bearing = bearing_deg(circle.centre, here) + way * min(most, max(0.0, ahead))
        heading = math.radians(self._bearing + way * 90.0)
        return Aim(
            _on_rim(circle, self._bearing),
            circle.height_m,
            circle.speed_mps * math.sin(heading),
            circle.speed_mps * math.cos(heading),
            (self._bearing + 180.0) % 360.0,
        )
