"""Where a place or a straight path lies with respect to a keep-in fence.

Pure, in the plane of the ground; heights are the caller's. A place on the line counts as
outside, so that a doubt never lets a drone out.
"""

import math
from functools import lru_cache

from gcs.geo.earth import LocalFrame
from gcs.model.place import Position
from gcs.model.site import Fence

Ring = tuple[Position, ...]
Point = tuple[float, float]
Edge = tuple[Point, Point]

_LINE_M = 0.001  # half the thickness of the fence's line


def inside(fence: Fence, place: Position) -> bool:
    """Whether the place is within the fence and not on its line."""
    return within(fence.polygon, place)


def within(polygon: Ring, place: Position) -> bool:
    """Whether the place is within any polygon of at least three points, not on its line."""
    frame, edges = _laid_out(polygon)
    return _inside(edges, frame.to_local(place))


@lru_cache(maxsize=64)
def _laid_out(polygon: Ring) -> tuple[LocalFrame, list[Edge]]:
    """A fence is asked thousands of times a second, and there are few."""
    frame = LocalFrame(polygon[0])
    return frame, _edges(polygon, frame)


def path_inside(fence: Fence, a: Position, b: Position) -> bool:
    """Whether the straight path from a to b stays within the fence and never touches it."""
    return path_within(fence.polygon, a, b)


def path_within(polygon: Ring, a: Position, b: Position) -> bool:
    """As `path_inside`, for any polygon."""
    return within(polygon, a) and within(polygon, b) and not path_touches(polygon, a, b)


def path_touches(polygon: Ring, a: Position, b: Position) -> bool:
    """Whether the straight path from a to b crosses or touches the polygon's line."""
    frame = LocalFrame(polygon[0])
    path = (frame.to_local(a), frame.to_local(b))
    return any(_touch(path, edge) for edge in _edges(polygon, frame))


def distance_to_edge_m(fence: Fence, place: Position) -> float:
    """Metres over ground to the nearest point of the fence's line, from either side."""
    return distance_to_line_m(fence.polygon, place)


def distance_to_line_m(polygon: Ring, place: Position) -> float:
    """As `distance_to_edge_m`, for any polygon."""
    frame = LocalFrame(polygon[0])
    point = frame.to_local(place)
    return min(_distance(point, edge) for edge in _edges(polygon, frame))


def distance_to_path_m(a: Position, b: Position, place: Position) -> float:
    """Metres over ground from a place to the straight path from a to b."""
    frame = LocalFrame(place)
    return _distance((0.0, 0.0), (frame.to_local(a), frame.to_local(b)))


def _edges(polygon: Ring, frame: LocalFrame) -> list[Edge]:
    points = [frame.to_local(p) for p in polygon]
    return list(zip(points, points[1:] + points[:1], strict=True))


def _inside(edges: list[Edge], point: Point) -> bool:
    """Even-odd rule; a point on the line is outside."""
    x, y = point
    within = False
    for (ax, ay), (bx, by) in edges:
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            within = not within
    return within and all(_distance(point, edge) > _LINE_M for edge in edges)


def _touch(path: Edge, edge: Edge) -> bool:
    """Whether two segments cross, or come within a millimetre of it at an end."""
    (a, b), (c, d) = path, edge
    if _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0:
        return True
    ends = _distance(a, edge), _distance(b, edge), _distance(c, path), _distance(d, path)
    return min(ends) <= _LINE_M


def _side(a: Point, b: Point, point: Point) -> float:
    """Positive left of the line a-b, negative right of it, zero on it."""
    return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])


def _distance(point: Point, edge: Edge) -> float:
    (ax, ay), (bx, by) = edge
    length2 = (bx - ax) ** 2 + (by - ay) ** 2
    along = ((point[0] - ax) * (bx - ax) + (point[1] - ay) * (by - ay)) / length2 if length2 else 0
    along = min(1.0, max(0.0, along))
    return math.hypot(point[0] - ax - along * (bx - ax), point[1] - ay - along * (by - ay))
