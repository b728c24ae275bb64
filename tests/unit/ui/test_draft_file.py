"""Places as they are typed, and drafts as files: what goes out comes back, what is bad is told."""

import json
from pathlib import Path

import pytest

from gcs.geo.earth import distance_m, offset
from gcs.geo.grid import NotAGridReference, from_grid
from gcs.model.fence import FencePlan, FenceShape, RallyPoint
from gcs.model.place import Position
from gcs.model.plan import FlightPlan, PlanItem
from ui.models.draft_file import export_fence, export_route, read_fence, read_route
from ui.models.place_entry import parse_place, place_text

HOME = Position(51.53, -0.1)
RING = tuple(offset(HOME, bearing, 1000) for bearing in (315, 45, 135, 225))


def test_a_fence_that_was_exported_comes_back(tmp_path: Path) -> None:
    shapes = (FenceShape(True, RING), FenceShape(False, (), HOME, 80.0))
    drawn = FencePlan("Site", shapes, 95.0, (RallyPoint(HOME, 40.0),), 2)
    file = tmp_path / "fence.geojson"
    file.write_text(export_fence(drawn))
    read, told = read_fence(file, drawn)
    assert read.digest == drawn.digest and read.version == 2
    assert told == ("2 shapes from fence.geojson.", "1 rally point.")


def test_a_fence_file_without_areas_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "points.geojson"
    file.write_text('{"type": "FeatureCollection", "features": []}')
    base = FencePlan("Site", (FenceShape(True, RING),), 95.0)
    with pytest.raises(ValueError, match=r"points\.geojson"):
        read_fence(file, base)


def test_a_route_that_was_exported_comes_back(tmp_path: Path) -> None:
    items = (PlanItem(HOME, 40.0, 12.0, 5.0), PlanItem(RING[0], 55.0))
    file = tmp_path / "route.geojson"
    file.write_text(export_route(FlightPlan("Route", items)))
    read, _ = read_route(file)
    assert read is not None
    assert FlightPlan("Route", read).digest == FlightPlan("Route", items).digest


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "line.kml",
            "<kml xmlns='http://www.opengis.net/kml/2.2'><Placemark><LineString><coordinates>"
            "-0.1,51.53,45 -0.11,51.54,45</coordinates></LineString></Placemark></kml>",
        ),
        (
            "line.geojson",
            '{"type": "LineString", "coordinates": [[-0.1, 51.53, 45], [-0.11, 51.54, 45]]}',
        ),
    ],
)
def test_a_line_becomes_a_route(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    read, told = read_route(file)
    assert read == (PlanItem(HOME, 45.0), PlanItem(Position(51.54, -0.11), 45.0))
    assert told == (f"2 points from {name}.",)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.geojson", "{", "not JSON"),
        ("b.geojson", json.dumps({"type": "Point", "coordinates": [0, 95]}), "feature 1"),
        ("c.geojson", "[]", "neither a line nor a point"),
        ("d.kml", "<kml>", "not XML"),
        ("e.kml", "<!DOCTYPE kml [<!ENTITY a 'b'>]><kml/>", "DOCTYPE"),
        ("f.geojson", '{"type": "Point", "coordinates": [0, 51, NaN]}', "height nan is no number"),
    ],
)
def test_a_bad_route_file_is_one_sentence(tmp_path: Path, name: str, text: str, says: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(ValueError, match=says):
        read_route(file)


def test_a_place_as_it_is_typed() -> None:
    assert parse_place("51.52345, -0.10456") == Position(51.52345, -0.10456)
    assert parse_place(" 51.5 \u22120.1 ") == Position(51.5, -0.1)
    assert parse_place(place_text(HOME)) == HOME
    for wrong in ("", "here", "51.5", "95, 0", "TQ 1"):
        with pytest.raises(ValueError):
            parse_place(wrong)


def test_grid_references_against_known_places() -> None:
    # The guide's worked example, and places of London read off published maps.
    assert distance_m(from_grid("TQ 38873 77334"), Position(51.47793, -0.00164)) < 6
    assert distance_m(from_grid("tq300800"), Position(51.50399, -0.12835)) < 6
    for wrong in ("TQ", "TQ 123", "ZZ 123 456", "TI 123 456"):
        with pytest.raises(NotAGridReference):
            from_grid(wrong)
