"""MPEG-TS written here rather than by a library, for one reason: nothing may wait.

A muxer that interleaves holds a picture until the next one's metadata is there, and a picture
without a length in its PES header is only known to be whole when the next one begins: each
costs one frame of age. Here the metadata comes first, each access unit has its length, and all
of a frame's packets leave together. ISO/IEC 13818-1; MISB ST 1402 for the synchronous KLV.
"""

TS_PACKET = 188
SYNC = 0x47
PAT_PID = 0x0000
PMT_PID = 0x0100
VIDEO_PID = 0x0101
KLV_PID = 0x0102
H264 = 0x1B
METADATA = 0x15
PRIVATE_DATA = 0x06
VIDEO_STREAM_ID = 0xE0
METADATA_STREAM_ID = 0xFC
TICKS_HZ = 90_000
TICKS_MASK = (1 << 33) - 1
_PAYLOAD = TS_PACKET - 4
_PROGRAM = 1
# How far the clock runs ahead of the pictures: what a receiver that paces itself has to decode.
_CLOCK_LEAD = TICKS_HZ // 20
_MOST_PES = 0xFFFF


def crc32_mpeg(data: bytes) -> int:
    """The CRC that ends a PSI section (polynomial 04C11DB7, no reflection)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = ((crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc


def ticks(utc_us: int) -> int:
    """A time stamp of the stream from a time of day; it turns over every 26.5 hours."""
    return utc_us * 9 // 100 & TICKS_MASK


class TsWriter:
    """Frames with their metadata into transport packets. Not shared between threads."""

    def __init__(self) -> None:
        self._counters: dict[int, int] = {}
        self._tables = (_pat(), _pmt())

    def frame(self, access_unit: bytes, klv: bytes | None, pts: int, key: bool) -> bytes:
        """All packets of one frame: tables before a key frame, metadata, then the picture."""
        out = bytearray()
        if key:
            self._packets(out, PAT_PID, self._tables[0])
            self._packets(out, PMT_PID, self._tables[1])
        if klv is not None:
            cell = b"\x00\x00\xdf" + len(klv).to_bytes(2, "big") + klv
            self._packets(out, KLV_PID, _pes(METADATA_STREAM_ID, pts, cell))
        clock = _clock((pts - _CLOCK_LEAD) & TICKS_MASK, key)
        picture = _pes(VIDEO_STREAM_ID, pts, access_unit)
        if len(access_unit) + 8 > _MOST_PES and (len(picture) + len(clock) + 1) % _PAYLOAD == 0:
            # Its end is known by the padding of its last packet, so there must be some.
            picture += b"\x00"
        self._packets(out, VIDEO_PID, picture, clock)
        return bytes(out)

    def _packets(self, out: bytearray, pid: int, payload: bytes, adaptation: bytes = b"") -> None:
        """`adaptation`: flags and fields of the first packet's adaptation field."""
        counter = self._counters.get(pid, 0)
        at, start = 0, 0x40
        while at < len(payload):
            left = len(payload) - at
            field = _adaptation(adaptation, left)
            room = _PAYLOAD - len(field)
            out += bytes((SYNC, start | pid >> 8, pid & 0xFF, (0x30 if field else 0x10) | counter))
            out += field
            out += payload[at : at + room]
            at += room
            counter = counter + 1 & 0x0F
            start, adaptation = 0, b""
        self._counters[pid] = counter


def _adaptation(content: bytes, payload_left: int) -> bytes:
    """An adaptation field with `content`, stuffed so that a short payload fills its packet."""
    used = len(content) + 1 if content else 0
    spare = _PAYLOAD - used - payload_left
    if spare <= 0:
        return bytes((len(content),)) + content if content else b""
    if content:
        return bytes((len(content) + spare,)) + content + b"\xff" * spare
    if spare == 1:
        return b"\x00"
    return bytes((spare - 1, 0)) + b"\xff" * (spare - 2)


def _clock(base: int, key: bool) -> bytes:
    """Adaptation flags with the program clock reference; random access at a key frame."""
    return bytes((0x50 if key else 0x10,)) + (base << 15 | 0x3F << 9).to_bytes(6, "big")


def _pes(stream_id: int, pts: int, payload: bytes) -> bytes:
    length = len(payload) + 8
    if length > _MOST_PES:
        # Only video may leave its length out; metadata is always far shorter.
        length = 0
    stamp = bytes(
        (
            0x21 | pts >> 29 & 0x0E,
            pts >> 22 & 0xFF,
            0x01 | pts >> 14 & 0xFE,
            pts >> 7 & 0xFF,
            0x01 | pts << 1 & 0xFE,
        )
    )
    head = b"\x00\x00\x01" + bytes((stream_id,)) + length.to_bytes(2, "big")
    return head + b"\x84\x80\x05" + stamp + payload


def _section(table: int, number: int, body: bytes) -> bytes:
    """A PSI section that fills one packet's payload, pointer field included."""
    length = len(body) + 9
    section = bytes((table, 0xB0 | length >> 8, length & 0xFF))
    section += number.to_bytes(2, "big") + b"\xc1\x00\x00" + body
    section = b"\x00" + section + crc32_mpeg(section).to_bytes(4, "big")
    return section + b"\xff" * (_PAYLOAD - len(section))


def _pat() -> bytes:
    return _section(0x00, 1, _PROGRAM.to_bytes(2, "big") + (0xE000 | PMT_PID).to_bytes(2, "big"))


def _pmt() -> bytes:
    metadata = bytes.fromhex("26 09 0100 FF 4B4C5641 00 0F") + bytes.fromhex(
        "27 09 C00000 C00000 C00000"
    )
    body = (0xE000 | VIDEO_PID).to_bytes(2, "big") + b"\xf0\x00"
    for kind, pid, described in ((H264, VIDEO_PID, b""), (METADATA, KLV_PID, metadata)):
        body += bytes((kind,)) + (0xE000 | pid).to_bytes(2, "big")
        body += (0xF000 | len(described)).to_bytes(2, "big") + described
    return _section(0x02, _PROGRAM, body)
