"""Flat faces waiting to be painted, far ones first. It projects, clips and sorts; cv2 paints."""

import cv2
import numpy as np

from gcs.sim.cameras.view import NEAR_M, SHIFT, Array, Flags, Index, Points, View, clip_near
from gcs.video.frame import Pixels

Colour = tuple[float, float, float]
Picture = Pixels


class Faces:
    """Collects faces with their keys; `paint` draws them by rising key, in one sweep."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._quads: list[tuple[Array, Array, Array]] = []
        self._keys: list[Array] = []
        self._points: list[list[Points]] = []
        self._colours: list[Array] = []

    def add(self, corners: Array, colours: Array, keys: Array) -> None:
        """Convex faces (n, 4, 3) of the world with (n, 3) colours."""
        if len(corners):
            self._quads.append((corners, colours, keys))

    def add_fixed(self, points: Points, colours: Array, keys: Array) -> None:
        """Convex faces already projected: (n, k, 2)."""
        self._take([[p] for p in points], colours, keys)

    def add_groups(self, corners: Array, owner: Index, colours: Array, keys: Array) -> None:
        """Faces (n, 4, 3) that do not overlap, painted at once for each rising `owner`."""
        seen = self._view.camera(corners.reshape(-1, 3)).reshape(corners.shape)
        whole = seen[:, :, 2].min(axis=1) > NEAR_M
        pixels = self._view.pixels(seen[whole].reshape(-1, 3)).reshape(-1, 4, 2)
        inside = self._view.shows(pixels)
        fixed = self._view.fixed(pixels[inside])
        bounds = np.searchsorted(owner[whole][inside], np.arange(len(colours) + 1)).tolist()
        kept = [i for i in range(len(colours)) if bounds[i] < bounds[i + 1]]
        groups = [[*fixed[bounds[i] : bounds[i + 1]], _NOTHING] for i in kept]
        self._take(groups, colours[kept], keys[kept])

    def add_discs(self, middles: Array, radii: Array, colours: Array, keys: Array) -> None:
        """Round things (n, 3), each wholly in front of the eye, alike from every side."""
        seen = self._view.camera(middles)
        pixels = self._view.pixels(seen)
        size = radii * self._view.focal_px / seen[:, 2]
        rim = size[:, None, None] * _UNIT_CIRCLE
        self.add_fixed(self._view.fixed(pixels[:, None] + rim), colours, keys)

    def add_rings(self, corners: Array, begins: Index, colours: Array, keys: Array) -> None:
        """Polygons of any shape: ring i is corners[begins[i]:begins[i + 1]] (n, 3)."""
        points, kept = project_rings(self._view, corners, begins)
        self._take([[p, _NOTHING] for p in points], colours[kept], keys[kept])

    def paint(self, picture: Picture) -> None:
        """Draw them all."""
        self._project()
        if not self._keys:
            return
        tones = np.concatenate(self._colours).tolist()
        for i in np.argsort(np.concatenate(self._keys), kind="stable").tolist():
            points = self._points[i]
            if len(points) == 1:
                cv2.fillConvexPoly(picture, points[0], tones[i], cv2.LINE_8, SHIFT)
            else:
                cv2.fillPoly(picture, points, tones[i], cv2.LINE_8, SHIFT)

    def _take(self, points: list[list[Points]], colours: Array, keys: Array) -> None:
        if points:
            self._points.extend(points)
            self._colours.append(colours)
            self._keys.append(keys)

    def _project(self) -> None:
        if not self._quads:
            return
        corners, colours, keys = (np.concatenate(part) for part in zip(*self._quads, strict=True))
        self._quads.clear()
        seen = self._view.camera(corners.reshape(-1, 3)).reshape(-1, 4, 3)
        whole = seen[:, :, 2].min(axis=1) > NEAR_M
        pixels = self._view.pixels(seen[whole].reshape(-1, 3)).reshape(-1, 4, 2)
        inside = self._view.shows(pixels)
        size = pixels.max(axis=1) - pixels.min(axis=1)
        inside &= size[:, 0] * size[:, 1] > _LEAST_PX2
        self.add_fixed(
            self._view.fixed(pixels[inside]), colours[whole][inside], keys[whole][inside]
        )
        cut = np.flatnonzero(~whole & (seen[:, :, 2].max(axis=1) > NEAR_M))
        clipped = [[self._view.drawn(clip_near(seen[i]))] for i in cut.tolist()]
        self._take(clipped, colours[cut], keys[cut])


def project_rings(view: View, corners: Array, begins: Index) -> tuple[list[Points], Index]:
    """The rings that show, as cv2 draws them, and which ones these are."""
    if len(begins) < 2:
        return [], np.zeros(0, dtype=np.intp)
    seen = view.camera(corners)
    first = begins[:-1]
    whole: Flags = np.minimum.reduceat(seen[:, 2], first) > NEAR_M
    pixels = view.pixels(np.maximum(seen, (-np.inf, -np.inf, NEAR_M)))
    low = np.minimum.reduceat(pixels, first, axis=0)
    high = np.maximum.reduceat(pixels, first, axis=0)
    inside = ((high > 0.0) & (low < (view.width, view.height))).all(axis=1)
    fixed = view.fixed(pixels)
    found: list[Points] = []
    kept: list[int] = []
    ends = begins.tolist()
    for i in np.flatnonzero(~whole | inside).tolist():
        points = fixed[ends[i] : ends[i + 1]]
        if not whole[i]:
            clipped = clip_near(seen[ends[i] : ends[i + 1]])
            if len(clipped) < 3:
                continue
            points = view.drawn(clipped)
        found.append(points)
        kept.append(i)
    return found, np.array(kept, dtype=np.intp)


_LEAST_PX2 = 0.4  # sent pixels; what is smaller is not missed
_ANGLES = np.radians(np.arange(0.0, 360.0, 30.0))
_UNIT_CIRCLE = np.stack((np.cos(_ANGLES), np.sin(_ANGLES)), axis=1)
# A second ring beside the picture: it makes fillPoly, which takes any shape, the one to draw.
_NOTHING: Points = np.full((3, 2), -(1 << 12), dtype=np.int32)
