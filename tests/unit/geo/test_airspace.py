"""Airspace volumes: labels in words, unknown limits shown as such, days in force."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gcs.geo.airspace import AirspaceVolume, load_airspace
from gcs.model.place import Position
from gcs.runtime.settings import BadSettings
from tests.unit.geo import places

SQUARE = [[0.0, 51.0], [0.1, 51.0], [0.1, 51.1], [0.0, 51.1], [0.0, 51.0]]
PROPERTIES: dict[str, Any] = {
    "id": "EG R1",
    "name": "Test",
    "kind": "restricted area",
    "applies_to": "all aircraft",
    "floor_ft": 0,
    "ceiling_ft": 2000,
    "source": "a test",
    "as_of": "2026-08-05",
    "start": "2026-09-01",
    "end": None,
}


def load(tmp_path: Path, **change: Any) -> AirspaceVolume:
    feature = {
        "properties": {**PROPERTIES, **change},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }
    path = tmp_path / "air.geojson"
    path.write_text(json.dumps({"features": [feature]}), encoding="utf-8")
    return load_airspace(path)[0]


def test_the_shipped_volumes_in_words() -> None:
    labels = {v.id: v.label for v in places.airspace()}
    assert labels["EG R158"] == "EG R158 City of London · 0–1,400 ft · police exempt"
    assert labels["EG R107"] == "EG R107 Belmarsh · from 0 ft, ceiling not known · all aircraft"
    assert labels["EG R160"] == (
        "EG R160 Specified Area · heights not known · helicopters only: not a drone ban"
    )


def test_every_volume_tells_its_source_and_date() -> None:
    for volume in places.airspace():
        assert "not authoritative" in volume.provenance
        assert volume.provenance.endswith("as of 2026-08-05")


def test_contains() -> None:
    city = next(v for v in places.airspace() if v.id == "EG R158")
    assert city.contains(Position(51.5138, -0.0984))
    assert not city.contains(Position(51.5482, -0.1035))


def test_days_in_force(tmp_path: Path) -> None:
    volume = load(tmp_path, end="2026-09-30")
    assert not volume.in_force(date(2026, 8, 31))
    assert volume.in_force(date(2026, 9, 1))
    assert volume.in_force(date(2026, 9, 30))
    assert not volume.in_force(date(2026, 10, 1))
    assert load(tmp_path, start=None).in_force(date(2000, 1, 1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ceiling_ft": "high"}, "ceiling_ft is 'high', expected a number or null"),
        ({"floor_ft": True}, "floor_ft is True"),
        ({"floor_ft": 3000}, "floor_ft 3000 is not below ceiling_ft 2000"),
        ({"as_of": "August"}, "as_of is 'August', expected a date"),
        ({"as_of": None}, "as_of is null"),
        ({"applies_to": ""}, "applies_to is ''"),
        ({"start": 5}, "start is 5"),
    ],
)
def test_a_wrong_volume_is_told_by_name(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadSettings, match=rf"air\.geojson: feature 1 \(Test\): {message}"):
        load(tmp_path, **change)
