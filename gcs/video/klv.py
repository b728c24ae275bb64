"""ST 0601 packets: a frame's metadata into bytes and back. It judges no picture and no stream.

MISB ST 0601 (UAS Datalink Local Set), lengths in BER as in SMPTE ST 336.
"""

from collections.abc import Iterator
from typing import Any

from gcs.model.feed import SensorMetadata
from gcs.model.place import Position
from gcs.video.klv_fields import FIELDS

UAS_LOCAL_SET = bytes.fromhex("060E2B34020B01010E01030101000000")
MOST_PACKET_BYTES = 4096
_CHECKSUM_TAG = 1
_CHECKSUM_HEAD = bytes((_CHECKSUM_TAG, 2))
_VERSION_TAG = 65
_VERSION = 19


class BadKlv(ValueError):
    """The packet cannot be believed; the sentence says why."""


def encode_metadata(metadata: SensorMetadata) -> bytes:
    """One packet: time stamp first, checksum last; what is None is left out.

    Raises BadKlv when the capture time is no time.
    """
    parts: list[bytes] = []
    for tag, field in FIELDS.items():
        value: Any = field.get(metadata)
        if value is None:
            continue
        try:
            raw = field.codec.pack(value)
        except ValueError as error:
            raise BadKlv(f"KLV cannot be written: {error}.") from None
        if raw is not None:
            parts.append(bytes((tag, len(raw))) + raw)
    parts.append(bytes((_VERSION_TAG, 1, _VERSION)))
    body = b"".join(parts)
    head = UAS_LOCAL_SET + _length(len(body) + 4) + body + _CHECKSUM_HEAD
    return head + checksum(head).to_bytes(2, "big")


def decode_metadata(packet: bytes) -> SensorMetadata:
    """The values of one packet; tags that are not used here are passed over. Raises BadKlv."""
    values: dict[str, Any] = {}
    for tag, raw in _items(_body(packet)):
        field = FIELDS.get(tag)
        if field is None:
            continue
        try:
            values[field.name] = field.codec.unpack(raw)
        except ValueError as error:
            raise BadKlv(f"KLV tag {tag} ({field.name}) {error}.") from None
    for name, lat, lon in (
        ("position", "lat_deg", "lon_deg"),
        ("frame_centre", "centre_lat_deg", "centre_lon_deg"),
    ):
        place = values.pop(lat, None), values.pop(lon, None)
        values[name] = None if None in place else Position(*place)
    if "capture_utc_us" not in values:
        raise BadKlv("KLV has no time stamp (tag 2).")
    return SensorMetadata(**values)


def checksum(packet: bytes) -> int:
    """Sum of the packet's 16-bit words up to the checksum's own value, modulo 65536."""
    return (256 * sum(packet[0::2]) + sum(packet[1::2])) & 0xFFFF


def _body(packet: bytes) -> bytes:
    if len(packet) > MOST_PACKET_BYTES:
        raise BadKlv(f"KLV has {len(packet)} bytes, at most {MOST_PACKET_BYTES} are taken.")
    if not packet.startswith(UAS_LOCAL_SET):
        raise BadKlv("KLV does not begin with the key of the UAS local set.")
    length, start = _ber(packet, len(UAS_LOCAL_SET))
    end = start + length
    if end > len(packet):
        raise BadKlv(f"KLV is cut short: {len(packet)} bytes of {end}.")
    if length < 4 or packet[end - 4 : end - 2] != _CHECKSUM_HEAD:
        raise BadKlv("KLV does not end with its checksum (tag 1).")
    told = int.from_bytes(packet[end - 2 : end], "big")
    if told != checksum(packet[: end - 2]):
        raise BadKlv("KLV has a wrong checksum.")
    return packet[start : end - 4]


def _items(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(body):
        tag, at = _tag(body, at)
        length, at = _ber(body, at)
        if at + length > len(body):
            raise BadKlv(f"KLV tag {tag} is cut short: {len(body) - at} bytes of {length}.")
        yield tag, body[at : at + length]
        at += length


def _tag(body: bytes, at: int) -> tuple[int, int]:
    """A BER-OID tag and where it ends."""
    tag = 0
    for end in range(at, min(at + 4, len(body))):
        tag = tag << 7 | body[end] & 0x7F
        if body[end] < 0x80:
            return tag, end + 1
    raise BadKlv("KLV has a tag without an end.")


def _ber(raw: bytes, at: int) -> tuple[int, int]:
    """A BER length, short or long form, and where it ends."""
    if at >= len(raw):
        raise BadKlv("KLV is cut short in a length.")
    first = raw[at]
    if first < 0x80:
        return first, at + 1
    size = first & 0x7F
    end = at + 1 + size
    if not 1 <= size <= 4 or end > len(raw):
        raise BadKlv("KLV has a length that cannot be read.")
    return int.from_bytes(raw[at + 1 : end], "big"), end


def _length(value: int) -> bytes:
    if value < 0x80:
        return bytes((value,))
    size = (value.bit_length() + 7) // 8
    return bytes((0x80 | size,)) + value.to_bytes(size, "big")
