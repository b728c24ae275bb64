"""Real H.264 over real HTTP into a receiver's thread."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest

from gcs.model.feed import SensorMetadata
from gcs.runtime.clock import SystemClock
from gcs.video.encoder import FeedEncoder
from gcs.video.frame import FeedState, Frame
from gcs.video.receiver import FeedReceiver
from gcs.video.tracker import Tracker
from gcs.video.transport import TS_PACKET, TsWriter, ticks
from gcs.video.transport_reader import TsReader, UnitKind
from tests.integration.video.conftest import until
from tests.support.video import Camera, StreamServer, scene

Receive = Callable[..., FeedReceiver]


@pytest.fixture
def server() -> Iterator[StreamServer]:
    with StreamServer("ISL-01", "ISL-02") as running:
        yield running


class Live:
    """A camera that shoots in its own thread, until told to stop."""

    def __init__(self, server: StreamServer, feed: str, fps: float = 30.0) -> None:
        self._camera = Camera(lambda data: server.send(feed, data), 640, 360, fps)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(1 / fps,))

    def _run(self, period_s: float) -> None:
        while not self._stop.wait(period_s):
            self._camera.shoot(time.time_ns() // 1000)

    def __enter__(self) -> "Live":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def newest(receiver: FeedReceiver, key: str = "tile") -> Frame:
    until(lambda: receiver.latest(key))
    frame = receiver.latest(key)
    assert frame is not None
    return frame


def joined(server: StreamServer, feed: str = "ISL-01") -> None:
    until(lambda: server.clients(feed))


def _has_size(receiver: FeedReceiver, size: tuple[int, int]) -> bool:
    frame = newest(receiver)
    return (frame.width, frame.height) == size


def now_us() -> int:
    return time.time_ns() // 1000


def test_a_live_feed_comes_with_its_time_its_metadata_and_in_every_size(
    server: StreamServer, receive: Receive
) -> None:
    with Live(server, "ISL-01"):
        receiver = receive("ISL-01", server.access())
        receiver.show("focus", 960, 540)
        until(lambda: receiver.latest("focus"))
        tile, focus = newest(receiver), newest(receiver, "focus")
        until(lambda: receiver.status().state is FeedState.LIVE)
        until(lambda: receiver.status().fps > 20)
    # 640 x 360 fits into 320 x 200 as 320 x 180.
    assert (tile.width, tile.height) == (320, 180)
    assert (focus.width, focus.height) == (960, 540)
    assert tile.pixels.flags.c_contiguous and not tile.pixels.flags.writeable
    assert tile.metadata is not None and tile.metadata.platform == "ISL-01"
    assert tile.capture_utc_us == tile.metadata.capture_utc_us
    assert abs(now_us() - tile.capture_utc_us) < 10_000_000
    assert server.asked[0] == "/feeds/ISL-01.ts"


def test_the_picture_is_the_one_that_was_taken(server: StreamServer, receive: Receive) -> None:
    receiver = receive("ISL-01", server.access(), 640, 360)
    joined(server)
    encoder = FeedEncoder(640, 360, 15, lambda data: server.send("ISL-01", data), quality=18)
    image = scene()
    image[100:200, 300:400] = (200, 60, 20)
    taken = now_us()
    encoder.encode(image, SensorMetadata(taken, heading_deg=90.0))
    frame = newest(receiver)
    assert frame.capture_utc_us == taken
    difference = np.abs(frame.pixels[..., :3].astype(int) - image.astype(int))
    assert np.median(difference) < 6
    blue, green, red = frame.pixels[150, 350, :3].astype(int)
    assert blue > 180 and green < 90 and red < 50


def test_a_joining_receiver_shows_only_the_newest_of_what_it_catches_up_with(
    server: StreamServer, receive: Receive
) -> None:
    parts: list[bytes] = []
    camera = Camera(parts.append)
    start = now_us()
    for number in range(14):
        camera.shoot(start + number * 66_667)
    server.preroll("ISL-01", b"".join(parts))
    receiver = receive("ISL-01", server.access())
    until(lambda: newest(receiver).capture_utc_us == start + 13 * 66_667)
    assert newest(receiver).sequence <= 5


def test_a_stream_that_ends_is_taken_up_again(server: StreamServer, receive: Receive) -> None:
    with Live(server, "ISL-01"):
        receiver = receive("ISL-01", server.access())
        until(lambda: receiver.status().state is FeedState.LIVE)
        server.cut()
        until(lambda: "ended the stream" in receiver.status().sentence)
        assert receiver.status().state is not FeedState.LIVE
        before = newest(receiver).sequence
        until(lambda: newest(receiver).sequence > before + 3)
        until(lambda: receiver.status().state is FeedState.LIVE)
    assert server.asked.count("/feeds/ISL-01.ts") == 2


def test_a_stream_that_stops_is_stale(server: StreamServer, receive: Receive) -> None:
    with Live(server, "ISL-01"):
        receiver = receive("ISL-01", server.access())
        until(lambda: receiver.status().state is FeedState.LIVE)
    until(lambda: receiver.status().state is FeedState.STALE)
    assert "ISL-01 has sent no picture for" in receiver.status().sentence


@pytest.mark.parametrize(
    ("feed", "token", "words"),
    [("ISL-01", "wrong", "refuses this desk's token"), ("ISL-99", None, "not known to the relay")],
)
def test_a_refusal_is_said(
    server: StreamServer, receive: Receive, feed: str, token: str | None, words: str
) -> None:
    access = server.access(token) if token else server.access()
    receiver = receive(feed, access)
    until(lambda: receiver.status().state is FeedState.DEAD)
    assert feed in receiver.status().sentence and words in receiver.status().sentence
    assert all("wrong" not in path for path in server.asked)


def test_a_relay_that_is_gone_is_said_and_found_again(receive: Receive) -> None:
    with StreamServer("ISL-01") as first:
        port, access = first.port, first.access()
    receiver = receive("ISL-01", access)
    until(lambda: "cannot be reached" in receiver.status().sentence)
    assert receiver.status().state is FeedState.DEAD
    with StreamServer("ISL-01", port=port) as again, Live(again, "ISL-01"):
        until(lambda: receiver.status().state is FeedState.LIVE)


def test_garbage_is_said_and_what_follows_is_shown(
    server: StreamServer, receive: Receive, capfd: pytest.CaptureFixture[str]
) -> None:
    receiver = receive("ISL-01", server.access())
    joined(server)
    noise = np.random.default_rng(4)
    # Whole packets around what no decoder can read.
    writer = TsWriter()
    for number in range(40):
        rubbish = b"\0\0\0\1\x65" + noise.integers(0, 256, 3000, np.uint8).tobytes()
        server.send("ISL-01", writer.frame(rubbish, b"rubbish", number * 6000, key=True))
        server.send("ISL-01", noise.integers(0, 256, 500, np.uint8).tobytes())
    until(lambda: "data that is no picture" in receiver.status().sentence)
    assert receiver.latest("tile") is None
    with Live(server, "ISL-01"):
        until(lambda: receiver.status().state is FeedState.LIVE)
    assert capfd.readouterr().err == ""


def test_a_picture_after_a_loss_waits_for_the_next_key_frame(
    server: StreamServer, receive: Receive
) -> None:
    parts: list[bytes] = []
    camera = Camera(parts.append)
    start = now_us()
    for number in range(17):
        camera.shoot(start + number * 66_667)
    receiver = receive("ISL-01", server.access())
    joined(server)

    def shows(number: int) -> Callable[[], bool]:
        return lambda: newest(receiver).capture_utc_us == start + number * 66_667

    server.send("ISL-01", parts[0])
    until(shows(0))
    server.send("ISL-01", parts[1][:-TS_PACKET])
    for part in parts[2:15]:
        server.send("ISL-01", part)
    server.send("ISL-01", parts[15])
    # The picture of the second second begins anew: none of those between was shown.
    until(shows(15))
    assert newest(receiver).sequence == 2


def test_a_size_that_changes_goes_on(
    server: StreamServer, receive: Receive, caplog: pytest.LogCaptureFixture
) -> None:
    receiver = receive("ISL-01", server.access(), 300, 300)
    joined(server)
    with caplog.at_level(logging.INFO):
        for width, height, fitted in ((640, 360, (300, 169)), (320, 240, (300, 225))):
            camera = Camera(lambda data: server.send("ISL-01", data), width, height)
            camera.shoot(now_us())
            until(partial(_has_size, receiver, fitted))
    assert receiver.status().source_height == 240
    assert "ISL-01: its pictures are now 320 x 240" in caplog.text


def test_a_stream_without_klv_is_shown_without_a_time(
    server: StreamServer, receive: Receive
) -> None:
    parts: list[bytes] = []
    camera = Camera(parts.append)
    for number in range(10):
        camera.shoot(1_790_000_000_000_000 + number * 66_667)
    bare = TsWriter()
    receiver = receive("ISL-01", server.access())
    joined(server)
    for unit in TsReader().feed(b"".join(parts)):
        if unit.kind is UnitKind.VIDEO and unit.pts is not None:
            server.send("ISL-01", bare.frame(unit.data, None, unit.pts, unit.key))
    # The tables promise KLV, so the first few pictures are held back for it.
    frame = newest(receiver)
    assert frame.capture_utc_us is None and frame.metadata is None


def test_a_picture_without_its_own_klv_takes_the_one_before_and_counts_on(
    server: StreamServer, receive: Receive
) -> None:
    parts: list[bytes] = []
    start = now_us()
    camera = Camera(parts.append)
    for number in range(3):
        camera.shoot(start + number * 66_667)
    writer = TsWriter()
    receiver = receive("ISL-01", server.access())
    joined(server)
    units = TsReader().feed(b"".join(parts))
    for klv, video in zip(units[0::2], units[1::2], strict=True):
        told = klv.data if video.key else b"not KLV at all"
        server.send("ISL-01", writer.frame(video.data, told, video.pts or 0, video.key))
    until(lambda: (newest(receiver).capture_utc_us or 0) >= start + 133_000)
    taken = newest(receiver).capture_utc_us
    assert taken is not None and abs(taken - (start + 133_334)) <= 20
    assert ticks(start) == units[0].pts


def test_stop_ends_the_thread_at_once_wherever_it_waits(server: StreamServer) -> None:
    clock = SystemClock()
    with Live(server, "ISL-01"):
        waiting = FeedReceiver("ISL-02", server.access(), clock, lambda: Tracker(clock))
        live = FeedReceiver("ISL-01", server.access(), clock, lambda: Tracker(clock))
        refused = FeedReceiver("ISL-77", server.access(), clock, lambda: Tracker(clock))
        for receiver in (waiting, live, refused):
            receiver.show("tile", 100, 100)
            receiver.start()
        joined(server, "ISL-02")
        until(lambda: live.latest("tile"))
        until(lambda: refused.status().state is FeedState.DEAD)
        started = time.monotonic()
        for receiver in (waiting, live, refused):
            receiver.stop()
        for receiver in (waiting, live, refused):
            receiver.join(5.0)
            assert not receiver.alive
        assert time.monotonic() - started < 1.0
        assert not live.show("tile", 100, 100)
        assert live.latest("tile") is None
