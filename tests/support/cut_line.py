"""A network that can be cut: a desk's way to the bus through here, over real TCP.

`cut()` is a cable pulled out: nothing goes either way and nobody is told. `mend()` breaks the
dead connections off, as a network does that comes back with everything forgotten.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from gcs.apps import files
from tests.support.world import World


class CutLine:
    """One way through. Made by `cut_line`."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._whole = asyncio.Event()
        self._whole.set()
        self._writers: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """From now on nothing gets through."""
        self._whole.clear()

    def mend(self) -> None:
        """New connections get through again, the old ones are gone."""
        self._drop()
        self._whole.set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the desk, to its end."""
        self._writers.add(writer)
        try:
            await self._whole.wait()
            from_bus, to_bus = await asyncio.open_connection(self._host, self._port)
            self._writers.add(to_bus)
            await asyncio.gather(self._pump(reader, to_bus), self._pump(from_bus, writer))
        except OSError:
            writer.transport.abort()

    async def close(self) -> None:
        """End everything that goes through."""
        self._whole.set()
        self._drop()
        waits = [writer.wait_closed() for writer in self._writers]
        await asyncio.gather(*waits, return_exceptions=True)

    def _drop(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                await self._whole.wait()
                writer.write(data)
                await writer.drain()
        writer.transport.abort()


@asynccontextmanager
async def cut_line(world: World, desk: str) -> AsyncIterator[CutLine]:
    """From here on `world.start(desk)` reaches the bus through the line."""
    path = world.shift.join[desk]
    found = files.read(path)
    line = CutLine(found.bus.host, found.bus.port)
    server = await asyncio.start_server(line.accept, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    files.write(path, replace(found, bus=replace(found.bus, port=port)))
    try:
        yield line
    finally:
        server.close()
        await line.close()
