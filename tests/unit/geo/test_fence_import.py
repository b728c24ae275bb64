"""Fences from files: what is read, and one sentence for every file that is not one."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gcs.geo.fence_geojson import to_geojson
from gcs.geo.fence_import import BadFenceFile, import_fence, read_fence
from gcs.model.fence import FencePlan, FenceShape, RallyPoint
from gcs.model.place import Position

RING = [[-0.11, 51.52], [-0.09, 51.52], [-0.09, 51.54], [-0.11, 51.54], [-0.11, 51.52]]
HOLE = [[-0.105, 51.525], [-0.1, 51.525], [-0.1, 51.53], [-0.105, 51.53], [-0.105, 51.525]]


def feature(geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings: list[list[Any]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def point(at: list[float]) -> dict[str, Any]:
    return {"type": "Point", "coordinates": at}


def geojson(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def kml(body: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document><name>Area</name>{body}</Document></kml>"
    ).encode()


def placemark(inner: str, name: str = "") -> str:
    return f"<Placemark><name>{name}</name>{inner}</Placemark>"


def kml_ring(points: list[list[float]]) -> str:
    words = " ".join(f"{x},{y},0" for x, y in points)
    return f"<LinearRing><coordinates>{words}</coordinates></LinearRing>"


def kml_polygon(*rings: list[list[float]]) -> str:
    inner = "".join(f"<innerBoundaryIs>{kml_ring(r)}</innerBoundaryIs>" for r in rings[1:])
    return f"<Polygon><outerBoundaryIs>{kml_ring(rings[0])}</outerBoundaryIs>{inner}</Polygon>"


# -- what is read ----------------------------------------------------------------------------
def test_polygon_with_a_hole_and_circles() -> None:
    found = read_fence(
        "a.geojson",
        geojson(
            feature(polygon(RING, HOLE), name="Borough"),
            feature(point([-0.1, 51.535]), name="Keep-out school", radius=120),
            feature(point([-0.1, 51.535]), name="All", radius_m=900.5),
            feature(polygon(HOLE), keep_in=False),
            feature(point([-0.1, 51.52]), kind="rally", height_m=40),
            name="North",
        ),
    )
    assert found.name == "North"
    outer, hole, school, everywhere, last = found.shapes
    assert outer.keep_in and len(outer.points) == 4
    assert outer.points[0] == Position(51.52, -0.11)
    assert not hole.keep_in and len(hole.points) == 4
    assert (school.keep_in, school.radius_m) == (False, 120.0)
    assert (everywhere.keep_in, everywhere.radius_m) == (True, 900.5)
    assert not last.keep_in
    assert found.rally == (RallyPoint(Position(51.52, -0.1), 40.0),)


@pytest.mark.parametrize(
    "words",
    [
        {"name": "Keep Out: prison"},
        {"name": "KEEPOUT"},
        {"type": "exclusion"},
        {"description": "no-fly zone"},
        {"inclusion": False},
        {"keep_out": True},
    ],
)
def test_keep_out_is_told_by_words_or_properties(words: dict[str, Any]) -> None:
    data = geojson(feature(polygon(RING)), feature(polygon(HOLE), **words))
    assert [s.keep_in for s in read_fence("a", data).shapes] == [True, False]


def test_a_bare_geometry_and_a_multipolygon_to_keep_out_of() -> None:
    assert len(read_fence("a", json.dumps(polygon(RING)).encode()).shapes) == 1
    parts = {"type": "MultiPolygon", "coordinates": [[HOLE], [HOLE]]}
    found = read_fence("a", geojson(feature(polygon(RING)), feature(parts, keep_out=True)))
    assert [s.keep_in for s in found.shapes] == [True, False, False]


def test_kml_reads_as_geojson_does() -> None:
    body = (
        placemark(kml_polygon(RING, HOLE), "Borough")
        + f"<Folder><name>Exclusions</name>{placemark(kml_polygon(HOLE))}</Folder>"
        + placemark(
            '<ExtendedData><Data name="radius"><value>75</value></Data></ExtendedData>'
            "<Point><coordinates>-0.1,51.53</coordinates></Point>",
            "keep out of here",
        )
        + placemark("<Point><coordinates>-0.1,51.52,40</coordinates></Point>", "Rally 1")
    )
    found = read_fence("a.kml", kml(body))
    assert found.name == "Area"
    assert [s.keep_in for s in found.shapes] == [True, False, False, False]
    assert found.shapes[0].points[0] == Position(51.52, -0.11)
    assert found.shapes[3].radius_m == 75.0
    assert found.rally[0].height_m == 40.0


def test_export_reads_back_the_same() -> None:
    plan = FencePlan(
        "mine",
        (
            FenceShape(True, (Position(51.52, -0.11), Position(51.54, -0.11), Position(51.53, 0))),
            FenceShape(False, centre=Position(51.53, -0.1), radius_m=33.3),
        ),
        90.0,
        (RallyPoint(Position(51.531, -0.1), 42.5),),
    )
    found = read_fence("back.geojson", to_geojson(plan))
    assert (found.name, found.shapes, found.rally) == (plan.name, plan.shapes, plan.rally)


def test_a_file_is_read_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "mis.named").write_bytes(b"\xef\xbb\xbf" + geojson(feature(polygon(RING))))
    assert import_fence(tmp_path / "mis.named").name == "mis"


# -- what is not -----------------------------------------------------------------------------
BILLION_LAUGHS = (
    '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "f: it is empty"),
        (b"PK\x03\x04rest", "f: it is a KMZ or another zipped file; unpack it and import"),
        (b"{", "f: it is neither GeoJSON nor KML"),
        (b"\xff\xfe\x00", "f: it is neither GeoJSON nor KML"),
        (b"[" * 100_000, "f: it is neither GeoJSON nor KML"),
        (b"[1]", "f: it is not GeoJSON: it holds no object"),
        (b'{"type":"FeatureCollection"}', "f: its list of features is missing"),
        (geojson(), "f: it holds no polygon and no circle"),
        (geojson(7), "f: feature 1: it is not an object"),
        (geojson(feature(None, name="X")), "f: feature 1 (X): it has no geometry"),
        (geojson(feature(polygon())), "f: feature 1: its polygon has no line"),
        (geojson(feature(polygon(RING[:4]))), "its line is not closed"),
        (geojson(feature(polygon(RING[:2]))), "its line has 2 points, a closed one needs 4"),
        (geojson(feature(polygon([[1], [2], [3], [4]]))), "is not [longitude, latitude]"),
        (geojson(feature(polygon([["a", "b"]] * 4))), "is not [longitude, latitude] in numbers"),
        (geojson(feature(polygon([[True, False]] * 4))), "is not [longitude, latitude] in numbers"),
        (geojson(feature(polygon([[530_000, 184_000]] * 4))), "British National Grid?"),
        (geojson(feature(point([0, 51]))), "feature 1: a point needs a radius in metres"),
        (geojson(feature(point([0, 51]), radius=1e9)), "feature 1: fence radius_m is"),
        (geojson(feature(point([0, 51]), kind="rally")), "a rally point needs height_m"),
        (geojson(feature({"type": "LineString"})), "feature 1: LineString is no area"),
        (geojson(feature(polygon(HOLE), keep_out=True)), "none to stay inside of"),
        (
            geojson(feature({"type": "MultiPolygon", "coordinates": [[RING], [HOLE]]})),
            "it has 2 areas to stay inside of; draw one around them",
        ),
        (
            geojson(feature(polygon(RING)), crs={"properties": {"name": "EPSG::27700"}}),
            "its coordinates are EPSG::27700, expected WGS 84 degrees",
        ),
        (geojson(*[feature(polygon(RING))] * 501), "it has 501 features, at most 500"),
        (geojson(*[feature(polygon(RING))] * 80), "its shapes have 320 points, at most 250"),
        (b"<kml", "f: it is not valid XML"),
        (b"<html><body/></html>", "f: it is XML and not KML"),
        (kml(""), "f: it holds no placemark"),
        (kml(placemark("&c;", "x"), BILLION_LAUGHS), "it declares its own document type"),
        (kml(placemark("&x;", "x"), OUTSIDE), "it declares its own document type"),
        (kml(placemark("", "Empty")), "f: feature 1 (Empty): it has no geometry"),
        (kml(placemark("<LineString/>", "Track")), "feature 1 (Track): LineString is no area"),
        (kml(placemark("<Polygon/>")), "its polygon has 0 outer lines, expected one"),
        (kml(placemark(kml_polygon(RING[:4]))), "its line is not closed"),
        (kml(placemark(kml_polygon(RING) * 2)), "several areas to stay inside of"),
        (
            kml(placemark("<Point><coordinates>-0.1,51.53</coordinates></Point>", "Cafe")),
            "feature 1 (Cafe): a point needs a radius in metres",
        ),
        (
            kml(placemark("<Point><coordinates>here</coordinates></Point>")),
            "'here' is no longitude,latitude",
        ),
        (
            kml(placemark("<Point><coordinates>nan,nan</coordinates></Point>")),
            "lat_deg is nan",
        ),
        (
            kml(
                placemark(
                    '<ExtendedData><Data name="radius"><value>wide</value></Data></ExtendedData>'
                    "<Point><coordinates>-0.1,51.53</coordinates></Point>"
                )
            ),
            "radius is 'wide', expected a number",
        ),
    ],
)
def test_every_bad_file_has_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(BadFenceFile) as error:
        read_fence("f", data)
    words = str(error.value)
    assert words.startswith("f: ") and "\n" not in words
    assert sentence in words


def test_no_file_and_too_large_a_one(tmp_path: Path) -> None:
    with pytest.raises(BadFenceFile, match=r"^none\.kml: it cannot be read: No such file"):
        import_fence(tmp_path / "none.kml")
    (tmp_path / "big").write_bytes(b" " * 5_000_001)
    with pytest.raises(BadFenceFile, match="larger than 5 MB"):
        import_fence(tmp_path / "big")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "geometry", "properties", "features", "radius"])
            | st.text(max_size=4),
            inner | st.sampled_from(["Feature", "Polygon", "Point", "MultiPolygon"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
@settings(max_examples=150, deadline=None)
def test_any_json_is_a_fence_or_a_sentence(value: Any) -> None:
    try:
        read_fence("f", json.dumps({"type": "FeatureCollection", "features": [value]}).encode())
    except BadFenceFile as error:
        assert str(error).startswith("f: ")


@given(st.binary(max_size=200), st.sampled_from([b"", b"<", b"{", b"<kml>"]))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_sentence(tail: bytes, head: bytes) -> None:
    with pytest.raises(BadFenceFile):
        read_fence("f", head + tail)
