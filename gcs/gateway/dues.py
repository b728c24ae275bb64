"""What is due of a control record by itself: a desk not heard, a time run out, the vehicle heard.

A gateway that could not be asked for a while blames nobody for it: it gives every desk a full
lease again, and a receiver the whole time to show that it is in control.
"""

from collections.abc import Iterable

from gcs.control.handing import CONFIRM_S
from gcs.control.lease import LEASE_S, Leases
from gcs.control.stimulus import ControlEvent
from gcs.gateway.drone import Drone
from gcs.link.reports import Heartbeat
from gcs.model.command import Command, CommandKind
from gcs.model.control import GIVING, RECEIVING, ControlRecord, ControlState
from gcs.model.function import Function
from gcs.runtime.clock import Clock

HEARD_WITHIN_S = 2.0
# What a receiver shows its control with.
SHOWS_CONTROL = frozenset(
    {
        CommandKind.HOLD,
        CommandKind.RETURN,
        CommandKind.LAND,
        CommandKind.PLAN_PAUSE,
        CommandKind.PLAN_RESUME,
    }
)
_S = ControlState
_E = ControlEvent
_NOBODYS = frozenset({_S.UNOWNED, _S.ORPHANED, _S.UNCERTAIN})


class Dues:
    """Asked for each drone five times a second."""

    def __init__(self, leases: Leases, clock: Clock) -> None:
        self._leases = leases
        self._clock = clock
        self._since_s = clock.monotonic()
        self._shown: dict[str, int] = {}
        self._ordered: dict[str, int] = {}

    def resume(self, records: Iterable[ControlRecord]) -> None:
        """After a time in which nobody could be heard."""
        self._since_s = self._clock.monotonic()
        for record in records:
            handover, claim = record.handover, record.claim
            parties = (
                record.holder,
                claim.by if claim else None,
                handover.giver if handover else None,
                handover.receiver if handover else None,
            )
            self._leases.renew_all([p for p in parties if p is not None])

    def ordered(self, command: Command) -> None:
        """An order to come down was taken from its holder: what follows is no trouble."""
        self._ordered[command.drone] = command.epoch

    def observed(self, command: Command, record: ControlRecord) -> None:
        """An order was seen at the vehicle: perhaps the receiver's first under its epoch."""
        holder = record.holder
        if (
            record.state in RECEIVING
            and command.kind in SHOWS_CONTROL
            and command.epoch == record.epoch
            and holder is not None
            and (holder.person, holder.desk) == (command.person, command.desk)
        ):
            self._shown[record.drone] = record.epoch

    def of(self, drone: Drone, record: ControlRecord) -> ControlEvent | None:
        """The one event that is due, the gravest first."""
        if record.state in _NOBODYS:
            return None
        if record.holder is not None and not self._leases.alive(record.holder):
            return _E.LEASE_LOST
        if record.state is _S.OWNED:
            return None
        if not self._other_lives(record):
            return _E.PARTY_LOST
        shown = self._received(drone, record)
        if shown is not None:
            return shown
        if self._interrupted(drone, record):
            return _E.INTERRUPTED
        if record.state is _S.ARMED and _unsafe(drone, record):
            return _E.UNSAFE
        return _E.RUN_OUT if self._run_out(record) else None

    def person_lives(self, person: str) -> bool:
        """Whether a desk of this person is heard; while that cannot be known yet, it is."""
        return self._hears_since_s() <= LEASE_S or self._leases.person_alive(person)

    def _other_lives(self, record: ControlRecord) -> bool:
        """Who is to receive it, asks for it or orders it."""
        if record.offer is not None:
            return self.person_lives(record.offer.to_person)
        if record.claim is not None:
            return self._leases.alive(record.claim.by)
        if record.state in GIVING and record.handover is not None:
            return self._leases.alive(record.handover.receiver)
        return True

    def _received(self, drone: Drone, record: ControlRecord) -> ControlEvent | None:
        handover = record.handover
        if handover is None or record.state not in RECEIVING:
            return None
        flight = record.function is Function.FLIGHT
        if flight and not handover.reasserted and self._shown.get(record.drone) == record.epoch:
            return _E.REASSERTED
        if record.state is not _S.TRANSFERRING:
            return None
        since_s = (self._clock.utc_ms() - record.since_utc_ms) / 1000
        age_s = drone.vehicle.age_s(Heartbeat)
        heard = age_s is not None and age_s < since_s and age_s <= HEARD_WITHIN_S
        return _E.HEARD if heard else None

    def _interrupted(self, drone: Drone, record: ControlRecord) -> bool:
        """It began to come down, or to be in trouble, after what is under way began. After the
        transfer the receiver may have ordered it down himself."""
        if record.state not in RECEIVING:
            return drone.setback_utc_ms >= _begun_utc_ms(record)
        by_order = self._ordered.get(record.drone) == record.epoch
        return not by_order and drone.setback_utc_ms >= record.since_utc_ms

    def _run_out(self, record: ControlRecord) -> bool:
        ends_utc_ms = _ends_utc_ms(record)
        if not ends_utc_ms or self._clock.utc_ms() <= ends_utc_ms:
            return False
        return record.state is not _S.CONFIRMING or self._hears_since_s() > CONFIRM_S

    def _hears_since_s(self) -> float:
        return self._clock.monotonic() - self._since_s


def _unsafe(drone: Drone, record: ControlRecord) -> bool:
    return record.function is Function.FLIGHT and drone.airborne and not drone.needs_no_input


def _begun_utc_ms(record: ControlRecord) -> int:
    if record.offer is not None:
        return record.offer.made_utc_ms
    if record.claim is not None:
        return record.claim.made_utc_ms
    return record.handover.begun_utc_ms if record.handover is not None else 0


def _ends_utc_ms(record: ControlRecord) -> int:
    if record.offer is not None:
        return record.offer.expires_utc_ms
    if record.claim is not None:
        return record.claim.expires_utc_ms
    return record.handover.until_utc_ms if record.handover is not None else 0
