"""A town as the simulator and the map know it: streets, buildings with heights, parks.

Values and questions only: where it comes from is a `TownSource`'s business (the training
town is one; another source of streets can stand in its place), how it is drawn is the map's.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import shapely
from shapely import STRtree

from gcs.geo.earth import LocalFrame
from gcs.model.place import Position

Ring = tuple[Position, ...]


class StreetKind(StrEnum):
    """How a street is drawn and how much goes on in it."""

    MAJOR = "major"
    MINOR = "minor"
    LANE = "lane"


@dataclass(frozen=True, slots=True)
class Street:
    """A street's centre line. The same name may stand on several pieces."""

    name: str
    kind: StreetKind
    width_m: float
    points: Ring


@dataclass(frozen=True, slots=True)
class Building:
    """A footprint (a ring without its repeated end) and the roof's height above ground."""

    outline: Ring
    height_m: float


@dataclass(frozen=True, slots=True)
class Park:
    """A green; `name` may be empty for a small one."""

    name: str
    outline: Ring


@dataclass(frozen=True)
class Town:
    """Everything that stands still. `label` says on the map what these streets are."""

    label: str
    origin: Position
    streets: tuple[Street, ...]
    buildings: tuple[Building, ...]
    parks: tuple[Park, ...]

    def roof_height_m(self, place: Position) -> float:
        """Height above ground of the roof at a place; 0 where no building stands."""
        point = shapely.Point(self._frame.to_local(place))
        hits = self._roofs.query(point, predicate="intersects")
        return max((self.buildings[i].height_m for i in hits), default=0.0)

    def street_at(self, place: Position) -> str:
        """Name of the nearest street; '' in a town without streets."""
        if not self.streets:
            return ""
        point = shapely.Point(self._frame.to_local(place))
        return self.streets[int(self._lines.nearest(point))].name

    @cached_property
    def _frame(self) -> LocalFrame:
        return LocalFrame(self.origin)

    @cached_property
    def _roofs(self) -> STRtree:
        return STRtree(_shapes(self._frame, [b.outline for b in self.buildings], closed=True))

    @cached_property
    def _lines(self) -> STRtree:
        return STRtree(_shapes(self._frame, [s.points for s in self.streets], closed=False))


class TownSource(Protocol):
    """Where a town comes from."""

    def load(self) -> Town:
        """The town. May take seconds; the same source gives the same town."""
        ...


def _shapes(frame: LocalFrame, rings: list[Ring], *, closed: bool) -> "np.ndarray[Any, Any]":
    if not rings:
        return np.empty(0, dtype=object)
    points = np.array([frame.to_local(p) for ring in rings for p in ring])
    index = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    lines = shapely.linearrings if closed else shapely.linestrings
    shapes: np.ndarray[Any, Any] = lines(points, indices=index)
    return shapely.polygons(shapes) if closed else shapes
