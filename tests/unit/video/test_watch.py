"""What is said of a feed, by the clock."""

import pytest

from gcs.model.feed import SensorMetadata
from gcs.runtime.clock import ManualClock
from gcs.video.frame import FeedState
from gcs.video.watch import FeedWatch

SIZE = (640, 360)


class Feed:
    """A feed that sends pictures into a watch, as the clock is turned."""

    def __init__(self, fps: float = 15.0) -> None:
        self.clock = ManualClock()
        self.watch = FeedWatch("ISL-01", self.clock)
        self.fps = fps
        self.mark = 0
        self.heading = 10.0
        self.capture_us: int | None = None

    def now_us(self) -> int:
        return self.clock.utc_ms() * 1000

    def send(
        self,
        seconds: float,
        *,
        same: bool = False,
        clock_stands: bool = False,
        timed: bool = True,
        late_s: float = 0.0,
        turning: float = 0.0,
    ) -> None:
        self.watch.opened()
        for _ in range(round(seconds * self.fps)):
            self.clock.advance(1 / self.fps)
            self.mark += 0 if same else 1
            self.heading += turning / self.fps
            if not clock_stands:
                self.capture_us = self.now_us() - round(late_s * 1e6)
            told = self.capture_us if timed else None
            metadata = (
                None if told is None else SensorMetadata(told, heading_deg=self.heading % 360)
            )
            self.watch.picture(SIZE, metadata, told, self.mark)

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def expect(self, state: FeedState, words: str = "") -> None:
        status = self.watch.status()
        assert status.state is state, status
        assert words in status.sentence
        if state is FeedState.LIVE:
            assert status.sentence == ""
        else:
            assert "ISL-01" in status.sentence and status.sentence.endswith(".")


def test_it_connects_and_then_lives() -> None:
    feed = Feed()
    feed.expect(FeedState.CONNECTING)
    feed.send(2.0)
    feed.expect(FeedState.LIVE)
    status = feed.watch.status()
    assert status.fps == pytest.approx(15.0, rel=0.02)
    assert (status.source_width, status.source_height) == SIZE


def test_nothing_ever_comes() -> None:
    feed = Feed()
    feed.watch.opened()
    feed.wait(5.5)
    feed.expect(FeedState.DEAD, "no picture")
    assert feed.watch.status().age_s is None


@pytest.mark.parametrize("fps", [5.0, 15.0, 30.0])
def test_a_stream_that_stops_is_stale_then_dead_then_live_again(fps: float) -> None:
    feed = Feed(fps)
    feed.send(2.0)
    feed.wait(0.8)
    feed.expect(FeedState.LIVE)
    feed.wait(0.6)
    feed.expect(FeedState.STALE, "no picture for 1 s")
    feed.wait(4.0)
    feed.expect(FeedState.DEAD, "no picture for 5 s")
    feed.send(0.5)
    feed.expect(FeedState.LIVE)


def test_a_slow_feed_is_not_called_stale_between_its_pictures() -> None:
    feed = Feed(1.0)
    feed.send(5.0)
    feed.wait(1.9)
    feed.expect(FeedState.LIVE)


def test_garbage_is_named() -> None:
    feed = Feed()
    feed.send(1.0)
    for _ in range(20):
        feed.wait(0.1)
        feed.watch.undecodable()
    feed.expect(FeedState.STALE, "data that is no picture")
    feed.wait(4.0)
    feed.watch.undecodable()
    feed.expect(FeedState.DEAD, "data that is no picture")


def test_a_lost_connection_is_stale_first_and_refusal_is_dead_at_once() -> None:
    feed = Feed()
    feed.send(1.0)
    feed.watch.trouble("Feed ISL-01: the relay has ended the stream.")
    feed.expect(FeedState.STALE, "ended the stream")
    feed.watch.trouble("Feed ISL-01: the relay refuses this desk's token.", final=True)
    feed.expect(FeedState.DEAD, "token")
    feed.send(0.5)
    feed.expect(FeedState.LIVE)


def test_the_same_picture_whose_time_stands_is_frozen() -> None:
    feed = Feed()
    feed.send(1.0)
    feed.send(3.0, same=True, clock_stands=True)
    feed.expect(FeedState.FROZEN, "same picture for 3 s")
    feed.send(0.2)
    feed.expect(FeedState.LIVE)


def test_the_same_picture_while_the_camera_turns_is_frozen() -> None:
    feed = Feed()
    feed.send(3.0, same=True, turning=5.0)
    feed.expect(FeedState.FROZEN, "camera moves")


def test_a_still_scene_with_a_running_clock_lives() -> None:
    feed = Feed(5.0)
    feed.send(20.0, same=True)
    feed.expect(FeedState.LIVE)


def test_a_clock_that_stands_under_moving_pictures_is_a_caution() -> None:
    feed = Feed()
    feed.send(1.0)
    feed.send(1.9, clock_stands=True)
    feed.expect(FeedState.STALE, "clock has stood still")


def test_a_time_that_is_left_out_now_and_then_stands_still_all_the_same() -> None:
    feed = Feed()
    feed.send(1.0)
    for _ in range(15):
        feed.send(1 / 15, timed=False, clock_stands=True)
        feed.send(1 / 15, clock_stands=True)
    feed.expect(FeedState.STALE, "clock has stood still")


def test_the_same_picture_without_any_time_is_a_caution_and_a_moving_one_is_not() -> None:
    feed = Feed()
    feed.send(2.0, timed=False)
    feed.expect(FeedState.LIVE)
    feed.send(2.0, timed=False, same=True)
    feed.expect(FeedState.STALE, "tells no time")


def test_old_pictures_do_not_look_live_however_smoothly_they_come() -> None:
    feed = Feed()
    feed.send(2.0, late_s=7.0)
    feed.expect(FeedState.STALE, "7 s ago")
    feed.send(2.0, late_s=-30.0)
    feed.expect(FeedState.STALE, "30 s ahead")
