"""Fence shapes from GeoJSON, and back. Longitude comes first there (RFC 7946).

A polygon is kept inside of, unless its properties or its name say keep out; its holes are kept
out of. A point with a `radius` in metres is a circle; with `rally` in its words, a rally point.
"""

import math
from typing import Any

import msgspec

from gcs.geo.fence_file import (
    BadFenceFile,
    FoundShape,
    called,
    circle,
    place,
    polygons,
    rally_point,
    ring,
    says_keep_out,
    says_rally,
)
from gcs.model.fence import FencePlan, FenceShape
from gcs.model.place import Position

MOST_FEATURES = 500
_RADIUS = ("radius_m", "radius", "radius_meters", "radius_metres")
_HEIGHT = ("height_m", "height", "altitude", "alt")
_WORDS = ("name", "title", "type", "kind", "fence", "fence_type", "description")
_DEGREES = ("CRS84", "EPSG::4326", "EPSG:4326", "WGS84")


def shapes_of_geojson(file: str, data: bytes) -> tuple[str, list[FoundShape]]:
    """The file's name for itself, and its shapes. Raises BadFenceFile."""
    try:
        raw: Any = msgspec.json.decode(data.lstrip(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadFenceFile(f"{file}: it is neither GeoJSON nor KML: {error}") from None
    if not isinstance(raw, dict):
        raise BadFenceFile(f"{file}: it is not GeoJSON: it holds no object")
    _degrees(file, raw)
    features = raw.get("features") if raw.get("type") == "FeatureCollection" else [raw]
    if not isinstance(features, list):
        raise BadFenceFile(f"{file}: its list of features is missing")
    if len(features) > MOST_FEATURES:
        raise BadFenceFile(f"{file}: it has {len(features)} features, at most {MOST_FEATURES}")
    found: list[FoundShape] = []
    for number, feature in enumerate(features, start=1):
        found += _feature(file, number, feature)
    name = raw.get("name")
    return (name if isinstance(name, str) else ""), found


def _degrees(file: str, raw: dict[str, Any]) -> None:
    """Older files may name another system of coordinates."""
    crs = raw.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and not any(word in name for word in _DEGREES):
        raise BadFenceFile(f"{file}: its coordinates are {name[:60]}, expected WGS 84 degrees")


def _feature(file: str, number: int, feature: Any) -> list[FoundShape]:
    if not isinstance(feature, dict):
        raise BadFenceFile(f"{called(file, number, '')}: it is not an object")
    is_feature = feature.get("type") == "Feature"
    properties = feature.get("properties") if is_feature else {}
    properties = properties if isinstance(properties, dict) else {}
    name = properties.get("name")
    where = called(file, number, name if isinstance(name, str) else "")
    geometry = feature.get("geometry") if is_feature else feature
    if not isinstance(geometry, dict):
        raise BadFenceFile(f"{where}: it has no geometry")
    return _geometry(where, geometry, properties)


def _geometry(where: str, geometry: dict[str, Any], properties: dict[str, Any]) -> list[FoundShape]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    keep_out = _keep_out(properties)
    if kind == "Polygon":
        return _polygon(where, coordinates, keep_out)
    if kind == "MultiPolygon":
        parts = coordinates if isinstance(coordinates, list) else []
        if len(parts) > 1 and not keep_out:
            # Inside one and outside of the other at once: no drone could fly anywhere.
            raise BadFenceFile(
                f"{where}: it has {len(parts)} areas to stay inside of; draw one around them"
            )
        return [shape for part in parts for shape in _polygon(where, part, keep_out)]
    if kind == "Point":
        return [_point(where, coordinates, properties, keep_out)]
    if kind == "GeometryCollection":
        members = geometry.get("geometries")
        found: list[FoundShape] = []
        for part in members if isinstance(members, list) else []:
            if not isinstance(part, dict) or part.get("type") == "GeometryCollection":
                raise BadFenceFile(f"{where}: a collection within a collection is not read")
            found += _geometry(where, part, properties)
        return found
    raise BadFenceFile(f"{where}: {str(kind)[:40]} is no area; expected a polygon or a circle")


def _keep_out(properties: dict[str, Any]) -> bool:
    for key, meaning in (("keep_out", True), ("keep_in", False), ("inclusion", False)):
        value = properties.get(key)
        if isinstance(value, bool):
            return value is meaning
    return says_keep_out(*_words(properties)) is True


def _words(properties: dict[str, Any]) -> list[str]:
    return [value for key in _WORDS if isinstance(value := properties.get(key), str)]


def _polygon(where: str, coordinates: Any, keep_out: bool) -> list[FoundShape]:
    if not isinstance(coordinates, list) or not coordinates:
        raise BadFenceFile(f"{where}: its polygon has no line")
    rings = [ring(where, _places(where, part)) for part in coordinates]
    return polygons(rings[0], rings[1:], keep_out)


def _places(where: str, part: Any) -> list[Position]:
    if not isinstance(part, list):
        raise BadFenceFile(f"{where}: its line is not a list of points")
    return [_place(where, pair) for pair in part]


def _place(where: str, pair: Any) -> Position:
    if not isinstance(pair, list) or not 2 <= len(pair) <= 4:
        raise BadFenceFile(f"{where}: a point is not [longitude, latitude]")
    numbers = [_number(value) for value in pair[:2]]
    if None in numbers:
        raise BadFenceFile(f"{where}: a point is not [longitude, latitude] in numbers")
    return place(where, numbers[0] or 0.0, numbers[1] or 0.0)


def _number(value: Any) -> float | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    if not plain:
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _point(where: str, coordinates: Any, properties: dict[str, Any], keep_out: bool) -> FoundShape:
    centre = _place(where, coordinates)
    if says_rally(*_words(properties)):
        height_m = _first(properties, _HEIGHT)
        if height_m is None:
            raise BadFenceFile(f"{where}: a rally point needs height_m, above the dock's roof")
        return rally_point(where, centre, height_m)
    radius_m = _first(properties, _RADIUS)
    if radius_m is None:
        raise BadFenceFile(f"{where}: a point needs a radius in metres to be a circle")
    return circle(where, centre, radius_m, keep_in=not keep_out)


def _first(properties: dict[str, Any], keys: tuple[str, ...]) -> float | None:
    for key in keys:
        value = properties.get(key)
        number = _number(value)
        if number is not None:
            return number
    return None


# -- and back --------------------------------------------------------------------------------
def to_geojson(plan: FencePlan) -> bytes:
    """The fence as a file that `shapes_of_geojson` reads the same again."""
    features = [_shape_feature(n, shape) for n, shape in enumerate(plan.shapes, start=1)]
    features += [
        _as_feature(
            {"name": f"rally point {n}", "kind": "rally", "height_m": point.height_m},
            {"type": "Point", "coordinates": _pair(point.position)},
        )
        for n, point in enumerate(plan.rally, start=1)
    ]
    whole = {
        "type": "FeatureCollection",
        "name": plan.name,
        "ceiling_relative_m": plan.ceiling_relative_m,
        "features": features,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=1)


def _shape_feature(number: int, shape: FenceShape) -> dict[str, Any]:
    properties: dict[str, Any] = {"name": f"shape {number}", "keep_in": shape.keep_in}
    if shape.centre is not None:
        properties["radius_m"] = shape.radius_m
        return _as_feature(properties, {"type": "Point", "coordinates": _pair(shape.centre)})
    points = [_pair(place) for place in (*shape.points, shape.points[0])]
    return _as_feature(properties, {"type": "Polygon", "coordinates": [points]})


def _as_feature(properties: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _pair(at: Position) -> list[float]:
    return [round(at.lon_deg, 7), round(at.lat_deg, 7)]
