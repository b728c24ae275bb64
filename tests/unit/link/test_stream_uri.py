"""One way to write where a stream goes, and what gimbal managers and cameras tell."""

import math

import pytest

from gcs.link.camera_reports import (
    CameraInformation,
    GimbalManagerInformation,
    StreamKind,
    VideoStream,
)
from gcs.link.decode import decode
from gcs.link.mavlink import dialect
from gcs.link.stream_uri import canonical

_R = StreamKind
NAN = math.nan


@pytest.mark.parametrize(
    ("kind", "raw", "written"),
    [
        (_R.MPEG_TS, "5600", "udp://0.0.0.0:5600"),
        (_R.MPEG_TS, "udp://@:5600", "udp://0.0.0.0:5600"),
        (_R.MPEG_TS, "mpegts://127.0.0.1:5600", "udp://127.0.0.1:5600"),
        (_R.MPEG_TS, "udp://@239.0.0.1:1234", "udp://239.0.0.1:1234"),
        (_R.RTP, "5600", "rtp://0.0.0.0:5600"),
        (_R.TCP, "tcp://192.168.1.4:5700", "tcp://192.168.1.4:5700"),
        (_R.RTSP, "rtsp://10.1.1.1:8554/main\0junk", "rtsp://10.1.1.1:8554/main"),
        (_R.MPEG_TS, "udp://127.0.0.1:70000", "udp://127.0.0.1:70000"),  # told as it is, not taken
        (_R.RTSP, "", ""),
        (_R.RTSP, "rtsp://\x1b[2J", ""),
        (_R.RTSP, "r" * 300, ""),
    ],
)
def test_written_in_one_way(kind: StreamKind, raw: str, written: str) -> None:
    assert canonical(kind, raw) == written


def test_video_streams() -> None:
    def stream(kind: int, uri: bytes, flags: int = 1) -> object:
        return decode(
            dialect.MAVLink_video_stream_information_message(
                2, 2, kind, flags, 30.0, 1280, 720, 1, 0, 70, b"ir", uri, 0, 1
            )
        )

    found = stream(dialect.VIDEO_STREAM_TYPE_RTSP, b"rtsp://1.2.3.4/x")
    assert found == VideoStream(0, 2, _R.RTSP, "rtsp://1.2.3.4/x")
    thermal = dialect.VIDEO_STREAM_STATUS_FLAGS_THERMAL
    found = stream(dialect.VIDEO_STREAM_TYPE_MPEG_TS, b"5600", thermal)
    assert found == VideoStream(0, 2, _R.MPEG_TS, "udp://0.0.0.0:5600", thermal=True)


def test_a_gimbal_manager_without_pan_or_limits() -> None:
    def manager(flags: int, *limits: float) -> GimbalManagerInformation:
        message = dialect.MAVLink_gimbal_manager_information_message(
            1000, flags, 3, 0.0, 0.0, *limits
        )
        found = decode(message)
        assert isinstance(found, GimbalManagerInformation)
        return found

    tilt = dialect.GIMBAL_MANAGER_CAP_FLAGS_HAS_PITCH_AXIS
    found = manager(tilt, math.radians(-90.0), 0.0, 0.0, 0.0)
    assert (found.device, found.tilts, found.pans, found.points_at_places) == (
        3,
        True,
        False,
        False,
    )
    assert found.pitch_limits_deg == pytest.approx((-90.0, 0.0))
    assert found.yaw_limits_deg is None
    assert manager(tilt, NAN, NAN, NAN, NAN).pitch_limits_deg is None


def test_a_camera_tells_its_name_and_its_zoom() -> None:
    def name(text: bytes) -> list[int]:
        return list(text.ljust(32, b"\0"))

    flags = dialect.CAMERA_CAP_FLAGS_HAS_BASIC_ZOOM | dialect.CAMERA_CAP_FLAGS_HAS_VIDEO_STREAM
    message = dialect.MAVLink_camera_information_message(
        0, name(b"Acme"), name(b"Z-30\x07 \xff"), 0, 4.0, 6.0, 4.0, 640, 480, 0, flags, 0, b"", 1, 2
    )
    assert decode(message) == CameraInformation(0, 2, "Acme Z-30 \ufffd", zooms=True, streams=True)
