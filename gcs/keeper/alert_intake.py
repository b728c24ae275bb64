"""What the keeper takes from the alert stream: through the gate, or refused on record.

Each message is done with when a handler returns; raising (a full disk, a bus that is away) has
it delivered again. Whatever is wrong with the message itself is a refusal, never an exception.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from gcs.alerts import course, gate
from gcs.alerts.refusal import Refusal
from gcs.keeper.alert_images import AlertImages, Fetched
from gcs.keeper.alert_pen import AlertPen
from gcs.keeper.assignments import Assignments
from gcs.keeper.book import Act, AuditBook, Tally
from gcs.keeper.record import Record, RecordUnavailable
from gcs.model.alert import (
    Alert,
    AlertImage,
    AlertRecord,
    AlertState,
    AlertType,
    Deployment,
)
from gcs.model.audit import AuditAction
from gcs.model.site import Site
from gcs.runtime.clock import Clock

log = logging.getLogger(__name__)

# A real one has about two; more is refused unread.
MOST_BYTES = 65_536
NEEDED = (AlertImage.PROBE, AlertImage.CANDIDATE)


class AlertIntake:
    """Handlers for `Bus.consume` on the alert stream."""

    def __init__(
        self,
        site: Site,
        deployments: Mapping[str, Deployment],
        record: Record,
        book: AuditBook,
        images: AlertImages,
        pen: AlertPen,
        assignments: Assignments,
        clock: Clock,
    ) -> None:
        self._rules = gate.Rules(site.mode, frozenset(site.feeds), deployments)
        self._record = record
        self._book = book
        self._images = images
        self._pen = pen
        self._assignments = assignments
        self._clock = clock
        self._by_type: dict[AlertType, Callable[[Alert], Awaitable[Refusal | None]]] = {
            AlertType.ALERT: self._new,
            AlertType.UPDATE: self._update,
            AlertType.CANCEL: self._cancel,
        }

    async def alert(self, _: int, alert: Alert) -> None:
        """A message of the central service."""
        try:
            refused = await self._by_type[alert.type](alert)
        except (OSError, RecordUnavailable):
            raise
        except Exception as error:
            log.exception("alert %s", alert.id)
            refused = Refusal(f"Alert {alert.id}: it could not be dealt with ({error!r}).")
        if refused is not None:
            once = f"{alert.id} {alert.type} {refused.field}"
            await self._refuse(alert.id, refused, once, alert.deployment)

    async def spoilt(self, sequence: int, sentence: str) -> None:
        """A message that is no alert at all: malformed, absurd or too large."""
        await self._refuse("alert", Refusal(sentence), f"{sequence} {sentence}")

    async def _refuse(self, alert: str, refused: Refusal, once: str, deployment: str = "") -> None:
        log.info("an alert was refused: %s", refused.text)
        await self._book.write(
            Act(
                AuditAction.ALERT_REFUSED,
                alert,
                refused.text,
                reason=refused.field,
                incident=deployment,
                once=once,
                tally=Tally.ALERTS_REFUSED,
            )
        )

    # -- a new one -------------------------------------------------------------------------------
    async def _new(self, alert: Alert) -> Refusal | None:
        known = self._record.alerts.get(alert.id)
        if known is not None and known.alert == alert:
            return None  # it came before
        found = gate.refusal(alert, self._rules, self._clock.utc_ms())
        if found is not None:
            return found
        if known is not None:
            return Refusal(f"Alert {alert.id}: id: another alert has it; the first is kept.", "id")
        fetched = await self._images.fetch(alert)
        lacking = _lacking(alert, fetched)
        if lacking is not None:
            return lacking
        now = self._clock.utc_ms()
        record = course.opened(alert, self._rules.deployments[alert.deployment], now)
        async with self._record.alerts.lock(alert.id):
            await self._images.keep(record, fetched)
            await self._pen.write(_received(alert, fetched), self._assignments.opened(record))
        return None

    # -- more about one that came before ---------------------------------------------------------
    async def _update(self, alert: Alert) -> Refusal | None:
        found = gate.refusal(alert, self._rules, self._clock.utc_ms())
        if found is not None:
            return found
        fetched = await self._images.fetch(alert)
        async with self._record.alerts.lock(alert.refers_to or ""):
            known = self._named(alert)
            if isinstance(known, Refusal):
                return known
            step = course.Event(
                course.Step.UPDATE,
                self._clock.utc_ms(),
                self._pen.deployment(known),
                update=alert,
            )
            after = course.advance(known, step)
            if isinstance(after, Refusal):
                return after
            if after.alert == known.alert:
                return None
            lacking = _lacking(alert, fetched)
            if lacking is not None:
                return lacking
            await self._images.keep(after, fetched)
            await self._pen.write(_received(after.alert, fetched, alert.id), after)
        return None

    async def _cancel(self, alert: Alert) -> Refusal | None:
        found = gate.refusal_of_withdrawal(alert, self._rules)
        if found is not None:
            return found
        async with self._record.alerts.lock(alert.refers_to or ""):
            known = self._named(alert)
            if isinstance(known, Refusal):
                return known
            if known.state is AlertState.WITHDRAWN:
                return None
            event = course.Event(
                course.Step.WITHDRAW, self._clock.utc_ms(), self._pen.deployment(known)
            )
            after = course.advance(known, event)
            if isinstance(after, Refusal):
                return replace(after, text=f"{after.text} It cannot be withdrawn any more.")
            text = f"Alert {known.alert.id} is withdrawn by the central service."
            await self._pen.write(
                Act(AuditAction.ALERT_ENDED, known.alert.id, text, once=text), after
            )
        return None

    def _named(self, alert: Alert) -> AlertRecord | Refusal:
        known = self._record.alerts.get(alert.refers_to or "")
        if known is None or known.alert.deployment != alert.deployment:
            text = f"Alert {alert.id}: refers_to: there is no alert {alert.refers_to} of "
            return Refusal(f"{text}deployment {alert.deployment}.", "refers_to")
        return known


def _lacking(alert: Alert, fetched: Fetched) -> Refusal | None:
    for image in NEEDED:
        if image in fetched.missing:
            why = fetched.missing[image].rstrip(".")
            return Refusal(f"Alert {alert.id}: {image.value} image: {why}.", image.value)
    return None


def _received(alert: Alert, fetched: Fetched, update: str = "") -> Act:
    """The entry of an alert that is taken: what it rests on, nothing of whom it may be."""
    what = f"is updated by {update}" if update else "is taken"
    text = f"Alert {alert.id} on {alert.feed} {what}: score {alert.score:.2f}, {alert.category}."
    if AlertImage.STILL in fetched.missing:
        text += f" Its still is missing: {fetched.missing[AlertImage.STILL]}"
    once = f"received {alert.id} {update}"
    return Act(AuditAction.ALERT_RECEIVED, alert.id, text, once=once)
