"""Vehicles as boxes. Shapes and colours only; who drives where is the traffic's business."""

from dataclasses import dataclass

import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.faces import Faces
from gcs.sim.cameras.view import Array, Index, View


@dataclass(frozen=True)
class Body:
    """Boxes (back, front, half width, bottom, top) in metres from the middle; share of light."""

    length_m: float
    height_m: float
    boxes: tuple[tuple[float, float, float, float, float], ...]
    glass: tuple[bool, ...]


CAR = Body(
    4.3, 1.46, ((-2.15, 2.15, 0.89, 0.28, 0.92), (-1.6, 0.95, 0.76, 0.92, 1.46)), (False, True)
)
VAN = Body(5.4, 2.3, ((-2.7, 1.75, 0.98, 0.32, 2.3), (1.75, 2.7, 0.96, 0.32, 1.25)), (False, False))
BUS = Body(10.8, 4.3, ((-5.4, 5.4, 1.26, 0.35, 4.3),), (False,))
KINDS = (CAR, VAN, BUS)
_PAINTS = np.array(
    [(60, 58, 56), (150, 150, 148), (196, 196, 194), (104, 84, 66), (66, 66, 128), (96, 100, 96),
     (120, 104, 84), (84, 82, 82)],
    dtype=float,
)  # fmt: skip
BUS_RED = np.array((62, 58, 150), dtype=float)
_GLASS = np.array((88, 80, 74), dtype=float)
# Counterclockwise seen from outside; the corners themselves run from back right to back left.
_SIDES = ((0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (4, 5, 6, 7))


def paint_of(numbers: Index) -> Array:
    """Colours (n, 3) that belong to numbers."""
    found: Array = _PAINTS[(numbers * 7 + numbers // 5) % len(_PAINTS)]
    return found


def corners_of(places: Array, box: tuple[float, float, float, float, float]) -> Array:
    """Eight corners (n, 8, 3) of a box on each place (n, 3): east, north, heading (radians)."""
    back, front, half, low, high = box
    sin, cos = np.sin(places[:, 2]), np.cos(places[:, 2])
    flat = []
    for along, right in ((back, half), (front, half), (front, -half), (back, -half)):
        east = places[:, 0] + along * sin + right * cos
        north = places[:, 1] + along * cos - right * sin
        flat.append((east, north))
    return np.stack(
        [np.column_stack((e, n, np.full(len(e), z))) for z in (low, high) for e, n in flat], axis=1
    )


def add_cars(faces: Faces, view: View, places: Array) -> None:
    """Parked cars: (n, 3) east, north, heading; their paint comes from where they stand."""
    middles = np.column_stack((places[:, :2], np.full(len(places), 0.7)))
    near = np.flatnonzero(view.within(middles, np.full(len(places), 2.3), 240.0))
    places = places[near]
    away = np.hypot(*(places[:, :2] - view.origin[:2]).T)
    add_body(faces, view, CAR, places, parked_paint(places), -away)


def parked_paint(places: Array) -> Array:
    """A parked car's colour comes from where it stands."""
    return paint_of(np.abs(places[:, 0] * 13.0 + places[:, 1] * 7.0).astype(np.intp))


def add_body(
    faces: Faces, view: View, body: Body, places: Array, colours: Array, keys: Array
) -> None:
    """Bodies of one kind at (n, 3) east, north, heading, with (n, 3) colours."""
    if not len(places):
        return
    away = np.hypot(*(places[:, :2] - view.origin[:2]).T)
    shadow = corners_of(
        places,
        (body.boxes[0][0] - 0.1, body.boxes[0][1] + 0.1, body.boxes[0][2] + 0.12, 0.02, 0.03),
    )
    dark = np.tile(np.array([light.ASPHALT], dtype=float) * 0.62, (len(places), 1))
    faces.add(shadow[:, :4], light.hazed(dark, away), keys)
    quads, tones, order = [], [], []
    for step, (box, glass) in enumerate(zip(body.boxes, body.glass, strict=True)):
        corners = corners_of(places, box)
        for number, side in enumerate(_SIDES):
            top = number == 4
            quads.append(corners[:, side])
            tones.append(np.tile(_GLASS, (len(places), 1)) if glass and not top else colours)
            order.append(keys + 0.01 * (step + 1) + 0.005 * top)
    _add_outer(faces, view, np.concatenate(quads), np.concatenate(tones), np.concatenate(order))


def _add_outer(faces: Faces, view: View, quads: Array, colours: Array, keys: Array) -> None:
    """Faces (n, 4, 3) that run counterclockwise seen from outside, if turned to the eye."""
    normal = np.cross(quads[:, 1] - quads[:, 0], quads[:, 3] - quads[:, 0])
    shown = ((view.origin - quads[:, 0]) * normal).sum(axis=1) > 0.0
    normal = normal[shown]
    normal /= np.maximum(np.sqrt((normal * normal).sum(axis=1)), 1e-9)[:, None]
    away = np.hypot(*(quads[shown, 0, :2] - view.origin[:2]).T)
    lit = colours[shown] * light.lit(normal)[:, None]
    faces.add(quads[shown], light.hazed(lit, away), keys[shown])
