"""Bytes -> checked MAVLink packets (2 and 1) -> pymavlink messages.

Frames are checked here, because pymavlink's parser costs five times as much; what is inside a
packet is decoded by pymavlink alone, and only when somebody wants it. Keeps no state of vehicles.
"""

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastcrc import crc16

from gcs.link.mavlink import dialect

V2, V1 = 0xFD, 0xFE
SIGNED = 0x01
V2_BYTES, V1_BYTES, _SIGNATURE_BYTES = 12, 8, 13  # header and checksum
_LONGEST = 255 + V2_BYTES + _SIGNATURE_BYTES
# ... and the first four bytes of the payload: of many messages the time since boot.
HEAD = struct.Struct("<BBBBBBBHBI")
HEAD_BYTES = HEAD.size
crc = crc16.mcrf4xx

EXTRAS: dict[int, bytes] = {
    number: bytes([message.crc_extra]) for number, message in dialect.mavlink_map.items()
}
NAMES: dict[int, str] = {n: m.msgname for n, m in dialect.mavlink_map.items()}


class Packet(NamedTuple):
    """A packet whose length and checksum are right. `first`: its first four payload bytes.

    `known` false: the dialect does not have this message, so its checksum cannot be proven.
    """

    data: bytes
    message: int
    system: int
    component: int
    sequence: int
    first: int
    signed: bool
    known: bool = True


_new = tuple.__new__  # NamedTuple's own costs as much as the checksum


def whole(data: bytes) -> Packet | None:
    """The one MAVLink 2 packet that `data` is: how nearly every datagram comes, done fast."""
    size = len(data)
    if size < HEAD_BYTES:
        return None
    magic, length, flags, _, seq, system, component, low, high, first = HEAD.unpack_from(data)
    if magic != V2 or flags or size != length + V2_BYTES:
        return None
    message = low | high << 16
    extra = EXTRAS.get(message)
    if extra is None or crc(data[1:-2] + extra) != data[-2] | data[-1] << 8:
        return None
    if length < 4:
        first &= (1 << 8 * length) - 1
    return _new(Packet, (data, message, system, component, seq, first, False, True))


def _plain(data: bytes) -> tuple[list[Packet], int]:
    """Packets that follow each other without anything odd, and where that ends."""
    found: list[Packet] = []
    at, size = 0, len(data)
    while at + HEAD_BYTES <= size:
        end = at + data[at + 1] + V2_BYTES
        packet = whole(data[at:end])
        if packet is None:
            break
        found.append(packet)
        at = end
    return found, at


class Splitter:
    """Finds the packets in one sender's bytes; what is no packet is counted in runs as `bad`.

    Nothing that a torn packet swallowed is lost: the search goes on behind its first byte.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._tail = b""

    def datagram(self, data: bytes) -> list[Packet]:
        """The packets of one datagram; an unfinished one is bad."""
        found, at = _plain(data)
        if at < len(data):
            found += self._packets(data[at:], last=True)
        return found

    def stream(self, data: bytes) -> list[Packet]:
        """The packets of a stream's next bytes; an unfinished one is waited for."""
        data = self._tail + data
        found, at = _plain(data)
        found += self._packets(data[at:], last=False)
        return found

    def _packets(self, data: bytes, last: bool) -> Iterator[Packet]:
        at, size, in_junk = 0, len(data), False
        self._tail = b""
        while at < size:
            length = _length(data, at)
            if length == 0 and not last:
                break  # a header that is not complete
            packet = None
            if 0 < length <= size - at:
                packet = _checked(data[at : at + length])
            elif length > 0 and not last:
                break
            if packet is not None and not packet.known:
                stands = _stands_alone(data, at, length)
                if stands is None and not last:
                    break  # a packet may begin in it that is not complete
                packet = packet if stands is not False else None
            if packet is not None:
                in_junk = False
                at += length
                yield packet
                continue
            if not in_junk:
                self.bad += 1
                in_junk = True
            at = _next_marker(data, at + 1)
        if not last:
            self._tail = data[at:]


def decode(data: bytes) -> Any:
    """A packet's pymavlink message. Raises whatever pymavlink raises on a hostile payload."""
    return _decoder.decode(bytearray(data))


_decoder = dialect.MAVLink(None)


def _length(data: bytes, at: int) -> int:
    """How long the packet that begins at `at` says it is; 0: not to be told yet, -1: none."""
    magic = data[at]
    if magic not in (V1, V2):
        return -1
    if at + 3 > len(data):
        return 0
    if magic == V1:
        return data[at + 1] + V1_BYTES
    if data[at + 2] & ~SIGNED:
        return -1  # a feature that we cannot read: refused, as the protocol demands
    return data[at + 1] + V2_BYTES + (_SIGNATURE_BYTES if data[at + 2] else 0)


def _checked(data: bytes) -> Packet | None:
    signed, length = False, data[1]
    if data[0] == V2:
        signed = bool(data[2])
        seq, system, component = data[4], data[5], data[6]
        message, begin = data[7] | data[8] << 8 | data[9] << 16, 10
    else:
        seq, system, component, message, begin = data[2], data[3], data[4], data[5], 6
    first = int.from_bytes(data[begin : begin + min(4, length)], "little")
    extra = EXTRAS.get(message)
    if extra is None:
        return Packet(data, message, system, component, seq, first, signed, False)
    end = begin + length
    if crc(data[1:end] + extra) != data[end] | data[end + 1] << 8:
        return None
    return Packet(data, message, system, component, seq, first, signed)


def _stands_alone(data: bytes, at: int, length: int) -> bool | None:
    """Whether an unprovable packet may be one: it ends where another begins, or with the data,
    and none that is proven begins inside it. None: that cannot be told yet."""
    end = at + length
    if end != len(data) and data[end] not in (V1, V2):
        return False
    open_end = False
    inner = _next_marker(data, at + 1)
    while inner < end:
        size = _length(data, inner)
        if size == 0 or size > len(data) - inner:
            open_end = True
        elif size > 0:
            found = _checked(data[inner : inner + size])
            if found is not None and found.known:
                return False
        inner = _next_marker(data, inner + 1)
    return None if open_end else True


def _next_marker(data: bytes, at: int) -> int:
    places = [p for p in (data.find(V2, at), data.find(V1, at)) if p >= 0]
    return min(places, default=len(data))
