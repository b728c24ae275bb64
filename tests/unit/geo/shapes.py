"""A town as shapely shapes in metres, for tests that measure it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gcs.geo.earth import LocalFrame
from gcs.geo.town import Town
from gcs.model.place import Position

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class TownShapes:
    """Streets as the ground they cover, buildings and parks as polygons."""

    frame: LocalFrame
    streets: Shapes
    lines: Shapes
    buildings: Shapes
    parks: Shapes

    def polygon(self, ring: tuple[Position, ...]) -> shapely.Polygon:
        return shapely.Polygon([self.frame.to_local(p) for p in ring])


def shapes_of(town: Town) -> TownShapes:
    frame = LocalFrame(town.origin)

    def polygons(rings: list[tuple[Position, ...]]) -> Shapes:
        return np.array([shapely.Polygon([frame.to_local(p) for p in r]) for r in rings])

    lines = np.array(
        [shapely.LineString([frame.to_local(p) for p in s.points]) for s in town.streets]
    )
    widths = np.array([s.width_m for s in town.streets])
    return TownShapes(
        frame,
        shapely.buffer(lines, widths / 2, cap_style="flat", join_style="bevel"),
        lines,
        polygons([b.outline for b in town.buildings]),
        polygons([p.outline for p in town.parks]),
    )


def overlaps_m2(one: Shapes, other: Shapes) -> float:
    """The largest area that two different shapes share; 0 when none touch."""
    left, right = shapely.STRtree(other).query(one, predicate="intersects")
    if one is other:
        left, right = left[left < right], right[left < right]
    shared = shapely.area(shapely.intersection(one[left], other[right]))
    return float(shared.max(initial=0.0))
