"""What hides what: lines of sight from the eye past upright buildings. Pure geometry."""

import numpy as np

from gcs.sim.cameras.solids import Houses
from gcs.sim.cameras.view import Array, Flags, Index, View

SAMPLES = 4  # left low, left high, right low, right high


def hidden_by(
    view: View, houses: Houses, seen: Index, sides: Array, low_m: Array, high_m: Array
) -> tuple[Index, Index, Flags]:
    """Which of the `seen` houses stand before which upright bodies.

    `sides` (n, 2, 2): both edges of a body on the ground; `low_m`, `high_m`: its reach.
    Pairs: whose body, which house, and a row (SAMPLES,) of what of the body it hides.
    """
    who, house = _candidates(view, houses, seen, sides.mean(axis=1))
    if not len(who):
        return who, house, np.zeros((0, SAMPLES), dtype=bool)
    rows, begins = houses.rings.taken(house)
    after = np.arange(len(rows)) + 1
    after[begins[1:] - 1] = begins[:-1]
    a = houses.rings.xy[rows]
    edge_e, edge_n = (a[after] - a).T
    pair = np.repeat(np.arange(len(who)), np.diff(begins))
    top = ((houses.eaves_m[house] + houses.height_m[house]) / 2.0)[pair]
    off_e, off_n = (a - view.origin[:2]).T
    area = off_e * edge_n - off_n * edge_e
    eye_up = view.eye[2]
    hits = np.empty((len(rows), SAMPLES), dtype=bool)
    for side in range(2):
        ray_e, ray_n = (sides[who, side] - view.origin[:2])[pair].T
        cross = ray_e * edge_n - ray_n * edge_e
        cross[np.abs(cross) < 1e-9] = 1e-9
        t = area / cross
        u = (off_e * ray_n - off_n * ray_e) / cross
        through = (t > 0.0) & (t < 1.0) & (u >= 0.0) & (u <= 1.0)
        for part, up in enumerate((low_m, high_m)):
            hits[:, 2 * side + part] = through & (eye_up + t * (up[who] - eye_up)[pair] < top)
    found: Flags = np.logical_or.reduceat(hits, begins[:-1], axis=0)
    some = found.any(axis=1)
    return who[some], house[some], found[some]


def _candidates(view: View, houses: Houses, seen: Index, spots: Array) -> tuple[Index, Index]:
    """Pairs whose line of sight passes the house's circle, and low enough there."""
    if not len(seen) or not len(spots):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    line = spots - view.origin[:2]
    length = np.maximum(np.hypot(line[:, 0], line[:, 1]), 1e-3)[:, None]
    unit = line / length
    away = houses.rings.centre[seen] - view.origin[:2]
    radius = houses.rings.radius[seen] + 1.5
    along = unit @ away.T
    beside = np.abs(unit[:, :1] * away[:, 1] - unit[:, 1:] * away[:, 0])
    near = (beside < radius) & (along > -radius) & (along < length + radius)
    last = np.minimum(along + radius, length) / length
    near &= view.eye[2] * (1.0 - last) < houses.height_m[seen]
    who, which = np.nonzero(near)
    return who, seen[which]
