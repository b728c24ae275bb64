"""A feed whose address its drone tells: listens where it says, and moves when it says otherwise."""

import asyncio
import logging

from gcs.relay.feed import RelayFeed
from gcs.relay.intake import Intake
from gcs.relay.stream_address import Listening, listening_at

log = logging.getLogger(__name__)


class Follower:
    """One feed. `follow` takes what the newest profile says; `run` listens for ever."""

    def __init__(self, feed: RelayFeed, training: bool) -> None:
        self._feed = feed
        self._training = training
        self._uri: str | None = None
        self._changed = asyncio.Event()
        self.follow("")

    @property
    def feed(self) -> str:
        """Its id."""
        return self._feed.source.id

    def follow(self, uri: str) -> None:
        """The address that is true now; empty: none is told any more, and the last one holds."""
        if uri == self._uri or (not uri and self._uri):
            return
        self._uri = uri
        self._changed.set()

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            self._changed.clear()
            where = listening_at(self.feed, self._uri or "", self._training)
            if isinstance(where, str):
                self._feed.port_trouble(where)
                await self._changed.wait()
            else:
                log.info("Feed %s: listening at UDP %s:%d", self.feed, where.host, where.port)
                await self._listen(where)

    async def _listen(self, where: Listening) -> None:
        """Until the address changes."""
        async with asyncio.TaskGroup() as tasks:
            intake = tasks.create_task(Intake(self._feed, where.port, where.host).run())
            await self._changed.wait()
            intake.cancel()
