"""Signing on and off at the keeper, once the server has let a person in at a desk."""

import logging
from collections.abc import Callable
from dataclasses import replace

from gcs.audit.log import AuditUnavailable
from gcs.keeper.book import Act, AuditBook
from gcs.keeper.missions import Refused
from gcs.keeper.record import Record, RecordUnavailable
from gcs.keeper.roster import Roster, not_the_same
from gcs.model.audit import AuditAction
from gcs.model.mission import DeskPresence, KeeperAct, KeeperReply, KeeperRequest
from gcs.model.people import Holder
from gcs.runtime.clock import Clock

log = logging.getLogger(__name__)


class SignOn:
    """Answers desks on the subject that carries their person and their desk.

    `holds`: the drones a person at a desk holds; `changed`: told when somebody's role changed.
    """

    def __init__(
        self,
        record: Record,
        roster: Roster,
        book: AuditBook,
        holds: Callable[[Holder], tuple[str, ...]],
        changed: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._record = record
        self._roster = roster
        self._book = book
        self._holds = holds
        self._changed = changed

    async def serve(self, subject: str, request: KeeperRequest) -> KeeperReply:
        """Person and desk in the subject are the ones NATS let in."""
        person, desk = subject.split(".")[-2:]
        if (request.by.person, request.by.desk) != (person, desk):
            text = not_the_same(request.by, person, desk)
            return await self._refuse(Holder(person, person, desk), request.act, text)
        by = self._roster.by_directory(request.by)
        if by is None:
            text = f"{person} is not in this site's directory."
            return await self._refuse(request.by, request.act, text)
        self._roster.heard(desk)
        try:
            return await self._answer(request.act, by)
        except AuditUnavailable as error:
            return KeeperReply(False, f"Refused, because it cannot be put on record. {error}")

    async def _answer(self, act: KeeperAct, by: Holder) -> KeeperReply:
        if act is KeeperAct.PING:
            return KeeperReply(True, "The keeper answers.")
        if act not in (KeeperAct.SIGN_ON, KeeperAct.SIGN_OFF):
            return await self._refuse(by, act, f"{act.value} is not asked here.")
        async with self._roster.lock:
            return await (self._on(by) if act is KeeperAct.SIGN_ON else self._off(by))

    async def _on(self, by: Holder) -> KeeperReply:
        outcome = self._roster.signing_on(by)
        if isinstance(outcome, Refused):
            return await self._refuse(by, KeeperAct.SIGN_ON, outcome.text)
        elsewhere = self._roster.elsewhere(by)
        text = f"{by.label} is signed on as {outcome.role.value}."
        if elsewhere is not None:
            text = f"{by.name} is signed on at {elsewhere.holder.desk}: {by.desk} observes."
        act = Act(AuditAction.SIGN_ON, by.desk, text, by, outcome.role.value)
        reply = await self._write(act, outcome)
        self._changed()
        return replace(reply, role=outcome.role) if reply.ok else reply

    async def _off(self, by: Holder) -> KeeperReply:
        found = self._roster.presence(by)
        if found is None:
            return KeeperReply(True, f"{by.label} is not signed on.")
        held = self._holds(by)
        if held:
            them = "it" if len(held) == 1 else "them"
            text = f"{by.label} holds {', '.join(held)}: hand {them} over or land {them} first."
            return await self._refuse(by, KeeperAct.SIGN_OFF, text)
        act = Act(AuditAction.SIGN_OFF, by.desk, f"{by.label} is signed off.", by, found.role.value)
        now = self._clock.utc_ms()
        off = replace(found, since_utc_ms=now, present=False, signed_on=False)
        reply = await self._write(act, off)
        self._changed()
        return reply

    async def strike(self, presence: DeskPresence, now: DeskPresence | None, why: str) -> None:
        """The directory changed: sign off whom it no longer has, or give the role it now gives.

        Raises AuditUnavailable, RecordUnavailable.
        """
        after = now or replace(presence, present=False, signed_on=False)
        action = AuditAction.SIGN_ON if now else AuditAction.SIGN_OFF
        by = presence.holder
        await self._book.write(Act(action, by.desk, why, by, after.role.value))
        await self._record.desks.write(by.desk, after)

    async def _write(self, act: Act, presence: DeskPresence) -> KeeperReply:
        await self._book.write(act)
        try:
            await self._record.desks.write(presence.holder.desk, presence)
        except RecordUnavailable as error:
            # The audit has the act, the record has not: the audit is told.
            undone = replace(act, action=AuditAction.OUTCOME, outcome=f"Not done: {error}")
            await self._book.write(undone)
            return KeeperReply(False, f"Not done. {error}")
        return KeeperReply(True, act.outcome)

    async def _refuse(self, by: Holder, what: KeeperAct, text: str) -> KeeperReply:
        """Say no; on record too, unless that is what fails."""
        found = self._roster.presence(by)
        role = found.role.value if found else ""
        try:
            await self._book.write(Act(AuditAction.REFUSAL, what.value, text, by, role))
        except AuditUnavailable as error:
            log.error("a refusal is not on record: %s", error)
        return KeeperReply(False, text)
