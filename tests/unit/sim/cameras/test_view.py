"""The projection against values worked out by hand."""

import math

import numpy as np
import pytest

from gcs.sim.cameras.view import NEAR_M, View, clip_near

LEVEL = View((0.0, 0.0, 10.0), 0.0, 0.0, 90.0, 640, 360)


def _pixel(view: View, point: tuple[float, float, float]) -> tuple[float, float]:
    u, v = view.pixels(view.camera(np.array([point])))[0]
    return float(u), float(v)


@pytest.mark.parametrize(
    ("point", "pixel"),
    [
        ((0.0, 20.0, 10.0), (320.0, 180.0)),
        ((5.0, 20.0, 10.0), (400.0, 180.0)),
        ((0.0, 20.0, 5.0), (320.0, 260.0)),
        ((-10.0, 40.0, 14.0), (240.0, 148.0)),
    ],
)
def test_a_level_view_to_the_north(
    point: tuple[float, float, float], pixel: tuple[float, float]
) -> None:
    assert LEVEL.focal_px == pytest.approx(320.0)
    assert _pixel(LEVEL, point) == pytest.approx(pixel)


def test_straight_down_the_heading_is_up_in_the_picture() -> None:
    view = View((0.0, 0.0, 10.0), 0.0, -90.0, 90.0, 640, 360)
    assert _pixel(view, (0.0, 0.0, 0.0)) == pytest.approx((320.0, 180.0))
    assert _pixel(view, (3.0, 0.0, 0.0)) == pytest.approx((416.0, 180.0))
    assert _pixel(view, (0.0, 2.0, 0.0)) == pytest.approx((320.0, 116.0))
    east = View((0.0, 0.0, 10.0), 90.0, -90.0, 90.0, 640, 360)
    assert _pixel(east, (2.0, 0.0, 0.0)) == pytest.approx((320.0, 116.0))


def test_at_45_degrees_the_middle_is_as_far_off_as_the_eye_is_high() -> None:
    view = View((100.0, 50.0, 60.0), 90.0, -45.0, 70.0, 640, 360)
    east, north = view.ground_at((320.0, 180.0)) or (0.0, 0.0)
    assert (east, north) == pytest.approx((160.0, 50.0))
    assert _pixel(view, (160.0, 50.0, 0.0)) == pytest.approx((320.0, 180.0))
    assert view.vertical_fov_deg == pytest.approx(
        2 * math.degrees(math.atan(math.tan(math.radians(35)) * 360 / 640))
    )


def test_the_sky_has_no_place_on_the_ground_and_the_horizon_is_where_it_is() -> None:
    view = View((0.0, 0.0, 20.0), 0.0, -10.0, 90.0, 640, 360)
    assert view.ground_at((320.0, view.horizon_px - 1.0)) is None
    assert view.ground_at((320.0, view.horizon_px + 1.0)) is not None
    assert view.horizon_px == pytest.approx(180.0 - 320.0 * math.tan(math.radians(10.0)))


def test_what_reaches_behind_the_eye_is_cut_at_the_near_plane() -> None:
    polygon = np.array([[0.0, 0.0, 10.0], [4.0, 0.0, 10.0], [4.0, 0.0, -10.0]])
    cut = clip_near(polygon)
    assert cut[:, 2].min() == pytest.approx(NEAR_M)
    assert len(cut) == 4
    assert not len(clip_near(polygon - (0.0, 0.0, 30.0)))
    assert clip_near(polygon[:2]) is not None


def test_spheres_outside_the_picture_are_left_out() -> None:
    middles = np.array(
        [[0.0, 20.0, 10.0], [0.0, -20.0, 10.0], [60.0, 20.0, 10.0], [0.0, 90.0, 9.0]]
    )
    seen = LEVEL.within(middles, np.full(4, 1.0), 50.0)
    assert seen.tolist() == [True, False, False, False]
    assert LEVEL.within(middles[2:3], np.array([40.0]), 50.0).all()
