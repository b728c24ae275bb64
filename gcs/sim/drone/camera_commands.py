"""The camera's MAV_CMDs, as ArduPilot takes them: angles, a point to look at, zoom."""

import math

from gcs.link.mavlink import dialect
from gcs.sim.drone.autopilot import Outcome
from gcs.sim.drone.gimbal import MOST_ZOOM, Gimbal
from gcs.sim.drone.manoeuvres import Place

_ONLY_DEVICES = (0.0, 1.0)  # 0 means all of them


def pitch_yaw(
    gimbal: Gimbal, pitch_deg: float, yaw_deg: float, flags: float, device: float
) -> Outcome:
    """DO_GIMBAL_MANAGER_PITCHYAW. An angle that is no number is left as it is."""
    if device not in _ONLY_DEVICES or not math.isfinite(flags) or flags < 0:
        return Outcome.DENIED
    bits = int(flags)
    if bits & dialect.GIMBAL_MANAGER_FLAGS_RETRACT:
        gimbal.look_ahead()
        return Outcome.ACCEPTED
    if bits & dialect.GIMBAL_MANAGER_FLAGS_NEUTRAL:
        gimbal.turn(0.0, 0.0)
        return Outcome.ACCEPTED
    if not math.isfinite(pitch_deg) and not math.isfinite(yaw_deg):
        return Outcome.DENIED  # rates are not obeyed here
    lock = bool(bits & dialect.GIMBAL_MANAGER_FLAGS_YAW_LOCK) and math.isfinite(yaw_deg)
    gimbal.turn(
        pitch_deg if math.isfinite(pitch_deg) else gimbal.pitch_deg,
        yaw_deg if math.isfinite(yaw_deg) else gimbal.yaw_deg,
        lock=lock,
    )
    return Outcome.ACCEPTED


def look_at(gimbal: Gimbal, place: Place | None, device: float) -> Outcome:
    """DO_SET_ROI_LOCATION."""
    if place is None or device not in _ONLY_DEVICES:
        return Outcome.DENIED
    gimbal.look_at(place)
    return Outcome.ACCEPTED


def look_ahead(gimbal: Gimbal) -> Outcome:
    """DO_SET_ROI_NONE."""
    gimbal.look_ahead()
    return Outcome.ACCEPTED


def zoom(gimbal: Gimbal, kind: float, value: float) -> Outcome:
    """SET_CAMERA_ZOOM by its range: 0 to 100 percent of 1 to 8 times, in equal steps."""
    if kind != dialect.ZOOM_TYPE_RANGE:
        return Outcome.UNSUPPORTED
    if not 0.0 <= value <= 100.0:
        return Outcome.DENIED
    gimbal.zoom_to(1.0 + (MOST_ZOOM - 1.0) * value / 100.0)
    return Outcome.ACCEPTED
