"""A feed: where a desk begins, who is cut, which sender is heard, what is said of it."""

import logging

import numpy as np
import pytest

from gcs.model.feed import FeedKind, FeedSource, SensorMetadata
from gcs.relay import feed as feed_module
from gcs.relay.feed import RelayFeed
from gcs.relay.packets import PACKET
from gcs.relay.viewer import Viewer
from gcs.runtime.clock import ManualClock
from gcs.video.encoder import FeedEncoder
from gcs.video.transport_reader import TsReader, UnitKind
from tests.support.ts import datagrams, from_key, stream

SENDER = 40_000
OTHER = 40_001


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def feed(clock: ManualClock) -> RelayFeed:
    return RelayFeed(FeedSource("ISL-01", FeedKind.DRONE, 5000), clock)


def send(feed: RelayFeed, data: bytes, port: int = SENDER) -> None:
    for datagram in datagrams(data):
        feed.take(datagram, port)
    feed.flush()


async def got(viewer: Viewer) -> bytes:
    chunk = await viewer.next()
    assert chunk is not None
    return chunk


async def test_who_joins_late_begins_at_the_last_keyframe(feed: RelayFeed) -> None:
    send(feed, stream(25))
    assert await got(feed.join()) == from_key(stream(25), -1)


async def test_who_joins_first_gets_every_packet_from_the_first_keyframe(feed: RelayFeed) -> None:
    viewers = [feed.join(), feed.join()]
    for datagram in datagrams(stream(30)):
        feed.take(datagram, SENDER)
        feed.flush()
    whole = from_key(stream(30), 0)
    assert [await got(v) for v in viewers] == [whole, whole]


async def test_nothing_is_told_twice_to_who_joins_between_two_flushes(feed: RelayFeed) -> None:
    parts = datagrams(stream(25))
    for datagram in parts:
        feed.take(datagram, SENDER)
    viewer = feed.join()
    feed.flush()
    assert await got(viewer) == from_key(stream(25), -1)


async def test_a_slow_desk_is_cut_to_the_next_keyframe(feed: RelayFeed, clock: ManualClock) -> None:
    slow, quick = feed.join(), feed.join()
    data = stream(30)
    send(feed, data)
    assert await got(quick)
    clock.advance(1.5)
    feed.take(data[:PACKET], SENDER)  # nothing of a keyframe in it
    feed.flush()
    assert slow.waiting
    assert not quick.waiting
    assert await got(quick) == data[:PACKET]
    dropped = feed.health.dropped
    assert dropped >= len(from_key(data, 0)) // PACKET
    send(feed, data)
    assert await got(slow) == from_key(data, 0, data + data[:PACKET])
    feed.leave(slow)
    assert feed.health.dropped == dropped
    assert feed.health.clients == 1


async def test_a_desk_with_too_many_bytes_waiting_is_cut(
    feed: RelayFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gcs.relay.viewer.MOST_BYTES", 3000)
    viewer = feed.join()
    for datagram in datagrams(stream(9)):
        feed.take(datagram, SENDER)
        feed.flush()
    assert viewer.waiting
    assert feed.health.dropped > 0


def test_garbage_is_counted_and_not_passed_on(feed: RelayFeed, clock: ManualClock) -> None:
    send(feed, stream())
    packets = feed.health.packets
    assert feed.health.trouble == ""
    feed.take(b"\x00" * 500, SENDER)
    feed.take(b"", SENDER)
    health = feed.health
    assert (health.packets, health.bad_packets) == (packets, 3)
    assert "ISL-01" in health.trouble
    assert "MPEG-TS" in health.trouble
    clock.advance(1.9)
    send(feed, stream())
    clock.advance(0.2)
    assert feed.health.trouble == ""


def test_a_feed_that_stops(feed: RelayFeed, clock: ManualClock) -> None:
    assert feed.health.trouble == "Feed ISL-01 has not begun."
    assert feed.health.age_s is None
    send(feed, stream())
    clock.advance(2.0)
    assert feed.health.trouble == ""
    clock.advance(0.1)
    assert feed.health.trouble == "Feed ISL-01 has stopped."
    assert feed.health.age_s == pytest.approx(2.1)
    send(feed, stream())
    assert feed.health.trouble == ""


def test_a_trouble_and_its_end_are_logged_once(
    feed: RelayFeed, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            assert feed.health.trouble
        send(feed, stream())
        for seconds in (0.0, 1.0, 2.0, 1.0):
            clock.advance(seconds)
            assert feed.health is not None
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("INFO", "Feed ISL-01 has not begun."),
        ("INFO", "Feed ISL-01 is good."),
        ("WARNING", "Feed ISL-01 has stopped."),
    ]


async def test_the_first_sender_is_heard_until_it_is_silent(
    feed: RelayFeed, clock: ManualClock
) -> None:
    viewer = feed.join()
    send(feed, stream(30))
    await got(viewer)
    good = feed.health.packets
    clock.advance(2.0)
    send(feed, stream(20), OTHER)
    assert feed.health.packets == good
    assert feed.health.bad_packets == len(stream(20)) // PACKET
    clock.advance(0.1)
    send(feed, stream(20), OTHER)
    assert feed.health.packets == good + len(stream(20)) // PACKET
    assert await got(viewer) == from_key(stream(20), 0), "it begins anew at a keyframe"
    send(feed, stream(30))
    assert feed.health.packets == good + len(stream(20)) // PACKET, "the first is now the second"


def test_garbage_takes_no_feed(feed: RelayFeed) -> None:
    feed.take(b"\x00" * 188, OTHER)
    send(feed, stream(), SENDER)
    assert feed.health.packets == len(stream()) // PACKET


async def test_no_keyframe_for_long_is_told_and_nothing_grows(
    feed: RelayFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "MOST_KEPT_BYTES", 2000)
    data = stream(9)
    send(feed, data)
    assert "no keyframe" in feed.health.trouble
    late = feed.join()
    assert late.waiting
    monkeypatch.undo()
    send(feed, data)
    assert await got(late) == from_key(data, -1, data)


async def test_close_ends_every_answer(feed: RelayFeed) -> None:
    viewer = feed.join()
    feed.close()
    assert await viewer.next() is None


async def test_the_keyframe_a_desk_begins_at_has_its_own_metadata(feed: RelayFeed) -> None:
    """The simulated cameras' stream: each frame's metadata comes before its picture."""
    sent = bytearray()
    encoder = FeedEncoder(64, 48, 15.0, sent.extend)
    for number in range(25):
        taken = SensorMetadata(capture_utc_us=1_790_000_000_000_000 + number * 66_667)
        encoder.encode(np.full((48, 64, 3), number * 8, np.uint8), taken)
    encoder.close()
    send(feed, bytes(sent))
    units = TsReader().feed(await got(feed.join()))
    assert [u.kind for u in units[:2]] == [UnitKind.KLV, UnitKind.VIDEO]
    assert units[1].key
    assert units[0].pts == units[1].pts
    assert [u.kind for u in units].count(UnitKind.VIDEO) == 10, "frames 15 to 24"
