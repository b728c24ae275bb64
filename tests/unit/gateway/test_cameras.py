"""What is found of gimbals and cameras, and the orders that follow from it."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gcs.gateway import payload as payload_module
from gcs.gateway.camera_office import (
    FIRST_QUESTIONS,
    PAUSES_S,
    RECORDING_EVERY_S,
    RECORDING_HOLDS_S,
)
from gcs.geo.earth import offset
from gcs.link.mavlink import dialect
from gcs.model.command import CommandKind, ReceiptState
from gcs.model.vehicle import CameraReport
from tests.support.nats import until
from tests.unit.gateway.carried import (
    CONFIGURE,
    GUIDED,
    MOUNT,
    PAN,
    PITCHYAW,
    PLACE,
    REQUEST,
    ROI,
    RTL,
    TILT,
    ZOOM,
    Carried,
    attitude,
    camera,
    capture,
    manager,
    settings,
    stream,
)
from tests.unit.gateway.stage import DRONE, stage
from tests.unit.link.peer import ack


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is not seen is given up soon."""
    for name in ("OBSERVE_S", "RATE_SEEN_S", "NO_SETTINGS_S", "SETTINGS_EACH_S", "STILL_S"):
        monkeypatch.setattr(payload_module, name, 0.05)
    yield


async def test_asked_a_few_times_and_then_no_more() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.office.turn()
        assert made.asked() == []  # it was never heard
        made.alive()
        for _ in range(300):
            made.office.turn()
            parts.clock.advance(0.2)
            made.alive()
        assert sorted(made.asked()) == sorted(FIRST_QUESTIONS * len(PAUSES_S))
        assert all(component != 0 for component, _ in made.asked())
        before = len(made.asked())
        parts.clock.advance(10.0)  # silent; then it is back
        made.office.turn()
        made.alive()
        for _ in range(10):
            made.office.turn()
            parts.clock.advance(0.1)
        assert len(made.asked()) >= before + len(FIRST_QUESTIONS)


async def test_an_answer_ends_the_question_and_raises_the_next() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.alive()
        made.office.turn()
        flags = dialect.CAMERA_CAP_FLAGS_HAS_BASIC_ZOOM | dialect.CAMERA_CAP_FLAGS_HAS_VIDEO_STREAM
        made.says(camera(flags), component=101)
        made.says(manager(), component=154)
        for _ in range(300):
            parts.clock.advance(0.2)
            made.alive()
            made.office.turn()
        asked = made.asked()
        assert asked.count((101, 269)) == len(PAUSES_S)
        assert asked.count((154, 280)) <= 1
        assert asked.count((101, 259)) <= 1
        assert made.office.zooms(parts.drone) == 101
        found = made.office.manager(parts.drone)
        assert found is not None and found.component == 154
        made.says(stream(b"udp://127.0.0.1:5600"), component=101)
        assert made.office.report(DRONE) == CameraReport(
            manager=True,
            camera="Acme Acme",
            can_zoom=True,
            most_zoom=8.0,
            video_uri="udp://127.0.0.1:5600",
        )


async def test_whether_it_records_is_asked_for_ever_and_ages() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.alive()
        made.office.turn()
        made.says(camera(dialect.CAMERA_CAP_FLAGS_CAPTURE_VIDEO), component=101)
        made.says(camera(0), component=102)
        assert made.office.report(DRONE).recording is None
        for _ in range(300):
            parts.clock.advance(0.2)
            made.alive()
            made.office.turn()
        asked = made.asked()
        assert asked.count((101, 262)) == 60.0 // RECORDING_EVERY_S
        assert (102, 262) not in asked, "it cannot record"
        for status, recording in ((1, True), (0, False), (7, None)):
            made.says(capture(status), component=101)
            assert made.office.report(DRONE).recording is recording
        made.says(capture(1), component=101)
        parts.clock.advance(RECORDING_HOLDS_S + 0.1)
        assert made.office.report(DRONE).recording is None


async def test_control_is_taken_before_the_first_order_alone() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.found(manager(device=3))
        made.answers(
            lambda m: [attitude(m.param1, m.param2)] if getattr(m, "command", 0) == PITCHYAW else []
        )
        for pitch in (-30.0, -60.0):
            turn = made.command(CommandKind.GIMBAL, pitch_deg=pitch, yaw_deg=20.0)
            assert (await made.done(turn)).state is ReceiptState.OBSERVED
        configure, *turns = made.orders()
        assert configure.command == CONFIGURE
        assert (configure.param1, configure.param2, configure.param7) == (255.0, 190.0, 3.0)
        assert [m.command for m in turns] == [PITCHYAW, PITCHYAW]
        assert (turns[0].param1, turns[0].param2, turns[0].param7) == (-30.0, 20.0, 3.0)
        assert math.isnan(turns[0].param3) and math.isnan(turns[0].param4)


async def test_denied_because_another_took_control_it_is_taken_anew() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.found(manager())
        obeys = [False]

        def answer(message: Any) -> None:
            if message.get_type() != "COMMAND_LONG" or message.command == REQUEST:
                return
            if message.command == PITCHYAW and not obeys[0]:
                made.says(ack(PITCHYAW, 2))
                obeys[0] = True  # the next time control was taken
                return
            made.says(ack(message.command, 0))
            if message.command == PITCHYAW:
                made.says(attitude(-30.0, 0.0))

        parts.peer.wire.answer = answer
        turn = made.command(CommandKind.GIMBAL, pitch_deg=-30.0, yaw_deg=0.0)
        assert (await made.done(turn)).state is ReceiptState.OBSERVED
        commands = [m.command for m in made.orders()]
        assert commands == [CONFIGURE, PITCHYAW, CONFIGURE, PITCHYAW]


