"""Flying round a point: CIRCLE mode and a mission's turns. Decides nothing about modes."""

import math
from dataclasses import replace

from gcs.sim.drone.airframe import Airframe, Demand
from gcs.sim.drone.manoeuvres import Place, demand_at
from gcs.sim.drone.parameters import Parameters

_AT_EDGE_M = 2.0
_LEAD_S = 0.6  # how far ahead of itself the body is told to fly, so that it keeps the speed


class Circle:
    """Round `centre` at `up_m`, nose to the centre. `radius_m` negative: anticlockwise.

    Without a rate it flies as fast as speed and acceleration allow.
    """

    taking_off = landing = False
    target: Place | None = None

    def __init__(
        self, body: Airframe, centre: Place, radius_m: float, rate_dps: float | None = None
    ) -> None:
        self._centre = centre
        self._radius_m = max(1.0, abs(radius_m))
        self._sign = -1.0 if radius_m < 0 else 1.0
        self._rate_radps = None if rate_dps is None else math.radians(rate_dps)
        self._angle = self._bearing(body)
        self._at_edge = False
        self._seen_s: float | None = None
        self.turned_rad = 0.0

    @property
    def turns(self) -> float:
        """Whole circles flown so far, and the part of the next."""
        return abs(self.turned_rad) / math.tau

    def _bearing(self, body: Airframe) -> float:
        """From the centre to the body, clockwise from north."""
        return math.atan2(body.east_m - self._centre.east_m, body.north_m - self._centre.north_m)

    def _point(self, angle: float) -> tuple[float, float]:
        east = self._centre.east_m + self._radius_m * math.sin(angle)
        return east, self._centre.north_m + self._radius_m * math.cos(angle)

    def _rate(self, params: Parameters, speed_mps: float) -> float:
        """Radians a second, clockwise positive, within what the vehicle can fly."""
        most_mps = min(speed_mps, math.sqrt(0.5 * params["WP_ACC"] * self._radius_m))
        most = most_mps / self._radius_m
        if self._rate_radps is None:
            return self._sign * most
        return max(-most, min(most, self._rate_radps))

    def demand(self, now_s: float, body: Airframe, params: Parameters) -> Demand:
        return self.demand_at_speed(now_s, body, params, params["WP_SPD"])

    def demand_at_speed(
        self, now_s: float, body: Airframe, params: Parameters, speed_mps: float
    ) -> Demand:
        """What the body shall do, at most this fast."""
        dt = 0.0 if self._seen_s is None else now_s - self._seen_s
        self._seen_s = now_s
        inward = self._bearing(body) + math.pi
        edge = self._point(self._angle)
        if not self._at_edge:
            away = math.hypot(edge[0] - body.east_m, edge[1] - body.north_m)
            self._at_edge = away < _AT_EDGE_M
            return demand_at(params, self._centre.up_m, edge, speed_mps, inward)
        rate = self._rate(params, speed_mps)
        self._angle += rate * dt
        self.turned_rad += rate * dt
        ahead = self._point(self._angle + rate * _LEAD_S)
        demand = demand_at(params, self._centre.up_m, ahead, abs(rate) * self._radius_m, inward)
        return replace(demand, yaw_rad=inward)


def circle_ahead(body: Airframe, params: Parameters) -> Circle:
    """CIRCLE mode: round a point one radius ahead of the nose, at the height it has."""
    radius = max(1.0, params["CIRCLE_RADIUS_M"])
    east = body.east_m + radius * math.sin(body.yaw_rad)
    north = body.north_m + radius * math.cos(body.yaw_rad)
    return Circle(body, Place(east, north, body.up_m), radius, params["CIRCLE_RATE"])
