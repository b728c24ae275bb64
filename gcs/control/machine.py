"""The take and hand-off machine in its shortest true form. Pure: a record and an event in,
the next record or a refusal in words out. It writes nothing and knows no time of its own.

A pair of state and event that is not in `TABLE` is refused; the holder is then unchanged.
Every change of holder, to nobody as well, raises the epoch.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from gcs.model.control import Claim, ControlRecord, ControlState, Offer
from gcs.model.people import Holder

OFFER_S = 60.0
REQUEST_S = 30.0
FORCE_S = 5.0
OVERRIDE_S = 60.0  # after an objection a second order of the same supervisor overrides it


class ControlEvent(StrEnum):
    """What may happen to a drone's control: the desks' acts and the gateway's own events."""

    TAKE = "take"
    OFFER = "offer"
    CANCEL = "cancel"
    ACCEPT = "accept"
    DECLINE = "decline"
    RELEASE = "release"
    REQUEST = "request"
    GRANT = "grant"
    REFUSE = "refuse"
    FORCE = "force"
    OBJECT = "object"
    LAUNCH = "launch"
    LEASE_LOST = "lease_lost"
    CLAIMANT_LOST = "claimant_lost"  # who asks or orders is not heard any more
    OFFER_TIMEOUT = "offer_timeout"
    REQUEST_TIMEOUT = "request_timeout"
    FORCE_DUE = "force_due"
    INTERRUPTED = "interrupted"  # the vehicle began to come down, or is in trouble
    DOCKED = "docked"


@dataclass(frozen=True, slots=True)
class Stimulus:
    """An event with what a transition needs to know. `by` is None for the gateway's own.

    `safe_without_input`: the vehicle is returning or landing.
    """

    event: ControlEvent
    utc_ms: int
    by: Holder | None = None
    epoch: int | None = None
    offer_id: str = ""
    to_person: str = ""
    to_name: str = ""
    reason: str = ""
    incident: str | None = None
    airborne: bool = False
    safe_without_input: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, in one sentence. `holder` is who holds the drone when that is the reason."""

    text: str
    stale_epoch: bool = False
    holder: Holder | None = None


Outcome = ControlRecord | Refusal


def held_by(record: ControlRecord) -> str:
    """`ISL-02 is held by Pilot B at desk-2 since 14:02:11 UTC, epoch 5`."""
    since = datetime.fromtimestamp(record.since_utc_ms / 1000, UTC).strftime("%H:%M:%S UTC")
    who = f"held by {record.holder.label}" if record.holder else _nobody(record)
    return f"{record.drone} is {who} since {since}, epoch {record.epoch}"


def stale(record: ControlRecord, epoch: int) -> Refusal:
    """The refusal of anything that carries an epoch that is not the present one."""
    text = f"{held_by(record)}; the request carries epoch {epoch}"
    return Refusal(text, stale_epoch=True, holder=record.holder)


def step(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The record after the event, or why the event is refused."""
    if stimulus.epoch is not None and stimulus.epoch != record.epoch:
        return stale(record, stimulus.epoch)
    transition = TABLE.get((record.state, stimulus.event))
    if transition is None:
        text = f"{stimulus.event} is not possible now: {held_by(record)}"
        return Refusal(text, holder=record.holder)
    return transition(record, stimulus)


def _nobody(record: ControlRecord) -> str:
    if record.state is ControlState.ORPHANED and record.previous:
        return f"held by nobody (orphaned by {record.previous.label})"
    return "held by nobody"


def _given(record: ControlRecord, to: Holder, stimulus: Stimulus) -> ControlRecord:
    return replace(
        record,
        state=ControlState.OWNED,
        epoch=record.epoch + 1,
        since_utc_ms=stimulus.utc_ms,
        holder=to,
        previous=record.holder or record.previous,
        offer=None,
        claim=None,
        objected=None,
    )


def _left(record: ControlRecord, state: ControlState, stimulus: Stimulus) -> ControlRecord:
    return replace(
        record,
        state=state,
        epoch=record.epoch + 1,
        since_utc_ms=stimulus.utc_ms,
        holder=None,
        previous=record.holder or record.previous,
        offer=None,
        claim=None,
        objected=None,
        incident=record.incident if state is ControlState.ORPHANED else None,
    )


def _kept(record: ControlRecord) -> ControlRecord:
    return replace(record, state=ControlState.OWNED, offer=None, claim=None)


