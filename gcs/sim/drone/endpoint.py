"""A simulated drone's socket: one UDP port of 127.0.0.1, chosen by the system.

It moves datagrams and decides nothing. Nothing here can reach beyond this machine.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gcs.sim.drone.config import Address
from gcs.sim.drone.drone import SimulatedDrone


class Endpoint(asyncio.DatagramProtocol):
    """Carries datagrams between the network and one drone."""

    def __init__(self, drone: SimulatedDrone) -> None:
        self._drone = drone
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def address(self) -> Address:
        """Where the drone listens. Raises RuntimeError before it is open."""
        if self._transport is None:
            raise RuntimeError(f"drone {self._drone.id} has no socket yet")
        host, port = self._transport.get_extra_info("sockname")[:2]
        return host, port

    def use(self, transport: asyncio.DatagramTransport) -> None:
        """Speak through this socket."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._drone.receive(data, addr)
        self.flush()

    def error_received(self, exc: Exception) -> None:
        """Nobody listens at the other end just now: a radio would not notice either."""

    def flush(self) -> None:
        """Send what the drone has to send."""
        if self._transport is None:
            return
        for address, data in self._drone.take_outbox():
            self._transport.sendto(data, address)


@asynccontextmanager
async def open_endpoint(drone: SimulatedDrone) -> AsyncIterator[Endpoint]:
    """The drone's socket, closed on leaving."""
    loop = asyncio.get_running_loop()
    transport, endpoint = await loop.create_datagram_endpoint(
        lambda: Endpoint(drone), local_addr=("127.0.0.1", 0)
    )
    endpoint.use(transport)
    try:
        yield endpoint
    finally:
        transport.close()
