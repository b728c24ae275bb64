"""The mission protocol as PX4 speaks it: it asks with MISSION_REQUEST_INT and takes a fence as it
comes, incomplete or not. Item 0 of a mission is its first waypoint.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gcs.link.mavlink import dialect

IDLE_S = 5.0
Send = Callable[[Any], None]
Sender = tuple[int, int]


@dataclass(slots=True)
class Items:
    """The items of one kind; `loaded` is called with them once an upload is complete."""

    kind: int
    loaded: Callable[[list[Any]], None]
    stored: list[Any] = field(default_factory=list)
    coming: list[Any] = field(default_factory=list)
    count: int = 0
    sender: Sender | None = None
    heard_s: float = 0.0


class ItemProtocol:
    """Answers MISSION_*. The answers go out by the `send` that came with the question."""

    def __init__(self, kinds: tuple[Items, ...]) -> None:
        self._kinds = {items.kind: items for items in kinds}
        self.table: dict[str, Callable[[Any, Send, float], None]] = {
            "MISSION_COUNT": self._count,
            "MISSION_ITEM_INT": self._item,
            "MISSION_REQUEST_LIST": self._list,
            "MISSION_REQUEST_INT": self._one,
            "MISSION_CLEAR_ALL": self._clear,
            "MISSION_ACK": lambda message, send, now_s: None,
        }

    def handle(self, message: Any, send: Send, now_s: float) -> bool:
        """Whether it was one of the protocol's messages."""
        handler = self.table.get(message.get_type())
        if handler is None:
            return False
        handler(message, send, now_s)
        return True

    def _count(self, message: Any, send: Send, now_s: float) -> None:
        items = self._of(message)
        if items is None:
            return _ack(message, send, dialect.MAV_MISSION_UNSUPPORTED)
        busy = items.sender is not None and now_s - items.heard_s < IDLE_S
        if busy and items.sender != _sender(message):
            return _ack(message, send, dialect.MAV_MISSION_DENIED)
        items.sender, items.heard_s = _sender(message), now_s
        items.coming, items.count = [], message.count
        return self._ask(items, message, send)

    def _item(self, message: Any, send: Send, now_s: float) -> None:
        items = self._of(message)
        if items is None or items.sender != _sender(message):
            return _ack(message, send, dialect.MAV_MISSION_ERROR)
        items.heard_s = now_s
        if message.seq == len(items.coming):
            items.coming.append(message)
        return self._ask(items, message, send)

    def _ask(self, items: Items, message: Any, send: Send) -> None:
        have = len(items.coming)
        if have < items.count:
            send(dialect.MAVLink_mission_request_int_message(*_sender(message), have, items.kind))
            return
        items.stored, items.sender = items.coming, None
        items.loaded(items.stored)
        _ack(message, send, dialect.MAV_MISSION_ACCEPTED)

    def _list(self, message: Any, send: Send, now_s: float) -> None:
        items = self._of(message)
        if items is None:
            return _ack(message, send, dialect.MAV_MISSION_UNSUPPORTED)
        count = len(items.stored)
        return send(dialect.MAVLink_mission_count_message(*_sender(message), count, items.kind))

    def _one(self, message: Any, send: Send, now_s: float) -> None:
        items = self._of(message)
        if items is None or message.seq >= len(items.stored):
            return _ack(message, send, dialect.MAV_MISSION_INVALID_SEQUENCE)
        i = items.stored[message.seq]
        place = (i.x, i.y, i.z)
        parts = (i.frame, i.command, 0, i.autocontinue, i.param1, i.param2, i.param3, i.param4)
        return send(
            dialect.MAVLink_mission_item_int_message(
                *_sender(message), message.seq, *parts, *place, items.kind
            )
        )

    def _clear(self, message: Any, send: Send, now_s: float) -> None:
        every = message.mission_type == dialect.MAV_MISSION_TYPE_ALL
        for items in self._kinds.values():
            if every or items.kind == message.mission_type:
                items.stored = []
                items.loaded([])
        _ack(message, send, dialect.MAV_MISSION_ACCEPTED)

    def _of(self, message: Any) -> Items | None:
        return self._kinds.get(message.mission_type)


def _sender(message: Any) -> Sender:
    return message.get_srcSystem(), message.get_srcComponent()


def _ack(message: Any, send: Send, result: int) -> None:
    send(dialect.MAVLink_mission_ack_message(*_sender(message), result, message.mission_type))
