"""Vehicles as boxes. Shapes and colours only; who drives where is the traffic's business."""

from dataclasses import dataclass

import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.faces import Faces
from gcs.sim.cameras.view import NEAR_M, Array, Flags, Index, Points, View, raised

Box3 = tuple[float, float, float, float, float]  # back, front, half width, bottom, top


@dataclass(frozen=True)
class Body:
    """A vehicle of two boxes, in metres from its middle; the upper one is mostly glass."""

    length_m: float
    height_m: float
    lower: Box3
    upper: Box3


CAR = Body(4.3, 1.46, (-2.15, 2.15, 0.89, 0.26, 0.92), (-1.6, 0.95, 0.76, 0.92, 1.46))
VAN = Body(5.4, 2.2, (-2.7, 2.7, 0.97, 0.30, 1.25), (-2.7, 1.7, 0.95, 1.25, 2.2))
BUS = Body(10.8, 4.3, (-5.4, 5.4, 1.26, 0.32, 2.9), (-5.4, 5.4, 1.25, 2.9, 4.3))
KINDS = (CAR, VAN, BUS)
LENGTHS_M = np.array([body.length_m for body in KINDS])
HEIGHTS_M = np.array([body.height_m for body in KINDS])
_PAINTS = np.array(
    [(60, 58, 56), (150, 150, 148), (196, 196, 194), (104, 84, 66), (66, 66, 128), (96, 100, 96),
     (120, 104, 84), (84, 82, 82)],
    dtype=float,
)  # fmt: skip
BUS_RED = np.array((62, 58, 150), dtype=float)
_GLASS = np.array((88, 80, 74), dtype=float)
_GLAZED = np.array([1.0, 0.25, 0.35])  # how much of the upper box's sides is glass, by kind
_BOXES = np.array([(body.lower, body.upper) for body in KINDS])
_UNDER = np.array(light.ASPHALT, dtype=float) * 0.62
# Right, front, left, back, top: corners counterclockwise seen from outside.
_SIDES = np.array([(0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (4, 5, 6, 7)])
_TOP = 4
_SHOWN_M = 240.0


@dataclass(frozen=True)
class BodyFaces:
    """Visible faces in painting order: quads (m, 4, 2) for cv2, colours (m, 3), whose (m,).

    `boxes` (n, 4): left, top, right, bottom of each vehicle in sent pixels.
    """

    quads: Points
    colours: Array
    owner: Index
    boxes: Array


def paint_of(numbers: Index) -> Array:
    """Colours (n, 3) that belong to numbers."""
    found: Array = _PAINTS[(numbers * 7 + numbers // 5) % len(_PAINTS)]
    return found


def parked_paint(places: Array) -> Array:
    """A parked car's colour comes from where it stands."""
    return paint_of(np.abs(places[:, 0] * 13.0 + places[:, 1] * 7.0).astype(np.intp))


def body_faces(view: View, places: Array, kinds: Index, colours: Array) -> BodyFaces:
    """Vehicles at (n, 3) east, north, heading; each wholly in front of the eye."""
    count = len(places)
    boxes = _BOXES[kinds]  # (n, 2, 5)
    sin, cos = np.sin(places[:, 2]), np.cos(places[:, 2])
    along = boxes[:, :, (0, 1, 1, 0)]
    right = boxes[:, :, 2:3] * np.array([1.0, 1.0, -1.0, -1.0])
    corners = np.empty((count, 2, 8, 3))
    turn_e = along * sin[:, None, None] + right * cos[:, None, None]
    turn_n = along * cos[:, None, None] - right * sin[:, None, None]
    for level, row in ((3, slice(0, 4)), (4, slice(4, 8))):
        corners[:, :, row, 0] = places[:, 0, None, None] + turn_e
        corners[:, :, row, 1] = places[:, 1, None, None] + turn_n
        corners[:, :, row, 2] = boxes[:, :, level, None]
    shadow = corners[:, 0, :4] * (1.0, 1.0, 0.0)
    seen = view.camera(np.concatenate((corners.reshape(-1, 3), shadow.reshape(-1, 3))))
    pixels = view.pixels(seen)
    own = pixels[: count * 16].reshape(count, 16, 2)
    low, high = own.min(axis=1) - 1.0, own.max(axis=1) + 1.0
    fixed = view.fixed(pixels)
    quads = fixed[: count * 16].reshape(count, 2, 8, 2)[:, :, _SIDES]  # (n, 2, 5, 4, 2)
    facing = _facing(view, places, boxes, sin, cos)
    tones = _tones(view, places, kinds, colours, sin, cos)
    owner, _, _ = np.nonzero(facing)
    floor = fixed[count * 16 :].reshape(count, 4, 2)
    order = np.argsort(np.concatenate((np.arange(count), owner)), kind="stable")
    return BodyFaces(
        np.concatenate((floor, quads[facing]))[order],
        np.concatenate((np.tile(_UNDER, (count, 1)), tones[facing]))[order],
        np.concatenate((np.arange(count), owner))[order],
        np.hstack((low, high)),
    )


def _facing(view: View, places: Array, boxes: Array, sin: Array, cos: Array) -> Flags:
    """Which of the sides (n, 2, 5) are turned to the eye."""
    east, north = view.eye[0] - places[:, 0], view.eye[1] - places[:, 1]
    ahead, right = (east * sin + north * cos)[:, None], (east * cos - north * sin)[:, None]
    back, front, half, _, top = np.moveaxis(boxes, 2, 0)
    return np.stack(
        (right > half, ahead > front, right < -half, ahead < back, view.eye[2] > top), axis=2
    )


def _tones(
    view: View, places: Array, kinds: Index, colours: Array, sin: Array, cos: Array
) -> Array:
    """Colours (n, 2, 5, 3) of all sides, in this light and haze."""
    zero = np.zeros_like(sin)
    normals = np.array([(cos, -sin, zero), (sin, cos, zero), (-cos, sin, zero), (-sin, -cos, zero)])
    lit = np.empty((len(places), 5))
    lit[:, :_TOP] = light.lit(np.moveaxis(normals, 2, 0).reshape(-1, 3)).reshape(-1, 4)
    lit[:, _TOP] = 1.06
    glass = _GLAZED[kinds][:, None]
    sides = colours * (1.0 - glass) + _GLASS * glass
    base = np.empty((len(places), 2, 5, 3))
    base[:] = colours[:, None, None]
    base[:, 1, :_TOP] = sides[:, None]
    share = light.haze_at(np.hypot(*(places[:, :2] - view.origin[:2]).T))[:, None, None, None]
    found: Array = base * lit[:, None, :, None] * (1.0 - share) + light.HAZE * share
    return found


def add_cars(faces: Faces, view: View, places: Array) -> None:
    """Parked cars: (n, 3) east, north, heading."""
    middles = raised(places[:, :2], 0.7)
    near = view.within(middles, np.full(len(places), 2.3), _SHOWN_M)
    near &= view.camera(middles)[:, 2] > NEAR_M + 3.0
    places = places[near]
    if not len(places):
        return
    kinds = np.zeros(len(places), dtype=np.intp)
    found = body_faces(view, places, kinds, parked_paint(places))
    away = np.hypot(*(places[:, :2] - view.origin[:2]).T)
    faces.add_fixed(found.quads, found.colours, -away[found.owner])
