"""A kept picture at the size in which boxes are followed, cut to patches."""

import math
from dataclasses import dataclass

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Interpolation

from gcs.video.frame import Pixels

Floats = npt.NDArray[np.float32]
MOST_WIDTH = 640
_MOST_LEVEL = 4
_SAMPLING = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
# Clothes differ more in colour than in brightness, and colour is coded at low contrast.
_CHROMA_GAIN = 2.0


@dataclass(slots=True, eq=False)
class Canvas:
    """Brightness and two colour planes of half its size: views of the picture, not copies."""

    image: av.VideoFrame
    levels: list[tuple[Pixels, Pixels, Pixels]]

    @property
    def width(self) -> int:
        return int(self.levels[0][0].shape[1])

    @property
    def height(self) -> int:
        return int(self.levels[0][0].shape[0])

    def level(self, number: int) -> tuple[Pixels, Pixels, Pixels]:
        """The planes halved `number` times; made once."""
        while len(self.levels) <= number:
            self.levels.append(_half(self.levels[-1]))
        return self.levels[number]

    def sample(self, x: float, y: float, step: float, width: int, height: int) -> Floats:
        """A grid of (height, width, 3) samples, `step` pixels apart, its middle at (x, y).

        What lies outside the picture repeats its edge.
        """
        level = min(max(int(math.log2(step)), 0), _MOST_LEVEL) if step > 1.0 else 0
        planes = []
        for number, plane in enumerate(self.level(level)):
            shrink = 1 << level if number == 0 else 2 << level
            matrix = np.array(
                [
                    [step / shrink, 0.0, (x - step * (width - 1) / 2) / shrink],
                    [0.0, step / shrink, (y - step * (height - 1) / 2) / shrink],
                ]
            )
            planes.append(
                cv2.warpAffine(
                    plane, matrix, (width, height), flags=_SAMPLING, borderMode=cv2.BORDER_REPLICATE
                )
            )
        whole = np.dstack(planes).astype(np.float32)
        whole[..., 1:] *= _CHROMA_GAIN
        return whole


def canvas_of(image: av.VideoFrame) -> Canvas:
    """Keeps the decoded picture itself where it is small enough, else a smaller one."""
    if image.format.name != "yuv420p" or image.width > MOST_WIDTH:
        width = min(image.width, MOST_WIDTH) & ~1
        height = max(2, round(image.height * width / image.width) & ~1)
        image = image.reformat(
            width, height, "yuv420p", interpolation=Interpolation.FAST_BILINEAR, threads=1
        )
    y, u, v = (_plane(plane) for plane in image.planes)
    return Canvas(image, [(y, u, v)])


def _plane(plane: av.video.plane.VideoPlane) -> Pixels:
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def _half(planes: tuple[Pixels, Pixels, Pixels]) -> tuple[Pixels, Pixels, Pixels]:
    y, u, v = (np.asarray(cv2.pyrDown(plane), np.uint8) for plane in planes)
    return y, u, v
