"""The simulated camera: how it turns, follows, zooms, and what it shows and refuses."""

import math

import pytest

from gcs.geo.earth import bearing_deg, distance_m
from gcs.link.camera import apart_deg
from gcs.link.camera_reports import (
    CameraCapture,
    CameraInformation,
    GimbalManagerInformation,
    GimbalManagerStatus,
)
from gcs.link.decode import decode
from gcs.link.mavlink import dialect
from gcs.link.reports import CameraSettings, GimbalAttitude
from gcs.model.place import Position
from gcs.sim.drone.gimbal import HIGHEST_DEG, STOWED_DEG
from tests.unit.sim_drone.rig import ACCEPTED, DENIED, FAILED, UNSUPPORTED, Rig

PITCHYAW = dialect.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW
ROI, ROI_NONE = dialect.MAV_CMD_DO_SET_ROI_LOCATION, dialect.MAV_CMD_DO_SET_ROI_NONE
ZOOM = dialect.MAV_CMD_SET_CAMERA_ZOOM
REQUEST = dialect.MAV_CMD_REQUEST_MESSAGE
NAN = math.nan


@pytest.fixture
def rig() -> Rig:
    return Rig()


def looks(rig: Rig) -> tuple[float, float]:
    return rig.drone.gimbal.pitch_deg, rig.drone.gimbal.yaw_deg


def look_at(rig: Rig, place: Position, up_m: float) -> int:
    at = len(rig.gcs.heard)
    x, y = round(place.lat_deg * 1e7), round(place.lon_deg * 1e7)
    rig.gcs.send(
        dialect.MAVLink_command_int_message(
            rig.system_id, 1, 6, ROI, 0, 0, 0.0, 0.0, 0.0, 0.0, x, y, up_m
        )
    )
    return rig.gcs.ack_of(ROI, at)


def off_target_deg(rig: Rig, place: Position, up_m: float) -> float:
    """How far the picture's middle is from a place."""
    pose = rig.drone.camera_pose()
    above_m = rig.drone.pilot.body.up_m - up_m
    away_m = distance_m(pose.position, place)
    wanted = (math.degrees(math.atan2(-above_m, away_m)), bearing_deg(pose.position, place))
    return apart_deg((pose.gimbal_pitch_deg, pose.look_heading_deg), wanted)


def test_stowed_when_parked_and_down_in_flight_and_stowed_again(rig: Rig) -> None:
    rig.run(1.0)
    assert looks(rig) == (STOWED_DEG, 0.0)
    rig.fly_to(12.0)
    assert looks(rig) == (-45.0, 0.0)
    assert rig.gcs.command(ZOOM, 2.0, 50.0) == ACCEPTED
    rig.run(3.0)
    assert rig.drone.camera_pose().zoom == pytest.approx(4.5)
    rig.gcs.mode(9)
    rig.until(lambda: rig.drone.pilot.parked)
    rig.run(3.0)
    assert looks(rig) == (STOWED_DEG, 0.0)
    assert rig.drone.camera_pose().zoom == 1.0


def test_it_turns_at_its_rate_and_the_short_way_round(rig: Rig) -> None:
    assert rig.gcs.command(PITCHYAW, -80.0, 170.0, NAN, NAN, 12.0) == ACCEPTED
    rig.run(0.5)
    assert looks(rig) == pytest.approx((STOWED_DEG - 30.0, 30.0), abs=1.3)
    rig.run(3.0)
    assert looks(rig) == pytest.approx((-80.0, 170.0))
    assert rig.gcs.command(PITCHYAW, -80.0, -170.0, NAN, NAN, 12.0) == ACCEPTED
    rig.run(0.5)
    assert looks(rig)[1] == pytest.approx(-170.0)


def test_angles_beyond_its_reach_end_at_its_reach(rig: Rig) -> None:
    assert rig.gcs.command(PITCHYAW, 70.0, 0.0) == ACCEPTED
    rig.run(2.0)
    assert looks(rig)[0] == 30.0
    assert rig.gcs.command(PITCHYAW, -120.0, 0.0) == ACCEPTED
    rig.run(3.0)
    assert looks(rig)[0] == -90.0


def test_an_angle_that_is_no_number_stays_as_it_is(rig: Rig) -> None:
    rig.gcs.command(PITCHYAW, -30.0, 40.0)
    rig.run(2.0)
    assert rig.gcs.command(PITCHYAW, NAN, -10.0) == ACCEPTED
    rig.run(2.0)
    assert looks(rig) == pytest.approx((-30.0, -10.0))
    assert rig.gcs.command(PITCHYAW, NAN, NAN, NAN, NAN) == ACCEPTED
    assert rig.gcs.command(PITCHYAW, NAN, NAN, 5.0, NAN) == FAILED
    rig.run(1.0)
    assert looks(rig) == pytest.approx((-30.0, -10.0))


