"""What counts as an answer to an order: whose, which, when, and what was said with it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from gcs.link import commands
from gcs.link.ardupilot import ArduCopter
from gcs.link.autopilots import UNHEARD
from gcs.link.commands import Commander
from gcs.link.mavlink import Framer, dialect
from gcs.link.px4 import Px4
from gcs.model.place import Position
from gcs.runtime.clock import ManualClock
from tests.unit.link.peer import HOME, Peer, ack, heartbeat, motion, text

PILOT = ArduCopter()
THERE = Position(51.53, -0.1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "ANSWER_S", 0.03)
    monkeypatch.setattr(commands, "LATE_REASONS_S", 0.03)
    monkeypatch.setattr(commands, "LONGEST_PROGRESS_S", 0.1)


@pytest.fixture
def peer() -> Peer:
    found = Peer(ManualClock())
    found.says(heartbeat(), motion())
    return found


def answer_to(command: int, result: int, system: int, component: int) -> Any:
    return dialect.MAVLink_command_ack_message(command, result, 0, 0, system, component)


@pytest.mark.parametrize(("system", "component"), [(254, 190), (255, 1)])
async def test_an_ack_to_another_station_is_not_ours(
    peer: Peer, system: int, component: int
) -> None:
    peer.wire.answer = lambda m: peer.says(answer_to(m.command, 0, system, component))
    answer = await Commander().execute(peer.vehicle, PILOT.hold())
    assert not answer.answered and "not accepted by this vehicle" in answer.words
    peer.wire.answer = lambda m: peer.says(answer_to(m.command, 0, 255, 190))
    assert (await Commander().execute(peer.vehicle, PILOT.hold())).accepted


async def test_another_component_does_not_answer_for_the_autopilot(peer: Peer) -> None:
    camera = Framer(1, 100)
    peer.wire.answer = lambda m: peer.network.datagram(camera.pack(ack(m.command, 0)), HOME)
    assert not (await Commander().execute(peer.vehicle, PILOT.land())).answered
    to_camera = replace(PILOT.land(), component=100)
    assert (await Commander().execute(peer.vehicle, to_camera)).accepted
    assert peer.sent("COMMAND_LONG")[-1].target_component == 100


async def test_the_answer_to_another_order_is_left_for_it(peer: Peer) -> None:
    peer.wire.answer = lambda m: peer.says(ack(dialect.MAV_CMD_NAV_TAKEOFF, 0))
    assert not (await Commander().execute(peer.vehicle, PILOT.hold())).answered


async def test_an_answer_twice_or_after_the_end_changes_nothing(peer: Peer) -> None:
    commander = Commander()
    peer.wire.answer = lambda m: peer.says(ack(m.command, 4), ack(m.command, 0))
    answer = await commander.execute(peer.vehicle, PILOT.hold())
    assert answer.words == "refused by the vehicle", "the first answer counts"
    peer.says(ack(dialect.MAV_CMD_DO_SET_MODE, 0))
    peer.wire.answer = lambda m: None
    assert not (await commander.execute(peer.vehicle, PILOT.hold())).answered
    assert not peer.vehicle.listeners and not peer.vehicle._text_listeners


async def test_a_late_answer_to_the_first_send_is_taken_during_the_second(peer: Peer) -> None:
    loop = asyncio.get_running_loop()
    peer.wire.answer = lambda m: void(loop.call_later(0.045, peer.says, ack(m.command, 0)))
    assert (await Commander().execute(peer.vehicle, PILOT.arm())).accepted
    assert [m.confirmation for m in peer.sent("COMMAND_LONG")] == [0, 1]


@pytest.mark.parametrize("lost", [0, 1])
async def test_a_refused_repeat_leaves_open_what_became_of_the_first(peer: Peer, lost: int) -> None:
    """A take-off that was taken, its ACK lost: the second one finds the vehicle in the air."""
    failed = ack(dialect.MAV_CMD_COMPONENT_ARM_DISARM, dialect.MAV_RESULT_FAILED)
    peer.wire.answer = lambda m: peer.says(failed) if m.confirmation >= lost else None
    answer = await Commander().execute(peer.vehicle, PILOT.arm())
    assert answer.answered and not answer.accepted and answer.open is bool(lost)


async def test_a_command_with_a_frame_is_repeated_without_a_count(peer: Peer) -> None:
    await Commander().execute(peer.vehicle, PILOT.reposition(THERE, 20.0))
    sent = peer.sent("COMMAND_INT")
    assert len(sent) == commands.SENDS and len({bytes(m.get_payload()) for m in sent}) == 1


async def test_progress_that_never_ends_is_asked_about_again(peer: Peer) -> None:
    peer.wire.answer = lambda m: peer.says(ack(m.command, 5))
    answer = await Commander().execute(peer.vehicle, PILOT.arm())
    assert not answer.answered and answer.open
    assert len(peer.sent("COMMAND_LONG")) == commands.SENDS


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (1, "rejected for the moment: it cannot do it just now"),
        (2, "denied"),
        (3, "not supported by this vehicle"),
        (4, "refused by the vehicle"),
        (6, "cancelled by the vehicle"),
        (7, "refused: it takes this order only without a frame"),
        (42, "refused (result 42)"),
    ],
)
async def test_results_in_words(peer: Peer, result: int, words: str) -> None:
    peer.wire.answer = lambda m: peer.says(ack(m.command, result))
    answer = await Commander().execute(peer.vehicle, PILOT.reposition(THERE, 20.0))
    assert (answer.accepted, answer.answered, answer.words) == (False, True, words)
    assert len(peer.sent("COMMAND_INT")) == 1


async def test_a_vehicle_that_wants_another_frame_or_form_gets_it(peer: Peer) -> None:
    def picky(message: Any) -> None:
        framed = message.get_type() == "COMMAND_INT"
        known = framed and message.frame == dialect.MAV_FRAME_GLOBAL_INT
        peer.says(ack(message.command, 0 if known else 9 if framed else 8))

    peer.wire.answer = picky
    assert (await Commander().execute(peer.vehicle, PILOT.reposition(THERE, 20.0))).accepted
    assert [m.z for m in peer.sent("COMMAND_INT")] == [20.0, 60.0]
    climb = Px4().take_off_steps(20.0)[0].order
    assert (await Commander().execute(peer.vehicle, climb)).accepted


async def test_what_is_said_is_tied_to_the_order(peer: Peer) -> None:
    peer.says(text("EKF variance", 2))

    def refuse(message: Any) -> None:
        peer.says(text("PreArm: Logging failed", 2), text("Mode change failed", 4))
        peer.says(ack(message.command, 4))

    peer.wire.answer = refuse
    answer = await Commander().execute(peer.vehicle, PILOT.hold())
    assert answer.reasons == ("Mode change failed",)
    peer.says(text("Battery low", 2))
    answer = await Commander().execute(peer.vehicle, PILOT.arm())
    assert answer.reasons == ("PreArm: Logging failed", "Mode change failed")


async def test_why_nothing_came_back() -> None:
    clock = ManualClock()
    peer = Peer(clock)
    peer.says(heartbeat())
    peer.vehicle.answered()
    answer = await Commander().execute(peer.vehicle, PILOT.hold())
    assert answer.words == "no answer: not accepted by this vehicle"
    clock.advance(9.0)
    peer.says(heartbeat())
    answer = await Commander().execute(peer.vehicle, PILOT.hold())
    assert answer.words == "no answer: the uplink is lost, nothing has arrived for 9 s"
    clock.advance(9.0)
    answer = await Commander().execute(peer.vehicle, PILOT.hold())
    assert answer.words == "no answer: the link is lost"


async def test_an_order_that_cannot_be_given_is_not_sent(peer: Peer) -> None:
    answer = await Commander().execute(peer.vehicle, UNHEARD.hold())
    assert "not known" in answer.words and not answer.open and not peer.wire.sent


def void(_: object) -> None:
    """For a callback whose answer nobody wants."""
