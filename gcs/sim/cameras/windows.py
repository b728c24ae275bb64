"""Windows of the walls near a stage: made once, chosen by size for each frame."""

from dataclasses import dataclass

import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.faces import Faces
from gcs.sim.cameras.solids import WINDOWS, Houses, edges, upright
from gcs.sim.cameras.view import Array, Index, View, raised

_STOREY_M, _BAY_M = 3.05, 2.9
_WINDOW_M = (1.15, 1.45)
_SHORTEST_M = 3.0
_HALF_UP_M = 6.0  # half a house's height, about
_PX = 9.0  # a storey must be so many sent pixels high to show its windows
_MOST = 48  # walls
_PANE = np.array(light.WINDOW, dtype=float)


@dataclass(frozen=True)
class Windows:
    """Walls (n,) with their windows: wall i has panes[start[i]:start[i + 1]], (m, 4, 3)."""

    middle: Array
    normal: Array
    half_m: Array
    house: Array  # middles of the houses they belong to (n, 2)
    start: Index
    panes: Array

    def add(self, faces: Faces, view: View) -> None:
        """The windows of walls that are turned to the eye and near enough."""
        offset = view.origin[:2] - self.middle
        away = np.hypot(offset[:, 0], offset[:, 1])
        nearest = np.maximum(away - self.half_m, 1.0)
        limit_m = _STOREY_M * view.focal_px / _PX
        near = np.hypot(nearest, view.eye[2]) < limit_m
        near &= (offset * self.normal).sum(axis=1) > 0.0
        chosen = np.flatnonzero(near)
        middles = raised(self.middle[chosen], _HALF_UP_M)
        chosen = chosen[view.within(middles, self.half_m[chosen] + _HALF_UP_M, limit_m)]
        chosen = chosen[np.argsort(nearest[chosen])][:_MOST]
        if not len(chosen):
            return
        counts = self.start[chosen + 1] - self.start[chosen]
        begins = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) - np.repeat(begins - self.start[chosen], counts)
        owner: Index = np.repeat(np.arange(len(chosen)), counts)
        tones = light.hazed(np.broadcast_to(_PANE, (len(chosen), 3)), away[chosen])
        house = np.hypot(*(self.house[chosen] - view.origin[:2]).T)
        faces.add_groups(self.panes[rows], owner, tones, WINDOWS - house)


def build_windows(houses: Houses, which: Index) -> Windows:
    """For the chosen houses; their number in bays and storeys comes from the walls."""
    near = houses.rings.chosen(which)
    a, b, owner = edges(near)
    step = b - a
    length = np.hypot(step[:, 0], step[:, 1])
    long = np.flatnonzero(length > _SHORTEST_M)
    a, b, owner, step, length = a[long], b[long], owner[long], step[long], length[long]
    along = step / length[:, None]
    bays = np.maximum(1, ((length - 0.6) / _BAY_M).astype(np.intp))
    top = houses.eaves_m[which][owner]
    count = bays * np.maximum(1, ((top - 0.3) / _STOREY_M).astype(np.intp))
    start = np.concatenate(([0], np.cumsum(count))).astype(np.intp)
    wall: Index = np.repeat(np.arange(len(length)), count)
    order = np.arange(len(wall)) - start[wall]
    wide, high = _WINDOW_M
    left = (order % bays[wall] + 0.5) * (length / bays)[wall] - wide / 2
    low = np.asarray(order // bays[wall] * _STOREY_M + 0.95, dtype=np.float64)
    corner = a[wall] + left[:, None] * along[wall]
    return Windows(
        (a + b) / 2.0,
        np.stack((along[:, 1], -along[:, 0]), axis=1),
        length / 2.0,
        near.centre[owner],
        start,
        upright(corner, corner + wide * along[wall], low, np.add(low, high)),
    )
