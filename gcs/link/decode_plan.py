"""MAVLink message -> report: the mission protocol's messages."""

from typing import Any

from gcs.link.fields import Decoder, number
from gcs.link.plan_reports import (
    ItemAsked,
    ItemCount,
    ItemReached,
    ItemTold,
    PlanProgress,
    TransferAck,
)
from gcs.link.reports import Report
from gcs.link.wire_items import WireItem


def _to(m: Any) -> tuple[int, int]:
    return (m.target_system, m.target_component)


def _asked(m: Any) -> Report:
    return ItemAsked(_to(m), m.mission_type, m.seq)


def _ack(m: Any) -> Report:
    return TransferAck(_to(m), m.mission_type, m.type)


def _count(m: Any) -> Report:
    return ItemCount(_to(m), m.mission_type, m.count)


def _item(m: Any) -> Report:
    """Parameters may be NaN (not given); a place that is none is refused."""
    name = "MISSION_ITEM_INT"
    if m.frame != 2:  # MAV_FRAME_MISSION: x and y are plain parameters
        number(f"{name}.x", m.x / 1e7, -90.0, 90.0)
        number(f"{name}.y", m.y / 1e7, -180.0, 180.0)
    item = WireItem(
        seq=m.seq,
        command=m.command,
        frame=m.frame,
        params=(m.param1, m.param2, m.param3, m.param4),
        x=m.x,
        y=m.y,
        z=m.z,
        current=m.current == 1,
    )
    return ItemTold(_to(m), m.mission_type, item)


def _current(m: Any) -> Report:
    return PlanProgress(m.seq, m.mission_state)


def _reached(m: Any) -> Report:
    return ItemReached(m.seq)


DECODERS: dict[str, Decoder] = {
    "MISSION_REQUEST": _asked,
    "MISSION_REQUEST_INT": _asked,
    "MISSION_ACK": _ack,
    "MISSION_COUNT": _count,
    "MISSION_ITEM_INT": _item,
    "MISSION_CURRENT": _current,
    "MISSION_ITEM_REACHED": _reached,
}
