"""The images of a simulated alert: probe crop, still, watchlist portrait. Blocking; drawn people.

Only what the camera's picture holds: nothing is sharpened or invented.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt

from gcs.model.alert import Box

Picture = npt.NDArray[np.uint8]
Portrait = Callable[[Any, int, int], Picture]

PORTRAIT_PX = (240, 300)
CELL_PX = 16
JPEG_QUALITY = 88
# A smaller face says nothing: then the probe is the whole person.
LEAST_FACE_PX = 20.0
_HEAD_SHARE = 0.13  # of a standing person's height
_SHARP = 150.0  # variance of the Laplacian at which a picture counts as half blurred


@dataclass(frozen=True, slots=True)
class AlertImages:
    """Encoded, with what can be measured of the probe."""

    probe: bytes
    still: bytes
    candidate: bytes
    face_px: float
    blur: float


def draw(
    picture: Picture, box: Box, face: Box | None, looks: object, portrait: Portrait
) -> AlertImages:
    """All three images of a person in a picture."""
    height = picture.shape[0]
    face_px = (face.height if face else _HEAD_SHARE * box.height) * height
    large = face is not None and face_px >= LEAST_FACE_PX
    probe = crop(picture, face, 0.7) if large and face else crop(picture, box, 0.0)
    return AlertImages(
        probe=_encoded(".png", probe),
        still=_encoded(".jpg", pixelated(picture, box)),
        candidate=_encoded(".jpg", portrait(looks, *PORTRAIT_PX)),
        face_px=face_px,
        blur=_blur(probe),
    )


def crop(picture: Picture, box: Box, margin: float) -> Picture:
    """The box with a margin (a share of its size), as it is in the picture."""
    more = Box(
        max(0.0, box.left - margin * box.width),
        max(0.0, box.top - margin * box.height),
        *_within(box, margin),
    )
    left, top, right, bottom = edges(picture, more)
    return picture[top:bottom, left:right].copy()


def pixelated(picture: Picture, box: Box) -> Picture:
    """The picture with everything outside the box in coarse cells."""
    height, width = picture.shape[:2]
    cells = (max(1, width // CELL_PX), max(1, height // CELL_PX))
    coarse = cv2.resize(picture, cells, interpolation=cv2.INTER_AREA)
    still = cast(Picture, cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST))
    left, top, right, bottom = edges(picture, box)
    still[top:bottom, left:right] = picture[top:bottom, left:right]
    return still


def edges(picture: Picture, box: Box) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a box in whole pixels, never empty."""
    height, width = picture.shape[:2]
    left, top = int(box.left * width), int(box.top * height)
    right = max(left + 1, round((box.left + box.width) * width))
    bottom = max(top + 1, round((box.top + box.height) * height))
    return left, top, min(width, right), min(height, bottom)


def _within(box: Box, margin: float) -> tuple[float, float]:
    left, top = max(0.0, box.left - margin * box.width), max(0.0, box.top - margin * box.height)
    right = min(1.0, box.left + (1.0 + margin) * box.width)
    bottom = min(1.0, box.top + (1.0 + margin) * box.height)
    return right - left, bottom - top


def _blur(probe: Picture) -> float:
    """0 sharp to 1 blurred."""
    grey = cv2.cvtColor(probe, cv2.COLOR_BGR2GRAY)
    return 1.0 / (1.0 + float(cv2.Laplacian(grey, cv2.CV_64F).var()) / _SHARP)


def _encoded(kind: str, picture: Picture) -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if kind == ".jpg" else []
    ok, data = cv2.imencode(kind, picture, options)
    if not ok:
        raise ValueError(f"a picture of shape {picture.shape} cannot be encoded as {kind}")
    return data.tobytes()
