"""A feed on a desk: one thread that reads, decodes and scales it to every size that is painted.

The newest picture of each size waits in a mailbox of one; what is not fetched is replaced. Nothing
is raised into the caller's thread: what is wrong with the feed is in `status`.
"""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

import av

from gcs.model.alert import Alert
from gcs.model.feed import RelayAccess
from gcs.runtime.clock import Clock
from gcs.video.decoder import FeedDecoder, Picture, content_mark
from gcs.video.frame import AlertBox, FeedStatus, Frame
from gcs.video.scaler import Scaler, Size
from gcs.video.source import FeedLost, FeedRefused, RelaySource
from gcs.video.watch import FeedWatch

log = logging.getLogger(__name__)

BACKOFF_S = (0.25, 3.0)
REFUSED_AGAIN_S = 3.0
# A feed that nobody looks at goes on this long, so that a click does not start it anew.
GRACE_S = 3.0
# The relay begins with what came since the last key frame.
CATCH_UP_S = 1.0


class BoxTracker(Protocol):
    """Keeps recent pictures and moves alerts' boxes along with them."""

    def add(self, image: av.VideoFrame, utc_us: int | None) -> tuple[AlertBox, ...]:
        """Take the newest picture; where the boxes lie in it."""
        ...

    def follow(self, alerts: tuple[Alert, ...]) -> None:
        """These alerts and no others."""
        ...

    def reset(self) -> None:
        """The stream was interrupted: nothing that came before continues."""
        ...


class FeedReceiver:
    """One feed. Public methods may be called from any thread and return at once."""

    def __init__(
        self,
        feed: str,
        access: RelayAccess,
        clock: Clock,
        tracker: Callable[[], BoxTracker],
    ) -> None:
        self.feed = feed
        self._access = access
        self._clock = clock
        self._watch = FeedWatch(feed, clock)
        self._tracker = tracker()
        self._scaler = Scaler()
        self._lock = threading.Lock()
        self._wanted: dict[str, Size] = {}
        self._unwanted_at: float | None = clock.monotonic()
        self._mail: dict[str, Frame] = {}
        self._alerts: tuple[Alert, ...] = ()
        self._sequence = 0
        self._joined_at = 0.0
        self._size: Size | None = None
        self._ended = False
        self._closing = threading.Event()
        self._source: RelaySource | None = None
        self._thread = threading.Thread(target=self._run, name=f"feed-{feed}", daemon=True)

    # -- any thread ------------------------------------------------------------------------
    def start(self) -> None:
        """Once."""
        self._thread.start()

    def show(self, key: str, width: int, height: int) -> bool:
        """Scale for `key` to fit this size from now on; False when the thread has ended."""
        with self._lock:
            if self._ended:
                return False
            self._wanted = {**self._wanted, key: (max(2, width), max(2, height))}
            self._unwanted_at = None
            return True

    def hide(self, key: str) -> None:
        """`key` is painted no more; without any, the feed is left after a grace."""
        with self._lock:
            self._wanted = {k: size for k, size in self._wanted.items() if k != key}
            self._mail = {k: frame for k, frame in self._mail.items() if k != key}
            if not self._wanted and self._unwanted_at is None:
                self._unwanted_at = self._clock.monotonic()

    def latest(self, key: str) -> Frame | None:
        """The newest picture for `key`."""
        return self._mail.get(key)

    def status(self) -> FeedStatus:
        """What may be said of the feed now."""
        return self._watch.status()

    def track(self, alerts: tuple[Alert, ...]) -> None:
        """Whose boxes to move along; an alert left out loses its box."""
        self._alerts = alerts

    def stop(self) -> None:
        """End the thread, without waiting for it."""
        self._closing.set()
        with self._lock:
            if self._source is not None:
                self._source.stop()

    def join(self, timeout_s: float) -> None:
        """Wait for the end after `stop`."""
        self._thread.join(timeout_s)

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    # -- the feed's thread -----------------------------------------------------------------
    def _run(self) -> None:
        wait_s = BACKOFF_S[0]
        try:
            while not self._over():
                before = self._sequence
                try:
                    self._stream()
                except FeedRefused as refused:
                    self._watch.trouble(str(refused), final=True)
                    wait_s = REFUSED_AGAIN_S
                except FeedLost as lost:
                    self._watch.trouble(str(lost))
                    if self._sequence > before:
                        wait_s = BACKOFF_S[0]
                except Exception:
                    log.exception("feed %s: this desk failed on it", self.feed)
                    self._watch.trouble(f"Feed {self.feed} failed on this desk; see its log.")
                    wait_s = BACKOFF_S[1]
                if self._closing.wait(wait_s):
                    return
                wait_s = min(2 * wait_s, BACKOFF_S[1])
        finally:
            with self._lock:
                self._ended = True
                self._mail = {}
            self._tracker.reset()

    def _over(self) -> bool:
        """Whether to end; a feed that nobody wanted for a while ends by itself."""
        if self._closing.is_set():
            return True
        with self._lock:
            at = self._unwanted_at
            if at is None or self._clock.monotonic() - at < GRACE_S:
                return False
            self._ended = True
            return True

    def _stream(self) -> None:
        """One connection, from its opening to its end. Raises FeedLost."""
        source = RelaySource(self.feed, self._access)
        with self._lock:
            self._source = source
        try:
            source.open()
            self._watch.opened()
            self._joined_at = self._clock.monotonic()
            self._tracker.reset()
            decoder = FeedDecoder(self.feed)
            bad = 0
            while not self._over():
                pictures = decoder.feed(source.read())
                for picture in pictures:
                    self._take(picture, newest=picture is pictures[-1])
                if (now_bad := decoder.bad_units + decoder.bad_packets) != bad:
                    bad = now_bad
                    self._watch.undecodable()
        finally:
            with self._lock:
                self._source = None
            source.close()

    def _take(self, picture: Picture, *, newest: bool) -> None:
        """All that come together are tracked, the newest is shown: nobody sees the others.

        Those others count as frames that were not painted, but for a joining receiver's.
        """
        image = picture.image
        size = image.width, image.height
        if size != self._size:
            if self._size is not None:
                log.info("feed %s: its pictures are now %d x %d", self.feed, *size)
                self._tracker.reset()
            self._size = size
        self._tracker.follow(self._alerts)
        boxes = self._tracker.add(image, picture.capture_utc_us)
        mark = content_mark(image)
        metadata = picture.metadata
        self._watch.picture(size, metadata, metadata.capture_utc_us if metadata else None, mark)
        if newest:
            self._publish(picture, boxes)
        elif self._wanted and self._clock.monotonic() - self._joined_at > CATCH_UP_S:
            self._sequence += 1

    def _publish(self, picture: Picture, boxes: tuple[AlertBox, ...]) -> None:
        wanted = self._wanted
        if not wanted:
            return
        scaled = self._scaler.scale(picture.image, set(wanted.values()))
        self._sequence += 1
        received_s = self._clock.monotonic()
        mail = {
            key: Frame(
                feed=self.feed,
                sequence=self._sequence,
                capture_utc_us=picture.capture_utc_us,
                received_s=received_s,
                pixels=scaled[size],
                metadata=picture.metadata,
                boxes=boxes,
            )
            for key, size in wanted.items()
        }
        with self._lock:
            self._mail = {key: frame for key, frame in mail.items() if key in self._wanted}
