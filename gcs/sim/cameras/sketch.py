"""Draws a person's figure: limbs as thick lines, in an order that comes from a table.

Plainly drawn, nobody real. The tables are made once for each kind of person and side.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from gcs.sim.cameras import figures as f
from gcs.sim.cameras.faces import Colour, Picture
from gcs.sim.cameras.looks import Looks
from gcs.sim.cameras.view import SHIFT, Array, Index, Points, View

_SMALL_PX = 30.0  # below it arms and feet are not worth drawing
_SHOE: Colour = (44.0, 42.0, 42.0)
_LINE, _DOT, _BODY = range(3)
_TORSO = np.array([f.SHOULDER_L, f.SHOULDER_R, f.HIP_R, f.HIP_L])
_LEFT = (f.SHOULDER_L, f.ELBOW_L, f.HAND_L), (f.HIP_L, f.KNEE_L, f.FOOT_L), f.TOE_L
_RIGHT = (f.SHOULDER_R, f.ELBOW_R, f.HAND_R), (f.HIP_R, f.KNEE_R, f.FOOT_R), f.TOE_R

Part = tuple[int, tuple[int, ...], Colour, float]  # how, joints, colour, width of the height


@dataclass(frozen=True)
class _Recipe:
    """Everything to draw, in order. `joints` (n, 4): what a part does not need is repeated."""

    how: tuple[int, ...]
    joints: Index
    colours: tuple[Colour, ...]
    widths: Array


def draw(picture: Picture, view: View, figure: f.Figures, i: int, looks: Looks) -> None:
    """Draw one of the figures on a picture of `view.scale`."""
    px = float(figure.px_per_m[i]) * looks.height_m * view.scale
    points = figure.joints[i]
    if px < _SMALL_PX * view.scale:
        _draw_small(picture, points, px, looks)
        return
    ahead = figure.ahead[i]
    left_far = bool(ahead[f.SHOULDER_L] > ahead[f.SHOULDER_R])
    recipe = _recipe(looks, left_far, bool(ahead[f.FACE] <= ahead[f.HEAD]))
    sizes = np.maximum(px * recipe.widths, 1.0)
    thick = np.rint(sizes).astype(int).tolist()
    radii = (sizes * (1 << SHIFT)).astype(int).tolist()
    parts = points[recipe.joints]
    for n, how in enumerate(recipe.how):
        colour = recipe.colours[n]
        if how == _LINE:
            cv2.polylines(picture, [parts[n]], False, colour, thick[n], cv2.LINE_8, SHIFT)
        elif how == _DOT:
            cv2.circle(picture, parts[n, 0], radii[n], colour, cv2.FILLED, cv2.LINE_8, SHIFT)
        else:
            cv2.fillPoly(picture, [parts[n]], colour, cv2.LINE_8, SHIFT)
            cv2.polylines(picture, [parts[n]], True, colour, thick[n], cv2.LINE_8, SHIFT)


def _draw_small(picture: Picture, points: Points, px: float, looks: Looks) -> None:
    thick = max(1, round(px * 0.085))
    for hip, foot in ((f.HIP_L, f.FOOT_L), (f.HIP_R, f.FOOT_R)):
        cv2.line(picture, points[hip], points[foot], looks.legs, thick, cv2.LINE_8, SHIFT)
    body = points[_TORSO]
    cv2.polylines(picture, [body], True, looks.top, max(1, round(px * 0.1)), cv2.LINE_8, SHIFT)
    radius = max(1, round(px * f.HEAD_M * 0.95 * (1 << SHIFT)))
    head = looks.skin if looks.hair_style == "bald" else looks.hair
    cv2.circle(picture, points[f.HEAD], radius, head, cv2.FILLED, cv2.LINE_8, SHIFT)


@lru_cache(maxsize=4096)
def _recipe(looks: Looks, left_far: bool, facing: bool) -> _Recipe:
    far, near = (_LEFT, _RIGHT) if left_far else (_RIGHT, _LEFT)
    parts: list[Part] = [
        *_arm(far[0], looks),
        *_leg(far[1], far[2], _tinted(looks.legs, 0.84)),
        *_leg(near[1], near[2], _tinted(looks.legs, 1.0)),
        (_BODY, tuple(_TORSO.tolist()), _tinted(looks.top, 1.0), 0.085),
    ]
    if looks.bag:
        parts.append((_LINE, (f.SHOULDER_L, f.HIP_R), _tinted(looks.legs, 0.6), 0.022))
    parts += [*_arm(near[0], looks), (_LINE, (f.NECK, f.HEAD), _tinted(looks.skin, 0.9), 0.06)]
    parts += _face(looks) if facing else _back_of_head(looks)
    filled = [(joints + (joints[-1],) * 4)[:4] for _, joints, _, _ in parts]
    return _Recipe(
        tuple(how for how, _, _, _ in parts),
        np.array(filled, dtype=np.intp),
        tuple(colour for _, _, colour, _ in parts),
        np.array([width for _, _, _, width in parts]),
    )


def _arm(joints: tuple[int, ...], looks: Looks) -> list[Part]:
    sleeve, skin = _tinted(looks.top, 0.86), _tinted(looks.skin, 1.0)
    return [(_LINE, joints, sleeve, 0.056), (_DOT, joints[-1:], skin, 0.026)]


def _leg(joints: tuple[int, ...], toe: int, colour: Colour) -> list[Part]:
    return [(_LINE, joints, colour, 0.078), (_LINE, (joints[-1], toe), _SHOE, 0.05)]


def _hair(looks: Looks) -> Colour:
    bald = looks.hair_style == "bald"
    return _tinted(looks.skin, 0.95) if bald else _tinted(looks.hair, 1.0)


def _face(looks: Looks) -> list[Part]:
    hair, skin = _hair(looks), _tinted(looks.skin, 1.0)
    parts: list[Part] = [(_DOT, (f.CROWN,), hair, f.HEAD_M * 0.98)]
    if looks.hair_style == "long":
        parts.append((_LINE, (f.HEAD, f.NECK), hair, 0.125))
    parts.append((_DOT, (f.FACE,), skin, f.HEAD_M * 0.86))
    if looks.beard:
        parts.append((_LINE, (f.FACE, f.NECK), _tinted(hair, 0.9), 0.05))
        parts.append((_DOT, (f.FACE,), skin, f.HEAD_M * 0.62))
    return parts


def _back_of_head(looks: Looks) -> list[Part]:
    hair = _hair(looks)
    parts: list[Part] = [
        (_DOT, (f.FACE,), _tinted(looks.skin, 1.0), f.HEAD_M * 0.86),
        (_DOT, (f.HEAD,), hair, f.HEAD_M),
        (_DOT, (f.CROWN,), hair, f.HEAD_M * 0.98),
    ]
    if looks.hair_style == "long":
        parts.append((_LINE, (f.HEAD, f.NECK), hair, 0.125))
    return parts


def _tinted(colour: tuple[float, ...], share: float) -> Colour:
    blue, green, red = colour
    return blue * share, green * share, red * share
