"""Who is served first, and that no feed is ever in two hands."""

from typing import cast

from gcs.model.feed import FeedKind, FeedSource
from gcs.sim.cameras.aim import Aim
from gcs.sim.cameras.camera import Camera
from gcs.sim.cameras.queue import FrameQueue, Job
from tests.unit.sim.cameras import places


class _Feed:
    def __init__(self, name: str) -> None:
        self.source = FeedSource(name, FeedKind.DRONE, 5000)
        self.dropped = 0


def _job(feed: _Feed, live: bool, due_s: float) -> Job:
    aim = Aim(places.ORIGIN, 60.0, 30.0, 0.0, 0.0, 0.0, 0.0, -45.0, 70.0, live)
    return Job(cast(Camera, feed), aim, round(due_s * 1e6), due_s)


def _name(job: Job | None) -> str:
    assert job is not None
    return job.camera.source.id


def test_live_feeds_before_docked_ones_and_in_their_turn() -> None:
    queue = FrameQueue()
    for feed, live in (("d1", False), ("a", True), ("d2", False), ("b", True)):
        queue.put(_job(_Feed(feed), live, 0.0))
    assert [_name(queue.take()) for _ in range(4)] == ["a", "b", "d1", "d2"]


def test_a_newer_frame_replaces_the_waiting_one_and_is_counted() -> None:
    queue, feed = FrameQueue(), _Feed("a")
    queue.put(_job(feed, True, 0.0))
    queue.put(_job(feed, True, 0.1))
    job = queue.take()
    assert job is not None and job.due_s == 0.1
    assert feed.dropped == 1


def test_a_docked_feed_waits_no_longer_than_a_second() -> None:
    queue, docked = FrameQueue(), _Feed("d")
    for n in range(6):
        queue.put(_job(docked, False, 0.3 * n))
        queue.put(_job(_Feed(f"a{n}"), True, 0.3 * n))
    assert docked.dropped == 5
    assert _name(queue.take()) == "d"


def test_a_feed_in_hand_is_not_handed_out_again() -> None:
    queue, first, second = FrameQueue(), _Feed("a"), _Feed("b")
    queue.put(_job(first, True, 0.0))
    in_hand = queue.take()
    assert in_hand is not None
    queue.put(_job(first, True, 0.1))
    queue.put(_job(second, True, 0.1))
    assert _name(queue.take()) == "b"
    queue.done(in_hand)
    assert _name(queue.take()) == "a"


def test_a_closed_queue_gives_nothing() -> None:
    queue = FrameQueue()
    queue.put(_job(_Feed("a"), True, 0.0))
    queue.close()
    assert queue.take() is None
