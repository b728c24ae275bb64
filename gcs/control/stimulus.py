"""What may happen to a drone's control, what a transition needs to know of it, and a refusal."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from gcs.model.brief import Line
from gcs.model.control import ControlRecord, ControlState
from gcs.model.people import Holder


class ControlEvent(StrEnum):
    """The desks' acts (`gcs.model.control.ControlAct`) and the gateway's own events."""

    TAKE = "take"
    OFFER = "offer"
    CANCEL = "cancel"
    DECLINE = "decline"
    OPEN = "open"
    TICK = "tick"
    WAIVE = "waive"
    ARM = "arm"
    ASSUME = "assume"
    CONFIRM = "confirm"
    RELEASE = "release"
    REQUEST = "request"
    GRANT = "grant"
    REFUSE = "refuse"
    FORCE = "force"
    OBJECT = "object"
    LAUNCH = "launch"
    # -- the gateway's own
    LEASE_LOST = "lease_lost"
    PARTY_LOST = "party_lost"  # who is to receive, asks or orders is not heard any more
    RUN_OUT = "run_out"  # of the time of the present state
    CHECKS_PASSED = "checks_passed"
    CHECK_FAILED = "check_failed"
    BRIEF_CHANGED = "brief_changed"
    UNSAFE = "unsafe"  # armed, and the vehicle is in a mode that needs input
    HEARD = "heard"  # the vehicle was heard after the transfer
    REASSERTED = "reasserted"  # the receiver ordered a safe mode and its effect is seen
    INTERRUPTED = "interrupted"  # the vehicle began to come down, or is in trouble
    FOLLOW = "follow"  # the payload goes with the flight
    DOCKED = "docked"
    WRITE_UNKNOWN = "write_unknown"
    READ_BACK = "read_back"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Stimulus:
    """An event with what a transition needs to know. `by` is None for the gateway's own.

    `offer_id`: of what begins with it; `about`: of what it answers, empty = not told.
    `safe_without_input`: the vehicle is returning or landing; `needs_no_input`: it is in a mode
    that is safe without input (these, hold, a plan). `lines`: every line of the brief as it
    stands, those of alerts too, `brief` its digest; `failed`: pre-checks that do not pass,
    `waivable` those that may be waived. `found`: what a read-back found. FOLLOW: the payload
    follows its flight `to` the receiver, and leaves nobody but `by`, who gave the flight.
    """

    event: ControlEvent
    utc_ms: int
    by: Holder | None = None
    epoch: int | None = None
    offer_id: str = ""
    about: str = ""
    to_person: str = ""
    to_name: str = ""
    reason: str = ""
    incident: str | None = None
    airborne: bool = False
    safe_without_input: bool = False
    needs_no_input: bool = False
    promised: str = ""
    payload: bool = True
    line: Line | None = None
    lines: tuple[Line, ...] = ()
    brief: str = ""
    waive: str = ""
    waivable: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    found: ControlRecord | None = None
    to: Holder | None = None


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


def is_over(record: ControlRecord) -> Refusal:
    """The refusal of an answer to what is not offered, asked or handed over any more."""
    text = f"it answers something that is over: {held_by(record)}"
    return Refusal(text, holder=record.holder)


def _nobody(record: ControlRecord) -> str:
    if record.state is ControlState.ORPHANED and record.previous:
        return f"held by nobody (orphaned by {record.previous.label})"
    return "held by nobody"
