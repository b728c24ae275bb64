"""The mission protocol: the fence up and down; plans and rally points are honestly absent.

One upload at a time: a second uploader is denied, an idle one is cancelled after 8 s. A
fence that does not validate leaves the old one in place. An upload does not switch it on.
"""

from dataclasses import dataclass, field
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone.autopilot import WARNING, Autopilot
from gcs.sim.drone.fence import CIRCLE_IN, CIRCLE_OUT, POLYGON_IN, POLYGON_OUT, BadFence, FenceItem
from gcs.sim.drone.links import Link

_IDLE_S = 8.0
_ASK_AGAIN_S = 1.0
_MOST_ITEMS = 84
_FENCE = dialect.MAV_MISSION_TYPE_FENCE
_FENCE_COMMANDS = frozenset({POLYGON_IN, POLYGON_OUT, CIRCLE_IN, CIRCLE_OUT})


@dataclass(slots=True)
class _Upload:
    link: Link
    system: int
    component: int
    count: int
    heard_s: float
    asked_s: float
    items: list[FenceItem] = field(default_factory=list)

    def is_from(self, link: Link, message: Any) -> bool:
        sender = (message.get_srcSystem(), message.get_srcComponent())
        return link is self.link and sender == (self.system, self.component)


class PlanProtocol:
    """Answers MISSION_*."""

    def __init__(self, pilot: Autopilot) -> None:
        self._pilot = pilot
        self._upload: _Upload | None = None

    def step(self) -> None:
        """Ask again for an item that did not come; give an idle upload up."""
        upload, now = self._upload, self._pilot.now_s
        if upload is None:
            return
        if now - upload.heard_s >= _IDLE_S:
            self._end(dialect.MAV_MISSION_OPERATION_CANCELLED)
        elif now - upload.asked_s >= _ASK_AGAIN_S:
            self._ask()

    def count(self, link: Link, message: Any) -> None:
        """MISSION_COUNT: somebody wants to upload."""
        if message.mission_type != _FENCE:
            _ack(link, message, dialect.MAV_MISSION_UNSUPPORTED)
        elif self._upload is not None and not self._upload.is_from(link, message):
            _ack(link, message, dialect.MAV_MISSION_DENIED)
        elif message.count > _MOST_ITEMS:
            _ack(link, message, dialect.MAV_MISSION_NO_SPACE)
        elif message.count == 0:
            self._upload = None
            self._keep(())
            _ack(link, message, dialect.MAV_MISSION_ACCEPTED)
        else:
            now = self._pilot.now_s
            sender = (message.get_srcSystem(), message.get_srcComponent())
            self._upload = _Upload(link, *sender, message.count, now, now)
            self._ask()

    def item(self, link: Link, message: Any) -> None:
        """MISSION_ITEM_INT: the next item, then the verdict."""
        if message.mission_type != _FENCE:
            _ack(link, message, dialect.MAV_MISSION_UNSUPPORTED)
            return
        upload = self._upload
        if upload is None:
            _ack(link, message, dialect.MAV_MISSION_ERROR)
        elif not upload.is_from(link, message):
            _ack(link, message, dialect.MAV_MISSION_DENIED)
        elif message.seq != len(upload.items):
            if message.seq > len(upload.items):
                _ack(link, message, dialect.MAV_MISSION_INVALID_SEQUENCE)
        else:
            self._take(upload, message)

    def _take(self, upload: _Upload, message: Any) -> None:
        if message.command not in _FENCE_COMMANDS:
            self._end(dialect.MAV_MISSION_UNSUPPORTED)
            return
        if not (abs(message.x) <= 900_000_000 and abs(message.y) <= 1_800_000_000):
            self._end(dialect.MAV_MISSION_INVALID_PARAM5_X)
            return
        upload.items.append(FenceItem(message.command, message.param1, message.x, message.y))
        upload.heard_s = self._pilot.now_s
        if len(upload.items) < upload.count:
            self._ask()
            return
        try:
            self._keep(tuple(upload.items))
        except BadFence:
            self._pilot.say(WARNING, "Fence validation failed")
            self._end(dialect.MAV_MISSION_ERROR)
        else:
            self._end(dialect.MAV_MISSION_ACCEPTED)

    def request_list(self, link: Link, message: Any) -> None:
        """MISSION_REQUEST_LIST: how many items there are."""
        count = len(self._pilot.fence.items) if message.mission_type == _FENCE else 0
        link.send(
            dialect.MAVLink_mission_count_message(
                message.get_srcSystem(), message.get_srcComponent(), count, message.mission_type
            )
        )

    def request_item(self, link: Link, message: Any) -> None:
        """MISSION_REQUEST_INT (or the older one): one item."""
        items = self._pilot.fence.items if message.mission_type == _FENCE else ()
        if message.seq >= len(items):
            _ack(link, message, dialect.MAV_MISSION_INVALID_SEQUENCE)
            return
        item = items[message.seq]
        link.send(
            dialect.MAVLink_mission_item_int_message(
                message.get_srcSystem(),
                message.get_srcComponent(),
                message.seq,
                dialect.MAV_FRAME_GLOBAL,
                item.command,
                0,
                0,
                item.count,
                0.0,
                0.0,
                0.0,
                item.lat_e7,
                item.lon_e7,
                0.0,
                message.mission_type,
            )
        )

    def clear(self, link: Link, message: Any) -> None:
        """MISSION_CLEAR_ALL."""
        if message.mission_type in (_FENCE, dialect.MAV_MISSION_TYPE_ALL):
            if self._upload is not None:
                _ack(link, message, dialect.MAV_MISSION_DENIED)
                return
            self._keep(())
        _ack(link, message, dialect.MAV_MISSION_ACCEPTED)

    def acknowledged(self, link: Link, message: Any) -> None:
        """MISSION_ACK: an uploader that gives up ends its upload; else a download is over."""
        upload = self._upload
        if upload is not None and upload.is_from(link, message) and message.mission_type == _FENCE:
            self._upload = None

    def _keep(self, items: tuple[FenceItem, ...]) -> None:
        self._pilot.fence.load(items)
        self._pilot.params.set("FENCE_TOTAL", len(items))

    def _ask(self) -> None:
        upload = self._upload
        if upload is None:
            return
        upload.asked_s = self._pilot.now_s
        upload.link.send(
            dialect.MAVLink_mission_request_message(
                upload.system, upload.component, len(upload.items), _FENCE
            )
        )

    def _end(self, result: int) -> None:
        upload, self._upload = self._upload, None
        if upload is not None:
            upload.link.send(
                dialect.MAVLink_mission_ack_message(upload.system, upload.component, result, _FENCE)
            )


def _ack(link: Link, message: Any, result: int) -> None:
    link.send(
        dialect.MAVLink_mission_ack_message(
            message.get_srcSystem(), message.get_srcComponent(), result, message.mission_type
        )
    )
