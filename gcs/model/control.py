"""Who controls a drone, as its gateway records it, and how a desk asks to change that."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.brief import ALERT_LINE, Line, Readiness
from gcs.model.function import Function
from gcs.model.people import Holder


class ControlState(StrEnum):
    """States of the take and hand-off machine (`gcs.control.machine`)."""

    UNOWNED = "unowned"
    OWNED = "owned"
    OFFERED = "offered"
    REQUESTED = "requested"
    BRIEFING = "briefing"
    CHECKED = "checked"
    ARMED = "armed"
    TRANSFERRING = "transferring"
    CONFIRMING = "confirming"
    FORCED = "forced"
    ORPHANED = "orphaned"
    UNCERTAIN = "uncertain"  # never written: the outcome of the last write is not known


CLAIMED = frozenset({ControlState.REQUESTED, ControlState.FORCED})
# A hands over and still holds; from TRANSFERRING on B holds.
GIVING = frozenset({ControlState.BRIEFING, ControlState.CHECKED, ControlState.ARMED})
RECEIVING = frozenset({ControlState.TRANSFERRING, ControlState.CONFIRMING})
HANDOVER = GIVING | RECEIVING
HELD = frozenset({ControlState.OWNED, ControlState.OFFERED}) | CLAIMED | HANDOVER


@dataclass(frozen=True, slots=True)
class Offer:
    """Control offered to a named person. `promised`: what others were promised, in words.

    `payload`: the camera goes with the flight, where it is controlled apart.
    """

    id: str
    to_person: str
    to_name: str
    reason: str
    made_utc_ms: int
    expires_utc_ms: int
    promised: str = ""
    payload: bool = True

    def __post_init__(self) -> None:
        check.token("offer.to_person", self.to_person)
        check.text("offer.reason", self.reason)
        check.text("offer.promised", self.promised)


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody else wants control: asks the holder for it, or as a supervisor orders it.

    An unanswered request comes to nothing at `expires_utc_ms`, an order is carried out then.
    """

    id: str
    by: Holder
    reason: str
    made_utc_ms: int
    expires_utc_ms: int

    def __post_init__(self) -> None:
        check.text("claim.reason", self.reason)


class HandoverKind(StrEnum):
    """How a change of holder came about."""

    OFFERED = "offered"
    REQUESTED = "requested"
    FORCED = "forced"
    CLAIMED = "claimed"  # of a drone that nobody held


@dataclass(frozen=True, slots=True)
class Handover:
    """A change of holder under way, from the open brief to the receiver's confirmation.

    `giver` None: nobody held it. `until_utc_ms`: when the present state runs out; 0 = it does
    not. `ticked`: the lines of the brief that the receiver read, as they stood; `brief`: the
    digest of the whole. `waived`: a pre-check and the person who waives it; both must.
    `failed`: the pre-checks that kept it from CHECKED last, by key.
    """

    id: str
    kind: HandoverKind
    giver: Holder | None
    receiver: Holder
    reason: str
    begun_utc_ms: int
    until_utc_ms: int
    promised: str = ""
    payload: bool = True
    ticked: tuple[Line, ...] = ()
    waived: tuple[tuple[str, str], ...] = ()
    failed: tuple[str, ...] = ()
    brief: str = ""
    reasserted: bool = False
    confirmed: bool = False

    @property
    def voluntary(self) -> bool:
        """Whether the giver has a word in it."""
        return self.kind in (HandoverKind.OFFERED, HandoverKind.REQUESTED)

    @property
    def alerts(self) -> tuple[str, ...]:
        """The open alerts that the receiver takes with it, by id: each has a line of its own."""
        return tuple(t.key.removeprefix(ALERT_LINE) for t in self.ticked if t.of_alert)


@dataclass(frozen=True, slots=True)
class ControlRecord:
    """The truth about one drone's control; written by its gateway alone.

    `holder` is None when unowned or orphaned; `previous` is the last holder then. `claim`: what
    is requested or ordered; `objected`: the supervisor's order that the holder last objected to.
    `handover`: from BRIEFING to CONFIRMING. `first`: who may claim an orphaned drone before
    others, because the receiver of a hand-over did not confirm it.
    """

    drone: str
    state: ControlState
    epoch: int
    since_utc_ms: int
    holder: Holder | None = None
    previous: Holder | None = None
    offer: Offer | None = None
    incident: str | None = None
    claim: Claim | None = None
    objected: Claim | None = None
    function: Function = Function.FLIGHT
    handover: Handover | None = None
    first: Holder | None = None

    def __post_init__(self) -> None:
        check.token("control.drone", self.drone)
        if self.state is ControlState.UNCERTAIN:
            return  # everything else stands as it was last known
        owned = self.state in HELD
        if owned != (self.holder is not None):
            raise ValueError(f"control of {self.drone}: {self.state} and holder {self.holder}")
        if (self.state is ControlState.OFFERED) != (self.offer is not None):
            raise ValueError(f"control of {self.drone}: {self.state} and offer {self.offer}")
        if (self.state in CLAIMED) != (self.claim is not None):
            raise ValueError(f"control of {self.drone}: {self.state} and claim {self.claim}")
        if (self.state in HANDOVER) != (self.handover is not None):
            raise ValueError(f"control of {self.drone}: {self.state} and {self.handover}")

    @property
    def at_issue(self) -> str:
        """The id of what is offered, claimed or handed over; empty = nothing is."""
        pending = self.offer or self.claim or self.handover
        return pending.id if pending else ""

    def answered_by(self, act: str) -> str:
        """What such an answer has to name: what is at issue, and of "I have control" the very
        question, so that a late one never meets the next."""
        if act == ControlAct.ASSUME and self.handover is not None:
            return f"{self.handover.id}-{self.handover.until_utc_ms}"
        return self.at_issue


