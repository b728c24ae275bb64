"""The dock's pads on their roof: platform, ring and low rims. Painted last, if near."""

import numpy as np

from gcs.sim.cameras.faces import Faces, Picture
from gcs.sim.cameras.stage import Stage
from gcs.sim.cameras.view import Array, View

_PLATE, _RING, _RIM = (70, 68, 66), (176, 178, 178), (120, 116, 112)
_NEAR_M = 120.0
_HALF_M = 1.7
_RISE_M = 0.03


def paint_pads(picture: Picture, view: View, stage: Stage) -> None:
    """Draw the pads that this eye is above."""
    faces = Faces(view)
    for pad in stage.pads:
        away = float(np.hypot(*(pad[:2] - view.origin[:2])))
        if away < _NEAR_M and view.eye[2] > pad[2]:
            _add_pad(faces, pad, -away)
    faces.paint(picture)


def _add_pad(faces: Faces, pad: Array, key: float) -> None:
    east, north, roof, _ = pad
    angle = np.radians(np.arange(4) * 90.0 + 45.0)
    square = _flat(east, north, roof + _RISE_M, _HALF_M * np.sqrt(2.0), angle)
    faces.add(square[None], np.array([_PLATE], dtype=float), np.array([key]))
    round_angles = np.radians(np.arange(0.0, 360.0, 15.0))
    for radius, tone, part in ((1.25, _RING, 0.1), (1.08, _PLATE, 0.2), (0.16, _RING, 0.3)):
        ring = _flat(east, north, roof + _RISE_M + 0.002, radius, round_angles)
        faces.add_rings(
            ring,
            np.array([0, len(ring)]),
            np.array([tone], dtype=float),
            np.array([key + part]),
        )
    for side in (-1.0, 1.0):
        a = (east + side * _HALF_M, north - _HALF_M)
        b = (east + side * _HALF_M, north + _HALF_M)
        rim = np.array([(*a, roof), (*b, roof), (*b, roof + 0.22), (*a, roof + 0.22)])
        faces.add(rim[None], np.array([_RIM], dtype=float), np.array([key + 0.5]))


def _flat(east: float, north: float, up: float, radius: float, angles: Array) -> Array:
    return np.column_stack(
        (
            east + radius * np.cos(angles),
            north + radius * np.sin(angles),
            np.full(len(angles), up),
        )
    )
