"""Flat faces waiting to be painted, far ones first. It projects, clips and sorts; cv2 paints."""

import cv2
import numpy as np

from gcs.sim.cameras.view import NEAR_M, SHIFT, Array, Index, Points, View, clip_near
from gcs.video.frame import Pixels

Colour = tuple[float, float, float]
Picture = Pixels


class Faces:
    """Collects convex faces with a key; `paint` draws them by rising key."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._keys: list[float] = []
        self._items: list[tuple[list[Points], Colour]] = []

    def add(self, corners: Array, colours: Array, keys: Array) -> None:
        """Faces (n, k, 3) of the world with (n, 3) colours."""
        if not len(corners):
            return
        count, sides = corners.shape[:2]
        seen = self._view.camera(corners.reshape(-1, 3)).reshape(count, sides, 3)
        nearest = seen[:, :, 2].min(axis=1)
        whole = nearest > NEAR_M
        fixed = self._view.drawn(seen[whole].reshape(-1, 3)).reshape(-1, sides, 2)
        self._keys.extend(keys[whole].tolist())
        for points, colour in zip(fixed, colours[whole].tolist(), strict=True):
            self._items.append(([points], colour))
        for i in np.flatnonzero(~whole & (seen[:, :, 2].max(axis=1) > NEAR_M)).tolist():
            self._keys.append(float(keys[i]))
            points = self._view.drawn(clip_near(seen[i]))
            self._items.append(([points], tuple(colours[i].tolist())))

    def add_groups(self, corners: Array, owner: Index, colours: Array, keys: Array) -> None:
        """Faces (n, k, 3) that do not overlap, painted at once for each rising `owner`."""
        seen = self._view.camera(corners.reshape(-1, 3)).reshape(corners.shape)
        whole = seen[:, :, 2].min(axis=1) > NEAR_M
        fixed = self._view.drawn(seen[whole].reshape(-1, 3)).reshape(-1, corners.shape[1], 2)
        bounds = np.searchsorted(owner[whole], np.arange(len(colours) + 1)).tolist()
        for i, tone in enumerate(colours.tolist()):
            if bounds[i] < bounds[i + 1]:
                self._keys.append(float(keys[i]))
                self._items.append((list(fixed[bounds[i] : bounds[i + 1]]), tone))

    def add_polygon(self, corners: Array, colour: Array, key: float) -> None:
        """One polygon (k, 3), not necessarily convex."""
        seen = clip_near(self._view.camera(corners))
        if len(seen) > 2:
            self._keys.append(key)
            # Twice the same point makes it two rings: fillPoly takes it, convex or not.
            self._items.append(([self._view.drawn(seen), _NOTHING], tuple(colour.tolist())))

    def add_fixed(self, points: Points, colours: Array, keys: Array) -> None:
        """Faces already projected: (n, k, 2)."""
        self._keys.extend(keys.tolist())
        self._items.extend(zip(([p] for p in points), colours.tolist(), strict=True))

    def paint(self, picture: Picture) -> None:
        """Draw them all."""
        for i in np.argsort(np.array(self._keys), kind="stable").tolist():
            points, colour = self._items[i]
            if len(points) == 1:
                cv2.fillConvexPoly(picture, points[0], colour, cv2.LINE_8, SHIFT)
            else:
                cv2.fillPoly(picture, points, colour, cv2.LINE_8, SHIFT)


_NOTHING: Points = np.full((3, 2), -(1 << 12), dtype=np.int32)
