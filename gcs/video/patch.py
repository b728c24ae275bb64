"""One box from one picture to the next: a bounded search for the same patch, and when to give up.

It gives up rather than guess: a low score, a second place that fits as well, a box that leaves
the picture or becomes too small.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from gcs.model.alert import Box
from gcs.video.canvas import Canvas, Floats, Shift

LEAST_BOX_PX = 2.0
# A very small box is followed together with what is around it.
LEAST_REGION_PX = 14.0
LEAST_CONTRAST = 4.0
LOST_SCORE = 0.55
WEAK_SCORE = 0.70
MOST_WEAK = 3
LEARN_SCORE = 0.85
LEARN_SHARE = 0.08
# Another place that fits nearly as well: nobody can tell which is the person.
AMBIGUOUS_WITHIN = 0.10
MOST_OUTSIDE = 0.3
# What is left of the person as first seen; less, and the patch has become something else.
LEAST_LIKENESS = 0.35
# Of their own height, people move at most so much a second in the picture (3 m/s of 1.75 m).
_HEIGHTS_PER_S = 1.7
_SLACK_PX = 3.0
_MOST_RADIUS_PX = 48.0
_SCALES = (1.0, 0.96, 1.04)
_SCALE_BELOW = 0.93
_SPEED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class _Match:
    score: float
    x: float
    y: float
    scale: float
    ambiguous: bool


class TrackedPatch:
    """A box in canvas pixels, its patch as last seen and its own speed over the ground."""

    def __init__(self, canvas: Canvas, box: Box) -> None:
        self._canvas_size = canvas.width, canvas.height
        self._width = box.width * canvas.width
        self._height = box.height * canvas.height
        self._x = (box.left + box.width / 2) * canvas.width
        self._y = (box.top + box.height / 2) * canvas.height
        self._speed = (0.0, 0.0)
        self._weak = 0
        self._patch = self._cut(canvas)
        self._first = self._patch

    @classmethod
    def begin(cls, canvas: Canvas, box: Box) -> "TrackedPatch | None":
        """None for a box that cannot be followed: too small, or nothing in it to hold on to."""
        if min(box.width * canvas.width, box.height * canvas.height) < LEAST_BOX_PX:
            return None
        patch = cls(canvas, box)
        return patch if float(patch._patch[..., 0].std()) >= LEAST_CONTRAST else None

    @property
    def box(self) -> Box:
        """Cut at the picture's edge."""
        width, height = self._canvas_size
        left = min(max((self._x - self._width / 2) / width, 0.0), 1.0 - 1e-3)
        top = min(max((self._y - self._height / 2) / height, 0.0), 1.0 - 1e-3)
        right = min(max((self._x + self._width / 2) / width, left + 1e-3), 1.0)
        bottom = min(max((self._y + self._height / 2) / height, top + 1e-3), 1.0)
        return Box(left, top, right - left, bottom - top)

    def step(self, canvas: Canvas, shift: Shift, step_us: int) -> bool:
        """Follow into the next picture; False when in doubt, and then for good."""
        if (canvas.width, canvas.height) != self._canvas_size:
            return False
        step_s = step_us / 1e6
        x = self._x + shift.x + self._speed[0] * step_s
        y = self._y + shift.y + self._speed[1] * step_s
        match = self._search(canvas, x, y, step_s)
        if match is None or match.ambiguous or match.score < LOST_SCORE:
            return False
        self._weak = self._weak + 1 if match.score < WEAK_SCORE else 0
        if self._weak >= MOST_WEAK:
            return False
        self._go(match, shift, step_s)
        return not self._left() and self._still_alike(canvas, match)

    def _region(self) -> tuple[int, int]:
        """Width and height of the patch, odd so that it has a centre."""
        return (
            round(max(self._width, LEAST_REGION_PX)) | 1,
            round(max(self._height, LEAST_REGION_PX)) | 1,
        )

    def _cut(self, canvas: Canvas) -> Floats:
        width, height = self._region()
        left, top = round(self._x - width / 2), round(self._y - height / 2)
        return canvas.cut(left, top, width, height)

    def _search(self, canvas: Canvas, x: float, y: float, step_s: float) -> _Match | None:
        """The best place within reach, at one of a few scales."""
        height, width = self._patch.shape[:2]
        reach = min(_SLACK_PX + _HEIGHTS_PER_S * height * step_s, _MOST_RADIUS_PX)
        margin = math.ceil(reach) + max(width, height) // 2
        left, top = round(x - width / 2) - margin, round(y - height / 2) - margin
        if not self._within(canvas, x, y):
            return None
        window = canvas.cut(left, top, width + 2 * margin, height + 2 * margin)
        best: _Match | None = None
        for scale in _SCALES:
            found = _match(window, self._patch, scale, (x - left, y - top), reach)
            if best is None or found.score > best.score + 0.01:
                best = _Match(found.score, left + found.x, top + found.y, scale, found.ambiguous)
            if best.score >= _SCALE_BELOW:
                break
        return best

    def _go(self, match: _Match, shift: Shift, step_s: float) -> None:
        if step_s > 0:
            own = ((match.x - self._x - shift.x) / step_s, (match.y - self._y - shift.y) / step_s)
            self._speed = (
                self._speed[0] + _SPEED_SHARE * (own[0] - self._speed[0]),
                self._speed[1] + _SPEED_SHARE * (own[1] - self._speed[1]),
            )
        self._x, self._y = match.x, match.y
        self._width *= match.scale
        self._height *= match.scale

    def _still_alike(self, canvas: Canvas, match: _Match) -> bool:
        """Learn slowly from good matches, and hold against the person as first seen."""
        seen = self._cut(canvas)
        size = seen.shape[1], seen.shape[0]
        first = cv2.resize(self._first, size, interpolation=cv2.INTER_LINEAR)
        if _likeness(seen, np.asarray(first, np.float32)) < LEAST_LIKENESS:
            return False
        known = np.asarray(cv2.resize(self._patch, size), np.float32)
        share = LEARN_SHARE if match.score >= LEARN_SCORE else 0.0
        self._patch = known + share * (seen - known)
        return True

    def _within(self, canvas: Canvas, x: float, y: float) -> bool:
        return 0.0 <= x < canvas.width and 0.0 <= y < canvas.height

    def _left(self) -> bool:
        """Too small, or too much of it beyond the edge."""
        if min(self._width, self._height) < LEAST_BOX_PX:
            return True
        box = self.box
        inside = box.width * box.height * self._canvas_size[0] * self._canvas_size[1]
        return inside < (1.0 - MOST_OUTSIDE) * self._width * self._height


