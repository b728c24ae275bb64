"""The address of a camera's stream, written in one way whatever the camera says.

RTP and MPEG-TS are told as a port alone or as an address; the scheme says which it is: `udp://`
is MPEG-TS over UDP, `rtp://` RTP over UDP. Nothing is opened here.
"""

import re

from gcs.link.camera_reports import StreamKind

_PORT = re.compile(r"[0-9]{1,5}")
_AUTHORITY = re.compile(r"@?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]*):(?P<port>[0-9]{1,5})/?")
_SCHEMES: dict[StreamKind, str] = {
    StreamKind.RTP: "rtp",
    StreamKind.MPEG_TS: "udp",
    StreamKind.TCP: "tcp",
}
ANYWHERE = "0.0.0.0"
_LONGEST = 200


def canonical(kind: StreamKind, raw: str) -> str:
    """`raw` as scheme://host:port for streams by port, else as it is; '' for what is none."""
    text = raw.split("\0", 1)[0].strip()
    if not text or not text.isprintable() or len(text) > _LONGEST:
        return ""
    scheme = _SCHEMES.get(kind)
    if scheme is None:
        return text
    rest = text.split("://", 1)[-1]
    if _PORT.fullmatch(rest):
        rest = f":{rest}"
    found = _AUTHORITY.fullmatch(rest)
    if found is None or not 1 <= int(found["port"]) <= 65535:
        return text
    return f"{scheme}://{found['host'] or ANYWHERE}:{int(found['port'])}"
