"""The desk's wall over real streams, and over the true relay."""

import asyncio
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest

from gcs.apps.shift import load_site
from gcs.model.alert import Alert, AlertRecord, AlertState
from gcs.model.feed import FeedHealth, FeedKind, FeedSource, RelayAccess, RelayHello, SensorMetadata
from gcs.model.people import Holder
from gcs.relay.relay import Relay
from gcs.runtime.clock import SystemClock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.server import free_port
from gcs.station.state import DeskState
from gcs.station.wall import FeedWall
from gcs.video.encoder import FeedEncoder
from gcs.video.frame import FeedState, Frame
from tests.integration.video.conftest import until
from tests.support.figures import Figure, Street, View, overlap
from tests.support.possible_match import DEPLOYMENT, GOOD
from tests.support.video import TOKEN, Camera, StreamServer

FEED = "ISL-01"
ME = Holder("pilot-a", "Pilot A", "desk-1")
WALKER = Figure(100, 220, 30, 5, 60, (40, 40, 200), (40, 40, 40))


@pytest.fixture
def server() -> Iterator[StreamServer]:
    with StreamServer(FEED, "ISL-02") as running:
        yield running


@pytest.fixture
def state() -> DeskState:
    return DeskState(load_site("islington", None), ME, SystemClock())


@pytest.fixture
def wall(server: StreamServer, state: DeskState) -> Iterator[FeedWall]:
    made = FeedWall(server.access(), state, SystemClock())
    yield made
    made.close()


class Walk:
    """A walker, filmed at 20 pictures a second of capture time; sent when told."""

    def __init__(self, server: StreamServer) -> None:
        self.street = Street(WALKER)
        self.start_us = time.time_ns() // 1000
        self.shot = -1
        self._encoder = FeedEncoder(640, 360, 20, lambda data: server.send(FEED, data))

    def send(self, frames: int = 1) -> int:
        for _ in range(frames):
            self.shot += 1
            metadata = SensorMetadata(self.taken(self.shot), platform=FEED)
            self._encoder.encode(self.street.image(self.shot / 20), metadata)
        return self.taken(self.shot)

    def taken(self, shot: int) -> int:
        return self.start_us + shot * 50_000

    def alert(self, shot: int, name: str = "A1") -> Alert:
        box = self.street.box(WALKER, shot / 20, View())
        assert box is not None
        return replace(
            GOOD,
            id=name,
            feed=FEED,
            capture_utc_us=self.taken(shot),
            box=box,
            expires_utc_ms=self.start_us // 1000 + 600_000,
        )


def record(alert: Alert, state: AlertState = AlertState.OPEN, version: int = 1) -> AlertRecord:
    return AlertRecord(alert, state, version, received_utc_ms=0, delete_utc_ms=2**50)


def shown(wall: FeedWall, taken_us: int, key: str = "tile") -> Frame:
    def there() -> bool:
        frame = wall.latest(FEED, key)
        return frame is not None and frame.capture_utc_us == taken_us

    until(there)
    frame = wall.latest(FEED, key)
    assert frame is not None
    return frame


def test_one_stream_for_all_keys_and_a_click_does_not_restart_it(
    server: StreamServer, wall: FeedWall
) -> None:
    walk = Walk(server)
    wall.show(FEED, "tile", 300, 170)
    wall.show(FEED, "focus", 960, 540)
    until(lambda: server.clients(FEED))
    taken = walk.send(2)
    assert shown(wall, taken).width == 300 and shown(wall, taken, "focus").width == 960
    wall.hide(FEED, "tile")
    wall.hide(FEED, "focus")
    assert wall.latest(FEED, "focus") is None
    wall.show(FEED, "focus", 640, 360)
    assert shown(wall, walk.send(), "focus").width == 640
    assert server.asked == [f"/feeds/{FEED}.ts"]


def test_a_feed_out_of_sight_is_left_after_a_grace_and_taken_up_again(
    server: StreamServer, wall: FeedWall
) -> None:
    wall.show(FEED, "tile", 300, 170)
    until(lambda: server.clients(FEED))
    wall.hide(FEED, "tile")
    walk = Walk(server)

    def left() -> bool:
        walk.send()
        return server.clients(FEED) == 0

    until(left)
    wall.show(FEED, "tile", 300, 170)
    until(lambda: server.clients(FEED) == 1)
    assert shown(wall, Walk(server).send()).width == 300


def test_an_alert_is_drawn_on_its_person_until_it_is_decided(
    server: StreamServer, state: DeskState, wall: FeedWall
) -> None:
    walk = Walk(server)
    wall.show(FEED, "tile", 640, 360)
    until(lambda: server.clients(FEED))
    shown(wall, walk.send(10))
    alert = walk.alert(6)
    state.apply_alert(record(alert))
    for _ in range(12):
        frame = shown(wall, walk.send())
    truth = walk.street.box(WALKER, walk.shot / 20, View())
    assert truth is not None
    (box,) = frame.boxes
    assert box.alert == "A1" and overlap(box.box, truth) > 0.7
    wall.painted(frame)
    assert wall.alerts_drawn == 1
    # Judged viable, it still waits for its response; decided, its box is gone from this frame.
    state.apply_alert(record(alert, AlertState.JUDGED, 2))
    still = wall.latest(FEED, "tile")
    assert still is frame
    state.apply_alert(record(alert, AlertState.DECIDED, 3))
    cleared = wall.latest(FEED, "tile")
    assert cleared is not None and cleared.boxes == () and cleared.sequence == frame.sequence
    assert wall.latest(FEED, "tile") is cleared
    assert shown(wall, walk.send()).boxes == ()


