"""What is said of a drone's control: as it stands, and of each change, a sentence for the log."""

from collections.abc import Callable

from gcs.control.stimulus import ControlEvent, Stimulus, held_by
from gcs.model.control import ControlRecord, ControlState, Handover
from gcs.model.event import Severity
from gcs.model.function import Function

_S = ControlState
_E = ControlEvent

# Why what was under way has ended and left the holder as he was.
_ENDED = {
    _E.INTERRUPTED: "the vehicle is in trouble",
    _E.PARTY_LOST: "the other desk is not heard any more",
    _E.RUN_OUT: "its time is over",
    _E.CANCEL: "it was withdrawn",
    _E.DECLINE: "it was declined",
    _E.REFUSE: "it was refused",
    _E.OBJECT: "the holder objects",
}
_WARNS = frozenset({_S.ORPHANED, _S.FORCED})


def said(record: ControlRecord) -> str:
    """How it stands: `Pilot B at desk-2 reads the brief of ISL-01; ISL-01 is held by ...`."""
    what = _under_way(record)
    stands = held_by(record)
    if record.function is Function.PAYLOAD:
        stands = f"the camera of {stands}"
    return f"{what}; {stands}" if what else stands


def news(before: ControlRecord, after: ControlRecord, stimulus: Stimulus) -> tuple[str, Severity]:
    """A change, in a sentence, and how much it matters."""
    ended = _ended(before, after, stimulus)
    if ended:
        return f"{ended}; {said(after)}", Severity.CAUTION
    doubt = _doubt(after, stimulus)
    if doubt:
        return f"{doubt}; {said(after)}", Severity.CAUTION
    missing = _missing(before, after, stimulus)
    if missing:
        warns = after.state in (_S.ORPHANED, _S.UNCERTAIN)
        severity = Severity.WARNING if warns else Severity.CAUTION
        return f"{missing}; {said(after)}", severity
    reopened = _reopened(before, after, stimulus)
    if reopened:
        return f"{reopened}; {said(after)}", Severity.CAUTION
    return said(after), Severity.WARNING if after.state in _WARNS else Severity.INFO


# -- as it stands ------------------------------------------------------------------------------
def _under_way(record: ControlRecord) -> str:
    if record.state is _S.UNCERTAIN:
        return f"who controls {_thing(record)} is being read back"
    if record.offer is not None:
        return f"{_thing(record)} is offered to {record.offer.to_name}"
    if record.claim is not None:
        who, why = record.claim.by.label, record.claim.reason
        if record.state is _S.FORCED:
            return f"{who} takes {_thing(record)} over: {why}"
        return f"{who} asks for {_thing(record)}: {why}"
    if record.handover is not None:
        return _STAGES[record.state](record, record.handover)
    return ""


def _thing(record: ControlRecord) -> str:
    camera = record.function is Function.PAYLOAD
    return f"the camera of {record.drone}" if camera else record.drone


def _briefing(record: ControlRecord, handover: Handover) -> str:
    return f"{handover.receiver.label} reads the brief of {_thing(record)}"


def _checked(record: ControlRecord, handover: Handover) -> str:
    return f"{_thing(record)} is ready to be handed to {handover.receiver.label}"


def _armed(record: ControlRecord, handover: Handover) -> str:
    giver = handover.giver.label if handover.giver else "nobody"
    return f"{giver} asks {handover.receiver.label}: you have control of {_thing(record)}?"


def _transferring(record: ControlRecord, handover: Handover) -> str:
    giver = f" from {handover.giver.label}" if handover.giver else ""
    return f"control of {_thing(record)} goes{giver} to {handover.receiver.label}"


def _confirming(record: ControlRecord, handover: Handover) -> str:
    shown = "has shown" if handover.reasserted else "has yet to show"
    return f"{handover.receiver.label} {shown} control of {_thing(record)}"


_STAGES: dict[ControlState, Callable[[ControlRecord, Handover], str]] = {
    _S.BRIEFING: _briefing,
    _S.CHECKED: _checked,
    _S.ARMED: _armed,
    _S.TRANSFERRING: _transferring,
    _S.CONFIRMING: _confirming,
}


# -- what has changed --------------------------------------------------------------------------
def _ended(before: ControlRecord, after: ControlRecord, stimulus: Stimulus) -> str:
    why = _ENDED.get(stimulus.event)
    if why is None or after.holder != before.holder or after.state is not _S.OWNED:
        return ""
    if before.state in (_S.TRANSFERRING, _S.CONFIRMING):
        return ""
    what = "the hand-over" if before.handover else "the offer" if before.offer else "the request"
    if before.state is _S.FORCED:
        what = "the takeover"
    return f"{what} of {_thing(before)} has ended: {stimulus.reason or why}"


def _doubt(after: ControlRecord, stimulus: Stimulus) -> str:
    if stimulus.event is _E.WRITE_UNKNOWN:
        return f"whether the last change of {after.drone}'s control was written is not known"
    if stimulus.event is _E.READ_BACK:
        return f"control of {_thing(after)} was read back"
    return ""


def _missing(before: ControlRecord, after: ControlRecord, stimulus: Stimulus) -> str:
    """What should have come and did not."""
    handover = before.handover
    if stimulus.event is _E.UNREADABLE:
        text = f"who controls {_thing(after)} cannot be read"
        mend = ": nobody commands it until its record is mended"
        return text + mend if after.state is _S.UNCERTAIN else text
    if stimulus.event is _E.LEASE_LOST and before.holder is not None:
        return f"{before.holder.label} is not heard any more"
    if stimulus.event is not _E.RUN_OUT or handover is None:
        return ""
    if before.state is _S.TRANSFERRING:
        return f"nothing was heard of {before.drone} since the change"
    if before.state is not _S.CONFIRMING:
        return ""
    if after.holder is None:
        return f"{handover.receiver.label} has not shown control of {_thing(before)}"
    giver = handover.giver.label if handover.giver else "nobody"
    return f"{giver} has not confirmed the change of {_thing(before)}"


def _reopened(before: ControlRecord, after: ControlRecord, stimulus: Stimulus) -> str:
    if after.state is not _S.BRIEFING or before.state is _S.BRIEFING:
        return ""
    if stimulus.event is _E.UNSAFE:
        return f"{before.drone} is in a mode that needs input: hold it before you hand it over"
    if stimulus.event is _E.CHECK_FAILED and after.handover is not None:
        return f"the brief is open again: {', '.join(after.handover.failed)}"
    if stimulus.event is _E.BRIEF_CHANGED:
        return "the brief is open again: a line has changed"
    return ""
