"""The street plan of a training town: main roads fanning out of a hub, districts between
them cut up into blocks, all gently bent. Metres in the town's frame; no buildings here.

It is drawn straight on a flat sheet first; then the sheet is warped. A junction is a vertex
of every street that meets there, so that all of them bend together.
"""

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely

from gcs.geo.town import StreetKind
from gcs.geo.training_sheet import (
    Array,
    Point,
    Ring,
    Warp,
    area_centre,
    box_of,
    split,
    with_junctions,
)

_MARGIN_M = 250.0  # the sheet reaches this far beyond the borough
_DOCK_CLEARANCE_M = 30.0  # no street nearer to a dock: its building stands there
_WIDTHS_M = {StreetKind.MAJOR: 20.0, StreetKind.MINOR: 12.5, StreetKind.LANE: 7.5}


@dataclass(frozen=True)
class PlannedStreet:
    """A centre line, shape (n, 2)."""

    kind: StreetKind
    width_m: float
    line: Array


@dataclass(frozen=True)
class Plan:
    """Streets, the hub, and where blocks were left whole for a park or an estate."""

    streets: list[PlannedStreet]
    hub: Point
    parks: Array
    estates: Array


def draw_plan(ground: shapely.Polygon, docks: Array, rng: np.random.Generator) -> Plan:
    """A plan that covers `ground` and keeps its streets off the docks, shape (n, 2)."""
    warp = Warp.draw(rng)
    outline = shapely.Polygon(warp.unbend(shapely.get_coordinates(ground.exterior)))
    sheet = _Sheet(ground.bounds, outline.buffer(60.0), warp.unbend(docks), rng)
    sheet.draw_main_roads()
    sheet.cut_districts()
    lines = with_junctions(sheet.lines)
    ends = np.cumsum([len(line) for line in lines])
    bent = np.split(warp.bend(np.concatenate(lines)), ends[:-1])
    streets = [
        PlannedStreet(kind, width, line)
        for kind, width, line in zip(sheet.kinds, sheet.widths, bent, strict=True)
        if kind is not None
    ]
    return Plan(
        streets,
        tuple(warp.bend(np.array([sheet.hub]))[0]),
        warp.bend(np.array(sheet.parks).reshape(-1, 2)),
        warp.bend(np.array(sheet.estates).reshape(-1, 2)),
    )


