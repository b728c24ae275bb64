"""The fence a PX4-like vehicle carries: whole polygons and circles of what was uploaded.

An incomplete polygon is dropped without a word, as seen: who uploads must read back.
"""

import math
from dataclasses import dataclass

POLYGON_IN, POLYGON_OUT, CIRCLE_IN, CIRCLE_OUT = 5001, 5002, 5003, 5004
_POLYGONS = (POLYGON_IN, POLYGON_OUT)
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FenceItem:
    """One item in the pad's frame; `count` is a polygon's points or a circle's radius in m."""

    command: int
    count: float
    at: Point


@dataclass(frozen=True, slots=True)
class _Shape:
    keep_in: bool
    points: tuple[Point, ...]
    radius_m: float = 0.0

    def allows(self, place: Point) -> bool:
        if self.radius_m:
            return (math.dist(self.points[0], place) <= self.radius_m) is self.keep_in
        return _within(place, self.points) is self.keep_in


class Fence:
    """What is allowed; everything, while nothing whole is loaded."""

    def __init__(self) -> None:
        self._shapes: tuple[_Shape, ...] = ()

    @property
    def present(self) -> bool:
        """There is at least one whole shape."""
        return bool(self._shapes)

    def load(self, items: list[FenceItem]) -> None:
        """Replace it."""
        shapes: list[_Shape] = []
        left = list(items)
        while left:
            first = left[0]
            if first.command in _POLYGONS:
                size = max(1, int(first.count))
                points = tuple(i.at for i in left[:size])
                if len(points) == size >= 3:
                    shapes.append(_Shape(first.command == POLYGON_IN, points))
                left = left[size:]
            else:
                shapes.append(_Shape(first.command == CIRCLE_IN, (first.at,), first.count))
                left = left[1:]
        self._shapes = tuple(shapes)

    def allows(self, place: Point) -> bool:
        """Inside every keep-in, outside every keep-out."""
        return all(shape.allows(place) for shape in self._shapes)


def _within(place: Point, points: tuple[Point, ...]) -> bool:
    """Even-odd rule."""
    inside = False
    east, north = place
    for (e1, n1), (e2, n2) in zip(points, (*points[1:], points[0]), strict=True):
        if (n1 > north) != (n2 > north) and east < e1 + (north - n1) / (n2 - n1) * (e2 - e1):
            inside = not inside
    return inside
