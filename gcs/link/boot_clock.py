"""A vehicle's time since boot, as its packets tell it: late packets, reboots, clock jumps.

MAVLink has no other mark of a packet's age. Decides nothing about identity.
"""

from enum import Enum

from gcs.link.mavlink import dialect

# Their payload begins with `time_boot_ms`.
CLOCKED = frozenset({dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT, dialect.MAVLINK_MSG_ID_ATTITUDE})
LATE_MS = 3000
LATE_IN_A_ROW = 10
FLIPS = 3
FLIPS_WITHIN_S = 10.0
_BOOT_SLACK_MS = 2000
_WRAPS_MS = 0xFFFF_FFFF - 60_000  # the counter has 32 bits: 49.7 days


class Timing(Enum):
    """What a packet's time says. LATE: an older state than the one we have."""

    NEWER = "newer"
    LATE = "late"
    JUMPED = "jumped"
    REBOOTED = "rebooted"


class BootClock:
    """The newest time of each kind of message of one vehicle."""

    def __init__(self) -> None:
        self.boots = 0
        self._newest: dict[int, int] = {}
        self._newest_s = 0.0
        self._late = 0
        self._flips: list[float] = []

    def take(self, message: int, boot_ms: int, now_s: float) -> Timing:
        """A packet of this kind tells this time. LATE ones are not to be used."""
        if self.goes_on(message, boot_ms, now_s):
            return Timing.NEWER
        return self._backwards(message, boot_ms, now_s)

    def goes_on(self, message: int, boot_ms: int, now_s: float) -> bool:
        """Whether a packet's time is a newer one, which then is the newest; else `take` judges."""
        if boot_ms < self._newest.get(message, 0):
            return False
        self._newest[message] = boot_ms
        self._newest_s = now_s
        self._late = 0
        return True

    def flips_s(self) -> float | None:
        """When it last ran to and fro as no one clock does; None: it does not."""
        if len(self._flips) < FLIPS or self._flips[-1] - self._flips[0] > FLIPS_WITHIN_S:
            return None
        return self._flips[-1]

    def forget(self) -> None:
        """Another vehicle may speak from now on."""
        self._newest.clear()
        self._flips.clear()
        self._late = 0

    def _backwards(self, message: int, boot_ms: int, now_s: float) -> Timing:
        newest = self._newest[message]
        if newest - boot_ms <= LATE_MS:
            self._late += 1
            if self._late < LATE_IN_A_ROW:
                return Timing.LATE
            found = Timing.JUMPED
        else:
            self._flips = [*self._flips[1 - FLIPS :], now_s]
            silent_ms = (now_s - self._newest_s) * 1000.0
            since_then = boot_ms <= silent_ms + _BOOT_SLACK_MS and newest < _WRAPS_MS
            found = Timing.REBOOTED if since_then else Timing.JUMPED
        self.boots += found is Timing.REBOOTED
        self._newest.clear()
        self._newest[message] = boot_ms
        self._newest_s = now_s
        self._late = 0
        return found
