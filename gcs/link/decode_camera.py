"""MAVLink message -> report: what cameras and gimbals say."""

import math
from collections.abc import Sequence
from typing import Any

from gcs.link.camera_reports import (
    CameraCapture,
    CameraInformation,
    GimbalManagerInformation,
    GimbalManagerStatus,
    StreamKind,
    VideoStream,
)
from gcs.link.fields import Decoder, number
from gcs.link.mavlink import dialect
from gcs.link.reports import Report
from gcs.link.stream_uri import canonical

_KINDS: dict[int, StreamKind] = {
    dialect.VIDEO_STREAM_TYPE_RTSP: StreamKind.RTSP,
    dialect.VIDEO_STREAM_TYPE_RTPUDP: StreamKind.RTP,
    dialect.VIDEO_STREAM_TYPE_TCP_MPEG: StreamKind.TCP,
    dialect.VIDEO_STREAM_TYPE_MPEG_TS: StreamKind.MPEG_TS,
    dialect.VIDEO_STREAM_TYPE_WHEP: StreamKind.WHEP,
}
_NAME_MOST = 40
_RECORDING = {0: False, 1: True}  # idle, capture in progress


def _manager(m: Any) -> Report:
    name = "GIMBAL_MANAGER_INFORMATION"
    return GimbalManagerInformation(
        component=m.get_srcComponent(),
        device=m.gimbal_device_id,
        pans=bool(m.cap_flags & dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_YAW_AXIS),
        tilts=bool(m.cap_flags & dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_PITCH_AXIS),
        points_at_places=bool(
            m.cap_flags & dialect.GIMBAL_MANAGER_CAP_FLAGS_CAN_POINT_LOCATION_GLOBAL
        ),
        pitch_limits_deg=_limits(f"{name}.pitch", m.pitch_min, m.pitch_max),
        yaw_limits_deg=_limits(f"{name}.yaw", m.yaw_min, m.yaw_max),
    )


def _limits(name: str, low_rad: float, high_rad: float) -> tuple[float, float] | None:
    """Degrees; None where the gimbal tells none (not a number, or no room between them)."""
    if not (math.isfinite(low_rad) and math.isfinite(high_rad)) or low_rad >= high_rad:
        return None
    turn = 4.0 * math.pi
    return (
        math.degrees(number(f"{name}_min", low_rad, -turn, turn)),
        math.degrees(number(f"{name}_max", high_rad, -turn, turn)),
    )


def _manager_status(m: Any) -> Report:
    return GimbalManagerStatus(
        component=m.get_srcComponent(),
        device=m.gimbal_device_id,
        primary=(m.primary_control_sysid, m.primary_control_compid),
    )


def _camera(m: Any) -> Report:
    names = (_words(m.vendor_name), _words(m.model_name))
    return CameraInformation(
        component=m.get_srcComponent(),
        device=m.camera_device_id,
        name=" ".join(n for n in names if n)[:_NAME_MOST],
        zooms=bool(m.flags & dialect.CAMERA_CAP_FLAGS_HAS_BASIC_ZOOM),
        streams=bool(m.flags & dialect.CAMERA_CAP_FLAGS_HAS_VIDEO_STREAM),
        records=bool(m.flags & dialect.CAMERA_CAP_FLAGS_CAPTURE_VIDEO),
    )


def _capture(m: Any) -> Report:
    return CameraCapture(m.get_srcComponent(), _RECORDING.get(m.video_status))


def _words(raw: Sequence[int]) -> str:
    """The text in an array of bytes, up to its first zero."""
    text = bytes(raw).split(b"\0", 1)[0].decode("utf-8", "replace")
    return "".join(c for c in text if c.isprintable()).strip()


def _stream(m: Any) -> Report:
    kind = _KINDS.get(m.type, StreamKind.OTHER)
    return VideoStream(
        component=m.get_srcComponent(),
        stream=m.stream_id,
        kind=kind,
        uri=canonical(kind, m.uri),
        thermal=bool(m.flags & dialect.VIDEO_STREAM_STATUS_FLAGS_THERMAL),
    )


FROM_ANY_COMPONENT: frozenset[str] = frozenset(
    {
        "GIMBAL_MANAGER_INFORMATION",
        "GIMBAL_MANAGER_STATUS",
        "GIMBAL_DEVICE_ATTITUDE_STATUS",
        "CAMERA_CAPTURE_STATUS",
        "CAMERA_INFORMATION",
        "CAMERA_SETTINGS",
        "VIDEO_STREAM_INFORMATION",
    }
)

DECODERS: dict[str, Decoder] = {
    "GIMBAL_MANAGER_INFORMATION": _manager,
    "GIMBAL_MANAGER_STATUS": _manager_status,
    "CAMERA_CAPTURE_STATUS": _capture,
    "CAMERA_INFORMATION": _camera,
    "VIDEO_STREAM_INFORMATION": _stream,
}
