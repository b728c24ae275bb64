"""When the outcome of a record's write is not known: read back and believed, or nobody's."""

from dataclasses import replace

from gcs.control.changes import abandoned
from gcs.control.stimulus import Outcome, Refusal, Stimulus
from gcs.model.control import ControlRecord, ControlState

READ_BACK_S = 5.0


def write_unknown(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The holder is unchanged as far as anybody knows, and nothing but a safe mode is ordered."""
    return replace(record, state=ControlState.UNCERTAIN)


def read_back(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """What the bucket says wins."""
    found = stimulus.found
    if found is None or (found.drone, found.function) != (record.drone, record.function):
        return Refusal(f"nothing was read back of {record.drone}")
    return found


def unreadable(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """For 5 s nothing could be read back: whoever it was has to claim it again.

    The write that nobody knows of may have used the next epoch: no other holder gets that one.
    """
    return replace(abandoned(record, stimulus), epoch=record.epoch + 2)
