"""A plain cartoon portrait of a made-up person, for the exercises' candidate images."""

import cv2
import numpy as np

from gcs.sim.cameras.faces import Picture
from gcs.sim.cameras.looks import Looks

_OVER = 4  # drawn so much larger, then made smaller: smooth edges
_BACK = (96, 88, 82)
_DARK = (40, 38, 38)

Spot = tuple[float, float]


def draw_portrait(looks: Looks, width: int, height: int) -> Picture:
    """Head and shoulders, (height, width, 3), B G R. The same looks give the same picture."""
    size = min(width, height) * _OVER
    sheet = np.full((height * _OVER, width * _OVER, 3), _BACK, np.uint8)
    brush = _Brush(sheet, (width * _OVER / 2.0, height * _OVER / 2.0), size)
    _shoulders(brush, looks)
    if looks.hair_style == "long":
        brush.oval((0.0, 0.06), (0.25, 0.36), looks.hair)
    brush.oval((0.0, 0.20), (0.085, 0.16), _shade(looks.skin, 0.86))
    for side in (-1, 1):
        brush.oval((side * 0.193, -0.06), (0.032, 0.05), _shade(looks.skin, 0.92))
    brush.oval((0.0, -0.07), (0.19, 0.245), looks.skin)
    _face(brush, looks)
    _hair(brush, looks)
    return np.asarray(
        cv2.resize(sheet, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8
    )


class _Brush:
    """Draws in shares of the portrait's shorter side, from its middle."""

    def __init__(self, sheet: Picture, middle: Spot, size: float) -> None:
        self._sheet, self._middle, self._size = sheet, middle, size

    def _at(self, spot: Spot) -> tuple[int, int]:
        return (
            round(self._middle[0] + spot[0] * self._size),
            round(self._middle[1] + spot[1] * self._size),
        )

    def oval(
        self, spot: Spot, radii: Spot, colour: tuple[int, ...], arc: Spot = (0.0, 360.0)
    ) -> None:
        axes = (max(1, round(radii[0] * self._size)), max(1, round(radii[1] * self._size)))
        cv2.ellipse(self._sheet, self._at(spot), axes, 0.0, *arc, colour, cv2.FILLED)

    def arc(self, spot: Spot, radii: Spot, colour: tuple[int, ...], arc: Spot, wide: float) -> None:
        axes = (max(1, round(radii[0] * self._size)), max(1, round(radii[1] * self._size)))
        thick = max(1, round(wide * self._size))
        cv2.ellipse(self._sheet, self._at(spot), axes, 0.0, *arc, colour, thick)

    def shape(self, spots: tuple[Spot, ...], colour: tuple[int, ...]) -> None:
        cv2.fillPoly(self._sheet, [np.array([self._at(s) for s in spots], np.int32)], colour)

    def line(self, a: Spot, b: Spot, colour: tuple[int, ...], wide: float) -> None:
        thick = max(1, round(wide * self._size))
        cv2.line(self._sheet, self._at(a), self._at(b), colour, thick)


def _shoulders(brush: _Brush, looks: Looks) -> None:
    broad = 0.40 * looks.build
    brush.oval((0.0, 0.62), (broad, 0.32), looks.top)
    brush.shape(((-0.09, 0.29), (0.09, 0.29), (0.0, 0.42)), _shade(looks.skin, 0.86))
    for side in (-1, 1):
        brush.line((side * 0.10, 0.29), (0.0, 0.44), _shade(looks.top, 0.75), 0.022)
    if looks.bag:
        brush.line((-broad * 0.62, 0.42), (0.12, 0.75), _shade(looks.legs, 0.6), 0.035)


def _face(brush: _Brush, looks: Looks) -> None:
    dark = _shade(looks.skin, 0.72)
    if looks.beard:
        brush.oval((0.0, -0.03), (0.182, 0.205), _shade(looks.hair, 0.95), (15.0, 165.0))
        brush.oval((0.0, 0.0), (0.13, 0.075), looks.skin)
    for side in (-1, 1):
        brush.oval((side * 0.075, -0.075), (0.034, 0.019), (232, 234, 236))
        brush.oval((side * 0.075, -0.075), (0.016, 0.018), _DARK)
        brow = _DARK if looks.hair_style == "bald" else _shade(looks.hair, 0.8)
        brush.arc((side * 0.075, -0.105), (0.042, 0.022), brow, (200.0, 340.0), 0.012)
        if looks.glasses:
            brush.arc((side * 0.075, -0.075), (0.052, 0.042), _DARK, (0.0, 360.0), 0.009)
    if looks.glasses:
        brush.line((-0.024, -0.08), (0.024, -0.08), _DARK, 0.009)
    brush.arc((0.0, -0.015), (0.026, 0.028), dark, (20.0, 160.0), 0.011)
    brush.arc((0.0, 0.045), (0.058, 0.03), _shade((96, 92, 150), 0.85), (20.0, 160.0), 0.014)


def _hair(brush: _Brush, looks: Looks) -> None:
    style = looks.hair_style
    if style == "bald":
        brush.oval((-0.06, -0.25), (0.05, 0.022), _shade(looks.skin, 1.1))
        return
    if style == "cap":
        brush.oval((0.0, -0.16), (0.203, 0.175), looks.hair, (180.0, 360.0))
        brush.oval((0.0, -0.165), (0.235, 0.032), _shade(looks.hair, 0.7))
        return
    brush.oval((0.0, -0.15), (0.2, 0.185), looks.hair, (180.0, 360.0))
    brush.oval((-0.07, -0.155), (0.13, 0.05), looks.hair)
    if style == "bun":
        brush.oval((0.0, -0.345), (0.075, 0.065), looks.hair)
    if style == "long":
        for side in (-1, 1):
            brush.oval((side * 0.185, 0.02), (0.045, 0.2), looks.hair)


def _shade(colour: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple(min(255, round(c * share)) for c in colour)
