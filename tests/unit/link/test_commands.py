"""Orders: ear first, repeats with a count, results in words, reasons tied to the order."""

import asyncio
from typing import Any

import pytest

from gcs.link import commands, parameters
from gcs.link.ardupilot import ArduCopter
from gcs.link.commands import Commander
from gcs.link.mavlink import dialect
from gcs.link.parameters import ParameterReader
from gcs.link.rates import RateKeeper
from gcs.link.reports import Motion, TimeSync
from gcs.link.voice import Voice
from gcs.model.place import Position
from gcs.model.telemetry import FlightMode
from gcs.runtime.clock import ManualClock
from tests.unit.link.peer import Peer, ack, heartbeat, motion, text

PILOT = ArduCopter()
ARM = dialect.MAV_CMD_COMPONENT_ARM_DISARM
SET_MODE = dialect.MAV_CMD_DO_SET_MODE


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The protocol's waits, shortened; their order is what counts."""
    monkeypatch.setattr(commands, "ANSWER_S", 0.05)
    monkeypatch.setattr(commands, "LATE_REASONS_S", 0.05)
    monkeypatch.setattr(parameters, "ANSWER_S", 0.05)


def heard() -> Peer:
    peer = Peer(ManualClock())
    peer.says(heartbeat())
    return peer


async def test_an_answer_that_comes_within_the_send_is_not_missed() -> None:
    peer = heard()
    peer.wire.answer = lambda m: peer.says(ack(m.command, 0))
    answer = await Commander().execute(peer.vehicle, PILOT.hold())
    assert answer.accepted and answer.words == "accepted"
    (sent,) = peer.sent("COMMAND_LONG")
    assert (sent.command, sent.param1, sent.param2) == (SET_MODE, 1.0, 17.0)
    assert (sent.target_system, sent.target_component) == (1, 1)


async def test_an_unanswered_order_is_repeated_with_a_rising_count() -> None:
    peer = heard()

    def third_time(message: Any) -> None:
        if message.confirmation == 2:
            peer.says(ack(message.command, 0))

    peer.wire.answer = third_time
    assert (await Commander().execute(peer.vehicle, PILOT.arm())).accepted
    assert [m.confirmation for m in peer.sent("COMMAND_LONG")] == [0, 1, 2]


async def test_no_answer_is_told_apart_from_a_lost_link() -> None:
    clock = ManualClock()
    peer = Peer(clock)
    peer.says(heartbeat())
    answer = await Commander().execute(peer.vehicle, PILOT.land())
    assert not answer.answered and "not accepted by this vehicle" in answer.words
    assert len(peer.sent("COMMAND_LONG")) == commands.SENDS
    clock.advance(4.0)
    answer = await Commander().execute(peer.vehicle, PILOT.land())
    assert "link is lost" in answer.words


async def test_a_refusal_carries_the_reasons_said_before_and_after_it() -> None:
    peer = heard()
    loop = asyncio.get_running_loop()

    def refuse(message: Any) -> None:
        peer.says(text("Arm: Compass not healthy", 2), text("chatter", 6), ack(message.command, 4))
        loop.call_later(0.01, peer.says, text("Arm: Fence breach", 2))

    peer.wire.answer = refuse
    answer = await Commander().execute(peer.vehicle, PILOT.arm())
    assert answer.answered and not answer.accepted
    assert answer.words == "refused by the vehicle"
    assert answer.reasons == ("Arm: Compass not healthy", "Arm: Fence breach")


async def test_progress_is_waited_for() -> None:
    peer = heard()
    loop = asyncio.get_running_loop()

    def slowly(message: Any) -> None:
        peer.says(ack(message.command, 5))
        loop.call_later(0.12, peer.says, ack(message.command, 0))

    peer.wire.answer = slowly
    assert (await Commander().execute(peer.vehicle, PILOT.arm())).accepted
    assert len(peer.sent("COMMAND_LONG")) == 1


async def test_the_newest_order_of_a_kind_takes_the_answer() -> None:
    peer = heard()
    commander = Commander()
    older = asyncio.ensure_future(commander.execute(peer.vehicle, PILOT.resume_plan()))
    await asyncio.sleep(0)
    peer.wire.answer = lambda m: peer.says(ack(m.command, 0))
    newer = await commander.execute(peer.vehicle, PILOT.hold())
    assert newer.accepted
    outcome = await older
    assert not outcome.accepted and "newer order" in outcome.words


