"""Messages about where the camera looks, as ArduPilot sends them. Reads, changes nothing."""

import math
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone.gimbal import HIGHEST_DEG, LOWEST_DEG, MOST_ZOOM
from gcs.sim.drone.view import View

_FLAGS = (
    dialect.GIMBAL_DEVICE_FLAGS_ROLL_LOCK
    | dialect.GIMBAL_DEVICE_FLAGS_PITCH_LOCK
    | dialect.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME
)
_NOT_KNOWN = math.nan
DEVICE = 1  # without MAVLink of its own: numbered by the autopilot
_ABILITIES = (
    dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_RETRACT
    | dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_NEUTRAL
    | dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_PITCH_AXIS
    | dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_PITCH_LOCK
    | dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_YAW_AXIS
    | dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_YAW_FOLLOW
    | dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_YAW_LOCK
    | dialect.GIMBAL_MANAGER_CAP_FLAGS_CAN_POINT_LOCATION_LOCAL
    | dialect.GIMBAL_MANAGER_CAP_FLAGS_CAN_POINT_LOCATION_GLOBAL
)
_FPS, _WIDTH, _HEIGHT = 15.0, 640, 360
_FOCAL_MM, _SENSOR_MM = 4.4, (6.17, 4.55)


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


def capture_status(view: View) -> Any:
    """CAMERA_CAPTURE_STATUS: whether it records."""
    recorded_s = view.gimbal.recorded_s
    recorded_ms = 0 if recorded_s is None else int(recorded_s * 1000)
    return dialect.MAVLink_camera_capture_status_message(
        view.boot_ms, 0, int(recorded_s is not None), 0.0, recorded_ms, _NOT_KNOWN, 0, DEVICE
    )


def manager_information(view: View) -> Any:
    """GIMBAL_MANAGER_INFORMATION: the autopilot itself manages gimbal 1."""
    turn = math.pi
    low, high = math.radians(LOWEST_DEG), math.radians(HIGHEST_DEG)
    return dialect.MAVLink_gimbal_manager_information_message(
        view.boot_ms, _ABILITIES, DEVICE, 0.0, 0.0, low, high, -turn, turn
    )


def manager_status(view: View) -> Any:
    """GIMBAL_MANAGER_STATUS: who has primary control."""
    return dialect.MAVLink_gimbal_manager_status_message(
        view.boot_ms, 0, DEVICE, *view.gimbal.controller, 0, 0
    )


def camera_information(view: View) -> Any:
    """CAMERA_INFORMATION: a zoom camera that hangs on the gimbal."""
    flags = dialect.CAMERA_CAP_FLAGS_CAPTURE_VIDEO | dialect.CAMERA_CAP_FLAGS_HAS_BASIC_ZOOM
    if view.pilot.config.video_uri:
        flags |= dialect.CAMERA_CAP_FLAGS_HAS_VIDEO_STREAM
    return dialect.MAVLink_camera_information_message(
        view.boot_ms,
        _name("Simulated"),
        _name(f"zoom {MOST_ZOOM:g}"),
        0,
        _FOCAL_MM,
        *_SENSOR_MM,
        _WIDTH,
        _HEIGHT,
        0,
        flags,
        0,
        b"",
        DEVICE,
        DEVICE,
    )


def video_stream(view: View) -> Any:
    """VIDEO_STREAM_INFORMATION: MPEG-TS over UDP; None when it sends no pictures by itself."""
    uri = view.pilot.config.video_uri
    if not uri:
        return None
    running = dialect.VIDEO_STREAM_STATUS_FLAGS_RUNNING
    return dialect.MAVLink_video_stream_information_message(
        1,
        1,
        dialect.VIDEO_STREAM_TYPE_MPEG_TS,
        running,
        _FPS,
        _WIDTH,
        _HEIGHT,
        1_000_000,
        0,
        70,
        b"main",
        uri.encode(),
        0,
        DEVICE,
    )


def _name(text: str) -> list[int]:
    return list(text.encode().ljust(32, b"\0"))
