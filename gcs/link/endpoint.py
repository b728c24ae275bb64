"""Where vehicles are spoken to, as the site file says it: UDP both ways, TCP, serial.

A training gateway opens nothing outside 127.0.0.0/8. Knows bytes and addresses, not MAVLink.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from gcs.model.site import OperatingMode
from gcs.runtime.settings import BadSettings

Address = tuple[str, int]
OnData = Callable[[bytes, Address], None]
OnTrouble = Callable[[str], None]

_LOOPBACK = ipaddress.ip_network("127.0.0.0/8")
_FORMS = "expected udpin:HOST:PORT, udpout:HOST:PORT, tcp:HOST:PORT or serial:DEVICE:BAUD"


class BadEndpoint(BadSettings):
    """An endpoint that may not or cannot be opened; `str()` names the site file's field."""


class EndpointKind(StrEnum):
    """UDP_IN: vehicles find us, not we them. TCP: we connect to a server."""

    UDP_IN = "udpin"
    UDP_OUT = "udpout"
    TCP = "tcp"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class EndpointSpec:
    """A parsed endpoint of the site file. A serial one's `host` is its device, `port` its baud."""

    kind: EndpointKind
    host: str
    port: int

    @property
    def listens(self) -> bool:
        """Whether vehicles find us, not we them."""
        return self.kind is EndpointKind.UDP_IN

    @property
    def stream(self) -> bool:
        """Whether bytes come without the bounds of packets."""
        return self.kind in (EndpointKind.TCP, EndpointKind.SERIAL)

    def __str__(self) -> str:
        return f"{self.kind}:{self.host}:{self.port}"


class Endpoint(Protocol):
    """One way out. Data comes to the `OnData` it was made with."""

    @property
    def address(self) -> Address:
        """The local address; of a stream the other end's."""
        ...

    @property
    def peer(self) -> Address | None:
        """Whom we send to before anybody was heard; None where vehicles find us."""
        ...

    async def open(self) -> None:
        """Take what can be had at once. Raises BadEndpoint."""
        ...

    async def run(self) -> None:
        """Keep it open until cancelled; what is lost is told once and tried again."""
        ...

    def send(self, data: bytes, to: Address) -> None:
        """Whole packets; what cannot go out now is dropped, as the air would."""
        ...

    def close(self) -> None:
        """Close for good."""
        ...


def parse_endpoint(text: str, mode: OperatingMode) -> EndpointSpec:
    """The endpoint in `text`. Raises BadEndpoint, naming the field and what is wrong."""
    name, _, rest = text.partition(":")
    host, _, number = rest.rpartition(":")
    try:
        kind = EndpointKind(name)
    except ValueError:
        raise _bad(text, _FORMS) from None
    if kind is EndpointKind.SERIAL:
        if mode is OperatingMode.TRAINING:
            raise _bad(text, "a training gateway refuses serial; it speaks to 127.0.0.0/8 only")
        if not host or not number.isdecimal() or not 1200 <= int(number) <= 4_000_000:
            raise _bad(text, f"{_FORMS}; BAUD is {number!r}, expected 1200 to 4000000")
        return EndpointSpec(kind, host, int(number))
    return _over_ip(text, kind, host, number, mode)


def _over_ip(
    text: str, kind: EndpointKind, host: str, number: str, mode: OperatingMode
) -> EndpointSpec:
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        raise _bad(text, f"{host!r} is not an IPv4 address") from None
    if not number.isdecimal() or not 0 <= int(number) <= 65535:
        raise _bad(text, f"{number!r} is not a port")
    if kind is not EndpointKind.UDP_IN and int(number) == 0:
        raise _bad(text, f"{kind} needs a port to send to")
    if mode is OperatingMode.TRAINING and address not in _LOOPBACK:
        raise _bad(text, f"a training gateway refuses {host}; it speaks to 127.0.0.0/8 only")
    return EndpointSpec(kind, host, int(number))


def is_loopback(host: str) -> bool:
    """Whether an address that data came from is in 127.0.0.0/8."""
    return host.startswith("127.")


def _bad(text: str, what: str) -> BadEndpoint:
    return BadEndpoint(f"site file, endpoint {text!r}: {what}")
