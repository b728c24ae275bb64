"""What gimbals and cameras say of themselves: one frozen value per kind of MAVLink message.

`component` is who said it: orders for that part of the vehicle go there.
"""

from dataclasses import dataclass
from enum import StrEnum

from gcs.link.reports import Report


@dataclass(frozen=True, slots=True)
class GimbalManagerInformation(Report):
    """GIMBAL_MANAGER_INFORMATION. `device`: which gimbal it manages, as it numbers them.

    Limits in degrees, None = not told; `points_at_places`: it may be given a place itself.
    """

    component: int
    device: int
    pans: bool
    tilts: bool
    points_at_places: bool
    pitch_limits_deg: tuple[float, float] | None = None
    yaw_limits_deg: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class GimbalManagerStatus(Report):
    """GIMBAL_MANAGER_STATUS: who has primary control there, (0, 0) = nobody."""

    component: int
    device: int
    primary: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CameraInformation(Report):
    """CAMERA_INFORMATION. `device` 1 to 6: a camera without MAVLink of its own, else 0."""

    component: int
    device: int
    name: str
    zooms: bool
    streams: bool
    records: bool = False


@dataclass(frozen=True, slots=True)
class CameraCapture(Report):
    """CAMERA_CAPTURE_STATUS. `recording` None: it tells something that is neither yes nor no."""

    component: int
    recording: bool | None


class StreamKind(StrEnum):
    """How a camera sends its pictures."""

    RTSP = "rtsp"
    RTP = "rtp"
    TCP = "tcp"
    MPEG_TS = "mpegts"
    WHEP = "whep"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class VideoStream(Report):
    """VIDEO_STREAM_INFORMATION. `uri` as `stream_uri.canonical` writes it; empty: it has none."""

    component: int
    stream: int
    kind: StreamKind
    uri: str
    thermal: bool = False
