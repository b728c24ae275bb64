"""A believable inner-London-like town, generated from a seed inside a real borough outline.

Nothing in it is real but the outline, and the map says so: "training streets". The same
outline, docks and seed give the same town on every run. Each dock stands on a building of
exactly its own height.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely

from gcs.geo import training_blocks as fill
from gcs.geo.boroughs import Borough
from gcs.geo.earth import LocalFrame
from gcs.geo.town import Building, Park, Street, StreetKind, Town
from gcs.geo.training_names import Names
from gcs.geo.training_plan import Plan, PlannedStreet, draw_plan
from gcs.model.place import Position
from gcs.model.site import Dock

LABEL = "training streets"

_EDGE_M = 3.0  # kept free along the borough's line
_WHOLE_M2 = 25e6  # a larger borough gets its town around the docks only
_AROUND_DOCKS_M = 2500.0
_DOCK_HOUSE_M = (22.0, 17.0)
_DOCK_QUIET_M = 260.0  # no towers nearer to a dock
_TOWERS_PER_KM2 = 1.2
_MAX_HOUSE_M = 30.0

Array = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class TrainingTown:
    """A town source: the streets fill the largest part of the borough."""

    outline: Borough
    docks: tuple[Dock, ...]
    seed: int

    def load(self) -> Town:
        """Generate it. Raises ValueError if a dock stands outside the outline."""
        with _collector_paused():
            return _Builder(self).build()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A hundred thousand values that all stay: looking for garbage would cost a fifth more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Builder:
    def __init__(self, source: TrainingTown) -> None:
        outline = source.outline.largest_ring
        lats, lons = [p.lat_deg for p in outline], [p.lon_deg for p in outline]
        # Rounded, so that the town's coordinates come back the same from any format.
        self._origin = Position(
            round((min(lats) + max(lats)) / 2, 6), round((min(lons) + max(lons)) / 2, 6)
        )
        self._frame = LocalFrame(self._origin)
        self._docks = source.docks
        self._rng = np.random.Generator(np.random.PCG64(source.seed))
        self._names = Names(self._rng)
        borough = shapely.Polygon([self._frame.to_local(p) for p in outline])
        self._places = np.array([self._frame.to_local(d.position) for d in source.docks]).reshape(
            -1, 2
        )
        for dock, (x, y) in zip(source.docks, self._places, strict=True):
            if not shapely.contains_xy(borough, x, y):
                raise ValueError(f"dock {dock.id} stands outside {source.outline.name}")
        self._ground = self._ground_of(borough)

    def _ground_of(self, borough: shapely.Polygon) -> shapely.Polygon:
        ground = borough
        if borough.area > _WHOLE_M2 and len(self._places):
            near = shapely.MultiPoint(self._places).convex_hull.buffer(_AROUND_DOCKS_M)
            ground = ground & near
        parts = shapely.get_parts(ground.buffer(-_EDGE_M))
        return max(parts, key=lambda p: float(p.area))

    def build(self) -> Town:
        plan = draw_plan(self._ground, self._places, self._rng)
        corridors = _corridors(plan.streets, self._ground)
        blocks = shapely.get_parts(shapely.difference(self._ground, corridors))
        blocks = blocks[shapely.area(blocks) > 120.0]
        green, flats = self._uses(blocks, plan)
        houses = self._houses(blocks, green, flats, plan)
        return Town(
            LABEL,
            self._origin,
            tuple(self._streets(plan.streets)),
            tuple(self._buildings(houses)),
            tuple(self._parks(blocks[green])),
        )

    def _uses(self, blocks: Shapes, plan: Plan) -> tuple[fill.Index, fill.Index]:
        """Which blocks are parks and which are estates; a dock's block is neither."""
        tree = shapely.STRtree(blocks)
        docked = tree.query(shapely.points(self._places), predicate="intersects")[1]
        found = []
        taken = docked
        for seeds in (plan.parks, plan.estates):
            hit = tree.query(shapely.points(seeds), predicate="intersects")[1]
            chosen = np.setdiff1d(hit, taken)
            chosen = chosen[shapely.area(blocks[chosen]) > 2500.0]
            taken = np.union1d(taken, chosen)
            found.append(chosen)
        return found[0], found[1]

    def _houses(
        self, blocks: Shapes, green: fill.Index, flats: fill.Index, plan: Plan
    ) -> fill.Footprints:
        rows = np.setdiff1d(np.arange(len(blocks)), np.union1d(green, flats))
        bustle = self._bustle(blocks, plan)
        found = fill.joined(
            self._dock_houses(blocks),
            fill.estates(blocks, flats, self._rng),
            fill.terraces(blocks, rows, bustle[rows], self._rng),
            fill.yards(blocks, rows, self._rng),
        )
        inset = shapely.buffer(blocks, -fill.SETBACK_M / 2, join_style="mitre")
        settled = fill.settle(found, inset)
        return self._with_towers(settled)

    def _bustle(self, blocks: Shapes, plan: Plan) -> Array:
        """0 to 1 per block: higher near the hub and along main roads."""
        major = shapely.STRtree(
            [shapely.LineString(s.line) for s in plan.streets if s.kind is StreetKind.MAJOR]
        )
        beside = np.zeros(len(blocks))
        beside[major.query(blocks, predicate="dwithin", distance=15.0)[0]] = 1.0
        far = shapely.distance(shapely.centroid(blocks), shapely.Point(plan.hub))
        bustle: Array = 0.75 * np.exp(-((far / 1300.0) ** 2)) + 0.35 * beside
        return np.minimum(bustle, 1.0)

    def _dock_houses(self, blocks: Shapes) -> fill.Footprints:
        """One building under each dock, turned like the nearest side of its block."""
        tree = shapely.STRtree(blocks)
        home = tree.nearest(shapely.points(self._places)) if len(self._places) else []
        angles = [
            _side_angle(blocks[i], place) for i, place in zip(home, self._places, strict=True)
        ]
        count = len(angles)
        shapes = fill.rectangles(
            self._places,
            np.array(angles),
            np.full(count, _DOCK_HOUSE_M[0]),
            np.full(count, _DOCK_HOUSE_M[1]),
        )
        heights = np.array([d.roof_height_m for d in self._docks], dtype=float)
        return fill.Footprints(shapes, heights, np.array(home, dtype=np.intp))

    def _with_towers(self, houses: fill.Footprints) -> fill.Footprints:
        """Limit the houses, and raise a few large ones far from the docks to towers."""
        heights = houses.heights_m.copy()
        docks = len(self._places)
        heights[docks:] = np.clip(heights[docks:], 6.0, _MAX_HOUSE_M)
        area = shapely.area(houses.shapes)
        middle = shapely.get_coordinates(shapely.centroid(houses.shapes))
        away = np.full(len(heights), np.inf)
        for place in self._places:
            away = np.minimum(away, np.hypot(*(middle - place).T))
        near = (away < _DOCK_QUIET_M) & (np.arange(len(heights)) >= docks)
        heights[near] = np.minimum(heights[near], 22.0)
        may = np.flatnonzero((area > 260.0) & (area < 900.0) & (away > _DOCK_QUIET_M))
        may = may[may >= docks]
        count = min(len(may), round(self._ground.area / 1e6 * _TOWERS_PER_KM2))
        chosen = self._rng.permutation(may)[:count]
        heights[chosen] = self._rng.uniform(31.0, 45.0, count)
        # A dock's own height is exact; the others are told in decimetres.
        heights[docks:] = heights[docks:].round(1)
        return fill.Footprints(houses.shapes, heights, houses.block)

    def _streets(self, planned: list[PlannedStreet]) -> list[Street]:
        lines = np.array([shapely.LineString(s.line) for s in planned])
        shapely.prepare(self._ground)
        edge = ~shapely.contains(self._ground, lines)
        lines[edge] = shapely.intersection(lines[edge], self._ground)
        pieces, owner = shapely.get_parts(lines, return_index=True)
        long_enough = shapely.length(pieces) > 8.0
        pieces, owner = pieces[long_enough], owner[long_enough]
        names = {i: self._names.street(planned[i].kind) for i in dict.fromkeys(owner.tolist())}
        rings = self._rings(pieces)
        return [
            Street(names[i], planned[i].kind, planned[i].width_m, ring)
            for i, ring in zip(owner.tolist(), rings, strict=True)
        ]

    def _buildings(self, houses: fill.Footprints) -> list[Building]:
        rings = self._rings(shapely.get_exterior_ring(houses.shapes))
        heights = houses.heights_m.tolist()
        return [Building(r[:-1], h) for r, h in zip(rings, heights, strict=True)]

    def _parks(self, greens: Shapes) -> list[Park]:
        soft = shapely.buffer(shapely.buffer(greens, -7.5), 6.0, quad_segs=3)
        soft = shapely.simplify(soft, 0.3)
        soft = soft[fill.sound(soft)]
        rings = self._rings(shapely.get_exterior_ring(soft))
        areas = shapely.area(soft).tolist()
        return [Park(self._names.park(a), r[:-1]) for a, r in zip(areas, rings, strict=True)]

    def _rings(self, lines: Shapes) -> list[tuple[Position, ...]]:
        """Rounded to 1e-7 degree: a centimetre, and the same bytes on every machine."""
        local, index = shapely.get_coordinates(lines, return_index=True)
        unit = self._frame.to_position(1000.0, 1000.0)
        lat0, lon0 = self._origin.lat_deg, self._origin.lon_deg
        lat = lat0 + local[:, 1] * ((unit.lat_deg - lat0) / 1000.0)
        lon = lon0 + local[:, 0] * ((unit.lon_deg - lon0) / 1000.0)
        places = tuple(map(Position, lat.round(7).tolist(), lon.round(7).tolist()))
        ends = [0, *(np.flatnonzero(np.diff(index, append=-1)) + 1).tolist()]
        return [places[a:b] for a, b in pairwise(ends)]


def _corridors(streets: list[PlannedStreet], ground: shapely.Polygon) -> shapely.Geometry:
    lines = np.array([shapely.LineString(s.line) for s in streets])
    near = shapely.intersects(lines, ground.buffer(15.0))
    widths = np.array([s.width_m for s in streets])[near]
    return shapely.union_all(shapely.buffer(lines[near], widths / 2, quad_segs=3))


def _side_angle(block: shapely.Polygon, place: Array) -> float:
    """Direction of the block's longer side nearest to a place, radians."""
    corners = shapely.get_coordinates(shapely.simplify(block, 1.0).exterior)
    sides = shapely.linestrings(np.stack((corners[:-1], corners[1:]), axis=1))
    far = shapely.distance(sides, shapely.Point(place)) - 0.2 * shapely.length(sides)
    a, b = shapely.get_coordinates(sides[int(np.argmin(far))])
    return float(np.arctan2(b[1] - a[1], b[0] - a[0]))
