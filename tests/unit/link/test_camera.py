"""The camera's reports: both frames of yaw, what is not known, what is refused."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gcs.link.camera import apart_deg, pitch_yaw_deg
from gcs.link.decode import BadValue, decode
from gcs.link.mavlink import dialect
from gcs.link.reports import CameraSettings, GimbalAttitude

NAN = math.nan
EARTH, VEHICLE, LOCK = 64, 32, 16


def quaternion(roll_deg: float, pitch_deg: float, yaw_deg: float) -> list[float]:
    """From Tait-Bryan angles, yaw first: multiplied out here from three single turns."""

    def turn(axis: int, degrees: float) -> list[float]:
        half = math.radians(degrees) / 2.0
        q = [math.cos(half), 0.0, 0.0, 0.0]
        q[axis] = math.sin(half)
        return q

    def times(a: list[float], b: list[float]) -> list[float]:
        return [
            a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
            a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
            a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
            a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
        ]

    return times(times(turn(3, yaw_deg), turn(2, pitch_deg)), turn(1, roll_deg))


def gimbal(q: list[float], flags: int = VEHICLE) -> Any:
    return dialect.MAVLink_gimbal_device_attitude_status_message(
        0, 0, 1000, flags, q, NAN, NAN, NAN, 0, NAN, NAN, 1
    )


@given(st.floats(-89.0, 89.0), st.floats(-180.0, 180.0), st.floats(-60.0, 60.0))
def test_angles_come_back(pitch: float, yaw: float, roll: float) -> None:
    found = pitch_yaw_deg(quaternion(roll, pitch, yaw))
    assert apart_deg(found, (pitch, yaw)) < 1e-3


@given(st.floats(-180.0, 180.0))
def test_straight_down_the_yaw_is_still_told(yaw: float) -> None:
    pitch, found = pitch_yaw_deg(quaternion(0.0, -90.0, yaw))
    assert pitch == pytest.approx(-90.0, abs=0.01)
    assert math.remainder(found - yaw, 360.0) == pytest.approx(0.0, abs=1e-3)


def test_apart() -> None:
    assert apart_deg((0.0, 0.0), (0.0, 90.0)) == pytest.approx(90.0)
    assert apart_deg((-45.0, 179.0), (-45.0, -181.0)) == pytest.approx(0.0, abs=1e-5)
    assert apart_deg((-90.0, 0.0), (-90.0, 120.0)) == pytest.approx(0.0, abs=1e-5)
    assert apart_deg((-80.0, 0.0), (-80.0, 180.0)) == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("flags", "from_north"),
    [(0, False), (LOCK, True), (LOCK | VEHICLE, False), (EARTH, True), (VEHICLE, False)],
)
def test_the_frame_of_the_yaw(flags: int, from_north: bool) -> None:
    found = decode(gimbal(quaternion(0.0, -30.0, 40.0), flags))
    assert isinstance(found, GimbalAttitude)
    assert (found.pitch_deg, found.yaw_deg) == pytest.approx((-30.0, 40.0))
    assert found.from_north is from_north


@pytest.mark.parametrize(
    "q", [[NAN] * 4, [0.0] * 4, [2.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [math.inf, 0, 0, 0]]
)
def test_what_is_no_attitude_is_refused(q: list[float]) -> None:
    with pytest.raises(BadValue, match=r"GIMBAL_DEVICE_ATTITUDE_STATUS\.q"):
        decode(gimbal(q))


def test_zoom() -> None:
    def settings(zoom: float) -> Any:
        return dialect.MAVLink_camera_settings_message(1000, 1, zoom, NAN)

    assert decode(settings(25.0)) == CameraSettings(25.0)
    assert decode(settings(NAN)) == CameraSettings(None)
    for absurd in (-1.0, 101.0, math.inf):
        with pytest.raises(BadValue, match="zoomLevel"):
            decode(settings(absurd))
