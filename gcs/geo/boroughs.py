"""The 32 London boroughs and the City, from their boundary file. Draws nothing.

Boundaries: contains OS data © Crown copyright and database right (Open Government Licence v3).
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import shapely
from shapely.geometry import MultiPolygon, Polygon

from gcs.geo.features import Ring, feature_rings, features, shape_of, text_property
from gcs.model.place import Position
from gcs.runtime.settings import BadSettings


@dataclass(frozen=True)
class Borough:
    """A borough. `polygons` holds (outer ring, holes...) per part; no ring repeats its start."""

    gss: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]

    def contains(self, place: Position) -> bool:
        """Whether the place lies in the borough; its line belongs to it."""
        return bool(shapely.intersects_xy(self._shape, place.lon_deg, place.lat_deg))

    @property
    def largest_ring(self) -> Ring:
        """The outer ring of the largest part: what a map lights up and a town fills."""
        areas = [Polygon([(p.lon_deg, p.lat_deg) for p in part[0]]).area for part in self.polygons]
        return self.polygons[areas.index(max(areas))][0]

    @cached_property
    def _shape(self) -> MultiPolygon:
        shape = shape_of(self.polygons)
        shapely.prepare(shape)
        return shape


class Boroughs:
    """All areas of one file, found by their GSS code. `source` names the file."""

    def __init__(self, areas: tuple[Borough, ...], source: str) -> None:
        self.areas = areas
        self._source = source
        self._by_gss = {b.gss: b for b in areas}

    def by_gss(self, gss: str) -> Borough:
        """The area with this GSS code. Raises BadSettings."""
        if gss not in self._by_gss:
            raise BadSettings(f"{self._source}: has no area with gss {gss!r}")
        return self._by_gss[gss]

    def at(self, place: Position) -> Borough | None:
        """The area a place lies in, or None."""
        return next((b for b in self.areas if b.contains(place)), None)


def load_boroughs(path: Path) -> Boroughs:
    """All areas of a boundary file. Raises BadSettings naming file and feature."""
    found: dict[str, Borough] = {}
    for feature in features(path):
        gss = text_property(feature, "gss")
        if gss in found:
            raise feature.bad(f"gss {gss!r} is used twice")
        found[gss] = Borough(gss, text_property(feature, "name"), feature_rings(feature))
    return Boroughs(tuple(found[g] for g in sorted(found)), str(path))
