"""Where the drones are spoken to: `udpin:HOST:PORT` or `udpout:HOST:PORT`, on asyncio.

A training gateway opens nothing outside 127.0.0.0/8. Knows datagrams, not MAVLink.
"""

import asyncio
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from gcs.model.site import OperatingMode
from gcs.runtime.settings import BadSettings

Address = tuple[str, int]
OnDatagram = Callable[[bytes, Address], None]


class BadEndpoint(BadSettings):
    """An endpoint that may not or cannot be opened; `str()` names the site file's field."""


@dataclass(frozen=True, slots=True)
class EndpointSpec:
    """A parsed `endpoint` of the site file. `listens`: vehicles find us, not we them."""

    listens: bool
    host: str
    port: int


def parse_endpoint(text: str, mode: OperatingMode) -> EndpointSpec:
    """The endpoint in `text`. Raises BadEndpoint, naming the field and what is wrong."""
    kind, _, rest = text.partition(":")
    host, _, port_text = rest.rpartition(":")
    if kind not in ("udpin", "udpout"):
        if mode is OperatingMode.TRAINING:
            raise BadEndpoint(
                f"site file, endpoint {text!r}: a training gateway refuses serial and TCP; "
                "use udpin:127.0.0.1:PORT"
            )
        raise BadEndpoint(f"site file, endpoint {text!r}: expected udpin:HOST:PORT or udpout:…")
    address = _address(text, host)
    if not port_text.isdecimal() or not 0 <= int(port_text) <= 65535:
        raise BadEndpoint(f"site file, endpoint {text!r}: {port_text!r} is not a port")
    if kind == "udpout" and int(port_text) == 0:
        raise BadEndpoint(f"site file, endpoint {text!r}: udpout needs a port to send to")
    if mode is OperatingMode.TRAINING and address not in _LOOPBACK:
        raise BadEndpoint(
            f"site file, endpoint {text!r}: a training gateway refuses {host}; "
            "it speaks to 127.0.0.0/8 only"
        )
    return EndpointSpec(kind == "udpin", host, int(port_text))


_LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


def _address(text: str, host: str) -> ipaddress.IPv4Address:
    try:
        return ipaddress.IPv4Address(host)
    except ValueError:
        raise BadEndpoint(
            f"site file, endpoint {text!r}: {host!r} is not an IPv4 address"
        ) from None


class Endpoint:
    """One UDP socket. Made by `open_endpoint`."""

    def __init__(self, transport: asyncio.DatagramTransport, spec: EndpointSpec) -> None:
        self._transport = transport
        self._spec = spec

    @property
    def address(self) -> Address:
        """The bound local address."""
        host, port = self._transport.get_extra_info("sockname")[:2]
        return (host, port)

    @property
    def peer(self) -> Address | None:
        """Whom we send to before anybody was heard: only of a `udpout`."""
        return None if self._spec.listens else (self._spec.host, self._spec.port)

    def send(self, data: bytes, to: Address) -> None:
        """One datagram; a full socket buffer drops it, as the air would."""
        if not self._transport.is_closing():
            self._transport.sendto(data, to)

    def close(self) -> None:
        """Close the socket."""
        self._transport.close()


class _Protocol(asyncio.DatagramProtocol):
    def __init__(self, on_datagram: OnDatagram) -> None:
        self._on_datagram = on_datagram

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._on_datagram(data, addr)


async def open_endpoint(spec: EndpointSpec, mode: OperatingMode, on: OnDatagram) -> Endpoint:
    """Open the socket. Raises BadEndpoint naming the port when it is in use.

    In training, datagrams from outside 127.0.0.0/8 are dropped as well.
    """
    local = (spec.host, spec.port) if spec.listens else ("0.0.0.0", 0)
    if mode is OperatingMode.TRAINING and not spec.listens:
        local = ("127.0.0.1", 0)
    loop = asyncio.get_running_loop()
    try:
        transport, _ = await loop.create_datagram_endpoint(lambda: _Protocol(on), local_addr=local)
    except OSError as error:
        raise BadEndpoint(
            f"site file, endpoint: UDP port {spec.port} on {spec.host} cannot be opened: "
            f"{error.strerror or error}"
        ) from None
    return Endpoint(transport, spec)