async def test_an_order_is_not_sent_through_a_closed_fence() -> None:
    peer = Peer(ManualClock(), lambda: False)
    peer.says(heartbeat())
    answer = await Commander().execute(peer.vehicle, PILOT.arm())
    assert "may not speak" in answer.words and not peer.wire.sent


async def test_a_reposition_goes_as_command_int_relative_to_home() -> None:
    peer = heard()
    peer.wire.answer = lambda m: peer.says(ack(m.command, 0))
    order = PILOT.reposition(Position(51.53, -0.1), 30.0)
    assert (await Commander().execute(peer.vehicle, order)).accepted
    (sent,) = peer.sent("COMMAND_INT")
    assert (sent.frame, sent.param2, sent.x, sent.y, sent.z) == (
        6,
        1.0,
        515300000,
        -1000000,
        30.0,
    )


def test_no_order_can_force_a_disarm() -> None:
    assert PILOT.arm().parameters == (1.0, 0.0, 0.0, 0.0)
    assert not [n for n in dir(PILOT) if "disarm" in n or "terminate" in n or "kill" in n]


def test_modes_by_what_they_mean() -> None:
    assert PILOT.mode(17) == (FlightMode.HOLD, "BRAKE")
    assert PILOT.mode(6) == (FlightMode.RETURN, "RTL")
    assert PILOT.mode(99) == (FlightMode.UNKNOWN, "mode 99")


async def test_settings_are_read_by_their_new_or_old_name() -> None:
    peer = heard()
    old = {"RTL_ALT": 4000.0, "FS_GCS_ENABLE": 1.0, "SYSID_MYGCS": 255.0}

    def tell(message: Any) -> None:
        if message.param_id in old:
            value = old[message.param_id]
            name = message.param_id.encode()
            peer.says(dialect.MAVLink_param_value_message(name, value, 9, 1, 0))

    peer.wire.answer = tell
    found = await ParameterReader().safety(peer.vehicle, PILOT.safety_parameters)
    assert (found.return_height_m, found.gcs_loss_action, found.gcs_system_id) == (40.0, 1.0, 255.0)
    assert found.fence_action is None
    assert not peer.sent("PARAM_REQUEST_LIST")


def test_what_does_not_come_is_asked_for_until_it_comes() -> None:
    clock = ManualClock()
    peer = Peer(clock)
    peer.says(heartbeat())
    keeper = RateKeeper(clock)

    def asked() -> int:
        return sum(
            m.param1 == dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT
            for m in peer.sent("COMMAND_LONG")
        )

    keeper.turn(peer.vehicle, PILOT.rates)
    assert len(peer.sent("COMMAND_LONG")) == len(PILOT.rates)
    (first,) = [m for m in peer.sent("COMMAND_LONG") if m.param1 == 33]
    assert first.param2 == 100_000.0
    for _ in range(3):
        clock.advance(1.0)
        keeper.turn(peer.vehicle, PILOT.rates)
    assert asked() >= 2, "nothing came: asked again"
    before = asked()
    for _ in range(20):
        for _ in range(10):
            clock.advance(0.1)
            peer.says(motion())
        keeper.turn(peer.vehicle, PILOT.rates)
    assert asked() <= before + 1, "it comes: left alone"
    settled = asked()
    for _ in range(8):
        clock.advance(1.0)
        peer.says(motion())
        keeper.turn(peer.vehicle, PILOT.rates)
    assert asked() > settled, "it comes too seldom: asked again"
    assert peer.vehicle.value(Motion) is not None


def test_the_round_trip_is_measured_and_questions_are_answered() -> None:
    clock = ManualClock()
    peer = Peer(clock)
    peer.says(heartbeat())
    voice = Voice(clock)
    voice.ask_time(peer.vehicle)
    (asked,) = peer.sent("TIMESYNC")
    clock.advance(0.025)
    voice.take_time(peer.vehicle, TimeSync(12345, asked.ts1))
    assert peer.vehicle.round_trip_ms == pytest.approx(25.0, abs=0.1)
    voice.take_time(peer.vehicle, TimeSync(0, 777))
    assert peer.sent("TIMESYNC")[-1].ts1 == 777
    voice.take_time(peer.vehicle, TimeSync(1, 5))
    assert peer.vehicle.round_trip_ms == pytest.approx(25.0, abs=0.1), "an absurd one is left out"
    assert voice.heartbeat(peer.vehicle)
    assert peer.sent("HEARTBEAT")[-1].type == dialect.MAV_TYPE_GCS
