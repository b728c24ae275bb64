"""Pictures of drawn people who walk, with where each truly is, for tests of following a box."""

from dataclasses import dataclass
from functools import lru_cache

import av
import cv2
import numpy as np
import numpy.typing as npt

from gcs.model.alert import Box
from gcs.video.frame import Pixels

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Figure:
    """Feet at (x, y) in pixels of the ground at time 0, walking (vx, vy) pixels a second."""

    x: float
    y: float
    vx: float
    vy: float
    height: float
    top: Colour
    legs: Colour

    def feet(self, at_s: float) -> tuple[float, float]:
        return self.x + self.vx * at_s, self.y + self.vy * at_s


@dataclass(frozen=True)
class View:
    """Where the camera's picture begins on the ground, and how large the ground is in it."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0


class Street:
    """A textured ground with figures on it; later figures stand before earlier ones."""

    def __init__(self, *figures: Figure, size: tuple[int, int] = (640, 360), seed: int = 3) -> None:
        self.figures = figures
        self.size = size
        self._noise = np.random.default_rng(seed)
        rough = self._noise.integers(60, 200, (90, 160, 3), np.uint8)
        ground = cv2.resize(rough, (1280, 720), interpolation=cv2.INTER_CUBIC)
        self._ground = cv2.GaussianBlur(ground, (5, 5), 1.2)
        self.post: int | None = None

    def box(self, figure: Figure, at_s: float, view: View) -> Box | None:
        """Where it truly is; None when not wholly in the picture."""
        x, y = self._pixel(figure, at_s, view)
        height = figure.height * view.zoom
        left, top, width = x - 0.2 * height, y - height, 0.4 * height
        if left < 0 or top < 0 or left + width > self.size[0] or y > self.size[1]:
            return None
        return Box(
            left / self.size[0], top / self.size[1], width / self.size[0], height / self.size[1]
        )

    def image(self, at_s: float, view: View | None = None) -> Pixels:
        """B G R, with the noise of a sensor."""
        view = view or View()
        matrix = np.array(
            [[view.zoom, 0, -view.x * view.zoom], [0, view.zoom, -view.y * view.zoom]], np.float64
        )
        picture = cv2.warpAffine(
            self._ground, matrix, self.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        for figure in self.figures:
            self._draw(picture, figure, at_s, view)
        if self.post is not None:
            cv2.rectangle(picture, (self.post, 0), (self.post + 40, self.size[1]), (90, 95, 90), -1)
        grain = _grain(picture.size + _SHIFTS)
        begin = int(self._noise.integers(_SHIFTS))
        noise = grain[begin : begin + picture.size].reshape(picture.shape)
        return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), np.uint8)

    def frame(self, at_s: float, view: View | None = None) -> av.VideoFrame:
        """As a decoder gives it."""
        planes = cv2.cvtColor(self.image(at_s, view), cv2.COLOR_BGR2YUV_I420)
        return av.VideoFrame.from_ndarray(np.asarray(planes, np.uint8), format="yuv420p")

    def _pixel(self, figure: Figure, at_s: float, view: View) -> tuple[float, float]:
        x, y = figure.feet(at_s)
        return (x - view.x) * view.zoom, (y - view.y) * view.zoom

    def _draw(self, picture: cv2.typing.MatLike, figure: Figure, at_s: float, view: View) -> None:
        x, y = self._pixel(figure, at_s, view)
        h = figure.height * view.zoom
        swing = 0.12 * h * np.sin(2 * np.pi * 1.8 * at_s)
        hip = (x, y - 0.45 * h)
        thick = max(1, round(0.09 * h))
        for foot in (x - swing, x + swing):
            _line(picture, hip, (foot, y), figure.legs, thick)
        _ellipse(picture, (x, y - 0.62 * h), (0.15 * h, 0.22 * h), figure.top)
        _ellipse(picture, (x, y - 0.91 * h), (0.075 * h, 0.09 * h), (120, 150, 200))


_SHIFTS = 100_000  # places in it where a picture's noise may begin


@lru_cache(maxsize=4)
def _grain(count: int) -> npt.NDArray[np.int16]:
    """Noise to cut from: drawing as much anew for each picture takes longer than to follow it."""
    noise = np.random.default_rng(4).normal(0.0, 3.0, count)
    return np.asarray(np.rint(noise), np.int16)


_SHIFT = 4
_ONE = 1 << _SHIFT


def _point(x: float, y: float) -> tuple[int, int]:
    return round(x * _ONE), round(y * _ONE)


def _line(
    picture: cv2.typing.MatLike,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: Colour,
    thick: int,
) -> None:
    cv2.line(picture, _point(*start), _point(*end), colour, thick, cv2.LINE_AA, _SHIFT)


def _ellipse(
    picture: cv2.typing.MatLike,
    centre: tuple[float, float],
    axes: tuple[float, float],
    colour: Colour,
) -> None:
    cv2.ellipse(picture, _point(*centre), _point(*axes), 0, 0, 360, colour, -1, cv2.LINE_AA, _SHIFT)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    height = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one.width * one.height + other.width * other.height - shared)
