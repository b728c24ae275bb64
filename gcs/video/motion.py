"""How the camera's own motion moves what stands still from one picture to the next."""

from dataclasses import dataclass

import cv2
import numpy as np

from gcs.video.canvas import Canvas

_POINTS = 60
_LEAST_POINTS = 12
_QUALITY = 0.02
_APART_PX = 6
# Points are chosen in pictures of a quarter of the canvas's size and followed at half of it.
_LEVEL = 1
_CHOICE_LEVEL = 2
_WINDOW = (11, 11)
_PYRAMID = 3
_STRAY_PX = 1.0
# What a zoom can do between two pictures; beyond it the estimate is wrong.
_MOST_SCALE = 1.25


@dataclass(frozen=True, slots=True)
class Motion:
    """A turn, a scale and a shift: x' = a x - b y + dx, y' = b x + a y + dy, in canvas pixels."""

    a: float = 1.0
    b: float = 0.0
    dx: float = 0.0
    dy: float = 0.0

    @property
    def scale(self) -> float:
        """How much larger what stands still became."""
        return float(np.hypot(self.a, self.b))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a still point went."""
        return self.a * x - self.b * y + self.dx, self.b * x + self.a * y + self.dy

    def vector(self, x: float, y: float) -> tuple[float, float]:
        """A speed over the ground, as the new picture has it."""
        return self.a * x - self.b * y, self.b * x + self.a * y


STILL = Motion()


def motion_between(before: Canvas, after: Canvas) -> Motion:
    """From points that most agree on; STILL where too few do, and then a search finds nothing."""
    if (before.width, before.height) != (after.width, after.height):
        return STILL
    old, new = before.level(_LEVEL)[0], after.level(_LEVEL)[0]
    chosen = cv2.goodFeaturesToTrack(before.level(_CHOICE_LEVEL)[0], _POINTS, _QUALITY, _APART_PX)
    # None when there is nothing to choose, whatever the library's types say.
    start = np.asarray([] if chosen is None else chosen, np.float32)  # type: ignore[redundant-expr]
    if len(start) < _LEAST_POINTS:
        return STILL
    start *= 1 << (_CHOICE_LEVEL - _LEVEL)
    moved, found, _ = cv2.calcOpticalFlowPyrLK(
        old, new, start, start.copy(), winSize=_WINDOW, maxLevel=_PYRAMID
    )
    good = np.asarray(found).ravel() == 1
    if int(good.sum()) < _LEAST_POINTS:
        return STILL
    matrix, agreed = cv2.estimateAffinePartial2D(
        start[good], np.asarray(moved)[good], ransacReprojThreshold=_STRAY_PX
    )
    if np.shape(matrix) != (2, 3) or int(np.asarray(agreed).sum()) < _LEAST_POINTS:
        return STILL
    shrink = 1 << _LEVEL
    a, b = float(matrix[0, 0]), float(matrix[1, 0])
    motion = Motion(a, b, shrink * float(matrix[0, 2]), shrink * float(matrix[1, 2]))
    return motion if 1 / _MOST_SCALE < motion.scale < _MOST_SCALE else STILL
