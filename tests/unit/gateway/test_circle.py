"""Orbits: points on the rim, never far ahead, counted only where it is flown as asked."""

import math

import pytest

from gcs.gateway.circle import MOST_PULL_MPS2, Path, Turn, on_rim, orbit, rim
from gcs.geo.earth import LocalFrame, bearing_deg, distance_m, offset
from gcs.link.autopilot import Aim
from gcs.model.place import Position

CENTRE = Position(51.53, -0.1)


def test_a_small_orbit_is_flown_slower() -> None:
    assert orbit(CENTRE, 30.0, 100.0, 8.0).speed_mps == 8.0
    small = orbit(CENTRE, 30.0, -6.0, 8.0)
    assert small.speed_mps**2 / 6.0 == pytest.approx(MOST_PULL_MPS2)


@pytest.mark.parametrize("radius_m", [30.0, -30.0])
def test_the_rim_begins_at_the_nearest_point_and_closes(radius_m: float) -> None:
    points = rim(orbit(CENTRE, 30.0, radius_m, None), offset(CENTRE, 90.0, 200.0))
    assert distance_m(points[0], offset(CENTRE, 90.0, 30.0)) < 0.01
    assert distance_m(points[0], points[-1]) < 0.01
    assert all(distance_m(CENTRE, p) == pytest.approx(30.0, abs=0.05) for p in points)
    step = math.remainder(bearing_deg(CENTRE, points[1]) - 90.0, 360.0)
    assert step * radius_m > 0, "a positive radius goes clockwise"


@pytest.mark.parametrize("radius_m", [25.0, -25.0])
def test_a_vehicle_that_follows_goes_round(radius_m: float) -> None:
    """It moves as told by velocity and is drawn to the point, as ArduCopter does."""
    circle = orbit(CENTRE, 30.0, radius_m, 5.0)
    frame = LocalFrame(CENTRE)
    east, north = 0.0, 25.0
    path, turn = Path(circle, frame.to_position(east, north)), Turn(circle)
    for _ in range(60):
        here = frame.to_position(east, north)
        aim = path.next(here, 0.2)
        to_east, to_north = frame.to_local(aim.place)
        east += 0.2 * aim.east_mps + 0.3 * (to_east - east - 0.2 * aim.east_mps)
        north += 0.2 * aim.north_mps + 0.3 * (to_north - north - 0.2 * aim.north_mps)
        turn.see(frame.to_position(east, north), 30.0)
        assert abs(math.hypot(east, north) - 25.0) < 1.5
    assert turn.turned_deg == pytest.approx(math.degrees(12.0 * 5.0 / 25.0), abs=12.0)
    assert turn.flown


def test_the_point_waits_for_a_vehicle_that_does_not_follow() -> None:
    circle = orbit(CENTRE, 30.0, 25.0, 5.0)
    here = offset(CENTRE, 0.0, 25.0)
    path = Path(circle, here)
    aims: list[Aim] = [path.next(here, 0.2) for _ in range(100)]
    assert distance_m(here, aims[-1].place) < 5.5, "a second's way ahead at most"


def test_turning_elsewhere_is_no_orbit() -> None:
    circle = orbit(CENTRE, 30.0, 25.0, 5.0)
    wrong_way, too_far, too_low = Turn(circle), Turn(circle), Turn(circle)
    for n in range(20):
        wrong_way.see(offset(CENTRE, -5.0 * n, 25.0), 30.0)
        too_far.see(offset(CENTRE, 5.0 * n, 60.0), 30.0)
        too_low.see(offset(CENTRE, 5.0 * n, 25.0), 20.0)
    assert not (wrong_way.flown or too_far.flown or too_low.flown)
    assert not on_rim(circle, CENTRE)
