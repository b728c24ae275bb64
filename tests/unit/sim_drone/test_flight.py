"""The figures of flight as they were seen on ArduCopter 4.7, in simulated time."""

import math

import pytest

from gcs.link.mavlink import dialect
from gcs.sim.drone.config import DroneConfig
from tests.unit.sim_drone.rig import (
    ACCEPTED,
    BRAKE,
    DENIED,
    FAILED,
    GUIDED,
    HOME,
    LAND,
    LOITER,
    RTL,
    Rig,
)

IN_AIR, TAKING_OFF, LANDING, ON_GROUND = 2, 3, 4, 1


def landed_state(rig: Rig) -> int:
    assert rig.gcs.command(512, 245) == ACCEPTED
    return int(rig.gcs.last("EXTENDED_SYS_STATE").landed_state)


def test_take_off_to_40_m_is_acknowledged_at_once_and_takes_20_6_s() -> None:
    rig = Rig()
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    assert rig.gcs.take_off(40.0) == ACCEPTED
    assert rig.up_m == 0.0  # the answer means begun
    assert landed_state(rig) == ON_GROUND
    rig.run(4.0)
    assert landed_state(rig) == TAKING_OFF
    took = 4.0 + rig.until(lambda: rig.up_m > 39.8)
    assert took == pytest.approx(20.6, abs=0.5)
    rig.run(5.0)
    assert rig.up_m == pytest.approx(40.0, abs=0.05)
    assert landed_state(rig) == IN_AIR


def test_climb_never_exceeds_2_5_mps_or_the_height() -> None:
    rig = Rig()
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    rig.gcs.take_off(40.0)
    fastest = highest = 0.0
    for _ in range(1500):
        rig.tick()
        fastest = max(fastest, rig.drone.pilot.body.climb_mps)
        highest = max(highest, rig.up_m)
    assert 2.4 < fastest <= 2.5001
    assert highest < 40.1


@pytest.mark.parametrize(("bearing", "wind_mps"), [(0.0, 0.0), (137.0, 0.0), (60.0, 6.0)])
def test_reposition_200_m_takes_23_5_s_and_overshoots_less_than_a_metre(
    bearing: float, wind_mps: float
) -> None:
    rig = Rig(wind_mps=wind_mps)
    rig.fly_to(30.0)
    assert rig.gcs.reposition(rig.place(bearing, 200.0), 30.0) == ACCEPTED
    fastest = hardest = 0.0
    body = rig.drone.pilot.body

    def there() -> bool:
        nonlocal fastest, hardest
        hardest = max(hardest, abs(body.ground_speed_mps - last[0]) / 0.02)
        last[0] = body.ground_speed_mps
        fastest = max(fastest, body.ground_speed_mps)
        return rig.away_m > 199.0

    last = [0.0]
    assert rig.until(there) == pytest.approx(23.5, abs=0.5)
    gusts = 0.06 * wind_mps
    assert 9.5 < fastest <= 10.01 + gusts
    assert hardest < 2.6 + gusts
    farthest = 0.0
    for _ in range(500):
        rig.tick()
        farthest = max(farthest, rig.away_m)
    assert farthest < 201.0
    assert rig.away_m == pytest.approx(200.0, abs=0.2 + gusts)
    assert math.degrees(body.yaw_rad) % 360.0 == pytest.approx(bearing, abs=2.0)


def test_reposition_from_another_mode_needs_the_flag() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    rig.gcs.mode(LOITER)
    assert rig.gcs.reposition(rig.place(0, 50), 30.0, flags=0.0) == DENIED
    assert rig.mode == LOITER
    assert rig.gcs.reposition(rig.place(0, 50), 30.0, flags=1.0) == ACCEPTED
    assert rig.mode == GUIDED
    assert rig.gcs.reposition(rig.place(0, 60), 30.0, flags=0.0) == ACCEPTED  # already guided


def test_reposition_by_height_above_the_sea_goes_to_the_same_height() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    sea_m = rig.config.home_amsl_m + 45.0
    assert rig.gcs.reposition(rig.place(0, 20), sea_m, frame=5) == ACCEPTED
    rig.run(30.0)
    assert rig.up_m == pytest.approx(45.0, abs=0.1)
    assert rig.gcs.reposition(rig.place(0, 20), 45.0, frame=10) == DENIED  # no terrain data


def test_the_target_is_shown_while_there_is_one() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    goal = rig.place(45.0, 80.0)
    rig.gcs.reposition(goal, 35.0)
    assert rig.gcs.command(512, 87) == ACCEPTED
    target = rig.gcs.last("POSITION_TARGET_GLOBAL_INT")
    assert target.lat_int == pytest.approx(goal.lat_deg * 1e7, abs=2)
    assert target.lon_int == pytest.approx(goal.lon_deg * 1e7, abs=2)
    assert target.alt == pytest.approx(rig.config.home_amsl_m + 35.0, abs=0.01)
    rig.gcs.mode(BRAKE)
    assert rig.gcs.command(512, 87) == FAILED


