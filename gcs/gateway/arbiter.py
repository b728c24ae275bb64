"""The sole arbiter of control: desks' requests and the gateway's own events through the pure
machine, one drone at a time, into the control bucket.

The audit entry is stored before a desk's change is made; a change the gateway makes itself
(a lost lease, a docking) does not wait for it. It sends nothing to a vehicle.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from gcs.control.guards import may_fly, may_force
from gcs.control.lease import Leases
from gcs.control.machine import step
from gcs.control.stimulus import ControlEvent, Refusal, Stimulus, held_by
from gcs.gateway.auditor import Auditor, Entry
from gcs.gateway.directory import Directory
from gcs.gateway.drone import COMING_DOWN, Drone
from gcs.gateway.events import EventLog
from gcs.gateway.registry import Registry
from gcs.model.audit import AuditAction
from gcs.model.command import Command
from gcs.model.control import (
    ControlAct,
    ControlRecord,
    ControlReply,
    ControlRequest,
    ControlState,
    LeaseRenewal,
    LeaseReply,
)
from gcs.model.event import EventKind, Severity
from gcs.model.people import Holder
from gcs.runtime.clock import Clock

log = logging.getLogger(__name__)

_ACTIONS: dict[ControlEvent, AuditAction] = {
    ControlEvent.TAKE: AuditAction.TAKE,
    ControlEvent.LAUNCH: AuditAction.TAKE,
    ControlEvent.FOLLOW: AuditAction.TAKE,
    ControlEvent.FORCE: AuditAction.FORCED,
    ControlEvent.OBJECT: AuditAction.FORCED,
    ControlEvent.RELEASE: AuditAction.RELEASE,
    ControlEvent.DOCKED: AuditAction.RELEASE,
    ControlEvent.LEASE_LOST: AuditAction.ORPHANED,
    ControlEvent.UNREADABLE: AuditAction.ORPHANED,
}
_ENDED = {
    ControlEvent.INTERRUPTED: "the vehicle is in trouble",
    ControlEvent.PARTY_LOST: "the other desk is not heard any more",
    ControlEvent.RUN_OUT: "its time is over",
    ControlEvent.REFUSE: "it was refused",
    ControlEvent.OBJECT: "the holder objects",
}
NO_AUDIT = "the audit cannot be written: control stays where it was"


# Acts that make the asker a holder, at once or later: his desk must be his.
_AT_A_DESK = frozenset(
    {ControlAct.TAKE, ControlAct.OPEN, ControlAct.ASSUME, ControlAct.REQUEST, ControlAct.FORCE}
)


@dataclass(slots=True)
class ArbiterCounters:
    """Since the start."""

    handoffs_completed: int = 0
    refused: int = 0


class Arbiter:
    """Control of this gateway's drones."""

    def __init__(
        self,
        drones: dict[str, Drone],
        registry: Registry,
        leases: Leases,
        directory: Directory,
        auditor: Auditor,
        events: EventLog,
        clock: Clock,
        may_act: Callable[[], bool],
        against_desk: Callable[[Holder], Refusal | None],
    ) -> None:
        self.counters = ArbiterCounters()
        self._drones = drones
        self._registry = registry
        self._leases = leases
        self._directory = directory
        self._auditor = auditor
        self._events = events
        self._clock = clock
        self._may_act = may_act
        self._against_desk = against_desk
        self._acted = False
        self._locks = {d: asyncio.Lock() for d in drones}

    def record(self, drone: str) -> ControlRecord:
        """The drone's control record as last known."""
        return self._registry[drone]

    def uncertain(self, drone: str) -> bool:
        """Whether the outcome of the last change is not known yet."""
        return drone in self._registry.uncertain

    def attended(self, drone: str) -> bool:
        """Whether a desk that holds the drone was heard within its lease."""
        holder = self.record(drone).holder
        return holder is not None and self._leases.alive(holder)

    def hear(self, by: Holder) -> None:
        """A desk's order came in: a sign of life now, not when it has been looked into."""
        self._leases.renew(by.person, by.desk)

    def listen(self) -> None:
        """At the head of each turn: after a deaf or paused time every holder has a full lease.

        While this gateway could not act it could not be asked either; no desk is to blame.
        """
        acts = self._may_act()
        if acts and not self._acted:
            self._leases.renew_all([r.holder for r in self._registry.records if r.holder])
        self._acted = acts

    # -- what desks ask ------------------------------------------------------------------------
    async def serve(self, subject: str, request: ControlRequest) -> ControlReply:
        """A desk's request on the control subject."""
        person, drone = subject.split(".")[-2:]
        refusal = self._against(request, person, drone)
        if refusal is None:
            by = self._directory.holder(request.by.person, request.by.desk)
            self._leases.renew(by.person, by.desk)
            outcome = await self.change(request.drone, self._stimulus(request, by))
            if isinstance(outcome, ControlRecord):
                return ControlReply(True, _said(outcome), outcome)
            refusal = outcome
        await self._refused(request, refusal)
        known = self.record(request.drone) if request.drone in self._drones else None
        return ControlReply(False, refusal.text, known)

    async def serve_lease(self, subject: str, renewal: LeaseRenewal) -> LeaseReply:
        """A desk's renewal on the lease subject."""
        person, desk = subject.split(".")[-2:]
        if (person, desk) != (renewal.person, renewal.desk):
            return LeaseReply(False, "the renewal names another person or desk than its subject")
        if self._directory.person(person) is None:
            return LeaseReply(False, f"{person} is not in this site's directory")
        self._leases.renew(person, desk)
        me = self._directory.holder(person, desk)
        holds = tuple((r.drone, r.epoch) for r in self._registry.records if r.holder == me)
        return LeaseReply(True, "renewed", holds)

    async def launch_take(self, command: Command, by: Holder) -> ControlRecord | Refusal:
        """Control for the person who launches, citing the incident."""
        stimulus = Stimulus(
            ControlEvent.LAUNCH,
            self._clock.utc_ms(),
            by=by,
            epoch=command.epoch,
            incident=command.incident,
        )
        return await self.change(command.drone, stimulus)

    # -- what the gateway sees -----------------------------------------------------------------
    def free(self, drone: str) -> bool:
        """Whether a change of this drone's control may begin now."""
        return not (self._locks[drone].locked() or self.uncertain(drone)) and self._may_act()

    def due(self, drone: Drone) -> ControlEvent | None:
        """The gateway's own event that is due for a drone, if any."""
        record = self.record(drone.id)
        if not self.free(drone.id):
            return None
        if record.holder is not None and not self._leases.alive(record.holder):
            return ControlEvent.LEASE_LOST
        if record.claim is not None and not self._leases.alive(record.claim.by):
            return ControlEvent.PARTY_LOST
        pending = record.offer or record.claim
        if pending is None:
            return None
        if drone.setback_utc_ms >= pending.made_utc_ms:
            return ControlEvent.INTERRUPTED
        return ControlEvent.RUN_OUT if self._clock.utc_ms() > pending.expires_utc_ms else None

    async def happen(self, drone: Drone, event: ControlEvent) -> None:
        """Apply one of the gateway's own events."""
        why = drone.setback if event is ControlEvent.INTERRUPTED else ""
        stimulus = Stimulus(event, self._clock.utc_ms(), airborne=drone.airborne, reason=why)
        # Nobody is given control without a record of it; nobody keeps it for want of one.
        outcome = await self.change(drone.id, stimulus, audit_first=event is ControlEvent.RUN_OUT)
        if isinstance(outcome, Refusal):
            log.info("%s of %s: %s", event, drone.id, outcome.text)

    async def reconcile(self) -> None:
        """Read back records whose last outcome is unknown."""
        await self._registry.reconcile()

    # -- the change itself ---------------------------------------------------------------------
    async def change(
        self, drone: str, stimulus: Stimulus, audit_first: bool = True
    ) -> ControlRecord | Refusal:
        """One transition of one drone: decided, audited, written, told. Or refused."""
        async with self._locks[drone]:
            before = self.record(drone)
            if self.uncertain(drone):
                return Refusal(f"the outcome of the last change of {drone}'s control is not known")
            after = step(before, stimulus)
            if isinstance(after, Refusal) or after == before:
                return after
            if not await self._audited(before, after, stimulus, audit_first):
                self._auditor.queue(
                    Entry(AuditAction.OUTCOME, drone, f"{stimulus.event} not done: {NO_AUDIT}")
                )
                return Refusal(NO_AUDIT, holder=before.holder)
            if not await self._registry.write(after):
                return self._not_written(drone, stimulus)
            self._tell(before, after, stimulus)
            return after

    def _against(self, request: ControlRequest, person: str, drone: str) -> Refusal | None:
        if request.by.person != person or request.drone != drone:
            return Refusal("the request names another person or drone than its subject")
        if drone not in self._drones:
            return Refusal(f"{drone} is not a drone of this gateway")
        if not self._may_act():
            return Refusal("this gateway does not hold the network's claim just now")
        refusal = may_fly(self._directory.person(person), person)
        if refusal is None and request.act is ControlAct.OFFER:
            refusal = may_fly(self._directory.person(request.to_person or ""), "the receiver")
        if refusal is None and request.act is ControlAct.FORCE:
            refusal = may_force(self._directory.person(person), person)
        if refusal is None and request.act in _AT_A_DESK:
            refusal = self._against_desk(self._directory.holder(person, request.by.desk))
        return refusal

    def _stimulus(self, request: ControlRequest, by: Holder) -> Stimulus:
        drone = self._drones[request.drone]
        to = self._directory.person(request.to_person or "")
        return Stimulus(
            ControlEvent(request.act.value),
            self._clock.utc_ms(),
            by=by,
            epoch=request.epoch,
            offer_id=request.id,
            about=request.about,
            to_person=to.id if to else "",
            to_name=to.name if to else "",
            reason=request.reason,
            airborne=drone.airborne,
            safe_without_input=drone.mode in COMING_DOWN,
        )

    async def _audited(
        self, before: ControlRecord, after: ControlRecord, stimulus: Stimulus, first: bool
    ) -> bool:
        entry = Entry(
            _ACTIONS.get(stimulus.event, AuditAction.HANDOFF),
            after.drone,
            f"{stimulus.event}: {_said(after)}",
            by=stimulus.by or (before.claim.by if before.claim else before.holder),
            reason=stimulus.reason or (before.claim.reason if before.claim else ""),
            incident=after.incident or before.incident,
            before=_said(before),
            after=_said(after),
        )
        if first:
            return await self._auditor.store(entry)
        self._auditor.queue(entry)
        return True

    def _not_written(self, drone: str, stimulus: Stimulus) -> Refusal:
        text = f"{stimulus.event} not carried out: {held_by(self.record(drone))}"
        if self.uncertain(drone):
            text = f"the outcome of {stimulus.event} is not known yet; it is being read back"
        self._auditor.queue(Entry(AuditAction.OUTCOME, drone, text, by=stimulus.by))
        return Refusal(text, holder=self.record(drone).holder)

    def _tell(self, before: ControlRecord, record: ControlRecord, stimulus: Stimulus) -> None:
        if before.holder and record.holder and before.holder != record.holder:
            self.counters.handoffs_completed += 1
        said, severity = _said(record), Severity.INFO
        if record.state in (ControlState.ORPHANED, ControlState.FORCED):
            severity = Severity.WARNING
        ended = _ENDED.get(stimulus.event)
        if ended is not None and record.holder == before.holder:
            what = "the offer" if before.offer else "the request"
            if before.state is ControlState.FORCED:
                what = "the takeover"
            why = stimulus.reason or ended
            said = f"{what} of {record.drone} has ended: {why}; {said}"
            severity = Severity.CAUTION
        self._events.add(
            EventKind.CONTROL,
            record.drone,
            said,
            severity,
            control=record,
            incident=record.incident,
        )

    async def _refused(self, request: ControlRequest, refusal: Refusal) -> None:
        self.counters.refused += 1
        text = f"{request.act} refused: {refusal.text}"
        entry = Entry(
            AuditAction.REFUSAL,
            request.drone,
            text,
            by=request.by,
            reason=request.reason,
            incident=self.record(request.drone).incident,
        )
        await self._auditor.store(entry)  # if that takes too long it stays in line


def _said(record: ControlRecord) -> str:
    if record.offer is not None:
        return f"{record.drone} is offered to {record.offer.to_name}; {held_by(record)}"
    if record.claim is not None:
        who, why = record.claim.by.label, record.claim.reason
        forced = record.state is ControlState.FORCED
        wants = f"{who} takes {record.drone} over" if forced else f"{who} asks for {record.drone}"
        return f"{wants}: {why}; {held_by(record)}"
    return held_by(record)
