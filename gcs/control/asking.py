"""Taking, offering, asking and ordering: how a change of holder begins, or comes to nothing."""

from dataclasses import replace

from gcs.control.changes import (
    abandoned,
    after,
    at_another_desk,
    given,
    kept,
    left,
    of_claimant,
    of_holder,
    of_receiver,
)
from gcs.control.handing import transfer
from gcs.control.stimulus import Outcome, Refusal, Stimulus, held_by
from gcs.model.control import (
    Claim,
    ControlRecord,
    ControlState,
    Handover,
    HandoverKind,
    Offer,
)
from gcs.model.function import Function

OFFER_S = 60.0
REQUEST_S = 30.0
FORCE_S = 5.0
OVERRIDE_S = 60.0  # after an objection a second order of the same supervisor overrides it
FIRST_S = 5.0  # for so long only who is first in line claims an orphaned drone
SETTLE_S = 3.0  # for so long a take or a takeover waits for a mode that is safe without input


def same(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """Listed, and without effect."""
    return record


def take(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """Of what nobody holds. A flight that is taken in the air is confirmed like any transfer."""
    by, first = stimulus.by, record.first
    if by is None:
        return Refusal(f"a take of {record.drone} names nobody")
    early = stimulus.utc_ms <= after(record.since_utc_ms, FIRST_S)
    if first is not None and first != by and early:
        return Refusal(f"{first.label} is first in line for {record.drone}")
    if record.function is Function.PAYLOAD or not stimulus.airborne:
        return given(record, by, stimulus)
    if unsettled(record, stimulus, record.since_utc_ms):
        return Refusal(f"{record.drone} is being held first: take it in a moment")
    kind, now = HandoverKind.CLAIMED, stimulus.utc_ms
    handover = Handover(stimulus.offer_id, kind, None, by, stimulus.reason, now, 0)
    return transfer(record, handover, stimulus)


def launch_unowned(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """A launch of what nobody holds takes it."""
    if stimulus.by is None or not stimulus.incident:
        return Refusal(f"a launch of {record.drone} needs a person and an incident number")
    return replace(given(record, stimulus.by, stimulus), incident=stimulus.incident)


def launch_owned(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """By its holder."""
    if not stimulus.incident:
        return Refusal(f"a launch of {record.drone} needs an incident number")
    return of_holder(record, stimulus) or replace(record, incident=stimulus.incident)


def follow(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The payload goes with the flight, from nobody or from who gave the flight away."""
    if record.function is not Function.PAYLOAD or stimulus.to is None:
        return Refusal(f"only the payload of {record.drone} follows its flight")
    if record.holder == stimulus.to:
        return record
    if record.holder is not None and record.holder != stimulus.by:
        return Refusal(f"the payload of {held_by(record)}, apart from its flight")
    return given(record, stimulus.to, stimulus)


def release(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """By its holder; in the air only of what comes down. A payload flies nothing."""
    refused = of_holder(record, stimulus)
    if refused:
        return refused
    flies = stimulus.airborne and record.function is Function.FLIGHT
    if flies and not stimulus.safe_without_input:
        text = f"{record.drone} is in the air: return or land it, or hand it over, before a release"
        return Refusal(text, holder=record.holder)
    return left(record, ControlState.UNOWNED, stimulus)


def lost(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The holder's lease is lost."""
    return abandoned(record, stimulus)


def docked(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """Back in its dock it is nobody's."""
    return left(record, ControlState.UNOWNED, stimulus)


def ended(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """What was under way has ended; resuming needs a fresh offer."""
    return kept(record)


# -- offers ----------------------------------------------------------------------------------
def offer(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """To a named person, who has 60 s to open the brief."""
    refused = of_holder(record, stimulus)
    if refused:
        return refused
    if record.holder and stimulus.to_person == record.holder.person:
        return Refusal(f"{record.drone} cannot be offered to yourself")
    made = Offer(
        stimulus.offer_id,
        stimulus.to_person,
        stimulus.to_name,
        stimulus.reason,
        stimulus.utc_ms,
        after(stimulus.utc_ms, OFFER_S),
        stimulus.promised,
        stimulus.payload,
    )
    return replace(record, state=ControlState.OFFERED, offer=made)


def cancel(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The holder keeps it after all."""
    return of_holder(record, stimulus) or kept(record)


def decline(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The receiver does not want it."""
    return of_receiver(record, stimulus) or kept(record)


def offer_over(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """After its 60 s."""
    if record.offer and stimulus.utc_ms <= record.offer.expires_utc_ms:
        return Refusal(f"the offer of {record.drone} is still open")
    return kept(record)


# -- claims ----------------------------------------------------------------------------------
def request(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """Another asks the holder, who has 30 s."""
    return _claimed(record, stimulus, ControlState.REQUESTED, REQUEST_S)


def withdraw(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """By who asked."""
    return of_claimant(record, stimulus) or kept(record)


def refuse(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """By the holder."""
    return of_holder(record, stimulus) or kept(record)


def request_over(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """After its 30 s."""
    if record.claim is not None and stimulus.utc_ms <= record.claim.expires_utc_ms:
        return Refusal(f"the request for {record.drone} is still open")
    return kept(record)


def force(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The holder is warned and may object; a second order after that overrides."""
    objected = record.objected
    overrides = (
        objected is not None
        and stimulus.by == objected.by
        and stimulus.utc_ms <= after(objected.expires_utc_ms, OVERRIDE_S)
    )
    forced = _claimed(record, stimulus, ControlState.FORCED, 0.0 if overrides else FORCE_S)
    if not overrides or isinstance(forced, Refusal):
        return forced
    forced = replace(forced, objected=objected)
    if forced.claim is None or unsettled(forced, stimulus, stimulus.utc_ms):
        return forced
    return transfer(forced, _forced(forced, forced.claim), stimulus)


def object_to(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The holder keeps it, unless the order is given again."""
    refused = of_holder(record, stimulus)
    if refused:
        return refused
    if record.objected is not None and record.claim is not None:
        text = f"{record.claim.by.label} has ordered it a second time: {record.drone} goes over"
        return Refusal(text, holder=record.holder)
    return replace(kept(record), objected=record.claim)


def force_due(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The 5 s are over and nobody objected. A vehicle that needs input is held first, but one
    that does not answer keeps nobody from it."""
    claim = record.claim
    if claim is None:
        return Refusal(f"nobody takes {record.drone} over")
    if stimulus.utc_ms <= claim.expires_utc_ms and record.objected is None:
        return Refusal(f"the holder of {record.drone} may still object", holder=record.holder)
    if unsettled(record, stimulus, claim.expires_utc_ms):
        return Refusal(f"{record.drone} is being held first", holder=record.holder)
    return transfer(record, _forced(record, claim), stimulus)


def unsettled(record: ControlRecord, stimulus: Stimulus, since_utc_ms: int) -> bool:
    """In the air, in a mode that needs input, and there is still time to bring it out of that."""
    if record.function is Function.PAYLOAD or not stimulus.airborne or stimulus.needs_no_input:
        return False
    return stimulus.utc_ms <= after(since_utc_ms, SETTLE_S)


def _forced(record: ControlRecord, claim: Claim) -> Handover:
    kind, made = HandoverKind.FORCED, claim.made_utc_ms
    return Handover(claim.id, kind, record.holder, claim.by, claim.reason, made, 0)


def _claimed(
    record: ControlRecord, stimulus: Stimulus, state: ControlState, lasts_s: float
) -> Outcome:
    if stimulus.by is None or not stimulus.reason.strip():
        return Refusal(f"who wants {record.drone} must give a reason", holder=record.holder)
    if record.holder and stimulus.by.person == record.holder.person:
        return Refusal(f"you hold {record.drone} yourself", holder=record.holder)
    refused = at_another_desk(record, stimulus.by, "ask")
    if refused:
        return refused
    until_utc_ms = after(stimulus.utc_ms, lasts_s)
    claim = Claim(stimulus.offer_id, stimulus.by, stimulus.reason, stimulus.utc_ms, until_utc_ms)
    objected = record.objected if state is ControlState.REQUESTED else None
    return replace(kept(record), state=state, claim=claim, objected=objected)
