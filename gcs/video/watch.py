"""What may be said of a feed: live, stale, frozen or dead, and why in one sentence.

Pure judgement of what a receiver noticed; it opens and decodes nothing. The receiver's thread
tells it, any thread asks.
"""

import threading
from collections import deque

from gcs.model.feed import SensorMetadata
from gcs.runtime.clock import Clock
from gcs.video.frame import FeedState, FeedStatus

DEAD_AFTER_S = 5.0
# A picture later than this many intervals is missed; a docked drone sends 5 a second.
STALE_INTERVALS = 5.0
STALE_S = (1.0, 3.0)
_UNKNOWN_RATE_STALE_S = 2.0
# Older pictures are not shown as live, however smoothly they come.
MOST_AGE_S = 2.0
FROZEN_AFTER_S = 1.5
MOVED_DEG = 5.0
_FPS_OVER_S = 3.0
_STILL = (
    "heading_deg",
    "pitch_deg",
    "roll_deg",
    "relative_azimuth_deg",
    "relative_elevation_deg",
    "horizontal_fov_deg",
)


class FeedWatch:
    """One feed's course. Times are monotonic seconds of the given clock."""

    def __init__(self, feed: str, clock: Clock) -> None:
        self._feed = feed
        self._clock = clock
        self._lock = threading.Lock()
        self._since = clock.monotonic()
        self._trouble = ""
        self._final = False
        self._undecodable_at: float | None = None
        self._at: float | None = None
        self._arrivals: deque[float] = deque(maxlen=90)
        self._size = (0, 0)
        self._capture_us: int | None = None
        self._told_us: int | None = None
        self._capture_at = 0.0
        self._age_s = 0.0
        self._content: int | None = None
        self._content_at = 0.0
        self._pose: SensorMetadata | None = None
        self._now_pose: SensorMetadata | None = None

    def opened(self) -> None:
        """The relay sends this feed."""
        with self._lock:
            self._trouble, self._final = "", False
            self._since = self._clock.monotonic()

    def trouble(self, sentence: str, *, final: bool = False) -> None:
        """The connection is gone. `final`: it was refused, so nothing will come."""
        with self._lock:
            self._trouble, self._final = sentence, final

    def undecodable(self) -> None:
        """Something came and was no picture."""
        with self._lock:
            self._undecodable_at = self._clock.monotonic()

    def picture(
        self, size: tuple[int, int], metadata: SensorMetadata | None, utc_us: int | None, mark: int
    ) -> None:
        """A decoded picture; pictures with the same `mark` are identical."""
        now = self._clock.monotonic()
        with self._lock:
            self._at = now
            self._arrivals.append(now)
            self._size = size
            self._now_pose = metadata
            self._capture_us = utc_us
            if utc_us is not None:
                # A time that is left out now and then has not moved on by that.
                if utc_us != self._told_us:
                    self._told_us, self._capture_at = utc_us, now
                self._age_s = self._clock.utc_ms() / 1e3 - utc_us / 1e6
            if mark != self._content:
                self._content, self._content_at, self._pose = mark, now, metadata

    def status(self) -> FeedStatus:
        """As it stands now."""
        now = self._clock.monotonic()
        with self._lock:
            state, sentence = self._judge(now)
            return FeedStatus(
                state=state,
                sentence=sentence,
                fps=self._fps(now),
                age_s=None if self._at is None else now - self._at,
                source_width=self._size[0],
                source_height=self._size[1],
            )

    def _fps(self, now: float) -> float:
        recent = [at for at in self._arrivals if now - at <= _FPS_OVER_S]
        if len(recent) < 2:
            return 0.0
        return (len(recent) - 1) / max(recent[-1] - recent[0], 1e-3)

    def _judge(self, now: float) -> tuple[FeedState, str]:
        silent = now - self._since if self._at is None else now - self._at
        if self._trouble:
            dead = self._final or self._at is None or silent > DEAD_AFTER_S
            return FeedState.DEAD if dead else FeedState.STALE, self._trouble
        if self._at is None and silent <= DEAD_AFTER_S:
            garbage = self._undecodable_at is not None
            waits = f"Feed {self._feed} waits for its first picture."
            return FeedState.CONNECTING, self._silence(now, silent) if garbage else waits
        if self._at is None or silent > DEAD_AFTER_S:
            return FeedState.DEAD, self._silence(now, silent)
        if silent > self._stale_after():
            return FeedState.STALE, self._silence(now, silent)
        return self._frozen(now) or self._old() or (FeedState.LIVE, "")

    def _silence(self, now: float, silent: float) -> str:
        at = self._undecodable_at
        if at is not None and now - at <= DEAD_AFTER_S:
            return f"Feed {self._feed} sends data that is no picture, for {silent:.0f} s."
        return f"Feed {self._feed} has sent no picture for {silent:.0f} s."

    def _stale_after(self) -> float:
        if len(self._arrivals) < 2:
            return _UNKNOWN_RATE_STALE_S
        first = self._arrivals[-min(len(self._arrivals), 10)]
        steps = min(len(self._arrivals), 10) - 1
        interval = (self._arrivals[-1] - first) / steps
        return min(max(STALE_INTERVALS * interval, STALE_S[0]), STALE_S[1])

    def _frozen(self, now: float) -> tuple[FeedState, str] | None:
        """Domain rule: the same picture and no advance of its time, or while the camera turns."""
        assert self._at is not None
        same_s = self._at - self._content_at
        stopped_s = self._at - self._capture_at if self._capture_us is not None else 0.0
        name = f"Feed {self._feed}"
        if same_s > FROZEN_AFTER_S and stopped_s > FROZEN_AFTER_S:
            return FeedState.FROZEN, f"{name} is frozen: the same picture for {same_s:.0f} s."
        if same_s > FROZEN_AFTER_S and _moved(self._pose, self._now_pose):
            return FeedState.FROZEN, f"{name} is frozen: its camera moves and its picture does not."
        if stopped_s > FROZEN_AFTER_S:
            return FeedState.STALE, f"{name}: its clock has stood still for {stopped_s:.0f} s."
        if same_s > FROZEN_AFTER_S and self._capture_us is None:
            return (
                FeedState.STALE,
                f"{name} has shown the same picture for {same_s:.0f} s and tells no time.",
            )
        return None

    def _old(self) -> tuple[FeedState, str] | None:
        if self._capture_us is None:
            return None
        age_s = self._age_s
        if age_s > MOST_AGE_S:
            return FeedState.STALE, f"Feed {self._feed} shows what was {age_s:.0f} s ago."
        if age_s < -MOST_AGE_S:
            return (
                FeedState.STALE,
                f"Feed {self._feed}: its clock is {-age_s:.0f} s ahead of this desk's.",
            )
        return None


def _moved(before: SensorMetadata | None, now: SensorMetadata | None) -> bool:
    if before is None or now is None:
        return False
    for name in _STILL:
        one, other = getattr(before, name), getattr(now, name)
        if one is not None and other is not None:
            turn = abs(one - other) % 360.0
            if min(turn, 360.0 - turn) > MOVED_DEG:
                return True
    return False
