"""Which vehicle drives where: a function of the seed and the time, kerb on the left.

Those around one block keep their distance for ever: they have one speed.
"""

from dataclasses import dataclass

import numpy as np

from gcs.sim.cameras.bodies import BUS_RED, KINDS, LENGTHS_M, paint_of
from gcs.sim.cameras.rings import Tracks, steps_along
from gcs.sim.cameras.view import Array, Index

_EVERY_M = 55.0
_SHARES = (0.80, 0.15, 0.05)  # cars, vans, buses


@dataclass(frozen=True)
class Vehicles:
    """Some vehicles at one instant. `place` (n, 3): east, north, heading in radians."""

    vehicle: Index
    place: Array
    kind: Index
    colour: Array

    def taken(self, which: Index) -> "Vehicles":
        """Only these."""
        return Vehicles(
            self.vehicle[which], self.place[which], self.kind[which], self.colour[which]
        )


class Traffic:
    """Every vehicle in town."""

    def __init__(self, lanes: Tracks, seed: int) -> None:
        rng = np.random.default_rng((0x7A, seed))
        self._lanes = lanes
        count = rng.binomial((lanes.length_m / _EVERY_M).astype(np.intp), 0.6)
        lane: Index = np.repeat(np.arange(len(lanes)), count)
        order = np.arange(len(lane)) - np.repeat(np.cumsum(count) - count, count)
        gap = lanes.length_m[lane] / np.maximum(count[lane], 1)
        self._lane = lane
        self._phase = (order + rng.uniform(-0.3, 0.3, len(lane))) * gap
        self._speed = rng.uniform(5.5, 8.5, len(lanes))[lane]
        self._kind = rng.choice(len(KINDS), len(lane), p=_SHARES).astype(np.intp)
        numbers = np.arange(len(lane))
        self._colour = np.where((self._kind == 2)[:, None], BUS_RED, paint_of(numbers))
        middle = lanes.at(np.arange(len(lanes)), lanes.length_m / 2.0)
        start = lanes.at(np.arange(len(lanes)), np.zeros(len(lanes)))
        self._middle = ((middle + start) / 2.0)[lane]
        self._reach = lanes.length_m[lane] / 2.0

    def near(self, east_m: float, north_m: float, radius_m: float) -> Index:
        """Numbers of those that may come within `radius_m` of a place."""
        away = np.hypot(self._middle[:, 0] - east_m, self._middle[:, 1] - north_m)
        return np.flatnonzero(away < radius_m + self._reach)

    def ways(self, vehicle: Index, step_m: float) -> tuple[Index, Array]:
        """Everywhere the chosen ones ever drive, in steps: whose (an index into them), (n, 2)."""
        lane = self._lane[vehicle]
        owner, gone = steps_along(self._lanes.length_m[lane], step_m)
        return owner, self._lanes.at(lane[owner], gone)

    def at(self, vehicle: Index, utc_s: float) -> Vehicles:
        """Where the chosen ones are at a time."""
        lane = self._lane[vehicle]
        gone = self._phase[vehicle] + self._speed[vehicle] * utc_s
        half = 0.36 * LENGTHS_M[self._kind[vehicle]]
        axles = self._lanes.at(np.tile(lane, 2), np.concatenate((gone + half, gone - half)))
        front, back = axles.reshape(2, -1, 2)
        ahead = front - back
        heading = np.arctan2(ahead[:, 0], ahead[:, 1])
        place = np.column_stack(((front + back) / 2.0, heading))
        return Vehicles(vehicle, place, self._kind[vehicle], self._colour[vehicle])
