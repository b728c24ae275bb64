"""One upload of items to a vehicle, as the vehicle asks for them.

The vehicle leads: whatever it asks for it gets, also twice and out of order. An item is said
again when the next question stays away for three round trips; an ArduPilot that already has it
answers INVALID_SEQUENCE, and is then given the next one unasked. The last item is never said
again: a vehicle that has it takes that for an error, and asks itself if it has not.
"""

import asyncio
from collections.abc import Callable

from gcs.link.mavlink import dialect
from gcs.link.plan_reports import ItemAsked, TransferAck
from gcs.link.transfer import (
    ABANDONED,
    RESULT_WORDS,
    UNSENT,
    UNWANTED,
    Inbox,
    Patience,
    Transfer,
)
from gcs.link.vehicle import Vehicle
from gcs.link.wire_items import WireItem

_ACCEPTED = int(dialect.MAV_MISSION_ACCEPTED)
_OUT_OF_ORDER = int(dialect.MAV_MISSION_INVALID_SEQUENCE)
_CANCELLED = int(dialect.MAV_MISSION_OPERATION_CANCELLED)


class Uploading:
    """Made for one upload; `run` it once."""

    def __init__(
        self,
        vehicle: Vehicle,
        to: tuple[int, int],
        kind: int,
        items: tuple[WireItem, ...],
        inbox: Inbox,
        patience: Patience,
        wanted: Callable[[], bool],
    ) -> None:
        self._vehicle = vehicle
        self._to = to
        self._kind = kind
        self._items = items
        self._inbox = inbox
        self._patience = patience
        self._wanted = wanted
        self._now = asyncio.get_running_loop().time
        self._sent: int | None = None  # the item said last
        self._sent_s = self._progress_s = self._now()
        self._again = False  # whether it was said again unasked

    async def run(self) -> Transfer:
        """Until the vehicle's verdict, or none is to be had any more."""
        try:
            end = self._count()
            while end is None:
                report = await self._inbox.next(self._wait_s())
                if isinstance(report, ItemAsked):
                    end = self._asked(report.seq)
                elif isinstance(report, TransferAck):
                    end = self._verdict(report.result)
                elif report is None:
                    end = self._silence()
        except asyncio.CancelledError:
            self._give_up()
            raise
        if not end.ok and end.result is None and not end.unsettled:
            self._give_up()
        return end

    @property
    def _all_sent(self) -> bool:
        return self._sent == len(self._items) - 1

    def _wait_s(self) -> float:
        return self._patience.pace.verdict_s if self._all_sent else self._patience.wait_s

    def _asked(self, seq: int) -> Transfer | None:
        if seq >= len(self._items):
            return None  # of another upload, or nonsense
        first_question = self._sent is None or seq == self._sent + 1
        if first_question and not self._again:
            self._patience.learn(self._now() - self._sent_s)
        if self._sent is None or seq > self._sent:
            self._progress_s = self._now()
        return self._say(seq, again=False)

    def _verdict(self, result: int) -> Transfer | None:
        if result == _OUT_OF_ORDER:
            return self._skip()
        if result == _ACCEPTED:
            done = self._all_sent or not self._items
            return Transfer(True, RESULT_WORDS[result], result=result) if done else None
        words = RESULT_WORDS.get(result, f"refused (result {result})")
        return Transfer(False, words, result=result)

    def _skip(self) -> Transfer | None:
        """The vehicle has the item that was said again; its question for the next was lost."""
        if not self._again or self._sent is None or self._all_sent:
            return None
        self._progress_s = self._now()
        return self._say(self._sent + 1, again=False)

    def _silence(self) -> Transfer | None:
        if self._all_sent and self._items:
            words = "everything was sent and the vehicle gave no verdict"
            return Transfer(False, words, unsettled=True)
        if self._now() - self._progress_s > self._patience.pace.idle_s:
            return Transfer(False, ABANDONED)
        if self._sent is None:
            return self._count()
        return self._say(self._sent, again=True)

    def _count(self) -> Transfer | None:
        self._again = self._now() > self._sent_s  # a repeated count measures no round trip
        count = len(self._items)
        return self._send(dialect.MAVLink_mission_count_message(*self._to, count, self._kind))

    def _say(self, seq: int, *, again: bool) -> Transfer | None:
        self._sent, self._sent_s, self._again = seq, self._now(), again
        item = self._items[seq]
        message = dialect.MAVLink_mission_item_int_message(
            *self._to,
            item.seq,
            item.frame,
            item.command,
            int(item.current),
            1,
            *item.params,
            item.x,
            item.y,
            item.z,
            self._kind,
        )
        return self._send(message)

    def _send(self, message: object) -> Transfer | None:
        if not self._wanted():
            return Transfer(False, UNWANTED)
        return None if self._vehicle.send(message) else Transfer(False, UNSENT)

    def _give_up(self) -> None:
        """Tell the vehicle, so that it need not wait for the rest (PX4 listens to this)."""
        message = dialect.MAVLink_mission_ack_message(*self._to, _CANCELLED, self._kind)
        self._vehicle.send(message)
