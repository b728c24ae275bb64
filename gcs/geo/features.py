"""GeoJSON features into values, with errors that name file and feature. Polygons only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from shapely.geometry import MultiPolygon, Polygon

from gcs.model.place import Position
from gcs.runtime.settings import BadSettings

Ring = tuple[Position, ...]
Polygons = tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature as it stands in its file; `where` names both."""

    where: str
    properties: dict[str, Any]
    geometry: dict[str, Any]

    def bad(self, why: str) -> BadSettings:
        """An error to raise, naming this feature."""
        return BadSettings(f"{self.where}: {why}")


def features(path: Path) -> tuple[Feature, ...]:
    """The features of a GeoJSON file. Raises BadSettings."""
    try:
        raw: Any = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise BadSettings(f"{path}: cannot be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise BadSettings(f"{path}: not valid JSON: {error}") from None
    listed = raw.get("features") if isinstance(raw, dict) else None
    if not isinstance(listed, list):
        raise BadSettings(f"{path}: has no list 'features'")
    return tuple(_feature(path, number, entry) for number, entry in enumerate(listed, 1))


def _feature(path: Path, number: int, entry: Any) -> Feature:
    properties = entry.get("properties") if isinstance(entry, dict) else None
    geometry = entry.get("geometry") if isinstance(entry, dict) else None
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise BadSettings(f"{path}: feature {number}: has no properties or no geometry")
    called = properties.get("name") or properties.get("id") or ""
    where = f"{path}: feature {number}" + (f" ({called})" if called else "")
    return Feature(where, properties, geometry)


def text_property(feature: Feature, key: str) -> str:
    """A property that must be a text with something in it. Raises BadSettings."""
    value = feature.properties.get(key)
    if not isinstance(value, str) or not value:
        raise feature.bad(f"{key} is {value!r}, expected a text")
    return value


def number_property(feature: Feature, key: str) -> float | None:
    """A property that is a number or null. Raises BadSettings."""
    value = feature.properties.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise feature.bad(f"{key} is {value!r}, expected a number or null")
    return float(value)


def feature_rings(feature: Feature) -> Polygons:
    """The polygons of a feature: rings as positions, without the repeated end."""
    kind = feature.geometry.get("type")
    coordinates = feature.geometry.get("coordinates")
    if kind == "Polygon":
        coordinates = [coordinates]
    elif kind != "MultiPolygon":
        raise feature.bad(f"geometry is {kind!r}, expected Polygon or MultiPolygon")
    if not isinstance(coordinates, list) or not coordinates:
        raise feature.bad("geometry has no coordinates")
    return tuple(_polygon(feature, part) for part in coordinates)


def _polygon(feature: Feature, part: Any) -> tuple[Ring, ...]:
    if not isinstance(part, list) or not part:
        raise feature.bad("a polygon has no rings")
    return tuple(_ring(feature, ring) for ring in part)


def _ring(feature: Feature, ring: Any) -> Ring:
    try:
        places = [Position(float(point[1]), float(point[0])) for point in ring]
    except (TypeError, ValueError, IndexError) as error:
        raise feature.bad(f"a ring's coordinates cannot be read ({error})") from None
    if len(places) < 4 or places[0] != places[-1]:
        raise feature.bad("a ring is not closed or has fewer than 4 points")
    return tuple(places[:-1])


def shape_of(polygons: Polygons) -> MultiPolygon:
    """The polygons as a shape in degrees, x = longitude."""
    parts = [[[(p.lon_deg, p.lat_deg) for p in ring] for ring in part] for part in polygons]
    return MultiPolygon([Polygon(part[0], part[1:]) for part in parts])
