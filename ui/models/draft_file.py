"""Drafts as files: GeoJSON and KML in, GeoJSON out. Values only: who calls does the reading aside.

A circle is a Point with `radius_m`, what is kept out of has `keep_in` false, a rally point has
`rally` true: so an exported draft comes back as it was.
"""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from gcs.model.fence import FencePlan, FenceShape, RallyPoint
from gcs.model.place import Position
from gcs.model.plan import MOST_ITEMS, FlightPlan, PlanItem

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
def read_fence(path: Path, base: FencePlan) -> tuple[FencePlan | None, Told]:
    """A fence with the shapes of a file in place of `base`'s. Raises OSError, ValueError."""
    shapes: list[FenceShape] = []
    rally: list[RallyPoint] = []
    told: list[str] = []
    source = json.loads(_text_of(path))
    for number, feature in enumerate(source["features"], start=1):
        shape, about = feature["geometry"], feature.get("properties") or {}
        keep_in = bool(about.get("keep_in", True))
        try:
            if shape["type"] == "Polygon":
                places = [Position(p[1], p[0]) for p in shape["coordinates"][0][:-1]]
                shapes.append(FenceShape(keep_in, tuple(places)))
            elif about.get("rally"):
                at = Position(shape["coordinates"][1], shape["coordinates"][0])
                rally.append(RallyPoint(at, float(about["height_m"])))
            else:
                at = Position(shape["coordinates"][1], shape["coordinates"][0])
                shapes.append(FenceShape(keep_in, (), at, float(about["radius_m"])))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            told.append(f"Feature {number} was left out: {error}.")
    if not shapes:
        raise ValueError(" ".join(["there is no area in it.", *told]))
    made = replace(base, shapes=tuple(shapes), rally=tuple(rally))
    return made, (f"{len(shapes)} shapes from {path.name}.", *told)


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
    features = []
    for shape in plan.shapes:
        if shape.centre is not None:
            point = {"type": "Point", "coordinates": _at(shape.centre)}
            features.append(_feature(point, {"keep_in": shape.keep_in, "radius_m": shape.radius_m}))
            continue
        ring = [_at(p) for p in (*shape.points, shape.points[0])]
        features.append(
            _feature({"type": "Polygon", "coordinates": [ring]}, {"keep_in": shape.keep_in})
        )
    features += [_rally(point) for point in plan.rally]
    return _collection(plan.name, features, ceiling_relative_m=plan.ceiling_relative_m)


def _rally(point: RallyPoint) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": _at(point.position)}
    return _feature(place, {"rally": True, "height_m": point.height_m})


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(name: str, features: list[dict[str, Any]], **more: float) -> str:
    made = {"type": "FeatureCollection", "name": name, **more, "features": features}
    return json.dumps(made, indent=1) + "\n"


def _at(place: Position) -> list[float]:
    return [round(place.lon_deg, 7), round(place.lat_deg, 7)]
