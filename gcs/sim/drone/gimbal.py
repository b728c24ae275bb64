"""The camera's gimbal and lens: two axes that turn at a limited rate, a zoom, and its recorder.

Pitch is held against the horizon, whatever the body does; yaw follows the nose, unless it is
locked to north or follows a point on the ground. It never turns the body and changes no mode.
It records by itself from the start of the motors until they stand.
"""

import math

from gcs.sim.drone.autopilot import Autopilot
from gcs.sim.drone.manoeuvres import Place

RATE_DEG_S = 60.0
LOWEST_DEG, HIGHEST_DEG = -90.0, 30.0
STOWED_DEG = -6.0  # parked: over the edge of the roof
FLIGHT_DEG = -45.0  # in flight, until somebody says otherwise
MOST_ZOOM = 8.0
_ZOOM_TIMES_PER_S = 2.0  # the lens doubles or halves in a second
_OVERHEAD_M = 0.3  # straight over its point every yaw is as good


class Gimbal:
    """`pitch_deg` from the horizon, up positive; `yaw_deg` from the nose, clockwise; `zoom` 1 to 8.

    What was ordered holds until something else is ordered or the vehicle is parked again.
    """

    def __init__(self, pilot: Autopilot) -> None:
        self._pilot = pilot
        self.pitch_deg = STOWED_DEG
        self.yaw_deg = 0.0
        self.zoom = 1.0
        self._ordered: tuple[float, float] | None = None
        self._locked = False
        self._point: Place | None = None
        self._zoom = 1.0
        self._rate_dps: tuple[float, float] | None = None
        self.controller = (0, 0)  # the station (system, component) in primary control
        self._recording_since_s: float | None = None
        self._was_parked = True
        self._moved_s = pilot.now_s

    # -- orders ----------------------------------------------------------------------------
    def turn(self, pitch_deg: float, yaw_deg: float, *, lock: bool = False) -> None:
        """Turn to angles within its reach. `lock`: the yaw is counted from north."""
        self._point = self._rate_dps = None
        self._locked = lock
        pitch = max(LOWEST_DEG, min(HIGHEST_DEG, pitch_deg))
        self._ordered = (pitch, math.remainder(yaw_deg, 360.0))

    def turn_at(self, pitch_dps: float, yaw_dps: float) -> None:
        """Turn at a rate until told otherwise, as real ones do; it ends at its reach."""
        self.turn(self.pitch_deg, self.yaw_deg)
        self._rate_dps = pitch_dps, yaw_dps

    def look_at(self, point: Place) -> None:
        """Keep a point in view as the vehicle moves."""
        self._point, self._rate_dps = point, None

    def look_ahead(self) -> None:
        """Back to the default: no point, no angles, no rate."""
        self._point = self._ordered = self._rate_dps = None

    def zoom_to(self, zoom: float) -> None:
        """Zoom in or out."""
        self._zoom = max(1.0, min(MOST_ZOOM, zoom))

    def record(self, *, on: bool) -> None:
        """Begin to record, or end it."""
        if not on:
            self._recording_since_s = None
        elif self._recording_since_s is None:
            self._recording_since_s = self._moved_s

    def stow(self) -> None:
        """As after a start."""
        self.look_ahead()
        self._zoom = 1.0

    @property
    def recorded_s(self) -> float | None:
        """For how long it has recorded without a break; None: it does not."""
        since_s = self._recording_since_s
        return None if since_s is None else self._moved_s - since_s

    # -- time ------------------------------------------------------------------------------
    def step(self, now_s: float) -> None:
        """Move until `now_s`."""
        dt, self._moved_s = now_s - self._moved_s, now_s
        parked = self._pilot.parked
        if parked is not self._was_parked:
            self.record(on=not parked)
        if parked and not self._was_parked:
            self.stow()
        self._was_parked = parked
        if dt <= 0.0 or self._pilot.faults.gimbal_stuck:
            return
        self._follow_rate(dt)
        pitch_deg, yaw_deg = self._wanted()
        most = RATE_DEG_S * dt
        self.pitch_deg += _within(pitch_deg - self.pitch_deg, most)
        turn = _within(math.remainder(yaw_deg - self.yaw_deg, 360.0), most)
        self.yaw_deg = math.remainder(self.yaw_deg + turn, 360.0)
        times = _ZOOM_TIMES_PER_S**dt
        self.zoom = max(self.zoom / times, min(self.zoom * times, self._zoom))

    def _follow_rate(self, dt: float) -> None:
        if self._rate_dps is None or self._ordered is None:
            return
        pitch_dps, yaw_dps = self._rate_dps
        pitch = max(LOWEST_DEG, min(HIGHEST_DEG, self._ordered[0] + pitch_dps * dt))
        self._ordered = pitch, math.remainder(self._ordered[1] + yaw_dps * dt, 360.0)

    def _wanted(self) -> tuple[float, float]:
        """Pitch from the horizon, yaw from the nose."""
        if self._point is not None:
            return self._towards(self._point)
        if self._ordered is None:
            return (STOWED_DEG if self._pilot.parked else FLIGHT_DEG), 0.0
        pitch_deg, yaw_deg = self._ordered
        return pitch_deg, yaw_deg - self._heading_deg if self._locked else yaw_deg

    def _towards(self, point: Place) -> tuple[float, float]:
        body = self._pilot.body
        east, north = point.east_m - body.east_m, point.north_m - body.north_m
        away = math.hypot(east, north)
        pitch = math.degrees(math.atan2(point.up_m - body.up_m, away))
        if away < _OVERHEAD_M:
            return max(LOWEST_DEG, min(HIGHEST_DEG, pitch)), self.yaw_deg
        yaw = math.degrees(math.atan2(east, north)) - self._heading_deg
        return max(LOWEST_DEG, min(HIGHEST_DEG, pitch)), yaw

    @property
    def _heading_deg(self) -> float:
        return math.degrees(self._pilot.body.yaw_rad)


def _within(value: float, most: float) -> float:
    return max(-most, min(most, value))
