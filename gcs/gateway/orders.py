"""An order of a command: given, answered, then seen at the vehicle or not; each in a receipt.

Only what the vehicle shows after the order was given counts as seen.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from gcs.control.guards import muted_by
from gcs.gateway.drone import COMING_DOWN, Drone
from gcs.gateway.ledger import Ledger
from gcs.link.autopilot import Order
from gcs.link.commands import Commander
from gcs.link.reports import Heartbeat
from gcs.link.said import Said
from gcs.model.command import Command, ReceiptState
from gcs.model.control import ControlRecord

REASONS_AFTER_S = 1.0
LATE_EFFECT_S = 2.0

_S = ReceiptState


@dataclass(frozen=True, slots=True)
class Given:
    """An order that the vehicle took: by its ACK, or unacknowledged, by what it shows."""

    acknowledged: bool
    said: Said
    fresh: Callable[[], bool]


class Orders:
    """Gives orders and writes their receipts."""

    def __init__(
        self, commander: Commander, ledger: Ledger, record: Callable[[str], ControlRecord]
    ) -> None:
        self._commander = commander
        self._ledger = ledger
        self._record = record

    async def give(
        self, drone: Drone, command: Command, order: Order, shown: Callable[[Drone], bool]
    ) -> Given | None:
        """Send; None when it was not taken, and then the final receipt is written."""
        before = drone.vehicle.last(Heartbeat)

        def fresh() -> bool:
            return drone.vehicle.last(Heartbeat) is not before

        with ExitStack() as ears:
            said = ears.enter_context(Said(drone.vehicle, order).listening())
            wanted = self._wanted(drone, command)
            answer = await self._commander.execute(drone.vehicle, order, wanted)
            later = ears.pop_all()
        asyncio.get_running_loop().call_later(REASONS_AFTER_S, later.close)
        if answer.accepted:
            self.tell(command, _S.ACKED, f"{order.words}: accepted by {drone.id}")
            return Given(True, said, fresh)
        if answer.open and await drone.vehicle.until(
            lambda: fresh() and shown(drone), LATE_EFFECT_S
        ):
            return Given(False, said, fresh)
        self.tell(command, _S.FAILED, f"{order.words}: {answer.words}", answer.reasons)
        return None

    def finish(
        self, drone: Drone, command: Command, given: Given, seen: bool, words: str, but: str = ""
    ) -> None:
        """The final receipt. `but`: what to say when it was not seen."""
        if seen:
            missing = "" if given.acknowledged else "; the order was not acknowledged"
            self.tell(command, _S.OBSERVED, f"{drone.id} is {words}{missing}")
            return
        word = drone.mode_and_word[1]
        text = but or f"{command.kind} not seen at the vehicle; it is in {word or 'no known mode'}"
        self.tell(command, _S.NOT_OBSERVED, text, given.said.texts)

    def tell(
        self, command: Command, state: ReceiptState, text: str, reasons: tuple[str, ...] = ()
    ) -> None:
        """A receipt, to every desk."""
        incident = self._record(command.drone).incident
        self._ledger.tell(command, state, text, reasons, incident=incident)

    def holds_control(self, command: Command) -> bool:
        """Whether the command's epoch still stands."""
        return self._record(command.drone).epoch == command.epoch

    def _wanted(self, drone: Drone, command: Command) -> Callable[[], bool]:
        """Whether the order may still be sent: its epoch stands, control is not being handed
        over, and since it was given the vehicle has not begun to come down by itself."""
        begun_in = drone.mode

        def wanted() -> bool:
            came_down = drone.mode in COMING_DOWN and drone.mode is not begun_in
            muted = muted_by(command, self._record(command.drone)) is not None
            return self.holds_control(command) and not came_down and not muted

        return wanted
