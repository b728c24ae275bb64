"""MPEG-TS as far as a relay needs it: sync, PAT, PMT, and where a keyframe begins.

It decodes nothing. ISO/IEC 13818-1: 2.4.3 packets, 2.4.4 tables. A keyframe is a unit start on
the video's PID with the random access indicator, or with an H.264 parameter set or IDR slice
in the packet itself, for senders that leave the indicator out. What stands between the picture
before it and the keyframe belongs to it: its metadata may come first.
"""

from fastcrc import crc32

PACKET = 188
_SYNC = 0x47
_UNIT_START = 0x40
_RANDOM_ACCESS = 0x40
_H264 = 0x1B
# Stream types of pictures: MPEG-2, MPEG-4, H.264, HEVC.
_VIDEO = frozenset({0x02, 0x10, _H264, 0x24})
_H264_KEY_UNITS = frozenset({5, 7})  # IDR slice, sequence parameter set
_TABLE_MOST = 1024
_LEAD_MOST = 64  # packets


def in_sync(data: bytes) -> bool:
    """Whether `data` is whole packets, each beginning with the sync byte."""
    count, rest = divmod(len(data), PACKET)
    return count > 0 and rest == 0 and data[::PACKET].count(_SYNC) == count


class _Table:
    """One table, gathered from the packets of its PID until it is whole and its CRC is right."""

    def __init__(self) -> None:
        self._packets = b""
        self._section = bytearray()

    def take(self, packet: bytes) -> tuple[bytes, bytes] | None:
        """(its packets, its section) once it is whole; None before, or when it is broken."""
        payload = _payload(packet)
        if packet[1] & _UNIT_START:
            start = 1 + payload[0] if payload else 0
            self._packets, self._section = packet, bytearray(payload[start:])
        elif self._packets:
            self._packets += packet
            self._section += payload
        if len(self._section) < 3:
            return None
        length = 3 + ((self._section[1] & 0x0F) << 8 | self._section[2])
        if len(self._section) < length <= _TABLE_MOST:
            return None
        packets, section = self._packets, bytes(self._section[:length])
        self._packets, self._section = b"", bytearray()
        if length > _TABLE_MOST or length < 12 or crc32.mpeg_2(section) != 0:
            return None
        return packets, section


class StreamReader:
    """Follows one stream's tables and finds its keyframes."""

    def __init__(self) -> None:
        self._pat = b""
        self._pmt = b""
        self._pat_table = _Table()
        self._pmt_table = _Table()
        self._pmt_pid = -1
        self._video_pid = -1
        self._h264 = False
        self._lead: list[bytes] = []
        self._opening = b""

    @property
    def opening(self) -> bytes:
        """What goes before the last keyframe found: PAT, PMT, and what led up to it."""
        return self._opening

    def keyframe_in(self, data: bytes) -> int | None:
        """Take whole packets; where the last keyframe among them begins, None without one."""
        found = None
        for at in range(0, len(data), PACKET):
            high = data[at + 1]
            pid = (high & 0x1F) << 8 | data[at + 2]
            if pid == self._video_pid:
                if high & _UNIT_START and self._is_key(data[at : at + PACKET]):
                    found = at
                    self._opening = b"".join((self._pat, self._pmt, *self._lead))
                if self._lead:
                    self._lead = []
            elif pid == 0:
                self._take_pat(data[at : at + PACKET])
            elif pid == self._pmt_pid:
                self._take_pmt(data[at : at + PACKET])
            else:
                self._lead.append(data[at : at + PACKET])
                del self._lead[:-_LEAD_MOST]  # what comes last stands nearest to its picture
        return found

    def _take_pat(self, packet: bytes) -> None:
        table = self._pat_table.take(packet)
        if table is None:
            return
        packets, section = table
        for at in range(8, len(section) - 7, 4):
            if section[at] or section[at + 1]:  # programme 0 names the network, not a PMT
                pid = (section[at + 2] & 0x1F) << 8 | section[at + 3]
                if pid != self._pmt_pid:
                    self._pmt_pid, self._pmt, self._video_pid = pid, b"", -1
                self._pat = packets
                return

    def _take_pmt(self, packet: bytes) -> None:
        table = self._pmt_table.take(packet)
        if table is None:
            return
        self._pmt, section = table
        before, self._video_pid = self._video_pid, -1
        at = 12 + ((section[10] & 0x0F) << 8 | section[11])
        while at + 5 <= len(section) - 4:
            if section[at] in _VIDEO:
                self._video_pid = (section[at + 1] & 0x1F) << 8 | section[at + 2]
                if self._video_pid != before:
                    # Until now pictures were taken for what leads up to one.
                    self._lead = [p for p in self._lead if _pid(p) != self._video_pid]
                self._h264 = section[at] == _H264
                return
            at += 5 + ((section[at + 3] & 0x0F) << 8 | section[at + 4])

    def _is_key(self, packet: bytes) -> bool:
        if packet[3] & 0x20 and packet[4] and packet[5] & _RANDOM_ACCESS:
            return True
        return self._h264 and _opens_h264(_payload(packet))


def _pid(packet: bytes) -> int:
    return (packet[1] & 0x1F) << 8 | packet[2]


def _payload(packet: bytes) -> bytes:
    if not packet[3] & 0x10:
        return b""
    return packet[5 + packet[4] :] if packet[3] & 0x20 else packet[4:]


def _opens_h264(payload: bytes) -> bool:
    at = payload.find(b"\x00\x00\x01", 3)  # the first start code is the PES header's own
    while 0 <= at < len(payload) - 3:
        if payload[at + 3] & 0x1F in _H264_KEY_UNITS:
            return True
        at = payload.find(b"\x00\x00\x01", at + 3)
    return False
