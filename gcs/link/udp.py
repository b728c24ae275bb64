"""A UDP socket as an endpoint: `udpin` waits for vehicles, `udpout` speaks first."""

import asyncio
import contextlib
import socket

from gcs.link.endpoint import (
    Address,
    BadEndpoint,
    EndpointSpec,
    OnData,
    OnTrouble,
    is_loopback,
)
from gcs.link.pump import SocketPump
from gcs.model.site import OperatingMode

# A second of nine vehicles at 50 messages a second while the loop is busy elsewhere.
_BUFFER_BYTES = 1 << 20
_MOST_AT_ONCE = 32
_MOST_BYTES = 8192  # a larger buffer is slower to get; no MAVLink datagram comes near
_RETRY_S = 1.0
LOOPBACK = "127.0.0.1"  # nearly every packet of a training: known without asking


class UdpEndpoint(asyncio.DatagramProtocol):
    """One socket. In training, datagrams from outside 127.0.0.0/8 are dropped and counted."""

    def __init__(
        self,
        spec: EndpointSpec,
        mode: OperatingMode,
        on_data: OnData,
        on_trouble: OnTrouble,
        pump: SocketPump | None = None,
    ) -> None:
        self._pump = pump or SocketPump()
        self.refused = 0
        self._spec = spec
        self._loopback_only = mode is OperatingMode.TRAINING
        self._on_data, self._on_trouble = on_data, on_trouble
        self._transport: asyncio.DatagramTransport | None = None
        self._socket: socket.socket | None = None
        self._address: Address = ("", 0)
        self._lost = asyncio.Event()

    @property
    def address(self) -> Address:
        """The bound local address. Known after `open`."""
        return self._address

    @property
    def peer(self) -> Address | None:
        """Only of a `udpout`."""
        return None if self._spec.listens else (self._spec.host, self._spec.port)

    async def open(self) -> None:
        """Bind. Raises BadEndpoint naming the port when it is in use."""
        try:
            await self._bind(self._local())
        except OSError as error:
            raise BadEndpoint(
                f"site file, endpoint {self._spec}: UDP port {self._spec.port} on "
                f"{self._spec.host} cannot be opened: {error.strerror or error}"
            ) from None

    async def run(self) -> None:
        """Bind again when the system closed the socket under us."""
        while True:
            await self._lost.wait()
            self._on_trouble(f"Endpoint {self._spec} was lost; it is being opened again.")
            while self._lost.is_set():
                await asyncio.sleep(_RETRY_S)
                with contextlib.suppress(OSError):
                    await self._bind(self._address)
            self._on_trouble(f"Endpoint {self._spec} is open again.")

    def send(self, data: bytes, to: Address) -> None:
        """One datagram; a full socket buffer drops it, as the air would."""
        if self._transport is not None:
            self._transport.sendto(data, to)
        elif self._socket is not None:
            with contextlib.suppress(OSError):  # nobody there is no error of ours
                self._socket.sendto(data, to)

    def close(self) -> None:
        """Close the socket."""
        transport, udp = self._transport, self._socket
        self._transport, self._socket = None, None
        if transport is not None:
            transport.close()
        elif udp is not None:
            self._pump.remove(udp)
            udp.close()

    def _local(self) -> Address:
        if self._spec.listens:
            return (self._spec.host, self._spec.port)
        return ("127.0.0.1" if self._loopback_only else "0.0.0.0", 0)

    async def _bind(self, local: Address) -> None:
        loop = asyncio.get_running_loop()
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            # The system may give less; never an error.
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            udp.setblocking(False)
            udp.bind(local)
            if isinstance(loop, asyncio.SelectorEventLoop):
                self._pump.add(udp, self._readable)
            else:  # Windows: its loop completes single reads
                self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=udp)
        except BaseException:
            udp.close()
            raise
        host, port = udp.getsockname()[:2]
        self._address = (host, port)
        self._socket = udp
        self._lost.clear()

    def _readable(self) -> bool:
        """Something waits: it is taken at once; whether more than that waits."""
        udp = self._socket
        if udp is None:
            return False
        receive, on_data, loopback_only = udp.recvfrom, self._on_data, self._loopback_only
        try:
            for _ in range(_MOST_AT_ONCE):
                data, source = receive(_MOST_BYTES)
                if loopback_only and source[0] != LOOPBACK and not is_loopback(source[0]):
                    self.refused += 1
                else:
                    on_data(data, source)
        except (BlockingIOError, InterruptedError):
            return False  # nothing waits any more
        except ConnectionError:
            return True  # Windows tells so of a peer that is gone
        except OSError:
            self.close()
            self._lost.set()
            return False
        return True

    # -- asyncio, where the loop cannot watch a socket ------------------------------------------
    def datagram_received(self, data: bytes, addr: Address) -> None:
        """A datagram."""
        if self._loopback_only and not is_loopback(addr[0]):
            self.refused += 1
        else:
            self._on_data(data, addr)

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone; `close` took it away itself when it was wanted."""
        if self._transport is not None:
            self._transport, self._socket = None, None
            self._lost.set()
