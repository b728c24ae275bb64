"""MPEG-TS taken apart as it comes: pictures and KLV with their time stamps. It decodes nothing.

A unit is handed on the moment its last byte is there: its PES header tells its length, or, where
a picture is too large for that, the packet that is padded is its last. What is damaged (a gap in
the packet counters, no sync byte) is counted and left out, never patched.
"""

from dataclasses import dataclass
from enum import StrEnum

from gcs.video.transport import H264, METADATA, PAT_PID, PRIVATE_DATA, SYNC, TS_PACKET, crc32_mpeg

HEVC = 0x24
CODECS = {H264: "h264", HEVC: "hevc"}
_KLVA = b"KLVA"
_MOST_UNIT_BYTES = 8 << 20


class UnitKind(StrEnum):
    """What a unit carries."""

    VIDEO = "video"
    KLV = "klv"


@dataclass(frozen=True, slots=True)
class Unit:
    """One access unit or one KLV payload. `pts`: 90 kHz, 33 bits; None when the PES has none.

    `key`: the stream says that decoding may begin here. `after_loss`: something before it in
    this stream was lost.
    """

    kind: UnitKind
    data: bytes
    pts: int | None
    key: bool
    after_loss: bool


class _Stream:
    """One elementary stream's unit in the making."""

    def __init__(self, kind: UnitKind, stream_type: int) -> None:
        self.kind = kind
        self.stream_type = stream_type
        self.counter: int | None = None
        self.parts = bytearray()
        self.open = False
        self.whole = 0
        self.key = False
        self.lost = False

    def abandon(self) -> None:
        self.open = False
        self.parts = bytearray()
        self.lost = True


class TsReader:
    """`feed` bytes in, get the units that became whole. Not shared between threads."""

    def __init__(self) -> None:
        self.codec: str | None = None
        self.bad_packets = 0
        self._rest = b""
        self._pmt_pid: int | None = None
        self._tables: dict[int, bytes] = {}
        self._streams: dict[int, _Stream] = {}

    @property
    def promises_klv(self) -> bool:
        """The stream's table names a KLV stream."""
        return any(stream.kind is UnitKind.KLV for stream in self._streams.values())

    def feed(self, data: bytes) -> list[Unit]:
        """Raises nothing: bytes that are no transport stream only count as bad."""
        data = self._rest + data if self._rest else data
        units: list[Unit] = []
        at, end = 0, len(data)
        while end - at >= TS_PACKET:
            if data[at] != SYNC:
                at = self._resync(data, at + 1)
                continue
            pid = (data[at + 1] & 0x1F) << 8 | data[at + 2]
            stream = self._streams.get(pid)
            if stream is not None:
                self._packet(stream, data, at, units)
            elif pid in (PAT_PID, self._pmt_pid):
                self._table(pid, data[at : at + TS_PACKET])
            at += TS_PACKET
        self._rest = data[at:]
        return units

    def _resync(self, data: bytes, at: int) -> int:
        """Where packets begin again: a sync byte that the next one confirms."""
        self.bad_packets += 1
        for stream in self._streams.values():
            stream.abandon()
        while True:
            at = data.find(b"\x47", at)
            if at < 0:
                return len(data)
            following = at + TS_PACKET
            if following >= len(data) or data[following] == SYNC:
                return at
            at += 1

    def _packet(self, stream: _Stream, data: bytes, at: int, units: list[Unit]) -> None:
        flags = data[at + 3]
        if data[at + 1] & 0x80 or flags & 0xC0:
            # Damaged on the way, or scrambled: nobody here can read it.
            self.bad_packets += 1
            stream.abandon()
            return
        start, key, padded = at + 4, False, False
        if flags & 0x20:
            length = data[start]
            told = data[start + 1] if length else 0
            # Nothing but padding: a unit begins with a packet, so here one ends.
            key, padded = bool(told & 0x40), told == 0
            start += 1 + length
        if not flags & 0x10 or start >= at + TS_PACKET:
            return
        counter = flags & 0x0F
        if stream.counter is not None and counter != stream.counter + 1 & 0x0F:
            if counter == stream.counter:
                return  # the same packet twice is allowed
            self.bad_packets += 1
            stream.abandon()
        stream.counter = counter
        if data[at + 1] & 0x40:
            self._finish(stream, units)
            stream.open, stream.key = True, key
            stream.parts = bytearray(data[start : at + TS_PACKET])
            stream.whole = 6 + int.from_bytes(stream.parts[4:6], "big")
        elif stream.open:
            stream.parts += data[start : at + TS_PACKET]
            if len(stream.parts) > _MOST_UNIT_BYTES:
                self.bad_packets += 1
                stream.abandon()
        if stream.open and (padded if stream.whole == 6 else len(stream.parts) >= stream.whole):
            self._finish(stream, units)

    def _finish(self, stream: _Stream, units: list[Unit]) -> None:
        if not stream.open:
            return
        parts, whole = stream.parts, stream.whole
        stream.open, stream.parts = False, bytearray()
        if len(parts) < 9 or parts[:3] != b"\x00\x00\x01" or (whole > 6 and len(parts) < whole):
            self.bad_packets += 1
            stream.lost = True
            return
        body = bytes(parts[9 + parts[8] : whole if whole > 6 else None])
        pts = _stamp(parts[9:14]) if parts[7] & 0x80 and len(parts) >= 14 else None
        if stream.stream_type == METADATA:
            body = body[5:]  # the header of the metadata access unit cell
        units.append(Unit(stream.kind, body, pts, stream.key, stream.lost))
        stream.lost = False

    def _table(self, pid: int, packet: bytes) -> None:
        """A PAT or PMT that fits one packet, as all do that describe one programme."""
        start = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
        if not packet[1] & 0x40 or start + 4 > TS_PACKET:
            return
        start += 1 + packet[start]
        size = 3 + ((packet[start + 1] & 0x0F) << 8 | packet[start + 2]) if start < 185 else 0
        section = packet[start : start + size]
        if self._tables.get(pid) == section:
            return
        if size < 12 or len(section) < size or crc32_mpeg(section) != 0:
            self.bad_packets += 1
            return
        self._tables[pid] = section
        if pid == PAT_PID:
            self._read_pat(section)
        else:
            self._read_pmt(section)

    def _read_pat(self, section: bytes) -> None:
        for at in range(8, len(section) - 7, 4):
            if section[at : at + 2] != b"\x00\x00":
                self._pmt_pid = (section[at + 2] & 0x1F) << 8 | section[at + 3]
                return

    def _read_pmt(self, section: bytes) -> None:
        streams: dict[int, _Stream] = {}
        self.codec = None
        at = 12 + ((section[10] & 0x0F) << 8 | section[11])
        while at + 5 <= len(section) - 4:
            kind = section[at]
            pid = (section[at + 1] & 0x1F) << 8 | section[at + 2]
            described = (section[at + 3] & 0x0F) << 8 | section[at + 4]
            told = section[at + 5 : at + 5 + described]
            at += 5 + described
            if kind in CODECS and self.codec is None:
                self.codec = CODECS[kind]
                streams[pid] = _Stream(UnitKind.VIDEO, kind)
            elif kind in (METADATA, PRIVATE_DATA) and _KLVA in told:
                streams[pid] = _Stream(UnitKind.KLV, kind)
        self._streams = streams


def _stamp(raw: bytearray) -> int:
    """The 33 bits of a time stamp, spread over five bytes."""
    high, middle, low = raw[0] >> 1 & 0x07, raw[1] << 7 | raw[2] >> 1, raw[3] << 7 | raw[4] >> 1
    return high << 30 | middle << 15 | low
