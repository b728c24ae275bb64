"""What the mission protocol's transfers share: how long to wait, what came in, how it ended."""

import asyncio
from collections import deque
from dataclasses import dataclass

from gcs.link.mavlink import dialect
from gcs.link.plan_reports import Addressed, TransferAck
from gcs.link.wire_items import WireItem

UNSENT = "not sent: this gateway may not speak just now"
ABANDONED = "no answer from the vehicle"
UNWANTED = "stopped: it is no longer wanted"

_D = dialect
RESULT_WORDS: dict[int, str] = {
    int(_D.MAV_MISSION_ACCEPTED): "accepted",
    int(_D.MAV_MISSION_ERROR): "refused by the vehicle",
    int(_D.MAV_MISSION_UNSUPPORTED_FRAME): "the vehicle does not know this frame of reference",
    int(_D.MAV_MISSION_UNSUPPORTED): "not supported by this vehicle",
    int(_D.MAV_MISSION_NO_SPACE): "more points than the vehicle has room for",
    int(_D.MAV_MISSION_INVALID): "a point has an invalid value",
    int(_D.MAV_MISSION_INVALID_PARAM1): "a point's first parameter is invalid",
    int(_D.MAV_MISSION_INVALID_PARAM2): "a point's second parameter is invalid",
    int(_D.MAV_MISSION_INVALID_PARAM3): "a point's third parameter is invalid",
    int(_D.MAV_MISSION_INVALID_PARAM4): "a point's fourth parameter is invalid",
    int(_D.MAV_MISSION_INVALID_PARAM5_X): "a point's latitude is invalid",
    int(_D.MAV_MISSION_INVALID_PARAM6_Y): "a point's longitude is invalid",
    int(_D.MAV_MISSION_INVALID_PARAM7): "a point's height is invalid",
    int(_D.MAV_MISSION_INVALID_SEQUENCE): "the points came out of order",
    int(_D.MAV_MISSION_DENIED): "denied: another station is uploading",
    int(_D.MAV_MISSION_OPERATION_CANCELLED): "the vehicle gave the transfer up",
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait. `idle_s`: without any progress the transfer is given up; ArduPilot gives
    an upload up after 8 s and asks again each second, PX4 after 5 s and each quarter."""

    first_s: float = 1.0
    least_s: float = 0.15
    most_s: float = 2.5
    idle_s: float = 12.0
    verdict_s: float = 3.0
    busy_s: float = 2.0
    late_s: float = 0.25
    clears: int = 5


class Patience:
    """How long to wait before saying a thing again: three round trips of this link."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._round_trip_s: float | None = None

    @property
    def wait_s(self) -> float:
        if self._round_trip_s is None:
            return self.pace.first_s
        return min(self.pace.most_s, max(self.pace.least_s, 3.0 * self._round_trip_s))

    def learn(self, round_trip_s: float) -> None:
        """An answer came so long after its question, which was not repeated."""
        before = self._round_trip_s
        self._round_trip_s = round_trip_s if before is None else 0.8 * before + 0.2 * round_trip_s


@dataclass(frozen=True, slots=True)
class Transfer:
    """How a transfer ended. `result`: the vehicle's own MAV_MISSION_RESULT, if it gave one.

    `reasons` is what the vehicle said meanwhile; `items` what was read.
    """

    ok: bool
    words: str
    reasons: tuple[str, ...] = ()
    items: tuple[WireItem, ...] = ()
    result: int | None = None
    unsettled: bool = False

    @property
    def sentence(self) -> str:
        """The words with the vehicle's reasons."""
        return "; ".join((self.words, *self.reasons))


class Inbox:
    """What came in for this transfer, in order."""

    def __init__(self) -> None:
        self._waiting: deque[Addressed] = deque()
        self._filled = asyncio.Event()

    def put(self, report: Addressed) -> None:
        """It came in."""
        self._waiting.append(report)
        self._filled.set()

    async def next(self, timeout_s: float) -> Addressed | None:
        """The oldest that is left; None after the timeout."""
        try:
            async with asyncio.timeout(max(0.0, timeout_s)):
                while not self._waiting:
                    self._filled.clear()
                    await self._filled.wait()
        except TimeoutError:
            return None
        return self._waiting.popleft()

    async def ack(self, timeout_s: float) -> TransferAck | None:
        """The next verdict; anything else is passed over."""
        end_s = asyncio.get_running_loop().time() + timeout_s
        while True:
            left_s = end_s - asyncio.get_running_loop().time()
            report = await self.next(left_s)
            if report is None or isinstance(report, TransferAck):
                return report
