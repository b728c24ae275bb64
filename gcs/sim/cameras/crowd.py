"""Who walks where: every place is a function of the seed and the time, so all cameras agree.

Each person walks a loop for ever: along one pavement, over the street, back along the other.
No drawing here.
"""

import math
from dataclasses import dataclass

import numpy as np

from gcs.geo.earth import LocalFrame
from gcs.model.site import FixedCamera, Site
from gcs.sim.cameras.looks import LooksTable
from gcs.sim.cameras.rings import Tracks, steps_along
from gcs.sim.cameras.streets import Streets
from gcs.sim.cameras.view import Array, Index

_PER_M = {20.0: 1 / 16.0, 16.0: 1 / 26.0, 12.5: 1 / 34.0, 7.5: 1 / 70.0}  # by street width
_BUSY_M = 220.0  # around docks and fixed cameras there are more people
_BUSY = 1.7
_BEFORE_CAMERA = 7
_STRIDE_M = 1.5  # two steps
_COARSE_M = 8.0


@dataclass(frozen=True)
class People:
    """Some people at one instant. `walker`: their numbers. Headings in radians from north;
    `gait`: where in their stride, radians.
    """

    walker: Index
    place: Array
    heading: Array
    gait: Array


class Crowd:
    """Everybody in town. `near` chooses, `at` tells where the chosen are at a time; `ids` and
    `looks` go by the same numbers.
    """

    def __init__(self, streets: Streets, site: Site, frame: LocalFrame, seed: int) -> None:
        rng = np.random.default_rng((0xC0, seed))
        self._middles = streets.middles
        places = [frame.to_local(d.position) for d in site.docks]
        places += [frame.to_local(c.position) for c in site.cameras]
        street, begin, end = _walks(streets, np.array(places).reshape(-1, 2), rng)
        ids = [f"p{n}" for n in range(len(street))]
        for camera in site.cameras:
            track, low, high = _before(camera, streets, frame, rng)
            street = np.concatenate((street, track))
            begin, end = np.concatenate((begin, low)), np.concatenate((end, high))
            ids += [f"{camera.id}-p{n}" for n in range(len(track))]
        self.ids = tuple(ids)
        self._street, self._begin = street, begin
        self._run = end - begin
        half, pavement = streets.width_m[street] / 2, streets.pavement_m[street]
        self._side = half - pavement * rng.uniform(0.25, 0.8, len(street))
        self._loop = 2.0 * self._run + 4.0 * self._side
        self._speed = rng.uniform(0.95, 1.6, len(street)) * rng.choice((-1.0, 1.0), len(street))
        self._phase = rng.uniform(0.0, 1.0, len(street)) * self._loop
        self._middle = streets.middles.at(street, begin + self._run / 2)
        self._reach = self._run / 2 + self._side
        self.looks = LooksTable(len(street), rng)

    def __len__(self) -> int:
        return len(self.ids)

    def near(self, east_m: float, north_m: float, radius_m: float) -> Index:
        """Numbers of those whose walk comes within `radius_m` of a place."""
        away = np.hypot(self._middle[:, 0] - east_m, self._middle[:, 1] - north_m)
        return np.flatnonzero(away < radius_m + self._reach)

    def places(self, walker: Index, utc_s: float) -> Array:
        """Where the chosen ones are at a time: (n, 2)."""
        return self._on_loop(walker, self._phase[walker] + self._speed[walker] * utc_s)

    def ways(self, walker: Index, step_m: float) -> tuple[Index, Array]:
        """Everywhere the chosen ones ever walk, in steps: whose (an index into them), (n, 2)."""
        owner, gone = steps_along(self._loop[walker], step_m)
        return owner, self._on_loop(walker[owner], gone)

    def at(self, walker: Index, utc_s: float) -> People:
        """The chosen ones at a time, with where they turn and how they step."""
        gone = self._phase[walker] + self._speed[walker] * utc_s
        step = np.copysign(0.35, self._speed[walker])
        around = np.concatenate((gone + step, gone - step, gone))
        ahead, behind, place = self._on_loop(np.tile(walker, 3), around).reshape(3, -1, 2)
        way = ahead - behind
        heading = np.arctan2(way[:, 0], way[:, 1])
        gait = np.abs(gone) % _STRIDE_M * (2.0 * math.pi / _STRIDE_M)
        return People(walker, place, heading, gait)

    def _on_loop(self, walker: Index, gone: Array) -> Array:
        """(n, 2). Forth on the left pavement, over, back on the right one, over."""
        run, side = self._run[walker], self._side[walker]
        a = np.mod(gone, self._loop[walker])
        over = 2.0 * side
        forth = np.clip(a, 0.0, run)
        back = np.clip(a - run - over, 0.0, run)
        left = side - np.clip(a - run, 0.0, over) + np.clip(a - 2.0 * run - over, 0.0, over)
        return self._middles.at(self._street[walker], self._begin[walker] + forth - back, left)


def _walks(streets: Streets, busy: Array, rng: np.random.Generator) -> tuple[Index, Array, Array]:
    """Which street each person walks, and between which distances along it."""
    length = streets.middles.length_m
    rate = np.array([_PER_M.get(w, 1 / 40.0) for w in streets.width_m.tolist()])
    count = rng.poisson(length * rate * _BUSY)
    street: Index = np.repeat(np.arange(len(length)), count)
    middle = np.asarray(rng.uniform(0.0, length[street]), dtype=np.float64)
    half = rng.uniform(12.0, 55.0, len(street))
    place = streets.middles.at(street, middle)
    away = np.full(len(street), np.inf)
    for spot in busy:
        away = np.minimum(away, np.hypot(*(place - spot).T))
    kept = (away < _BUSY_M) | (rng.random(len(street)) < 1.0 / _BUSY)
    kept &= length[street] > 20.0
    street, middle, half = street[kept], middle[kept], half[kept]
    begin = np.maximum(middle - half, 4.0)
    return street, begin, np.maximum(np.minimum(middle + half, length[street] - 4.0), begin + 4.0)


def _before(
    camera: FixedCamera, streets: Streets, frame: LocalFrame, rng: np.random.Generator
) -> tuple[Index, Array, Array]:
    """A few who never leave what this camera sees well: 10 to 30 m in front of it."""
    east, north = frame.to_local(camera.position)
    look = math.radians(camera.heading_deg)
    ahead_m = rng.uniform(16.5, 23.0, _BEFORE_CAMERA)
    spots = np.column_stack((east + ahead_m * math.sin(look), north + ahead_m * math.cos(look)))
    street, along = _nearest(streets.middles, spots)
    half = rng.uniform(4.0, 7.0, len(street))
    begin = np.maximum(along - half, 1.0)
    return street, begin, np.minimum(along + half, streets.middles.length_m[street] - 1.0)


def _nearest(tracks: Tracks, spots: Array) -> tuple[Index, Array]:
    """For each spot the nearest line and how far along it: looked for in steps, then finer."""
    track, along = steps_along(tracks.length_m, _COARSE_M)
    places = tracks.at(track, along)
    lines, distances = [], []
    for spot in spots:
        i = int(np.argmin(np.hypot(*(places - spot).T)))
        finer = along[i] + np.arange(-_COARSE_M, _COARSE_M, 0.5)
        around = tracks.at(np.full(len(finer), track[i]), finer)
        lines.append(int(track[i]))
        distances.append(float(finer[np.argmin(np.hypot(*(around - spot).T))]))
    return np.array(lines, dtype=np.intp), np.array(distances)
