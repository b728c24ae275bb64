"""The vehicle's links: one per peer address, each with its own numbering and streams.

A link packs messages into datagrams; it knows no socket and no meaning.
"""

from collections import deque
from typing import Any

from gcs.link.mavlink import Framer
from gcs.sim.drone.config import Address
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

    def speak_as(self, system_id: int) -> None:
        """Send under another system id from now on."""
        self.framer = Framer(system_id, 1)

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
