"""Orders in flight besides going and returning: speed, heading, circles; and whom it obeys."""

import itertools
import math

import pytest

from gcs.link.mavlink import dialect
from gcs.sim.drone.config import DroneConfig
from tests.unit.sim_drone.rig import ACCEPTED, DENIED, FAILED, GUIDED, HOME, LOITER, Rig

SPEED, YAW, ORBIT = 178, 115, 34
CIRCLE = 7


def speed(rig: Rig) -> float:
    return float(rig.drone.pilot.body.ground_speed_mps)


def test_a_speed_lasts_for_the_targets_of_this_flight() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    rig.gcs.reposition(rig.place(0.0, 150.0), 30.0)
    assert rig.gcs.command(SPEED, 1.0, 4.0) == ACCEPTED
    rig.run(8.0)
    assert speed(rig) == pytest.approx(4.0, abs=0.3)
    rig.gcs.reposition(rig.place(90.0, 150.0), 30.0)
    rig.run(8.0)
    assert speed(rig) == pytest.approx(4.0, abs=0.3)
    rig.gcs.mode(LOITER)
    rig.gcs.mode(GUIDED)
    rig.gcs.reposition(rig.place(180.0, 200.0), 30.0)
    rig.run(10.0)
    assert speed(rig) > 8.0


def test_a_speed_that_is_none_or_nobodys_is_refused() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    assert rig.gcs.command(SPEED, 1.0, 0.0) == DENIED
    assert rig.gcs.command(SPEED, 1.0, float("nan")) == DENIED
    rig.gcs.mode(LOITER)
    assert rig.gcs.command(SPEED, 1.0, 5.0) == FAILED


def test_the_nose_turns_until_the_next_target() -> None:
    rig = Rig()
    rig.fly_to(30.0, 0.0, 60.0)
    assert rig.gcs.command(YAW, 270.0, 0.0, 1.0, 0.0) == ACCEPTED
    rig.run(6.0)
    assert math.degrees(rig.drone.pilot.body.yaw_rad) % 360 == pytest.approx(270.0, abs=1.0)
    assert rig.gcs.command(YAW, 30.0, 0.0, -1.0, 1.0) == ACCEPTED
    rig.run(6.0)
    assert math.degrees(rig.drone.pilot.body.yaw_rad) % 360 == pytest.approx(240.0, abs=1.0)
    assert rig.gcs.command(YAW, 400.0) == FAILED
    rig.gcs.reposition(rig.place(90.0, 100.0), 30.0)
    rig.run(4.0)
    assert math.degrees(rig.drone.pilot.body.yaw_rad) % 360 == pytest.approx(121.0, abs=3.0)


def test_circle_mode_flies_its_radius_at_its_rate_nose_inward() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    params = rig.drone.pilot.params
    params.set("CIRCLE_RADIUS_M", 20.0)
    params.set("CIRCLE_RATE", 12.0)
    assert rig.gcs.mode(CIRCLE) == ACCEPTED
    rig.run(10.0)
    body = rig.drone.pilot.body
    heading = math.radians(0.0)
    centre = (20.0 * math.sin(heading), 20.0 * math.cos(heading))
    bearings = []
    for _ in range(20):
        rig.run(0.5)
        east, north = body.east_m - centre[0], body.north_m - centre[1]
        assert math.hypot(east, north) == pytest.approx(20.0, abs=1.2)
        bearings.append(math.atan2(east, north))
        inward = math.atan2(-east, -north)
        assert abs(math.remainder(body.yaw_rad - inward, math.tau)) < 0.35
    turned = sum(math.remainder(b - a, math.tau) for a, b in itertools.pairwise(bearings))
    assert math.degrees(turned) / 9.5 == pytest.approx(12.0, abs=0.5)
    assert rig.up_m == pytest.approx(30.0, abs=0.5)


def test_it_has_no_orbit_order() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    assert rig.gcs.command(ORBIT, 20.0, 5.0) == dialect.MAV_RESULT_UNSUPPORTED


def test_enforced_it_answers_its_own_stations_alone_and_tells_all() -> None:
    rig = Rig()
    params = rig.drone.pilot.params
    params.set("MAV_OPTIONS", 1.0)
    params.set("MAV_GCS_SYSID", 250.0)
    params.set("MAV_GCS_SYSID_HI", 252.0)
    rig.gcs.post(512, 1)
    rig.gcs.send(dialect.MAVLink_param_request_read_message(1, 1, b"MAV_OPTIONS", -1))
    rig.gcs.send(dialect.MAVLink_mission_request_list_message(1, 1, 0))
    rig.gcs.send(dialect.MAVLink_timesync_message(0, 5))
    rig.run(3.0)
    heard = {m.get_type() for _, m in rig.gcs.heard}
    assert heard <= {"HEARTBEAT", "TIMESYNC"}
    assert all(m.tc1 == 0 for m in rig.gcs.all("TIMESYNC"))  # its own, none that answers
    assert rig.gcs.times("HEARTBEAT")
    for number, system in enumerate((250, 251, 252)):
        peer = rig.peer(("127.0.0.1", 16000 + number), system)
        assert peer.command(512, 1) == ACCEPTED
    low = rig.peer(("127.0.0.1", 16010), 249)
    low.post(512, 1)
    assert not low.heard


def test_every_drone_has_a_number_of_its_own() -> None:
    uids = []
    for name in ("ISL-01", "ISL-02"):
        rig = Rig(DroneConfig(name, 1, HOME))
        assert rig.gcs.command(512, 148) == ACCEPTED
        uids.append(tuple(rig.gcs.last("AUTOPILOT_VERSION").uid2))
    assert uids[0] != uids[1]
    assert any(uids[0])


@pytest.mark.parametrize("message", [2, 42, 148, 193, 242, 245, 162])
def test_what_may_be_asked_for_once_is_told(message: int) -> None:
    rig = Rig()
    assert rig.gcs.command(512, message) == ACCEPTED
    assert (
        rig.gcs.heard[-1][1].get_msgId() == message or rig.gcs.heard[-2][1].get_msgId() == message
    )
