"""What desks ask of control: who may ask it, what the arbiter then needs to know, the answer."""

from collections.abc import Callable
from dataclasses import replace

from gcs.control.guards import may_fly, may_force
from gcs.control.lease import Leases
from gcs.control.stimulus import ControlEvent, Refusal, Stimulus
from gcs.gateway.arbiter import Arbiter
from gcs.gateway.auditor import Auditor, Entry
from gcs.gateway.control_words import said
from gcs.gateway.directory import Directory
from gcs.gateway.drone import Drone
from gcs.gateway.qualified import Qualified
from gcs.model.audit import AuditAction
from gcs.model.control import (
    ControlAct,
    ControlRecord,
    ControlReply,
    ControlRequest,
    LeaseRenewal,
    LeaseReply,
)
from gcs.model.function import Function
from gcs.model.people import Holder
from gcs.runtime.clock import Clock

# Acts that make the asker a holder, at once or later: his desk must be his, and he qualified.
_AT_A_DESK = frozenset(
    {ControlAct.TAKE, ControlAct.OPEN, ControlAct.ASSUME, ControlAct.REQUEST, ControlAct.FORCE}
)
# On record behind the change: the receiver reads on while the entry is stored.
_BEHIND = frozenset({ControlAct.TICK})
# Held against the brief and its checks as they stand just then.
_BRIEFED = frozenset({ControlAct.ARM, ControlAct.ASSUME})


class ControlService:
    """Serves the control and the lease subjects."""

    def __init__(
        self,
        drones: dict[str, Drone],
        arbiter: Arbiter,
        leases: Leases,
        directory: Directory,
        qualified: Qualified,
        auditor: Auditor,
        clock: Clock,
        may_act: Callable[[], bool],
        against_desk: Callable[[Holder], Refusal | None],
    ) -> None:
        self._drones = drones
        self._arbiter = arbiter
        self._leases = leases
        self._directory = directory
        self._qualified = qualified
        self._auditor = auditor
        self._clock = clock
        self._may_act = may_act
        self._against_desk = against_desk

    async def serve(self, subject: str, request: ControlRequest) -> ControlReply:
        """A desk's request on the control subject."""
        refusal = self._against(subject, request)
        if refusal is None:
            by = self._directory.holder(request.by.person, request.by.desk)
            self._leases.renew(by.person, by.desk)
            outcome = await self._arbiter.change(
                request.drone,
                self._asked(request, by),
                audit_first=request.act not in _BEHIND,
                function=request.function,
            )
            if isinstance(outcome, ControlRecord):
                return ControlReply(True, said(outcome), outcome)
            refusal = outcome
        await self._refused(request, refusal)
        known = request.drone in self._drones
        return ControlReply(False, refusal.text, self._record_of(request) if known else None)

    async def serve_lease(self, subject: str, renewal: LeaseRenewal) -> LeaseReply:
        """A desk's renewal on the lease subject."""
        person, desk = subject.split(".")[-2:]
        if (person, desk) != (renewal.person, renewal.desk):
            return LeaseReply(False, "the renewal names another person or desk than its subject")
        if self._directory.person(person) is None:
            return LeaseReply(False, f"{person} is not signed on at this site")
        self._leases.renew(person, desk)
        self._arbiter.briefs.heard(renewal)
        me = self._directory.holder(person, desk)
        held = (r for r in map(self._arbiter.record, self._drones) if r.holder == me)
        return LeaseReply(True, "renewed", tuple((r.drone, r.epoch) for r in held))

    # -- may it? -------------------------------------------------------------------------------
    def _against(self, subject: str, request: ControlRequest) -> Refusal | None:
        person, desk, drone = subject.split(".")[-3:]
        if (request.by.person, request.by.desk, request.drone) != (person, desk, drone):
            return Refusal("the request names another person, desk or drone than its subject")
        if drone not in self._drones:
            return Refusal(f"{drone} is not a drone of this gateway")
        if not self._may_act():
            return Refusal("this gateway does not hold the network's claim just now")
        known = self._directory.person(person)
        refusal = may_fly(known, person)
        if refusal is None and request.act is ControlAct.FORCE:
            refusal = may_force(known, person)
        if refusal is None and request.act is ControlAct.OFFER:
            refusal = self._against_receiver(request)
        if refusal is None and request.act in _AT_A_DESK:
            refusal = self._against_desk(self._directory.holder(person, request.by.desk))
            refusal = refusal or self._against_holding(request, person, drone)
        return refusal

    def _against_holding(self, request: ControlRequest, person: str, drone: str) -> Refusal | None:
        """How many he flies is no matter to who has a camera alone."""
        if self._record_of(request).function is Function.PAYLOAD:
            return self._qualified.against_rating(person, drone)
        return self._qualified.against(person, drone)

    def _against_receiver(self, request: ControlRequest) -> Refusal | None:
        """Why what is offered could not be received."""
        to = request.to_person or ""
        refusal = self._qualified.against_rating(to, request.drone)
        if refusal is None and not self._arbiter.person_lives(to):
            return Refusal(f"no desk of {request.to_name} is heard just now")
        return refusal

    # -- what the arbiter needs to know ----------------------------------------------------------
    def _asked(self, request: ControlRequest, by: Holder) -> Stimulus:
        to = self._directory.person(request.to_person or "")
        stimulus = Stimulus(
            ControlEvent(request.act.value),
            self._clock.utc_ms(),
            by=by,
            epoch=request.epoch,
            offer_id=request.id,
            about=request.about,
            to_person=to.id if to else "",
            to_name=to.name if to else "",
            reason=request.reason,
            promised=request.promised,
            payload=request.payload,
            line=request.line,
            waive=request.waive,
        )
        return self._with_brief(request, stimulus)

    def _with_brief(self, request: ControlRequest, stimulus: Stimulus) -> Stimulus:
        """With what a step needs to know of the brief as it stands at this moment."""
        record, briefs = self._record_of(request), self._arbiter.briefs
        if request.act is ControlAct.WAIVE:
            return replace(stimulus, waivable=briefs.waivable())
        if request.act is ControlAct.TICK and request.line is not None:
            stands = briefs.stands(record, request.line)
            return replace(stimulus, lines=(request.line,) if stands else ())
        if request.act in _BRIEFED:
            return replace(stimulus, lines=briefs.lines(record), failed=briefs.failed(record))
        return stimulus

    def _record_of(self, request: ControlRequest) -> ControlRecord:
        return self._arbiter.record(request.drone, request.function)

    async def _refused(self, request: ControlRequest, refusal: Refusal) -> None:
        entry = Entry(
            AuditAction.REFUSAL,
            request.drone,
            f"{request.act} refused: {refusal.text}",
            by=request.by,
            reason=request.reason,
            incident=self._arbiter.record(request.drone).incident,
        )
        await self._auditor.store(entry)  # if that takes too long it stays in line
