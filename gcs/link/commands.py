"""Orders to a vehicle by the MAVLink command protocol: ear armed first, repeats, words.

An ACK says that the vehicle took the order, not that it did it: that is observed elsewhere.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gcs.link.autopilot import Order
from gcs.link.mavlink import dialect
from gcs.link.reports import Ack, Home, Motion, Report
from gcs.link.vehicle import Vehicle

ANSWER_S = 0.7
SENDS = 4
LATE_REASONS_S = 0.25
LONGEST_PROGRESS_S = 10.0
_WARNING = dialect.MAV_SEVERITY_WARNING
_FRAME = dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT
_AMSL = dialect.MAV_FRAME_GLOBAL_INT

RESULT_WORDS: dict[int, str] = {
    dialect.MAV_RESULT_ACCEPTED: "accepted",
    dialect.MAV_RESULT_TEMPORARILY_REJECTED: "rejected for the moment",
    dialect.MAV_RESULT_DENIED: "denied",
    dialect.MAV_RESULT_UNSUPPORTED: "not supported by this vehicle",
    dialect.MAV_RESULT_FAILED: "refused by the vehicle",
    dialect.MAV_RESULT_IN_PROGRESS: "in progress",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an order. `words` is the result; `reasons` what the vehicle said then."""

    accepted: bool
    answered: bool
    words: str
    reasons: tuple[str, ...] = ()


class Superseded(Exception):
    """A newer order of the same MAV_CMD was sent: an ACK could not be told apart."""


def _always() -> bool:
    return True


class Commander:
    """Sends orders. Of one MAV_CMD to one vehicle only the newest is waited for."""

    def __init__(self) -> None:
        self._latest: dict[tuple[str, int, int], asyncio.Future[Ack]] = {}

    async def execute(
        self, vehicle: Vehicle, order: Order, wanted: Callable[[], bool] = _always
    ) -> Answer:
        """Send, repeat while unanswered, and tell the answer in words.

        `wanted` is asked before each send: between two repeats the vehicle may have begun a
        return of its own, or control may have changed hands.
        """
        reasons: list[str] = []

        def hear(severity: int, text: str) -> None:
            if severity <= _WARNING and text not in reasons:
                reasons.append(text)

        try:
            with vehicle.hearing_texts(hear):
                answer = await self._exchange(vehicle, order, wanted)
                if answer.answered and not answer.accepted:
                    await asyncio.sleep(LATE_REASONS_S)  # ACK and texts come in either order
        except Superseded:
            return Answer(False, False, "a newer order took its place")
        return replace(answer, reasons=() if answer.accepted else tuple(reasons))

    async def _exchange(self, vehicle: Vehicle, order: Order, wanted: Callable[[], bool]) -> Answer:
        if order.cannot:
            return Answer(False, False, f"not sent: {order.cannot}")
        for confirmation in range(SENDS):
            if not wanted():
                again = " again" if confirmation else ""
                return Answer(False, False, f"not sent{again}: it is no longer wanted")
            inbox = self._arm(vehicle, order)
            with vehicle.listening(_acks_into(inbox, order.command)):
                message = _message(vehicle, order, confirmation)
                if message is None:
                    return Answer(False, False, "not sent: the height of its home is not known")
                if not vehicle.send(message):
                    return Answer(False, False, "not sent: this gateway may not speak just now")
                ack = await _wait(inbox, ANSWER_S)
                while ack is not None and ack.result == dialect.MAV_RESULT_IN_PROGRESS:
                    inbox = self._arm(vehicle, order, inbox)
                    with vehicle.listening(_acks_into(inbox, order.command)):
                        ack = await _wait(inbox, LONGEST_PROGRESS_S)
            if ack is not None:
                words = RESULT_WORDS.get(ack.result, f"refused (result {ack.result})")
                return Answer(ack.result == dialect.MAV_RESULT_ACCEPTED, True, words)
        if vehicle.heard_within(3.0):
            return Answer(False, False, "no answer: not accepted by this vehicle")
        return Answer(False, False, "no answer: the link is lost")

    def _arm(
        self, vehicle: Vehicle, order: Order, mine: asyncio.Future[Ack] | None = None
    ) -> asyncio.Future[Ack]:
        key = (vehicle.network, vehicle.system_id, order.command)
        older = self._latest.get(key)
        if older is not None and older is not mine and not older.done():
            older.set_exception(Superseded())
        inbox: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._latest[key] = inbox
        return inbox


async def _wait(inbox: asyncio.Future[Ack], timeout_s: float) -> Ack | None:
    try:
        async with asyncio.timeout(timeout_s):
            return await inbox
    except TimeoutError:
        return None


def _acks_into(inbox: asyncio.Future[Ack], command: int) -> Callable[[Report], None]:
    def listen(report: Report) -> None:
        if isinstance(report, Ack) and report.command == command and not inbox.done():
            inbox.set_result(report)

    return listen


def _message(vehicle: Vehicle, order: Order, confirmation: int) -> Any:
    """The order on the wire; None while the vehicle's home, and so its height, is not known."""
    height_m = order.height_m
    if order.amsl and not math.isnan(height_m):
        home_m = home_amsl_m(vehicle)
        if home_m is None:
            return None
        height_m += home_m
    p1, p2, p3, p4 = order.parameters
    to = (vehicle.system_id, order.component)
    if order.target is not None:
        x = round(order.target.lat_deg * 1e7)
        y = round(order.target.lon_deg * 1e7)
        frame = _AMSL if order.amsl else _FRAME
        return dialect.MAVLink_command_int_message(
            *to, frame, order.command, 0, 0, p1, p2, p3, p4, x, y, height_m
        )
    return dialect.MAVLink_command_long_message(
        *to, order.command, confirmation, p1, p2, p3, p4, order.fifth, order.sixth, height_m
    )


def home_amsl_m(vehicle: Vehicle) -> float | None:
    """Height of its home above sea level, as it reckons itself; None: it does not tell."""
    motion, home = vehicle.value(Motion), vehicle.value(Home)
    if motion is not None:
        return motion.amsl_m - motion.relative_m  # from one home, however it moved
    return None if home is None else home.amsl_m
