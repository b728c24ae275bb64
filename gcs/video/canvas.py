"""A kept picture at the size in which boxes are followed, and how two of them are shifted."""

from dataclasses import dataclass, field

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Interpolation

from gcs.video.frame import Pixels

Floats = npt.NDArray[np.float32]
MOST_WIDTH = 640
_SMALL = (160, 90)
# Below this the two pictures have too little in common for their shift to mean anything.
_LEAST_RESPONSE = 0.08
# Clothes differ more in colour than in brightness, and colour is coded at low contrast.
_CHROMA_GAIN = 2.0
_HANNING = cv2.createHanningWindow(_SMALL, cv2.CV_32F)


@dataclass(frozen=True, slots=True)
class Shift:
    """How what stands still moved in the picture, in pixels of the canvas."""

    x: float = 0.0
    y: float = 0.0


@dataclass(slots=True, eq=False)
class Canvas:
    """Brightness and the two colour planes of half its size; views, not copies."""

    image: av.VideoFrame
    y: Pixels
    u: Pixels
    v: Pixels
    _small: Floats | None = field(default=None)

    @property
    def width(self) -> int:
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        return int(self.y.shape[0])

    def small(self) -> Floats:
        """Brightness, 160 x 90, made once."""
        if self._small is None:
            reduced = cv2.resize(self.y, _SMALL, interpolation=cv2.INTER_AREA)
            self._small = np.asarray(reduced, np.float32)
        return self._small

    def cut(self, left: int, top: int, width: int, height: int) -> Floats:
        """A rectangle as (height, width, 3). What lies outside the picture repeats its edge."""
        right, bottom = left + width, top + height
        # Whole colour samples, so that brightness and colour stay aligned.
        x0, y0 = max(left, 0) & ~1, max(top, 0) & ~1
        x1 = min((right + 1) & ~1, self.width)
        y1 = min((bottom + 1) & ~1, self.height)
        size = (x1 - x0, y1 - y0)
        planes = [self.y[y0:y1, x0:x1].astype(np.float32)]
        for plane in (self.u, self.v):
            half = plane[y0 // 2 : (y1 + 1) // 2, x0 // 2 : (x1 + 1) // 2]
            coloured = (half.astype(np.float32) - 128.0) * _CHROMA_GAIN
            planes.append(cv2.resize(coloured, size, interpolation=cv2.INTER_LINEAR))  # type: ignore[arg-type]
        whole = np.dstack(planes)
        inside = whole[max(top - y0, 0) : bottom - y0, max(left - x0, 0) : right - x0]
        pads = (
            (max(-top, 0), height - inside.shape[0] - max(-top, 0)),
            (max(-left, 0), width - inside.shape[1] - max(-left, 0)),
            (0, 0),
        )
        padded = np.pad(inside, pads, mode="edge") if any(map(any, pads)) else inside
        return np.ascontiguousarray(padded, np.float32)


def canvas_of(image: av.VideoFrame) -> Canvas:
    """Keeps the decoded picture itself where it is small enough, else a smaller one."""
    if image.format.name != "yuv420p" or image.width > MOST_WIDTH:
        width = min(image.width, MOST_WIDTH) & ~1
        height = max(2, round(image.height * width / image.width) & ~1)
        image = image.reformat(
            width, height, "yuv420p", interpolation=Interpolation.FAST_BILINEAR, threads=1
        )
    y, u, v = (_plane(plane) for plane in image.planes)
    return Canvas(image, y, u, v)


def shift_between(before: Canvas, after: Canvas) -> Shift:
    """By the phase of the whole pictures; none where they have too little in common."""
    if (before.width, before.height) != (after.width, after.height):
        return Shift()
    (x, y), response = cv2.phaseCorrelate(before.small(), after.small(), _HANNING)
    if response < _LEAST_RESPONSE:
        return Shift()
    return Shift(x * after.width / _SMALL[0], y * after.height / _SMALL[1])


def _plane(plane: av.video.plane.VideoPlane) -> Pixels:
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]
