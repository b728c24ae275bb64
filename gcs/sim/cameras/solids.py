"""What stands still as flat faces in the world: houses, and the cars at the kerbs.

Made once for a stage; each frame only chooses, projects and sorts. No cv2 here.
"""

from dataclasses import dataclass

import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.bodies import parked_sides
from gcs.sim.cameras.faces import Faces
from gcs.sim.cameras.rings import Rings
from gcs.sim.cameras.view import Array, Flags, Index, View, raised

# Within one building, painted in this order; keys grow toward the eye.
WALL, WINDOWS, GABLE, SLOPE, ROOF, INNER = (n / 16.0 for n in range(6))
_PARAPET_M = 0.7
_PARAPET_LIGHT, _ROOF_LIGHT = 1.16, 0.96


@dataclass(frozen=True)
class Houses:
    """As in Scene, for some of its buildings."""

    rings: Rings
    eaves_m: Array
    height_m: Array
    gabled: Flags
    roof: Array
    wall: Array


@dataclass(frozen=True)
class Lids:
    """Flat roofs of more than four corners, outer and inner outlines. `house`: whose."""

    rings: Rings
    up_m: Array
    tone: Array
    part: Array
    house: Index


@dataclass(frozen=True)
class Solids:
    """Things with their faces: thing i has the quads start[i] to start[i + 1].

    `middle` (n, 3) and `radius` (n,) hold a thing; the first are the houses, in their order.
    A quad (4, 3) has its outward normal, the distance of its plane and its lit colour.
    """

    middle: Array
    radius: Array
    houses: int
    start: Index
    quads: Array
    normal: Array
    plane: Array
    tone: Array
    part: Array
    lids: Lids

    def visible(self, view: View, far_m: float) -> Index:
        """Which things may be in the picture."""
        return np.flatnonzero(view.within(self.middle, self.radius, far_m))

    def add(self, faces: Faces, view: View, things: Index) -> None:
        """The faces of these things that are turned to the eye."""
        away = np.hypot(*(self.middle[:, :2] - view.origin[:2]).T)
        counts = self.start[things + 1] - self.start[things]
        begins = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) - np.repeat(begins - self.start[things], counts)
        owner = np.repeat(things, counts)
        shown = self.normal[rows] @ view.origin > self.plane[rows]
        rows, owner = rows[shown], owner[shown]
        far = away[owner]
        faces.add(self.quads[rows], light.hazed(self.tone[rows], far), self.part[rows] - far)
        self._add_lids(faces, view, things, away)

    def _add_lids(self, faces: Faces, view: View, things: Index, away: Array) -> None:
        lids = self.lids
        seen = np.zeros(len(self.middle), dtype=bool)
        seen[things] = True
        which = np.flatnonzero(seen[lids.house] & (lids.up_m < view.eye[2]))
        if not len(which):
            return
        rows, begins = lids.rings.taken(which)
        up = np.repeat(lids.up_m[which], np.diff(begins))
        far = away[lids.house[which]]
        tones = light.hazed(lids.tone[which], far)
        faces.add_rings(raised(lids.rings.xy[rows], up), begins, tones, lids.part[which] - far)


def build_solids(houses: Houses, parked: Array) -> Solids:
    """All faces of these houses and cars."""
    parts = [_walls(houses), *_gables(houses), *_flat_roofs(houses)]
    quads = np.concatenate([p[0] for p in parts])
    base = np.concatenate([p[1] for p in parts])
    part = np.concatenate([np.full(len(p[0]), p[3]) for p in parts])
    owner = np.concatenate([p[2] for p in parts])
    normal = _normals(quads)
    tone = base * light.lit(normal)[:, None]
    cars = parked_sides(parked)
    quads, normal = np.concatenate((quads, cars.quads)), np.concatenate((normal, cars.normal))
    tone, part = np.concatenate((tone, cars.tone)), np.concatenate((part, cars.part))
    count = len(houses.height_m)
    owner = np.concatenate((owner, cars.owner + count))
    order = np.argsort(owner, kind="stable")
    quads, normal = quads[order], normal[order]
    half = houses.height_m / 2.0
    return Solids(
        np.concatenate((raised(houses.rings.centre, half), raised(parked[:, :2], 0.7))),
        np.concatenate((np.hypot(houses.rings.radius, half), np.full(len(parked), 2.4))),
        count,
        np.searchsorted(owner[order], np.arange(count + len(parked) + 1)).astype(np.intp),
        quads,
        normal,
        (normal * quads[:, 0]).sum(axis=1),
        tone[order],
        part[order],
        _lids(houses),
    )


