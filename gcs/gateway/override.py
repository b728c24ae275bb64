"""What a supervisor has waived for a drone's next launch: one thing, with a reason, for a while.

It is on the audit record before it counts, it names the person, and the launch uses it up.
"""

from dataclasses import dataclass

from gcs.gateway.arbiter import NO_AUDIT
from gcs.gateway.auditor import Auditor, Entry
from gcs.gateway.directory import Directory
from gcs.gateway.drone import Drone
from gcs.gateway.ledger import Ledger
from gcs.model.audit import AuditAction
from gcs.model.command import Command, CommandKind, ReceiptState, Waiver
from gcs.model.people import Holder
from gcs.runtime.clock import Clock

LASTS_S = 900.0
_WORDS = {
    Waiver.RETURN_HEIGHT: "the least return height",
    Waiver.VOLUME: "the authorised volumes",
}


@dataclass(frozen=True, slots=True)
class _Allowed:
    by: Holder
    reason: str
    until_s: float


class Overrides:
    """A `CommandHandler` for ALLOW. Kept in memory alone: a restart forgets every waiver."""

    kinds = frozenset({CommandKind.ALLOW})

    def __init__(
        self, directory: Directory, auditor: Auditor, ledger: Ledger, clock: Clock
    ) -> None:
        self._directory = directory
        self._auditor = auditor
        self._ledger = ledger
        self._clock = clock
        self._allowed: dict[str, dict[Waiver, _Allowed]] = {}

    # -- as a command handler --------------------------------------------------------------
    def slot(self, command: Command) -> str:
        """Never in the way of anything that flies."""
        return f"allow.{command.id}"

    def reasons_against(self, drone: Drone, command: Command) -> tuple[str, ...]:
        """A waiver is for the next launch: nothing of one may lie ready in the air."""
        return (f"{drone.id} is in the air: a waiver is for a launch",) if drone.airborne else ()

    async def carry_out(self, drone: Drone, command: Command) -> None:
        """On record first; from then on it counts."""
        waiver = command.waiver
        if waiver is None:
            raise ValueError(f"command {command.id}: ALLOW needs a waiver")
        by = self._directory.holder(command.person, command.desk)
        words = f"{_WORDS[waiver]} waived for the next launch, for {LASTS_S / 60:.0f} minutes"
        entry = Entry(AuditAction.OVERRIDE, drone.id, words, by=by, reason=command.reason)
        if not await self._auditor.store(entry):
            self._ledger.tell(command, ReceiptState.FAILED, f"not done: {NO_AUDIT}")
            return
        allowed = _Allowed(by, command.reason, self._clock.monotonic() + LASTS_S)
        self._allowed.setdefault(drone.id, {})[waiver] = allowed
        self._ledger.tell(command, ReceiptState.OBSERVED, f"{words} by {by.name}")

    # -- as the gate asks ------------------------------------------------------------------
    def now(self, drone: str) -> frozenset[Waiver]:
        """What is waived for this drone's next launch."""
        return frozenset(self._in_time(drone))

    def words(self, drone: str) -> str:
        """The same in words, with who and why; empty = nothing."""
        return "; ".join(
            f"{_WORDS[w]} waived by {a.by.name}: {a.reason}"
            for w, a in sorted(self._in_time(drone).items())
        )

    def consume(self, drone: str) -> None:
        """The launch has begun: the next one needs a waiver of its own."""
        self._allowed.pop(drone, None)

    def _in_time(self, drone: str) -> dict[Waiver, _Allowed]:
        now_s = self._clock.monotonic()
        kept = {w: a for w, a in self._allowed.get(drone, {}).items() if now_s < a.until_s}
        self._allowed[drone] = kept
        return kept
