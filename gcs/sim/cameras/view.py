"""A camera's projection: world metres (east, north, up) to pixels. Pure geometry, no drawing.

The camera never rolls: the gimbal keeps the horizon level.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Points = npt.NDArray[np.int32]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Shapes = npt.NDArray[np.object_]

NEAR_M = 0.25
SHIFT = 4  # fractional bits of the coordinates that cv2 draws with
_MOST_PX = 2.0**20  # beyond it a polygon's edge is as good as straight


@dataclass(frozen=True)
class View:
    """`eye`: (east, north, up). `fov_deg` is horizontal. `scale` pixels are drawn for each one
    that is sent, so that edges come out smooth.
    """

    eye: tuple[float, float, float]
    heading_deg: float
    pitch_deg: float
    fov_deg: float
    width: int
    height: int
    scale: int = 1

    @cached_property
    def focal_px(self) -> float:
        """Sent pixels for one radian in the middle."""
        return self.width / 2.0 / math.tan(math.radians(self.fov_deg) / 2.0)

    @property
    def vertical_fov_deg(self) -> float:
        """The picture's height in degrees."""
        return 2.0 * math.degrees(math.atan(self.height / 2.0 / self.focal_px))

    @cached_property
    def axes(self) -> Array:
        """Rows: right, down, forward, as unit vectors of the world."""
        heading, pitch = math.radians(self.heading_deg), math.radians(self.pitch_deg)
        sin, cos = math.sin(heading), math.cos(heading)
        up, level = math.sin(pitch), math.cos(pitch)
        return np.array(
            [
                [cos, -sin, 0.0],
                [sin * up, cos * up, -level],
                [sin * level, cos * level, up],
            ]
        )

    @cached_property
    def origin(self) -> Array:
        """`eye` as an array."""
        return np.array(self.eye)

    @cached_property
    def horizon_px(self) -> float:
        """Row of the horizon in sent pixels; far outside the picture for a steep view."""
        level = max(1e-6, math.cos(math.radians(self.pitch_deg)))
        return self.height / 2.0 + self.focal_px * math.sin(math.radians(self.pitch_deg)) / level

    def camera(self, world: Array) -> Array:
        """(..., 3) of the world to (..., 3) right, down, forward of the eye."""
        seen: Array = (world - self.origin) @ self.axes.T
        return seen

    def pixels(self, seen: Array) -> Array:
        """(n, 3) of the camera, all in front of it, to sent pixels (n, 2)."""
        middle = np.array([self.width / 2.0, self.height / 2.0])
        found: Array = seen[:, :2] * (self.focal_px / seen[:, 2:3]) + middle
        return found

    def drawn(self, seen: Array) -> Points:
        """(n, 3) of the camera, in front of it, to what cv2 draws with SHIFT bits."""
        return self.fixed(self.pixels(seen))

    def fixed(self, pixels: Array) -> Points:
        """Sent pixels to cv2's fixed point; cv2 counts from a pixel's middle."""
        near = np.clip(pixels * self.scale - 0.5, -_MOST_PX, _MOST_PX)
        return np.rint(near * (1 << SHIFT)).astype(np.int32)

    def shows(self, pixels: Array) -> Flags:
        """Which faces (n, k, 2) of sent pixels may touch the picture."""
        low, high = pixels.min(axis=1), pixels.max(axis=1)
        found: Flags = ((high > 0.0) & (low < (self.width, self.height))).all(axis=1)
        return found

    def within(self, centres: Array, radii: Array, far_m: float) -> Flags:
        """Which spheres (n, 3), (n,) may be seen no farther off than `far_m`."""
        right, down, ahead = self.camera(centres).T
        ok: Flags = (ahead > NEAR_M - radii) & (ahead < far_m + radii)
        for offset, half_px in ((right, self.width / 2.0), (down, self.height / 2.0)):
            slope = half_px / self.focal_px
            ok &= np.abs(offset) < ahead * slope + radii * math.hypot(1.0, slope)
        return ok

    def ground_at(self, pixel: tuple[float, float]) -> tuple[float, float] | None:
        """Where on the street (up = 0) a sent pixel lies: (east, north); None for the sky."""
        side = np.array([pixel[0] - self.width / 2.0, pixel[1] - self.height / 2.0, self.focal_px])
        ray = side @ self.axes
        if ray[2] >= -1e-9:
            return None
        reach = -self.eye[2] / ray[2]
        return self.eye[0] + float(ray[0]) * reach, self.eye[1] + float(ray[1]) * reach


def raised(flat: Array, up_m: Array | float) -> Array:
    """Places (..., 2) at a height: (..., 3)."""
    found = np.empty((*flat.shape[:-1], 3))
    found[..., :2] = flat
    found[..., 2] = up_m
    return found


def clip_near(polygon: Array) -> Array:
    """A polygon of the camera (n, 3) without what lies nearer than NEAR_M; (m, 3)."""
    ahead = polygon[:, 2]
    inside = ahead > NEAR_M
    if inside.all():
        return polygon
    if not inside.any():
        return polygon[:0]
    kept: list[Array] = []
    for i, j in zip(range(len(polygon)), [*range(1, len(polygon)), 0], strict=True):
        if inside[i]:
            kept.append(polygon[i])
        if inside[i] != inside[j]:
            share = (NEAR_M - ahead[i]) / (ahead[j] - ahead[i])
            kept.append(polygon[i] + share * (polygon[j] - polygon[i]))
    found = np.array(kept)
    found[:, 2] = np.maximum(found[:, 2], NEAR_M)
    return found
