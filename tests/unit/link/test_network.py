"""Vehicles told apart, foreign sources ignored, the send-fence asked at each send."""

import asyncio
import random

import pytest

from gcs.link.links import PacketLoss
from gcs.link.mavlink import Framer, dialect
from gcs.link.network import NEW_SOURCE_AFTER_S
from gcs.link.reports import Heartbeat, Motion, Text
from gcs.link.texts import TextJoiner
from gcs.runtime.clock import ManualClock
from tests.unit.link.peer import HOME, Peer, heartbeat, motion, text

ELSEWHERE = ("127.0.0.1", 9999)


def test_another_source_with_the_same_id_is_counted_and_ignored() -> None:
    clock = ManualClock()
    peer = Peer(clock)
    told = []
    peer.network.on_foreign = lambda vehicle, source: told.append(source)
    peer.says(motion())
    assert peer.vehicle.address is None, "a heartbeat settles whose packets count"
    peer.says(heartbeat(), motion())
    for _ in range(3):
        peer.says(heartbeat(9), motion(lat=51.6), source=ELSEWHERE)
    assert peer.network.counters.foreign_packets == 6
    assert told == [ELSEWHERE]
    beat, at = peer.vehicle.value(Heartbeat), peer.vehicle.value(Motion)
    assert beat is not None and beat.custom_mode == 4
    assert at is not None and at.position.lat_deg == 51.5262


def test_after_a_silence_the_vehicle_may_come_from_elsewhere() -> None:
    clock = ManualClock()
    peer = Peer(clock)
    peer.says(heartbeat())
    clock.advance(NEW_SOURCE_AFTER_S + 0.1)
    peer.says(motion(), source=ELSEWHERE)
    assert peer.vehicle.address == HOME
    peer.says(heartbeat(), source=ELSEWHERE)
    assert peer.vehicle.address == ELSEWHERE
    assert peer.network.counters.foreign_packets == 0


def test_unknown_vehicles_and_other_components_say_nothing() -> None:
    peer = Peer(ManualClock())
    peer.network.datagram(Framer(77, 1).pack(heartbeat()), HOME)
    assert peer.network.counters.foreign_packets == 1
    peer.network.datagram(Framer(1, 154).pack(heartbeat()), HOME)
    assert peer.vehicle.value(Heartbeat) is None


def test_broken_absurd_and_unknown_packets_are_counted() -> None:
    peer = Peer(ManualClock())
    peer.says(heartbeat(), motion())
    draw = random.Random(1)
    for _ in range(300):
        peer.network.datagram(draw.randbytes(draw.randrange(1, 280)), HOME)
    good = Framer(1, 1).pack(motion(lat=51.6))
    for cut in range(1, len(good)):
        peer.network.datagram(good[:cut], HOME)
    bad = peer.network.counters.messages_bad
    assert bad >= 300
    peer.says(motion(lat=91.0))
    at = peer.vehicle.value(Motion)
    assert at is not None and at.position.lat_deg == 51.5262
    assert peer.network.counters.messages_bad == bad + 1
    peer.says(dialect.MAVLink_radio_status_message(0, 0, 0, 0, 0, 0, 0))
    assert peer.network.counters.unknown_types == 1
    at = peer.vehicle.value(Motion)
    assert at is not None and at.position.lat_deg == 51.5262
    peer.says(motion(lat=51.53))
    at = peer.vehicle.value(Motion)
    assert at is not None and at.position.lat_deg == 51.53, "a whole packet is taken after all"


def test_the_fence_is_asked_at_each_send() -> None:
    gate = [True]
    peer = Peer(ManualClock(), lambda: gate[0])
    beat = heartbeat()
    assert not peer.network.send(peer.vehicle, beat), "no address yet"
    peer.says(beat)
    assert peer.network.send(peer.vehicle, beat)
    gate[0] = False
    assert not peer.network.send(peer.vehicle, beat)
    assert len(peer.wire.sent) == 1
    assert peer.network.counters.unsent == 1


async def test_waiting_ends_with_the_report_that_shows_it() -> None:
    peer = Peer(ManualClock())
    beat = peer.vehicle
    waiting = asyncio.ensure_future(
        beat.until(lambda: (b := beat.value(Heartbeat)) is not None and b.custom_mode == 17, 5.0)
    )
    await asyncio.sleep(0)
    peer.says(heartbeat(4))
    assert not waiting.done()
    peer.says(heartbeat(17))
    assert await waiting
    assert not await beat.until(lambda: False, 0.01)


def test_loss_is_what_the_numbers_miss() -> None:
    loss = PacketLoss()
    for number in range(300):
        if number % 10:
            loss.count(number % 256)
    assert loss.percent == pytest.approx(10.0, abs=1.0)
    late = PacketLoss()
    for number in (1, 2, 3, 2, 4, *range(5, 30)):
        late.count(number)
    assert late.lost <= 1


def test_long_texts_are_joined_and_torn_ones_left_out() -> None:
    joiner = TextJoiner()
    assert joiner.take(Text(4, "short", 0, 0)) == "short"
    assert joiner.take(Text(4, "x" * 50, 7, 0)) is None
    assert joiner.take(Text(4, "end", 7, 1)) == "x" * 50 + "end"
    assert joiner.take(Text(4, "y" * 50, 8, 0)) is None
    assert joiner.take(Text(4, "third", 8, 2)) is None
    peer = Peer(ManualClock())
    heard: list[str] = []
    peer.vehicle.on_text(lambda severity, words: heard.append(words))
    peer.says(heartbeat(), text("Arm: not today"))
    assert heard == ["Arm: not today"]
