"""Everything of the keeper that has to do with alerts, put together; and their clocks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path

from gcs.alerts import course
from gcs.alerts.refusal import Refusal
from gcs.keeper.adjudication import Adjudication
from gcs.keeper.alert_images import AlertImages
from gcs.keeper.alert_intake import MOST_BYTES, AlertIntake
from gcs.keeper.alert_pen import AlertPen
from gcs.keeper.assignments import Assignments
from gcs.keeper.book import Act, AuditBook, Tally
from gcs.keeper.controls import Controls
from gcs.keeper.image_store import ImageStore
from gcs.keeper.record import Record, RecordUnavailable
from gcs.keeper.roster import Roster
from gcs.model.alert import (
    STILL_OPEN,
    Alert,
    AlertRecord,
    AlertReply,
    AlertRequest,
    AlertState,
    Deployment,
    ImageReply,
    ImageRequest,
)
from gcs.model.audit import AuditAction
from gcs.model.report import AlertFigures
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus, Spoilt
from gcs.shared.roles import KEEPER_DURABLE
from gcs.shared.subjects import Subjects

log = logging.getLogger(__name__)

TICK_S = 1.0
IMAGES = "images"


class AlertOffice:
    """`serve` once the record is loaded, then `run` until cancelled."""

    def __init__(
        self,
        bus: Bus,
        site: Site,
        deployments: Iterable[Deployment],
        folder: Path,
        record: Record,
        controls: Controls,
        book: AuditBook,
        roster: Roster,
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._names = names = Subjects(site.id)
        self._record = record
        self._book = book
        self._clock = clock
        self._deployments = {deployment.id: deployment for deployment in deployments}
        store = ImageStore(folder / IMAGES)
        self._images = images = AlertImages(bus, names, store, record, book, roster, clock)
        self._pen = pen = AlertPen(record, book, images)
        self.assignments = Assignments(record, controls, roster, pen)
        self._adjudication = Adjudication(record, self.assignments, roster, book, pen, clock)
        self._intake = AlertIntake(
            site, self._deployments, record, book, images, pen, self.assignments, clock
        )
        self._said = ""

    def figures(self) -> AlertFigures:
        """From the record and the audit: what a keeper before this one did is in them."""
        records = self._record.alerts.values
        refused = self._book.tally(Tally.ALERTS_REFUSED)
        decided = sum(record.state is AlertState.DECIDED for record in records)
        return AlertFigures(len(records) + refused, refused, decided)

    async def serve(self) -> None:
        """Answer desks from here on."""
        await self._bus.serve(
            self._names.alert_decision(),
            AlertRequest,
            self._adjudication.desk,
            lambda sentence: AlertReply(False, f"Not understood: {sentence}"),
        )
        await self._bus.serve(
            self._names.alert_image(),
            ImageRequest,
            self._images.serve,
            lambda sentence: ImageReply(False, f"Not understood: {sentence}"),
        )

    async def run(self) -> None:
        """Take alerts and let time pass for them."""
        while True:
            if await self._attempt(self._begin):
                break
            await asyncio.sleep(TICK_S)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(
                self._bus.consume(
                    self._names.alerts_stream,
                    KEEPER_DURABLE,
                    Alert,
                    self._intake.alert,
                    Spoilt(MOST_BYTES, self._intake.spoilt),
                )
            )
            tasks.create_task(self._tick())

    async def _begin(self) -> None:
        for deployment in self._deployments.values():
            await self._enter(deployment)
        await self._images.open()

    async def _enter(self, deployment: Deployment) -> None:
        if self._record.deployments.get(deployment.id) == deployment:
            return
        text = (
            f"Deployment {deployment.id} of this shift, by {deployment.officer}, "
            f"{deployment.authority}: {len(deployment.feeds)} feeds, threshold "
            f"{deployment.threshold:.2f}."
        )
        once = f"deployment {deployment.id} {deployment.start_utc_ms}"
        act = Act(AuditAction.DEPLOYMENT, deployment.id, text, incident=deployment.id, once=once)
        await self._book.write(act)
        await self._record.deployments.write(deployment.id, deployment)

    # -- time passes -----------------------------------------------------------------------------
    async def _tick(self) -> None:
        while True:
            for record in self._record.alerts.values:
                await self._attempt(partial(self._grow_old, record))
            await self._attempt(self._images.erase_due)
            await asyncio.sleep(TICK_S)

    async def _grow_old(self, seen: AlertRecord) -> None:
        """End an alert nobody decided in time; erase one whose time of keeping is over.

        One whose person has left goes to who holds the camera now.
        """
        now = self._clock.utc_ms()
        if now < seen.delete_utc_ms and seen.state not in STILL_OPEN:
            return
        async with self._record.alerts.lock(seen.alert.id):
            record = self._record.alerts.get(seen.alert.id)
            if record is None:
                return
            if now >= record.delete_utc_ms:
                await self._pen.erase(record)
            elif course.is_over(record, self._pen.deployment(record), now):
                await self._expire(record, now)
            elif self.assignments.unsettled(record):
                await self.assignments.settled(record)

    async def _expire(self, record: AlertRecord, now: int) -> None:
        event = course.Event(course.Step.EXPIRE, now, self._pen.deployment(record))
        after = course.advance(record, event)
        if not isinstance(after, Refusal):
            text = f"Alert {record.alert.id} expired; nobody decided it in time."
            act = Act(AuditAction.ALERT_ENDED, record.alert.id, text, once=text)
            await self._pen.write(act, after)

    async def _attempt(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Do it; what the disk or the bus does not let through now is tried again in a second."""
        try:
            await work()
        except (OSError, RecordUnavailable) as error:
            if str(error) != self._said:
                self._said = str(error)
                log.warning("alerts: %s", error)
            return False
        return True
