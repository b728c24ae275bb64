"""Reports of which the newest alone counts: kept as packets, decoded when somebody reads.

A value that turns out bad leaves the previous good one in place. Knows no vehicle.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from gcs.link.boot_clock import CLOCKED
from gcs.link.codec import EXTRAS, NAMES
from gcs.link.heard import Heard
from gcs.link.reports import (
    Attitude,
    CameraSettings,
    Gnss,
    Home,
    Motion,
    Report,
    SystemStatus,
    Wind,
)

# What comes often, and whose every packet decodes to a report of one kind.
_KINDS: dict[str, type[Report]] = {
    "GLOBAL_POSITION_INT": Motion,
    "ATTITUDE": Attitude,
    "SYS_STATUS": SystemStatus,
    "GPS_RAW_INT": Gnss,
    "WIND": Wind,
    "HOME_POSITION": Home,
    "CAMERA_SETTINGS": CameraSettings,
}
NEWEST: dict[int, type[Report]] = {n: _KINDS[name] for n, name in NAMES.items() if name in _KINDS}
_MOST = 4  # packets kept, so that a bad one at the end does not hide the good ones before it

Decode = Callable[[int, bytes], Report | None]


class Lane:
    """The packets of one message of which the newest alone counts, or nothing of it at all
    (`kind` None). `extra`: what the checksum takes in besides; `clocked`: tells its time."""

    __slots__ = ("clocked", "extra", "kept", "kind")

    def __init__(self, message: int, kind: type[Any] | None) -> None:
        self.kind = kind
        self.extra = EXTRAS[message]
        self.clocked = message in CLOCKED
        self.kept: deque[tuple[bytes, float]] = deque(maxlen=_MOST)


class Newest:
    """The newest report of each kind of one vehicle, and how many came."""

    def __init__(self, decode: Decode) -> None:
        self.counts: dict[type[Any], int] = {}
        self.lanes: dict[int, Lane] = {}  # of what came before
        self._decode = decode
        self._read: dict[type[Any], Heard[Any]] = {}
        self._kept: dict[type[Any], tuple[int, deque[tuple[bytes, float]]]] = {}

    def keep(self, message: int, data: bytes, at_s: float) -> None:
        """A checked packet of a message in NEWEST."""
        lane, kind = self.lanes.get(message), NEWEST[message]
        if lane is None:
            lane = self.lanes[message] = Lane(message, kind)
            self._kept[kind] = (message, lane.kept)
            self.counts.setdefault(kind, 0)
        lane.kept.append((data, at_s))
        self.counts[kind] += 1

    def pass_over(self, message: int) -> None:
        """Nothing of such packets is kept."""
        self.lanes.setdefault(message, Lane(message, None))

    def put(self, report: Report, at_s: float) -> None:
        """A report that was decoded at once."""
        kind = type(report)
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self._read[kind] = Heard(report, at_s)

    def last(self, kind: type[Any]) -> Heard[Any] | None:
        """The newest good report of a kind."""
        kept = self._kept.get(kind)
        if kept is not None and kept[1]:
            self._decode_kept(kind, *kept)
        return self._read.get(kind)

    def settle(self) -> None:
        """Decode what is kept, so that from now on each packet can be told by itself."""
        for kind in self._kept:
            self.last(kind)

    def fresh(self, kind: type[Any]) -> Report | None:
        """The report of the packet just kept, if it is good. Only after `settle`."""
        before = self._read.get(kind)
        found = self.last(kind)
        return None if found is None or found is before else found.value

    def _decode_kept(self, kind: type[Any], message: int, kept: deque[tuple[bytes, float]]) -> None:
        while kept:
            data, at_s = kept.pop()
            report = self._decode(message, data)
            if report is not None:
                self._read[kind] = Heard(report, at_s)
                kept.clear()
            else:
                self.counts[kind] -= 1
