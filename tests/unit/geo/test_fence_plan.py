"""A fence of several shapes: what is inside, which way stays inside, what is wrong with one."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon

from gcs.gateway.geofence import against_place
from gcs.geo.earth import LocalFrame
from gcs.geo.fence_check import problems
from gcs.geo.fence_plan import distance_to_edge_m, inside, inside_by, path_inside, plan_of
from gcs.model.fence import FencePlan, FenceShape, RallyPoint
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.runtime.settings import load_toml

ROOT = Path(__file__).parents[3]
FRAME = LocalFrame(Position(51.53, -0.1))
SQUARE = [(0, 0), (400, 0), (400, 400), (0, 400)]
HOLE = [(100, 100), (200, 100), (200, 200), (100, 200)]


def at(east_m: float, north_m: float) -> Position:
    return FRAME.to_position(east_m, north_m)


def polygon(points: list[tuple[int, int]], *, keep_in: bool) -> FenceShape:
    return FenceShape(keep_in, points=tuple(at(*p) for p in points))


def circle(east_m: float, north_m: float, radius_m: float, *, keep_in: bool) -> FenceShape:
    return FenceShape(keep_in, centre=at(east_m, north_m), radius_m=radius_m)


PLAN = FencePlan(
    "mixed",
    (
        polygon(SQUARE, keep_in=True),
        circle(200, 200, 250, keep_in=True),
        polygon(HOLE, keep_in=False),
        circle(300, 300, 40, keep_in=False),
    ),
    100.0,
)
DISC = Point(200, 200).buffer(250, quad_segs=256)
ALLOWED = (
    Polygon(SQUARE)
    .intersection(DISC)
    .difference(Polygon(HOLE))
    .difference(Point(300, 300).buffer(40, quad_segs=256))
)
metres = st.floats(-80.0, 480.0).map(lambda v: round(v, 2))


def test_hand_made_cases() -> None:
    assert inside(PLAN, at(50, 200))
    assert not inside(PLAN, at(150, 150))  # in the hole
    assert not inside(PLAN, at(100, 150))  # on the hole's line
    assert not inside(PLAN, at(310, 310))  # in the circle to keep out of
    assert not inside(PLAN, at(5, 5))  # in the square and not in the circle: both are needed
    assert path_inside(PLAN, at(50, 50), at(350, 50))
    assert not path_inside(PLAN, at(50, 150), at(250, 150))  # through the hole
    assert not path_inside(PLAN, at(240, 300), at(360, 290))  # through the circle
    assert not path_inside(PLAN, at(150, 150), at(150, 160))  # all in the hole
    assert distance_to_edge_m(PLAN, at(90, 150)) == pytest.approx(10.0, abs=0.01)
    assert distance_to_edge_m(PLAN, at(300, 250)) == pytest.approx(10.0, abs=0.01)
    assert inside_by(PLAN, at(90, 150), 9.9) and not inside_by(PLAN, at(90, 150), 10.1)


@given(metres, metres)
@settings(max_examples=150, deadline=None)
def test_agrees_with_shapely_on_points(east: float, north: float) -> None:
    assume(ALLOWED.boundary.distance(Point(east, north)) > 0.05)
    assert inside(PLAN, at(east, north)) == ALLOWED.contains(Point(east, north))


@given(metres, metres, metres, metres)
@settings(max_examples=200, deadline=None)
def test_agrees_with_shapely_on_paths(a: float, b: float, c: float, d: float) -> None:
    path = LineString([(a, b), (c, d)])
    assume(path.length > 0.1)
    near = [shape.boundary for shape in (ALLOWED,)]
    grazes = any(0.0 < line.distance(path) < 0.1 for line in near)
    shares = ALLOWED.boundary.intersection(path).length
    assume(not grazes and not shares)
    expected = ALLOWED.buffer(-0.15).contains(path)  # its circles are polygons, centimetres off
    assume(ALLOWED.buffer(0.15).contains(path) == expected)
    assert path_inside(PLAN, at(a, b), at(c, d)) == expected


def test_reasons_against_a_place_name_the_keep_out_too() -> None:
    assert against_place(PLAN, at(50, 200), 30.0, at(50, 60)) == []
    assert against_place(PLAN, at(150, 150), 30.0, None) == ["the target is outside mixed"]
    assert "within 4 m" in against_place(PLAN, at(97, 150), 30.0, None)[0]
    way = against_place(PLAN, at(250, 150), 30.0, at(50, 150))
    assert way == ["the straight way to the target leaves mixed"]
    assert against_place(PLAN, at(250, 150), 30.0, at(150, 150)) == []  # any way back in
    assert "above 97 m" in against_place(PLAN, at(50, 200), 98.0, None)[0]


# -- validation ------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def site() -> Site:
    return load_toml(ROOT / "resources/sites/islington.toml", Site)


def test_the_sites_own_fence_is_good(site: Site) -> None:
    assert problems(plan_of(site.fence), site) == ()


def around(site: Site, *shapes: FenceShape, ceiling_m: float = 100.0) -> FencePlan:
    return FencePlan("f", (*plan_of(site.fence).shapes, *shapes), ceiling_m)


def near_dock(site: Site, radius_m: float, *, away: float = 0.0) -> FenceShape:
    home = site.docks[0].position
    return FenceShape(
        False, centre=Position(home.lat_deg + away / 111_195, home.lon_deg), radius_m=radius_m
    )


def test_a_keep_out_over_a_dock(site: Site) -> None:
    name = site.docks[0].id
    assert problems(around(site, near_dock(site, 50.0)), site) == (
        f"dock {name} is inside shape 2 (keep out)",
    )
    close = problems(around(site, near_dock(site, 50.0, away=55.0)), site)
    assert close == (f"dock {name} is 5 m from the line of shape 2, at least 10 m are needed",)
    assert problems(around(site, near_dock(site, 50.0, away=61.0)), site) == ()


def test_a_keep_in_without_the_docks(site: Site) -> None:
    far = FenceShape(True, centre=Position(51.0, -1.0), radius_m=500.0)
    found = problems(around(site, far), site)
    assert len(found) == len(site.docks)
    assert all("is outside shape 2 (keep in)" in why for why in found)


def test_a_line_that_crosses_itself_says_where(site: Site) -> None:
    bow = FenceShape(False, points=(at(0, 0), at(100, 100), at(100, 0), at(0, 100)))
    (why,) = problems(around(site, bow), site)
    cross = at(50, 50)
    near = f"{cross.lat_deg:.5f}, {cross.lon_deg:.5f}"
    assert why == f"shape 2 (keep out): its line crosses or touches itself near {near}"


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([(0, 0), (0, 0), (100, 0), (100, 100)], "point 2 is at the same place"),
        ([(0, 0), (100, 0), (100, 100), (0, 0)], "point 1 is at the same place"),
        ([(0, 0), (10, 0), (10, 10), (0, 10)], "its area is 100 m²"),
        ([(0, 0), (90_000, 0), (90_000, 100), (0, 100)], "more than 40 km across"),
        ([(0, 0), (100, 0), (50, 0)], "crosses or touches itself"),
    ],
)
def test_shapes_that_are_none(site: Site, points: list[tuple[int, int]], words: str) -> None:
    found = problems(around(site, polygon(points, keep_in=False)), site)
    assert len(found) == 1 and words in found[0]


def test_a_ceiling_under_a_return_height(site: Site) -> None:
    found = problems(around(site, ceiling_m=50.0), site)
    assert len(found) == 1
    assert "the ceiling of 50 m allows 47 m" in found[0] and "returns at 60 m" in found[0]


def test_rally_points(site: Site) -> None:
    home, plan = site.docks[0].position, plan_of(site.fence)
    good = RallyPoint(Position(home.lat_deg + 0.0005, home.lon_deg), 40.0)
    assert problems(replace(plan, rally=(good,)), site) == ()
    bad = (RallyPoint(Position(51.0, -1.0), 40.0), replace(good, height_m=119.0))
    found = problems(replace(plan, rally=(good, *bad)), site)
    assert "rally point 2 is outside" in found[0]
    assert "rally point 3 is at 119 m" in found[1]
    assert math.isclose(good.position.lon_deg, home.lon_deg)
