"""The relay: every feed's port, the door for desks, and a hello each second.

Pictures do not depend on the bus: without it the relay goes on serving and keeps trying.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from gcs.model.feed import FeedHealth, FeedSource, RelayHello
from gcs.model.vehicle import VehicleProfiles
from gcs.relay.door import Door
from gcs.relay.feed import RelayFeed
from gcs.relay.follower import Follower
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
        training: bool = True,
    ) -> None:
        self._port = port
        self._clock = clock
        self._instance = instance
        self._feeds = {source.id: RelayFeed(source, clock) for source in feeds}
        told = [feed for feed in self._feeds.values() if not feed.source.udp_port]
        self._followers = {feed.source.id: Follower(feed, training) for feed in told}
        self._door = Door(self._feeds, tokens)

    @property
    def health(self) -> tuple[FeedHealth, ...]:
        """How each feed stands."""
        return tuple(feed.health for feed in self._feeds.values())

    async def run(
        self, connect: Callable[[], Awaitable[Bus]], hello: str, vehicles: str = ""
    ) -> None:
        """Serve until cancelled, and say so on the subject `hello`; on `vehicles` it hears where
        drones send their streams. Raises OSError."""
        try:
            await self._door.open(self._port)
            async with asyncio.TaskGroup() as tasks:
                for feed in self._feeds.values():
                    if feed.source.udp_port:
                        tasks.create_task(Intake(feed).run())
                for follower in self._followers.values():
                    tasks.create_task(follower.run())
                tasks.create_task(self._tell(connect, hello, vehicles))
        finally:
            await self._door.close()

    async def _tell(self, connect: Callable[[], Awaitable[Bus]], hello: str, vehicles: str) -> None:
        bus = await self._reach(connect)
        try:
            if vehicles and self._followers:
                await bus.listen(vehicles, VehicleProfiles, self._heard)
            while True:
                said = RelayHello(self._instance, self._clock.utc_ms(), self.health)
                await bus.publish(hello, said)
                await asyncio.sleep(HELLO_S)
        finally:
            await bus.close()

    def _heard(self, _: str, profiles: VehicleProfiles) -> None:
        for profile in profiles.profiles:
            follower = self._followers.get(profile.drone)
            if follower is not None:
                follower.follow(profile.camera.video_uri)

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
