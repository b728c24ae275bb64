"""Orders to a vehicle by the MAVLink command protocol: ear armed first, repeats, words.

An ACK says that the vehicle took the order, not that it did it: that is observed elsewhere.
ACKs carry no number: an old one of the same MAV_CMD that comes late cannot be told from the
new one's, so only what the vehicle shows is ever called done.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from gcs.link.autopilot import Order
from gcs.link.mavlink import dialect
from gcs.link.order_packet import Form, packet
from gcs.link.reports import Ack, Report
from gcs.link.said import Said
from gcs.link.vehicle import Vehicle

ANSWER_S = 0.7
SENDS = 5
LATE_REASONS_S = 0.25
LONGEST_PROGRESS_S = 10.0
UPLINK_OLD_S = 5.0
GCS_SYSTEM_ID = 255
GCS_COMPONENT_ID = dialect.MAV_COMP_ID_MISSIONPLANNER
CANCELLED, UNSUPPORTED_FRAME = 6, 9  # MAV_RESULT, newer than the dialect at hand

RESULT_WORDS: dict[int, str] = {
    dialect.MAV_RESULT_ACCEPTED: "accepted",
    dialect.MAV_RESULT_TEMPORARILY_REJECTED: "rejected for the moment: it cannot do it just now",
    dialect.MAV_RESULT_DENIED: "denied",
    dialect.MAV_RESULT_UNSUPPORTED: "not supported by this vehicle",
    dialect.MAV_RESULT_FAILED: "refused by the vehicle",
    dialect.MAV_RESULT_IN_PROGRESS: "in progress",
    CANCELLED: "cancelled by the vehicle",
    dialect.MAV_RESULT_COMMAND_LONG_ONLY: "refused: it takes this order only without a frame",
    dialect.MAV_RESULT_COMMAND_INT_ONLY: "refused: it takes this order only with a frame",
    UNSUPPORTED_FRAME: "refused: it does not know this frame",
}
# A result that asks for the same order in another form, where that says the same.
OTHER_FORM: dict[int, Form] = {
    dialect.MAV_RESULT_COMMAND_INT_ONLY: Form.WITH_FRAME,
    UNSUPPORTED_FRAME: Form.OTHER_FRAME,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an order. `words` is the result; `reasons` what the vehicle said then.

    `open`: the vehicle may do it none the less: nothing came back, or only a repeat was refused,
    as by an ArduCopter that took the first take-off and is flying.
    """

    accepted: bool
    answered: bool
    words: str
    reasons: tuple[str, ...] = ()
    open: bool = False


class Superseded(Exception):
    """A newer order of the same MAV_CMD was sent: an ACK could not be told apart."""


def _always() -> bool:
    return True


class Commander:
    """Sends orders. Of one MAV_CMD to one vehicle only the newest is waited for.

    An ACK that names another station than (`system_id`, `component_id`) is not ours.
    """

    def __init__(
        self, system_id: int = GCS_SYSTEM_ID, component_id: int = GCS_COMPONENT_ID
    ) -> None:
        self._me = (system_id, component_id)
        self._latest: dict[tuple[str, int, int], asyncio.Future[Ack]] = {}

    async def execute(
        self, vehicle: Vehicle, order: Order, wanted: Callable[[], bool] = _always
    ) -> Answer:
        """Send, repeat while unanswered, and tell the answer in words.

        `wanted` is asked before each send: between two repeats the vehicle may have begun a
        return of its own, or control may have changed hands.
        """
        if order.cannot:
            return Answer(False, False, f"not sent: {order.cannot}")
        try:
            with Said(vehicle, order).listening() as said:
                answer = await self._in_its_form(vehicle, order, wanted)
                if answer.answered and not answer.accepted:
                    await asyncio.sleep(LATE_REASONS_S)  # ACK and texts come in either order
        except Superseded:
            return Answer(False, False, "a newer order took its place")
        return replace(answer, reasons=said.texts)

    async def _in_its_form(
        self, vehicle: Vehicle, order: Order, wanted: Callable[[], bool]
    ) -> Answer:
        result, answer = await self._exchange(vehicle, order, Form.USUAL, wanted)
        other = OTHER_FORM.get(result) if result is not None else None
        if other is not None and packet(vehicle, order, 0, other) is not None:
            _, answer = await self._exchange(vehicle, order, other, wanted)
        return answer

    async def _exchange(
        self, vehicle: Vehicle, order: Order, form: Form, wanted: Callable[[], bool]
    ) -> tuple[int | None, Answer]:
        """The result on the wire, None without one, and the same in words."""
        for confirmation in range(SENDS):
            if not wanted():
                again = " again" if confirmation else ""
                words = f"not sent{again}: it is no longer wanted"
                return None, Answer(False, False, words, open=bool(confirmation))
            message = packet(vehicle, order, confirmation, form)
            if message is None:
                return None, Answer(False, False, "not sent: the height of its home is not known")
            inbox = self._arm(vehicle, order)
            with vehicle.listening(self._acks_into(inbox, order)):
                if not vehicle.send(message):
                    return None, Answer(False, False, "not sent: this gateway may not speak now")
                ack = await _wait(inbox, ANSWER_S)
            while ack is not None and ack.result == dialect.MAV_RESULT_IN_PROGRESS:
                inbox = self._arm(vehicle, order, inbox)
                with vehicle.listening(self._acks_into(inbox, order)):
                    ack = await _wait(inbox, LONGEST_PROGRESS_S)
            if ack is not None:
                words = RESULT_WORDS.get(ack.result, f"refused (result {ack.result})")
                accepted = ack.result == dialect.MAV_RESULT_ACCEPTED
                unsure = not accepted and confirmation > 0
                return ack.result, Answer(accepted, True, words, open=unsure)
        return None, Answer(False, False, f"no answer: {why_no_answer(vehicle)}", open=True)

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

    def _acks_into(self, inbox: asyncio.Future[Ack], order: Order) -> Callable[[Report], None]:
        def listen(report: Report) -> None:
            if isinstance(report, Ack) and self._is_ours(report, order) and not inbox.done():
                inbox.set_result(report)

        return listen

    def _is_ours(self, ack: Ack, order: Order) -> bool:
        system, component = self._me
        return (
            ack.command == order.command
            and ack.component == order.component
            and ack.to_system in (0, system)
            and ack.to_component in (0, component)
        )


def why_no_answer(vehicle: Vehicle) -> str:
    """Why nothing came back, as far as it can be told."""
    if not vehicle.heard_within(3.0):
        return "the link is lost"
    age_s = vehicle.uplink_age_s
    if age_s is not None and age_s > UPLINK_OLD_S:
        return f"the uplink is lost, nothing has arrived for {age_s:.0f} s"
    return "not accepted by this vehicle"


async def _wait(inbox: asyncio.Future[Ack], timeout_s: float) -> Ack | None:
    try:
        async with asyncio.timeout(timeout_s):
            return await inbox
    except TimeoutError:
        return None
