"""Gateways with one thing wrong: what the observer has to find, or it finds nothing."""

from dataclasses import replace

from gcs.control import guards
from gcs.control.lease import Leases
from gcs.control.machine import step
from gcs.control.stimulus import Outcome, Refusal, Stimulus
from gcs.model.command import Command
from gcs.model.control import HELD, RECEIVING, ControlRecord, ControlState
from gcs.model.people import Holder
from tests.property.gateway import Parts


def same_epoch(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The epoch is not raised."""
    after = step(record, stimulus)
    return after if isinstance(after, Refusal) else replace(after, epoch=record.epoch)


class Deathless(Leases):
    """A lease is never over."""

    def alive(self, holder: Holder) -> bool:
        return True


def nothing_muted(command: Command, situation: guards.Situation) -> Refusal | None:
    """Who holds it may do everything in every state, in doubt too."""
    record = situation.record
    if record.state not in HELD and record.state is not ControlState.UNCERTAIN:
        return guards.refusal(command, situation)
    plain = replace(
        record, state=ControlState.OWNED if record.holder else ControlState.UNOWNED,
        offer=None, claim=None, handover=None,
    )  # fmt: skip
    return guards.refusal(command, replace(situation, record=plain))


def straight_to_owned(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """Who receives it in the air is its holder without a word more."""
    after = step(record, stimulus)
    if isinstance(after, ControlRecord) and after.state in RECEIVING:
        return replace(after, state=ControlState.OWNED, handover=None)
    return after


def anybody_holds(command: Command, situation: guards.Situation) -> Refusal | None:
    """The epoch is looked at, and not who sends it."""
    holder = situation.record.holder
    if holder is None:
        return guards.refusal(command, situation)
    as_if = replace(command, person=holder.person, desk=holder.desk)
    there = replace(situation, subject_person=holder.person, subject_desk=holder.desk)
    return guards.refusal(as_if, there)


MUTANTS: dict[str, Parts] = {
    "the epoch is not raised": Parts(step=same_epoch),
    "the lease is ignored": Parts(leases=Deathless),
    "two writers: no revision is expected": Parts(expects_revisions=False),
    "the send-fence is removed": Parts(fenced=False),
    "nothing is muted, in doubt neither": Parts(refusal=nothing_muted),
    "handed over in a mode that needs input": Parts(sees_mode=False),
    "a late write is not shut out": Parts(writes_anew=False),
    "a claim that is read counts as renewed": Parts(reading_confirms=True),
    "the sender is not looked at": Parts(refusal=anybody_holds),
}

# Found by the vehicle's log and its mode alone.
MUTANTS_OF_THE_CHANGE = (
    "the epoch is not raised",
    "the lease is ignored",
    "two writers: no revision is expected",
    "the send-fence is removed",
)
RARE = (
    "handed over in a mode that needs input",
    "a late write is not shut out",
    "a claim that is read counts as renewed",
)
