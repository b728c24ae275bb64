"""One box from one picture to the next: a bounded search for the same patch, and when to give up.

It gives up rather than guess: a low score, a second place that fits as well, a box that leaves
the picture or becomes too small.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from gcs.model.alert import Box
from gcs.video.canvas import Canvas, Floats
from gcs.video.motion import Motion

LEAST_BOX_PX = 2.0
# A very small box is followed together with what is around it.
LEAST_REGION_PX = (5.0, 11.0)
# Patches are compared at this height: enough to tell people apart, and cheap.
MOST_PATCH = 21
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
_SPEED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class _Match:
    """Where, in samples from the middle of the window, and how well."""

    score: float
    x: float
    y: float
    ambiguous: bool


class TrackedPatch:
    """A box in canvas pixels, its patch as last seen and its own speed over the ground.

    The patch is a grid of samples `step` pixels apart, so that its size stays when the box's
    does not.
    """

    def __init__(self, canvas: Canvas, box: Box) -> None:
        self._canvas_size = canvas.width, canvas.height
        self._width = box.width * canvas.width
        self._height = box.height * canvas.height
        # Pixels are counted at their middles here, a box at its edges.
        self._x = (box.left + box.width / 2) * canvas.width - 0.5
        self._y = (box.top + box.height / 2) * canvas.height - 0.5
        self._speed = (0.0, 0.0)
        self._weak = 0
        height = max(self._height, LEAST_REGION_PX[1])
        self._rows = min(MOST_PATCH, round(height) | 1)
        self._step = height / self._rows
        width = max(self._width, LEAST_REGION_PX[0])
        self._columns = min(2 * MOST_PATCH + 1, round(width / self._step) | 1)
        self._patch = self._look(canvas)
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
        x, y = self._x + 0.5, self._y + 0.5
        left = min(max((x - self._width / 2) / width, 0.0), 1.0 - 1e-3)
        top = min(max((y - self._height / 2) / height, 0.0), 1.0 - 1e-3)
        right = min(max((x + self._width / 2) / width, left + 1e-3), 1.0)
        bottom = min(max((y + self._height / 2) / height, top + 1e-3), 1.0)
        return Box(left, top, right - left, bottom - top)

    def step(self, canvas: Canvas, motion: Motion, step_us: int) -> bool:
        """Follow into the next picture; False when in doubt, and then for good."""
        if (canvas.width, canvas.height) != self._canvas_size:
            return False
        step_s = max(step_us, 1) / 1e6
        self._move(motion)
        expected = self._x + self._speed[0] * step_s, self._y + self._speed[1] * step_s
        match = self._search(canvas, expected, step_s)
        if match.ambiguous or match.score < LOST_SCORE:
            return False
        self._weak = self._weak + 1 if match.score < WEAK_SCORE else 0
        if self._weak >= MOST_WEAK:
            return False
        # What the expectation was off by is the person's own walk, which it did not know yet.
        off = match.x * self._step, match.y * self._step
        self._speed = (
            self._speed[0] + _SPEED_SHARE * off[0] / step_s,
            self._speed[1] + _SPEED_SHARE * off[1] / step_s,
        )
        self._x, self._y = expected[0] + off[0], expected[1] + off[1]
        return not self._left() and self._still_alike(canvas, match.score)

    def _move(self, motion: Motion) -> None:
        """With the ground that the person stands on."""
        self._x, self._y = motion.point(self._x, self._y)
        self._speed = motion.vector(*self._speed)
        self._step *= motion.scale
        self._width *= motion.scale
        self._height *= motion.scale

    def _look(self, canvas: Canvas) -> Floats:
        return canvas.sample(self._x, self._y, self._step, self._columns, self._rows)

    def _search(self, canvas: Canvas, expected: tuple[float, float], step_s: float) -> _Match:
        """The best place within reach of where the person is expected."""
        tall = self._rows * self._step
        reach = min(_SLACK_PX + _HEIGHTS_PER_S * tall * step_s, _MOST_RADIUS_PX) / self._step
        margin = math.ceil(reach) + max(self._columns, self._rows) // 2
        window = canvas.sample(
            *expected, self._step, self._columns + 2 * margin, self._rows + 2 * margin
        )
        return _match(window, self._patch, reach)

    def _still_alike(self, canvas: Canvas, score: float) -> bool:
        """Learn slowly from good matches, and hold against the person as first seen."""
        seen = self._look(canvas)
        if _likeness(seen, self._first) < LEAST_LIKENESS:
            return False
        if score >= LEARN_SCORE:
            self._patch = self._patch + LEARN_SHARE * (seen - self._patch)
        return True

    def _left(self) -> bool:
        """Too small, or too much of it beyond the edge."""
        if min(self._width, self._height) < LEAST_BOX_PX:
            return True
        box = self.box
        inside = box.width * box.height * self._canvas_size[0] * self._canvas_size[1]
        return inside < (1.0 - MOST_OUTSIDE) * self._width * self._height


def _match(window: Floats, patch: Floats, reach: float) -> _Match:
    height, width = patch.shape[:2]
    found = cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED, mask=_oval(width, height))
    scores = np.nan_to_num(np.asarray(found, np.float32), nan=-1.0, posinf=-1.0, neginf=-1.0)
    middle = (scores.shape[1] - 1) / 2, (scores.shape[0] - 1) / 2
    rows, columns = np.ogrid[: scores.shape[0], : scores.shape[1]]
    far = np.hypot(columns - middle[0], rows - middle[1])
    reachable = np.where(far <= reach + 0.5, scores, -1.0)
    row, column = divmod(int(reachable.argmax()), scores.shape[1])
    best = float(scores[row, column])
    # Another person beside this one is at least half a width away.
    beside = np.maximum(np.abs(columns - column) / width, np.abs(rows - row) / height)
    second = float(np.where((beside > 0.5) & (far <= 2 * reach + 2), scores, -1.0).max())
    return _Match(
        score=best,
        x=column + _peak(scores[row, :], column) - middle[0],
        y=row + _peak(scores[:, column], row) - middle[1],
        ambiguous=second > best - AMBIGUOUS_WITHIN,
    )


def _peak(line: Floats, at: int) -> float:
    """Where between the samples the top lies, -0.5 to 0.5."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, top, after = (float(line[i]) for i in (at - 1, at, at + 1))
    curve = before - 2 * top + after
    return 0.5 * (before - after) / curve if curve < 0 and max(before, after) <= top else 0.0


@lru_cache(maxsize=64)
def _oval(width: int, height: int) -> Floats:
    """Weighs the person, who stands upright in the middle, over the ground in the corners."""
    x = (np.arange(width) - (width - 1) / 2) / (0.36 * width)
    y = (np.arange(height) - (height - 1) / 2) / (0.52 * height)
    inside = (x[None, :] ** 2 + y[:, None] ** 2 <= 1.0).astype(np.float32)
    return np.ascontiguousarray(np.dstack([inside] * 3))


def _likeness(one: Floats, other: Floats) -> float:
    score = cv2.matchTemplate(
        one, other, cv2.TM_CCOEFF_NORMED, mask=_oval(one.shape[1], one.shape[0])
    )
    return float(np.asarray(score).flat[0])
