"""A relay as it really runs: real UDP in, real HTTP out, senders and desks around it."""

import asyncio
import contextlib
import hashlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from gcs.model.feed import FeedHealth, FeedKind, FeedSource, RelayAccess
from gcs.relay.relay import Relay
from gcs.runtime.clock import Clock, SystemClock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.ports import free_port, wait_for_port
from tests.support.nats import until
from tests.support.ts import datagrams

LOOPBACK = "127.0.0.1"
TOKENS = {desk: f"secret-of-{desk}" for desk in ("desk-1", "desk-2")}
HASHES = {desk: hashlib.sha256(token.encode()).hexdigest() for desk, token in TOKENS.items()}


def sources(*feeds: str) -> tuple[FeedSource, ...]:
    return tuple(FeedSource(f, FeedKind.DRONE, free_port(udp=True)) for f in feeds)


async def no_bus() -> Bus:
    raise NoAnswer("No bus at all.")


class Sender:
    """A camera's end: bursts that wait for the relay, so that no datagram is lost here."""

    def __init__(self, rig: "Rig", feed: str) -> None:
        self._rig = rig
        self._feed = feed
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._port = next(s.udp_port for s in rig.sources if s.id == feed)

    async def send(self, data: bytes) -> None:
        """All of it; returns once the relay took it."""
        parts = datagrams(data)
        for at in range(0, len(parts), 40):
            await self.send_raw(parts[at : at + 40])

    async def send_raw(self, parts: list[bytes]) -> None:
        """These datagrams, good or bad."""
        before = self._taken()
        for part in parts:
            self._socket.sendto(part, (LOOPBACK, self._port))
        count = sum(max(1, len(part) // 188) for part in parts)
        await until(lambda: self._taken() == before + count, what="all datagrams taken")

    def _taken(self) -> int:
        health = self._rig.health(self._feed)
        return health.packets + health.bad_packets

    def close(self) -> None:
        self._socket.close()


@dataclass
class Rig:
    """A running relay."""

    sources: tuple[FeedSource, ...]
    relay: Relay
    access: RelayAccess
    http: aiohttp.ClientSession
    senders: list[Sender]

    def health(self, feed: str) -> FeedHealth:
        return next(h for h in self.relay.health if h.feed == feed)

    def sender(self, feed: str) -> Sender:
        found = Sender(self, feed)
        self.senders.append(found)
        return found

    def get(
        self, feed: str, token: str | None = TOKENS["desk-1"], query: str = ""
    ) -> "aiohttp.client._RequestContextManager":
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return self.http.get(self.access.url(feed) + query, headers=headers)

    @asynccontextmanager
    async def watching(self, feed: str, desk: str = "desk-1") -> AsyncIterator["Watching"]:
        """A desk that reads all it is sent."""
        async with self.get(feed, TOKENS[desk]) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.content_type == "video/mp2t"
            found = Watching()
            task = asyncio.ensure_future(found.read(answer))
            try:
                yield found
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


class Watching:
    """What one desk got."""

    def __init__(self) -> None:
        self.data = b""
        self.over = False

    async def read(self, answer: aiohttp.ClientResponse) -> None:
        async for chunk in answer.content.iter_any():
            self.data += chunk
        self.over = True

    async def has(self, count: int) -> bytes:
        """Until so many bytes came."""
        await until(lambda: len(self.data) >= count, what=f"{count} bytes, not {len(self.data)}")
        return self.data


@asynccontextmanager
async def rig(
    *feeds: str,
    clock: Clock | None = None,
    connect: Callable[[], Awaitable[Bus]] = no_bus,
    hello: str = "nowhere",
    vehicles: str = "",
    port: int = 0,
    at: tuple[FeedSource, ...] = (),
) -> AsyncIterator[Rig]:
    """A relay of these feeds; `port` and `at` put it where an earlier one was."""
    where = at or sources(*feeds)
    port = port or free_port()
    relay = Relay(where, port, HASHES, clock or SystemClock(), "test")
    task = asyncio.ensure_future(relay.run(connect, hello, vehicles))
    assert await wait_for_port(LOOPBACK, port, 5.0)
    access = RelayAccess(LOOPBACK, port, TOKENS["desk-1"])
    senders: list[Sender] = []
    try:
        async with aiohttp.ClientSession() as http:
            yield Rig(where, relay, access, http, senders)
    finally:
        for sender in senders:
            sender.close()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
