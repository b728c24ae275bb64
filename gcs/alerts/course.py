"""The course of an alert, pure: what a judgement, a decision, time or the sender make of it.

A table of (state, step); a pair that is not in it is refused. Nothing here is ever decided
by default: only a person's judgement leads to an action.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from gcs.alerts.refusal import Refusal
from gcs.alerts.retention import delete_utc_ms
from gcs.model.alert import (
    STILL_OPEN,
    Alert,
    AlertAct,
    AlertRecord,
    AlertRequest,
    AlertState,
    Deployment,
    Judgement,
    Response,
)
from gcs.model.people import Holder

Result = AlertRecord | Refusal


class Step(StrEnum):
    """What can happen to an alert."""

    JUDGE = "judge"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Event:
    """A step with what belongs to it: a request for JUDGE and DECIDE, the alert for UPDATE."""

    step: Step
    now_utc_ms: int
    deployment: Deployment
    request: AlertRequest | None = None
    update: Alert | None = None


def opened(alert: Alert, deployment: Deployment, now_utc_ms: int) -> AlertRecord:
    """The record of an alert that has just passed the gate."""
    record = AlertRecord(alert, AlertState.OPEN, 1, now_utc_ms, 0)
    return replace(record, delete_utc_ms=delete_utc_ms(record, deployment, now_utc_ms))


def ask(
    record: AlertRecord, request: AlertRequest, deployment: Deployment, now_utc_ms: int
) -> Result:
    """What a person's request makes of the record; the record itself for a repeated one."""
    if is_repeat(record, request):
        return record
    if request.version != record.version:
        return Refusal(f"Alert {record.alert.id}: {standing(record)}.", "version")
    step = Step.JUDGE if request.act is AlertAct.JUDGE else Step.DECIDE
    return advance(record, Event(step, now_utc_ms, deployment, request))


def advance(record: AlertRecord, event: Event) -> Result:
    """The record after an event, or why it stays as it is."""
    step = _TABLE.get((record.state, event.step))
    if step is None:
        return Refusal(f"Alert {record.alert.id}: {standing(record)}.", "state")
    after = step(record, event)
    if isinstance(after, Refusal):
        return after
    after = replace(after, version=record.version + 1)
    until = delete_utc_ms(after, event.deployment, event.now_utc_ms)
    return replace(after, delete_utc_ms=until)


def is_repeat(record: AlertRecord, request: AlertRequest) -> bool:
    """Whether the last thing on record is just what is asked for: an answer that got lost."""
    if request.version != record.version - 1 or request.reason not in ("", record.reason):
        return False
    viable = record.judgement is Judgement.VIABLE
    if request.act is AlertAct.DECIDE:
        decided = (record.decided_by, record.response) == (request.by, request.response)
        return decided and viable
    by = record.second_by or record.judged_by
    judged = (by, record.judgement) == (request.by, request.judgement)
    return judged and (record.state is AlertState.JUDGED) == viable


def is_over(record: AlertRecord, deployment: Deployment, now_utc_ms: int) -> bool:
    """Whether an open alert's time has come: its own, or its deployment's."""
    ends = min(record.alert.expires_utc_ms, deployment.end_utc_ms)
    return record.state in STILL_OPEN and now_utc_ms >= ends


def standing(record: AlertRecord) -> str:
    """Where the alert stands and by whom, in words."""
    by = _label(record.second_by or record.judged_by)
    if record.state is AlertState.DECIDED:
        return f"already decided by {_label(record.decided_by)}"
    if record.state is AlertState.JUDGED:
        return f"already judged viable by {by}"
    if record.state is AlertState.WITHDRAWN:
        return "the central service has withdrawn it"
    if record.state is AlertState.EXPIRED:
        return "it expired before it was decided"
    if record.judgement is Judgement.CANNOT_TELL:
        return f"{by} cannot tell; a second person is asked"
    return "it was updated since you saw it" if record.version > 1 else "it waits for a judgement"


# -- the steps: each returns the record without its version and deletion time -------------------
def _judge(record: AlertRecord, event: Event) -> Result:
    request = event.request
    assert request is not None
    second = record.judgement is Judgement.CANNOT_TELL
    if second and record.judged_by and request.by.person == record.judged_by.person:
        return Refusal(
            f"Alert {record.alert.id}: {request.by.name} could not tell; "
            "the second look is another person's.",
            "by",
        )
    judged = replace(
        record,
        judgement=request.judgement,
        judged_by=record.judged_by if second else request.by,
        second_by=request.by if second else None,
        seen_utc_ms=request.seen_utc_ms,
        judged_utc_ms=event.now_utc_ms,
        reason=request.reason,
    )
    if request.judgement is Judgement.VIABLE:
        return replace(judged, state=AlertState.JUDGED)
    if request.judgement is Judgement.CANNOT_TELL and not second:
        return judged
    # Not viable, or two people could not tell: there is nothing to act on.
    return _decided(judged, request.by, Response.NO_ACTION, event.now_utc_ms)


def _decide(record: AlertRecord, event: Event) -> Result:
    request = event.request
    assert request is not None
    assert request.response is not None
    reason = request.reason or record.reason
    return _decided(replace(record, reason=reason), request.by, request.response, event.now_utc_ms)


def _decided(record: AlertRecord, by: Holder, response: Response, now: int) -> AlertRecord:
    return replace(
        record, state=AlertState.DECIDED, response=response, decided_by=by, decided_utc_ms=now
    )


def _judge_first(record: AlertRecord, event: Event) -> Result:
    return Refusal(f"Alert {record.alert.id}: judge it before you decide.", "state")


def _withdraw(record: AlertRecord, event: Event) -> Result:
    return replace(record, state=AlertState.WITHDRAWN)


def _expire(record: AlertRecord, event: Event) -> Result:
    return replace(record, state=AlertState.EXPIRED)


def _update(record: AlertRecord, event: Event) -> Result:
    """Other content, same alert. Whoever could not tell is asked anew: it looks different now."""
    update = event.update
    assert update is not None
    here = record.alert
    if (update.feed, update.deployment) != (here.feed, here.deployment):
        return Refusal(f"Alert {here.id}: an update names another feed or deployment.", "feed")
    alert = replace(update, id=here.id, type=here.type, refers_to=None)
    received, delete = record.received_utc_ms, record.delete_utc_ms
    return AlertRecord(
        alert, AlertState.OPEN, record.version, received, delete, assigned=record.assigned
    )


_TABLE: dict[tuple[AlertState, Step], Callable[[AlertRecord, Event], Result]] = {
    (AlertState.OPEN, Step.JUDGE): _judge,
    (AlertState.OPEN, Step.DECIDE): _judge_first,
    (AlertState.OPEN, Step.WITHDRAW): _withdraw,
    (AlertState.OPEN, Step.EXPIRE): _expire,
    (AlertState.OPEN, Step.UPDATE): _update,
    (AlertState.JUDGED, Step.DECIDE): _decide,
    (AlertState.JUDGED, Step.WITHDRAW): _withdraw,
    (AlertState.JUDGED, Step.EXPIRE): _expire,
}


def _label(holder: Holder | None) -> str:
    return holder.label if holder else "nobody"
