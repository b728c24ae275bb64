"""Messages of plain numbers, read straight from the payload: a tenth of pymavlink's time.

For what comes often (positions, attitudes): the layout is pymavlink's own, only the making of
its message objects is left out. What has text in it is left to pymavlink.
"""

from collections import namedtuple
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple

from gcs.link.codec import V2
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
    make: Callable[[Any], Any] = partial(tuple.__new__, kind)
    if any(length > 1 for length in message.lengths):
        make = _gathered(make, message.lengths)
    return _Layout(message.unpacker.unpack, message.unpacker.size, make)


def _gathered(make: Callable[[Any], Any], lengths: list[int]) -> Callable[[Any], Any]:
    """The numbers of an array become one field."""
    ends = list(accumulate(lengths))
    spans = [(end - n, end, n > 1) for end, n in zip(ends, lengths, strict=True)]
    return lambda values: make(
        [list(values[begin:end]) if many else values[begin] for begin, end, many in spans]
    )


_LAYOUTS: dict[int, _Layout] = {
    number: _layout(message)
    for number, message in dialect.mavlink_map.items()
    if "char" not in message.fieldtypes
    and message.msgname
    in {
        "GLOBAL_POSITION_INT",
        "ATTITUDE",
        "SYS_STATUS",
        "BATTERY_STATUS",
        "GIMBAL_DEVICE_ATTITUDE_STATUS",
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


def read(message: int, data: bytes) -> Any:
    """The message with its fields by name and `get_type`; None where pymavlink must read it."""
    layout = _LAYOUTS.get(message)
    if layout is None:
        return None
    begin = 10 if data[0] == V2 else 6
    payload = data[begin : begin + min(data[1], layout.size)]
    return layout.make(layout.unpack(payload.ljust(layout.size, b"\0")))
