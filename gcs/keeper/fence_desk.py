"""The keeper's hand on the site's geofence: who may set it, on what version, checked once more.

It records the fence; that a vehicle flies by it is the gateway's to bring about and to show.
"""

import logging
from dataclasses import replace

from gcs.audit.log import AuditUnavailable
from gcs.geo.fence_check import problems
from gcs.geo.fence_plan import plan_of
from gcs.keeper.book import Act, AuditBook
from gcs.keeper.record import Record, RecordUnavailable
from gcs.keeper.roster import Roster
from gcs.model.audit import AuditAction
from gcs.model.fence import FencePlan
from gcs.model.mission import KeeperReply, KeeperRequest
from gcs.model.people import Holder, Role
from gcs.model.site import Site
from gcs.runtime.clock import Clock

KEY = "site"  # under the prefix `fence.`
MOST_PROBLEMS = 3

log = logging.getLogger(__name__)


class FenceDesk:
    """The one writer of `fence.site`."""

    def __init__(
        self, site: Site, record: Record, roster: Roster, book: AuditBook, clock: Clock
    ) -> None:
        self._site = site
        self._record = record
        self._roster = roster
        self._book = book
        self._clock = clock
        self._begun = False

    async def begin(self) -> None:
        """Record the site file's fence as version 0 while nobody has set one.

        Asked again each second until it is done: the bus or the disk may be away.
        """
        if self._begun:
            return
        try:
            async with self._record.fences.lock(KEY):
                await self._begin()
        except (RecordUnavailable, AuditUnavailable) as error:
            log.warning("the site's fence is not on record yet: %s", error)
        else:
            self._begun = True

    async def _begin(self) -> None:
        present = self._record.fences.get(KEY)
        own = plan_of(self._site.fence)
        if present is not None and (present.version > 0 or present == own):
            return
        if present is not None:
            text = f"The site file has another geofence now: {own.name} is the site's fence."
            act = Act(AuditAction.FENCE_SET, KEY, text, before=_words(present), after=_words(own))
            await self._book.write(act)
        await self._record.fences.write(KEY, own)

    async def set(self, request: KeeperRequest, by: Holder) -> KeeperReply:
        """A person at a desk sets the fence. Raises AuditUnavailable."""
        may_not = self._roster.may_fly(by)
        if may_not is not None:
            return await self._refuse(by, may_not.text)
        asked = request.fence
        if asked is None:
            return await self._refuse(by, "No fence came with the request.")
        async with self._record.fences.lock(KEY):
            present = self._record.fences.get(KEY)
            if present is None:
                return await self._refuse(by, "The site's fence is not on record yet; ask again.")
            reply = await self._set(request, asked, present, by)
            return reply if reply.fence else replace(reply, fence=self._record.fences.get(KEY))

    async def _set(
        self, request: KeeperRequest, asked: FencePlan, present: FencePlan, by: Holder
    ) -> KeeperReply:
        if asked.version != present.version:
            text = (
                f"The fence was changed by {present.set_by or 'the site file'} meanwhile: it is "
                f"version {present.version}, yours was drawn on version {asked.version}."
            )
            return await self._refuse(by, text)
        wrong = problems(asked, self._site)
        if wrong:
            more = len(wrong) - MOST_PROBLEMS
            said = "; ".join(wrong[:MOST_PROBLEMS]) + (f"; and {more} more" if more > 0 else "")
            return await self._refuse(by, f"The fence may not be used: {said}.")
        new = replace(
            asked, version=present.version + 1, set_by=by.name, set_utc_ms=self._clock.utc_ms()
        )
        act = Act(
            action=AuditAction.FENCE_SET,
            object=KEY,
            outcome=f"{new.name}: version {new.version} is set by {by.label}.",
            by=by,
            role=self._role(by),
            reason=request.text,
            before=_words(present),
            after=_words(new),
        )
        await self._book.write(act)
        try:
            await self._record.fences.write(KEY, new)
        except RecordUnavailable as error:
            text = f"Not done: {error}"
            await self._book.write(replace(act, action=AuditAction.OUTCOME, outcome=text))
            return KeeperReply(False, f"Not done. {error}")
        return KeeperReply(True, act.outcome, fence=new)

    async def _refuse(self, by: Holder, text: str) -> KeeperReply:
        """Say no; on record too, unless that is what fails."""
        try:
            await self._book.write(Act(AuditAction.REFUSAL, "set_fence", text, by, self._role(by)))
        except AuditUnavailable as error:
            log.error("a refusal is not on record: %s", error)
        return KeeperReply(False, text)

    def _role(self, by: Holder) -> str:
        found = self._roster.presence(by)
        return found.role.value if found else Role.OBSERVER.value


def _words(plan: FencePlan | None) -> str:
    """A fence in one line for the audit."""
    if plan is None:
        return "none"
    shapes = f"{len(plan.shapes)} shape{'s' if len(plan.shapes) != 1 else ''}"
    return (
        f"{plan.name}, version {plan.version}, {shapes}, {len(plan.rally)} rally points, "
        f"ceiling {plan.ceiling_relative_m:.0f} m, digest {plan.digest}"
    )
