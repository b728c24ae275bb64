"""The feeds this desk looks at: a receiver for each, and what was painted of them.

It runs on the desk's thread; the receivers' own threads never call into it. It draws nothing.
"""

from dataclasses import dataclass, field, replace

from gcs.model.alert import STILL_OPEN, Alert
from gcs.model.feed import RelayAccess
from gcs.model.report import FeedFigures
from gcs.runtime.clock import Clock
from gcs.station.state import DeskState, Topic
from gcs.station.wall_figures import PaintedFeed
from gcs.video.frame import FeedState, FeedStatus, Frame
from gcs.video.receiver import FeedReceiver
from gcs.video.tracker import Tracker

CLOSE_S = 2.0
_HELLO_GOOD_S = 3.0


@dataclass(slots=True)
class _Sight:
    """A feed that is or was looked at. `cleared`: a frame, and it without boxes that ended.

    A drone sends fewer pictures in its dock: what it sends in the air is counted apart.
    """

    receiver: FeedReceiver
    grounded: PaintedFeed
    flying: PaintedFeed
    keys: set[str] = field(default_factory=set)
    cleared: dict[str, tuple[Frame, Frame]] = field(default_factory=dict)

    def paused(self) -> None:
        """Out of sight."""
        self.grounded.paused()
        self.flying.paused()


