"""The camera's MAV_CMDs, as ArduPilot takes them: angles, a point to look at, zoom, recording."""

import math
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone.autopilot import Outcome
from gcs.sim.drone.gimbal import MOST_ZOOM, Gimbal
from gcs.sim.drone.manoeuvres import Place

_ONLY_DEVICES = (0.0, 1.0)  # 0 means all of them
_UNCHANGED, _ITSELF, _RELEASE = -1.0, -2.0, -3.0


def pitch_yaw(
    gimbal: Gimbal,
    pitch_deg: float,
    yaw_deg: float,
    flags: float,
    device: float,
    rates_dps: tuple[float, float] = (math.nan, math.nan),
) -> Outcome:
    """DO_GIMBAL_MANAGER_PITCHYAW. An angle that is no number is left as it is; without any, the
    rates count."""
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
        told = any(math.isfinite(rate) for rate in rates_dps)
        return turn_at(gimbal, *rates_dps) if told else Outcome.ACCEPTED
    lock = bool(bits & dialect.GIMBAL_MANAGER_FLAGS_YAW_LOCK) and math.isfinite(yaw_deg)
    gimbal.turn(
        pitch_deg if math.isfinite(pitch_deg) else gimbal.pitch_deg,
        yaw_deg if math.isfinite(yaw_deg) else gimbal.yaw_deg,
        lock=lock,
    )
    return Outcome.ACCEPTED


def turn_at(gimbal: Gimbal, pitch_dps: float, yaw_dps: float) -> Outcome:
    """At a rate, until told otherwise."""
    if not (math.isfinite(pitch_dps) and math.isfinite(yaw_dps)):
        return Outcome.FAILED
    gimbal.turn_at(pitch_dps, yaw_dps)
    return Outcome.ACCEPTED


def set_pitch_yaw(gimbal: Gimbal, message: Any) -> None:
    """GIMBAL_MANAGER_SET_PITCHYAW: as the command, in radians, and not answered."""
    given = (message.pitch, message.yaw, message.pitch_rate, message.yaw_rate)
    if all(math.isfinite(value) for value in given):
        return  # angles and rates at once are not obeyed
    pitch, yaw, *rates = (math.degrees(value) for value in given)
    device = float(message.gimbal_device_id)
    pitch_yaw(gimbal, pitch, yaw, float(message.flags), device, (rates[0], rates[1]))


def configure(
    gimbal: Gimbal, system: float, component: float, device: float, sender: tuple[int, int]
) -> Outcome:
    """DO_GIMBAL_MANAGER_CONFIGURE: who has primary control. It is told, and holds nobody off."""
    if device not in _ONLY_DEVICES:
        return Outcome.DENIED
    if system == _ITSELF:
        gimbal.controller = sender
    elif system == _RELEASE:
        if gimbal.controller == sender:
            gimbal.controller = (0, 0)
    elif 0 <= system <= 255 and 0 <= component <= 255:
        gimbal.controller = (int(system), int(component))
    elif system != _UNCHANGED:
        return Outcome.FAILED
    return Outcome.ACCEPTED


def mount_control(gimbal: Gimbal, pitch_deg: float, yaw_deg: float, mode: float) -> Outcome:
    """DO_MOUNT_CONTROL, the older way, by angles alone."""
    if mode != dialect.MAV_MOUNT_MODE_MAVLINK_TARGETING:
        return Outcome.UNSUPPORTED
    return pitch_yaw(gimbal, pitch_deg, yaw_deg, 0.0, 0.0)


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


def record(gimbal: Gimbal, stream: float, *, on: bool) -> Outcome:
    """VIDEO_START_CAPTURE and VIDEO_STOP_CAPTURE; it has one stream, 0 means all."""
    if stream not in _ONLY_DEVICES:
        return Outcome.DENIED
    gimbal.record(on=on)
    return Outcome.ACCEPTED
