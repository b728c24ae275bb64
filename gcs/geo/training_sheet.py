"""Geometry for the training town's sheet: bending it, cutting rings, joining lines. Pure."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[np.float64]
Point = tuple[float, float]
Ring = list[Point]

_VERTEX_EVERY_M = 90.0


@dataclass(frozen=True)
class Warp:
    """A smooth bend of the sheet: a sum of plane waves, at most some tens of metres."""

    wave: Array  # (n, 2) radians per metre
    phase: Array  # (n, 2)
    metres: Array  # (n, 2)

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Warp":
        """A random one, mild enough never to fold."""
        count = 5
        length = rng.uniform(800.0, 2600.0, count)
        angle = rng.uniform(0.0, 2 * math.pi, count)
        wave = np.column_stack((np.cos(angle), np.sin(angle))) * (2 * math.pi / length)[:, None]
        metres = rng.uniform(0.6, 1.0, (count, 2)) * (length / 48.0)[:, None]
        return cls(wave, rng.uniform(0.0, 2 * math.pi, (count, 2)), metres)

    def bend(self, points: Array) -> Array:
        """Sheet to ground, shape (n, 2)."""
        return points + self._shift(points)

    def unbend(self, points: Array) -> Array:
        """Ground to sheet, by repeated correction."""
        guess = points
        for _ in range(30):
            guess = points - self._shift(guess)
        return guess

    def _shift(self, points: Array) -> Array:
        angle = points @ self.wave.T
        shift: Array = np.stack(
            [(np.sin(angle + self.phase[:, k]) * self.metres[:, k]).sum(axis=1) for k in (0, 1)],
            axis=1,
        )
        return shift


def split(ring: Ring, on: Point, normal: Point) -> tuple[Point, Point, Ring, Ring] | None:
    """Cut a ring by a line; None unless it is cut in exactly two places."""
    side = [(x - on[0]) * normal[0] + (y - on[1]) * normal[1] for x, y in ring]
    left: Ring = []
    right: Ring = []
    cuts: list[Point] = []
    for i, (point, here) in enumerate(zip(ring, side, strict=True)):
        (left if here >= 0 else right).append(point)
        j = (i + 1) % len(ring)
        if (here >= 0) != (side[j] >= 0):
            t = here / (here - side[j])
            cut = (
                point[0] + t * (ring[j][0] - point[0]),
                point[1] + t * (ring[j][1] - point[1]),
            )
            cuts.append(cut)
            left.append(cut)
            right.append(cut)
    if len(cuts) != 2 or math.dist(*cuts) < 25.0:
        return None
    return cuts[0], cuts[1], left, right


def area_centre(ring: Ring) -> tuple[float, Point]:
    x0, y0 = ring[0]
    double = sx = sy = 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
        double += cross
        sx += cross * (ax + bx - 2 * x0)
        sy += cross * (ay + by - 2 * y0)
    if abs(double) < 1e-9:
        return 0.0, ring[0]
    return abs(double) / 2, (x0 + sx / (3 * double), y0 + sy / (3 * double))


def box_of(ring: Ring) -> tuple[Point, float, float]:
    """Direction of the long axis, and both extents, of the narrowest box along an edge."""
    best: tuple[float, Point, float, float] | None = None
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        metres = math.hypot(bx - ax, by - ay)
        if metres < 20.0 and best is not None:
            continue
        ux, uy = (bx - ax) / (metres or 1.0), (by - ay) / (metres or 1.0)
        along = [x * ux + y * uy for x, y in ring]
        aside = [y * ux - x * uy for x, y in ring]
        a, b = max(along) - min(along), max(aside) - min(aside)
        if best is None or a * b < best[0]:
            best = (a * b, (ux, uy), a, b) if a >= b else (a * b, (-uy, ux), b, a)
    assert best is not None, "a ring has edges"
    return best[1], best[2], best[3]


def with_junctions(lines: list[Array]) -> list[Array]:
    """Each line with a vertex wherever another one ends on it, and at least each 90 m."""
    shapes = np.array([shapely.LineString(line) for line in lines])
    ends = np.concatenate([line[[0, -1]] for line in lines])
    points = shapely.points(ends)
    at_end, on_line = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=0.01)
    along = shapely.line_locate_point(shapes[on_line], points[at_end])
    order = np.lexsort((along, on_line))
    at_end, on_line, along = at_end[order], on_line[order], along[order]
    first = np.searchsorted(on_line, np.arange(len(lines) + 1))
    out = []
    for i, line in enumerate(lines):
        own = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
        part = slice(first[i], first[i + 1])
        if len(line) == 2 and part.stop - part.start == 2 and own[1] < _VERTEX_EVERY_M:
            out.append(line)  # nobody but itself ends here
            continue
        out.append(_merged(own, line, along[part], ends[at_end[part]]))
    return out


def _merged(own: Array, line: Array, along: Array, ends: Array) -> Array:
    distance = np.concatenate((own, along))
    points = np.concatenate((line, ends))
    order = np.argsort(distance, kind="stable")
    distance, points = distance[order], points[order]
    keep = np.concatenate(([True], np.diff(distance) > 0.02))
    distance, points = distance[keep], points[keep]
    steps = np.maximum(1, np.ceil(np.diff(distance) / _VERTEX_EVERY_M)).astype(int)
    start = np.repeat(np.arange(len(steps)), steps)
    share = np.concatenate([np.arange(n) / n for n in steps])[:, None]
    dense: Array = points[start] + share * (points[start + 1] - points[start])
    return np.concatenate((dense, points[-1:]))
