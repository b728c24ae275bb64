"""A feed's UDP port: on loopback, or in service where its drone sends to."""

import asyncio
import contextlib
import socket

from gcs.relay.feed import RelayFeed

LOOPBACK = "127.0.0.1"
# A frame comes as a burst of datagrams: handed on together, not each by itself.
GATHER_S = 0.003
_BUFFER_BYTES = 4 << 20
_RETRY_S = 1.0
_MOST_AT_ONCE = 64
_MOST_BYTES = 65_536


class Intake(asyncio.DatagramProtocol):
    """Feeds one feed's datagrams to it; on loopback only what this machine sends."""

    def __init__(self, feed: RelayFeed, port: int | None = None, host: str = LOOPBACK) -> None:
        self._feed = feed
        self._port = feed.source.udp_port if port is None else port
        self._host = host
        self._local = host.startswith("127.")
        self._loop = asyncio.get_running_loop()
        self._flush_due = False
        self._socket: socket.socket | None = None

    async def run(self) -> None:
        """Listen until cancelled; a port that is taken is tried again each second."""
        source = self._feed.source
        while True:
            try:
                transport = await self._open()
                break
            except OSError as error:
                self._feed.port_trouble(
                    f"Feed {source.id}: UDP port {self._port} cannot be listened to: "
                    f"{error.strerror}."
                )
                await asyncio.sleep(_RETRY_S)
        self._feed.port_trouble("")
        try:
            await asyncio.Event().wait()
        finally:
            transport.close()

    async def _open(self) -> asyncio.BaseTransport:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            # The system may give less; never an error.
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            udp.setblocking(False)
            udp.bind((self._host, self._port))
            transport, _ = await self._loop.create_datagram_endpoint(lambda: self, sock=udp)
        except BaseException:
            udp.close()
            raise
        if isinstance(self._loop, asyncio.SelectorEventLoop):
            self._socket = udp
        return transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """asyncio: a datagram; the rest of its burst is taken along, at a fifth of the cost."""
        self._take(data, addr)
        if self._socket is not None:
            with contextlib.suppress(OSError):  # nothing waits any more
                for _ in range(_MOST_AT_ONCE):
                    self._take(*self._socket.recvfrom(_MOST_BYTES))
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_later(GATHER_S, self._flush)

    def _take(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self._local or addr[0].startswith("127."):
            self._feed.take(data, addr[1], addr[0])

    def _flush(self) -> None:
        self._flush_due = False
        self._feed.flush()
