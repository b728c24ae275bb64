"""The address a drone gives for its stream: where to listen for it, or why it is not taken. Pure.

Taken is MPEG-TS over UDP, `udp://host:port`: the relay listens at that port, on loopback alone
in training. Nothing is ever fetched from an address that came over the air.
"""

import ipaddress
import re
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"
_UDP = re.compile(r"udp://@?(?P<host>[^\s/:@?#]*):(?P<port>[0-9]{1,5})/?")
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]{0,15})://")
_LEAST_PORT = 1024


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen."""

    host: str
    port: int


def listening_at(feed: str, uri: str, training: bool) -> Listening | str:
    """Where a feed is to be listened for, or one sentence why it is not."""
    if not uri:
        return f"Feed {feed}: its drone has not told where its stream goes."
    found = _UDP.fullmatch(uri)
    if found is None:
        return _unsupported(feed, uri)
    port = int(found["port"])
    if not _LEAST_PORT <= port <= 65535:
        return f"Feed {feed}: UDP port {port} is refused, expected {_LEAST_PORT} to 65535."
    try:
        host = ipaddress.ip_address(found["host"] or EVERYWHERE)
    except ValueError:
        return f"Feed {feed}: its stream's address is no IP address; it is not taken."
    if host.is_multicast:
        return f"Feed {feed}: its stream goes to a multicast group; that is refused."
    if host.version != 4:
        return f"Feed {feed}: its stream goes to an IPv6 address; this relay listens to IPv4."
    if not training:
        return Listening(str(host) if host.is_loopback else EVERYWHERE, port)
    if not (host.is_loopback or host.is_unspecified):
        return f"Feed {feed}: its stream goes outside this machine; that is refused in training."
    return Listening(LOOPBACK, port)


def _unsupported(feed: str, uri: str) -> str:
    """Names the kind only: an address may hold a password."""
    found = _SCHEME.match(uri)
    kind = found["scheme"].lower() + "://" if found else "an address without a kind"
    return (
        f"Feed {feed}: its drone offers {kind}, which this relay does not take; a media server "
        "can turn it into MPEG-TS over UDP."
    )
