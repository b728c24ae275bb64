"""The generated town: what must hold for any seed, and for the whole of Islington."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import numpy as np
import pytest
import shapely

from gcs.geo.boroughs import Borough
from gcs.geo.earth import distance_m
from gcs.geo.town import StreetKind, Town
from gcs.geo.training_town import LABEL, TrainingTown
from gcs.model.place import Position
from gcs.model.site import Dock
from tests.unit.geo import places
from tests.unit.geo.shapes import TownShapes, overlaps_m2, shapes_of

SLIVER_M2 = 0.05  # coordinates are rounded to a centimetre
SEEDS = (1, 2, 3, 2026)

Case = tuple[Town, TownShapes, Borough, tuple[Dock, ...]]


def digest(town: Town) -> str:
    return hashlib.sha256(msgspec.msgpack.encode(town)).hexdigest()


def small(seed: int) -> Town:
    return TrainingTown(places.small_borough(), places.SMALL_DOCKS, seed).load()


@pytest.fixture(scope="module", params=[*SEEDS, "islington"])
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    if request.param == "islington":
        site = places.site()
        borough = places.boroughs().by_gss(site.gss)
        town = TrainingTown(borough, site.docks, site.training.seed).load()
        yield town, shapes_of(town), borough, site.docks
    else:
        town = small(request.param)
        yield town, shapes_of(town), places.small_borough(), places.SMALL_DOCKS


def test_nothing_stands_in_a_street_or_in_something_else(case: Case) -> None:
    _, shapes, _, _ = case
    assert overlaps_m2(shapes.buildings, shapes.streets) < SLIVER_M2
    assert overlaps_m2(shapes.parks, shapes.streets) < SLIVER_M2
    assert overlaps_m2(shapes.buildings, shapes.buildings) < SLIVER_M2
    assert overlaps_m2(shapes.buildings, shapes.parks) < SLIVER_M2
    assert overlaps_m2(shapes.parks, shapes.parks) < SLIVER_M2


def test_nothing_leaves_the_borough(case: Case) -> None:
    _, shapes, borough, _ = case
    ground = shapes.polygon(borough.largest_ring)
    shapely.prepare(ground)
    for layer in (shapes.buildings, shapes.parks, shapes.lines):
        assert shapely.contains(ground, layer).all()


def test_shapes_are_sound(case: Case) -> None:
    _, shapes, _, _ = case
    for layer in (shapes.buildings, shapes.parks):
        assert shapely.is_valid(layer).all()
        assert shapely.area(layer).min() > 25.0


def test_each_dock_stands_on_a_roof_of_exactly_its_height(case: Case) -> None:
    town, _, _, docks = case
    for dock in docks:
        assert town.roof_height_m(dock.position) == dock.roof_height_m, dock.id


def test_heights_are_those_of_a_town_and_towers_keep_away_from_docks(case: Case) -> None:
    town, shapes, _, docks = case
    heights = np.array([b.height_m for b in town.buildings])
    assert heights.min() >= 6.0
    assert heights.max() <= 45.0
    assert (heights > 30.0).mean() < 0.01
    assert 8.0 < np.median(heights) < 16.0
    for dock in docks:
        place = shapely.Point(shapes.frame.to_local(dock.position))
        near = shapely.distance(shapes.buildings, place) < 200.0
        assert heights[near].max() <= max(22.0, dock.roof_height_m)


def test_streets_have_names_of_their_own(case: Case) -> None:
    town, _, _, _ = case
    assert town.label == LABEL
    assert all(s.name and s.name == s.name.strip() for s in town.streets)
    assert all(p.name for p in town.parks)
    stems = [name.rsplit(" ", 1)[0] for name in {s.name for s in town.streets}]
    assert len(set(stems)) == len(stems)
    widths = {s.kind: s.width_m for s in town.streets}
    assert widths[StreetKind.MAJOR] > widths[StreetKind.MINOR] > widths.get(StreetKind.LANE, 0.0)


def test_streets_hang_together(case: Case) -> None:
    """Nearly all streets can be reached from the longest one without leaving the road."""
    _, shapes, _, _ = case
    touching = shapely.STRtree(shapes.streets).query(shapes.streets, predicate="intersects")
    reached = {int(np.argmax(shapely.length(shapes.lines)))}
    neighbours: dict[int, list[int]] = {}
    for a, b in touching.T.tolist():
        neighbours.setdefault(a, []).append(b)
    edge = list(reached)
    while edge:
        edge = [b for a in edge for b in neighbours[a] if b not in reached]
        reached.update(edge)
    lengths = shapely.length(shapes.lines)
    assert lengths[sorted(reached)].sum() > 0.97 * lengths.sum()


@pytest.mark.slow
def test_the_whole_of_islington_is_built_on() -> None:
    """No district is left empty: every 400 m of the borough have streets and houses."""
    site = places.site()
    borough = places.boroughs().by_gss(site.gss)
    begin = time.process_time()
    town = TrainingTown(borough, site.docks, site.training.seed).load()
    assert time.process_time() - begin < 8.0  # about 2; what grows with the square shows
    shapes = shapes_of(town)
    ground = shapes.polygon(borough.largest_ring)
    west, south, east, north = ground.bounds
    grid = np.array(
        [(x, y) for x in np.arange(west, east, 100) for y in np.arange(south, north, 100)]
    )
    grid = grid[shapely.contains_xy(ground.buffer(-50.0), grid[:, 0], grid[:, 1])]
    points = shapely.points(grid)
    for layer in (shapes.buildings, shapes.lines):
        _, far = shapely.STRtree(layer).query_nearest(points, return_distance=True)
        assert far.max() < 200.0
    built = shapely.area(shapes.buildings).sum() / ground.area
    assert 0.15 < built < 0.5
    green = shapely.area(shapes.parks).sum() / ground.area
    assert 0.005 < green < 0.2


@pytest.mark.slow
def test_the_same_seed_gives_the_same_town_in_another_process() -> None:
    code = "from tests.unit.geo.test_training_town import digest, small; print(digest(small(5)))"
    found = {digest(small(5))}
    for seed in ("0", "4242"):
        result = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(result.stdout.strip())
    assert len(found) == 1


def test_another_seed_gives_another_town() -> None:
    assert digest(small(5)) != digest(small(6))


def test_a_dock_outside_the_borough_is_named() -> None:
    away = replace(places.SMALL_DOCKS[0], position=places.at(0.0, 3000.0))
    with pytest.raises(ValueError, match="dock S1 stands outside Testham"):
        TrainingTown(places.small_borough(), (away,), 1).load()


def test_a_borough_without_docks_has_streets_too() -> None:
    assert len(TrainingTown(places.small_borough(), (), 1).load().streets) > 50


@pytest.mark.slow
def test_a_large_borough_is_built_around_its_docks_only() -> None:
    bromley = places.boroughs().by_gss("E09000006")
    place = places.site().docks[0].position
    middle = shapely.Polygon([(p.lon_deg, p.lat_deg) for p in bromley.largest_ring])
    inner = middle.representative_point()
    place = Position(lat_deg=inner.y, lon_deg=inner.x)
    town = TrainingTown(bromley, (Dock("B1", "Bromley", place, 8.0),), 3).load()
    assert town.roof_height_m(place) == 8.0
    assert all(distance_m(s.points[0], place) < 2600.0 for s in town.streets)