async def test_a_place_goes_to_the_managers_component_as_a_place() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.found()
        made.says(manager(), component=154)
        made.answers()
        target = offset(PLACE, 90.0, 200.0)
        look = made.command(CommandKind.LOOK_AT, target=target)
        assert (await made.done(look)).state is ReceiptState.NOT_OBSERVED
        (roi,) = [m for m in made.orders() if m.command == ROI]
        assert (roi.get_type(), roi.target_component, roi.frame) == ("COMMAND_INT", 154, 6)
        assert (roi.x, roi.y) == (round(target.lat_deg * 1e7), round(target.lon_deg * 1e7))
        assert roi.z == -parts.drone.dock.roof_height_m


@pytest.mark.parametrize("answers", [(), (manager(TILT),)], ids=["no gimbal", "it cannot pan"])
async def test_without_pan_the_nose_turns_and_that_is_said(answers: tuple[Any, ...]) -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.found(*answers)
        target = offset(PLACE, 90.0, 200.0)
        made.alive(RTL)
        (reason,) = made.against(CommandKind.LOOK_AT, target=target)
        assert "its nose would have to turn" in reason and "RTL" in reason
        made.alive(GUIDED)
        assert made.against(CommandKind.LOOK_AT, target=target) == ()
        made.answers()
        look = made.command(CommandKind.LOOK_AT, target=target)
        receipt = await made.done(look)
        assert receipt.state is ReceiptState.OBSERVED  # its nose points east already
        assert [m.command for m in made.orders()] == [ROI]
        said = [e.receipt.text for e in parts.streams.events if e.receipt]
        await until(lambda: bool(parts.streams.events), what="the receipts")
        said = [e.receipt.text for e in parts.streams.events if e.receipt]
        assert said[0].endswith("; its camera cannot pan: the nose turns")


async def test_without_a_manager_angles_go_the_older_way_and_rates_not_at_all() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.found()
        wanted = {"pitch_deg": -40.0, "yaw_deg": 10.0}
        assert made.against(CommandKind.GIMBAL, **wanted) == (f"no gimbal of {DRONE} answers",)
        made.says(attitude(0.0, 0.0))
        made.answers(
            lambda m: [attitude(m.param1, m.param3)] if getattr(m, "command", 0) == MOUNT else []
        )
        turn = made.command(CommandKind.GIMBAL, **wanted)
        assert (await made.done(turn)).state is ReceiptState.OBSERVED
        (order,) = made.orders()
        assert (order.command, order.param7) == (MOUNT, 2.0)
        (reason,) = made.against(CommandKind.GIMBAL_RATE, pitch_dps=5.0, yaw_dps=0.0)
        assert "no gimbal manager" in reason


async def test_what_it_cannot_do_is_refused_in_words() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.found(manager(TILT))
        assert made.against(CommandKind.GIMBAL, pitch_deg=-40.0, yaw_deg=30.0) == (
            f"the camera of {DRONE} cannot pan",
        )
        assert made.against(CommandKind.GIMBAL_RATE, pitch_dps=0.0, yaw_dps=9.0) == (
            f"the camera of {DRONE} cannot pan",
        )
        assert made.against(CommandKind.GIMBAL, pitch_deg=-40.0, yaw_deg=0.0) == ()
        low = dialect.MAVLink_gimbal_manager_information_message(
            0, TILT | PAN, 1, 0, 0, math.radians(-45), 0.0, -1.0, 1.0
        )
        made.says(low)
        (reason,) = made.against(CommandKind.GIMBAL, pitch_deg=-80.0, yaw_deg=0.0)
        assert reason == f"the camera of {DRONE} tilts from -45° to 0° only"
        assert made.against(CommandKind.ZOOM, zoom=2.0) == (
            f"no camera of {DRONE} says that it can zoom",
        )


async def test_zoom_by_a_share_of_the_range_the_site_file_tells() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.found()
        made.says(camera(dialect.CAMERA_CAP_FLAGS_HAS_BASIC_ZOOM), component=100)
        made.answers(lambda m: [settings(50.0)] if getattr(m, "command", 0) == ZOOM else [])
        assert (await made.done(made.command(CommandKind.ZOOM, zoom=4.5))).state is (
            ReceiptState.OBSERVED
        )
        (order,) = made.orders()
        assert (order.target_component, order.param1, order.param2) == (100, 2.0, 50.0)
        (reason,) = made.against(CommandKind.ZOOM, zoom=12.0)
        assert reason == f"the camera of {DRONE} zooms 8 times at most"
        parts.drone.spec = replace(parts.drone.spec, most_zoom=None)
        (reason,) = made.against(CommandKind.ZOOM, zoom=2.0)
        assert "most_zoom" in reason
        assert made.against(CommandKind.ZOOM, zoom=1.0) == ()


async def test_a_zoom_that_is_not_reported_is_not_observed() -> None:
    async with stage() as parts:
        made = Carried(parts)
        made.found()
        made.says(camera(dialect.CAMERA_CAP_FLAGS_HAS_BASIC_ZOOM), component=100)
        made.answers()
        receipt = await made.done(made.command(CommandKind.ZOOM, zoom=2.0))
        assert receipt.state is ReceiptState.NOT_OBSERVED
        assert (
            receipt.text == f"zoom accepted, not observed: the camera of {DRONE} does not report it"
        )
        assert (100, 260) in made.asked()
