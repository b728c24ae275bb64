"""A fleet that runs, and a plain UDP ground station to talk to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from gcs.link.mavlink import Framer
from gcs.model.site import Site
from gcs.runtime.settings import load_toml
from gcs.sim.drone.config import Address
from gcs.sim.fleet import SimulatedFleet

SITE = load_toml(Path(__file__).parents[3] / "resources/sites/islington.toml", Site)
WAIT_S = 5.0


@asynccontextmanager
async def running(fleet: SimulatedFleet) -> AsyncIterator[None]:
    """The fleet alive, and gone afterwards."""
    task = asyncio.get_running_loop().create_task(fleet.run())
    try:
        await asyncio.wait_for(fleet.wait_running(), WAIT_S)
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Station(asyncio.DatagramProtocol):
    """Keeps what it hears, by system id."""

    def __init__(self, system_id: int) -> None:
        self._framer = Framer(system_id, 190)
        self._parsers: dict[Address, Framer] = {}
        self._changed = asyncio.Event()
        self.heard: list[Any] = []
        self.addresses: dict[int, Address] = {}
        self.transport: asyncio.DatagramTransport | None = None

    def datagram_received(self, data: bytes, addr: Address) -> None:
        parser = self._parsers.setdefault(addr, Framer(255, 190))
        for message in parser.parse(data):
            self.heard.append(message)
            self.addresses[message.get_srcSystem()] = addr
        self._changed.set()

    @property
    def address(self) -> Address:
        assert self.transport is not None
        host, port = self.transport.get_extra_info("sockname")[:2]
        return host, port

    def send(self, message: Any, to: Address) -> None:
        assert self.transport is not None
        self.transport.sendto(self._framer.pack(message), to)

    def of(self, kind: str, system: int) -> list[Any]:
        return [m for m in self.heard if m.get_type() == kind and m.get_srcSystem() == system]

    async def until(self, what: Callable[[], bool]) -> None:
        """Wait for packets until it is so. Raises TimeoutError."""
        async with asyncio.timeout(WAIT_S):
            while not what():
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def station(system_id: int = 255) -> AsyncIterator[Station]:
    """A station on a free loopback port."""
    transport, peer = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Station(system_id), local_addr=("127.0.0.1", 0)
    )
    peer.transport = transport
    try:
        yield peer
    finally:
        transport.close()
