"""Trees: a dark ball, and a lighter one in it towards the sun."""

import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.faces import Faces
from gcs.sim.cameras.view import NEAR_M, Array, View

_REACH_M, _HIGH_M = 220.0, 25.0


def add_trees(faces: Faces, view: View, trees: Array) -> None:
    """Trees (n, 4): east, north, height of the crown's middle, radius."""
    if not len(trees):
        return
    middles, radii = trees[:, :3], trees[:, 3]
    far_m = _REACH_M if view.eye[2] > _HIGH_M else _REACH_M / 3.0
    shown = view.within(middles, radii, far_m)
    shown &= view.camera(middles)[:, 2] > radii + NEAR_M
    middles, radii = middles[shown], radii[shown]
    away = np.hypot(*(middles[:, :2] - view.origin[:2]).T)
    shade = 0.9 + 0.2 * np.modf(middles[:, :1] * 3.7 + middles[:, 1:2] * 1.9)[0]
    for size, shift, tone, part in ((1.0, 0.0, light.CROWN, 0.0), (0.68, 0.26, light.LEAVES, 0.02)):
        spots = middles + shift * radii[:, None] * light.SUN
        colours = light.hazed(np.array(tone) * shade, away)
        faces.add_discs(spots, radii * size, colours, part - away)
