"""The vehicle's links: one per peer address, each with its own numbering and streams.

A link packs messages into datagrams; it knows no socket and no meaning.
"""

from collections import deque
from typing import Any

from gcs.link.mavlink import Framer
from gcs.sim.drone.config import Address
from gcs.sim.drone.signing import BoardSigning
from gcs.sim.drone.streams import Schedule

_MTU = 1200
_HEARTBEAT_STAGGER_S = 0.11  # the drones of a site do not beat all at once


class Link:
    """One peer. What goes out is signed as the board says; `framer` reads what comes in."""

    def __init__(
        self,
        address: Address,
        system_id: int,
        now_s: float,
        board: BoardSigning | None = None,
        link_id: int = 0,
    ) -> None:
        self.address = address
        self._board = board
        self._link_id = link_id
        self.speak_as(system_id)
        self.schedule = Schedule(now_s + system_id * _HEARTBEAT_STAGGER_S % 1.0)
        self.heard_s = now_s
        self.parameters_to_send: deque[int] = deque()
        self._waiting: list[bytes] = []

    def speak_as(self, system_id: int) -> None:
        """Send under another system id from now on."""
        self.framer = Framer(system_id, 1)
        self._packer = Framer(system_id, 1)
        if self._board is not None:
            self._board.sign(self._packer, self._link_id)

    def send(self, message: Any) -> None:
        """Queue a message for the next datagram."""
        self._waiting.append(self._packer.pack(message))

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
