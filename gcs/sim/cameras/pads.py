"""The docks' pads on their roofs: slabs, platforms, rings, low rims. Painted last, if near."""

import numpy as np

from gcs.sim.cameras.faces import Faces, Picture
from gcs.sim.cameras.stage import Stage
from gcs.sim.cameras.view import Array, View, raised

_PLATE, _RING, _RIM = ((70.0, 68.0, 66.0), (176.0, 178.0, 178.0), (120.0, 116.0, 112.0))
_NEAR_M = 120.0
_HALF_M = 1.7
_RISE_M = 0.03
_ROUND = np.radians(np.arange(0.0, 360.0, 12.0))
_CIRCLE = np.column_stack((np.cos(_ROUND), np.sin(_ROUND)))
_SQUARE = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]) * _HALF_M
_RINGS = ((1.25, _RING), (1.08, _PLATE), (0.17, _RING))


def paint_pads(picture: Picture, view: View, stage: Stage) -> None:
    """Draw the pads that this eye is above, far ones first."""
    pads = stage.pads
    if not len(pads):
        return
    away = np.hypot(*(pads[:, :2] - view.origin[:2]).T)
    shown = view.within(pads[:, :3], np.full(len(pads), 2.6), _NEAR_M)
    shown &= view.eye[2] > pads[:, 2]
    if not shown.any():
        return
    faces = Faces(view)
    for i in np.flatnonzero(shown).tolist():
        _add_pad(faces, pads[i], -float(away[i]))
    faces.paint(picture)


def _add_pad(faces: Faces, pad: Array, key: float) -> None:
    place, up = pad[:2], pad[2] + _RISE_M
    faces.add(raised(place + _SQUARE, up)[None], np.array([_PLATE]), np.array([key]))
    count = len(_CIRCLE)
    rings = np.concatenate([place + _CIRCLE * radius for radius, _ in _RINGS])
    faces.add_rings(
        raised(rings, up),
        np.arange(0, count * len(_RINGS) + 1, count),
        np.array([tone for _, tone in _RINGS]),
        key + 0.1 * np.arange(1.0, len(_RINGS) + 1.0),
    )
    rims = raised(place + _SQUARE[[[0, 3, 3, 0], [1, 2, 2, 1]]], pad[2])
    rims[:, 2:, 2] += 0.22
    faces.add(rims, np.array([_RIM, _RIM]), np.array([key + 0.5, key + 0.5]))
