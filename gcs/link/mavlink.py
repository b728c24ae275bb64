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

    def parse_datagram(self, data: bytes) -> list[Any]:
        """As `parse`, for a packet link: a torn packet never swallows the next datagram."""
        self._mav.buf = bytearray()
        self._mav.buf_index = 0
        self._mav.expected_length = dialect.HEADER_LEN_V1 + 2
        try:
            messages = self.parse(data)
        except Exception:  # pymavlink raises many types on hostile bytes; none may pass
            self.counters.bad += 1
            return []
        if len(self._mav.buf) > self._mav.buf_index:
            self.counters.bad += 1  # the rest of a torn packet
        return messages

    @property
    def mav(self) -> Any:
        """pymavlink's own object: signing is set there."""
        return self._mav

    def pack(self, message: Any) -> bytes:
        """One message as a MAVLink 2 packet, numbered."""
        packet: bytes = message.pack(self._mav)
        self._mav.seq = (self._mav.seq + 1) % 256
        return packet