def test_a_box_ends_with_its_deployment_also_when_no_keeper_says_so(
    server: StreamServer, state: DeskState, wall: FeedWall
) -> None:
    walk = Walk(server)
    wall.show(FEED, "tile", 640, 360)
    until(lambda: server.clients(FEED))
    shown(wall, walk.send(10))
    state.apply_alert(record(walk.alert(6)))
    for _ in range(8):
        frame = shown(wall, walk.send())
    assert len(frame.boxes) == 1
    state.apply_deployment(replace(DEPLOYMENT, end_utc_ms=walk.start_us // 1000 + 600_000))
    assert wall.latest(FEED, "tile") is frame
    state.apply_deployment(replace(DEPLOYMENT, end_utc_ms=walk.start_us // 1000))
    assert shown(wall, walk.taken(walk.shot)).boxes == ()


def test_an_alert_of_another_feed_or_time_is_not_drawn(
    server: StreamServer, state: DeskState, wall: FeedWall
) -> None:
    walk = Walk(server)
    wall.show(FEED, "tile", 640, 360)
    until(lambda: server.clients(FEED))
    shown(wall, walk.send(10))
    old = replace(walk.alert(5, "OLD"), capture_utc_us=walk.start_us - 2_000_000)
    state.apply_alert(record(old))
    state.apply_alert(record(replace(walk.alert(5, "OTHER"), feed="ISL-02")))
    for _ in range(8):
        assert shown(wall, walk.send()).boxes == ()


def test_a_desk_without_a_relay_says_so(state: DeskState) -> None:
    wall = FeedWall(None, state, SystemClock())
    wall.show(FEED, "tile", 300, 170)
    status = wall.status(FEED)
    assert status.state is FeedState.DEAD and FEED in status.sentence
    assert wall.latest(FEED, "tile") is None and wall.figures() == ()
    wall.close()


def test_what_the_relay_knows_of_a_dead_feed_is_said(
    server: StreamServer, state: DeskState, wall: FeedWall
) -> None:
    wall.show("ISL-77", "tile", 300, 170)
    until(lambda: wall.status("ISL-77").state is FeedState.DEAD)
    trouble = "Feed ISL-77: its camera sends nothing."
    health = FeedHealth("ISL-77", None, 0, 0, 0, 0, trouble)
    state.apply_relay(RelayHello("one", 0, (health,)))
    assert wall.status("ISL-77").sentence == trouble


def test_figures_of_what_was_painted(server: StreamServer, wall: FeedWall) -> None:
    camera = Camera(lambda data: server.send(FEED, data))
    wall.show(FEED, "tile", 300, 170)
    until(lambda: server.clients(FEED))
    started = time.monotonic()
    for _ in range(10):
        taken = time.time_ns() // 1000
        camera.shoot(taken)
        frame = shown(wall, taken)
        wall.painted(frame)
        wall.painted(frame)
    lasted = time.monotonic() - started
    (figures,) = wall.figures()
    assert figures.id == FEED and figures.dropped == 0
    assert figures.fps >= 9 / lasted
    assert figures.age_ms_p50 is not None and figures.age_ms_p50 < lasted * 1000
    wall.reset_figures()
    assert wall.figures()[0].age_ms_p50 is None


def test_close_leaves_no_thread(server: StreamServer, state: DeskState) -> None:
    before = {thread.ident for thread in threading.enumerate()}
    wall = FeedWall(server.access(), state, SystemClock())
    wall.show(FEED, "tile", 300, 170)
    wall.show("ISL-02", "tile", 300, 170)
    until(lambda: server.clients(FEED) and server.clients("ISL-02"))
    wall.close()
    wall.close()
    left = [t.name for t in threading.enumerate() if t.ident not in before]
    assert not [name for name in left if name.startswith("feed-")]


async def test_the_true_relay_feeds_the_wall(state: DeskState) -> None:
    """UDP in, as a camera sends it; HTTP out with the desk's token; pictures on the wall."""
    udp, tcp = free_port(udp=True), free_port()
    hashed = hashlib.sha256(TOKEN.encode()).hexdigest()
    source = FeedSource(FEED, FeedKind.DRONE, udp)
    relay = Relay((source,), tcp, {"desk-1": hashed}, SystemClock(), "test")

    async def no_bus() -> Bus:
        raise NoAnswer("There is no bus in this test.")

    wall = FeedWall(RelayAccess("127.0.0.1", tcp, TOKEN), state, SystemClock())
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(data: bytes) -> None:
        for at in range(0, len(data), 7 * 188):
            sender.sendto(data[at : at + 7 * 188], ("127.0.0.1", udp))

    running = asyncio.create_task(relay.run(no_bus, "hello"))
    try:
        camera = Camera(send)
        wall.show(FEED, "tile", 300, 170)
        deadline = time.monotonic() + 10.0
        while wall.status(FEED).state is not FeedState.LIVE:
            assert time.monotonic() < deadline, wall.status(FEED)
            camera.shoot(time.time_ns() // 1000)
            await asyncio.sleep(0.05)
        frame = wall.latest(FEED, "tile")
        assert frame is not None and frame.metadata is not None
        assert frame.metadata.platform == "ISL-01" and frame.width == 300
    finally:
        sender.close()
        wall.close()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def test_the_tests_walker_is_seen() -> None:
    """Guards the drawing that the box is measured against."""
    with_walker = Street(WALKER).image(0.0).astype(int)
    without = Street().image(0.0).astype(int)
    changed = np.abs(with_walker - without).max(axis=2) > 60
    box = Street(WALKER).box(WALKER, 0.0, View())
    assert box is not None
    x, y, w, h = cv2.boundingRect(changed.astype(np.uint8))
    assert (x + w / 2) / 640 == pytest.approx(box.left + box.width / 2, abs=0.02)
    assert h / 360 == pytest.approx(box.height, abs=0.03) and y > 0
