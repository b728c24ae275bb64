"""Pictures: the same for the same moment, still where nothing moves, turned by gimbal and zoom."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from gcs.sim.cameras.aim import aim_of_drone, aim_of_fixed, metadata_of, view_of
from gcs.sim.cameras.portrait import draw_portrait
from gcs.sim.cameras.renderer import Town3D
from gcs.sim.cameras.view import View
from gcs.sim.drone.camera_pose import CameraPose
from tests.unit.sim.cameras import places

T0 = 1.79e9
POSE = CameraPose(places.at(120.0, 60.0), 90.0, 60.0, 30.0, -8.0, 5.0, -45.0, 20.0, 1.0, True)


@pytest.fixture(scope="module")
def whole() -> Town3D:
    return places.town_3d()


def _view(pose: CameraPose) -> View:
    return view_of(aim_of_drone(pose), places.FRAME, 640, 360, 2)


def test_the_same_moment_gives_the_same_picture(whole: Town3D) -> None:
    view = _view(POSE)
    first, tell = places.renderer(whole).take(view, T0)
    second, again = places.renderer(places.town_3d()).take(view, T0)
    assert np.array_equal(first, second) and tell() == again()


def test_a_camera_that_stands_still_draws_as_one_that_moves(whole: Town3D) -> None:
    """What is kept and what is drawn anew come to the same."""
    view = View((150.0, 101.0, 5.0), 90.0, -13.0, 42.0, 640, 360, 2)
    standing = places.renderer(whole)
    for n in range(6):
        kept, told = standing.take(view, T0 + 0.4 * n)
        anew, truth = places.renderer(whole).take(view, T0 + 0.4 * n)
        assert np.array_equal(kept, anew)
        assert told() == truth()


@pytest.mark.parametrize(
    "changed",
    [
        replace(POSE, gimbal_pitch_deg=-60.0),
        replace(POSE, gimbal_yaw_deg=-30.0),
        replace(POSE, zoom=2.0),
    ],
)
def test_gimbal_and_zoom_turn_the_picture(whole: Town3D, changed: CameraPose) -> None:
    before, _ = places.renderer(whole).take(_view(POSE), T0)
    after, _ = places.renderer(whole).take(_view(changed), T0)
    assert np.count_nonzero(cv2.absdiff(before, after) > 8) > 0.2 * before.size


def test_zoom_shows_the_middle_larger(whole: Town3D) -> None:
    down = replace(POSE, gimbal_pitch_deg=-90.0)
    wide, _ = places.renderer(whole).take(_view(down), T0)
    near, _ = places.renderer(whole).take(_view(replace(down, zoom=2.0)), T0)
    middle = cv2.resize(wide[90:270, 160:480], (640, 360), interpolation=cv2.INTER_LINEAR)
    assert np.abs(middle.astype(int) - near).mean() < 0.5 * np.abs(wide.astype(int) - near).mean()


def test_what_the_stream_tells_of_the_camera() -> None:
    aim = aim_of_drone(replace(POSE, zoom=2.0))
    view = view_of(aim, places.FRAME, 640, 360, 2)
    told = metadata_of(aim, view, places.FRAME, 1_790_000_000_000_000, "T-01")
    assert told.position == POSE.position and told.altitude_amsl_m == 90.0
    assert told.heading_deg == 30.0 and told.pitch_deg == -8.0 and told.roll_deg == 5.0
    assert told.horizontal_fov_deg == pytest.approx(
        2 * np.degrees(np.arctan(np.tan(np.radians(35)) / 2))
    )
    assert told.slant_range_m == pytest.approx(60.0 * np.sqrt(2.0))
    assert told.frame_centre is not None and told.frame_centre_amsl_m == 30.0
    east, north = places.FRAME.to_local(told.frame_centre)
    away = (120.0 + 60.0 * np.sin(np.radians(50.0)), 60.0 + 60.0 * np.cos(np.radians(50.0)))
    assert (east, north) == pytest.approx(away, abs=0.01)


def test_the_lens_is_told_against_a_body_that_leans() -> None:
    """Turning the body's axes by what is told gives the line of sight."""
    aim = aim_of_drone(POSE)
    view = view_of(aim, places.FRAME, 640, 360, 1)
    told = metadata_of(aim, view, places.FRAME, 1_790_000_000_000_000, "T-01")
    assert told.relative_azimuth_deg is not None and told.relative_elevation_deg is not None
    h, p, r = np.radians((30.0, -8.0, 5.0))
    nose = np.array([np.sin(h) * np.cos(p), np.cos(h) * np.cos(p), np.sin(p)])
    level_right = np.array([np.cos(h), -np.sin(h), 0.0])
    top = np.cross(level_right, nose)
    right = level_right * np.cos(r) - top * np.sin(r)
    top = np.cross(right, nose)
    az, el = np.radians((told.relative_azimuth_deg, told.relative_elevation_deg))
    sight = np.cos(el) * (np.cos(az) * nose + np.sin(az) * right) + np.sin(el) * top
    assert sight == pytest.approx(view.axes[2], abs=1e-9)


def test_a_level_lens_on_a_level_body() -> None:
    fixed = aim_of_fixed(places.site().cameras[0], 30.0)
    view = view_of(fixed, places.FRAME, 640, 360, 1)
    told = metadata_of(fixed, view, places.FRAME, 1_790_000_000_000_000, "CAM-1")
    assert told.relative_azimuth_deg == pytest.approx(0.0)
    assert told.relative_elevation_deg == pytest.approx(-13.0)
    assert told.horizontal_fov_deg == 42.0 and told.altitude_amsl_m == 35.0
    sky = replace(fixed, look_pitch_deg=10.0)
    up = metadata_of(sky, view_of(sky, places.FRAME, 640, 360, 1), places.FRAME, 1, "CAM-1")
    assert up.frame_centre is None and up.slant_range_m is None


def test_a_portrait_is_of_the_same_person_each_time(whole: Town3D) -> None:
    looks = whole.crowd.looks
    first, second = draw_portrait(looks[1], 96, 120), draw_portrait(looks[1], 96, 120)
    assert first.shape == (120, 96, 3) and np.array_equal(first, second)
    assert any(not np.array_equal(first, draw_portrait(looks[n], 96, 120)) for n in range(2, 5))
    skin = np.abs(first.astype(int) - looks[1].skin).max(axis=2) < 3
    assert np.count_nonzero(skin) > 300