@dataclass
class _Sheet:
    """The flat drawing. `kinds` runs beside `lines`; None is the sheet's own edge."""

    bounds: tuple[float, float, float, float]
    ground: shapely.Polygon
    docks: Array
    rng: np.random.Generator
    lines: list[Array] = field(default_factory=list)
    kinds: list[StreetKind | None] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    parks: list[Point] = field(default_factory=list)
    estates: list[Point] = field(default_factory=list)
    hub: Point = (0.0, 0.0)

    def __post_init__(self) -> None:
        west, south, east, north = self.bounds
        shapely.prepare(self.ground)
        self._box = shapely.box(
            west - _MARGIN_M, south - _MARGIN_M, east + _MARGIN_M, north + _MARGIN_M
        )

    def draw_main_roads(self) -> None:
        """Roads out of the hub, and links between neighbours at uneven distances."""
        west, south, east, north = self.bounds
        self.hub = (
            west + (east - west) * self.rng.uniform(0.45, 0.65),
            south + (north - south) * self.rng.uniform(0.22, 0.36),
        )
        corners = shapely.get_coordinates(self._box)
        for a, b in pairwise(corners):
            self._add(None, np.array([a, b]))
        count = 7
        first = self.rng.uniform(0.0, 2 * math.pi)
        angles = [self._radial_angle(first + 2 * math.pi * i / count) for i in range(count)]
        stops: list[list[float]] = [[] for _ in angles]
        for i, angle in enumerate(angles):
            self._links(i, (i + 1) % count, angle, angles[(i + 1) % count], stops)
        for angle, radii in zip(angles, stops, strict=True):
            self._add(StreetKind.MAJOR, self._radial(angle, radii))

    def _radial_angle(self, around: float) -> float:
        for _ in range(40):
            angle = around + self.rng.uniform(-0.2, 0.2)
            if self._clear(self.hub, self._at(angle, 20_000.0)):
                return angle
        return around

    def _links(self, i: int, j: int, a: float, b: float, stops: list[list[float]]) -> None:
        radius = self.rng.uniform(450.0, 750.0)
        while radius < 9000.0:
            for _ in range(12):
                r, s = radius * self.rng.uniform(0.86, 1.14), radius * self.rng.uniform(0.86, 1.14)
                p, q = self._at(a, r), self._at(b, s)
                line = shapely.get_coordinates(self._box & shapely.LineString([p, q]))
                if self._clear(p, q) and len(line) == 2:
                    self._add_link(line, p, q)
                    for stop, radial, end in ((r, i, p), (s, j, q)):
                        if shapely.contains_xy(self._box, *end):
                            stops[radial].append(stop)
                    break
            radius = radius * 1.08 + self.rng.uniform(450.0, 800.0)

    def _add_link(self, line: Array, p: Point, q: Point) -> None:
        """`line` is the link as far as the sheet reaches; an end within keeps its exact place."""
        for end in (p, q):
            near = int(np.argmin(np.hypot(*(line - end).T)))
            if math.dist(line[near], end) < 0.01:
                line[near] = end
        wide = self.rng.random() < 0.75
        self._add(StreetKind.MAJOR if wide else StreetKind.MINOR, line)

    def _radial(self, angle: float, radii: list[float]) -> Array:
        ray = shapely.LineString([self.hub, self._at(angle, 50_000.0)])
        end = shapely.get_coordinates(self._box.exterior.intersection(ray))[0]
        return np.array([self.hub, *(self._at(angle, r) for r in sorted(radii)), end])

    def _at(self, angle: float, radius: float) -> Point:
        return (
            self.hub[0] + math.cos(angle) * radius,
            self.hub[1] + math.sin(angle) * radius,
        )

    def cut_districts(self) -> None:
        """Cut what lies between the main roads until only blocks are left."""
        pieces = [
            shapely.linestrings(np.stack((line[:-1], line[1:]), axis=1))
            for line in with_junctions(self.lines)
        ]
        districts = shapely.get_parts(shapely.polygonize(np.concatenate(pieces)))
        order = np.lexsort(shapely.get_coordinates(shapely.centroid(districts)).T)
        for district in districts[order]:
            depth = self.rng.uniform(64.0, 84.0)
            length = self.rng.uniform(120.0, 200.0)
            ring = [(x, y) for x, y in district.exterior.coords[:-1]]
            self._cut(ring, depth, length, 0)

    def _cut(
        self, ring: Ring, depth: float, length: float, level: int, within: bool = False
    ) -> None:
        if not within:
            shape = shapely.Polygon(ring)
            if not self.ground.intersects(shape):
                return
            within = bool(self.ground.contains_properly(shape))
        area, centre = area_centre(ring)
        (ux, uy), long_side, short_side = box_of(ring)
        if self._left_whole(area, centre, short_side):
            return
        may = {True: long_side > 1.4 * length, False: short_side > 1.5 * depth}
        across = long_side / length >= short_side / depth
        if not may[across]:
            across = not across
        if not may[across]:
            return
        cut = self._find_cut(ring, centre, (ux, uy), long_side if across else short_side, across)
        if cut is None:
            return
        p, q, one, other = cut
        metres = math.dist(p, q)
        lane = level > 1 and metres < 130.0 and self.rng.random() < 0.45
        width = None if lane or level > 1 else 16.0
        self._add(StreetKind.LANE if lane else StreetKind.MINOR, np.array([p, q]), width)
        self._cut(one, depth, length, level + 1, within)
        self._cut(other, depth, length, level + 1, within)

    def _left_whole(self, area: float, centre: Point, short_side: float) -> bool:
        if not 9_000.0 < area < 85_000.0 or short_side < 80.0 or self._near_dock(centre, 190.0):
            return False
        chance = self.rng.random()
        if chance < 0.016 or (area < 12_000.0 and chance < 0.045):
            self.parks.append(centre)
            return True
        if area < 30_000.0 and chance > 0.91:
            self.estates.append(centre)
            return True
        return False

    def _find_cut(
        self, ring: Ring, centre: Point, along: Point, extent: float, across: bool
    ) -> tuple[Point, Point, Ring, Ring] | None:
        """A straight cut that keeps off the docks, as near the middle as can be, or None."""
        for attempt in range(14):
            shift = extent * self.rng.uniform(-0.09, 0.09) * (1 + attempt // 3)
            turn = self.rng.uniform(-0.06, 0.06)
            ux, uy = along if across else (-along[1], along[0])
            nx, ny = ux - uy * turn, uy + ux * turn
            found = split(ring, (centre[0] + ux * shift, centre[1] + uy * shift), (nx, ny))
            if found is not None and self._clear(found[0], found[1]):
                return found
        return None

    def _clear(self, p: Point, q: Point) -> bool:
        dx, dy = q[0] - p[0], q[1] - p[1]
        for x, y in self.docks:
            t = ((x - p[0]) * dx + (y - p[1]) * dy) / (dx * dx + dy * dy)
            t = min(1.0, max(0.0, t))
            if math.hypot(x - p[0] - t * dx, y - p[1] - t * dy) < _DOCK_CLEARANCE_M:
                return False
        return True

    def _near_dock(self, point: Point, metres: float) -> bool:
        return any(math.dist(point, (x, y)) < metres for x, y in self.docks)

    def _add(self, kind: StreetKind | None, line: Array, width_m: float | None = None) -> None:
        self.kinds.append(kind)
        self.lines.append(line)
        self.widths.append(width_m or (_WIDTHS_M[kind] if kind else 0.0))
