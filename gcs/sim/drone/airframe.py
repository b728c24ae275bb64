"""The body in the air: position, velocity, attitude. Pure physics, stepped by dt.

It follows a `Demand`, bounded in speed, acceleration and jerk, and is moved by gusts. It
knows no modes and no MAVLink. Axes: east, north, up, in metres from the dock's pad.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from gcs.sim.drone.shaping import approach_speed, limit, limit_vector, wrap_angle
from gcs.sim.weather import Wind

_G = 9.80665
_POSITION_GAIN = 1.6  # 1/s, close to the target
_VELOCITY_TAU_S = 0.35
_JERK_MPS3 = 8.0
_VERTICAL_GAIN = 1.5
_VERTICAL_TAU_S = 0.25
_VERTICAL_JERK_MPS3 = 5.0
_YAW_RATE_RADPS = math.radians(60.0)
_ATTITUDE_TAU_S = 0.15
_DRAG_PER_S = 0.12  # tilt against the air: 10 m/s costs 1.2 m/s2, about 7 degrees
_GUST_GAIN_PER_S = 0.12
_HOLD_RADPS = 1.0  # how stiffly position is held against gusts
_HOLD_DAMPING = 0.8
_DRIFT_FRACTION = 0.3  # without a position the body levels itself and the wind carries it


@dataclass(frozen=True, slots=True)
class Demand:
    """What the autopilot wants now. `target` None: come to rest. `up_m` None: use `climb_mps`."""

    target: tuple[float, float] | None = None
    speed_mps: float = 10.0
    accel_mps2: float = 2.5
    up_m: float | None = None
    climb_mps: float = 0.0
    most_climb_mps: float = 2.5
    most_descent_mps: float = 1.5
    accel_up_mps2: float = 1.0
    yaw_rad: float | None = None
    drift: bool = False


class Airframe:
    """State of the body. `surface_up_m` gives the height of what is below a place."""

    def __init__(self, surface_up_m: Callable[[float, float], float], yaw_rad: float) -> None:
        self._surface_up_m = surface_up_m
        self.up_m = surface_up_m(0.0, 0.0)
        self.climb_mps = 0.0
        self.yaw_rad = yaw_rad
        self.roll_rad = self.pitch_rad = 0.0
        self.roll_rate_radps = self.pitch_rate_radps = self.yaw_rate_radps = 0.0
        self.airspeed_mps = 0.0
        self.on_ground = True
        self._east = self._north = 0.0  # where the shaped path is
        self._ve = self._vn = self._ae = self._an = self._au = 0.0
        self._off_e = self._off_n = self._off_ve = self._off_vn = 0.0  # what gusts add to it

    @property
    def east_m(self) -> float:
        """Where the body truly is."""
        return self._east + self._off_e

    @property
    def north_m(self) -> float:
        """Where the body truly is."""
        return self._north + self._off_n

    @property
    def east_mps(self) -> float:
        """Speed over ground."""
        return self._ve + self._off_ve

    @property
    def north_mps(self) -> float:
        """Speed over ground."""
        return self._vn + self._off_vn

    @property
    def ground_speed_mps(self) -> float:
        """Speed over ground."""
        return math.hypot(self.east_mps, self.north_mps)

    @property
    def surface_m(self) -> float:
        """Height of what is below the body."""
        return self._surface_up_m(self.east_m, self.north_m)

    def step(self, dt: float, demand: Demand, wind: Wind) -> None:
        """Fly for `dt` seconds."""
        self._move_vertically(dt, demand)
        if self.on_ground:
            self._rest()
            return
        self._move_horizontally(dt, demand, wind)
        gust_e, gust_n = self._pushed_by_gust(dt, wind)
        self._turn(dt, demand)
        air_e, air_n = self.east_mps - wind.east_mps, self.north_mps - wind.north_mps
        self.airspeed_mps = math.hypot(air_e, air_n)
        self._tilt(
            dt,
            self._ae + gust_e + _DRAG_PER_S * air_e,
            self._an + gust_n + _DRAG_PER_S * air_n,
        )

    def _move_vertically(self, dt: float, demand: Demand) -> None:
        want = demand.climb_mps
        if demand.up_m is not None:
            ahead = demand.up_m - self.up_m - self.climb_mps * _VERTICAL_TAU_S
            most = demand.most_climb_mps if ahead > 0 else demand.most_descent_mps
            want = math.copysign(
                approach_speed(abs(ahead), _VERTICAL_GAIN, demand.accel_up_mps2, most), ahead
            )
        accel = limit((want - self.climb_mps) / _VERTICAL_TAU_S, demand.accel_up_mps2)
        self._au += limit(accel - self._au, _VERTICAL_JERK_MPS3 * dt)
        climb = self.climb_mps + self._au * dt
        up = self.up_m + climb * dt
        surface = self.surface_m
        if up <= surface and climb <= 0.0:
            up, climb, self._au = surface, 0.0, 0.0
            self.on_ground = True
        elif up > surface and climb > 0.0:
            self.on_ground = False
        self.up_m, self.climb_mps = up, climb

    def _move_horizontally(self, dt: float, demand: Demand, wind: Wind) -> None:
        want_e = want_n = 0.0
        if demand.drift:
            want_e, want_n = wind.east_mps * _DRIFT_FRACTION, wind.north_mps * _DRIFT_FRACTION
        elif demand.target is not None:
            to_e = demand.target[0] - self._east - self._ve * _VELOCITY_TAU_S
            to_n = demand.target[1] - self._north - self._vn * _VELOCITY_TAU_S
            distance = math.hypot(to_e, to_n)
            if distance > 1e-6:
                speed = approach_speed(
                    distance, _POSITION_GAIN, demand.accel_mps2, demand.speed_mps
                )
                want_e, want_n = to_e / distance * speed, to_n / distance * speed
        accel_e, accel_n = limit_vector(
            (want_e - self._ve) / _VELOCITY_TAU_S,
            (want_n - self._vn) / _VELOCITY_TAU_S,
            demand.accel_mps2,
        )
        step_e, step_n = limit_vector(accel_e - self._ae, accel_n - self._an, _JERK_MPS3 * dt)
        self._ae += step_e
        self._an += step_n
        self._ve += self._ae * dt
        self._vn += self._an * dt
        self._east += self._ve * dt
        self._north += self._vn * dt

    def _pushed_by_gust(self, dt: float, wind: Wind) -> tuple[float, float]:
        """Move the offset that gusts cause; returns its acceleration."""
        stiff, damp = _HOLD_RADPS**2, 2.0 * _HOLD_DAMPING * _HOLD_RADPS
        accel_e = _GUST_GAIN_PER_S * wind.gust_east_mps - damp * self._off_ve - stiff * self._off_e
        accel_n = _GUST_GAIN_PER_S * wind.gust_north_mps - damp * self._off_vn - stiff * self._off_n
        self._off_ve += accel_e * dt
        self._off_vn += accel_n * dt
        self._off_e += self._off_ve * dt
        self._off_n += self._off_vn * dt
        return accel_e, accel_n

    def _turn(self, dt: float, demand: Demand) -> None:
        self.yaw_rate_radps = 0.0
        if demand.yaw_rad is None:
            return
        error = wrap_angle(demand.yaw_rad - self.yaw_rad)
        self.yaw_rate_radps = limit(error * 2.0, _YAW_RATE_RADPS)
        self.yaw_rad = wrap_angle(self.yaw_rad + self.yaw_rate_radps * dt)

    def _tilt(self, dt: float, accel_e: float, accel_n: float) -> None:
        """Lean so that thrust gives this horizontal acceleration."""
        cos, sin = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        forward = accel_n * cos + accel_e * sin
        right = accel_e * cos - accel_n * sin
        share = dt / (_ATTITUDE_TAU_S + dt)
        roll = self.roll_rad + share * (math.atan2(right, _G) - self.roll_rad)
        pitch = self.pitch_rad + share * (-math.atan2(forward, _G) - self.pitch_rad)
        self.roll_rate_radps = (roll - self.roll_rad) / dt
        self.pitch_rate_radps = (pitch - self.pitch_rad) / dt
        self.roll_rad, self.pitch_rad = roll, pitch

    def _rest(self) -> None:
        """Stand on the surface: what gusts added stays where the feet are."""
        self._east, self._north = self.east_m, self.north_m
        self._ve = self._vn = self._ae = self._an = 0.0
        self._off_e = self._off_n = self._off_ve = self._off_vn = 0.0
        self.roll_rad = self.pitch_rad = self.airspeed_mps = 0.0
        self.roll_rate_radps = self.pitch_rate_radps = self.yaw_rate_radps = 0.0
