"""Messages about where the camera looks, as ArduPilot sends them. Reads, changes nothing."""

import math
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone.gimbal import MOST_ZOOM
from gcs.sim.drone.view import View

_FLAGS = (
    dialect.GIMBAL_DEVICE_FLAGS_ROLL_LOCK
    | dialect.GIMBAL_DEVICE_FLAGS_PITCH_LOCK
    | dialect.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME
)
_NOT_KNOWN = math.nan


def gimbal_attitude(view: View) -> Any:
    """GIMBAL_DEVICE_ATTITUDE_STATUS: pitch from the horizon, yaw from the nose."""
    pitch = math.radians(view.gimbal.pitch_deg) / 2.0
    yaw = math.radians(view.gimbal.yaw_deg) / 2.0
    attitude = [
        math.cos(pitch) * math.cos(yaw),
        -math.sin(pitch) * math.sin(yaw),
        math.sin(pitch) * math.cos(yaw),
        math.cos(pitch) * math.sin(yaw),
    ]
    return dialect.MAVLink_gimbal_device_attitude_status_message(
        0, 0, view.boot_ms, _FLAGS, attitude, *(_NOT_KNOWN,) * 3, 0, _NOT_KNOWN, _NOT_KNOWN, 1
    )


def camera_settings(view: View) -> Any:
    """CAMERA_SETTINGS: the zoom as a share of its range."""
    percent = (view.gimbal.zoom - 1.0) / (MOST_ZOOM - 1.0) * 100.0
    return dialect.MAVLink_camera_settings_message(
        view.boot_ms, dialect.CAMERA_MODE_VIDEO, percent, _NOT_KNOWN
    )
