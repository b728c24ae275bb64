"""The stream's packets: against libav in both directions, and against loss and garbage."""

import io
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest

from gcs.model.feed import SensorMetadata
from gcs.video.encoder import FeedEncoder
from gcs.video.klv import decode_metadata
from gcs.video.transport import TS_PACKET, TsWriter, ticks
from gcs.video.transport_reader import TsReader, Unit, UnitKind
from tests.support.video import Camera, scene

T0 = 1_790_000_000_000_000
STEP = 66_667


def _recording(frames: int, width: int = 640, height: int = 360, fps: float = 15) -> list[bytes]:
    parts: list[bytes] = []
    camera = Camera(parts.append, width, height, fps)
    for number in range(frames):
        camera.shoot(T0 + round(number * 1e6 / fps))
    return parts


def _kinds(units: list[Unit], kind: UnitKind) -> list[Unit]:
    return [unit for unit in units if unit.kind is kind]


def test_each_picture_leaves_at_once_in_whole_packets() -> None:
    parts: list[bytes] = []
    camera = Camera(parts.append)
    for number in range(20):
        camera.shoot(T0 + number * STEP)
        assert len(parts) == number + 1
    assert all(len(part) % TS_PACKET == 0 for part in parts)


def test_libav_reads_pictures_and_klv_with_the_same_stamps() -> None:
    video: list[int | None] = []
    klv: list[tuple[int | None, bytes]] = []
    with av.open(io.BytesIO(b"".join(_recording(30))), "r", format="mpegts") as container:
        assert [s.type for s in container.streams] == ["video", "data"]
        # A packet's stream must not be asked for once the container is closed.
        for packet in container.demux():
            if packet.size and packet.stream.type == "video":
                video.append(packet.pts)
            elif packet.size:
                klv.append((packet.pts, bytes(packet)))
    assert len(video) == 30 and video == [pts for pts, _ in klv]
    times = [decode_metadata(data).capture_utc_us for _, data in klv]
    assert times == [T0 + round(n * 1e6 / 15) for n in range(30)]


def test_a_key_frame_comes_each_second_whatever_the_rate() -> None:
    for fps in (5, 15, 30):
        units = TsReader().feed(b"".join(_recording(3 * fps, 320, 180, fps)))
        keys = [n for n, unit in enumerate(_kinds(units, UnitKind.VIDEO)) if unit.key]
        assert keys == [0, fps, 2 * fps]


def test_units_are_whole_with_the_last_byte_of_each_frame() -> None:
    reader = TsReader()
    for part in _recording(20):
        units = reader.feed(part)
        assert [u.kind for u in units] == [UnitKind.KLV, UnitKind.VIDEO]
        assert units[0].pts == units[1].pts


@pytest.mark.parametrize("spare", range(190))
def test_a_picture_too_large_for_its_length_field_is_still_whole_at_once(spare: int) -> None:
    picture = bytes(70_000 + spare)
    (unit,) = TsReader().feed(TsWriter().frame(picture, None, 900, key=True))
    assert unit.data.startswith(picture) and len(unit.data) - len(picture) <= 1
    assert unit.key and unit.pts == 900


def test_any_cut_of_the_bytes_gives_the_same_units() -> None:
    data = b"".join(_recording(8))
    whole = TsReader().feed(data)
    for size in (1, 187, 188, 1316, 4000):
        reader = TsReader()
        pieces = [u for at in range(0, len(data), size) for u in reader.feed(data[at : at + size])]
        assert pieces == whole


def test_a_foreign_muxer_is_read() -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=15, options={"tune": "zerolatency"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.time_base = Fraction(1, 15)
        for number in range(20):
            frame = av.VideoFrame.from_ndarray(np.roll(scene(320, 180), number, 1), format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    reader = TsReader()
    video = _kinds(reader.feed(out.getvalue()), UnitKind.VIDEO)
    # The very last one has no end that could be known.
    assert len(video) >= 19 and video[0].key and reader.bad_packets == 0
    steps = {b.pts - a.pts for a, b in pairwise(video) if a.pts and b.pts}
    assert steps == {6000}


def test_a_lost_packet_costs_its_picture_and_is_told() -> None:
    parts = _recording(4)
    broken = parts[1][:-TS_PACKET]
    reader = TsReader()
    units = reader.feed(parts[0] + broken + parts[2] + parts[3])
    video = _kinds(units, UnitKind.VIDEO)
    assert [u.pts for u in video] == [ticks(T0), ticks(T0 + 133_333), ticks(T0 + 200_000)]
    assert [u.after_loss for u in video] == [False, True, False]
    assert reader.bad_packets > 0


def test_garbage_between_packets_is_passed_over() -> None:
    parts = _recording(6)
    noise = np.random.default_rng(5).integers(0, 256, 1000, np.uint8).tobytes()
    reader = TsReader()
    units = reader.feed(noise + b"".join(parts[:3]) + noise + b"".join(parts[3:]))
    assert len(_kinds(units, UnitKind.VIDEO)) >= 4
    assert reader.bad_packets > 0


def test_garbage_alone_gives_nothing_and_raises_nothing() -> None:
    noise = np.random.default_rng(6).integers(0, 256, 200_000, np.uint8)
    noise[::188] = 0x47
    reader = TsReader()
    assert reader.feed(noise.tobytes()) == []


def test_a_table_with_a_wrong_checksum_is_not_believed() -> None:
    first = bytearray(_recording(1)[0])
    first[TS_PACKET + 20] ^= 0x01
    reader = TsReader()
    assert reader.feed(bytes(first)) == [] and reader.bad_packets > 0


def test_stamps_survive_the_turn_of_their_clock() -> None:
    for pts in (0, 1, (1 << 33) - 1, 0x1_2345_6789):
        (unit,) = TsReader().feed(TsWriter().frame(b"picture", None, pts, key=True))
        assert unit.pts == pts


def test_the_encoder_refuses_what_it_cannot_send() -> None:
    encoder = FeedEncoder(640, 360, 15, lambda _: None)
    with pytest.raises(ValueError, match="picture is"):
        encoder.encode(scene(320, 180), SensorMetadata(T0))
    with pytest.raises(ValueError, match="even numbers"):
        FeedEncoder(641, 360, 15, lambda _: None)


def test_a_picture_that_is_not_newer_is_left_out() -> None:
    parts: list[bytes] = []
    encoder = FeedEncoder(640, 360, 15, parts.append)
    for utc_us in (T0, T0, T0 - 5, T0 + STEP):
        encoder.encode(scene(), SensorMetadata(utc_us))
    assert len(parts) == 2
