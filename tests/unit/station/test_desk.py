"""What a desk makes of an answer."""

from pathlib import Path
from typing import Any

from gcs.alerts.course import opened
from gcs.model.alert import AlertImage, ImageReply, ImageRequest
from gcs.model.command import Command, CommandKind, Receipt, ReceiptState
from gcs.model.control import ControlRecord, ControlReply, ControlState
from gcs.model.people import Holder
from gcs.model.site import Site
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.station.desk import Desk
from gcs.station.state import DeskState
from tests.support.possible_match import DEPLOYMENT, GOOD, IMAGES, NOW_MS

SITE = load_toml(
    Path(__file__).resolve().parents[3] / "resources" / "sites" / "islington.toml", Site
)
ME = Holder("pilot-a", "Pilot A", "desk-1")
OTHER = Holder("pilot-b", "Pilot B", "desk-2")


def record(epoch: int, holder: Holder) -> ControlRecord:
    return ControlRecord("ISL-01", ControlState.OWNED, epoch, 1000 * epoch, holder=holder)


class SlowAnswer:
    """A bus on which the watch is quicker than the answer."""

    def __init__(self, state: DeskState, told: ControlRecord, answer: ControlReply) -> None:
        self._state, self._told, self._answer = state, told, answer

    async def request(self, *question: object) -> ControlReply:
        self._state.apply_control(self._told)
        return self._answer


async def test_an_answer_behind_a_newer_record_does_not_show_the_old_holder_again() -> None:
    clock = ManualClock()
    state = DeskState(SITE, ME, clock)
    desk = Desk(SITE, state, clock)
    for told, answered in ((record(6, OTHER), record(5, ME)), (record(7, OTHER), record(8, ME))):
        bus: Any = SlowAnswer(state, told, ControlReply(True, "yours", answered))
        desk.attach(bus)
        assert (await desk.take("ISL-01")).ok
        assert state.control("ISL-01") == max(told, answered, key=lambda r: r.epoch)


class ImageBus:
    """A keeper that answers every image with these bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.asked: list[object] = []

    async def request(self, subject: str, value: object, *rest: object) -> ImageReply:
        self.asked.append((subject, value))
        return ImageReply(True, "shown", self.data, "not looked at")


async def test_an_image_is_believed_by_its_hash_alone() -> None:
    clock = ManualClock()
    state = DeskState(SITE, ME, clock)
    desk = Desk(SITE, state, clock)
    keeper = ImageBus(IMAGES["probe-1"])
    bus: Any = keeper
    desk.attach(bus)
    unknown = await desk.alert_image("A1", AlertImage.PROBE)
    assert (unknown.ok, keeper.asked) == (False, [])
    state.apply_alert(opened(GOOD, DEPLOYMENT, NOW_MS))
    shown = await desk.alert_image("A1", AlertImage.PROBE)
    assert (shown.ok, shown.data) == (True, IMAGES["probe-1"])
    request = ImageRequest("A1", AlertImage.PROBE, by=ME)
    assert keeper.asked == [("gcs.islington.img.pilot-a.desk-1", request)]
    other = await desk.alert_image("A1", AlertImage.CANDIDATE)
    assert (other.ok, other.data) == (False, b"")
    assert other.text == "Alert A1: its candidate image is another one."


class Gateway:
    """A bus that keeps what it is asked, and takes every command."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Command]] = []

    async def request(self, subject: str, command: Command, *_: object) -> Receipt:
        self.asked.append((subject, command))
        sent = ReceiptState.SENT
        by = (command.person, command.desk)
        return Receipt(command.id, command.kind, command.drone, *by, sent, "sent", 0, 0)


async def test_the_camera_is_asked_for_like_any_command() -> None:
    clock = ManualClock()
    state = DeskState(SITE, ME, clock)
    state.apply_control(record(6, ME))
    desk = Desk(SITE, state, clock)
    bus: Any = Gateway()
    desk.attach(bus)
    place = SITE.docks[0].position
    assert (await desk.look_at("ISL-01", place)).ok
    assert (await desk.gimbal("ISL-01", -30.0, 15.0)).ok
    assert (await desk.zoom("ISL-01", 4.0)).ok
    look, gimbal, zoom = (command for _, command in bus.asked)
    assert (look.kind, look.target, look.height_m) == (CommandKind.LOOK_AT, place, None)
    assert (gimbal.kind, gimbal.pitch_deg, gimbal.yaw_deg) == (CommandKind.GIMBAL, -30.0, 15.0)
    assert (zoom.kind, zoom.zoom) == (CommandKind.ZOOM, 4.0)
    assert {command.epoch for _, command in bus.asked} == {6}


async def test_a_camera_order_that_no_camera_can_do_is_an_outcome_not_an_error() -> None:
    clock = ManualClock()
    desk = Desk(SITE, DeskState(SITE, ME, clock), clock)
    bus: Any = Gateway()
    desk.attach(bus)
    for outcome in (await desk.zoom("ISL-01", 0.5), await desk.gimbal("ISL-01", 90.0, 0.0)):
        assert not outcome.ok
        assert "expected a number" in outcome.text
    assert bus.asked == []
