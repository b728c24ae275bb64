"""Packets found in bytes, whatever else is in them; values decoded when read."""

import random
import struct
from typing import Any

import pytest

from gcs.link.codec import Packet, Splitter, decode, whole
from gcs.link.mavlink import Framer, dialect
from gcs.link.reports import Attitude, Heartbeat, Motion, Report
from gcs.runtime.clock import ManualClock
from tests.unit.link.peer import HOME, Peer, heartbeat, motion, text


def packets(count: int = 20, seed: int = 3) -> list[bytes]:
    """Packets of several kinds and both protocol versions."""
    draw, framer = random.Random(seed), Framer(1, 1)
    made: list[bytes] = []
    for number in range(count):
        message: Any = draw.choice((heartbeat(number % 20), motion(), text("t" * (number % 50))))
        if draw.random() < 0.3:
            made.append(bytes(message.pack(framer.mav, force_mavlink1=True)))
        else:
            made.append(framer.pack(message))
    return made


def signed(message: Any, key: bytes = b"k" * 32) -> bytes:
    framer = Framer(1, 1)
    framer.mav.signing.secret_key = key
    framer.mav.signing.sign_outgoing = True
    framer.mav.signing.timestamp = 10_000
    return framer.pack(message)


def test_the_fast_way_and_the_thorough_one_find_the_same() -> None:
    framer = Framer(9, 4)
    for message in (heartbeat(), motion(), text("hello"), dialect.MAVLink_wind_message(0, 0, 0)):
        data = framer.pack(message)
        (thorough,) = Splitter().datagram(data)
        fast = whole(data)
        assert fast is None or fast == thorough
        assert (thorough.system, thorough.component) == (9, 4)
        assert decode(thorough.data).to_dict() == message.to_dict()
    moved = whole(framer.pack(motion()))
    assert moved is not None and moved.first == 1000, "the time since boot"


