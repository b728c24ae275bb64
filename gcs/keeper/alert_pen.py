"""How an alert's record changes: audit, then record, then its images' clocks."""

from dataclasses import replace

from gcs.audit.log import AuditUnavailable
from gcs.keeper.alert_images import AlertImages
from gcs.keeper.book import Act, AuditBook
from gcs.keeper.record import Record, RecordUnavailable
from gcs.model.alert import AlertRecord, Deployment
from gcs.model.audit import AuditAction


class AlertPen:
    """The one way an alert's record is written. The caller holds its lock."""

    def __init__(self, record: Record, book: AuditBook, images: AlertImages) -> None:
        self._record = record
        self._book = book
        self._images = images

    def deployment(self, record: AlertRecord) -> Deployment:
        """The deployment an alert rests on. Raises RecordUnavailable when it is not known."""
        found = self._record.deployments.get(record.alert.deployment)
        if found is None:
            raise RecordUnavailable(f"Deployment {record.alert.deployment} is not on record.")
        return found

    async def write(self, act: Act, after: AlertRecord) -> None:
        """Raises AuditUnavailable, RecordUnavailable (the audit is told that it was not done)."""
        alert = after.alert.id
        before = self._record.alerts.get(alert)
        full = replace(
            act,
            object=alert,
            incident=after.alert.deployment,
            before=digest(before) if before else "",
            after=digest(after),
        )
        await self._book.write(full)
        try:
            await self._record.alerts.write(alert, after)
        except RecordUnavailable as error:
            await self._not_done(full, error)
            raise
        await self._images.set_clocks(after)

    async def erase(self, record: AlertRecord) -> None:
        """Its time is over. Raises AuditUnavailable, RecordUnavailable, OSError."""
        alert = record.alert.id
        await self._images.erase_all(alert)
        text = f"The record of alert {alert} is erased: its time is over."
        await self._book.write(
            Act(AuditAction.ALERT_ERASED, alert, text, before=digest(record), once=text)
        )
        await self._record.alerts.erase(alert)

    async def _not_done(self, act: Act, error: RecordUnavailable) -> None:
        outcome = f"Not done: {error}"
        if act.once:
            return  # it is tried again until it is done
        try:
            await self._book.write(replace(act, action=AuditAction.OUTCOME, outcome=outcome))
        except AuditUnavailable:
            raise error from None


def digest(record: AlertRecord) -> str:
    """A record in one line for the audit."""
    parts = [record.state.value, f"version {record.version}"]
    parts += [value.value for value in (record.judgement, record.response) if value]
    parts += [f"of {record.assigned.label}"] if record.assigned else []
    return ", ".join(parts)
