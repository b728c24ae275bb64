"""What people record about alerts: may they, audit, record, answer. One decision an alert.

Whose an alert is stands in its record (`gcs.keeper.assignments`).
"""

import logging
from dataclasses import replace

from gcs.alerts import course
from gcs.alerts.refusal import Refusal
from gcs.audit.log import AuditUnavailable
from gcs.keeper.alert_pen import AlertPen
from gcs.keeper.assignments import Assignments, refusal
from gcs.keeper.book import Act, AuditBook
from gcs.keeper.record import Record, RecordUnavailable
from gcs.keeper.roster import Roster, not_the_same
from gcs.model.alert import (
    AlertAct,
    AlertRecord,
    AlertReply,
    AlertRequest,
    AlertState,
    Judgement,
)
from gcs.model.audit import AuditAction
from gcs.model.people import Holder
from gcs.runtime.clock import Clock

log = logging.getLogger(__name__)

# A desk whose clock is off by more has no dwell time on record, but its decision counts.
CLOCKS_DIFFER_MS = 2000
_WORDS = {
    Judgement.VIABLE: "viable",
    Judgement.NOT_VIABLE: "not viable",
    Judgement.CANNOT_TELL: "cannot tell",
}


class Adjudication:
    """Answers desks."""

    def __init__(
        self,
        record: Record,
        assignments: Assignments,
        roster: Roster,
        book: AuditBook,
        pen: AlertPen,
        clock: Clock,
    ) -> None:
        self._record = record
        self._assignments = assignments
        self._roster = roster
        self._book = book
        self._pen = pen
        self._clock = clock

    async def desk(self, subject: str, request: AlertRequest) -> AlertReply:
        """Answer a desk. Person and desk in the subject are the ones NATS let in."""
        person, desk = subject.split(".")[-2:]
        if (request.by.person, request.by.desk) != (person, desk):
            text = not_the_same(request.by, person, desk)
            return await self._refuse(Holder(person, person, desk), request, text)
        by = self._roster.by_directory(request.by)
        if by is None:
            text = f"{person} is not in this site's directory."
            return await self._refuse(request.by, request, text)
        may_not = self._roster.may_fly(by)
        if may_not is not None:
            return await self._refuse(by, request, may_not.text)
        async with self._record.alerts.lock(request.alert):
            try:
                return await self._answer(replace(request, by=by))
            except AuditUnavailable as error:
                return AlertReply(False, f"Refused, because it cannot be put on record. {error}")
            except RecordUnavailable as error:
                return AlertReply(False, f"Not done. {error}")

    async def _answer(self, request: AlertRequest) -> AlertReply:
        record = self._record.alerts.get(request.alert)
        if record is None:
            text = f"There is no alert {request.alert!r}."
            return await self._refuse(request.by, request, text)
        if course.is_repeat(record, request):
            return AlertReply(True, _sentence(record, request), record)
        now = self._clock.utc_ms()
        if course.is_over(record, self._pen.deployment(record), now):
            text = f"Alert {request.alert}: it expired before it was decided."
            return await self._refuse(request.by, request, text, record)
        record = await self._assignments.settled(record)
        others = refusal(record, request)
        if others is not None:
            return await self._refuse(request.by, request, others.text, record)
        after = course.ask(record, request, self._pen.deployment(record), now)
        if isinstance(after, Refusal):
            return await self._refuse(request.by, request, after.text, record)
        text = _sentence(after, request)
        decided = after.state is AlertState.DECIDED
        act = Act(
            AuditAction.ALERT_DECIDED if decided else AuditAction.ALERT_JUDGED,
            request.alert,
            f"{text} {self._dwell(record, request, now)}",
            request.by,
            self._role(request.by),
            reason=request.reason,
        )
        await self._pen.write(act, after)
        return AlertReply(True, text, after)

    def _dwell(self, record: AlertRecord, request: AlertRequest, now: int) -> str:
        seen = request.seen_utc_ms
        if not record.received_utc_ms - CLOCKS_DIFFER_MS <= seen <= now + CLOCKS_DIFFER_MS:
            return "Dwell time not known: the clock of the desk is off."
        return f"Seen {max(0, now - seen) / 1000:.1f} s before."

    async def _refuse(
        self, by: Holder, request: AlertRequest, text: str, record: AlertRecord | None = None
    ) -> AlertReply:
        """Say no, with the record as it is; on record too, unless that is what fails."""
        what = f"{request.act.value} alert {request.alert}"
        try:
            await self._book.write(Act(AuditAction.REFUSAL, what, text, by, self._role(by)))
        except AuditUnavailable as error:
            log.error("a refusal is not on record: %s", error)
        return AlertReply(False, text, record)

    def _role(self, by: Holder) -> str:
        found = self._roster.presence(by)
        return found.role.value if found else ""


def _sentence(record: AlertRecord, request: AlertRequest) -> str:
    alert, by = record.alert.id, request.by.label
    if request.act is AlertAct.DECIDE and record.response is not None:
        return f"Alert {alert}: {record.response.value.replace('_', ' ')}, decided by {by}."
    word = _WORDS[record.judgement] if record.judgement else "open"
    text = f"Alert {alert}: {word}, judged by {by}."
    if record.state is AlertState.DECIDED:
        return f"{text} No action."
    return f"{text} A second person is asked." if record.state is AlertState.OPEN else text