def test_no_flipped_bit_passes() -> None:
    data = Framer(1, 1).pack(motion())
    for place in range(len(data) * 8):
        broken = bytearray(data)
        broken[place // 8] ^= 1 << place % 8
        found = Splitter().datagram(bytes(broken))
        # a flip that makes the number unknown leaves nothing to prove the packet by
        assert whole(bytes(broken)) is None
        assert not [p for p in found if p.known], f"bit {place}"


@pytest.mark.parametrize("seed", range(6))
def test_a_stream_gives_back_every_packet_between_noise(seed: int) -> None:
    draw = random.Random(seed)
    sent = packets(60, seed)
    stream = bytearray()
    for data in sent:
        if draw.random() < 0.3:  # noise, without the markers: else it might take a packet's place
            stream += bytes(draw.randrange(0, 0xFD) for _ in range(draw.randrange(1, 40)))
        if draw.random() < 0.2:
            stream += data[: draw.randrange(1, len(data))]  # a torn one
        stream += data
    splitter, found = Splitter(), list[Packet]()
    while stream:
        size = draw.randrange(1, 90)
        found += splitter.stream(bytes(stream[:size]))
        del stream[:size]
    found += splitter.stream(bytes(600))  # what was waited for is settled
    assert [p.data for p in found if p.known] == sent
    assert splitter.bad > 0


def test_features_that_cannot_be_read_are_refused() -> None:
    data = bytearray(Framer(1, 1).pack(heartbeat()))
    data[2] = 0x02
    splitter = Splitter()
    assert splitter.datagram(bytes(data)) == [] and splitter.bad == 1
    assert whole(bytes(data)) is None


def test_several_packets_in_one_datagram_and_a_torn_last_one() -> None:
    sent = packets(5)
    splitter = Splitter()
    assert len(splitter.datagram(b"".join(sent) + sent[0][:-1])) == 5
    assert splitter.bad == 1
    assert len(splitter.datagram(sent[0])) == 1, "a torn packet never swallows the next datagram"


def test_signed_packets_are_checked_and_others_dropped() -> None:
    class Signing:
        def __init__(self) -> None:
            self.seen: list[bytes] = []

        def attach(self, mav: Any) -> None:
            mav.signing.sign_outgoing = True
            mav.signing.secret_key = b"k" * 32

        def check(self, packet: bytes) -> str:
            self.seen.append(packet)
            return "" if packet[2] & 1 else "unsigned"

    signing = Signing()
    peer = Peer(ManualClock(), signing={1: signing})
    peer.says(heartbeat(9))
    assert peer.vehicle.value(Heartbeat) is None
    assert peer.network.counters.refused_signatures == 1
    good = signed(heartbeat())
    peer.network.datagram(good, HOME)
    assert peer.vehicle.value(Heartbeat) is not None
    assert signing.seen[-1] == good and signing.seen.count(good) == 1, "a second look is a replay"
    peer.vehicle.send(heartbeat())
    assert peer.wire.sent[-1][0].get_signed() or peer.wire.sent[-1][0].get_header().incompat_flags


def test_a_value_is_decoded_when_it_is_read_and_counted_when_it_comes() -> None:
    clock = ManualClock()
    peer = Peer(clock)
    peer.says(heartbeat())
    for number in range(30):
        peer.says(motion(lat=51.0 + number / 100))
        clock.advance(0.1)
    assert peer.vehicle.count(Motion) == 30
    assert peer.vehicle.age_s(Motion) == pytest.approx(0.1)
    at = peer.vehicle.value(Motion)
    assert at is not None and at.position.lat_deg == pytest.approx(51.29)


def test_a_bad_value_leaves_the_good_one_before_it() -> None:
    clock = ManualClock()
    peer = Peer(clock)
    peer.says(heartbeat(), motion(lat=51.1))
    clock.advance(0.5)
    peer.says(motion(lat=51.2))
    clock.advance(0.5)
    for _ in range(3):
        peer.says(motion(lat=91.0))
    at = peer.vehicle.last(Motion)
    assert at is not None and at.value.position.lat_deg == 51.2
    assert peer.vehicle.age_s(Motion) == pytest.approx(0.5)
    assert (peer.vehicle.count(Motion), peer.network.counters.messages_bad) == (2, 3)


def test_a_listener_hears_each_and_only_what_comes_from_then_on() -> None:
    peer = Peer(ManualClock())
    peer.says(heartbeat(), motion(lat=51.1), motion(lat=51.2))
    heard: list[Report] = []
    with peer.vehicle.listening(heard.append):
        peer.says(motion(lat=51.3), motion(lat=91.0), motion(lat=51.4))
    assert [r.position.lat_deg for r in heard if isinstance(r, Motion)] == [51.3, 51.4]


def test_answers_to_another_station_are_not_ours() -> None:
    peer = Peer(ManualClock())
    peer.says(heartbeat())
    heard: list[Report] = []
    with peer.vehicle.listening(heard.append):
        peer.says(dialect.MAVLink_command_ack_message(400, 0, 0, 0, 252, 190))
        assert heard == [] and peer.network.counters.stations == 1
        peer.says(dialect.MAVLink_command_ack_message(400, 0, 0, 0, 255, 190))
        assert len(heard) == 1
    other = Framer(252, 190).pack(dialect.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
    peer.network.datagram(other, HOME)
    gcs = Framer(77, 190)
    peer.network.datagram(gcs.pack(dialect.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3)), HOME)
    peer.network.datagram(gcs.pack(motion()), HOME)
    assert peer.network.counters.stations == 4
    assert peer.network.counters.foreign_packets == 0


def test_hostile_bytes_change_no_state() -> None:
    """Random bytes, flipped bits, cut and lengthened packets, absurd values with good checksums."""
    draw, peer, framer = random.Random(11), Peer(ManualClock()), Framer(1, 1)
    peer.says(heartbeat(), motion())
    good = [framer.pack(m) for m in (motion(lat=51.7), heartbeat(9), text("x" * 50))]
    for _ in range(4000):
        data = bytearray(draw.choice(good))
        match draw.randrange(4):
            case 0:
                data = bytearray(draw.randbytes(draw.randrange(1, 400)))
            case 1:
                for _ in range(draw.randrange(1, 4)):
                    data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
                if bytes(data) in good:
                    continue
            case 2:
                del data[draw.randrange(1, len(data)) :]
            case _:
                lat = draw.choice((910_000_000, -2_000_000_000, 0))
                lon = draw.choice((1_900_000_000, 0)) if lat == 0 else 0
                absurd = dialect.MAVLink_global_position_int_message(
                    1000, lat, lon, 0, 0, 0, 0, 0, 65535
                )
                data = bytearray(framer.pack(absurd))
        peer.network.datagram(bytes(data), HOME)
        if draw.random() < 0.1:
            peer.vehicle.value(Motion)
    at, beat = peer.vehicle.value(Motion), peer.vehicle.value(Heartbeat)
    assert at is not None and at.position.lat_deg == 51.5262
    assert beat is not None and beat.custom_mode == 4
    assert peer.network.counters.messages_bad > 1000
    nan = struct.pack("<f", float("nan"))
    tilted = dialect.MAVLink_attitude_message(1000, struct.unpack("<f", nan)[0], 0, 0, 0, 0, 0)
    peer.says(tilted)
    assert peer.vehicle.value(Attitude) is None
