"""Reports of which the newest alone counts: kept as packets, decoded when somebody reads.

A value that turns out bad leaves the previous good one in place. Knows no vehicle.
"""

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
MOST = 4  # packets kept, so that a bad one at the end does not hide the good ones before it

Decode = Callable[[int, bytes], Report | None]


class Lane:
    """What came of one kind of report. `kept`: packets not decoded yet; `count`: all that came.

    `message`, `extra` (what the checksum takes in besides), `clocked` (it tells its time): of
    what is kept as packets. `kind` None: nothing of it is kept. Who adds to `kept` drops what
    is older than the last MOST.
    """

    __slots__ = ("clocked", "count", "extra", "heard", "kept", "kind", "message")

    def __init__(self, kind: type[Any] | None, message: int | None = None) -> None:
        self.kind = kind
        self.message = message
        self.extra = b"" if message is None else EXTRAS[message]
        self.clocked = message in CLOCKED
        # A list: so few entries need a fifth of a deque's memory, which is cut in blocks of 64.
        self.kept: list[tuple[bytes, float]] = []
        self.heard: Heard[Any] | None = None
        self.count = 0


class Newest:
    """The newest report of each kind of one vehicle, and how many came. `lanes`: by message,
    of those that came before and are kept as packets, or not at all."""

    def __init__(self, decode: Decode) -> None:
        self.lanes: dict[int, Lane] = {}
        self._decode = decode
        self._of: dict[type[Any], Lane] = {}

    def keep(self, message: int, data: bytes, at_s: float) -> None:
        """A checked packet of a message in NEWEST."""
        lane = self.lanes.get(message)
        if lane is None:
            kind = NEWEST[message]
            lane = self.lanes[message] = self._of[kind] = Lane(kind, message)
        lane.kept.append((data, at_s))
        if len(lane.kept) > MOST:
            del lane.kept[0]
        lane.count += 1

    def pass_over(self, message: int) -> None:
        """Nothing of such packets is kept."""
        self.lanes.setdefault(message, Lane(None, message))

    def put(self, report: Report, at_s: float) -> None:
        """A report that was decoded at once."""
        kind = type(report)
        lane = self._of.get(kind)
        if lane is None:
            lane = self._of[kind] = Lane(kind)
        lane.count += 1
        lane.heard = Heard(report, at_s)

    def count(self, kind: type[Any]) -> int:
        """How many good reports of a kind came."""
        lane = self._of.get(kind)
        return 0 if lane is None else lane.count

    def last(self, kind: type[Any]) -> Heard[Any] | None:
        """The newest good report of a kind."""
        lane = self._of.get(kind)
        if lane is None:
            return None
        if lane.kept:
            self._decode_kept(lane)
        return lane.heard

    def settle(self) -> None:
        """Decode what is kept, so that from now on each packet can be told by itself."""
        for lane in self.lanes.values():
            self._decode_kept(lane)

    def fresh(self, kind: type[Any]) -> Report | None:
        """The report of the packet just kept, if it is good. Only after `settle`."""
        before = self._of[kind].heard
        found = self.last(kind)
        return None if found is None or found is before else found.value

    def _decode_kept(self, lane: Lane) -> None:
        kept = lane.kept
        while kept:
            data, at_s = kept.pop()
            report = self._decode(lane.message or 0, data)
            if report is not None:
                lane.heard = Heard(report, at_s)
                kept.clear()
            else:
                lane.count -= 1
