"""Boroughs from their file, and what is said when the file is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from gcs.geo.boroughs import load_boroughs
from gcs.model.place import Position
from gcs.runtime.settings import BadSettings
from tests.unit.geo import places

SQUARE = [[0.0, 51.0], [0.1, 51.0], [0.1, 51.1], [0.0, 51.1], [0.0, 51.0]]


def collection(**change: Any) -> dict[str, Any]:
    feature = {
        "type": "Feature",
        "properties": {"name": "Testham", "gss": "E1"},
        "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
    }
    return {"type": "FeatureCollection", "features": [{**feature, **change}]}


def test_all_thirty_three_areas_are_there() -> None:
    areas = places.boroughs().areas
    assert len(areas) == 33
    assert len({b.gss for b in areas}) == 33
    assert {"Islington", "City of London", "Westminster", "Barnet"} <= {b.name for b in areas}


def test_an_area_is_found_by_code_and_by_place() -> None:
    boroughs = places.boroughs()
    islington = boroughs.by_gss("E09000019")
    assert islington.name == "Islington"
    for place, name in (
        (Position(51.5322, -0.1058), "Islington"),
        (Position(51.5138, -0.0984), "City of London"),
        (Position(51.4779, 0.0015), "Greenwich"),
    ):
        found = boroughs.at(place)
        assert found is not None
        assert found.name == name
        assert found.contains(place)
    assert boroughs.at(Position(52.2, 0.12)) is None
    assert not islington.contains(Position(51.5138, -0.0984))


def test_areas_of_several_parts_keep_them_all() -> None:
    greenwich = places.boroughs().by_gss("E09000011")
    assert len(greenwich.polygons) == 2
    assert len(greenwich.largest_ring) == max(len(part[0]) for part in greenwich.polygons)


def test_an_unknown_code_names_the_file() -> None:
    with pytest.raises(BadSettings, match=r"london_boroughs\.geojson: has no area with gss 'E0'"):
        places.boroughs().by_gss("E0")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not valid JSON"),
        ("[]", "has no list 'features'"),
        (json.dumps(collection(properties=None)), "feature 1: has no properties"),
        (json.dumps(collection(properties={"name": "Testham"})), r"\(Testham\): gss is None"),
        (json.dumps(collection(properties={"name": 5, "gss": "E1"})), "name is 5, expected a text"),
        (
            json.dumps(collection(geometry={"type": "Point", "coordinates": [0, 51]})),
            r"feature 1 \(Testham\): geometry is 'Point'",
        ),
        (
            json.dumps(collection(geometry={"type": "Polygon", "coordinates": [SQUARE[:-1]]})),
            "a ring is not closed",
        ),
        (
            json.dumps(collection(geometry={"type": "Polygon", "coordinates": [[[0], [1]]]})),
            "coordinates cannot be read",
        ),
        (
            json.dumps(collection(geometry={"type": "Polygon", "coordinates": [[[0, 95]] * 5]})),
            "lat_deg is 95",
        ),
        (
            json.dumps({"features": [collection()["features"][0]] * 2}),
            r"feature 2 \(Testham\): gss 'E1' is used twice",
        ),
    ],
)
def test_a_wrong_file_gives_one_sentence(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadSettings, match=message) as caught:
        load_boroughs(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"none\.geojson: cannot be read"):
        load_boroughs(tmp_path / "none.geojson")
