"""Who controls a drone, as its gateway records it, and how a desk asks to change that."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.people import Holder


class ControlState(StrEnum):
    """States of the take and hand-off machine (`gcs.control.machine`)."""

    UNOWNED = "unowned"
    OWNED = "owned"
    OFFERED = "offered"
    REQUESTED = "requested"
    FORCED = "forced"
    ORPHANED = "orphaned"


CLAIMED = frozenset({ControlState.REQUESTED, ControlState.FORCED})
HELD = frozenset({ControlState.OWNED, ControlState.OFFERED}) | CLAIMED


@dataclass(frozen=True, slots=True)
class Offer:
    """Control offered to a named person."""

    id: str
    to_person: str
    to_name: str
    reason: str
    made_utc_ms: int
    expires_utc_ms: int

    def __post_init__(self) -> None:
        check.token("offer.to_person", self.to_person)
        check.text("offer.reason", self.reason)


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


@dataclass(frozen=True, slots=True)
class ControlRecord:
    """The truth about one drone's control; written by its gateway alone.

    `holder` is None when unowned or orphaned; `previous` is the last holder then. `claim`: what
    is requested or ordered; `objected`: the supervisor's order that the holder last objected to.
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

    def __post_init__(self) -> None:
        check.token("control.drone", self.drone)
        owned = self.state in HELD
        if owned != (self.holder is not None):
            raise ValueError(f"control of {self.drone}: {self.state} and holder {self.holder}")
        if (self.state is ControlState.OFFERED) != (self.offer is not None):
            raise ValueError(f"control of {self.drone}: {self.state} and offer {self.offer}")
        if (self.state in CLAIMED) != (self.claim is not None):
            raise ValueError(f"control of {self.drone}: {self.state} and claim {self.claim}")


class ControlAct(StrEnum):
    """What a desk may ask of a drone's control."""

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


REASONED = frozenset({ControlAct.REQUEST, ControlAct.FORCE})


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A desk asks. `epoch` is the one the desk saw; another one is refused."""

    id: str
    act: ControlAct
    drone: str
    by: Holder
    epoch: int
    to_person: str | None = None
    to_name: str | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        check.token("control.id", self.id)
        check.token("control.drone", self.drone)
        check.text("control.reason", self.reason)
        if self.act is ControlAct.OFFER and not (self.to_person and self.to_name):
            raise ValueError("control.offer: to_person and to_name are needed")
        if self.act in REASONED and not self.reason.strip():
            raise ValueError(f"control.{self.act}: a reason is needed")


@dataclass(frozen=True, slots=True)
class ControlReply:
    """The gateway's answer; `text` is a sentence for the operator."""

    ok: bool
    text: str
    record: ControlRecord | None = None


@dataclass(frozen=True, slots=True)
class LeaseRenewal:
    """A desk says each second that it is alive."""

    person: str
    desk: str
    sequence: int


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
