"""The sole arbiter of control: what desks ask and the gateway's own events, through the pure
machine, one drone at a time, into the control bucket.

The audit entry is stored before a desk's change is made; a change the gateway makes itself
(a lost lease, a docking) and the tick of a line do not wait for it. It sends nothing to a
vehicle. Where a payload is controlled apart it goes with the flight, unless another has it.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from gcs.control.lease import Leases
from gcs.control.machine import step
from gcs.control.stimulus import ControlEvent, Refusal, Stimulus, held_by
from gcs.gateway.auditor import Auditor, Entry
from gcs.gateway.control_entry import entry_of
from gcs.gateway.control_words import news
from gcs.gateway.drone import COMING_DOWN, Drone
from gcs.gateway.dues import Dues
from gcs.gateway.events import EventLog
from gcs.gateway.registry import Registry
from gcs.model.audit import AuditAction
from gcs.model.brief import Line
from gcs.model.command import Command
from gcs.model.control import ControlRecord, ControlState, LeaseRenewal
from gcs.model.event import EventKind
from gcs.model.function import Function
from gcs.model.people import Holder
from gcs.runtime.clock import Clock

log = logging.getLogger(__name__)

NO_AUDIT = "the audit cannot be written: control stays where it was"


class BriefBook(Protocol):
    """What the arbiter asks of who makes the briefs."""

    def stands(self, record: ControlRecord, line: Line) -> bool:
        """Whether a line of the brief still reads so."""
        ...

    def lines(self, record: ControlRecord) -> tuple[Line, ...]:
        """Every line of the brief as it stands, those of alerts too."""
        ...

    def failed(self, record: ControlRecord) -> tuple[str, ...]:
        """The pre-checks that do not pass now, by key."""
        ...

    def waivable(self) -> tuple[str, ...]:
        """The pre-checks that both persons may waive, by key."""
        ...

    def digest(self, record: ControlRecord) -> str:
        """Of the brief as it stands; empty where none is open."""
        ...

    def heard(self, renewal: LeaseRenewal) -> None:
        """A desk renewed its lease, and told what it has."""
        ...


class NoBriefs:
    """Nobody makes briefs: no line stands, so nothing is handed over by one."""

    def stands(self, record: ControlRecord, line: Line) -> bool:
        return False

    def lines(self, record: ControlRecord) -> tuple[Line, ...]:
        return ()

    def failed(self, record: ControlRecord) -> tuple[str, ...]:
        return ()

    def waivable(self) -> tuple[str, ...]:
        return ()

    def digest(self, record: ControlRecord) -> str:
        return ""

    def heard(self, renewal: LeaseRenewal) -> None:
        return None


@dataclass(slots=True)
class ArbiterCounters:
    """Since the start."""

    handoffs_completed: int = 0


class Arbiter:
    """Control of this gateway's drones. `briefs` is set by who makes them."""

    def __init__(
        self,
        drones: dict[str, Drone],
        registry: Registry,
        leases: Leases,
        auditor: Auditor,
        events: EventLog,
        clock: Clock,
        may_act: Callable[[], bool],
    ) -> None:
        self.counters = ArbiterCounters()
        self.briefs: BriefBook = NoBriefs()
        self._drones = drones
        self._registry = registry
        self._leases = leases
        self._auditor = auditor
        self._events = events
        self._clock = clock
        self._may_act = may_act
        self._dues = Dues(leases, clock)
        self._acted = False
        self._locks = {d: asyncio.Lock() for d in drones}
        registry.on_doubt = self._doubted

    def record(self, drone: str, function: Function = Function.FLIGHT) -> ControlRecord:
        """The control record as last known; a payload that is not apart is under the flight's."""
        apart = function is Function.PAYLOAD and drone in self._registry.apart
        return self._registry.record(drone, function if apart else Function.FLIGHT)

    def functions(self, drone: str) -> tuple[Function, ...]:
        """What of the drone has a record of its own."""
        return tuple(Function) if drone in self._registry.apart else (Function.FLIGHT,)

    def uncertain(self, drone: str) -> bool:
        """Whether the outcome of the last change is not known yet."""
        return self._registry.uncertain(drone)

    def attended(self, drone: str, function: Function = Function.FLIGHT) -> bool:
        """Whether a desk that holds the drone was heard within its lease."""
        holder = self.record(drone, function).holder
        return holder is not None and self._leases.alive(holder)

    def person_lives(self, person: str) -> bool:
        """Whether a desk of this person is heard."""
        return self._dues.person_lives(person)

    def hear(self, by: Holder) -> None:
        """A desk's order came in: a sign of life now, not when it has been looked into."""
        self._leases.renew(by.person, by.desk)

    def ordered_down(self, command: Command) -> None:
        """A return or a landing was taken from the holder."""
        self._dues.ordered(command)

    def observed(self, command: Command) -> None:
        """What a command ordered was seen at the vehicle."""
        if command.drone in self._drones:
            self._dues.observed(command, self.record(command.drone))

    def listen(self) -> None:
        """At the head of each turn: after a deaf or paused time every holder has a full lease.

        While this gateway could not act it could not be asked either; no desk is to blame.
        """
        acts = self._may_act()
        if acts and not self._acted:
            self._dues.resume(self._registry.records)
        self._acted = acts

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

    def due(self, drone: Drone, function: Function = Function.FLIGHT) -> ControlEvent | None:
        """The gateway's own event that is due for a drone, if any."""
        event = self._dues.of(drone, self.record(drone.id, function))
        return event if event is not None and self.free(drone.id) else None

    async def happen(
        self, drone: Drone, event: ControlEvent, function: Function = Function.FLIGHT
    ) -> None:
        """Apply one of the gateway's own events."""
        why = drone.setback if event is ControlEvent.INTERRUPTED else ""
        # Nobody is given control without a record of it; nobody keeps it for want of one.
        gives = self.record(drone.id, function).state is ControlState.FORCED
        outcome = await self.change(
            drone.id,
            Stimulus(event, self._clock.utc_ms(), reason=why),
            audit_first=event is ControlEvent.RUN_OUT and gives,
            function=function,
        )
        if isinstance(outcome, Refusal):
            log.info("%s of %s: %s", event, drone.id, outcome.text)

    async def reconcile(self) -> None:
        """Read back records whose last outcome is unknown."""
        if self._may_act():
            await self._registry.reconcile()

    # -- the change itself ---------------------------------------------------------------------
    async def change(
        self,
        drone: str,
        stimulus: Stimulus,
        audit_first: bool = True,
        function: Function = Function.FLIGHT,
    ) -> ControlRecord | Refusal:
        """One transition of one drone: decided, audited, written, told. Or refused.

        What the vehicle does is seen here, when it counts.
        """
        async with self._locks[drone]:
            before = self.record(drone, function)
            after = await self._change(before, stimulus, audit_first)
            if isinstance(after, ControlRecord) and before.function is Function.FLIGHT:
                await self._bring_payload(before, after, stimulus)
            return after

    async def _change(
        self, before: ControlRecord, stimulus: Stimulus, audit_first: bool
    ) -> ControlRecord | Refusal:
        drone = before.drone
        if self.uncertain(drone):
            return Refusal(f"the outcome of the last change of {drone}'s control is not known")
        stimulus = self._as_seen(before, stimulus)
        after = step(before, stimulus)
        if isinstance(after, Refusal) or after == before:
            return after
        entry = entry_of(before, after, stimulus, self.briefs.digest)
        if not audit_first:
            self._auditor.queue(entry)
        elif not await self._auditor.store(entry):
            self._auditor.queue(
                Entry(AuditAction.OUTCOME, drone, f"{stimulus.event} not done: {NO_AUDIT}")
            )
            return Refusal(NO_AUDIT, holder=before.holder)
        if not await self._registry.write(after):
            return self._not_written(before, stimulus)
        self._tell(before, after, stimulus)
        return after

    def _as_seen(self, record: ControlRecord, stimulus: Stimulus) -> Stimulus:
        """With what the vehicle shows. A camera needs no input, and nobody falls with it."""
        if record.function is Function.PAYLOAD:
            return replace(stimulus, airborne=False, safe_without_input=True, needs_no_input=True)
        drone = self._drones[record.drone]
        # A gateway just started that has not heard it yet: one that was launched may still fly.
        unheard = drone.heartbeat is None and record.incident is not None
        return replace(
            stimulus,
            airborne=drone.airborne or unheard,
            safe_without_input=drone.mode in COMING_DOWN,
            needs_no_input=drone.needs_no_input,
        )

    async def _bring_payload(
        self, before: ControlRecord, after: ControlRecord, stimulus: Stimulus
    ) -> None:
        """A payload apart goes where its flight goes, unless another has it."""
        if after.drone not in self._registry.apart or self.uncertain(after.drone):
            return
        payload = self.record(after.drone, Function.PAYLOAD)
        follow = _follow(before, after, payload, stimulus)
        if follow is None:
            return
        done = await self._change(payload, follow, audit_first=False)
        if isinstance(done, Refusal):
            log.warning("the camera of %s does not follow: %s", after.drone, done.text)

    def _not_written(self, before: ControlRecord, stimulus: Stimulus) -> Refusal:
        drone, now = before.drone, self.record(before.drone, before.function)
        text = f"{stimulus.event} not carried out: {held_by(now)}"
        if self.uncertain(drone):
            text = f"the outcome of {stimulus.event} is not known yet; it is being read back"
        self._auditor.queue(Entry(AuditAction.OUTCOME, drone, text, by=stimulus.by))
        return Refusal(text, holder=now.holder)

    def _doubted(self, before: ControlRecord, after: ControlRecord, stimulus: Stimulus) -> None:
        """What the registry changed by itself: into doubt, and out of it."""
        self._auditor.queue(entry_of(before, after, stimulus, self.briefs.digest))
        self._tell(before, after, stimulus)

    def _tell(self, before: ControlRecord, record: ControlRecord, stimulus: Stimulus) -> None:
        flight = record.function is Function.FLIGHT
        if flight and before.holder and record.holder and before.holder != record.holder:
            self.counters.handoffs_completed += 1
        if stimulus.event is ControlEvent.TICK:
            return  # every desk sees it in the record; a log of lines read tells nobody anything
        text, severity = news(before, record, stimulus)
        incident = record.incident or self.record(record.drone).incident
        self._events.add(
            EventKind.CONTROL, record.drone, text, severity, control=record, incident=incident
        )


def _follow(
    before: ControlRecord, after: ControlRecord, payload: ControlRecord, cause: Stimulus
) -> Stimulus | None:
    """What becomes of the payload when the flight changed so; None = it stays as it is."""
    if after.holder == before.holder and cause.event is not ControlEvent.LAUNCH:
        return None
    if after.holder is None:
        with_it = cause.event is ControlEvent.DOCKED or payload.holder == before.holder
        if not with_it or payload.holder is None:
            return None
        return Stimulus(ControlEvent.DOCKED, cause.utc_ms, reason=f"with its flight: {cause.event}")
    stays = after.handover is not None and not after.handover.payload
    if stays or payload.holder not in (None, before.holder) or payload.holder == after.holder:
        return None
    return Stimulus(
        ControlEvent.FOLLOW,
        cause.utc_ms,
        by=before.holder,
        to=after.holder,
        reason="with its flight",
    )
