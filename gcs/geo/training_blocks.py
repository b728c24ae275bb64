"""What stands in the blocks of a training town: terraces, estates, yards, towers, greens.

Metres in the town's frame. Every footprint is kept inside its block and apart from every
other one, by construction first and by a last check for the corners.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Shapes = npt.NDArray[np.object_]

SETBACK_M = 2.0  # front gardens and areas between the pavement and the wall
PARTY_GAP_M = 0.3
MIN_AREA_M2 = 32.0
_DEPTH_M = 10.5
_NECK_M = 0.8  # a cut footprint loses what is narrower than this


@dataclass(frozen=True)
class Footprints:
    """Buildings before they are checked: earlier ones win. Shapes (n,), heights (n,)."""

    shapes: Shapes
    heights_m: Array
    block: Index


def terraces(blocks: Shapes, which: Index, bustle: Array, rng: np.random.Generator) -> Footprints:
    """Rows along the street sides of blocks. `bustle` (0 to 1 per block) makes them larger."""
    edges = _street_edges(blocks, which)
    busy = bustle[edges.block]
    depth = _DEPTH_M + 5.0 * busy * rng.random(len(busy)) + rng.uniform(-1.5, 1.5, len(busy))
    turn = edges.turn
    with np.errstate(divide="ignore", invalid="ignore"):
        sharp = np.sin(np.minimum(turn, math.pi / 2))
        wide = np.where(turn > math.pi / 2, (1 - np.cos(turn)) / np.sin(turn), sharp)
    corner = np.where(turn > 0.05, np.clip(wide * (_DEPTH_M + 6.0 * busy), 0.0, 45.0), 0.0)
    run = edges.length - corner
    usable = run > 7.0
    count = np.where(usable, np.maximum(1, np.rint(run / rng.uniform(13.0, 34.0, len(run)))), 0)
    count = count.astype(np.intp)
    edge = np.repeat(np.arange(len(run)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    jitter = rng.uniform(-0.2, 0.2, len(edge) + 1)
    begin = (step + np.where(step > 0, jitter[:-1], 0.0)) / count[edge]
    last = step == count[edge] - 1
    end = (step + 1 + np.where(last, 0.0, jitter[1:])) / count[edge]
    shapes = _quads(
        edges.start[edge],
        edges.along[edge],
        begin * run[edge],
        end * run[edge] - PARTY_GAP_M,
        depth[edge] + rng.uniform(-1.0, 1.6, len(edge)),
    )
    heights = rng.uniform(8.0, 12.5, len(run))[edge] + rng.uniform(-0.9, 0.9, len(edge))
    heights = heights + busy[edge] * rng.random(len(edge)) * 11.0
    stands = rng.random(len(edge)) > 0.05
    return Footprints(shapes[stands], heights[stands], which[edges.block[edge]][stands])


@dataclass(frozen=True)
class _Edges:
    """Sides of blocks: start (n, 2), unit direction, length, turn at the end (left positive)."""

    start: Array
    along: Array
    length: Array
    turn: Array
    block: Index


def _street_edges(blocks: Shapes, which: Index) -> _Edges:
    inner = shapely.simplify(shapely.buffer(blocks[which], -SETBACK_M, join_style="mitre"), 0.7)
    parts, owner = shapely.get_parts(inner, return_index=True)
    good = shapely.area(parts) > 90.0
    parts, owner = shapely.orient_polygons(parts[good]), owner[good]
    points, ring = shapely.get_coordinates(shapely.get_exterior_ring(parts), return_index=True)
    same = ring[1:] == ring[:-1]
    vector = (points[1:] - points[:-1])[same]
    start, ring = points[:-1][same], ring[:-1][same]
    length = np.maximum(np.hypot(*vector.T), 1e-6)
    along = vector / length[:, None]
    following = np.arange(1, len(ring) + 1)
    ends = np.flatnonzero(np.diff(ring, append=-1))
    following[ends] = np.concatenate(([0], ends[:-1] + 1))
    after = along[following]
    cross = along[:, 0] * after[:, 1] - along[:, 1] * after[:, 0]
    turn = np.arctan2(cross, (along * after).sum(axis=1))
    return _Edges(start, along, length, turn, owner[ring])


def _quads(start: Array, along: Array, begin: Array, end: Array, depth: Array) -> Shapes:
    inward = np.column_stack((-along[:, 1], along[:, 0]))
    a = start + along * begin[:, None]
    b = start + along * end[:, None]
    back = inward * depth[:, None]
    shapes: Shapes = shapely.polygons(np.stack((a, b, b + back, a + back), axis=1))
    return shapes


def rectangles(centre: Array, angle: Array, length: Array, width: Array) -> Shapes:
    """Rectangles about their centres; `angle` of the long side in radians."""
    along = np.column_stack((np.cos(angle), np.sin(angle)))
    inward = np.column_stack((-along[:, 1], along[:, 0]))
    start = centre - along * (length / 2)[:, None] - inward * (width / 2)[:, None]
    return _quads(start, along, np.zeros(len(length)), length, width)


def estates(blocks: Shapes, which: Index, rng: np.random.Generator) -> Footprints:
    """Slabs of flats in rows, across a green."""
    centres: list[Array] = []
    angles: list[float] = []
    sizes: list[tuple[float, float]] = []
    heights: list[float] = []
    block: list[int] = []
    for i in which:
        angle, long_side, short_side, middle = _axes(blocks[i])
        across = rng.random() < 0.6
        rows = max(2, round((long_side if across else short_side) / rng.uniform(27.0, 36.0)))
        pitch = (long_side if across else short_side) / rows
        slab = (short_side if across else long_side) - 14.0
        pieces = max(1, round(slab / 62.0))
        tall = rng.uniform(14.0, 27.0)
        for row in range(rows):
            for piece in range(pieces):
                u = (row + 0.5) * pitch - rows * pitch / 2
                v = ((piece + 0.5) / pieces - 0.5) * slab
                x, y = (u, v) if across else (v, u)
                c, s = math.cos(angle), math.sin(angle)
                centres.append(middle + np.array((c * x - s * y, s * x + c * y)))
                angles.append(angle + (math.pi / 2 if across else 0.0))
                sizes.append((slab / pieces - rng.uniform(5.0, 14.0), rng.uniform(10.0, 12.5)))
                heights.append(tall + rng.uniform(-2.0, 2.0))
                block.append(i)
    size = np.array(sizes).reshape(-1, 2)
    shapes = rectangles(
        np.array(centres).reshape(-1, 2), np.array(angles), np.maximum(size[:, 0], 12.0), size[:, 1]
    )
    return Footprints(shapes, np.array(heights), np.array(block, dtype=np.intp))


def yards(blocks: Shapes, which: Index, rng: np.random.Generator) -> Footprints:
    """Workshops, chapels and schools in the middle of the deeper blocks."""
    inner = shapely.buffer(blocks[which], -(SETBACK_M + _DEPTH_M + 9.0), join_style="mitre")
    roomy = np.flatnonzero((shapely.area(inner) > 350.0) & (rng.random(len(which)) < 0.6))
    centres, angles, lengths, widths = [], [], [], []
    for i in roomy:
        part = max(shapely.get_parts(inner[i]), key=lambda p: float(p.area))
        angle, long_side, short_side, middle = _axes(part)
        centres.append(middle)
        angles.append(angle)
        lengths.append(min(long_side * rng.uniform(0.4, 0.8), 46.0))
        widths.append(min(short_side * rng.uniform(0.5, 0.9), 24.0))
    shapes = rectangles(
        np.array(centres).reshape(-1, 2), np.array(angles), np.array(lengths), np.array(widths)
    )
    return Footprints(shapes, rng.uniform(5.0, 11.0, len(shapes)), which[roomy])


def _axes(shape: shapely.Polygon) -> tuple[float, float, float, Array]:
    """Angle of the long axis, both extents and the centre of the smallest box around."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    a, b = corners[1] - corners[0], corners[2] - corners[1]
    if np.hypot(*a) < np.hypot(*b):
        a, b = b, a
    middle: Array = corners[:4].mean(axis=0)
    return math.atan2(a[1], a[0]), float(np.hypot(*a)), float(np.hypot(*b)), middle


