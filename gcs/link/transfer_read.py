"""One read-back of what a vehicle holds: how many, then each in its turn.

Strictly in order: PX4 ends a read-back that skips or goes back by more than one.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from gcs.link.mavlink import dialect
from gcs.link.plan_reports import ItemCount, ItemTold, TransferAck
from gcs.link.transfer import (
    ABANDONED,
    RESULT_WORDS,
    UNSENT,
    UNWANTED,
    Inbox,
    Pace,
    Patience,
    Transfer,
)
from gcs.link.vehicle import Vehicle
from gcs.link.wire_items import WireItem

T = TypeVar("T")

MOST_ITEMS = 5000
ATTEMPTS = 3
_ACCEPTED = int(dialect.MAV_MISSION_ACCEPTED)
# A vehicle that is in another transfer, or that lost the thread of this one.
_PASSING = frozenset(
    {
        int(dialect.MAV_MISSION_ERROR),
        int(dialect.MAV_MISSION_DENIED),
        int(dialect.MAV_MISSION_INVALID_SEQUENCE),
        int(dialect.MAV_MISSION_OPERATION_CANCELLED),
    }
)


class Reading:
    """Made for one read-back; `run` it once."""

    def __init__(
        self,
        vehicle: Vehicle,
        to: tuple[int, int],
        kind: int,
        inbox: Inbox,
        pace: Pace,
        wanted: Callable[[], bool],
    ) -> None:
        self._vehicle = vehicle
        self._to = to
        self._kind = kind
        self._inbox = inbox
        self._patience = Patience(pace)
        self._wanted = wanted
        self._now = asyncio.get_running_loop().time

    async def run(self) -> Transfer:
        """The items; a vehicle that is busy or lost the thread is asked again from the start."""
        found = await self._attempt()
        for _ in range(ATTEMPTS - 1):
            if found.ok or found.result not in _PASSING:
                break
            await asyncio.sleep(self._patience.pace.busy_s)
            found = await self._attempt()
        return found

    async def _attempt(self) -> Transfer:
        ask = dialect.MAVLink_mission_request_list_message(*self._to, self._kind)
        count = await self._answer(ask, _counted)
        if isinstance(count, Transfer):
            return count
        if count > MOST_ITEMS:
            return Transfer(False, f"the vehicle claims to hold {count} items")
        items: list[WireItem] = []
        for seq in range(count):
            request = dialect.MAVLink_mission_request_int_message(*self._to, seq, self._kind)
            item = await self._answer(request, partial(_told, seq))
            if isinstance(item, Transfer):
                return item
            items.append(item)
        end = dialect.MAVLink_mission_ack_message(*self._to, _ACCEPTED, self._kind)
        self._vehicle.send(end)
        return Transfer(True, "read back", items=tuple(items))

    async def _answer(self, question: object, of: Callable[[object], T | None]) -> T | Transfer:
        """Ask until the answer comes; or how that failed."""
        begun_s = self._now()
        repeated = False
        while self._now() - begun_s <= self._patience.pace.idle_s:
            if not self._wanted():
                return Transfer(False, UNWANTED)
            asked_s = self._now()
            if not self._vehicle.send(question):
                return Transfer(False, UNSENT)
            while (left_s := asked_s + self._patience.wait_s - self._now()) > 0:
                report = await self._inbox.next(left_s)
                if isinstance(report, TransferAck) and report.result != _ACCEPTED:
                    return _refused(report.result)
                answer = None if report is None else of(report)
                if answer is not None:
                    if not repeated:
                        self._patience.learn(self._now() - asked_s)
                    return answer
            repeated = True
        return Transfer(False, ABANDONED)


def _counted(report: object) -> int | None:
    return report.count if isinstance(report, ItemCount) else None


def _told(seq: int, report: object) -> WireItem | None:
    if isinstance(report, ItemTold) and report.item.seq == seq:
        return report.item
    return None


def _refused(result: int) -> Transfer:
    words = RESULT_WORDS.get(result, f"refused (result {result})")
    return Transfer(False, words, result=result)
