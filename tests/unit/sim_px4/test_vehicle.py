"""The PX4-like vehicle keeps to what was seen of real ones. No socket, time turned by hand."""

import struct
from typing import Any

import pytest

from gcs.geo.earth import LocalFrame
from gcs.link.mavlink import Framer, dialect
from gcs.model.place import Position
from gcs.sim.drone.config import DroneConfig
from gcs.sim.px4.modes import Mode
from gcs.sim.px4.vehicle import Px4Vehicle
from gcs.sim.px4.ways import Spot
from gcs.sim.weather import Weather

HOME = Position(51.53, -0.1)
GATEWAY = ("127.0.0.1", 14550)
AMSL_M = 61.0
NAN = float("nan")
TICK_S = 0.02


class Bench:
    """A vehicle and a station beside it."""

    def __init__(self, **parameters: float) -> None:
        config = DroneConfig("P1", 1, HOME, AMSL_M, parameters=parameters)
        self.vehicle = Px4Vehicle(config, GATEWAY, Weather(0.0, 0.0), 0.0)
        self.now_s = 0.0
        self.heard: list[Any] = []
        self._station, self._ear = Framer(255, 190), Framer(255, 190)
        self.beats = True

    @property
    def pilot(self) -> Any:
        return self.vehicle.pilot

    def says(self, message: Any) -> None:
        self.vehicle.receive(self._station.pack(message), GATEWAY)
        self._listen()

    def passes(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            if self.beats:
                self.says(dialect.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
            self.vehicle.step(self.now_s)
            self._listen()

    def _listen(self) -> None:
        for address, data in self.vehicle.take_outbox():
            assert address == GATEWAY
            self.heard += self._ear.parse_datagram(data)

    def of(self, kind: str) -> list[Any]:
        return [m for m in self.heard if m.get_type() == kind]

    def order(self, command: int, *p: float) -> int:
        values = (*p, *(0.0,) * (7 - len(p)))
        self.says(dialect.MAVLink_command_long_message(1, 1, command, 0, *values))
        result: int = self.of("COMMAND_ACK")[-1].result
        return result

    def place(self, command: int, east_m: float, north_m: float, up_m: float, *p: float) -> int:
        at = LocalFrame(HOME).to_position(east_m, north_m)
        x, y = round(at.lat_deg * 1e7), round(at.lon_deg * 1e7)
        values = (*p, *(0.0,) * (4 - len(p)))
        self.says(
            dialect.MAVLink_command_int_message(
                1, 1, 0, command, 0, 0, *values, x, y, AMSL_M + up_m
            )
        )
        result: int = self.of("COMMAND_ACK")[-1].result
        return result

    def flies(self, up_m: float = 20.0) -> "Bench":
        self.passes(0.2)
        take_off = dialect.MAV_CMD_NAV_TAKEOFF
        assert self.order(take_off, -1, 0, 0, NAN, NAN, NAN, AMSL_M + up_m) == 0
        assert self.order(dialect.MAV_CMD_COMPONENT_ARM_DISARM, 1.0) == 0
        self.passes(20.0)
        return self


def test_it_sends_fifty_positions_a_second_unasked_and_no_fence_status() -> None:
    bench = Bench()
    bench.passes(2.0)
    assert len(bench.of("GLOBAL_POSITION_INT")) == len(bench.of("ATTITUDE")) >= 95
    (beat, *_) = bench.of("HEARTBEAT")
    assert (beat.autopilot, beat.custom_mode) == (dialect.MAV_AUTOPILOT_PX4, 0x3040000)
    assert not bench.of("FENCE_STATUS") and not bench.of("WIND")


def test_armed_in_takeoff_it_climbs_and_holds_by_itself() -> None:
    bench = Bench().flies(20.0)
    modes = [m.custom_mode for m in bench.of("HEARTBEAT")]
    assert 0x2040000 in modes and modes[-1] == 0x3040000
    assert bench.pilot.body.up_m == pytest.approx(20.0, abs=0.5)
    assert bench.order(dialect.MAV_CMD_COMPONENT_ARM_DISARM, 0.0, 21196.0) == 1
    assert bench.pilot.armed, "motors never stop in the air"


def test_armed_without_a_take_off_it_disarms_after_ten_seconds() -> None:
    bench = Bench()
    bench.passes(0.2)
    assert bench.order(dialect.MAV_CMD_COMPONENT_ARM_DISARM, 1.0) == 0
    bench.passes(9.0)
    assert bench.pilot.armed
    bench.passes(2.0)
    assert not bench.pilot.armed


def test_hold_mode_flies_a_reposition_on_and_nan_stops_it() -> None:
    bench = Bench().flies()
    assert bench.place(dialect.MAV_CMD_DO_REPOSITION, 200.0, 0.0, 25.0, -1, 1, 0, NAN) == 0
    bench.passes(5.0)
    assert bench.order(dialect.MAV_CMD_DO_SET_MODE, 1, 4, 3) == 0
    bench.passes(2.0)
    assert bench.pilot.mode is Mode.HOLD and bench.pilot.body.ground_speed_mps > 4.0
    reposition = dialect.MAV_CMD_DO_REPOSITION
    assert bench.order(reposition, -1, 1, 0, NAN, NAN, NAN, NAN) == 0
    bench.passes(5.0)
    assert bench.pilot.body.ground_speed_mps < 0.3 and bench.pilot.body.east_m < 100.0


def test_an_orbit_is_answered_twice_and_flown() -> None:
    bench = Bench().flies()
    before = len(bench.of("COMMAND_ACK"))
    assert bench.place(dialect.MAV_CMD_DO_ORBIT, 30.0, 0.0, 20.0, -20.0, 4.0) == 0
    assert len(bench.of("COMMAND_ACK")) == before + 2
    bench.passes(25.0)
    body = bench.pilot.body
    assert bench.pilot.mode is Mode.ORBIT
    assert ((body.east_m - 30.0) ** 2 + body.north_m**2) ** 0.5 == pytest.approx(20.0, abs=3.0)


def fence(bench: Bench, points: int, count: int) -> None:
    kind = dialect.MAV_MISSION_TYPE_FENCE
    bench.says(dialect.MAVLink_mission_count_message(1, 1, points, kind))
    corners = [(-100.0, -60.0), (60.0, -60.0), (60.0, 60.0), (-100.0, 60.0)]
    for seq in range(points):
        assert bench.of("MISSION_REQUEST_INT")[-1].seq == seq
        at = LocalFrame(HOME).to_position(*corners[seq])
        x, y = round(at.lat_deg * 1e7), round(at.lon_deg * 1e7)
        bench.says(
            dialect.MAVLink_mission_item_int_message(
                1, 1, seq, 0, 5001, 0, 1, count, 0, 0, 0, x, y, 0.0, kind
            )
        )
    assert bench.of("MISSION_ACK")[-1].type == dialect.MAV_MISSION_ACCEPTED


def test_it_holds_short_of_its_fence_and_shows_a_failsafe() -> None:
    bench = Bench().flies()
    fence(bench, 4, 4)
    bench.pilot._spot = Spot(200.0, 0.0, 20.0)  # no order may lead there
    bench.passes(20.0)
    assert bench.pilot.body.east_m < 60.0 and bench.pilot.failsafe
    assert bench.of("HEARTBEAT")[-1].system_status == dialect.MAV_STATE_CRITICAL
    assert bench.place(dialect.MAV_CMD_DO_REPOSITION, 90.0, 0.0, 20.0, -1, 1, 0, NAN) == 0
    assert "outside geofence" in bench.of("STATUSTEXT")[-1].text


def test_an_incomplete_polygon_is_taken_without_a_word_and_protects_nothing() -> None:
    bench = Bench()
    fence(bench, 3, 4)
    assert not bench.pilot.fence.present and not bench.of("STATUSTEXT")


def test_a_lost_station_is_acted_on_after_thirteen_seconds_if_it_is_set_to() -> None:
    idle, set_to = Bench().flies(), Bench(NAV_DLL_ACT=2).flies()
    for bench in (idle, set_to):
        bench.beats = False
        bench.passes(12.9)
        assert bench.pilot.mode is Mode.HOLD
        bench.passes(0.5)
    assert idle.pilot.mode is Mode.HOLD
    assert set_to.pilot.mode is Mode.RETURN and set_to.pilot.failsafe
    set_to.passes(60.0)
    assert set_to.pilot.landed and not set_to.pilot.armed


def test_integers_are_copied_bit_by_bit_and_unknown_names_answered_in_words() -> None:
    bench = Bench(NAV_DLL_ACT=2)
    bench.says(dialect.MAVLink_param_request_read_message(1, 1, b"NAV_DLL_ACT", -1))
    (value,) = bench.of("PARAM_VALUE")
    assert value.param_type == dialect.MAV_PARAM_TYPE_INT32
    assert struct.unpack("<i", struct.pack("<f", value.param_value))[0] == 2
    coded = struct.unpack("<f", struct.pack("<i", 3))[0]
    bench.says(dialect.MAVLink_param_set_message(1, 1, b"NAV_DLL_ACT", coded, 6))
    assert bench.pilot.params["NAV_DLL_ACT"] == 3.0
    bench.says(dialect.MAVLink_param_request_read_message(1, 1, b"RTL_ALT_M", -1))
    assert "unknown param" in bench.of("STATUSTEXT")[-1].text


def test_it_never_speaks_beyond_this_machine() -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.0/8"):
        Px4Vehicle(DroneConfig("P1", 1, HOME), ("10.0.0.1", 14550), Weather(0.0, 0.0), 0.0)