Part = tuple[Array, Array, Index, float]  # quads, colours, whose, painted when


def _walls(houses: Houses) -> Part:
    a, b, owner = edges(houses.rings)
    return upright(a, b, 0.0, houses.eaves_m[owner]), houses.wall[owner], owner, WALL


def edges(rings: Rings) -> tuple[Array, Array, Index]:
    """Both ends of every side (n, 2), and whose it is."""
    count = np.diff(rings.start)
    owner: Index = np.repeat(np.arange(len(rings)), count)
    after = np.arange(len(rings.xy)) + 1
    after[rings.start[1:] - 1] = rings.start[:-1]
    return rings.xy, rings.xy[after], owner


def upright(a: Array, b: Array, low: Array | float, high: Array) -> Array:
    """Upright rectangles (n, 4, 3) over the lines from a to b."""
    found = np.empty((len(a), 4, 3))
    found[:, 0, :2] = found[:, 3, :2] = a
    found[:, 1, :2] = found[:, 2, :2] = b
    found[:, 0, 2] = found[:, 1, 2] = low
    found[:, 2, 2] = found[:, 3, 2] = high
    return found


def _gables(houses: Houses) -> list[Part]:
    own: Index = np.flatnonzero(houses.gabled)
    c = houses.rings.xy[houses.rings.start[own][:, None] + np.arange(4)]
    low = raised(c, houses.eaves_m[own][:, None])
    ridge = houses.height_m[own]
    near = raised((c[:, 3] + c[:, 0]) / 2.0, ridge)
    far = raised((c[:, 1] + c[:, 2]) / 2.0, ridge)
    shapes = (
        ((low[:, 3], low[:, 0], near, near), houses.wall, GABLE),
        ((low[:, 1], low[:, 2], far, far), houses.wall, GABLE),
        ((low[:, 0], low[:, 1], far, near), houses.roof, SLOPE),
        ((low[:, 2], low[:, 3], near, far), houses.roof, SLOPE),
    )
    return [(np.stack(quad, axis=1), tone[own], own, part) for quad, tone, part in shapes]


def _inset(houses: Houses, owner: Index, xy: Array) -> Array:
    """Outlines drawn in by the parapet."""
    middle = houses.rings.centre[owner]
    share = 1.0 - _PARAPET_M / houses.rings.radius[owner]
    found: Array = middle + (xy - middle) * share[:, None]
    return found


def _flat_roofs(houses: Houses) -> list[Part]:
    four = np.diff(houses.rings.start) == 4
    own: Index = np.flatnonzero(four & ~houses.gabled)
    corners = houses.rings.xy[houses.rings.start[own][:, None] + np.arange(4)]
    inner = _inset(houses, np.repeat(own, 4), corners.reshape(-1, 2)).reshape(-1, 4, 2)
    up = houses.height_m[own][:, None]
    roof = houses.roof[own]
    # Their light is the same for all: given here instead of by the sun.
    return [
        (raised(corners, up), roof * (_PARAPET_LIGHT / _LEVEL), own, ROOF),
        (raised(inner, up), roof * (_ROOF_LIGHT / _LEVEL), own, INNER),
    ]


def _lids(houses: Houses) -> Lids:
    four = np.diff(houses.rings.start) == 4
    own: Index = np.flatnonzero(~four)
    rows, begins = houses.rings.taken(own)
    outer = houses.rings.xy[rows]
    inner = _inset(houses, np.repeat(own, np.diff(begins)), outer)
    bounds = list(zip(begins[:-1].tolist(), begins[1:].tolist(), strict=True))
    rings = Rings([*(outer[a:b] for a, b in bounds), *(inner[a:b] for a, b in bounds)])
    roof = houses.roof[own]
    return Lids(
        rings,
        np.tile(houses.height_m[own], 2),
        np.concatenate((roof * _PARAPET_LIGHT, roof * _ROOF_LIGHT)),
        np.repeat((ROOF, INNER), len(own)),
        np.tile(own, 2),
    )


def _normals(quads: Array) -> Array:
    """Outward unit normals of quads that run counterclockwise seen from outside."""
    normal = np.cross(quads[:, 1] - quads[:, 0], quads[:, 2] - quads[:, 0])
    normal /= np.maximum(np.sqrt((normal * normal).sum(axis=1)), 1e-9)[:, None]
    found: Array = normal
    return found


_LEVEL = float(light.lit(np.array([[0.0, 0.0, 1.0]]))[0])
