"""Packets: sync, tables and keyframes of a real stream, and of broken ones."""

import random

from gcs.relay.packets import PACKET, StreamReader, in_sync
from tests.support.ts import stream


def packets(data: bytes) -> list[bytes]:
    return [data[at : at + PACKET] for at in range(0, len(data), PACKET)]


def keys(data: bytes, reader: StreamReader | None = None) -> list[int]:
    reader = reader or StreamReader()
    return [n for n, p in enumerate(packets(data)) if reader.keyframe_in(p) is not None]


def without_indicator(packet: bytes) -> bytes:
    """The same packet, its random access indicator taken away."""
    if packet[3] & 0x20 and packet[4]:
        return packet[:5] + bytes([packet[5] & ~0x40]) + packet[6:]
    return packet


def test_sync() -> None:
    data = stream()
    assert in_sync(data)
    assert not in_sync(b"")
    assert not in_sync(data[1:])
    assert not in_sync(data[: PACKET * 3 - 1])
    assert not in_sync(data[:PACKET] + b"\x00" + data[PACKET + 1 : 2 * PACKET])


def test_keyframes_of_a_real_stream() -> None:
    assert len(keys(stream(30))) == 3


def test_keyframes_without_the_random_access_indicator() -> None:
    plain = b"".join(without_indicator(p) for p in packets(stream(30)))
    assert plain != stream(30)
    assert keys(plain) == keys(stream(30))


def test_one_call_finds_the_last_keyframe_of_a_datagram() -> None:
    data = stream(30)
    assert StreamReader().keyframe_in(data) == keys(data)[-1] * PACKET


def pid(packet: bytes) -> int:
    return (packet[1] & 0x1F) << 8 | packet[2]


def pids(data: bytes) -> list[int]:
    return [pid(p) for p in packets(data)]


def tables(data: bytes) -> tuple[bytes, bytes]:
    """The stream's first PAT and PMT: PyAV puts them one behind the other."""
    at = pids(data).index(0)
    found = packets(data)[at : at + 2]
    return found[0], found[1]


def test_the_opening_is_the_tables_and_the_metadata_before_the_picture() -> None:
    made = stream(30)
    reader = StreamReader()
    assert reader.opening == b""
    first = keys(made, StreamReader())[1]
    reader.keyframe_in(made[: (first + 1) * PACKET])
    pat, pmt = tables(made)
    video = pid(packets(made)[first])
    assert pids(reader.opening)[:2] == [0, pid(pmt)]
    rest = packets(reader.opening)[2:]
    assert rest, "the metadata of the picture before comes after it here"
    assert {pid(p) for p in rest}.isdisjoint({0, pid(pmt), video})
    assert pid(pat) == 0


def test_what_leads_up_to_a_keyframe_is_bounded() -> None:
    reader = StreamReader()
    reader.keyframe_in(stream(9))
    null = b"\x47\x1f\xff\x10" + bytes(PACKET - 4)
    for _ in range(1000):
        reader.keyframe_in(null)
    reader.keyframe_in(stream(9))
    assert len(reader.opening) <= (2 + 64) * PACKET


def test_pictures_before_the_tables_do_not_crowd_out_the_first_keyframes_metadata() -> None:
    made = packets(stream(30))
    first, second = keys(b"".join(made))[:2]
    video = pid(made[first])
    pat, pmt = tables(b"".join(made))
    klv = [p for p in made if pid(p) not in {0, pid(pmt), video, 0x11}][-1]
    picture = next(p for p in made if pid(p) == video and not p[1] & 0x40)
    reader = StreamReader()
    for packet in [*[picture] * 300, klv, pat, pmt]:
        assert reader.keyframe_in(packet) is None
    assert reader.keyframe_in(made[second]) == 0
    assert reader.opening == pat + pmt + klv


def test_a_broken_table_changes_nothing() -> None:
    data = stream()
    reader = StreamReader()
    reader.keyframe_in(data)
    for packet in tables(data):
        for at in range(5, 21):  # the shorter one's section
            reader.keyframe_in(packet[:at] + bytes([packet[at] ^ 0x5A]) + packet[at + 1 :])
    video = next(p for n, p in enumerate(packets(data)) if n in keys(data))
    assert reader.keyframe_in(video) == 0
    assert pids(reader.opening)[:2] == [0, pid(tables(data)[1])]


def test_a_table_in_two_packets() -> None:
    """The PMT's section cut in half: the first packet stuffed by an adaptation field."""
    data = stream()
    pat, pmt = tables(data)
    section = pmt[4:]
    first = section[:20]
    stuffing = PACKET - 4 - 2 - len(first)
    start = pmt[:3] + bytes([0x30 | pmt[3] & 0x0F, 1 + stuffing, 0]) + b"\xff" * stuffing + first
    rest = (bytes([0x47, pmt[1] & 0x1F]) + pmt[2:4] + section[20:]).ljust(PACKET, b"\xff")
    video = packets(data)[keys(data)[0]]
    reader = StreamReader()
    assert reader.keyframe_in(pat + start + video) is None, "no PMT yet"
    assert reader.keyframe_in(rest + video) == PACKET
    assert reader.opening.startswith(pat + start + rest)


def test_any_bytes_behind_a_sync_byte_are_borne() -> None:
    made = random.Random(5)
    reader = StreamReader()
    reader.keyframe_in(stream())
    for _ in range(3000):
        pid = made.choice((0, 0x1000, 0x100, made.randrange(0x2000)))
        high = made.randrange(8) << 5 | pid >> 8
        packet = bytes([0x47, high, pid & 0xFF]) + made.randbytes(PACKET - 3)
        reader.keyframe_in(packet)
    assert keys(stream(), reader)
