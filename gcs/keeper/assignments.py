"""Whose an open alert is: who may judge it and decide on it.

It belongs to the holder of its feed's camera when it comes in. From then on it moves by its own
line in the brief of a hand-over alone: who takes the flight without reading that line does not
take the adjudication. Only when the one it stays with has left does it go to who holds the
camera then. On a fixed camera, and where nobody holds it, it is any pilot's.
"""

from dataclasses import replace

from gcs.alerts.refusal import Refusal
from gcs.keeper.alert_pen import AlertPen
from gcs.keeper.book import Act
from gcs.keeper.controls import Controls
from gcs.keeper.record import Record
from gcs.keeper.roster import Roster
from gcs.model.alert import STILL_OPEN, AlertAct, AlertRecord, AlertRequest, Judgement
from gcs.model.audit import AuditAction
from gcs.model.control import RECEIVING, ControlRecord
from gcs.model.people import Holder


def belongs_to(now: Holder | None, camera: Holder | None, here: bool) -> Holder | None:
    """Whose it is. `now`: whose so far, and whether that person is `here`; `camera`: its holder."""
    return now if now is not None and (now == camera or here) else camera


def moved_by(record: AlertRecord, control: ControlRecord) -> Holder | None:
    """Who takes an alert along with this hand-over; None when it stays."""
    handover = control.handover
    if handover is None or control.state not in RECEIVING or control.drone != record.alert.feed:
        return None
    read = record.alert.id in handover.alerts
    theirs = record.assigned is not None and record.assigned == handover.giver
    return handover.receiver if read and theirs and record.state in STILL_OPEN else None


def refusal(record: AlertRecord, request: AlertRequest) -> Refusal | None:
    """Why this alert is another person's to decide. A second look is always another person's."""
    whose, by, first = record.assigned, request.by, record.judged_by
    if whose is None or (whose.person, whose.desk) == (by.person, by.desk):
        return None
    second_look = (
        request.act is AlertAct.JUDGE
        and record.judgement is Judgement.CANNOT_TELL
        and first is not None
        and first.person != by.person
    )
    if second_look:
        return None
    return Refusal(f"Alert {record.alert.id} belongs to {whose.label}.", "by")


class Assignments:
    """Writes into the record whose each alert is."""

    def __init__(self, record: Record, controls: Controls, roster: Roster, pen: AlertPen) -> None:
        self._record = record
        self._controls = controls
        self._roster = roster
        self._pen = pen

    def opened(self, record: AlertRecord) -> AlertRecord:
        """A new alert, with whose it is."""
        return replace(record, assigned=self._controls.camera_holder(record.alert.feed))

    async def settled(self, record: AlertRecord) -> AlertRecord:
        """The record as it has to be now. The caller holds its lock.

        Raises AuditUnavailable, RecordUnavailable.
        """
        if not self.unsettled(record):
            return record
        before, to, feed = record.assigned, self._whose(record), record.alert.feed
        left = f" {before.label} has left." if before else ""
        whose = f"{to.label}, who holds {feed}" if to else "any pilot: nobody holds the camera"
        text = f"Alert {record.alert.id} belongs to {whose}.{left}"
        return await self._give(record, to, text)

    def unsettled(self, record: AlertRecord) -> bool:
        """Whether it is another's by now."""
        return record.state in STILL_OPEN and self._whose(record) != record.assigned

    async def transition(self, control: ControlRecord) -> None:
        """A gateway's change of a control record: the alerts whose lines were read go along.

        Raises AuditUnavailable, RecordUnavailable.
        """
        if control.handover is None or not self._controls.takes_camera(control):
            return
        for alert in control.handover.alerts:
            if self._record.alerts.get(alert) is None:
                continue
            async with self._record.alerts.lock(alert):
                record = self._record.alerts.get(alert)
                to = moved_by(record, control) if record else None
                if record is None or to is None or record.assigned is None:
                    continue
                text = (
                    f"Alert {alert} goes from {record.assigned.label} to {to.label} with "
                    f"{control.drone}: its line in the brief was read."
                )
                await self._give(record, to, text)

    def _whose(self, record: AlertRecord) -> Holder | None:
        now, camera = record.assigned, self._controls.camera_holder(record.alert.feed)
        return belongs_to(now, camera, now is not None and self._roster.present(now))

    async def _give(self, record: AlertRecord, to: Holder | None, text: str) -> AlertRecord:
        after = replace(record, assigned=to)
        await self._pen.write(Act(AuditAction.ALERT_ASSIGNED, record.alert.id, text, to), after)
        return after
