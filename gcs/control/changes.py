"""What every transition of a control record is made of, and who may bring one about."""

from dataclasses import replace

from gcs.control.stimulus import Refusal, Stimulus, held_by
from gcs.model.control import ControlRecord, ControlState
from gcs.model.function import Function
from gcs.model.people import Holder


def after(utc_ms: int, lasts_s: float) -> int:
    """The moment so many seconds later, UTC ms."""
    return utc_ms + round(lasts_s * 1000)


def given(record: ControlRecord, to: Holder, stimulus: Stimulus) -> ControlRecord:
    """`to` holds it from now on, under the next epoch."""
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
        handover=None,
        first=None,
    )


def left(
    record: ControlRecord, state: ControlState, stimulus: Stimulus, first: Holder | None = None
) -> ControlRecord:
    """Nobody holds it, under the next epoch."""
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
        handover=None,
        first=first,
        incident=record.incident if state is ControlState.ORPHANED else None,
    )


def kept(record: ControlRecord) -> ControlRecord:
    """The holder as before; what was offered, asked or under way has come to nothing."""
    return replace(record, state=ControlState.OWNED, offer=None, claim=None, handover=None)


def abandoned(
    record: ControlRecord, stimulus: Stimulus, first: Holder | None = None
) -> ControlRecord:
    """In the air a flight is orphaned; on the ground, and a payload, is simply nobody's."""
    orphan = stimulus.airborne and record.function is Function.FLIGHT
    return left(
        record,
        ControlState.ORPHANED if orphan else ControlState.UNOWNED,
        stimulus,
        first if orphan else None,
    )


# -- who may ---------------------------------------------------------------------------------
def of_holder(record: ControlRecord, stimulus: Stimulus) -> Refusal | None:
    """Only the person at the desk that holds it."""
    if stimulus.by is not None and stimulus.by == record.holder:
        return None
    return Refusal(held_by(record), holder=record.holder)


def of_claimant(record: ControlRecord, stimulus: Stimulus) -> Refusal | None:
    """Only who asks for it."""
    if record.claim is not None and stimulus.by == record.claim.by:
        return None
    return Refusal(f"only who asks for {record.drone} may withdraw that", holder=record.holder)


def of_receiver(record: ControlRecord, stimulus: Stimulus) -> Refusal | None:
    """Only who was offered it, or receives it now."""
    if record.offer is not None:
        if stimulus.by and stimulus.by.person == record.offer.to_person:
            return None
        return Refusal(
            f"{record.drone} is offered to {record.offer.to_name} alone", False, record.holder
        )
    if record.handover is not None and stimulus.by == record.handover.receiver:
        return None
    name = record.handover.receiver.label if record.handover else "nobody"
    return Refusal(f"{record.drone} is being handed to {name} alone", holder=record.holder)


def at_another_desk(record: ControlRecord, by: Holder, verb: str) -> Refusal | None:
    """A hand-over goes from one desk to another."""
    if record.holder and by.desk == record.holder.desk:
        text = f"{record.drone} is held at {by.desk}: {verb} at another desk"
        return Refusal(text, holder=record.holder)
    return None
