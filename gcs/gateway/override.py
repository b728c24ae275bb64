"""What a supervisor has waived for a drone's next launch: one thing, with a reason, for a while.

It is on the audit record before it counts, it names the person, and the launch uses it up: it
then holds for that flight alone, until the drone is on the ground again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gcs.gateway.arbiter import NO_AUDIT
from gcs.gateway.auditor import Auditor, Entry
from gcs.gateway.directory import Directory
from gcs.gateway.drone import Drone
from gcs.gateway.ledger import Ledger
from gcs.gateway.ticker import every
from gcs.model.audit import AuditAction
from gcs.model.command import Command, CommandKind, ReceiptState, Waiver
from gcs.model.people import Holder
from gcs.model.telemetry import Phase
from gcs.runtime.clock import Clock

LASTS_S = 900.0
LOOK_S = 1.0
TAKES_OFF_S = 60.0  # a launch that has not left the ground by then is none
_ENDED = frozenset({Phase.DOCKED, Phase.LANDED})
_WORDS = {
    Waiver.RETURN_HEIGHT: "the least return height",
    Waiver.VOLUME: "the authorised volumes",
}


@dataclass(frozen=True, slots=True)
class _Allowed:
    by: Holder
    reason: str
    until_s: float


@dataclass(slots=True)
class _Flight:
    """What was waived for the flight under way. `flown`: it was seen in the air."""

    begun_s: float
    allowed: dict[Waiver, _Allowed] = field(default_factory=dict)
    flown: bool = False


class Overrides:
    """A `CommandHandler` for ALLOW. Kept in memory alone: a restart forgets every waiver.

    `run` watches the flights under a waiver until they end.
    """

    kinds = frozenset({CommandKind.ALLOW})

    def __init__(
        self,
        directory: Directory,
        auditor: Auditor,
        ledger: Ledger,
        clock: Clock,
        drones: Mapping[str, Drone] | None = None,
    ) -> None:
        self._drones = dict(drones or {})
        self._directory = directory
        self._auditor = auditor
        self._ledger = ledger
        self._clock = clock
        self._allowed: dict[str, dict[Waiver, _Allowed]] = {}
        self._flights: dict[str, _Flight] = {}

    async def run(self) -> None:
        """Look for ever at the drones that fly under a waiver."""
        async for _ in every(LOOK_S):
            self.look()

    def look(self) -> None:
        """Forget what was waived for flights that are over."""
        now_s = self._clock.monotonic()
        for name, flight in tuple(self._flights.items()):
            drone = self._drones.get(name)
            flight.flown = flight.flown or (drone is not None and drone.airborne)
            ended = drone is None or drone.phase in _ENDED
            if ended and (flight.flown or now_s - flight.begun_s > TAKES_OFF_S):
                del self._flights[name]

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
        return _said(self._in_time(drone))

    def consume(self, drone: str) -> None:
        """The launch has begun: the flight goes under it, the next one needs one of its own."""
        allowed = self._in_time(drone)
        del self._allowed[drone]
        self._flights.pop(drone, None)
        if allowed:
            self._flights[drone] = _Flight(self._clock.monotonic(), allowed)

    # -- as who checks a flight asks -------------------------------------------------------
    def of_flight(self, drone: str) -> frozenset[Waiver]:
        """What was waived for the flight that is under way."""
        flight = self._flights.get(drone)
        return frozenset() if flight is None else frozenset(flight.allowed)

    def report(self, drone: str) -> str:
        """What is waived for its next launch and for the flight under way, in words."""
        flight = self._flights.get(drone)
        flown = "" if flight is None else f"{_said(flight.allowed)} (for this flight)"
        return "; ".join(words for words in (self.words(drone), flown) if words)

    def _in_time(self, drone: str) -> dict[Waiver, _Allowed]:
        now_s = self._clock.monotonic()
        kept = {w: a for w, a in self._allowed.get(drone, {}).items() if now_s < a.until_s}
        self._allowed[drone] = kept
        return kept


def _said(allowed: Mapping[Waiver, _Allowed]) -> str:
    return "; ".join(
        f"{_WORDS[w]} waived by {a.by.name}: {a.reason}" for w, a in sorted(allowed.items())
    )
