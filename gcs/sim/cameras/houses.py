"""Buildings as faces: walls with windows, gables, roofs; and trees, pads and parked cars.

Painted far ones first, by the distance of their middles. No cv2 here.
"""

import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.bodies import add_cars
from gcs.sim.cameras.faces import Faces
from gcs.sim.cameras.stage import Stage
from gcs.sim.cameras.view import NEAR_M, Array, Flags, Index, View, raised

_STOREY_M, _BAY_M = 3.05, 2.9
_WINDOW_M = (1.15, 1.45)
_WINDOW_PX = 8.0  # a storey must be so many pixels high to show its windows
_MOST_WINDOWED = 60
_PARAPET_M = 0.7
_TREES_M, _HIGH_M = 260.0, 25.0
_PANE = np.array(light.WINDOW, dtype=float)
# Within one building, painted in this order; keys grow toward the eye.
_WALL, _WINDOWS, _GABLE, _FAR_SLOPE, _SLOPE, _ROOF, _INNER, _ON_ROOF = (n / 16.0 for n in range(8))


def add_houses(faces: Faces, view: View, stage: Stage, seen: Index) -> None:
    """The chosen buildings of the stage. Keys: minus the distance in steps, plus the part."""
    rank = _ranks(view, stage, seen)
    corners = _Corners(stage, seen, rank)
    _add_walls(faces, view, stage, corners)
    _add_gables(faces, view, stage, seen, rank)
    _add_flat_roofs(faces, view, stage, seen, rank)


def visible(view: View, stage: Stage, far_m: float) -> Index:
    """Which of the stage's buildings may be in the picture."""
    middles, radii = stage.spheres
    return np.flatnonzero(view.within(middles, radii, far_m))


def _ranks(view: View, stage: Stage, seen: Index) -> Array:
    """Painting keys: whole numbers, the farthest building lowest."""
    offset = stage.houses.centre[seen] - view.origin[:2]
    return -np.hypot(offset[:, 0], offset[:, 1])


class _Corners:
    """Edges of the chosen buildings: (n, 2) ends, owner among the chosen, outward normal."""

    def __init__(self, stage: Stage, seen: Index, rank: Array) -> None:
        rows, begins = stage.houses.taken(seen)
        self.count = np.diff(begins)
        self.owner = np.repeat(np.arange(len(seen)), self.count)
        after = np.arange(len(rows)) + 1
        after[begins[1:] - 1] = begins[:-1]
        self.a = stage.houses.xy[rows]
        self.b = self.a[after]
        self.house = seen[self.owner]
        self.key = rank[self.owner]
        step = self.b - self.a
        self.length = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-6)
        self.along = step / self.length[:, None]
        self.normal = np.column_stack((self.along[:, 1], -self.along[:, 0]))

    def facing(self, eye: Array) -> Flags:
        found: Flags = ((eye[:2] - self.a) * self.normal).sum(axis=1) > 0.0
        return found


def _add_walls(faces: Faces, view: View, stage: Stage, corners: _Corners) -> None:
    facing = np.flatnonzero(corners.facing(view.origin))
    a, b = corners.a[facing], corners.b[facing]
    house = corners.house[facing]
    top = stage.eaves_m[house]
    quads = _upright(a, b, np.zeros_like(top), top)
    away = np.hypot(*((a + b) / 2.0 - view.origin[:2]).T)
    flat = raised(corners.normal[facing], 0.0)
    colours = stage.wall[house] * light.lit(flat)[:, None]
    key = corners.key[facing]
    faces.add(quads, light.hazed(colours, away), key + _WALL)
    _add_windows(faces, view, corners, facing, top, away, key)


def _upright(a: Array, b: Array, low: Array, high: Array) -> Array:
    """Upright rectangles (n, 4, 3) over the lines from a to b."""
    found = np.empty((len(a), 4, 3))
    found[:, 0, :2] = found[:, 3, :2] = a
    found[:, 1, :2] = found[:, 2, :2] = b
    found[:, 0, 2] = found[:, 1, 2] = low
    found[:, 2, 2] = found[:, 3, 2] = high
    return found


def _add_windows(
    faces: Faces,
    view: View,
    corners: _Corners,
    facing: Index,
    top: Array,
    away: Array,
    key: Array,
) -> None:
    nearest = np.maximum(away - corners.length[facing] / 2.0, 1.0)
    slant = np.hypot(nearest, view.origin[2])
    large = _STOREY_M * view.focal_px / slant > _WINDOW_PX
    chosen = np.flatnonzero(large & (corners.length[facing] > 3.0))
    chosen = chosen[np.argsort(nearest[chosen])][:_MOST_WINDOWED]
    if len(chosen):
        panes, owner = _panes(corners, facing[chosen], top[chosen])
        tones = light.hazed(np.tile(_PANE, (len(chosen), 1)), away[chosen])
        faces.add_groups(panes, owner, tones, key[chosen] + _WINDOWS)


