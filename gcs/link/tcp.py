"""A TCP client as an endpoint: connects, and connects again, ever less often up to 8 s.

What the other end does not take in time is thrown away with the connection: an order of before an
outage must not reach a vehicle that others command by then.
"""

import asyncio
import socket

from gcs.link.endpoint import Address, EndpointSpec, OnData, OnTrouble

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 8.0
_CONNECT_S = 5.0
_MOST_BYTES = 65_536
# Live data is dropped, never queued: a link this far behind brings nothing in time.
_MOST_WAITING_BYTES = 16_384
_UNTAKEN_MS = 3000  # as long as the send-fence stays open without the claim


class TcpEndpoint:
    """One connection to a server. Vehicles behind it are told apart by system id alone."""

    def __init__(self, spec: EndpointSpec, on_data: OnData, on_trouble: OnTrouble) -> None:
        self.dropped = 0
        self._spec = spec
        self._on_data, self._on_trouble = on_data, on_trouble
        self._writer: asyncio.StreamWriter | None = None
        self._told = False

    @property
    def address(self) -> Address:
        """The server's."""
        return (self._spec.host, self._spec.port)

    @property
    def peer(self) -> Address:
        """The server's."""
        return self.address

    async def open(self) -> None:
        """Nothing at once: a server that is not there yet is no error."""

    async def run(self) -> None:
        """Stay connected until cancelled."""
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                async with asyncio.timeout(_CONNECT_S):
                    reader, writer = await asyncio.open_connection(*self.address)
            except (OSError, TimeoutError) as error:
                reason = getattr(error, "strerror", None) or "no answer"
                self._tell(f"cannot be reached: {reason}")
                await asyncio.sleep(pause_s)
                pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)
                continue
            if self._told:
                self._told = False
                self._on_trouble(f"Endpoint {self._spec} is connected again.")
            pause_s = _FIRST_PAUSE_S
            _throw_away_in_time(writer)
            await self._serve(reader, writer)
            self._tell("was lost")
            await asyncio.sleep(pause_s)

    def send(self, data: bytes, to: Address) -> None:
        """Whole packets, or none of it while too much waits."""
        writer = self._writer
        if writer is None or writer.is_closing():
            return
        if writer.transport.get_write_buffer_size() + len(data) > _MOST_WAITING_BYTES:
            self.dropped += 1
            return
        writer.write(data)

    def close(self) -> None:
        """Close the connection."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        try:
            while data := await reader.read(_MOST_BYTES):
                self._on_data(data, self.address)
        except OSError:
            pass
        finally:
            self._writer = None
            writer.transport.abort()  # nothing of what still waits goes out later

    def _tell(self, what: str) -> None:
        if not self._told:
            self._told = True
            self._on_trouble(f"Endpoint {self._spec} {what}; it is tried again.")


def _throw_away_in_time(writer: asyncio.StreamWriter) -> None:
    """End the connection when something that was sent is not taken for so long. Where the system
    cannot, its own time-out stands."""
    connection = writer.get_extra_info("socket")
    if connection is not None and hasattr(socket, "TCP_USER_TIMEOUT"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNTAKEN_MS)
