"""The vehicle's links: one per peer address, each with its own numbering and streams.

A link packs messages into datagrams; it knows no socket and no meaning. Faults of the radio
(dead, lossy, slow) act here, on whole datagrams, both ways.
"""

import random
from collections import deque
from typing import Any

from gcs.link.mavlink import Framer
from gcs.sim.drone.config import Address
from gcs.sim.drone.faults import Faults
from gcs.sim.drone.streams import Schedule

_MTU = 1200
_HEARTBEAT_STAGGER_S = 0.11  # the drones of a site do not beat all at once


class Link:
    """One peer."""

    def __init__(self, address: Address, system_id: int, now_s: float) -> None:
        self.address = address
        self.framer = Framer(system_id, 1)
        self.schedule = Schedule(now_s + system_id * _HEARTBEAT_STAGGER_S % 1.0)
        self.heard_s = now_s
        self.parameters_to_send: deque[int] = deque()
        self._waiting: list[bytes] = []

    def send(self, message: Any) -> None:
        """Queue a message for the next datagram."""
        self._waiting.append(self.framer.pack(message))

    def datagrams(self) -> list[bytes]:
        """What was queued, as datagrams of whole packets."""
        found: list[bytes] = []
        parts: list[bytes] = []
        size = 0
        for packet in self._waiting:
            if parts and size + len(packet) > _MTU:
                found.append(b"".join(parts))
                parts, size = [], 0
            parts.append(packet)
            size += len(packet)
        if parts:
            found.append(b"".join(parts))
        self._waiting.clear()
        return found


class Radio:
    """Loses and delays datagrams as the faults say."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self._faults = faults
        self._draw = random.Random(seed)
        self._under_way: deque[tuple[float, Address, bytes]] = deque()

    def put(self, now_s: float, address: Address, data: bytes) -> None:
        """Hand over a datagram."""
        if self._faults.silent:
            return
        lossy = self._faults.drop_fraction
        if lossy > 0.0 and self._draw.random() < lossy:
            return
        self._under_way.append((now_s + self._faults.delay_s, address, data))

    def take(self, now_s: float) -> list[tuple[Address, bytes]]:
        """The datagrams that have arrived by now."""
        found = []
        while self._under_way and self._under_way[0][0] <= now_s:
            _, address, data = self._under_way.popleft()
            found.append((address, data))
        return found
