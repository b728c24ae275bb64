"""From the open brief to the receiver's confirmation: "you have control?", "I have control".

Until TRANSFERRING the giver holds it and every doubt leaves it there; from TRANSFERRING on the
receiver does, and what is not confirmed in time is held in the air by nobody rather than by two.
"""

from dataclasses import replace

from gcs.control.changes import (
    abandoned,
    after,
    at_another_desk,
    given,
    kept,
    of_holder,
    of_receiver,
)
from gcs.control.stimulus import Outcome, Refusal, Stimulus
from gcs.model.brief import Line
from gcs.model.control import ControlRecord, ControlState, Handover, HandoverKind
from gcs.model.function import Function

BRIEFING_S = 180.0
ARMED_S = 15.0
TRANSFER_S = 3.0
CONFIRM_S = 10.0


# -- into the brief --------------------------------------------------------------------------
def open_brief(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The receiver of an offer opens its brief."""
    refused, offer = of_receiver(record, stimulus), record.offer
    if refused or stimulus.by is None or offer is None:
        return refused or Refusal(f"{record.drone} is not offered to anybody")
    refused = at_another_desk(record, stimulus.by, "open the brief")
    if refused:
        return refused
    if stimulus.utc_ms > offer.expires_utc_ms:
        return Refusal(f"the offer of {record.drone} has expired", holder=record.holder)
    handover = Handover(
        offer.id,
        HandoverKind.OFFERED,
        record.holder,
        stimulus.by,
        offer.reason,
        stimulus.utc_ms,
        after(stimulus.utc_ms, BRIEFING_S),
        offer.promised,
        offer.payload,
    )
    return _in(record, ControlState.BRIEFING, handover)


def grant(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The holder grants what was asked for: the brief is open."""
    refused, claim = of_holder(record, stimulus), record.claim
    if refused or claim is None:
        return refused or Refusal(f"nobody asks for {record.drone}")
    if stimulus.utc_ms > claim.expires_utc_ms:
        return Refusal(f"the request for {record.drone} has expired", holder=record.holder)
    handover = Handover(
        claim.id,
        HandoverKind.REQUESTED,
        record.holder,
        claim.by,
        claim.reason,
        stimulus.utc_ms,
        after(stimulus.utc_ms, BRIEFING_S),
        stimulus.promised,
        stimulus.payload,
    )
    return _in(record, ControlState.BRIEFING, handover)


# -- the brief -------------------------------------------------------------------------------
def tick(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The receiver has read a line as it stands."""
    refused, line, handover = of_receiver(record, stimulus), stimulus.line, record.handover
    if refused or line is None or handover is None:
        return refused or Refusal(f"no line of the brief of {record.drone} is named")
    if line in handover.ticked:
        return record
    if line not in stimulus.lines:
        return Refusal(f"{line.key} of {record.drone} has changed: read it again")
    others = tuple(t for t in handover.ticked if t.key != line.key)
    return replace(record, handover=replace(handover, ticked=(*others, line)))


def waive(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """Giver or receiver waives a pre-check; it counts once both have."""
    handover, by = record.handover, stimulus.by
    if handover is None or by is None or by not in (handover.giver, handover.receiver):
        return Refusal(f"only who gives and who receives {record.drone} waive a pre-check")
    if stimulus.waive not in stimulus.waivable:
        return Refusal(f"{stimulus.waive} cannot be waived", holder=record.holder)
    mark = (stimulus.waive, by.person)
    if mark in handover.waived:
        return record
    return replace(record, handover=replace(handover, waived=(*handover.waived, mark)))


def brief_changed(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """What matters in a line has changed: its tick is gone, and the brief is open again. So it
    is when a line that has to be read came in after the last tick."""
    handover = record.handover
    if handover is None:
        return Refusal(f"there is no brief of {record.drone}")
    still = tuple(t for t in handover.ticked if t in stimulus.lines)
    complete = record.state is ControlState.BRIEFING or not unread(handover, stimulus.lines)
    if still == handover.ticked and complete:
        return record
    return _reopened(record, replace(handover, ticked=still), stimulus)


def checks_passed(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """Every line is ticked as it stands and every pre-check passes or is waived by both."""
    handover = record.handover
    if handover is None or not stimulus.lines:
        return Refusal(f"there is no brief of {record.drone}")
    refused = _not_ready(record, handover, stimulus)
    if refused:
        return refused
    checked = replace(handover, until_utc_ms=0, failed=(), brief=stimulus.brief)
    return _in(record, ControlState.CHECKED, checked)


def check_failed(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """A pre-check fails again."""
    handover = record.handover
    failed = open_failures(handover, stimulus.failed) if handover else ()
    if handover is None or not failed:
        return record
    return _reopened(record, replace(handover, failed=failed), stimulus)


def unread(handover: Handover, lines: tuple[Line, ...]) -> tuple[str, ...]:
    """The lines not ticked as they stand now; an alert's line need not be."""
    return tuple(n.key for n in lines if not n.of_alert and n not in handover.ticked)


def open_failures(handover: Handover, failed: tuple[str, ...]) -> tuple[str, ...]:
    """The pre-checks that fail and that not both have waived."""
    persons = {h.person for h in (handover.giver, handover.receiver) if h}
    return tuple(k for k in failed if {p for key, p in handover.waived if key == k} != persons)


def _not_ready(record: ControlRecord, handover: Handover, stimulus: Stimulus) -> Refusal | None:
    """Asked anew at each step: a line or a check may have changed since the last second."""
    open_lines = unread(handover, stimulus.lines)
    if open_lines:
        return Refusal(f"not read yet in the brief of {record.drone}: {', '.join(open_lines)}")
    failed = open_failures(handover, stimulus.failed)
    if failed:
        return Refusal(f"{record.drone} cannot be handed over yet: {', '.join(failed)}")
    return None


# -- "you have control?" - "I have control" ----------------------------------------------------
def arm(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The holder asks; the vehicle must be in a mode that is safe without input."""
    refused, handover = of_holder(record, stimulus), record.handover
    if refused or handover is None:
        return refused or Refusal(f"{record.drone} is not being handed over")
    if _needs_input(record, stimulus):
        text = f"{record.drone} needs input in its mode: hold it before you hand it over"
        return Refusal(text, holder=record.holder)
    armed = replace(handover, until_utc_ms=after(stimulus.utc_ms, ARMED_S))
    return _not_ready(record, handover, stimulus) or _in(record, ControlState.ARMED, armed)


def unsafe(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The vehicle left the mode that is safe without input before the change."""
    if record.handover is None or not _needs_input(record, stimulus):
        return record
    return _reopened(record, record.handover, stimulus)


def assume(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The receiver says so: one change revokes the old epoch and issues the next."""
    refused, handover = of_receiver(record, stimulus), record.handover
    if refused or handover is None:
        return refused or Refusal(f"{record.drone} is not being handed over")
    if stimulus.utc_ms > handover.until_utc_ms:
        return Refusal(f"the question about {record.drone} has expired", holder=record.holder)
    if _needs_input(record, stimulus):
        return Refusal(f"{record.drone} is no longer in a safe mode", holder=record.holder)
    return _not_ready(record, handover, stimulus) or transfer(record, handover, stimulus)


def transfer(record: ControlRecord, handover: Handover, stimulus: Stimulus) -> ControlRecord:
    """The receiver holds it under the next epoch, still to be confirmed."""
    going = replace(handover, until_utc_ms=after(stimulus.utc_ms, TRANSFER_S))
    given_away = given(record, handover.receiver, stimulus)
    return replace(given_away, state=ControlState.TRANSFERRING, handover=going)


# -- after it --------------------------------------------------------------------------------
def heard(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The vehicle was heard: what remains is that both see the change."""
    handover = record.handover
    if handover is None:
        return Refusal(f"{record.drone} is not being handed over")
    if not stimulus.airborne or record.function is Function.PAYLOAD or _seen(handover):
        return _done(record)
    confirming = replace(handover, until_utc_ms=after(stimulus.utc_ms, CONFIRM_S))
    return _in(record, ControlState.CONFIRMING, confirming)


def reasserted(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The receiver ordered a safe mode under the new epoch, and the vehicle shows it."""
    if record.handover is None:
        return Refusal(f"{record.drone} is not being handed over")
    return _settle(record, replace(record.handover, reasserted=True))


def confirm(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """Who held it has seen the change."""
    handover = record.handover
    if handover is None or stimulus.by is None or stimulus.by != handover.giver:
        return Refusal(f"only who gave {record.drone} confirms that", holder=record.holder)
    return _settle(record, replace(handover, confirmed=True))


def transfer_over(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """Nothing was heard of the vehicle: the receiver is its holder all the same."""
    if record.handover and stimulus.utc_ms <= record.handover.until_utc_ms:
        return Refusal(f"the transfer of {record.drone} is not over")
    return _done(record)


def confirm_over(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """A silent giver is left out of it; a receiver that showed nothing does not hold it."""
    handover = record.handover
    if handover is None or stimulus.utc_ms <= handover.until_utc_ms:
        return Refusal(f"{record.drone} may still be confirmed")
    if handover.reasserted:
        return _done(record)
    return abandoned(record, stimulus, first=handover.giver)


def receiver_lost(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The new holder's lease is lost before it was confirmed."""
    return abandoned(record, stimulus, first=record.handover.giver if record.handover else None)


def stage_over(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """Brief or question not answered in time: the giver keeps it."""
    handover = record.handover
    if handover is None or not handover.until_utc_ms or stimulus.utc_ms <= handover.until_utc_ms:
        return Refusal(f"the hand-over of {record.drone} is still open")
    return kept(record)


def _needs_input(record: ControlRecord, stimulus: Stimulus) -> bool:
    """In the air, in a mode in which somebody must steer. A payload may be handed over then."""
    flies = stimulus.airborne and record.function is Function.FLIGHT
    return flies and not stimulus.needs_no_input


def _settle(record: ControlRecord, handover: Handover) -> ControlRecord:
    if record.state is ControlState.CONFIRMING and _seen(handover):
        return _done(record)
    return replace(record, handover=handover)


def _seen(handover: Handover) -> bool:
    """A giver who was overruled or is gone is not waited for."""
    return handover.reasserted and (handover.confirmed or not handover.voluntary)


def _done(record: ControlRecord) -> ControlRecord:
    return replace(record, state=ControlState.OWNED, handover=None)


def _reopened(record: ControlRecord, handover: Handover, stimulus: Stimulus) -> ControlRecord:
    lasts = handover.until_utc_ms if record.state is ControlState.BRIEFING else 0
    until = lasts or after(stimulus.utc_ms, BRIEFING_S)
    return _in(record, ControlState.BRIEFING, replace(handover, until_utc_ms=until, brief=""))


def _in(record: ControlRecord, state: ControlState, handover: Handover) -> ControlRecord:
    return replace(record, state=state, handover=handover, offer=None, claim=None)
