"""The fence's geometry, held against shapely and against cases worked out by hand."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon

from gcs.geo.earth import LocalFrame, offset
from gcs.geo.fence import distance_to_edge_m, inside, path_inside
from gcs.model.place import Position
from gcs.model.site import Fence

ORIGIN = Position(51.53, -0.1)
FRAME = LocalFrame(ORIGIN)
# A U: 300 m wide, its notch from (100, 100) to (200, 300) open to the north.
U_SHAPE = [(0, 0), (300, 0), (300, 300), (200, 300), (200, 100), (100, 100), (100, 300), (0, 300)]


def at(east_m: float, north_m: float) -> Position:
    return FRAME.to_position(east_m, north_m)


FENCE = Fence("u", "U", tuple(at(*p) for p in U_SHAPE), 100.0)
OUTLINE = Polygon(U_SHAPE)
metres = st.floats(-50.0, 350.0).map(lambda v: round(v, 2))


def test_hand_made_cases() -> None:
    assert inside(FENCE, at(50, 250))
    assert not inside(FENCE, at(150, 250))  # in the notch
    assert not inside(FENCE, at(0, 150))  # on the line
    assert not inside(FENCE, at(100, 100))  # on a corner
    assert path_inside(FENCE, at(50, 50), at(250, 50))
    assert not path_inside(FENCE, at(50, 250), at(250, 250))  # both ends in, notch between
    assert not path_inside(FENCE, at(50, 50), at(150, 200))  # ends outside
    assert not path_inside(FENCE, at(50, 50), at(150, 150))  # through a corner, ends in the notch
    assert distance_to_edge_m(FENCE, at(50, 250)) == pytest.approx(50.0, abs=0.01)
    assert distance_to_edge_m(FENCE, at(-30, 150)) == pytest.approx(30.0, abs=0.01)


def test_a_path_that_grazes_a_corner_is_not_inside() -> None:
    assert not path_inside(FENCE, at(50, 150), at(150, 50))  # touches (100, 100)
    assert path_inside(FENCE, at(50, 148), at(150, 48))


def test_a_path_of_no_length_is_its_point() -> None:
    assert path_inside(FENCE, at(50, 50), at(50, 50))
    assert not path_inside(FENCE, at(150, 250), at(150, 250))


def test_far_away_is_outside() -> None:
    assert not inside(FENCE, offset(ORIGIN, 45.0, 5000.0))


@given(metres, metres)
def test_agrees_with_shapely_on_points(east: float, north: float) -> None:
    away = OUTLINE.exterior.distance(Point(east, north))
    assert distance_to_edge_m(FENCE, at(east, north)) == pytest.approx(away, abs=0.01)
    assume(away > 0.01)
    assert inside(FENCE, at(east, north)) == OUTLINE.contains(Point(east, north))


@given(metres, metres, metres, metres)
def test_agrees_with_shapely_on_paths(ax: float, ay: float, bx: float, by: float) -> None:
    line = LineString([(ax, ay), (bx, by)])
    wholly = bool(OUTLINE.buffer(-0.01).contains(line))
    assume(wholly == bool(OUTLINE.buffer(0.01).contains(line)))
    assert path_inside(FENCE, at(ax, ay), at(bx, by)) == wholly
