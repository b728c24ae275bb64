"""Many rings or lines in flat arrays, and walking along them. No drawing, no town."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gcs.sim.cameras.view import Array, Index


class Rings:
    """Polygons of different lengths. `xy` (n, 2); ring i is xy[start[i]:start[i + 1]]."""

    def __init__(self, rings: Sequence[Array]) -> None:
        counts = [len(r) for r in rings]
        self.start: Index = np.concatenate(([0], np.cumsum(counts))).astype(np.intp)
        self.xy: Array = np.concatenate(rings) if rings else np.empty((0, 2))
        first = self.start[:-1]
        low = np.minimum.reduceat(self.xy, first, axis=0) if rings else self.xy
        high = np.maximum.reduceat(self.xy, first, axis=0) if rings else self.xy
        self.centre: Array = (low + high) / 2.0
        self.radius: Array = np.hypot(*(high - low).T) / 2.0

    def __len__(self) -> int:
        return len(self.start) - 1

    def near(self, east_m: float, north_m: float, radius_m: float) -> Index:
        """Rings that come within `radius_m` of a place."""
        away = np.hypot(self.centre[:, 0] - east_m, self.centre[:, 1] - north_m)
        return np.flatnonzero(away < radius_m + self.radius)

    def taken(self, which: Index) -> tuple[Index, Index]:
        """Rows of `xy` of the chosen rings, one after the other, and where each begins (+ end)."""
        counts = self.start[which + 1] - self.start[which]
        begins = np.concatenate(([0], np.cumsum(counts)))
        rows = np.arange(begins[-1]) - np.repeat(begins[:-1] - self.start[which], counts)
        return rows, begins

    def chosen(self, which: Index) -> "Rings":
        """Only these rings, in this order."""
        return Rings([self.xy[self.start[i] : self.start[i + 1]] for i in which.tolist()])


def steps_along(length_m: Array, step_m: float) -> tuple[Index, Array]:
    """Steps along lines of these lengths: which line, and how far along it."""
    count = (length_m / step_m).astype(np.intp) + 1
    owner: Index = np.repeat(np.arange(len(length_m)), count)
    order = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return owner, np.asarray(order * step_m, dtype=np.float64)


def counterclockwise(rings: Sequence[Array]) -> list[Array]:
    """The same rings, each with its inside to the left."""
    if not rings:
        return []
    xy = np.concatenate(rings)
    counts = np.array([len(r) for r in rings])
    start = np.concatenate(([0], np.cumsum(counts)[:-1]))
    after = np.arange(len(xy)) + 1
    after[start + counts - 1] = start
    cross = xy[:, 0] * xy[after, 1] - xy[after, 0] * xy[:, 1]
    left = np.add.reduceat(cross, start) > 0.0
    return [r if keep else r[::-1] for r, keep in zip(rings, left.tolist(), strict=True)]


class Tracks:
    """Lines to walk along: a place and a direction for a distance. Closed ones turn over."""

    def __init__(self, lines: Sequence[Array], *, closed: bool) -> None:
        full = [np.vstack((line, line[:1])) for line in lines] if closed else list(lines)
        counts = np.array([len(line) for line in full], dtype=np.intp)
        first = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.intp)
        self._xy: Array = np.concatenate(full)
        step = np.diff(self._xy, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        jump = first[1:] - 1
        length[jump] = 1.0  # from one line's end to the next one's start
        self._along: Array = np.concatenate(([0.0], np.cumsum(length)))
        self._base: Array = self._along[first]
        self.length_m: Array = self._along[first + counts - 1] - self._base
        self._normal = _normals(self._xy, first, counts, closed)
        self._closed = closed

    def __len__(self) -> int:
        return len(self._base)

    def at(self, track: Index, along_m: Array, left_m: Array | float = 0.0) -> Array:
        """Places (n, 2), `left_m` to the left of the line."""
        limit = self.length_m[track]
        s = np.mod(along_m, limit) if self._closed else np.clip(along_m, 0.0, limit)
        where = self._base[track] + s
        i = np.searchsorted(self._along, where, side="right") - 1
        i = np.minimum(i, len(self._xy) - 2)
        gap = self._along[i + 1] - self._along[i]
        share = ((where - self._along[i]) / np.maximum(gap, 1e-9))[:, None]
        share = np.minimum(share, 1.0)
        place = self._xy[i] + share * (self._xy[i + 1] - self._xy[i])
        normal = self._normal[i] + share * (self._normal[i + 1] - self._normal[i])
        found: Array = place + normal * np.reshape(np.asarray(left_m), (-1, 1))
        return found


def _normals(xy: Array, first: Index, counts: Index, closed: bool) -> Array:
    """To the left, per vertex, between the two sides that meet there."""
    step = np.diff(xy, axis=0, append=xy[-1:])
    size = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)[:, None]
    side = np.stack((-step[:, 1], step[:, 0]), axis=1) / size
    last = first + counts - 1
    side[last] = side[np.maximum(last - 1, 0)]
    before = np.roll(side, 1, axis=0)
    before[first] = side[last] if closed else side[first]
    both: npt.NDArray[np.float64] = side + before
    if closed:
        both[last] = both[first]
    both /= np.maximum(np.hypot(both[:, 0], both[:, 1]), 1e-9)[:, None]
    cosine = np.maximum((both * side).sum(axis=1), 0.5)[:, None]
    found: Array = both / cosine
    return found
