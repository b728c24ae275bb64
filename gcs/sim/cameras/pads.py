"""The docks' pads on their roofs: slabs, platforms, rings, low rims. Painted last, if near."""

import numpy as np

from gcs.sim.cameras.faces import Faces, Picture
from gcs.sim.cameras.stage import Stage
from gcs.sim.cameras.view import Array, View, raised

_PLATE, _RING, _RIM = (70.0, 68.0, 66.0), (160.0, 162.0, 162.0), (120.0, 116.0, 112.0)
_SLAB, _JOINT = (112.0, 110.0, 108.0), (92.0, 90.0, 88.0)
_NEAR_M = 120.0
_HALF_M = 1.7
_RISE_M = 0.03
_ROUND = np.radians(np.arange(0.0, 360.0, 12.0))
_CIRCLE = np.column_stack((np.cos(_ROUND), np.sin(_ROUND)))
_SQUARE = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]) * _HALF_M
_RINGS = ((1.35, _RING), (1.24, _PLATE))
_DECK = np.array([(-2.0, -3.0), (2.0, -3.0), (2.0, 3.0), (-2.0, 3.0)])


def _bar(east: float, north: float, wide: float, high: float) -> Array:
    half = np.array([(-wide, -high), (wide, -high), (wide, high), (-wide, high)]) / 2.0
    return np.array([east, north]) + half


# Joints of the deck's slabs: those that run north, then as many that run east.
_JOINTS = np.stack(
    [_bar(e, 0.0, 0.03, 6.0) for e in np.linspace(-2.0, 2.0, 5)]
    + [_bar(0.0, n, 4.0, 0.03) for n in np.linspace(-3.0, 3.0, 5)]
)
_LETTER = np.stack(
    [_bar(-0.3, 0.0, 0.12, 0.9), _bar(0.3, 0.0, 0.12, 0.9), _bar(0.0, 0.0, 0.5, 0.12)]
)


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
    flat = raised(place + np.stack((_DECK, _SQUARE)), up)
    faces.add(flat, np.array([_SLAB, _PLATE]), key + np.array([0.0, 0.08]))
    joints = raised(place + _JOINTS, up)
    owner = np.repeat(np.arange(2), len(joints) // 2)
    faces.add_groups(joints, owner, np.array([_JOINT, _JOINT]), key + np.array([0.04, 0.05]))
    count = len(_CIRCLE)
    rings = np.concatenate([place + _CIRCLE * radius for radius, _ in _RINGS])
    faces.add_rings(
        raised(rings, up),
        np.arange(0, count * len(_RINGS) + 1, count),
        np.array([tone for _, tone in _RINGS]),
        key + 0.1 * np.arange(1.0, len(_RINGS) + 1.0),
    )
    letter = raised(place + _LETTER, up)
    tones = np.tile(_RING, (len(letter), 1))
    faces.add(letter, tones, np.full(len(letter), key + 0.4))
    rims = raised(place + _SQUARE[[[0, 3, 3, 0], [1, 2, 2, 1]]], pad[2])
    rims[:, 2:, 2] += 0.16
    faces.add(rims, np.array([_RIM, _RIM]), np.array([key + 0.5, key + 0.5]))
