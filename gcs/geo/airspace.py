"""Dated airspace volumes from their file, and what to call them on a screen.

Information for people: nothing here decides whether a drone may fly. The data says of itself
that it is not authoritative.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import shapely
from shapely.geometry import MultiPolygon

from gcs.geo.features import (
    Feature,
    Ring,
    feature_rings,
    features,
    number_property,
    shape_of,
    text_property,
)
from gcs.model.place import Position


@dataclass(frozen=True, slots=True)
class AirspaceVolume:
    """A volume with its source. None stands for "not known", never for "none".

    `start` and `end` are the first and last day it is in force; None = open.
    """

    id: str
    name: str
    kind: str
    applies_to: str
    floor_ft: float | None
    ceiling_ft: float | None
    note: str
    source: str
    as_of: date
    start: date | None
    end: date | None
    polygon: Ring
    _shape: MultiPolygon = field(repr=False, compare=False)

    @property
    def label(self) -> str:
        """Name, heights and whom it binds: `EG R158 City of London · 0–1,400 ft · …`."""
        return " · ".join((f"{self.id} {self.name}", self.heights, self.binds))

    @property
    def heights(self) -> str:
        """The span in words; an unknown limit is said to be unknown."""
        if self.floor_ft is None and self.ceiling_ft is None:
            return "heights not known"
        floor = "?" if self.floor_ft is None else f"{self.floor_ft:,.0f}"
        if self.ceiling_ft is None:
            return f"from {floor} ft, ceiling not known"
        return f"{floor}–{self.ceiling_ft:,.0f} ft"

    @property
    def binds(self) -> str:
        """Whom it binds, without the words that go for nearly all of them."""
        return self.applies_to.removeprefix("all aircraft, ")

    @property
    def provenance(self) -> str:
        """Source and date, for the layer's small print."""
        return f"{self.source} · as of {self.as_of.isoformat()}"

    def contains(self, place: Position) -> bool:
        """Whether the place lies under or in the volume, whatever the height."""
        return bool(shapely.intersects_xy(self._shape, place.lon_deg, place.lat_deg))

    def in_force(self, day: date) -> bool:
        """Whether the volume is in force on a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def load_airspace(path: Path) -> tuple[AirspaceVolume, ...]:
    """All volumes of a file, by id. Raises BadSettings naming file and feature."""
    volumes = {v.id: v for v in map(_volume, features(path))}
    return tuple(volumes[i] for i in sorted(volumes))


def _volume(feature: Feature) -> AirspaceVolume:
    polygons = feature_rings(feature)
    if len(polygons) != 1 or len(polygons[0]) != 1:
        raise feature.bad("geometry has several rings, expected one")
    floor, ceiling = number_property(feature, "floor_ft"), number_property(feature, "ceiling_ft")
    if floor is not None and ceiling is not None and floor >= ceiling:
        raise feature.bad(f"floor_ft {floor:g} is not below ceiling_ft {ceiling:g}")
    as_of = _day(feature, "as_of")
    if as_of is None:
        raise feature.bad("as_of is null, expected a date")
    return AirspaceVolume(
        id=text_property(feature, "id"),
        name=text_property(feature, "name"),
        kind=text_property(feature, "kind"),
        applies_to=text_property(feature, "applies_to"),
        floor_ft=floor,
        ceiling_ft=ceiling,
        note=str(feature.properties.get("note") or ""),
        source=text_property(feature, "source"),
        as_of=as_of,
        start=_day(feature, "start"),
        end=_day(feature, "end"),
        polygon=polygons[0][0],
        _shape=shape_of(polygons),
    )


def _day(feature: Feature, key: str) -> date | None:
    value = feature.properties.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise feature.bad(f"{key} is {value!r}, expected a date like 2026-08-05") from None