class FeedWall:
    """`show` a feed under a key, fetch its `latest` frame, tell what was `painted`."""

    def __init__(self, relay: RelayAccess | None, state: DeskState, clock: Clock) -> None:
        self._relay = relay
        self._state = state
        self._clock = clock
        self._sights: dict[str, _Sight] = {}
        self._followed: dict[str, tuple[Alert, ...]] = {}
        self._drawn: set[str] = set()
        self._leave = state.subscribe(Topic.ALERT, lambda _: self._follow())
        self._follow()

    def show(self, feed: str, key: str, width: int, height: int) -> None:
        """Decode `feed` and scale it to fit `width` x `height` for `key` until it is hidden."""
        if self._relay is None:
            return
        sight = self._sights.get(feed)
        if sight is None or not sight.receiver.show(key, width, height):
            sight = self._begin(feed, sight)
            sight.receiver.show(key, width, height)
            sight.receiver.start()
        sight.keys.add(key)

    def hide(self, feed: str, key: str) -> None:
        """`key` is painted no more. A feed without keys is left after a short grace."""
        sight = self._sights.get(feed)
        if sight is None or key not in sight.keys:
            return
        sight.receiver.hide(key)
        sight.keys.discard(key)
        sight.cleared.pop(key, None)
        if not sight.keys:
            sight.paused()

    def latest(self, feed: str, key: str) -> Frame | None:
        """The newest frame for `key`; only boxes of alerts that still wait for a decision."""
        sight = self._sights.get(feed)
        frame = sight.receiver.latest(key) if sight is not None else None
        if frame is None or not frame.boxes:
            return frame
        kept = tuple(box for box in frame.boxes if self._waits(box.alert))
        if sight is None or len(kept) == len(frame.boxes):
            return frame
        before, cleared = sight.cleared.get(key, (frame, frame))
        if before is not frame or cleared.boxes != kept:
            cleared = replace(frame, boxes=kept)
            sight.cleared[key] = frame, cleared
        return cleared

    def status(self, feed: str) -> FeedStatus:
        """What may be said of the feed now."""
        if self._relay is None:
            return FeedStatus(
                FeedState.DEAD, f"Feed {feed}: this desk was given no access to the relay."
            )
        sight = self._sights.get(feed)
        if sight is None or not sight.keys:
            return FeedStatus(FeedState.CONNECTING, f"Feed {feed} is not looked at.")
        status = sight.receiver.status()
        told = self._relay_says(feed) if status.state is FeedState.DEAD else ""
        return replace(status, sentence=told) if told else status

    def live_age_s(self, feed: str) -> float | None:
        """Seconds since the last picture of a feed that is looked at and live; else None."""
        status = self.status(feed)
        return status.age_s if status.state is FeedState.LIVE else None

    def painted(self, frame: Frame) -> None:
        """`frame` is on the screen: its age is counted now, once for all keys."""
        sight = self._sights.get(frame.feed)
        if sight is not None and sight.keys:
            view = self._state.fleet.get(frame.feed)
            flying = view is not None and view.telemetry.airborne
            on, off = sight.flying, sight.grounded
            if not flying:
                on, off = off, on
            off.paused()
            on.painted(frame, self._clock.monotonic(), self._clock.utc_ms())
        self._drawn.update(box.alert for box in frame.boxes)

    def figures(self) -> tuple[FeedFigures, ...]:
        """Of every feed that was looked at, in the site's order; in the air if it flew."""
        return tuple(
            (sight.flying if sight.flying.counted else sight.grounded).figures()
            for _, sight in sorted(self._sights.items(), key=lambda item: self._order(item[0]))
        )

    def reset_figures(self) -> None:
        """Count from now, when start-up is over; alerts drawn stay counted."""
        for sight in self._sights.values():
            sight.grounded.reset()
            sight.flying.reset()

    @property
    def alerts_drawn(self) -> int:
        """Different alerts whose box was painted on their feed."""
        return len(self._drawn)

    def close(self) -> None:
        """End every receiver; waits for them a moment. Harmless to repeat."""
        self._leave()
        self._leave = _left
        for sight in self._sights.values():
            sight.receiver.stop()
        deadline = self._clock.monotonic() + CLOSE_S
        for sight in self._sights.values():
            sight.receiver.join(max(0.0, deadline - self._clock.monotonic()))

    # -- receivers -------------------------------------------------------------------------
    def _begin(self, feed: str, before: _Sight | None) -> _Sight:
        """A new receiver; the figures of one that ended are carried on."""
        assert self._relay is not None
        receiver = FeedReceiver(feed, self._relay, self._clock, lambda: Tracker(self._clock))
        receiver.track(self._followed.get(feed, ()))
        grounded = PaintedFeed(feed) if before is None else before.grounded
        flying = PaintedFeed(feed) if before is None else before.flying
        sight = self._sights[feed] = _Sight(receiver, grounded, flying)
        sight.paused()
        return sight

    def _order(self, feed: str) -> tuple[int, str]:
        known = self._state.site.feeds
        return (known.index(feed) if feed in known else len(known), feed)

    def _relay_says(self, feed: str) -> str:
        relay, at = self._state.relay, self._state.relay_at_s
        if relay is None or at is None or self._clock.monotonic() - at > _HELLO_GOOD_S:
            return ""
        return next((health.trouble for health in relay.feeds if health.feed == feed), "")

    # -- alerts ----------------------------------------------------------------------------
    def _follow(self) -> None:
        """Each receiver follows the alerts of its own feed that wait for a decision."""
        followed: dict[str, tuple[Alert, ...]] = {}
        for record in self._state.open_alerts:
            alert = record.alert
            followed[alert.feed] = (*followed.get(alert.feed, ()), alert)
        changed = followed.keys() | self._followed.keys()
        self._followed = followed
        for feed in changed & self._sights.keys():
            self._sights[feed].receiver.track(followed.get(feed, ()))

    def _waits(self, alert: str) -> bool:
        """As the keeper says; but its time, or its deployment's, ends here without being told."""
        record = self._state.alert(alert)
        if record is None or record.state not in STILL_OPEN:
            return False
        deployment = self._state.deployment(record.alert.deployment)
        ends = record.alert.expires_utc_ms
        if deployment is not None:
            ends = min(ends, deployment.end_utc_ms)
        return ends > self._clock.utc_ms()


def _left() -> None:
    """Already unsubscribed."""
