"""ST 0601 packets: against a decoder that is not ours, and against bad input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from klvdata import StreamParser

from gcs.model.feed import SensorMetadata
from gcs.model.place import Position
from gcs.video.klv import UAS_LOCAL_SET, BadKlv, checksum, decode_metadata, encode_metadata

NOW_US = 1_790_000_000_123_456
FULL = SensorMetadata(
    capture_utc_us=NOW_US,
    platform="ISL-01",
    sensor="EO wide",
    mission="01-2026-11-22-0042",
    heading_deg=271.5,
    pitch_deg=-12.25,
    roll_deg=33.1,
    position=Position(51.5262, -0.1068),
    altitude_amsl_m=80.5,
    horizontal_fov_deg=70.0,
    vertical_fov_deg=42.9,
    relative_azimuth_deg=10.0,
    relative_elevation_deg=-45.0,
    relative_roll_deg=350.0,
    slant_range_m=123.0,
    frame_centre=Position(51.5271, -0.1101),
    frame_centre_amsl_m=20.0,
)
# Tag, what a foreign decoder should read, and how coarse the field is.
FOREIGN = (
    (5, 271.5, 360 / 65535),
    (13, 51.5262, 1e-7),
    (14, -0.1068, 1e-7),
    (15, 80.5, 19900 / 65535),
    (16, 70.0, 180 / 65535),
    (17, 42.9, 180 / 65535),
    (18, 10.0, 1e-6),
    (19, -45.0, 1e-6),
    (20, 350.0, 1e-6),
    (21, 123.0, 0.01),
    (23, 51.5271, 1e-7),
    (24, -0.1101, 1e-7),
    (25, 20.0, 19900 / 65535),
    (90, -12.25, 1e-6),
    (91, 33.1, 1e-6),
)


def _packet(body: bytes, head: bytes | None = None) -> bytes:
    """A packet with a right checksum around any items."""
    length = len(body) + 4
    start = UAS_LOCAL_SET + (bytes((length,)) if head is None else head) + body + b"\x01\x02"
    return start + checksum(start).to_bytes(2, "big")


def _time() -> bytes:
    return b"\x02\x08" + NOW_US.to_bytes(8, "big")


def test_a_foreign_decoder_reads_every_value() -> None:
    (packet,) = StreamParser(encode_metadata(FULL))
    values = {int.from_bytes(key, "big"): item.value.value for key, item in packet.items.items()}
    for tag, expected, step in FOREIGN:
        assert float(values[tag]) == pytest.approx(expected, abs=step), tag
    assert round(values[2].timestamp() * 1e6) == NOW_US
    assert (values[3], values[10], values[11]) == (FULL.mission, FULL.platform, FULL.sensor)
    assert int(values[65]) == 19


def test_the_time_comes_first_and_the_checksum_last() -> None:
    packet = encode_metadata(FULL)
    (parsed,) = StreamParser(packet)
    tags = [int.from_bytes(key, "big") for key in parsed.items]
    assert tags[0] == 2 and tags[-1] == 1
    # The sum as the standard words it: 16-bit words from the key to the checksum's length.
    total = 0
    for i, byte in enumerate(packet[:-2]):
        total += byte << (8 * ((i + 1) % 2))
    assert packet[-2:] == (total & 0xFFFF).to_bytes(2, "big")


angles = st.floats(-180, 180)


@given(
    st.integers(10**15, 10**16),
    st.floats(-90, 90),
    angles,
    st.floats(0, 360),
    angles,
    st.floats(-900, 19000),
)
def test_what_is_written_is_read(
    utc_us: int, lat: float, lon: float, heading: float, elevation: float, height: float
) -> None:
    told = SensorMetadata(
        utc_us,
        heading_deg=heading,
        position=Position(lat, lon),
        relative_elevation_deg=elevation,
        altitude_amsl_m=height,
    )
    read = decode_metadata(encode_metadata(told))
    assert read.capture_utc_us == utc_us
    assert read.position is not None and read.heading_deg is not None
    assert read.position.lat_deg == pytest.approx(lat, abs=1e-7)
    assert read.position.lon_deg == pytest.approx(lon, abs=2e-7)
    turned = abs(read.heading_deg - heading) % 360
    assert min(turned, 360 - turned) < 0.006
    assert read.relative_elevation_deg == pytest.approx(elevation, abs=1e-6)
    assert read.altitude_amsl_m == pytest.approx(height, abs=0.31)


def test_what_is_not_known_is_left_out() -> None:
    packet = encode_metadata(SensorMetadata(NOW_US))
    assert decode_metadata(packet) == SensorMetadata(NOW_US)
    assert len(packet) < 50


def test_what_does_not_fit_its_field_is_not_told() -> None:
    told = SensorMetadata(NOW_US, altitude_amsl_m=25_000.0, pitch_deg=120.0, slant_range_m=-1.0)
    assert decode_metadata(encode_metadata(told)) == SensorMetadata(NOW_US)


def test_out_of_range_marks_are_read_as_not_known() -> None:
    lowest = b"\x80\x00\x00\x00"
    body = _time() + b"\x0d\x04" + lowest + b"\x0e\x04" + bytes(4) + b"\x5a\x04" + lowest
    read = decode_metadata(_packet(body))
    assert read.position is None and read.pitch_deg is None


def test_unknown_tags_are_passed_over() -> None:
    # Tag 48 is in the standard and not used here; 0x81 0x02 is a tag of two bytes.
    body = _time() + b"\x30\x03abc" + b"\x81\x02\x01x" + b"\x0a\x02Hi"
    assert decode_metadata(_packet(body)) == SensorMetadata(NOW_US, platform="Hi")


def test_long_form_lengths_are_read() -> None:
    text = "x" * 100
    body = _time() + b"\x03\x81\x64" + text.encode() + b"\x30\x82\x00\x80" + bytes(128)
    head = b"\x83" + (len(body) + 4).to_bytes(3, "big")
    assert decode_metadata(_packet(body, head)).mission == text


def test_bytes_after_the_packet_do_not_matter() -> None:
    assert decode_metadata(encode_metadata(FULL) + b"\xff" * 9).platform == "ISL-01"


def test_every_cut_is_refused_in_one_sentence() -> None:
    packet = encode_metadata(FULL)
    for cut in range(len(packet)):
        with pytest.raises(BadKlv) as refused:
            decode_metadata(packet[:cut])
        _one_sentence(refused.value)


def test_every_changed_byte_is_refused() -> None:
    packet = encode_metadata(FULL)
    for at in range(len(packet)):
        with pytest.raises(BadKlv):
            decode_metadata(packet[:at] + bytes((packet[at] ^ 0x10,)) + packet[at + 1 :])


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"\x0a\x02Hi", "tag 2"),
        (b"\x02\x08" + bytes(8), "tag 2"),
        (b"\x02\x08" + b"\xff" * 8, "tag 2"),
        (b"\x02\x04" + bytes(4), "tag 2"),
        (_time() + b"\x05\x01\x00", "tag 5"),
        (_time() + b"\x0d\x02\x00\x00", "tag 13"),
        (_time() + b"\x0a\x02\xff\xfe", "tag 10"),
        (_time() + b"\x0a\x70Hi", "tag 10"),
        (_time() + b"\xff\xff\xff\xff", "tag"),
        (_time() + b"\x0a\x85\x01\x01\x01\x01\x01", "length"),
    ],
)
def test_absurd_values_are_refused_and_named(body: bytes, names: str) -> None:
    with pytest.raises(BadKlv, match=names) as refused:
        decode_metadata(_packet(body))
    _one_sentence(refused.value)


@given(st.binary(max_size=300))
def test_garbage_never_raises_anything_else(garbage: bytes) -> None:
    for packet in (garbage, UAS_LOCAL_SET + garbage, _packet(_time() + garbage[:100])):
        try:
            decode_metadata(packet)
        except BadKlv as error:
            _one_sentence(error)


def test_an_oversized_packet_is_refused() -> None:
    with pytest.raises(BadKlv, match="at most"):
        decode_metadata(UAS_LOCAL_SET + bytes(10_000))


def test_a_capture_time_that_is_none_is_not_written() -> None:
    with pytest.raises(BadKlv, match="capture_utc_us"):
        encode_metadata(SensorMetadata(12))


def _one_sentence(error: Exception) -> None:
    text = str(error)
    assert text.startswith("KLV ") and text.endswith(".") and "\n" not in text and len(text) < 160
