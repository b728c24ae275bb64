"""The ground of a town for drawing: kerbs, pavements, yards, greens, markings, parked cars.

Made once from the town's streets; every random choice comes from the seed. No drawing here.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from gcs.geo.earth import LocalFrame
from gcs.geo.town import StreetKind, Town
from gcs.sim.cameras.rings import Rings, Tracks, counterclockwise
from gcs.sim.cameras.view import Array, Flags, Index, Shapes

PAVEMENT_M = {StreetKind.MAJOR: 3.5, StreetKind.MINOR: 2.5, StreetKind.LANE: 1.2}
LANE_FROMKERB_M = 2.1
_PARKED_FROMKERB_M = 1.05
KERB_M = 0.18
_DASH_M, _DASH_EVERY_M, _DASH_WIDE_M = 2.0, 6.0, 0.13
_DASH_CLEAR_M = 11.0  # none where another street comes in
_ZEBRA_EVERY_M = 170.0
_ZEBRA_M, _STRIPE_M = 3.0, 0.55


@dataclass(frozen=True)
class Streets:
    """Everything flat, in the town's frame, and the lines that people and vehicles follow.

    `middles`: the streets' centre lines. `lanes`: closed, one around each block, to be driven
    with the kerb on the left. `parked` (n, 3): east, north, heading in radians.
    """

    width_m: Array
    pavement_m: Array
    kerbs: Rings
    pavements: Rings
    yards: Rings
    parks: Rings
    marks: Rings
    middles: Tracks
    lanes: Tracks
    parked: Array


def lay_streets(town: Town, frame: LocalFrame, seed: int) -> Streets:
    """Lay out the town's ground. Takes about a second for a borough."""
    lines = [np.array([frame.to_local(p) for p in s.points]) for s in town.streets]
    shapes = np.array([shapely.LineString(line) for line in lines])
    width = np.array([s.width_m for s in town.streets])
    pavement = np.array([PAVEMENT_M[s.kind] for s in town.streets])
    islands = _holes(shapely.union_all(shapely.buffer(shapes, width / 2 - pavement, quad_segs=4)))
    yards = _holes(shapely.union_all(shapely.buffer(shapes, width / 2, quad_segs=3)))
    rng = np.random.default_rng((0x57, seed))
    lanes, parked = _blocks_in_use(islands, shapes, town, rng)
    middles = Tracks(lines, closed=False)
    marks = (_dashes(middles, width), _zebras(middles, width, pavement, rng))
    return Streets(
        width,
        pavement,
        _rings(islands),
        _rings(shapely.buffer(islands, -KERB_M, join_style="mitre")),
        _rings(yards),
        Rings([np.array([frame.to_local(p) for p in park.outline]) for park in town.parks]),
        Rings(list(np.concatenate(marks))),
        middles,
        lanes,
        parked,
    )


def _holes(area: shapely.Geometry) -> Shapes:
    """What streets enclose, as polygons."""
    found: list[shapely.Polygon] = []
    for part in shapely.get_parts(area):
        count = shapely.get_num_interior_rings(part)
        found.extend(shapely.polygons(shapely.get_interior_ring(part, i)) for i in range(count))
    simple: Shapes = shapely.simplify(np.asarray(found, dtype=np.object_), 0.04)
    sound: Shapes = simple[shapely.area(simple) > 60.0]
    return sound


def _rings(polygons: Shapes) -> Rings:
    whole = [p for p in shapely.get_parts(polygons) if not shapely.is_empty(p)]
    return Rings([shapely.get_coordinates(p.exterior)[:-1] for p in whole])


