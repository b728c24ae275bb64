"""The relay: every feed's port, the door for desks, and a hello each second.

Pictures do not depend on the bus: without it the relay goes on serving and keeps trying.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from gcs.model.feed import FeedHealth, FeedSource, RelayHello
from gcs.relay.door import Door
from gcs.relay.feed import RelayFeed
from gcs.relay.intake import Intake
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus, NoAnswer

log = logging.getLogger(__name__)

HELLO_S = 1.0
_RETRY_S = 1.0


class Relay:
    """Built from values; `run` opens its ports."""

    def __init__(
        self,
        feeds: Sequence[FeedSource],
        port: int,
        tokens: Mapping[str, str],
        clock: Clock,
        instance: str,
    ) -> None:
        self._port = port
        self._clock = clock
        self._instance = instance
        self._feeds = {source.id: RelayFeed(source, clock) for source in feeds}
        self._door = Door(self._feeds, tokens)

    @property
    def health(self) -> tuple[FeedHealth, ...]:
        """How each feed stands."""
        return tuple(feed.health for feed in self._feeds.values())

    async def run(self, connect: Callable[[], Awaitable[Bus]], hello: str) -> None:
        """Serve until cancelled, and say so on the subject `hello`. Raises OSError."""
        try:
            await self._door.open(self._port)
            async with asyncio.TaskGroup() as tasks:
                for feed in self._feeds.values():
                    tasks.create_task(Intake(feed).run())
                tasks.create_task(self._tell(connect, hello))
        finally:
            await self._door.close()

    async def _tell(self, connect: Callable[[], Awaitable[Bus]], hello: str) -> None:
        bus = await self._reach(connect)
        try:
            while True:
                said = RelayHello(self._instance, self._clock.utc_ms(), self.health)
                await bus.publish(hello, said)
                await asyncio.sleep(HELLO_S)
        finally:
            await bus.close()

    async def _reach(self, connect: Callable[[], Awaitable[Bus]]) -> Bus:
        told = False
        while True:
            try:
                return await connect()
            except NoAnswer as error:
                if not told:
                    log.warning("%s The feeds are served meanwhile; trying again.", error)
                    told = True
            await asyncio.sleep(_RETRY_S)