def _match(
    window: Floats, patch: Floats, scale: float, centre: tuple[float, float], reach: float
) -> _Match:
    if scale != 1.0:
        size = (round(patch.shape[1] * scale) | 1, round(patch.shape[0] * scale) | 1)
        patch = np.asarray(cv2.resize(patch, size, interpolation=cv2.INTER_LINEAR), np.float32)
    height, width = patch.shape[:2]
    scores = np.asarray(cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED), np.float32)
    np.nan_to_num(scores, copy=False, nan=-1.0, posinf=-1.0, neginf=-1.0)
    rows, columns = np.ogrid[: scores.shape[0], : scores.shape[1]]
    far = np.hypot(columns + width / 2 - centre[0], rows + height / 2 - centre[1])
    reachable = np.where(far <= reach + 0.5, scores, -1.0)
    row, column = divmod(int(reachable.argmax()), scores.shape[1])
    best = float(reachable[row, column])
    # Another person beside this one is at least half a width away.
    beside = np.maximum(np.abs(columns - column) / width, np.abs(rows - row) / height)
    second = float(np.where((beside > 0.5) & (far <= 2 * reach + 2), scores, -1.0).max())
    x = column + _peak(scores[row, :], column) + width / 2
    y = row + _peak(scores[:, column], row) + height / 2
    return _Match(best, x, y, scale, second > best - AMBIGUOUS_WITHIN)


def _peak(line: Floats, at: int) -> float:
    """Where between the samples the top lies, -0.5 to 0.5."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, top, after = (float(line[i]) for i in (at - 1, at, at + 1))
    curve = before - 2 * top + after
    return 0.5 * (before - after) / curve if curve < 0 and max(before, after) <= top else 0.0


def _likeness(one: Floats, other: Floats) -> float:
    score = cv2.matchTemplate(one, other, cv2.TM_CCOEFF_NORMED)
    return float(np.asarray(score).flat[0])
