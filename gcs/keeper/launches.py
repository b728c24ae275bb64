"""Launches that were authorised and are not yet in the air, or never will be.

A gateway may refuse a launch after the keeper allowed it, without an event. So an
authorisation lapses: the mission gets its drone back to send, or another one.
"""

from gcs.model.command import CommandKind, Receipt, ReceiptState
from gcs.runtime.clock import Clock

LAPSES_AFTER_S = 15.0
_FAILED = frozenset({ReceiptState.FAILED, ReceiptState.REFUSED})


class Launches:
    """By incident and drone: the command that may launch, and since when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun: dict[tuple[str, str], tuple[str, float]] = {}

    def begin(self, incident: str, drone: str, command_id: str) -> None:
        """A launch was authorised."""
        self._begun[incident, drone] = (command_id, self._clock.monotonic())

    def over(self, incident: str, drone: str) -> None:
        """It is in the air, or will not be."""
        self._begun.pop((incident, drone), None)

    def failed(self, incident: str, receipt: Receipt) -> bool:
        """Whether this receipt says that the authorised launch did not come about."""
        begun = self._begun.get((incident, receipt.drone))
        command_id = begun[0] if begun else receipt.command_id
        launch = receipt.kind is CommandKind.LAUNCH and receipt.command_id == command_id
        return launch and receipt.state in _FAILED

    def lapsed(self, incident: str, drone: str) -> bool:
        """Whether an authorised launch was not seen in time. Counts from a restart anew."""
        _, since_s = self._begun.setdefault((incident, drone), ("", self._clock.monotonic()))
        return self._clock.monotonic() - since_s >= LAPSES_AFTER_S