def test_at_a_rate_until_it_is_told_otherwise_or_at_its_reach(rig: Rig) -> None:
    rig.gcs.command(PITCHYAW, -30.0, 170.0)
    rig.run(4.0)
    assert rig.gcs.command(PITCHYAW, NAN, NAN, 5.0, 10.0) == ACCEPTED
    rig.run(2.0)
    assert looks(rig) == pytest.approx((-20.0, -170.0), abs=0.5)
    rig.gcs.send(set_pitch_yaw(rig, NAN, NAN, math.radians(30.0), 0.0))
    rig.run(3.0)
    assert looks(rig) == pytest.approx((HIGHEST_DEG, -170.0), abs=0.5)
    rig.gcs.send(set_pitch_yaw(rig, NAN, NAN, 0.0, 0.0))
    rig.run(1.0)
    still = looks(rig)
    rig.run(1.0)
    assert looks(rig) == still


def set_pitch_yaw(rig: Rig, pitch: float, yaw: float, *rates: float) -> object:
    return dialect.MAVLink_gimbal_manager_set_pitchyaw_message(
        rig.system_id, 1, 12, 1, pitch, yaw, *rates
    )


def test_its_manager_tells_what_it_can_and_who_is_in_control(rig: Rig) -> None:
    def shown(message: int) -> object:
        at = len(rig.gcs.heard)
        assert rig.gcs.command(REQUEST, float(message)) == ACCEPTED
        return next(decode(m) for _, m in rig.gcs.heard[at:] if m.get_msgId() == message)

    told = shown(dialect.MAVLINK_MSG_ID_GIMBAL_MANAGER_INFORMATION)
    assert isinstance(told, GimbalManagerInformation)
    assert (told.component, told.device, told.pans, told.points_at_places) == (1, 1, True, True)
    assert told.pitch_limits_deg == pytest.approx((-90.0, 30.0), abs=0.01)
    camera = shown(dialect.MAVLINK_MSG_ID_CAMERA_INFORMATION)
    assert camera == CameraInformation(
        1, 1, "Simulated zoom 8", zooms=True, streams=False, records=True
    )
    assert (
        rig.gcs.command(REQUEST, float(dialect.MAVLINK_MSG_ID_VIDEO_STREAM_INFORMATION)) == FAILED
    )

    configure = dialect.MAV_CMD_DO_GIMBAL_MANAGER_CONFIGURE
    status = dialect.MAVLINK_MSG_ID_GIMBAL_MANAGER_STATUS
    assert shown(status) == GimbalManagerStatus(1, 1, (0, 0))
    assert rig.gcs.command(configure, 255.0, 190.0, -1.0, -1.0, 0.0, 0.0, 1.0) == ACCEPTED
    assert shown(status) == GimbalManagerStatus(1, 1, (255, 190))
    assert rig.gcs.command(configure, -1.0, -1.0, -1.0, -1.0) == ACCEPTED
    assert shown(status) == GimbalManagerStatus(1, 1, (255, 190))
    assert rig.gcs.command(configure, 300.0, 1.0, -1.0, -1.0) == FAILED


def test_pitch_is_held_level_and_yaw_follows_the_nose(rig: Rig) -> None:
    rig.fly_to(15.0)
    rig.gcs.command(PITCHYAW, -30.0, 20.0)
    rig.run(2.0)
    assert rig.gcs.reposition(rig.place(90.0, 80.0), 15.0) == ACCEPTED
    tilts, pitches = [], []
    for _ in range(150):
        rig.tick()
        tilts.append(abs(rig.drone.camera_pose().pitch_deg))
        pitches.append(rig.drone.gimbal.pitch_deg)
    assert max(tilts) > 5.0, "the body tilts"
    assert pitches == [-30.0] * 150, "the picture does not"
    rig.run(3.0)
    assert looks(rig)[1] == pytest.approx(20.0)


def test_a_yaw_locked_to_north_stays_there_while_the_nose_turns(rig: Rig) -> None:
    rig.fly_to(15.0)
    assert rig.gcs.command(PITCHYAW, -30.0, 100.0, NAN, NAN, 28.0) == ACCEPTED
    rig.run(3.0)
    rig.gcs.reposition(rig.place(200.0, 80.0), 15.0)
    rig.run(6.0)
    assert rig.drone.camera_pose().look_heading_deg == pytest.approx(100.0, abs=1.5)


def test_a_point_is_kept_in_view_as_the_drone_flies_by(rig: Rig) -> None:
    rig.fly_to(20.0)
    target = rig.place(60.0, 60.0)
    mode = rig.mode
    assert look_at(rig, target, -10.0) == ACCEPTED
    rig.run(3.0)
    assert off_target_deg(rig, target, -10.0) < 0.5
    rig.gcs.reposition(rig.place(90.0, 120.0), 20.0)
    worst = 0.0
    for _ in range(900):
        rig.tick()
        worst = max(worst, off_target_deg(rig, target, -10.0))
    assert worst < 4.0
    assert off_target_deg(rig, target, -10.0) < 0.5
    assert rig.mode == mode
    assert rig.gcs.command(ROI_NONE) == ACCEPTED
    rig.run(4.0)
    assert looks(rig) == pytest.approx((-45.0, 0.0))


