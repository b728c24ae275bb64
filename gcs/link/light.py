"""Messages of plain numbers, read straight from the payload: a tenth of pymavlink's time.

For what comes often (positions, attitudes): the layout is pymavlink's own, only the making of
its message objects is left out. What has text or arrays in it is left to pymavlink.
"""

from collections import namedtuple
from typing import Any, NamedTuple

from gcs.link.codec import V2, Packet
from gcs.link.mavlink import dialect

_named: Any = namedtuple


class _Layout(NamedTuple):
    """How a payload is read: `size` bytes, what is missing at its end is zero."""

    unpack: Any
    size: int
    make: Any


def _layout(message: Any) -> _Layout:
    name = message.msgname
    fields = _named(name, message.ordered_fieldnames)
    kind: Any = type(name, (fields,), {"__slots__": (), "get_type": lambda self: name})
    return _Layout(message.unpacker.unpack, message.unpacker.size, kind._make)


_LAYOUTS: dict[int, _Layout] = {
    number: _layout(message)
    for number, message in dialect.mavlink_map.items()
    if not any(message.array_lengths)
    and "char" not in message.fieldtypes
    and message.msgname
    in {
        "GLOBAL_POSITION_INT",
        "ATTITUDE",
        "SYS_STATUS",
        "GPS_RAW_INT",
        "WIND",
        "CAMERA_SETTINGS",
        "HEARTBEAT",
        "EXTENDED_SYS_STATE",
        "FENCE_STATUS",
        "MISSION_CURRENT",
        "TIMESYNC",
    }
}


def read(packet: Packet) -> Any:
    """The message with its fields by name and `get_type`; None where pymavlink must read it."""
    layout = _LAYOUTS.get(packet.message)
    if layout is None:
        return None
    data = packet.data
    begin = 10 if data[0] == V2 else 6
    payload = data[begin : begin + min(data[1], layout.size)]
    return layout.make(layout.unpack(payload.ljust(layout.size, b"\0")))