class ControlAct(StrEnum):
    """What a desk may ask of a drone's control."""

    TAKE = "take"
    OFFER = "offer"
    CANCEL = "cancel"  # the holder, or who asked
    DECLINE = "decline"  # the receiver
    OPEN = "open"  # the receiver opens the brief
    TICK = "tick"  # the receiver has read a line of it
    WAIVE = "waive"  # a pre-check, by both
    ARM = "arm"  # the holder: "you have control?"
    ASSUME = "assume"  # the receiver: "I have control"
    CONFIRM = "confirm"  # who held it: the change is seen
    RELEASE = "release"
    REQUEST = "request"
    GRANT = "grant"
    REFUSE = "refuse"
    FORCE = "force"
    OBJECT = "object"


REASONED = frozenset({ControlAct.REQUEST, ControlAct.FORCE})
# What answers an offer, a claim or a hand-over, and so names which one.
ANSWERS = frozenset(
    {
        ControlAct.CANCEL,
        ControlAct.DECLINE,
        ControlAct.OPEN,
        ControlAct.TICK,
        ControlAct.WAIVE,
        ControlAct.ARM,
        ControlAct.ASSUME,
        ControlAct.CONFIRM,
        ControlAct.GRANT,
        ControlAct.REFUSE,
        ControlAct.OBJECT,
    }
)


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A desk asks. `epoch` is the one the desk saw; another one is refused.

    TICK names the `line` as it was read, WAIVE the pre-check in `waive`. OFFER may carry what
    others were `promised`, and whether the `payload` goes with the flight. `about`: what is
    answered, by the record's `answered_by`; a late answer to something else is then refused.
    """

    id: str
    act: ControlAct
    drone: str
    by: Holder
    epoch: int
    to_person: str | None = None
    to_name: str | None = None
    reason: str = ""
    function: Function = Function.FLIGHT
    line: Line | None = None
    waive: str = ""
    promised: str = ""
    payload: bool = True
    about: str = ""

    def __post_init__(self) -> None:
        check.token("control.id", self.id)
        check.token("control.drone", self.drone)
        check.text("control.reason", self.reason)
        check.text("control.promised", self.promised)
        if self.act is ControlAct.OFFER and not (self.to_person and self.to_name):
            raise ValueError("control.offer: to_person and to_name are needed")
        if self.act in REASONED and not self.reason.strip():
            raise ValueError(f"control.{self.act}: a reason is needed")
        if (self.act is ControlAct.TICK) != (self.line is not None):
            raise ValueError("control.tick: needs a line, and nothing else has one")
        if (self.act is ControlAct.WAIVE) != bool(self.waive):
            raise ValueError("control.waive: needs a pre-check, and nothing else has one")


@dataclass(frozen=True, slots=True)
class ControlReply:
    """The gateway's answer; `text` is a sentence for the operator."""

    ok: bool
    text: str
    record: ControlRecord | None = None


@dataclass(frozen=True, slots=True)
class LeaseRenewal:
    """A desk says each second that it is alive.

    `utc_ms`: its clock at the sending, 0 = not told; `round_trip_ms`: how long the last renewal
    took. `ready`: what a pre-check asks of a desk that is to receive, a drone each.
    """

    person: str
    desk: str
    sequence: int
    utc_ms: int = 0
    round_trip_ms: float | None = None
    ready: tuple[Readiness, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaseReply:
    """`holds` are the drones this desk holds by the gateway's record, with their epochs."""

    ok: bool
    text: str
    holds: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class GatewayClaim:
    """Which instance of a gateway speaks to its vehicles; renewed each second.

    `released` says that the instance ended cleanly and another may claim at once; `lock` names
    the lock that the instance's process held when it wrote this, empty = none.
    """

    gateway: str
    instance: str
    renewal: int
    utc_ms: int
    released: bool = False
    lock: str = ""
