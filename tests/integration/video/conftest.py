"""A condition with a deadline, and receivers that are ended."""

import time
from collections.abc import Callable, Iterator

import pytest

from gcs.model.feed import RelayAccess
from gcs.runtime.clock import SystemClock
from gcs.video.receiver import FeedReceiver
from gcs.video.tracker import Tracker

DEADLINE_S = 10.0


def until(condition: Callable[[], object], within_s: float = DEADLINE_S) -> None:
    """Returns as soon as `condition` holds; fails at the deadline."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.005)


@pytest.fixture
def receive() -> Iterator[Callable[..., FeedReceiver]]:
    """Makes a started receiver that shows its feed under the key "tile"."""
    made: list[FeedReceiver] = []
    clock = SystemClock()

    def make(feed: str, access: RelayAccess, width: int = 320, height: int = 200) -> FeedReceiver:
        receiver = FeedReceiver(feed, access, clock, lambda: Tracker(clock))
        made.append(receiver)
        receiver.show("tile", width, height)
        receiver.start()
        return receiver

    yield make
    for receiver in made:
        receiver.stop()
    for receiver in made:
        receiver.join(5.0)
        assert not receiver.alive
