"""One feed at the relay: what came since its last keyframe, who watches, how it stands."""

import logging

from gcs.model.feed import FeedHealth, FeedSource
from gcs.relay.packets import PACKET, StreamReader, in_sync
from gcs.relay.viewer import Viewer
from gcs.runtime.clock import Clock

log = logging.getLogger(__name__)

SILENT_S = 2.0
# A group of pictures longer than this is not kept: who joins then waits for the next keyframe.
MOST_KEPT_BYTES = 4_000_000


class RelayFeed:
    """Takes datagrams, keeps the newest group of pictures, hands chunks to its viewers."""

    def __init__(self, source: FeedSource, clock: Clock) -> None:
        self.source = source
        self._clock = clock
        self._reader = StreamReader()
        self._viewers: list[Viewer] = []
        self._gone_dropped = 0
        self._kept: list[bytes] = []  # tables, then the stream since its last keyframe
        self._kept_bytes = 0
        self._fresh: list[bytes] = []
        self._key_is_fresh = False
        self._sender = ("", 0)
        self._last_s: float | None = None
        self._bad_s: float | None = None
        self._packets = 0
        self._bad = 0
        self._strangers: set[tuple[str, int]] = set()
        self._port_trouble = ""
        self._said = ""

    # -- what comes in ---------------------------------------------------------------------
    def take(self, data: bytes, port: int, host: str = "127.0.0.1") -> None:
        """A datagram from `port`. Viewers get it with the next `flush`."""
        now, sender = self._clock.monotonic(), (host, port)
        if not in_sync(data):
            self._bad += max(1, len(data) // PACKET)
            self._bad_s = now
            return
        if sender != self._sender and not self._follows(sender, now):
            self._bad += len(data) // PACKET
            return
        self._last_s = now
        self._packets += len(data) // PACKET
        self._keep(data)
        self._fresh.append(data)

    def flush(self) -> None:
        """Hand on what came since the last time."""
        if not self._fresh:
            return
        now = self._clock.monotonic()
        chunk = b"".join(self._fresh)
        for viewer in self._viewers:
            if viewer.waiting and self._key_is_fresh:
                viewer.start(b"".join(self._kept), now)
            else:
                viewer.offer(chunk, now)
        self._fresh = []
        self._key_is_fresh = False

    def _follows(self, sender: tuple[str, int], now: float) -> bool:
        """The first sender keeps the feed until it is silent; then the stream begins anew."""
        if self._last_s is not None and now - self._last_s <= SILENT_S:
            if sender not in self._strangers and len(self._strangers) < 100:
                self._strangers.add(sender)
                log.warning(
                    "Feed %s: a second sender, port %d, is not passed on.",
                    self.source.id,
                    sender[1],
                )
            return False
        self.flush()
        self._sender = sender
        self._reader = StreamReader()
        self._kept, self._kept_bytes = [], 0
        for viewer in self._viewers:
            viewer.restart()
        return True

    def _keep(self, data: bytes) -> None:
        key = self._reader.keyframe_in(data)
        if key is not None:
            self.flush()  # so that one chunk never holds two keyframes, and none is passed over
            self._kept, self._kept_bytes = [self._reader.opening, data[key:]], len(data) - key
            self._key_is_fresh = True
        elif self._kept:
            self._kept.append(data)
            self._kept_bytes += len(data)
            if self._kept_bytes > MOST_KEPT_BYTES:
                self._kept, self._kept_bytes, self._key_is_fresh = [], 0, False

    # -- who watches -----------------------------------------------------------------------
    @property
    def clients(self) -> int:
        """How many desks watch now."""
        return len(self._viewers)

    def join(self) -> Viewer:
        """A new viewer: it begins at the last keyframe, or waits for the first."""
        self.flush()
        viewer = Viewer()
        self._viewers.append(viewer)
        if self._kept:
            viewer.start(b"".join(self._kept), self._clock.monotonic())
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """It watches no more."""
        self._viewers.remove(viewer)
        self._gone_dropped += viewer.dropped

    def close(self) -> None:
        """End every viewer's answer."""
        for viewer in self._viewers:
            viewer.close()

    # -- how it stands ---------------------------------------------------------------------
    def port_trouble(self, sentence: str) -> None:
        """Why its UDP port is not listened to; empty once it is."""
        self._port_trouble = sentence

    @property
    def health(self) -> FeedHealth:
        """For the hello."""
        now = self._clock.monotonic()
        trouble = self._trouble(now)
        self._log(trouble)
        return FeedHealth(
            feed=self.source.id,
            age_s=None if self._last_s is None else round(now - self._last_s, 3),
            packets=self._packets,
            bad_packets=self._bad,
            clients=len(self._viewers),
            dropped=self._gone_dropped + sum(v.dropped for v in self._viewers),
            trouble=trouble,
        )

    def _log(self, trouble: str) -> None:
        """Each trouble once, and its end. That a feed has not begun is none at the start."""
        if trouble == self._said:
            return
        first, self._said = not self._said, trouble
        level = logging.INFO if first and self._last_s is None else logging.WARNING
        if trouble:
            log.log(level, "%s", trouble)
        else:
            log.info("Feed %s is good.", self.source.id)

    def _trouble(self, now: float) -> str:
        name = self.source.id
        if self._port_trouble:
            return self._port_trouble
        if self._bad_s is not None and now - self._bad_s <= SILENT_S:
            return f"Feed {name} sends what is no MPEG-TS; that is not passed on."
        if self._last_s is None:
            return f"Feed {name} has not begun."
        if now - self._last_s > SILENT_S:
            return f"Feed {name} has stopped."
        if not self._kept:
            return f"Feed {name} sends no keyframe: a desk cannot begin to watch it."
        return ""
