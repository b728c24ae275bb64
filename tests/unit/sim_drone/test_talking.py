"""Streams, requests, parameters, addressing: how the vehicle talks."""

from itertools import pairwise

import pytest

from gcs.link.mavlink import dialect
from gcs.sim.drone.config import DroneConfig
from gcs.sim.drone.drone import SimulatedDrone
from gcs.sim.weather import Weather
from tests.unit.sim_drone.rig import ACCEPTED, DENIED, FAILED, GUIDED, HOME, UNSUPPORTED, Rig

OTHER = ("127.0.0.2", 15000)


def test_it_is_silent_until_asked() -> None:
    rig = Rig()
    rig.run(20.0)
    kinds = {m.get_type() for _, m in rig.gcs.heard}
    assert kinds == {"HEARTBEAT", "TIMESYNC"}
    assert len(rig.gcs.all("HEARTBEAT")) == pytest.approx(20, abs=1)
    assert len(rig.gcs.all("TIMESYNC")) in (2, 3)


@pytest.mark.parametrize(("message", "hz"), [(33, 10.0), (30, 10.0), (245, 2.0), (30, 50.0)])
def test_an_interval_is_answered_at_once_and_exact(message: int, hz: float) -> None:
    rig = Rig()
    assert rig.gcs.interval(message, hz) == ACCEPTED
    rig.run(10.0)
    kind = dialect.mavlink_map[message].msgname
    times = rig.gcs.times(kind)
    assert len(times) == pytest.approx(10.0 * hz, abs=1)
    gaps = [b - a for a, b in pairwise(times)]
    assert max(gaps) <= 1.0 / hz + 0.021
    assert rig.gcs.command(510, message) == ACCEPTED
    assert rig.gcs.last("MESSAGE_INTERVAL").interval_us == round(1e6 / hz)


def test_a_stream_can_be_stopped_and_an_unknown_one_is_denied() -> None:
    rig = Rig()
    rig.gcs.interval(33, 10.0)
    rig.run(1.0)
    assert rig.gcs.interval(33, 0.0) == ACCEPTED
    heard = len(rig.gcs.all("GLOBAL_POSITION_INT"))
    rig.run(2.0)
    assert len(rig.gcs.all("GLOBAL_POSITION_INT")) == heard
    assert rig.gcs.interval(12345, 1.0) == DENIED


def test_after_a_stall_nothing_comes_in_a_burst() -> None:
    rig = Rig()
    rig.gcs.interval(33, 10.0)
    rig.run(1.0)
    heard = len(rig.gcs.all("GLOBAL_POSITION_INT"))
    rig.now_s += 3.0
    rig.drone.step(rig.now_s)
    rig.deliver()
    assert len(rig.gcs.all("GLOBAL_POSITION_INT")) == heard + 1


@pytest.mark.parametrize(
    "message", [1, 2, 24, 30, 32, 33, 42, 62, 74, 147, 148, 162, 193, 242, 245]
)
def test_messages_can_be_asked_for_one_by_one(message: int) -> None:
    rig = Rig()
    assert rig.gcs.command(512, message) == ACCEPTED
    assert rig.gcs.last(dialect.mavlink_map[message].msgname)


def test_a_requested_message_comes_before_or_after_its_answer() -> None:
    rig = Rig()
    orders = set()
    for _ in range(4):
        at = len(rig.gcs.heard)
        rig.gcs.command(512, 242)
        orders.add(tuple(m.get_type() for _, m in rig.gcs.heard[at:]))
    assert orders == {("HOME_POSITION", "COMMAND_ACK"), ("COMMAND_ACK", "HOME_POSITION")}


def test_a_message_it_has_not_is_not_sent() -> None:
    assert Rig().gcs.command(512, 9999) == FAILED


def test_what_a_docked_drone_shows() -> None:
    rig = Rig()
    for message in (1, 33, 147, 148, 242, 24):
        rig.gcs.command(512, message)
    position = rig.gcs.last("GLOBAL_POSITION_INT")
    assert position.alt == 48_000
    assert position.relative_alt == 0
    assert position.lat == pytest.approx(HOME.lat_deg * 1e7, abs=60)
    home = rig.gcs.last("HOME_POSITION")
    assert (home.altitude, home.latitude) == (48_000, round(HOME.lat_deg * 1e7))
    battery = rig.gcs.last("BATTERY_STATUS")
    assert battery.battery_remaining == 100
    assert battery.time_remaining == pytest.approx(27 * 60, abs=5)
    assert sum(v for v in battery.voltages if v != 65535) == pytest.approx(25_000, abs=200)
    version = rig.gcs.last("AUTOPILOT_VERSION")
    assert version.flight_sw_version >> 16 == 0x0407
    assert version.capabilities & dialect.MAV_PROTOCOL_CAPABILITY_MAVLINK2
    assert rig.gcs.last("GPS_RAW_INT").satellites_visible >= 15


