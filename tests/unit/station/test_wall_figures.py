"""What is counted when a frame is painted."""

import numpy as np
import pytest

from gcs.station.wall_figures import PaintedFeed
from gcs.video.frame import Frame

T0_MS = 1_790_000_000_000
PIXELS = np.zeros((4, 4, 4), np.uint8)


def frame(sequence: int, at_ms: float | None) -> Frame:
    taken = None if at_ms is None else round((T0_MS + at_ms) * 1000)
    return Frame("ISL-01", sequence, taken, 0.0, PIXELS)


def paint(feed: PaintedFeed, sequence: int, at_ms: float | None, late_ms: float = 100.0) -> None:
    now_ms = (at_ms or 0.0) + late_ms
    feed.painted(frame(sequence, at_ms), now_ms / 1000, round(T0_MS + now_ms))


def test_rate_is_of_distinct_capture_times() -> None:
    feed = PaintedFeed("ISL-01")
    for number in range(31):
        for _ in range(3):
            paint(feed, number + 1, number * 100.0)
    figures = feed.figures()
    assert figures.fps == pytest.approx(10.0)
    assert figures.dropped == 0


def test_ages_are_from_capture_to_paint() -> None:
    feed = PaintedFeed("ISL-01")
    for number in range(100):
        paint(feed, number + 1, number * 100.0, late_ms=200.0 if number >= 94 else 80.0)
    figures = feed.figures()
    assert (figures.age_ms_p50, figures.age_ms_p95) == (80.0, 200.0)


def test_frames_that_were_never_painted_are_dropped_ones() -> None:
    feed = PaintedFeed("ISL-01")
    for sequence in (1, 2, 5, 6, 9):
        paint(feed, sequence, sequence * 100.0)
    assert feed.figures().dropped == 4


def test_time_out_of_sight_counts_neither_as_time_nor_as_drops() -> None:
    feed = PaintedFeed("ISL-01")
    for number in range(11):
        paint(feed, number + 1, number * 100.0)
    feed.paused()
    for number in range(11):
        paint(feed, number + 500, 60_000 + number * 100.0)
    figures = feed.figures()
    assert figures.fps == pytest.approx(10.0) and figures.dropped == 0


def test_a_frame_without_a_time_has_neither_rate_nor_age() -> None:
    feed = PaintedFeed("ISL-01")
    for number in range(5):
        paint(feed, number + 1, None)
    figures = feed.figures()
    assert (figures.fps, figures.age_ms_p50, figures.age_ms_p95) == (0.0, None, None)


def test_nothing_painted_is_not_a_division_by_zero() -> None:
    feed = PaintedFeed("ISL-01")
    assert feed.figures().fps == 0.0
    paint(feed, 1, 0.0)
    assert feed.figures().fps == 0.0
    feed.reset()
    assert feed.figures().age_ms_p50 is None
