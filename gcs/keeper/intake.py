"""What the keeper takes from the streams: incidents, the gateways' events, audit drafts.

Each message is done with when this returns; raising has it delivered again.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gcs.keeper import missions
from gcs.keeper.book import Act, AuditBook
from gcs.keeper.follower import Follower
from gcs.keeper.launches import Launches
from gcs.keeper.record import Record
from gcs.model.audit import AuditAction, AuditDraft
from gcs.model.control import ControlRecord
from gcs.model.event import EventKind, GatewayEvent
from gcs.model.mission import Incident, MissionRecord, MissionState

log = logging.getLogger(__name__)


@dataclass(slots=True)
class IntakeCounts:
    """Since the keeper's start."""

    bad_input: int = 0


class Intake:
    """Handlers for `Bus.consume`."""

    def __init__(
        self,
        record: Record,
        book: AuditBook,
        launches: Launches,
        follower: Follower,
        counts: IntakeCounts,
        transition: Callable[[ControlRecord], Awaitable[None]],
    ) -> None:
        self._record = record
        self._book = book
        self._launches = launches
        self._follower = follower
        self._counts = counts
        self._transition = transition

    async def incident(self, _: int, incident: Incident) -> None:
        """A new call becomes an open mission; one that came before changes nothing."""
        key = incident.key
        async with self._record.missions.lock(key):
            known = self._record.missions.get(key)
            if known is not None:
                if known.incident != incident:
                    await self._differs(key)
                return
            await self._book.write(
                Act(
                    action=AuditAction.INCIDENT_RECEIVED,
                    object=key,
                    outcome=f"Incident {key}, grade {incident.grade.value}, {incident.place}.",
                    incident=key,
                    once=f"incident {key}",
                )
            )
            await self._record.missions.write(key, MissionRecord(incident, MissionState.OPEN))

    async def _differs(self, key: str) -> None:
        self._counts.bad_input += 1
        text = f"Incident {key} came again with other content; the first is kept."
        await self._book.write(
            Act(AuditAction.BAD_INPUT, key, text, incident=key, once=f"again {key}")
        )

    async def audit(self, _: int, draft: AuditDraft) -> None:
        """Another process's entry; acknowledged once it is on disk."""
        await self._book.add(draft)

    async def event(self, _: int, event: GatewayEvent) -> None:
        """A drone's phase or launch receipt, told to the mission it flies for; a change of
        control, told to the alerts of its feed."""
        if event.control is not None:
            await self._transition(event.control)
        mission = self._mission_of(event)
        if mission is None:
            return
        key = mission.incident.key
        async with self._record.missions.lock(key):
            present = self._record.missions.get(key)
            if present is None:
                return
            changed = self._after(present, event)
            if changed != present:
                await self._record.missions.write(key, changed)

    def _mission_of(self, event: GatewayEvent) -> MissionRecord | None:
        if event.incident is not None:
            named = self._record.missions.get(event.incident)
            if named is None:
                log.warning("an event of %s names unknown %s", event.drone, event.incident)
            return named
        return self._record.mission_where(lambda m: m.part(event.drone) is not None)

    def _after(self, mission: MissionRecord, event: GatewayEvent) -> MissionRecord:
        if event.kind is EventKind.PHASE:
            if event.phase in missions.TAKEN_OFF:
                self._launches.over(mission.incident.key, event.drone)
            return self._follower.followed(missions.after_phase(mission, event))
        key = mission.incident.key
        if event.receipt is not None and self._launches.failed(key, event.receipt):
            self._launches.over(key, event.drone)
            return missions.lapse(mission, event.drone)
        return mission