def _panes(corners: _Corners, row: Index, top: Array) -> tuple[Array, Index]:
    """The walls' windows (n, 4, 3), in bays and storeys, and which wall each belongs to."""
    length = corners.length[row]
    bays = np.maximum(1, ((length - 0.6) / _BAY_M).astype(np.intp))
    storeys = np.maximum(1, ((top - 0.3) / _STOREY_M).astype(np.intp))
    count = bays * storeys
    owner: Index = np.repeat(np.arange(len(row)), count)
    order = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    wide, high = _WINDOW_M
    left = (order % bays[owner] + 0.5) * (length / bays)[owner] - wide / 2
    low = order // bays[owner] * _STOREY_M + 0.95
    along = corners.along[row][owner]
    a = corners.a[row][owner] + left[:, None] * along
    return _upright(a, a + wide * along, low, low + high), owner


def _add_gables(faces: Faces, view: View, stage: Stage, seen: Index, rank: Array) -> None:
    which = np.flatnonzero(stage.gabled[seen])
    if not len(which):
        return
    house, key = seen[which], rank[which]
    c = stage.houses.xy[stage.houses.start[house][:, None] + np.arange(4)]
    eaves, ridge = stage.eaves_m[house], stage.height_m[house]
    ends = [raised((c[:, i] + c[:, j]) / 2.0, ridge) for i, j in ((3, 0), (1, 2))]
    low = [raised(c[:, i], eaves) for i in range(4)]
    away = np.hypot(*(stage.houses.centre[house] - view.origin[:2]).T)
    for corner, end in ((3, 0), (1, 1)):
        after = low[(corner + 1) % 4]
        triangle = np.stack((low[corner], after, ends[end], ends[end]), axis=1)
        _add_facing(faces, view, triangle, stage.wall[house], away, key + _GABLE)
    slopes = (
        np.stack((low[0], low[1], ends[1], ends[0]), axis=1),
        np.stack((low[2], low[3], ends[0], ends[1]), axis=1),
    )
    for slope in slopes:
        _add_facing(faces, view, slope, stage.roof[house], away, key + _SLOPE)


def _add_facing(
    faces: Faces, view: View, corners: Array, colours: Array, away: Array, key: Array
) -> None:
    """Faces (n, 4, 3), counterclockwise from outside, that are turned to the eye."""
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-9)[:, None]
    shown = ((view.origin - corners[:, 0]) * normal).sum(axis=1) > 0.0
    shade = light.lit(normal[shown])[:, None]
    faces.add(corners[shown], light.hazed(colours[shown] * shade, away[shown]), key[shown])


def _add_flat_roofs(faces: Faces, view: View, stage: Stage, seen: Index, rank: Array) -> None:
    below = np.flatnonzero(~stage.gabled[seen] & (stage.height_m[seen] < view.eye[2]))
    house, key = seen[below], rank[below]
    middle = stage.houses.centre[house]
    share = 1.0 - _PARAPET_M / stage.houses.radius[house]
    away = np.hypot(*(middle - view.origin[:2]).T)
    corners = stage.houses.start[house + 1] - stage.houses.start[house]
    for tone, scale, part in ((1.16, np.ones(len(house)), _ROOF), (0.96, share, _INNER)):
        colours = light.hazed(stage.roof[house] * tone, away)
        four = np.flatnonzero(corners == 4)
        rows = stage.houses.start[house[four]][:, None] + np.arange(4)
        at = middle[four][:, None]
        flat = at + (stage.houses.xy[rows] - at) * scale[four][:, None, None]
        level = raised(flat, stage.height_m[house[four]][:, None])
        faces.add(level, colours[four], key[four] + part)
        more = np.flatnonzero(corners != 4)
        if len(more):
            row, begins = stage.houses.taken(house[more])
            own = np.repeat(more, np.diff(begins))
            ring = middle[own] + (stage.houses.xy[row] - middle[own]) * scale[own][:, None]
            faces.add_rings(
                raised(ring, stage.height_m[house[own]]), begins, colours[more], key[more] + part
            )


def add_trees(faces: Faces, view: View, stage: Stage) -> None:
    """Crowns: a dark ball, and a lighter one in it towards the sun."""
    if not len(stage.trees):
        return
    middles, radii = stage.trees[:, :3], stage.trees[:, 3]
    far_m = _TREES_M if view.eye[2] > _HIGH_M else _TREES_M / 3.0
    shown = view.within(middles, radii, far_m)
    shown &= view.camera(middles)[:, 2] > radii + NEAR_M
    middles, radii = middles[shown], radii[shown]
    away = np.hypot(*(middles[:, :2] - view.origin[:2]).T)
    shade = 0.9 + 0.2 * np.modf(middles[:, :1] * 3.7 + middles[:, 1:2] * 1.9)[0]
    for size, shift, tone, part in ((1.0, 0.0, light.CROWN, 0.0), (0.68, 0.26, light.LEAVES, 0.02)):
        spots = middles + shift * radii[:, None] * light.SUN
        colours = light.hazed(np.array(tone) * shade, away)
        faces.add_discs(spots, radii * size, colours, part - away)


def add_parked(faces: Faces, view: View, stage: Stage) -> None:
    """The cars at the kerbs."""
    if len(stage.parked):
        add_cars(faces, view, stage.parked)
