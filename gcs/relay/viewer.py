"""One desk watching one feed: a bounded queue that is cut, never waited for."""

import asyncio
from collections import deque

from gcs.relay.packets import PACKET

# Older than this is not live any more, and more than this no desk catches up with.
MOST_BEHIND_S = 1.0
MOST_BYTES = 2_000_000


class Viewer:
    """Filled by the feed, emptied by the desk's HTTP answer.

    `waiting`: it gets nothing before the next keyframe.
    """

    def __init__(self) -> None:
        self.waiting = True
        self.dropped = 0
        self._queue: deque[tuple[float, bytes]] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self._closed = False

    def start(self, chunk: bytes, now_s: float) -> None:
        """Begin, or begin again, at a keyframe with its tables before it."""
        self.waiting = False
        self._put(chunk, now_s)

    def offer(self, chunk: bytes, now_s: float) -> None:
        """The stream goes on; a desk that is too far behind is cut to the next keyframe."""
        if self.waiting:
            self.dropped += len(chunk) // PACKET
            return
        if self._queue and (
            now_s - self._queue[0][0] > MOST_BEHIND_S or self._bytes + len(chunk) > MOST_BYTES
        ):
            self.dropped += (self._bytes + len(chunk)) // PACKET
            self.restart()
            return
        self._put(chunk, now_s)

    def restart(self) -> None:
        """Forget what waits: the next thing it gets is a keyframe."""
        self.waiting = True
        self._queue.clear()
        self._bytes = 0
        self._filled.clear()

    def close(self) -> None:
        """No more comes: `next` answers None."""
        self._closed = True
        self._filled.set()

    async def next(self) -> bytes | None:
        """All that waits, as soon as something does; None once the feed is closed."""
        await self._filled.wait()
        if self._closed:
            return None
        chunk = b"".join(part for _, part in self._queue)
        self._queue.clear()
        self._bytes = 0
        self._filled.clear()
        return chunk

    def _put(self, chunk: bytes, now_s: float) -> None:
        self._queue.append((now_s, chunk))
        self._bytes += len(chunk)
        self._filled.set()
