"""How well a feed was shown on this desk: counted when it is painted, not when it arrives."""

from array import array
from dataclasses import dataclass

from gcs.model.report import FeedFigures
from gcs.video.frame import Frame

# Ages in steps of 1 ms; what is older counts in the last one.
_MOST_AGE_MS = 10_000


@dataclass(slots=True)
class _Span:
    """A time in which the feed was visible and painted."""

    first_s: float
    last_s: float
    steps: int = 0


class PaintedFeed:
    """One feed's figures; bounded memory however long the shift."""

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._ages = array("L", bytes((_MOST_AGE_MS + 1) * array("L").itemsize))
        self._last_us: int | None = None
        self._last_sequence = 0
        self._dropped = 0
        self._span: _Span | None = None
        self._over_s = 0.0
        self._steps = 0

    def paused(self) -> None:
        """The feed is out of sight: the time until it is painted again does not count."""
        if self._span is not None:
            self._over_s += self._span.last_s - self._span.first_s
            self._steps += self._span.steps
            self._span = None
        self._last_sequence = 0

    def painted(self, frame: Frame, now_s: float, utc_ms: int) -> None:
        """`frame` is on the screen now; the same one again, at another size, changes nothing."""
        if frame.sequence > self._last_sequence:
            if self._last_sequence:
                self._dropped += frame.sequence - self._last_sequence - 1
            self._last_sequence = frame.sequence
        taken = frame.capture_utc_us
        if taken is None or (self._last_us is not None and taken <= self._last_us):
            return
        self._last_us = taken
        self._ages[min(max(round(utc_ms - taken / 1000), 0), _MOST_AGE_MS)] += 1
        if self._span is None:
            self._span = _Span(now_s, now_s)
        else:
            self._span.last_s = now_s
            self._span.steps += 1

    @property
    def counted(self) -> bool:
        """Something was painted."""
        return self._last_us is not None

    def figures(self) -> FeedFigures:
        """Up to now."""
        span = self._span
        over_s = self._over_s + (span.last_s - span.first_s if span else 0.0)
        steps = self._steps + (span.steps if span else 0)
        return FeedFigures(
            id=self._feed,
            fps=steps / over_s if over_s > 0.0 else 0.0,
            age_ms_p50=self._age(0.50),
            age_ms_p95=self._age(0.95),
            dropped=self._dropped,
        )

    def _age(self, share: float) -> float | None:
        total = sum(self._ages)
        if total == 0:
            return None
        below = 0
        for age_ms, count in enumerate(self._ages):
            below += count
            if below >= share * total:
                return float(age_ms)
        return float(_MOST_AGE_MS)
