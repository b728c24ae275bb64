"""Drafts as files: GeoJSON and KML in, GeoJSON out. Values only: who calls does the reading aside.

A circle is a Point with `radius_m`, what is kept out of has `keep_in` false, a rally point has
the type rally: so an exported draft comes back as it was.
"""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from gcs.geo.fence_geojson import to_geojson
from gcs.geo.fence_import import import_fence
from gcs.model.fence import FencePlan
from gcs.model.place import Position
from gcs.model.plan import MOST_ITEMS, FlightPlan, PlanItem
from ui.text import count_of

MOST_BYTES = 5_000_000
HEIGHT_M = 60.0
Told = tuple[str, ...]


# -- routes in -------------------------------------------------------------------------------
def read_route(path: Path) -> tuple[tuple[PlanItem, ...] | None, Told]:
    """The first line of a file, else its points in order; and what to know of it, in sentences.

    Raises OSError, and ValueError with one sentence.
    """
    text = _text_of(path)
    items = _kml_items(text) if path.suffix.lower() == ".kml" else _geojson_items(text)
    if not items:
        raise ValueError("there is neither a line nor a point in it.")
    told = [f"{len(items)} points from {path.name}."]
    if len(items) > MOST_ITEMS:
        told.append(f"Only the first {MOST_ITEMS} are taken.")
    return tuple(items[:MOST_ITEMS]), tuple(told)


def _geojson_items(text: str) -> list[PlanItem]:
    try:
        source = json.loads(text)
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}.") from None
    features = source.get("features", [source]) if isinstance(source, dict) else []
    points: list[PlanItem] = []
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            raise ValueError(f"feature {number} is not an object.")
        shape = feature.get("geometry", feature) or {}
        told = feature.get("properties") or {}
        try:
            if shape.get("type") == "LineString":
                return [_item(place, {}) for place in shape["coordinates"]]
            if shape.get("type") == "Point":
                points.append(_item(shape["coordinates"], told))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise ValueError(f"feature {number}: {error}.") from None
    return points


def _kml_items(text: str) -> list[PlanItem]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("a KML file with a DOCTYPE is not read.")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(f"it is not XML: {error}.") from None
    lines = [e for e in root.iter() if e.tag.rpartition("}")[2] == "LineString"]
    holders = lines[:1] or [e for e in root.iter() if e.tag.rpartition("}")[2] == "Point"]
    items = []
    for holder in holders:
        words = next((e.text or "" for e in holder.iter() if e.tag.endswith("coordinates")), "")
        for triple in words.split():
            try:
                items.append(_item([float(part) for part in triple.split(",")], {}))
            except (ValueError, IndexError) as error:
                raise ValueError(f"point {len(items) + 1}: {error}.") from None
    return items


def _item(place: list[float], told: dict[str, Any]) -> PlanItem:
    lon, lat = float(place[0]), float(place[1])
    height = float(told.get("height_m", place[2] if len(place) > 2 and place[2] else HEIGHT_M))
    if not math.isfinite(height):
        raise ValueError(f"height {height} is no number")
    speed = told.get("speed_mps")
    return PlanItem(
        Position(lat, lon),
        height,
        float(told.get("hold_s", 0.0)),
        None if speed is None else float(speed),
    )


def _text_of(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        return re.sub("^\ufeff", "", path.read_text("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("it is not text in UTF-8.") from None


# -- geofences in ----------------------------------------------------------------------------
def read_fence(path: Path, base: FencePlan) -> tuple[FencePlan, Told]:
    """`base` with the shapes and rally points of a file. Raises BadFenceFile, ValueError."""
    found = import_fence(path)
    rally = found.rally or base.rally
    made = replace(base, shapes=found.shapes, rally=rally)
    told = [f"{count_of(len(found.shapes), 'shape', 'shapes')} from {path.name}."]
    if found.rally:
        told.append(f"{count_of(len(found.rally), 'rally point', 'rally points')}.")
    elif base.rally:
        told.append("It has no rally points: the draft's stay.")
    return made, tuple(told)


# -- out -------------------------------------------------------------------------------------
def export_route(plan: FlightPlan) -> str:
    """A Point for each waypoint, with height, hold and speed."""
    features = [
        _feature(
            {"type": "Point", "coordinates": _at(item.position)},
            {"height_m": item.height_m, "hold_s": item.hold_s, "speed_mps": item.speed_mps},
        )
        for item in plan.items
    ]
    return _collection(plan.name, features)


def export_fence(plan: FencePlan) -> str:
    """Areas as Polygon, circles and rally points as Point with their sizes."""
    return to_geojson(plan).decode() + "\n"


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(name: str, features: list[dict[str, Any]]) -> str:
    made = {"type": "FeatureCollection", "name": name, "features": features}
    return json.dumps(made, indent=1) + "\n"


def _at(place: Position) -> list[float]:
    return [round(place.lon_deg, 7), round(place.lat_deg, 7)]