def _blocks_in_use(
    islands: Shapes,
    streets: Shapes,
    town: Town,
    rng: np.random.Generator,
) -> tuple[Tracks, Array]:
    """Around some blocks vehicles drive, at the kerbs of the others they stand."""
    narrow = streets[[s.kind is StreetKind.LANE for s in town.streets]]
    beside_lane = np.zeros(len(islands), dtype=bool)
    if len(narrow):
        tree = shapely.STRtree(narrow)
        beside_lane[tree.query(islands, predicate="dwithin", distance=4.0)[0]] = True
    driven = ~beside_lane & (rng.random(len(islands)) < 0.7)
    around = shapely.buffer(islands[driven], LANE_FROMKERB_M, quad_segs=4)
    lanes = counterclockwise([shapely.get_coordinates(p.exterior)[:-1] for p in around])
    kerbs = shapely.buffer(islands[~driven], _PARKED_FROMKERB_M, quad_segs=2)
    rings = counterclockwise([shapely.get_coordinates(p.exterior)[:-1] for p in kerbs])
    places = [_parked_at(ring, rng) for ring in rings]
    parked = np.concatenate(places) if places else np.empty((0, 3))
    if len(narrow) and len(parked):
        dots = shapely.points(parked[:, :2])
        tight = shapely.STRtree(narrow).query(dots, predicate="dwithin", distance=4.5)[0]
        parked = np.delete(parked, tight, axis=0)
    return Tracks(lanes or [np.array([[0.0, 0.0], [1.0, 0.0]])], closed=True), parked


def _parked_at(ring: Array, rng: np.random.Generator) -> Array:
    """Cars along the straight sides, not near the corners, with gaps."""
    found = []
    after = np.concatenate((ring[1:], ring[:1]))
    sides = np.hypot(*(after - ring).T)
    for i in np.flatnonzero(sides > 22.0).tolist():
        a, b, length = ring[i], after[i], float(sides[i])
        along = np.arange(9.0, length - 9.0, 5.9)
        along = along[rng.random(len(along)) < 0.55]
        heading = np.full((len(along), 1), np.arctan2(b[0] - a[0], b[1] - a[1]))
        found.append(np.hstack((a + np.outer(along / length, b - a), heading)))
    return np.concatenate(found) if found else np.empty((0, 3))


def _dashes(middles: Tracks, width: Array) -> Array:
    """The broken line in the middle of streets wide enough for two lanes: (n, 4, 2)."""
    tracks, along = _repeated(
        middles, width > 10.0, np.full(len(width), _DASH_CLEAR_M), _DASH_CLEAR_M, _DASH_EVERY_M
    )
    return _strips(middles, tracks, along, _DASH_M, np.zeros(len(along)), _DASH_WIDE_M)


def _zebras(middles: Tracks, width: Array, pavement: Array, rng: np.random.Generator) -> Array:
    """A crossing on each longer street, and more on the long ones: (n, 4, 2)."""
    first: Array = rng.uniform(18.0, 50.0, len(width))
    wide = (width > 10.0) & (middles.length_m > 70.0)
    tracks, along = _repeated(middles, wide, first, 18.0, _ZEBRA_EVERY_M)
    half = width[tracks] / 2 - pavement[tracks] - 0.5
    count = (half / _STRIPE_M).astype(np.intp) + 1
    crossing = np.repeat(np.arange(len(along)), count)
    order = np.arange(len(crossing)) - np.repeat(np.cumsum(count) - count, count)
    left = np.asarray((2.0 * order - (count[crossing] - 1)) * _STRIPE_M, dtype=np.float64)
    return _strips(middles, tracks[crossing], along[crossing], _ZEBRA_M, left, _STRIPE_M)


def _repeated(
    middles: Tracks, wanted: Flags, first_m: Array, last_clear_m: float, every_m: float
) -> tuple[Index, Array]:
    """Places along each wanted street: which street, and how far along it."""
    room = middles.length_m - last_clear_m - first_m
    count = np.where(wanted & (room > 0.0), room / every_m + 1.0, 0.0).astype(np.intp)
    tracks: Index = np.repeat(np.arange(len(count)), count)
    order = np.arange(len(tracks)) - np.repeat(np.cumsum(count) - count, count)
    return tracks, first_m[tracks] + order * every_m


def _strips(
    middles: Tracks, tracks: Index, along: Array, long_m: float, left: Array, wide_m: float
) -> Array:
    """Quads painted on the street: (n, 4, 2)."""
    half = wide_m / 2
    edges = ((0.0, -half), (long_m, -half), (long_m, half), (0.0, half))
    corners = [middles.at(tracks, along + step, left + edge) for step, edge in edges]
    return np.stack(corners, axis=1)
