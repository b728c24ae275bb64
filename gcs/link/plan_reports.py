"""What a vehicle says in the mission protocol: uploads, read-backs, and where it is in a plan."""

from dataclasses import dataclass

from gcs.link.reports import Report
from gcs.link.wire_items import WireItem


@dataclass(frozen=True, slots=True)
class Addressed(Report):
    """A mission message. `to` is (system, component) it was meant for; `kind` MISSION_TYPE."""

    to: tuple[int, int]
    kind: int


@dataclass(frozen=True, slots=True)
class ItemAsked(Addressed):
    """MISSION_REQUEST or MISSION_REQUEST_INT: the vehicle wants item `seq`."""

    seq: int


@dataclass(frozen=True, slots=True)
class TransferAck(Addressed):
    """MISSION_ACK. `result` is MAV_MISSION_RESULT."""

    result: int


@dataclass(frozen=True, slots=True)
class ItemCount(Addressed):
    """MISSION_COUNT: how many items the vehicle holds."""

    count: int


@dataclass(frozen=True, slots=True)
class ItemTold(Addressed):
    """MISSION_ITEM_INT: one item the vehicle holds."""

    item: WireItem


@dataclass(frozen=True, slots=True)
class PlanProgress(Report):
    """MISSION_CURRENT. `state` is MISSION_STATE, 0 = the vehicle does not say."""

    seq: int
    state: int


@dataclass(frozen=True, slots=True)
class ItemReached(Report):
    """MISSION_ITEM_REACHED."""

    seq: int
