"""Rates are asked for until they come; what a link does not bring is said in words."""

import math
from typing import Any

import pytest

from gcs.link.autopilot import Rate
from gcs.link.mavlink import dialect
from gcs.link.rates import RateKeeper
from gcs.link.reports import Attitude, FenceStatus, Motion, TimeSync
from gcs.link.voice import Voice
from gcs.runtime.clock import ManualClock
from tests.unit.link.peer import Peer, ack, heartbeat, motion

POSITION = Rate(dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT, Motion, 10.0)
ATTITUDE = Rate(dialect.MAVLINK_MSG_ID_ATTITUDE, Attitude, 4.0)
FENCE = Rate(dialect.MAVLINK_MSG_ID_FENCE_STATUS, FenceStatus, 0.5)
RATES = (POSITION, ATTITUDE, FENCE)


def attitude() -> Any:
    return dialect.MAVLink_attitude_message(1000, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0)


class Flight:
    """A vehicle that sends so and so many a second."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.peer = Peer(self.clock)
        self.keeper = RateKeeper(self.clock)

    def fly(self, seconds: int, positions: int, attitudes: int) -> None:
        for _ in range(seconds):
            self.peer.says(heartbeat())
            for number in range(100):
                self.clock.advance(0.01)
                for count, message in ((positions, motion()), (attitudes, attitude())):
                    if math.floor(number * count / 100) != math.floor((number + 1) * count / 100):
                        self.peer.says(message)
            self.keeper.turn(self.peer.vehicle, RATES)

    def asked(self, rate: Rate) -> int:
        return sum(m.param1 == rate.message_id for m in self.peer.sent("COMMAND_LONG"))

    def slow(self) -> tuple[str, ...]:
        return self.keeper.slow(self.peer.vehicle)


def test_what_a_link_does_not_bring_is_said() -> None:
    flight = Flight()
    flight.fly(20, positions=3, attitudes=0)
    assert flight.slow() == (
        "GLOBAL_POSITION_INT comes 3 times a second, 10 are wanted",
        "ATTITUDE does not come, 4 are wanted",
    ), "a vehicle without a fence is no slow link"
    flight.fly(25, positions=10, attitudes=4)
    assert flight.slow() == ()


def test_a_lost_link_is_not_called_slow() -> None:
    flight = Flight()
    flight.fly(20, positions=3, attitudes=4)
    assert flight.slow()
    flight.clock.advance(6.0)
    assert flight.slow() == ()


def test_one_that_sends_too_much_is_asked_once_to_slow_down() -> None:
    flight = Flight()
    flight.fly(30, positions=50, attitudes=50)
    assert flight.asked(POSITION) == 2 and flight.asked(ATTITUDE) == 2, "at first, and once more"
    assert flight.slow() == ()


def test_after_a_reboot_and_for_another_autopilot_all_is_asked_anew() -> None:
    flight = Flight()
    flight.fly(8, positions=10, attitudes=4)
    before = flight.asked(POSITION)
    flight.peer.vehicle.fresh_starts += 1
    flight.fly(1, positions=10, attitudes=4)
    assert flight.asked(POSITION) == before + 1
    half = Rate(POSITION.message_id, Motion, 5.0)
    flight.keeper.turn(flight.peer.vehicle, (half,))
    assert flight.peer.sent("COMMAND_LONG")[-1].param2 == 200_000.0


def test_the_uplinks_age_is_that_of_the_last_answer() -> None:
    clock = ManualClock()
    peer, voice = Peer(clock), Voice(clock)
    peer.says(heartbeat())
    assert peer.vehicle.uplink_age_s is None
    asked = round(clock.monotonic() * 1e9)
    clock.advance(0.1)
    voice.take_time(peer.vehicle, TimeSync(1, asked))
    clock.advance(2.0)
    assert peer.vehicle.uplink_age_s == pytest.approx(2.0)
    voice.take_time(peer.vehicle, TimeSync(1, 5))
    assert peer.vehicle.uplink_age_s == pytest.approx(2.0), "an answer to somebody else"
    peer.says(ack(400, 0))
    assert peer.vehicle.uplink_age_s == 0.0


def test_a_fence_that_was_switched_off_is_no_slow_link() -> None:
    flight = Flight()
    flight.peer.says(dialect.MAVLink_fence_status_message(0, 0, 0, 0))
    flight.fly(40, positions=10, attitudes=4)
    assert flight.asked(FENCE) > 1, "it is asked for all the same"
    assert flight.slow() == ()