def test_the_round_trip_can_be_measured() -> None:
    rig = Rig()
    rig.gcs.send(dialect.MAVLink_timesync_message(0, 123_456))
    reply = next(m for m in rig.gcs.all("TIMESYNC") if m.tc1 != 0)
    assert (reply.ts1, reply.tc1) == (123_456, int(3600.0 * 1e9))
    rig.gcs.send(dialect.MAVLink_ping_message(77, 5, 0, 0))
    assert (rig.gcs.last("PING").seq, rig.gcs.last("PING").target_system) == (5, 255)


def test_old_stream_requests_work_too() -> None:
    rig = Rig()
    rig.gcs.send(dialect.MAVLink_request_data_stream_message(1, 1, 0, 4, 1))
    rig.run(5.0)
    for kind in ("GLOBAL_POSITION_INT", "ATTITUDE", "VFR_HUD", "SYS_STATUS", "GPS_RAW_INT"):
        assert len(rig.gcs.all(kind)) == pytest.approx(20, abs=1)
    rig.gcs.send(dialect.MAVLink_request_data_stream_message(1, 1, 0, 4, 0))
    heard = len(rig.gcs.all("ATTITUDE"))
    rig.run(2.0)
    assert len(rig.gcs.all("ATTITUDE")) == heard


def test_operator_control_and_unknown_commands_are_unsupported() -> None:
    rig = Rig()
    assert rig.gcs.command(32100, 1.0) == UNSUPPORTED
    assert rig.gcs.command(31000) == UNSUPPORTED


def test_set_mode_is_answered_as_ardupilot_does() -> None:
    rig = Rig()
    rig.gcs.send(dialect.MAVLink_set_mode_message(1, 1, GUIDED))
    assert rig.gcs.ack_of(11) == ACCEPTED
    assert rig.mode == GUIDED
    rig.gcs.send(dialect.MAVLink_set_mode_message(1, 81, 5))
    assert rig.mode == 5
    rig.gcs.send(dialect.MAVLink_set_mode_message(1, 80, GUIDED))
    assert rig.gcs.ack_of(11) == DENIED


# -- parameters ----------------------------------------------------------------------------
def read(rig: Rig, name: str) -> None:
    rig.gcs.send(dialect.MAVLink_param_request_read_message(1, 1, name.encode(), -1))


def write(rig: Rig, name: str, value: float, kind: int = 9) -> None:
    rig.gcs.send(dialect.MAVLink_param_set_message(1, 1, name.encode(), value, kind))


def test_a_parameter_is_read_by_name_and_an_unknown_one_met_with_silence() -> None:
    rig = Rig()
    read(rig, "RTL_ALT_M")
    value = rig.gcs.last("PARAM_VALUE")
    assert (value.param_id, value.param_value, value.param_type) == ("RTL_ALT_M", 15.0, 9)
    read(rig, "RTL_ALT")
    rig.run(2.0)
    assert len(rig.gcs.all("PARAM_VALUE")) == 1
    assert not rig.gcs.all("PARAM_ERROR")


def test_integers_are_cast_to_float() -> None:
    rig = Rig()
    read(rig, "MAV_GCS_SYSID")
    assert rig.gcs.last("PARAM_VALUE").param_value == 255.0
    write(rig, "FS_GCS_ENABLE", 1.0, 2)
    assert rig.gcs.last("PARAM_VALUE").param_value == 1.0
    assert rig.drone.pilot.params["FS_GCS_ENABLE"] == 1.0


def test_setting_an_unknown_or_bad_parameter_gives_an_error() -> None:
    rig = Rig()
    write(rig, "RTL_ALT", 3000.0)
    error = rig.gcs.last("PARAM_ERROR")
    assert error.error == dialect.MAV_PARAM_ERROR_DOES_NOT_EXIST
    assert (error.param_id, error.target_system) == ("RTL_ALT", 255)
    write(rig, "FENCE_TOTAL", 3.0)
    assert rig.gcs.last("PARAM_ERROR").error == dialect.MAV_PARAM_ERROR_READ_ONLY
    write(rig, "RTL_ALT_M", float("nan"))
    assert rig.gcs.last("PARAM_ERROR").error == dialect.MAV_PARAM_ERROR_VALUE_OUT_OF_RANGE
    assert rig.drone.pilot.params["RTL_ALT_M"] == 15.0
    assert not rig.gcs.all("PARAM_VALUE")


