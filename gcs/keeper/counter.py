"""The keeper's counter: what desks and gateways ask of it, one act after the other.

An act goes: may they, audit, record, answer. Whatever cannot be put on record is refused.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from gcs.audit.log import AuditUnavailable
from gcs.keeper import missions
from gcs.keeper.book import Act, AuditBook
from gcs.keeper.fence_desk import FenceDesk
from gcs.keeper.launches import Launches
from gcs.keeper.missions import Refused, Result
from gcs.keeper.record import Record, RecordUnavailable
from gcs.keeper.roster import Roster, not_the_same
from gcs.model.audit import AuditAction
from gcs.model.mission import (
    KeeperAct,
    KeeperReply,
    KeeperRequest,
    LaunchAuthorisation,
    MissionRecord,
)
from gcs.model.people import Holder, Role
from gcs.runtime.clock import Clock

log = logging.getLogger(__name__)

Handler = Callable[[KeeperRequest, Holder], Awaitable[KeeperReply]]

_AUDITED_AS = {
    KeeperAct.TAKE_INCIDENT: AuditAction.INCIDENT_TAKE,
    KeeperAct.RELEASE_INCIDENT: AuditAction.INCIDENT_RELEASE,
    KeeperAct.CLOSE_INCIDENT: AuditAction.INCIDENT_CLOSE,
}


class Counter:
    """Answers requests."""

    def __init__(
        self,
        record: Record,
        roster: Roster,
        book: AuditBook,
        launches: Launches,
        fences: FenceDesk,
        clock: Clock,
    ) -> None:
        self._record = record
        self._roster = roster
        self._book = book
        self._launches = launches
        self._clock = clock
        self._handlers: dict[KeeperAct, Handler] = {
            KeeperAct.TAKE_INCIDENT: self._on_mission,
            KeeperAct.RELEASE_INCIDENT: self._on_mission,
            KeeperAct.CLOSE_INCIDENT: self._on_mission,
            KeeperAct.SET_FENCE: fences.set,
        }

    async def desk(self, subject: str, request: KeeperRequest) -> KeeperReply:
        """Answer a desk. Person and desk in the subject are the ones NATS let in."""
        person, desk = subject.split(".")[-2:]
        what = f"{request.act.value} {request.incident or ''}".strip()
        if (request.by.person, request.by.desk) != (person, desk):
            text = not_the_same(request.by, person, desk)
            return await self._refuse(Holder(person, person, desk), what, text)
        by = self._roster.by_directory(request.by)
        if by is None:
            text = f"{person} is not in this site's directory."
            return await self._refuse(request.by, what, text)
        handler = self._handlers.get(request.act)
        if handler is None:
            return await self._refuse(by, what, f"{request.act.value} is not asked here.")
        if self._roster.presence(by) is not None:
            self._roster.heard(desk)
        try:
            return await handler(request, by)
        except AuditUnavailable as error:
            return KeeperReply(False, f"Refused, because it cannot be put on record. {error}")

    async def gateway(self, subject: str, asked: LaunchAuthorisation) -> KeeperReply:
        """Answer a gateway that asks whether a launch may be."""
        what = f"launch {asked.drone}"
        if asked.gateway != subject.rpartition(".")[2]:
            text = f"The launch names gateway {asked.gateway} and came from another."
            return await self._refuse(asked.by, what, text, asked.incident)
        by = self._roster.by_directory(asked.by)
        may_not = self._roster.may_fly(by) if by else Refused(f"{asked.by.person} is a stranger.")
        if by is None or may_not is not None:
            text = may_not.text if may_not else ""
            return await self._refuse(asked.by, what, text, asked.incident)
        async with self._record.missions.lock(asked.incident):
            try:
                return await self._launch(asked, by)
            except AuditUnavailable as error:
                return KeeperReply(False, f"Refused, because it cannot be put on record. {error}")

    # -- incidents -----------------------------------------------------------------------------
    async def _on_mission(self, request: KeeperRequest, by: Holder) -> KeeperReply:
        key = request.incident or ""
        what = f"{request.act.value} {key}".strip()
        may_not = self._roster.may_fly(by)
        if may_not is not None:
            return await self._refuse(by, what, may_not.text, key)
        async with self._record.missions.lock(key):
            mission = self._record.missions.get(key)
            if mission is None:
                return await self._refuse(by, what, f"There is no incident {key!r}.", key)
            result = self._decide(request, by, mission)
            if isinstance(result, Refused):
                reply = await self._refuse(by, what, result.text, key)
                return replace(reply, mission=mission)
            if result == mission:
                return KeeperReply(True, f"Incident {key} is yours already.", mission)
            act = self._mission_act(request, by, mission, result)
            return await self._write_mission(act, result)

    def _decide(self, request: KeeperRequest, by: Holder, mission: MissionRecord) -> Result:
        now = self._clock.utc_ms()
        if request.act is KeeperAct.TAKE_INCIDENT:
            owner = mission.owner
            owner_present = owner is not None and self._roster.present(owner)
            return missions.take(mission, by, owner_present, now)
        if request.act is KeeperAct.RELEASE_INCIDENT:
            return missions.release(mission, by)
        return missions.close(mission, by, request.text, now)

    def _mission_act(
        self, request: KeeperRequest, by: Holder, before: MissionRecord, after: MissionRecord
    ) -> Act:
        key = before.incident.key
        done = {
            KeeperAct.TAKE_INCIDENT: "taken",
            KeeperAct.RELEASE_INCIDENT: "given back",
            KeeperAct.CLOSE_INCIDENT: "closed",
        }[request.act]
        return Act(
            action=_AUDITED_AS[request.act],
            object=key,
            outcome=f"Incident {key} is {done} by {by.label}.",
            by=by,
            role=self._role(by),
            reason=request.text,
            incident=key,
            before=_digest(before),
            after=_digest(after),
        )

    async def _launch(self, asked: LaunchAuthorisation, by: Holder) -> KeeperReply:
        key, what = asked.incident, f"launch {asked.drone}"
        mission = self._record.missions.get(key)
        if mission is None:
            return await self._refuse(by, what, f"There is no incident {key!r}.", key)
        result: Result = missions.authorise(mission, by, asked.drone)
        other = self._record.mission_where(
            lambda m: m.part(asked.drone) is not None and m.incident.key != key
        )
        if other is not None:
            result = Refused(f"{asked.drone} is sent to incident {other.incident.key}.")
        if isinstance(result, Refused):
            return replace(await self._refuse(by, what, result.text, key), mission=mission)
        act = Act(
            action=AuditAction.LAUNCH,
            object=asked.drone,
            outcome=f"{asked.drone} may be launched for incident {key} by {by.label}.",
            by=by,
            role=self._role(by),
            incident=key,
            before=_digest(mission),
            after=_digest(result),
        )
        reply = await self._write_mission(act, result)
        if reply.ok:
            self._launches.begin(key, asked.drone, asked.command_id)
        return reply

    async def _write_mission(self, act: Act, mission: MissionRecord) -> KeeperReply:
        await self._book.write(act)
        try:
            await self._record.missions.write(mission.incident.key, mission)
        except RecordUnavailable as error:
            return await self._undone(act, error)
        return KeeperReply(True, act.outcome, mission)

    # -- what did not happen ---------------------------------------------------------------------
    async def _refuse(self, by: Holder, what: str, text: str, incident: str = "") -> KeeperReply:
        """Say no; on record too, unless that is what fails."""
        act = Act(AuditAction.REFUSAL, what[:200], text, by, self._role(by), incident=incident[:64])
        try:
            await self._book.write(act)
        except AuditUnavailable as error:
            log.error("a refusal is not on record: %s", error)
        return KeeperReply(False, text)

    async def _undone(self, act: Act, error: RecordUnavailable) -> KeeperReply:
        """The audit has the act, the record has not: the audit is told."""
        await self._book.write(
            replace(act, action=AuditAction.OUTCOME, outcome=f"Not done: {error}", once="")
        )
        return KeeperReply(False, f"Not done. {error}")

    def _role(self, by: Holder) -> str:
        found = self._roster.presence(by)
        return found.role.value if found else Role.OBSERVER.value


def _digest(mission: MissionRecord) -> str:
    """A record in one line for the audit."""
    owner = mission.owner.label if mission.owner else "nobody"
    drones = " ".join(d.drone for d in mission.drones)
    return f"{mission.state.value}, {owner}, {drones or 'no drone'}"