def test_straight_over_its_point_it_looks_down_and_does_not_spin(rig: Rig) -> None:
    rig.fly_to(20.0)
    body = rig.drone.pilot.body
    here = rig.drone.pilot.frame.to_position(body.east_m, body.north_m)
    look_at(rig, here, 0.0)
    rig.run(3.0)
    yaw = looks(rig)[1]
    rig.run(2.0)
    assert looks(rig) == pytest.approx((-90.0, yaw), abs=2.0)


def test_angles_end_a_point(rig: Rig) -> None:
    rig.fly_to(15.0)
    look_at(rig, rig.place(0.0, 60.0), 0.0)
    rig.run(2.0)
    rig.gcs.command(PITCHYAW, -10.0, 5.0)
    rig.run(4.0)
    assert looks(rig) == pytest.approx((-10.0, 5.0))


def test_zoom_takes_its_time_and_knows_its_range(rig: Rig) -> None:
    assert rig.gcs.command(ZOOM, 2.0, 100.0) == ACCEPTED
    rig.run(1.0)
    assert rig.drone.gimbal.zoom == pytest.approx(2.0, rel=0.05)
    rig.run(2.5)
    assert rig.drone.gimbal.zoom == 8.0
    assert rig.gcs.command(ZOOM, 2.0, 101.0) == DENIED
    assert rig.gcs.command(ZOOM, 2.0, NAN) == DENIED
    assert rig.gcs.command(ZOOM, 1.0, 50.0) == UNSUPPORTED


@pytest.mark.parametrize("command", [PITCHYAW, ROI])
def test_another_gimbal_is_not_obeyed(rig: Rig, command: int) -> None:
    device_at = {PITCHYAW: (-10.0, 0.0, NAN, NAN, 12.0, 0.0, 3.0), ROI: (3.0,)}
    assert rig.gcs.command(command, *device_at[command]) == DENIED
    rig.run(1.0)
    assert looks(rig) == (STOWED_DEG, 0.0)


def test_a_point_that_names_no_place_is_denied(rig: Rig) -> None:
    assert look_at(rig, Position(0.0, 0.0), 10.0) == DENIED
    assert look_at(rig, rig.place(0.0, 10.0), NAN) == DENIED


@pytest.mark.parametrize(
    ("pitch", "yaw"), [(-45.0, 0.0), (-90.0, 35.0), (-89.5, 120.0), (30.0, -150.0), (0.0, 180.0)]
)
def test_what_it_shows_is_where_it_looks(rig: Rig, pitch: float, yaw: float) -> None:
    rig.gcs.command(PITCHYAW, pitch, yaw)
    rig.gcs.command(ZOOM, 2.0, 30.0)
    rig.run(4.0)
    rig.gcs.interval(dialect.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS, 4.0)
    rig.gcs.interval(dialect.MAVLINK_MSG_ID_CAMERA_SETTINGS, 2.0)
    rig.run(1.0)
    shown = decode(rig.gcs.last("GIMBAL_DEVICE_ATTITUDE_STATUS"))
    assert isinstance(shown, GimbalAttitude)
    assert shown.pitch_deg == pytest.approx(pitch, abs=0.1)
    assert math.remainder(shown.yaw_deg - yaw, 360.0) == pytest.approx(0.0, abs=0.1)
    assert not shown.from_north
    settings = decode(rig.gcs.last("CAMERA_SETTINGS"))
    assert isinstance(settings, CameraSettings)
    assert settings.zoom_percent == pytest.approx(30.0)
    assert len(rig.gcs.all("GIMBAL_DEVICE_ATTITUDE_STATUS")) in (4, 5)


def test_a_stuck_gimbal_answers_and_does_not_move(rig: Rig) -> None:
    rig.drone.faults.gimbal_stuck = True
    assert rig.gcs.command(PITCHYAW, -60.0, 50.0) == ACCEPTED
    assert rig.gcs.command(ZOOM, 2.0, 50.0) == ACCEPTED
    rig.run(3.0)
    assert looks(rig) == (STOWED_DEG, 0.0)
    assert rig.drone.gimbal.zoom == 1.0


def test_it_records_while_the_motors_run_and_as_it_is_told(rig: Rig) -> None:
    def shown() -> tuple[bool | None, int]:
        message = dialect.MAVLINK_MSG_ID_CAMERA_CAPTURE_STATUS
        assert rig.gcs.command(dialect.MAV_CMD_REQUEST_MESSAGE, float(message)) == ACCEPTED
        told = rig.gcs.last("CAMERA_CAPTURE_STATUS")
        found = decode(told)
        assert isinstance(found, CameraCapture)
        return found.recording, told.recording_time_ms

    assert shown() == (False, 0)
    rig.fly_to(12.0)
    recording, for_ms = shown()
    assert recording and for_ms > 1000
    assert rig.gcs.command(dialect.MAV_CMD_VIDEO_STOP_CAPTURE, 0.0) == ACCEPTED
    assert shown() == (False, 0)
    assert rig.gcs.command(dialect.MAV_CMD_VIDEO_START_CAPTURE, 1.0) == ACCEPTED
    assert shown() == (True, 0)
    assert rig.gcs.command(dialect.MAV_CMD_VIDEO_START_CAPTURE, 4.0) == DENIED