def test_brake_stops_from_full_speed_and_holds_the_height() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    rig.gcs.reposition(rig.place(90.0, 300.0), 30.0)
    rig.run(12.0)
    body = rig.drone.pilot.body
    assert body.ground_speed_mps > 9.5
    start = rig.away_m
    assert rig.gcs.mode(BRAKE) == ACCEPTED
    took = rig.until(lambda: body.ground_speed_mps < 0.1)
    assert took < 5.0
    stopped_m = rig.away_m - start
    assert 8.0 < stopped_m < 25.0
    rig.run(20.0)
    assert rig.away_m - start == pytest.approx(stopped_m, abs=0.3)
    assert rig.up_m == pytest.approx(30.0, abs=0.1)


def test_return_from_27_m_and_200_m_out_takes_71_s_and_ends_disarmed_on_the_pad() -> None:
    rig = Rig()
    rig.fly_to(27.0, 0.0, 200.0)
    assert rig.gcs.mode(RTL) == ACCEPTED
    began = rig.now_s
    pilot = rig.drone.pilot
    rig.until(lambda: pilot.manoeuvre.landing)
    assert rig.up_m == pytest.approx(27.0, abs=0.2)  # higher than RTL_ALT_M: it does not sink
    assert landed_state(rig) == LANDING
    rig.until(lambda: not pilot.armed)
    assert rig.now_s - began == pytest.approx(71.0, abs=1.5)
    assert landed_state(rig) == ON_GROUND
    assert (rig.mode, rig.away_m < 0.5, rig.up_m) == (RTL, True, 0.0)
    assert "Disarming motors" in rig.gcs.texts()


def test_return_climbs_to_the_return_height_first() -> None:
    rig = Rig(DroneConfig("ISL-01", 1, HOME, parameters={"RTL_ALT_M": 40.0}))
    rig.fly_to(20.0, 0.0, 100.0)
    rig.gcs.mode(RTL)
    rig.until(lambda: rig.up_m > 39.0)
    assert rig.away_m > 98.0
    rig.until(lambda: rig.away_m < 50.0)
    assert rig.up_m == pytest.approx(40.0, abs=0.3)


def test_descent_is_1_5_mps_and_half_a_metre_a_second_below_10_m() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    rig.gcs.mode(LAND)
    body = rig.drone.pilot.body
    rig.until(lambda: rig.up_m < 20.0)
    assert body.climb_mps == pytest.approx(-1.5, abs=0.02)
    rig.until(lambda: rig.up_m < 8.0)
    assert body.climb_mps == pytest.approx(-0.5, abs=0.02)


def test_landing_away_from_the_dock_ends_on_the_street() -> None:
    rig = Rig()
    rig.fly_to(12.0, 90.0, 60.0)
    rig.gcs.mode(LAND)
    rig.until(lambda: not rig.drone.pilot.armed)
    assert rig.up_m == -rig.config.roof_height_m
    assert not rig.drone.pilot.in_dock


def test_wind_moves_the_body_a_little_tilts_it_and_is_reported() -> None:
    rig = Rig(wind_mps=8.0)
    rig.fly_to(30.0)
    body = rig.drone.pilot.body
    farthest, tilts = 0.0, []
    for _ in range(3000):
        rig.tick()
        farthest = max(farthest, rig.away_m)
        tilts.append(math.degrees(math.hypot(body.roll_rad, body.pitch_rad)))
    assert 0.05 < farthest < 1.5
    assert 2.0 < sum(tilts) / len(tilts) < 10.0
    assert rig.gcs.command(512, 168) == ACCEPTED
    wind = rig.gcs.last("WIND")
    assert wind.speed == pytest.approx(8.0, abs=2.5)
    assert wind.direction % 360.0 == pytest.approx(240.0, abs=25.0)


def test_no_wind_is_claimed_to_be_known_on_the_ground() -> None:
    assert Rig(wind_mps=8.0).gcs.command(512, 168) == FAILED


def test_attitude_leans_forward_to_speed_up_and_back_to_brake() -> None:
    rig = Rig()
    rig.fly_to(30.0, 0.0, 20.0)
    rig.gcs.reposition(rig.place(0.0, 200.0), 30.0)
    rig.run(2.0)
    body = rig.drone.pilot.body
    assert math.degrees(body.pitch_rad) < -10.0
    rig.until(lambda: rig.away_m > 185.0)
    assert math.degrees(body.pitch_rad) > 3.0


def test_speed_can_be_changed_under_way() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    rig.gcs.reposition(rig.place(0.0, 300.0), 30.0)
    assert rig.gcs.command(dialect.MAV_CMD_DO_CHANGE_SPEED, 1.0, 4.0) == ACCEPTED
    rig.run(15.0)
    assert rig.drone.pilot.body.ground_speed_mps == pytest.approx(4.0, abs=0.1)


def test_a_go_to_with_a_position_target_message_works_in_guided_only() -> None:
    rig = Rig()
    rig.fly_to(30.0)
    goal = rig.place(0.0, 40.0)

    def point() -> None:
        lat, lon = round(goal.lat_deg * 1e7), round(goal.lon_deg * 1e7)
        rig.gcs.send(
            dialect.MAVLink_set_position_target_global_int_message(
                0, 1, 1, 6, 0xDF8, lat, lon, 30.0, 0, 0, 0, 0, 0, 0, 0, 0
            )
        )

    rig.gcs.mode(LOITER)
    point()
    rig.run(5.0)
    assert rig.away_m < 1.0
    rig.gcs.mode(GUIDED)
    point()
    rig.until(lambda: rig.away_m > 39.0)
