"""The audit entry of a change of control: both persons, epoch, reason, the brief's digest."""

from collections.abc import Callable

from gcs.control.stimulus import ControlEvent, Stimulus
from gcs.gateway.auditor import Entry
from gcs.gateway.control_words import said
from gcs.model.audit import AuditAction
from gcs.model.control import ControlRecord, ControlState
from gcs.model.people import Holder

_E = ControlEvent

_ACTIONS: dict[ControlEvent, AuditAction] = {
    _E.TAKE: AuditAction.TAKE,
    _E.LAUNCH: AuditAction.TAKE,
    _E.FOLLOW: AuditAction.TAKE,
    _E.RELEASE: AuditAction.RELEASE,
    _E.DOCKED: AuditAction.RELEASE,
    _E.LEASE_LOST: AuditAction.ORPHANED,
    _E.UNREADABLE: AuditAction.ORPHANED,
    _E.WRITE_UNKNOWN: AuditAction.OUTCOME,
    _E.READ_BACK: AuditAction.OUTCOME,
}


def entry_of(
    before: ControlRecord,
    after: ControlRecord,
    stimulus: Stimulus,
    digest: Callable[[ControlRecord], str],
) -> Entry:
    """`digest`: of the brief as it stands; of one that was read it stands in the record."""
    handover = after.handover or before.handover
    by = stimulus.by or (before.claim.by if before.claim else None) or before.holder
    other, other_desk = _other(before, after, by or before.previous)
    reason = stimulus.reason or (before.claim.reason if before.claim else "")
    return Entry(
        _action(before, after, stimulus),
        after.drone,
        f"{stimulus.event}: {said(after)}",
        by=by,
        reason=reason or (handover.reason if handover else ""),
        incident=after.incident or before.incident,
        before=said(before),
        after=said(after),
        other=other,
        other_desk=other_desk,
        epoch=after.epoch,
        brief=handover.brief or digest(before) if handover else "",
    )


def _action(before: ControlRecord, after: ControlRecord, stimulus: Stimulus) -> AuditAction:
    known = _ACTIONS.get(stimulus.event)
    if known is not None:
        return known
    if after.state is ControlState.ORPHANED:
        return AuditAction.ORPHANED
    if ControlState.FORCED in (before.state, after.state) or stimulus.event is _E.FORCE:
        return AuditAction.FORCED
    return AuditAction.HANDOFF


def _other(before: ControlRecord, after: ControlRecord, by: Holder | None) -> tuple[str, str]:
    """The other person of a hand-over and his desk; one who was offered it has none yet."""
    handover, offer = after.handover or before.handover, after.offer or before.offer
    claim = after.claim or before.claim
    if handover is not None:
        sides: tuple[Holder | None, ...] = (handover.giver, handover.receiver)
    elif claim is not None:
        sides = (claim.by, before.holder)
    elif offer is not None and by is not None and by.person != offer.to_person:
        return offer.to_person, ""
    else:
        sides = (before.holder, after.holder)
    side = next((s for s in sides if s is not None and s != by), None)
    return (side.person, side.desk) if side else ("", "")