def settle(found: Footprints, blocks: Shapes) -> Footprints:
    """Cut what leaves its block, then what stands in an earlier building; drop the slivers."""
    home = blocks[found.block]
    shapes = found.shapes.copy()
    out = np.flatnonzero(~shapely.covers(home, shapes))
    shapes[out] = shapely.intersection(shapes[out], home[out])
    later, earlier = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = later > earlier
    order = np.lexsort((earlier[pairs], later[pairs]))
    later, earlier = later[pairs][order], earlier[pairs][order]
    grown = shapely.buffer(shapes[earlier], PARTY_GAP_M, quad_segs=1)
    for i, j, around in zip(later, earlier, grown, strict=True):
        if sound(shapes[j : j + 1])[0]:
            shapes[i] = shapely.difference(shapes[i], around)
    keep = sound(shapes)  # as the loop saw them: what it passed over must not come back
    cut = np.union1d(out, later)
    narrow = shapely.buffer(shapes[cut], -_NECK_M / 2, join_style="mitre")
    shapes[cut] = shapely.buffer(narrow, _NECK_M * 0.4, join_style="mitre", mitre_limit=2.0)
    keep &= sound(shapes)
    return Footprints(shapes[keep], found.heights_m[keep], found.block[keep])


def sound(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """Which shapes are one piece without holes, large enough and not a splinter."""
    area = shapely.area(shapes)
    fine: npt.NDArray[np.bool_] = (
        (shapely.get_type_id(shapes) == 3)
        & (shapely.get_num_interior_rings(shapes) == 0)
        & (area > MIN_AREA_M2)
        & (area > 1.5 * shapely.length(shapes))
    )
    return fine


def joined(*parts: Footprints) -> Footprints:
    """One list, in order."""
    return Footprints(
        np.concatenate([p.shapes for p in parts]),
        np.concatenate([p.heights_m for p in parts]),
        np.concatenate([p.block for p in parts]),
    )
