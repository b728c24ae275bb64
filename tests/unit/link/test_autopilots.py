"""Both makes behind one protocol: who drives what, and the bytes of each order."""

import math
from typing import Any

import pytest

from gcs.link.ardupilot import ArduCopter
from gcs.link.autopilot import Aim, Autopilot, Circle, Order
from gcs.link.autopilots import driver_for
from gcs.link.mavlink import dialect
from gcs.link.order_packet import Form, aim_packet, packet
from gcs.link.px4 import Px4
from gcs.link.reports import Heartbeat, Wind
from gcs.model.place import Position
from gcs.model.telemetry import FlightMode
from gcs.runtime.clock import ManualClock
from tests.unit.link.peer import Peer, heartbeat, motion

COPTER, PX4 = ArduCopter(), Px4()
THERE = Position(51.53, -0.1)
HOME_AMSL_M = 40.0  # of `motion`: 50 m above the sea, 10 m above home
CIRCLE = Circle(THERE, 30.0, -25.0, 4.0)


@pytest.fixture
def peer() -> Peer:
    found = Peer(ManualClock())
    found.says(heartbeat(), motion())
    return found


def wire(peer: Peer, order: Order, form: Form = Form.USUAL) -> Any:
    assert not order.cannot, order.cannot
    return packet(peer.vehicle, order, 0, form)


def parameters(message: Any) -> tuple[Any, ...]:
    values = [getattr(message, f"param{n}") for n in range(1, 8)]
    return tuple("nan" if math.isnan(v) else v for v in values)


def test_the_heartbeat_tells_who_drives_it() -> None:
    assert driver_for(Heartbeat(3, 4, False, False)).name == "ArduCopter"
    assert driver_for(Heartbeat(12, 4, False, False, 13)).name == "PX4"
    for other in (
        None,
        Heartbeat(8, 0, False, False),
        Heartbeat(3, 0, False, False, 1),  # a plane
        Heartbeat(12, 0, False, False, 10),  # a rover
    ):
        driver = driver_for(other)
        assert not driver.known and driver.rates == () and driver.moves_in == frozenset()
        orders = (
            driver.hold(),
            driver.return_home(),
            driver.land(),
            driver.arm(),
            driver.orbit(CIRCLE),
            driver.reposition(THERE, 20.0),
            driver.take_off_steps(20.0)[0].order,
        )
        assert all(o.cannot for o in orders)


@pytest.mark.parametrize(
    ("number", "mode", "word"),
    [
        (0x2040000, FlightMode.GUIDED, "TAKEOFF"),
        (0x3040000, FlightMode.HOLD, "HOLD"),
        (0x4040000, FlightMode.PLAN, "MISSION"),
        (0x5040000, FlightMode.RETURN, "RETURN"),
        (0x6040000, FlightMode.LAND, "LAND"),
        (0x9040000, FlightMode.LAND, "PRECISION LAND"),
        (0x1030000, FlightMode.PLAN, "ORBIT"),
        (0x0010000, FlightMode.MANUAL, "MANUAL"),
        (0x0020000, FlightMode.MANUAL, "ALTITUDE"),
        (0x0030000, FlightMode.MANUAL, "POSITION"),
        (0x0050000, FlightMode.MANUAL, "ACRO"),
        (0x0070000, FlightMode.MANUAL, "STABILIZED"),
        (0x0060000, FlightMode.PLAN, "OFFBOARD"),
        (0x7F7F0000, FlightMode.UNKNOWN, "mode 0x7f7f0000"),
    ],
)
def test_px4_modes(number: int, mode: FlightMode, word: str) -> None:
    assert PX4.mode(number) == (mode, word)


def test_copter_takes_off_armed_in_guided_and_above_home(peer: Peer) -> None:
    guided, arm, climb = COPTER.take_off_steps(40.0)
    assert guided.needless and parameters(wire(peer, guided.order))[:2] == (1.0, 4.0)
    assert arm.armed and climb.airborne
    assert parameters(wire(peer, climb.order)) == (0, 0, 0, 0, 0, 0, 40.0)


def test_px4_is_given_the_height_above_the_sea_first_and_then_armed(peer: Peer) -> None:
    climb, arm = PX4.take_off_steps(40.0)
    sent = wire(peer, climb.order)
    assert (sent.get_type(), sent.command) == ("COMMAND_LONG", dialect.MAV_CMD_NAV_TAKEOFF)
    assert parameters(sent) == (-1.0, 0, 0, "nan", "nan", "nan", 40.0 + HOME_AMSL_M)
    assert climb.mode is FlightMode.GUIDED and arm.armed
    assert parameters(wire(peer, arm.order)) == (1.0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("pilot", "frame", "z"),
    [
        (COPTER, dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT, 30.0),
        (PX4, dialect.MAV_FRAME_GLOBAL_INT, 30.0 + HOME_AMSL_M),
    ],
)
def test_a_reposition_says_what_its_height_is_above(
    peer: Peer, pilot: Autopilot, frame: int, z: float
) -> None:
    sent = wire(peer, pilot.reposition(THERE, 30.0))
    assert (sent.get_type(), sent.command) == ("COMMAND_INT", dialect.MAV_CMD_DO_REPOSITION)
    assert (sent.frame, sent.x, sent.y, sent.z) == (frame, 515300000, -1000000, z)
    assert sent.param2 == 1.0 and math.isnan(sent.param4)
    seen = wire(peer, pilot.look_at(THERE, -18.0))
    assert (seen.frame, seen.z) == (frame, z - 48.0)