def test_the_whole_list_can_be_fetched() -> None:
    rig = Rig()
    rig.gcs.send(dialect.MAVLink_param_request_list_message(1, 1))
    rig.run(1.0)
    values = rig.gcs.all("PARAM_VALUE")
    assert [v.param_index for v in values] == list(range(values[0].param_count))
    assert {"FS_GCS_ENABLE", "FENCE_ACTION", "BATT_LOW_MAH", "WP_SPD"} <= {
        v.param_id for v in values
    }
    rig.gcs.send(dialect.MAVLink_param_request_read_message(1, 1, b"", 3))
    assert rig.gcs.last("PARAM_VALUE").param_id == values[3].param_id


# -- addressing ----------------------------------------------------------------------------
def test_another_system_id_gets_no_answer_and_zero_does() -> None:
    rig = Rig()
    rig.gcs.post(512, 1, target=7)
    rig.run(0.5)
    assert not rig.gcs.all("COMMAND_ACK")
    assert rig.gcs.command(512, 1, target=0) == ACCEPTED


def test_a_second_peer_hears_what_it_asks_for_and_acks_go_to_the_asker_alone() -> None:
    rig = Rig()
    other = rig.peer(OTHER, 200)
    other.heartbeat()
    rig.run(2.5)
    assert len(other.all("HEARTBEAT")) >= 2
    assert other.interval(33, 5.0) == ACCEPTED
    assert not rig.gcs.all("COMMAND_ACK")
    rig.run(2.0)
    assert len(other.all("GLOBAL_POSITION_INT")) == pytest.approx(10, abs=1)
    assert not rig.gcs.all("GLOBAL_POSITION_INT")
    write(rig, "RTL_ALT_M", 33.0)
    assert other.last("PARAM_VALUE").param_value == 33.0  # values go to all
    assert other.mode(GUIDED) == ACCEPTED  # without enforcement any id may command
    assert rig.mode == GUIDED


def test_with_enforcement_another_id_gets_no_answer_but_telemetry_still_flows() -> None:
    rig = Rig(DroneConfig("ISL-01", 1, HOME, parameters={"MAV_OPTIONS": 1.0}))
    other = rig.peer(OTHER, 200)
    other.post(176, 1, GUIDED)
    rig.run(2.0)
    assert not other.all("COMMAND_ACK")
    assert rig.mode == 0
    assert other.all("HEARTBEAT")
    assert rig.gcs.mode(GUIDED) == ACCEPTED
    write(rig, "MAV_GCS_SYSID_HI", 210.0)
    write(rig, "MAV_GCS_SYSID", 190.0)
    rig.gcs.post(176, 1, 5)
    assert rig.mode == GUIDED  # 255 is out of the range now
    assert other.mode(5) == ACCEPTED


def test_a_silent_second_peer_is_forgotten_and_the_gateway_never() -> None:
    rig = Rig()
    other = rig.peer(OTHER, 200)
    other.heartbeat()
    rig.run(70.0)
    heard = len(other.all("HEARTBEAT"))
    mine = len(rig.gcs.all("HEARTBEAT"))
    rig.run(5.0)
    assert len(other.all("HEARTBEAT")) == heard
    assert len(rig.gcs.all("HEARTBEAT")) >= mine + 4


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.7", "localhost", "::1", "128.0.0.1", ""])
def test_it_refuses_to_speak_to_anything_but_this_machine(host: str) -> None:
    config = DroneConfig("ISL-01", 1, HOME)
    with pytest.raises(ValueError, match=r"drone ISL-01: .* 127\.0\.0\.0/8 only"):
        SimulatedDrone(config, (host, 14550), Weather(0.0, 0.0), 1, 0.0)


def test_a_packet_from_elsewhere_is_not_answered() -> None:
    rig = Rig()
    packet = rig.gcs.framer.pack(dialect.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
    rig.drone.receive(packet, ("10.1.2.3", 14550))
    assert rig.drone.foreign_packets == 1
    rig.run(2.0)  # deliver() would fail on an address without a peer
