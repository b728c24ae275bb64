"""Vehicles as boxes. Shapes and colours only; who drives where is the traffic's business."""

from dataclasses import dataclass

import numpy as np

from gcs.sim.cameras import light
from gcs.sim.cameras.view import Array, Flags, Index, Points, View, raised

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
_LATER = np.array([0.0, 0.0, 0.0, 0.0, 0.005])


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
    corners = _corners(places, boxes, sin, cos)
    under = raised(corners[:, 0, :4, :2], 0.0)
    seen = view.camera(np.concatenate((corners.reshape(count, 16, 3), under), axis=1))
    pixels = view.pixels(seen.reshape(-1, 3)).reshape(count, 20, 2)
    low, high = pixels.min(axis=1) - 1.0, pixels.max(axis=1) + 1.0
    fixed = view.fixed(pixels)
    quads = fixed[:, :16].reshape(count, 2, 8, 2)[:, :, _SIDES]  # (n, 2, 5, 4, 2)
    floor = fixed[:, 16:]
    facing = _facing(view, places, boxes, sin, cos)
    away = np.hypot(*(places[:, :2] - view.origin[:2]).T)
    share = light.haze_at(away)[:, None, None, None]
    tones = _lit(kinds, colours, sin, cos) * (1.0 - share) + light.HAZE * share
    owner, _, _ = np.nonzero(facing)
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


def _corners(places: Array, boxes: Array, sin: Array, cos: Array) -> Array:
    """(n, 2, 8, 3) of the world: the lower four, back right to back left, then the upper."""
    along = boxes[:, :, (0, 1, 1, 0)]
    right = boxes[:, :, 2:3] * np.array([1.0, 1.0, -1.0, -1.0])
    corners = np.empty((len(places), 2, 8, 3))
    east = places[:, 0, None, None] + along * sin[:, None, None] + right * cos[:, None, None]
    north = places[:, 1, None, None] + along * cos[:, None, None] - right * sin[:, None, None]
    for level, row in ((3, slice(0, 4)), (4, slice(4, 8))):
        corners[:, :, row, 0] = east
        corners[:, :, row, 1] = north
        corners[:, :, row, 2] = boxes[:, :, level, None]
    return corners


def _lit(kinds: Index, colours: Array, sin: Array, cos: Array) -> Array:
    """Colours (n, 2, 5, 3) of all sides in this light."""
    zero = np.zeros_like(sin)
    normals = np.array([(cos, -sin, zero), (sin, cos, zero), (-cos, sin, zero), (-sin, -cos, zero)])
    lit = np.empty((len(kinds), 5))
    lit[:, :_TOP] = light.lit(np.moveaxis(normals, 2, 0).reshape(-1, 3)).reshape(-1, 4)
    lit[:, _TOP] = 1.06
    glass = _GLAZED[kinds][:, None]
    base = np.empty((len(kinds), 2, 5, 3))
    base[:] = colours[:, None, None]
    base[:, 1, :_TOP] = (colours * (1.0 - glass) + _GLASS * glass)[:, None]
    found: Array = base * lit[:, None, :, None]
    return found


@dataclass(frozen=True)
class Sides:
    """Faces in the world: quads (m, 4, 3), their normals and lit colours, whose, painted when."""

    quads: Array
    normal: Array
    tone: Array
    part: Array
    owner: Index


def parked_sides(places: Array) -> Sides:
    """All faces of parked cars (n, 3): east, north, heading."""
    count = len(places)
    kinds = np.zeros(count, dtype=np.intp)
    sin, cos = np.sin(places[:, 2]), np.cos(places[:, 2])
    corners = _corners(places, _BOXES[kinds], sin, cos)
    quads = corners[:, :, _SIDES]  # (n, 2, 5, 4, 3)
    zero, one = np.zeros_like(sin), np.ones_like(sin)
    normals = np.array(
        [(cos, -sin, zero), (sin, cos, zero), (-cos, sin, zero), (-sin, -cos, zero),
         (zero, zero, one)]
    )  # fmt: skip
    normal = np.broadcast_to(np.moveaxis(normals, 2, 0)[:, None], (count, 2, 5, 3))
    under = raised(corners[:, 0, :4, :2], 0.02)
    part = np.broadcast_to(np.array([[0.01], [0.02]]) + _LATER, (count, 2, 5))
    owner: Index = np.arange(count)
    return Sides(
        np.concatenate((under, quads.reshape(-1, 4, 3))),
        np.concatenate((np.tile((0.0, 0.0, 1.0), (count, 1)), normal.reshape(-1, 3))),
        np.concatenate(
            (
                np.tile(_UNDER, (count, 1)),
                _lit(kinds, parked_paint(places), sin, cos).reshape(-1, 3),
            )
        ),
        np.concatenate((np.zeros(count), part.reshape(-1))),
        np.concatenate((owner, np.repeat(owner, 10))),
    )
