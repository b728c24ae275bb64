"""The MAVLink 2 dialect and the framing of a byte stream. The one door to pymavlink."""

import os
from dataclasses import dataclass
from typing import Any

os.environ["MAVLINK20"] = "1"

from pymavlink.dialects.v20 import ardupilotmega as dialect

__all__ = ["Framer", "FramerCounters", "dialect"]


@dataclass(slots=True)
class FramerCounters:
    """What a framer has seen since it was made."""

    messages: int = 0
    bad: int = 0


class Framer:
    """Packs what one (system, component) sends and parses what one peer sends to it."""

    def __init__(self, system_id: int, component_id: int) -> None:
        self.counters = FramerCounters()
        self._mav = dialect.MAVLink(None, srcSystem=system_id, srcComponent=component_id)
        self._mav.robust_parsing = True

    def parse(self, data: bytes) -> list[Any]:
        """The whole messages in `data`; broken bytes are counted, never raised."""
        messages = self._mav.parse_buffer(data) or []
        good = [m for m in messages if m.get_type() != "BAD_DATA"]
        self.counters.messages += len(good)
        self.counters.bad += len(messages) - len(good)
        return good

    def pack(self, message: Any) -> bytes:
        """One message as a MAVLink 2 packet, numbered."""
        packet: bytes = message.pack(self._mav)
        self._mav.seq = (self._mav.seq + 1) % 256
        return packet