def _same(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    return record


def _take(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    if stimulus.by is None:
        return Refusal(f"a take of {record.drone} names nobody")
    return _given(record, stimulus.by, stimulus)


def _launch_unowned(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    if stimulus.by is None or not stimulus.incident:
        return Refusal(f"a launch of {record.drone} needs a person and an incident number")
    return replace(_given(record, stimulus.by, stimulus), incident=stimulus.incident)


def _launch_owned(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    if not stimulus.incident:
        return Refusal(f"a launch of {record.drone} needs an incident number")
    return _of_holder(record, stimulus) or replace(record, incident=stimulus.incident)


def _offer(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    refused = _of_holder(record, stimulus)
    if refused:
        return refused
    if record.holder and stimulus.to_person == record.holder.person:
        return Refusal(f"{record.drone} cannot be offered to yourself")
    offer = Offer(
        stimulus.offer_id,
        stimulus.to_person,
        stimulus.to_name,
        stimulus.reason,
        stimulus.utc_ms,
        stimulus.utc_ms + round(OFFER_S * 1000),
    )
    return replace(record, state=ControlState.OFFERED, offer=offer)


def _request(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    return _claimed(record, stimulus, ControlState.REQUESTED, REQUEST_S)


def _withdraw(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    return _of_claimant(record, stimulus) or _kept(record)


def _grant(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    refused = _of_holder(record, stimulus)
    if refused or record.claim is None:
        return refused or Refusal(f"nobody asks for {record.drone}")
    if stimulus.utc_ms > record.claim.expires_utc_ms:
        return Refusal(f"the request for {record.drone} has expired", holder=record.holder)
    return _given(record, record.claim.by, stimulus)


def _refuse(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    return _of_holder(record, stimulus) or _kept(record)


def _force(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The holder is warned and may object; a second order after that overrides."""
    objected = record.objected
    if (
        objected is not None
        and stimulus.by == objected.by
        and stimulus.utc_ms <= objected.expires_utc_ms + round(OVERRIDE_S * 1000)
    ):
        return _given(record, objected.by, stimulus)
    return _claimed(record, stimulus, ControlState.FORCED, FORCE_S)


def _object(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    return _of_holder(record, stimulus) or replace(_kept(record), objected=record.claim)


def _force_due(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    if record.claim is None or stimulus.utc_ms <= record.claim.expires_utc_ms:
        return Refusal(f"the holder of {record.drone} may still object", holder=record.holder)
    return _given(record, record.claim.by, stimulus)


def _request_timeout(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    if record.claim is not None and stimulus.utc_ms <= record.claim.expires_utc_ms:
        return Refusal(f"the request for {record.drone} is still open")
    return _kept(record)


def _claimed(
    record: ControlRecord, stimulus: Stimulus, state: ControlState, lasts_s: float
) -> Outcome:
    if stimulus.by is None or not stimulus.reason.strip():
        return Refusal(f"who wants {record.drone} must give a reason", holder=record.holder)
    if record.holder and stimulus.by.person == record.holder.person:
        return Refusal(f"you hold {record.drone} yourself", holder=record.holder)
    if record.holder and stimulus.by.desk == record.holder.desk:
        text = f"{record.drone} is held at {stimulus.by.desk}: ask at another desk"
        return Refusal(text, holder=record.holder)
    until_utc_ms = stimulus.utc_ms + round(lasts_s * 1000)
    claim = Claim(stimulus.offer_id, stimulus.by, stimulus.reason, stimulus.utc_ms, until_utc_ms)
    return replace(record, state=state, claim=claim, offer=None, objected=None)


def _cancel(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    return _of_holder(record, stimulus) or _kept(record)


def _accept(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    refused = _of_receiver(record, stimulus)
    if refused or stimulus.by is None:
        return refused or Refusal(f"an answer about {record.drone} names nobody")
    if record.holder and stimulus.by.desk == record.holder.desk:
        return Refusal(f"{record.drone} is held at {stimulus.by.desk}: accept at another desk")
    if record.offer and stimulus.utc_ms > record.offer.expires_utc_ms:
        return Refusal(f"the offer of {record.drone} has expired", holder=record.holder)
    return _given(record, stimulus.by, stimulus)


def _decline(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    return _of_receiver(record, stimulus) or _kept(record)


def _timeout(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    if record.offer and stimulus.utc_ms <= record.offer.expires_utc_ms:
        return Refusal(f"the offer of {record.drone} is still open")
    return _kept(record)


def _interrupted(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """What was offered is not the flight that it is now: a fresh offer is needed."""
    return _kept(record)


def _release(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    refused = _of_holder(record, stimulus)
    if refused:
        return refused
    if stimulus.airborne and not stimulus.safe_without_input:
        text = f"{record.drone} is in the air: return or land it, or hand it over, before a release"
        return Refusal(text, holder=record.holder)
    return _left(record, ControlState.UNOWNED, stimulus)


def _lease_lost(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """In the air the drone is orphaned; on the ground it is simply nobody's."""
    state = ControlState.ORPHANED if stimulus.airborne else ControlState.UNOWNED
    return _left(record, state, stimulus)


def _docked(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    return _left(record, ControlState.UNOWNED, stimulus)


def _of_holder(record: ControlRecord, stimulus: Stimulus) -> Refusal | None:
    if stimulus.by is not None and stimulus.by == record.holder:
        return None
    return Refusal(held_by(record), holder=record.holder)


def _of_claimant(record: ControlRecord, stimulus: Stimulus) -> Refusal | None:
    if record.claim is not None and stimulus.by == record.claim.by:
        return None
    return Refusal(f"only who asks for {record.drone} may withdraw that", holder=record.holder)


def _of_receiver(record: ControlRecord, stimulus: Stimulus) -> Refusal | None:
    if record.offer and stimulus.by and stimulus.by.person == record.offer.to_person:
        return None
    name = record.offer.to_name if record.offer else "nobody"
    return Refusal(f"{record.drone} is offered to {name} alone", holder=record.holder)


_S = ControlState
_E = ControlEvent

TABLE: dict[tuple[ControlState, ControlEvent], Callable[[ControlRecord, Stimulus], Outcome]] = {
    (_S.UNOWNED, _E.TAKE): _take,
    (_S.UNOWNED, _E.LAUNCH): _launch_unowned,
    (_S.UNOWNED, _E.LEASE_LOST): _same,
    (_S.UNOWNED, _E.DOCKED): _same,
    (_S.OWNED, _E.OFFER): _offer,
    (_S.OWNED, _E.RELEASE): _release,
    (_S.OWNED, _E.LAUNCH): _launch_owned,
    (_S.OWNED, _E.LEASE_LOST): _lease_lost,
    (_S.OWNED, _E.DOCKED): _docked,
    (_S.OWNED, _E.REQUEST): _request,
    (_S.OWNED, _E.FORCE): _force,
    (_S.OFFERED, _E.FORCE): _force,
    (_S.REQUESTED, _E.FORCE): _force,
    (_S.REQUESTED, _E.GRANT): _grant,
    (_S.REQUESTED, _E.REFUSE): _refuse,
    (_S.REQUESTED, _E.CANCEL): _withdraw,
    (_S.REQUESTED, _E.CLAIMANT_LOST): _interrupted,
    (_S.REQUESTED, _E.REQUEST_TIMEOUT): _request_timeout,
    (_S.REQUESTED, _E.INTERRUPTED): _interrupted,
    (_S.REQUESTED, _E.LEASE_LOST): _lease_lost,
    (_S.REQUESTED, _E.DOCKED): _docked,
    (_S.FORCED, _E.OBJECT): _object,
    (_S.FORCED, _E.CANCEL): _withdraw,
    (_S.FORCED, _E.CLAIMANT_LOST): _interrupted,
    (_S.FORCED, _E.FORCE_DUE): _force_due,
    (_S.FORCED, _E.INTERRUPTED): _interrupted,
    (_S.FORCED, _E.LEASE_LOST): _lease_lost,
    (_S.FORCED, _E.DOCKED): _docked,
    (_S.OFFERED, _E.ACCEPT): _accept,
    (_S.OFFERED, _E.DECLINE): _decline,
    (_S.OFFERED, _E.CANCEL): _cancel,
    (_S.OFFERED, _E.OFFER_TIMEOUT): _timeout,
    (_S.OFFERED, _E.INTERRUPTED): _interrupted,
    (_S.OFFERED, _E.LEASE_LOST): _lease_lost,
    (_S.OFFERED, _E.DOCKED): _docked,
    (_S.ORPHANED, _E.TAKE): _take,
    (_S.ORPHANED, _E.LEASE_LOST): _same,
    (_S.ORPHANED, _E.DOCKED): _docked,
}
