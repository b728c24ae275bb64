"""The air between a drone and its peers: whole datagrams lost, delayed, overtaken, both ways.

It knows no message. What it does to them is set by the drone's faults and drawn by its seed.
"""

import heapq
import itertools
import random

from gcs.sim.drone.config import Address
from gcs.sim.drone.faults import Faults


class Radio:
    """One direction."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self._faults = faults
        self._draw = random.Random(seed)
        self._count = itertools.count()
        self._under_way: list[tuple[float, int, Address, bytes]] = []

    @property
    def under_way(self) -> int:
        """Datagrams that have not arrived yet."""
        return len(self._under_way)

    def put(self, now_s: float, address: Address, data: bytes) -> None:
        """Hand over a datagram."""
        faults = self._faults
        if faults.silent:
            return
        if faults.drop_fraction > 0.0 and self._draw.random() < faults.drop_fraction:
            return
        arrives_s = now_s + faults.delay_s
        if faults.reorder_fraction > 0.0 and self._draw.random() < faults.reorder_fraction:
            arrives_s += faults.reorder_s  # those sent meanwhile overtake it
        heapq.heappush(self._under_way, (arrives_s, next(self._count), address, data))

    def take(self, now_s: float) -> list[tuple[Address, bytes]]:
        """The datagrams that have arrived by now."""
        found = []
        while self._under_way and self._under_way[0][0] <= now_s:
            _, _, address, data = heapq.heappop(self._under_way)
            found.append((address, data))
        return found
