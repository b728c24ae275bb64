"""The map's document gives back the town to the rounding, tile by tile."""

import json
from itertools import pairwise
from typing import Any

import pytest

from gcs.geo.town import StreetKind, Town
from gcs.geo.town_layers import TILE_ZOOM, tile_of, town_layers
from gcs.geo.training_town import TrainingTown
from tests.unit.geo import places

KINDS = [StreetKind.MAJOR, StreetKind.MINOR, StreetKind.LANE]
Ring = tuple[tuple[float, float], ...]


@pytest.fixture(scope="module")
def town() -> Town:
    return TrainingTown(places.small_borough(), places.SMALL_DOCKS, 11).load()


@pytest.fixture(scope="module")
def document(town: Town) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(town_layers(town))
    return read


def ring_of(document: dict[str, Any], numbers: list[int]) -> Ring:
    lat, lon = document["origin"]
    ring = []
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        lon, lat = lon + dx, lat + dy
        ring.append((lat, lon))
    return tuple(ring)


def wanted(points: Any) -> Ring:
    return tuple((round(p.lat_deg * 1e6), round(p.lon_deg * 1e6)) for p in points)


def test_every_shape_comes_back(town: Town, document: dict[str, Any]) -> None:
    names = document["names"]
    found: dict[str, set[Any]] = {"streets": set(), "buildings": set(), "parks": set()}
    for group in document["tiles"].values():
        for kind, width, name, *rest in group["streets"]:
            found["streets"].add((KINDS[kind], width, names[name], ring_of(document, rest)))
        for height, *rest in group["buildings"]:
            found["buildings"].add((height, ring_of(document, rest)))
        for name, *rest in group["parks"]:
            found["parks"].add((names[name], ring_of(document, rest)))
    assert found["streets"] == {
        (s.kind, round(s.width_m * 10), s.name, wanted(s.points)) for s in town.streets
    }
    assert found["buildings"] == {
        (round(b.height_m * 10), wanted(b.outline)) for b in town.buildings
    }
    assert found["parks"] == {(p.name, wanted(p.outline)) for p in town.parks}


def test_a_tile_holds_all_that_touches_it(town: Town, document: dict[str, Any]) -> None:
    """Walk along each street and building: the tile under each step knows the shape."""
    tiles = {
        key: {ring_of(document, s[3:]) for s in group["streets"]}
        for key, group in document["tiles"].items()
    }
    for street in town.streets:
        shape = wanted(street.points)
        for a, b in pairwise(street.points):
            for t in (0.0, 0.25, 0.5, 0.75, 1.0):
                lat = a.lat_deg + t * (b.lat_deg - a.lat_deg)
                lon = a.lon_deg + t * (b.lon_deg - a.lon_deg)
                x, y = tile_of(lat, lon)
                assert shape in tiles[f"{x}/{y}"]


def test_tile_numbers_are_those_of_the_slippy_map() -> None:
    # Charing Cross at zoom 15, worked out with the formula of the public tile services.
    assert TILE_ZOOM == 15
    assert tile_of(51.5073, -0.1276) == (16372, 10896)


def test_label_and_version(document: dict[str, Any]) -> None:
    assert document["version"] == 1
    assert document["label"] == "training streets"
    assert document["names"][0] == ""