def test_px4_is_held_by_a_reposition_to_nowhere(peer: Peer) -> None:
    """Its HOLD mode flies repositions, so the mode alone would stop nothing."""
    sent = wire(peer, PX4.hold())
    assert (sent.get_type(), sent.command) == ("COMMAND_LONG", dialect.MAV_CMD_DO_REPOSITION)
    assert parameters(sent) == (-1.0, 1.0, 0, "nan", "nan", "nan", "nan")
    assert parameters(wire(peer, COPTER.hold()))[:2] == (1.0, 17.0)


def test_return_and_land(peer: Peer) -> None:
    assert parameters(wire(peer, COPTER.return_home()))[:2] == (1.0, 6.0)
    assert parameters(wire(peer, COPTER.land()))[:2] == (1.0, 9.0)
    assert wire(peer, PX4.return_home()).command == dialect.MAV_CMD_NAV_RETURN_TO_LAUNCH
    assert parameters(wire(peer, PX4.land()))[:3] == (1.0, 4.0, 6.0)


def test_an_orbit_is_px4s_own_and_flown_by_points_for_copter(peer: Peer) -> None:
    sent = wire(peer, PX4.orbit(CIRCLE))
    assert (sent.command, sent.param1, sent.param2) == (dialect.MAV_CMD_DO_ORBIT, -25.0, 4.0)
    assert sent.z == 30.0 + HOME_AMSL_M
    assert COPTER.orbit(CIRCLE).cannot and not COPTER.flies_circles
    aim = aim_packet(peer.vehicle, Aim(THERE, 30.0, 3.0, -2.0, 270.0))
    assert (aim.vx, aim.vy, aim.vz) == (-2.0, 3.0, 0.0)
    assert aim.type_mask == 0b100111000000, "position, velocity and yaw are given"
    assert aim.yaw == pytest.approx(math.radians(-90.0))
    assert (aim.target_system, aim.target_component) == (1, 1)


@pytest.mark.parametrize("pilot", [COPTER, PX4])
def test_speed_and_plans(peer: Peer, pilot: Autopilot) -> None:
    assert parameters(wire(peer, pilot.speed(6.0)))[:3] == (1.0, 6.0, -1.0)
    assert wire(peer, pilot.start_plan()).command == dialect.MAV_CMD_MISSION_START
    item = wire(peer, pilot.plan_item(7))
    assert (item.command, item.param1) == (dialect.MAV_CMD_DO_SET_MISSION_CURRENT, 7.0)
    resume = wire(peer, pilot.resume_plan())
    assert resume.command == dialect.MAV_CMD_DO_SET_MODE


def test_the_fence_has_a_switch_on_copter_alone(peer: Peer) -> None:
    sent = wire(peer, COPTER.fence_enable(True))
    assert (sent.command, sent.param1) == (dialect.MAV_CMD_DO_FENCE_ENABLE, 1.0)
    assert sent.param2 == 5.0, "ceiling and polygons, not the default circle of 300 m"
    assert wire(peer, COPTER.fence_enable(False)).param1 == 0.0
    assert PX4.fence_enable(True).cannot and not PX4.fence_has_switch


def test_px4s_wind_is_told_like_any_other(peer: Peer) -> None:
    """It tells where the air goes; a report tells where it comes from."""
    peer.says(dialect.MAVLink_wind_cov_message(0, -3.0, 4.0, 0.0, 0.1, 0.1, 20.0, 1.0, 1.0))
    wind = peer.vehicle.value(Wind)
    assert wind is not None and wind.speed_mps == pytest.approx(5.0)
    assert wind.from_deg == pytest.approx(306.87, abs=0.01)


def test_a_height_above_the_sea_waits_for_a_known_home() -> None:
    stranger = Peer(ManualClock())
    assert packet(stranger.vehicle, PX4.reposition(THERE, 30.0), 0) is None
    assert packet(stranger.vehicle, PX4.hold(), 0) is not None


def test_an_order_in_the_other_form_says_the_same(peer: Peer) -> None:
    other = wire(peer, COPTER.reposition(THERE, 30.0), Form.OTHER_FRAME)
    assert (other.frame, other.z) == (dialect.MAV_FRAME_GLOBAL_INT, 30.0 + HOME_AMSL_M)
    framed = wire(peer, PX4.take_off_steps(20.0)[0].order, Form.WITH_FRAME)
    assert (framed.get_type(), framed.frame) == ("COMMAND_INT", dialect.MAV_FRAME_GLOBAL_INT)
    assert (framed.x, framed.y, framed.z) == (0x7FFFFFFF, 0x7FFFFFFF, 20.0 + HOME_AMSL_M)


@pytest.mark.parametrize("pilot", [COPTER, PX4])
def test_no_order_of_either_make_can_stop_motors(pilot: Autopilot) -> None:
    names = [n for n in dir(pilot) if "disarm" in n or "terminat" in n or "kill" in n]
    assert not names and pilot.arm().parameters[1] == 0.0
