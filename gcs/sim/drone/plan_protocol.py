"""The mission protocol: missions, fences and rally points up and down, each on its own.

One upload of a kind at a time: a second uploader is denied, an idle one is cancelled after
8 s. What the items mean is their store's business (`item_stores.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone.autopilot import WARNING, Autopilot
from gcs.sim.drone.item_stores import FenceStore, ItemStore, MissionStore, RallyStore, home_item
from gcs.sim.drone.links import Link
from gcs.sim.drone.mission_items import BadItem, float_message, int_message

_IDLE_S = 8.0
_ASK_AGAIN_S = 1.0


@dataclass(slots=True)
class _Upload:
    link: Link
    system: int
    component: int
    count: int
    heard_s: float
    asked_s: float
    next: int = 0

    def is_from(self, message: Any) -> bool:
        """Senders are told apart by their ids, not by the link."""
        return _sender(message) == (self.system, self.component)


class _Transfers:
    """The transfers of one kind of items."""

    def __init__(self, pilot: Autopilot, store: ItemStore) -> None:
        self._pilot = pilot
        self._store = store
        self._upload: _Upload | None = None

    def step(self) -> None:
        """Ask again for an item that did not come; give an idle upload up."""
        upload, now = self._upload, self._pilot.now_s
        if upload is None:
            return
        if now - upload.heard_s >= _IDLE_S:
            self._pilot.say(WARNING, f"{self._store.word} upload timeout")
            self._end(dialect.MAV_MISSION_OPERATION_CANCELLED)
        elif now - upload.asked_s >= _ASK_AGAIN_S:
            self._ask()

    def count(self, link: Link, message: Any) -> None:
        """MISSION_COUNT: somebody wants to upload."""
        if self._upload is not None and not self._upload.is_from(message):
            _ack(link, message, dialect.MAV_MISSION_DENIED)
        elif message.count > self._store.most:
            _ack(link, message, dialect.MAV_MISSION_NO_SPACE)
            self._pilot.say(WARNING, f"Only {self._store.most} items are supported")
        else:
            now = self._pilot.now_s
            self._store.begin(message.count)
            self._upload = _Upload(link, *_sender(message), message.count, now, now)
            if message.count:
                self._ask()
            else:
                self._finish()

    def item(self, link: Link, message: Any) -> None:
        """MISSION_ITEM_INT or MISSION_ITEM: the next item, then the verdict."""
        upload = self._upload
        if upload is None:
            _ack(link, message, dialect.MAV_MISSION_ERROR)
        elif message.seq != upload.next:
            _ack(upload.link, message, dialect.MAV_MISSION_INVALID_SEQUENCE)
        elif not upload.is_from(message):
            _ack(link, message, dialect.MAV_MISSION_DENIED)
        else:
            self._take(upload, message)

    def _take(self, upload: _Upload, message: Any) -> None:
        try:
            self._store.put(upload.next, message, upload.count)
        except BadItem as bad:
            self._end(bad.result)
            return
        upload.heard_s = self._pilot.now_s
        upload.next += 1
        if upload.next < upload.count:
            self._ask()
        else:
            self._finish()

    def _finish(self) -> None:
        try:
            self._store.finish()
        except BadItem as bad:
            self._end(bad.result)
        else:
            self._end(dialect.MAV_MISSION_ACCEPTED)

    def request_list(self, link: Link, message: Any) -> None:
        """MISSION_REQUEST_LIST: how many items there are."""
        if self._upload is not None:
            _ack(link, message, dialect.MAV_MISSION_DENIED)
            return
        self._tell_count(link, message)

    def _tell_count(self, link: Link, message: Any) -> None:
        link.send(
            dialect.MAVLink_mission_count_message(
                *_sender(message), self._store.count(), message.mission_type
            )
        )

    def request_item(self, link: Link, message: Any) -> None:
        """MISSION_REQUEST_INT, or the older MISSION_REQUEST and its older answer."""
        if self._upload is not None:
            _ack(link, message, dialect.MAV_MISSION_DENIED)
            return
        try:
            item, current = self._store.item(message.seq)
        except BadItem as bad:
            if self._store.kind == dialect.MAV_MISSION_TYPE_MISSION:
                self._tell_count(link, message)  # ArduPilot teaches the true size
            _ack(link, message, bad.result)
            return
        build = int_message if message.get_type() == "MISSION_REQUEST_INT" else float_message
        link.send(build(item, message.seq, _sender(message), current, message.mission_type))

    def clear(self) -> bool:
        """Forget the items; not during an upload."""
        return self._upload is None and self._store.clear()

    def acknowledged(self, message: Any) -> None:
        """MISSION_ACK: an uploader that gives up ends its upload; else a download is over."""
        if self._upload is not None and self._upload.is_from(message):
            self._upload = None

    def _ask(self) -> None:
        upload = self._upload
        if upload is None:
            return
        upload.asked_s = self._pilot.now_s
        upload.link.send(
            dialect.MAVLink_mission_request_message(
                upload.system, upload.component, upload.next, self._store.kind
            )
        )

    def _end(self, result: int) -> None:
        upload, self._upload = self._upload, None
        if upload is not None:
            to = (upload.system, upload.component)
            upload.link.send(dialect.MAVLink_mission_ack_message(*to, result, self._store.kind))


class PlanProtocol:
    """Answers MISSION_*, by mission type."""

    def __init__(self, pilot: Autopilot) -> None:
        def home() -> Any:
            at = pilot.frame.to_position(pilot.home.east_m, pilot.home.north_m)
            lat_e7, lon_e7 = round(at.lat_deg * 1e7), round(at.lon_deg * 1e7)
            return home_item(lat_e7, lon_e7, pilot.config.home_amsl_m + pilot.home.up_m)

        def told(name: str) -> Callable[[int], None]:
            return lambda count: void(pilot.params.set(name, count))

        def say(severity: int, text: str) -> None:
            pilot.say(severity, text)

        stores: tuple[ItemStore, ...] = (
            MissionStore(pilot.mission, home, say),
            FenceStore(pilot.fence, told("FENCE_TOTAL"), say),
            RallyStore(pilot.rally, told("RALLY_TOTAL"), say),
        )
        self._pilot = pilot
        self._kinds = {store.kind: _Transfers(pilot, store) for store in stores}

    def step(self) -> None:
        """Time passes for uploads."""
        for transfers in self._kinds.values():
            transfers.step()
        self._pilot.params.set("MIS_TOTAL", len(self._pilot.mission.items))

    def count(self, link: Link, message: Any) -> None:
        """MISSION_COUNT."""
        self._to_its_kind(link, message, lambda t: t.count(link, message))

    def item(self, link: Link, message: Any) -> None:
        """MISSION_ITEM_INT and MISSION_ITEM."""
        self._to_its_kind(link, message, lambda t: t.item(link, message))

    def request_list(self, link: Link, message: Any) -> None:
        """MISSION_REQUEST_LIST."""
        self._to_its_kind(link, message, lambda t: t.request_list(link, message))

    def request_item(self, link: Link, message: Any) -> None:
        """MISSION_REQUEST_INT and MISSION_REQUEST."""
        self._to_its_kind(link, message, lambda t: t.request_item(link, message))

    def acknowledged(self, link: Link, message: Any) -> None:
        """MISSION_ACK."""
        if message.mission_type in self._kinds:
            self._kinds[message.mission_type].acknowledged(message)

    def clear(self, link: Link, message: Any) -> None:
        """MISSION_CLEAR_ALL, of one kind or of all."""
        if message.mission_type == dialect.MAV_MISSION_TYPE_ALL:
            done = [transfers.clear() for transfers in self._kinds.values()]
        elif message.mission_type in self._kinds:
            done = [self._kinds[message.mission_type].clear()]
        else:
            _ack(link, message, dialect.MAV_MISSION_UNSUPPORTED)
            return
        result = dialect.MAV_MISSION_ACCEPTED if all(done) else dialect.MAV_MISSION_ERROR
        _ack(link, message, result)

    def _to_its_kind(self, link: Link, message: Any, act: Callable[[_Transfers], None]) -> None:
        transfers = self._kinds.get(message.mission_type)
        if transfers is None:
            _ack(link, message, dialect.MAV_MISSION_UNSUPPORTED)
        else:
            act(transfers)


def void(_: object) -> None:
    """For a callback whose answer nobody wants."""


def _sender(message: Any) -> tuple[int, int]:
    return message.get_srcSystem(), message.get_srcComponent()


def _ack(link: Link, message: Any, result: int) -> None:
    link.send(dialect.MAVLink_mission_ack_message(*_sender(message), result, message.mission_type))
