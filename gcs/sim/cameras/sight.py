"""What hides what: lines of sight from the eye past upright buildings. Pure geometry."""

import numpy as np

from gcs.sim.cameras.stage import Stage
from gcs.sim.cameras.view import Array, Flags, Index, View

SAMPLES = 4


def hidden_by(
    view: View, stage: Stage, houses: Index, samples: Array
) -> tuple[Index, Index, Flags]:
    """Which of `houses` stand before which of the samples (n, SAMPLES, 3).

    Pairs: whose samples, which house, and a row (SAMPLES,) of what it hides.
    """
    who, house = _candidates(view, stage, houses, samples)
    if not len(who):
        return who, house, np.zeros((0, SAMPLES), dtype=bool)
    rows, begins = stage.houses.taken(house)
    after = np.arange(len(rows)) + 1
    after[begins[1:] - 1] = begins[:-1]
    a = stage.houses.xy[rows]
    edge = a[after] - a
    pair = np.repeat(np.arange(len(who)), np.diff(begins))
    top = (stage.eaves_m[house] + stage.height_m[house])[pair] / 2.0
    eye = view.origin
    offset = a - eye[:2]
    hits = np.empty((len(rows), SAMPLES), dtype=bool)
    for k in range(SAMPLES):
        ray = (samples[who, k] - eye)[pair]
        cross = ray[:, 0] * edge[:, 1] - ray[:, 1] * edge[:, 0]
        cross = np.where(np.abs(cross) < 1e-9, 1e-9, cross)
        t = (offset[:, 0] * edge[:, 1] - offset[:, 1] * edge[:, 0]) / cross
        u = (offset[:, 0] * ray[:, 1] - offset[:, 1] * ray[:, 0]) / cross
        under = eye[2] + t * ray[:, 2] < top
        hits[:, k] = (t > 0.0) & (t < 1.0) & (u >= 0.0) & (u <= 1.0) & under
    found: Flags = np.logical_or.reduceat(hits, begins[:-1], axis=0)
    some = found.any(axis=1)
    return who[some], house[some], found[some]


def _candidates(view: View, stage: Stage, houses: Index, samples: Array) -> tuple[Index, Index]:
    """Pairs whose line of sight passes through the house's circle."""
    if not len(houses) or not len(samples):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    line = samples[:, 0, :2] - view.origin[:2]
    away = stage.houses.centre[houses] - view.origin[:2]
    length2 = np.maximum((line * line).sum(axis=1), 1e-6)[:, None]
    share = np.clip(line @ away.T / length2, 0.0, 1.0)
    gap_east = away[:, 0] - share * line[:, :1]
    gap_north = away[:, 1] - share * line[:, 1:]
    near = np.hypot(gap_east, gap_north) < stage.houses.radius[houses] + 1.5
    who, which = np.nonzero(near)
    return who, houses[which]
