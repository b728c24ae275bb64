"""What the vehicle does by itself, and when."""

import pytest

from gcs.sim.drone.config import DroneConfig
from tests.unit.sim_drone.rig import (
    ACCEPTED,
    BRAKE,
    FAILED,
    GUIDED,
    HOME,
    LAND,
    LOITER,
    RTL,
    Rig,
)

CRITICAL = 5


def guarded(battery: float = 1.0, **parameters: float) -> Rig:
    """A drone with its ground station's failsafe on and its heartbeat coming."""
    config = DroneConfig(
        "ISL-01",
        1,
        HOME,
        battery_fraction=battery,
        parameters={"FS_GCS_ENABLE": 1.0, **parameters},
    )
    rig = Rig(config)
    rig.beating = True
    return rig


def status(rig: Rig) -> int:
    rig.run(1.1)
    return int(rig.gcs.last("HEARTBEAT").system_status)


# -- ground station ------------------------------------------------------------------------
def test_without_its_station_it_returns_after_4_9_s_and_says_so() -> None:
    rig = guarded()
    rig.fly_to(30.0, 0.0, 50.0)
    assert status(rig) == 4
    rig.beating = False
    rig.gcs.heartbeat()
    assert rig.until(lambda: rig.mode == RTL) == pytest.approx(4.9, abs=0.12)
    assert rig.gcs.texts()[-1] == "GCS Failsafe"
    assert status(rig) == CRITICAL
    rig.gcs.heartbeat()
    assert rig.gcs.texts()[-1] == "GCS Failsafe Cleared"
    rig.beating = True
    assert status(rig) == 4
    assert rig.mode == RTL  # it goes on home


def test_another_stations_heartbeat_does_not_feed_the_failsafe() -> None:
    rig = guarded()
    rig.fly_to(30.0)
    rig.beating = False
    other = rig.peer(("127.0.0.1", 15001), 200)
    for _ in range(12):
        other.heartbeat()
        rig.run(0.5)
    assert rig.mode == RTL


def test_off_by_default_as_on_the_real_one() -> None:
    rig = Rig()
    rig.beating = True
    rig.fly_to(30.0)
    rig.beating = False
    rig.run(20.0)
    assert rig.mode == GUIDED


def test_a_station_never_heard_is_never_lost() -> None:
    rig = guarded()
    rig.beating = False
    rig.fly_to(30.0)
    rig.run(20.0)
    assert rig.mode == GUIDED


def test_a_parked_drone_does_not_mind() -> None:
    rig = guarded()
    rig.run(3.0)
    rig.beating = False
    rig.run(20.0)
    assert "GCS Failsafe" not in rig.gcs.texts()
    assert status(rig) == 3


def test_lost_before_take_off_it_disarms() -> None:
    rig = guarded()
    rig.run(1.5)
    rig.beating = False
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    assert rig.until(lambda: not rig.drone.pilot.armed) < 5.2


def test_the_pilot_may_take_it_out_of_the_return() -> None:
    rig = guarded()
    rig.fly_to(30.0, 0.0, 60.0)
    rig.beating = False
    rig.until(lambda: rig.mode == RTL)
    rig.beating = True
    rig.run(1.5)
    assert rig.gcs.mode(LOITER) == ACCEPTED
    rig.run(10.0)
    assert rig.mode == LOITER


@pytest.mark.parametrize(("setting", "mode"), [(5.0, LAND), (7.0, BRAKE)])
def test_other_actions_can_be_set(setting: float, mode: int) -> None:
    rig = guarded(FS_GCS_ENABLE=setting)
    rig.fly_to(30.0)
    rig.beating = False
    rig.until(lambda: rig.mode == mode, most_s=6.0)


# -- battery -------------------------------------------------------------------------------
def test_a_low_battery_brings_it_home_after_10_2_s_for_good() -> None:
    rig = guarded(battery=0.26)
    rig.fly_to(30.0, 0.0, 60.0)
    pilot = rig.drone.pilot
    rig.drone.faults.battery_drain = 12.0
    rig.until(lambda: pilot.battery.remaining_mah < pilot.params["BATT_LOW_MAH"])
    rig.drone.faults.battery_drain = 1.0
    assert rig.until(lambda: rig.mode == RTL) == pytest.approx(10.2, abs=0.15)
    assert rig.gcs.texts()[-1].startswith("Battery 1 is low ")
    assert status(rig) == CRITICAL
    assert rig.gcs.mode(GUIDED) == ACCEPTED
    rig.run(15.0)
    assert rig.mode == GUIDED  # it is said once
    assert status(rig) == CRITICAL  # but stays so
    rig.gcs.mode(RTL)
    rig.until(lambda: not pilot.armed)
    rig.run(1200.0)  # charged in the dock
    assert pilot.battery.fraction > 0.5
    assert status(rig) == CRITICAL
    rig.gcs.mode(GUIDED)
    assert rig.gcs.arm() == FAILED
    assert "Arm: Battery failsafe" in rig.gcs.texts()
    assert rig.gcs.command(246, 1.0) == ACCEPTED
    assert status(rig) == 3


def test_a_dip_under_the_limit_is_forgiven() -> None:
    rig = guarded(battery=0.5)
    rig.fly_to(30.0)
    params = rig.drone.pilot.params
    params.set("BATT_LOW_MAH", 9000.0)
    rig.run(9.0)
    params.set("BATT_LOW_MAH", 1000.0)
    rig.run(1.0)
    params.set("BATT_LOW_MAH", 9000.0)
    rig.run(9.0)
    assert rig.mode == GUIDED


def test_a_critical_battery_lands_it_where_it_is() -> None:
    rig = guarded(battery=0.3)
    rig.fly_to(30.0, 0.0, 80.0)
    rig.drone.pilot.params.set("BATT_CRT_MAH", 2650.0)
    rig.until(lambda: rig.mode == LAND, most_s=40.0)
    assert any(t.startswith("Battery 1 is critical ") for t in rig.gcs.texts())


def test_an_empty_battery_brings_it_down_whatever_was_switched_off() -> None:
    rig = guarded(battery=0.05, BATT_FS_LOW_ACT=0.0, BATT_FS_CRT_ACT=0.0, BATT_LOW_MAH=0.0)
    rig.fly_to(30.0)
    rig.drone.faults.battery_drain = 20.0
    rig.until(lambda: rig.mode == LAND)
    assert rig.drone.pilot.battery.fraction == 0.0
    assert rig.gcs.mode(GUIDED) == FAILED
    rig.until(lambda: not rig.drone.pilot.armed)


# -- position ------------------------------------------------------------------------------
def test_without_satellites_it_lands_after_8_s_and_stays_landing() -> None:
    rig = guarded()
    rig.fly_to(30.0, 0.0, 60.0)
    rig.drone.faults.gnss_loss = True
    assert rig.until(lambda: rig.mode == LAND) == pytest.approx(8.0, abs=0.15)
    assert rig.gcs.texts()[-1] == "EKF Failsafe: changed to Land Mode"
    assert status(rig) == CRITICAL
    assert rig.gcs.mode(GUIDED) == FAILED
    assert rig.gcs.texts()[-1] == "Mode change to GUIDED failed: requires position"
    assert rig.gcs.reposition(rig.place(0, 10), 30.0) == FAILED
    rig.gcs.command(512, 24)
    assert rig.gcs.last("GPS_RAW_INT").fix_type == 1
    rig.drone.faults.gnss_loss = False
    rig.run(2.0)
    assert rig.mode == LAND
    assert status(rig) == 4
    rig.until(lambda: not rig.drone.pilot.armed)
    assert rig.up_m < 0.0


def test_a_short_loss_is_flown_through() -> None:
    rig = guarded()
    rig.fly_to(30.0)
    rig.drone.faults.gnss_loss = True
    rig.run(7.0)
    rig.drone.faults.gnss_loss = False
    rig.run(10.0)
    assert rig.mode == GUIDED
    assert not any("EKF" in t for t in rig.gcs.texts())


def test_on_the_ground_a_loss_only_stops_arming() -> None:
    rig = guarded()
    rig.drone.faults.gnss_loss = True
    rig.run(20.0)
    assert status(rig) == 3
    assert rig.gcs.arm() == FAILED
    assert "Arm: GPS 1: Bad fix" in rig.gcs.texts()


def test_nothing_takes_off_without_a_position() -> None:
    rig = guarded()
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    rig.drone.faults.gnss_loss = True
    rig.run(8.5)
    assert rig.gcs.take_off(20.0) == FAILED


def test_a_position_lost_while_the_motors_spin_up_brings_it_down_again() -> None:
    rig = guarded()
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    rig.drone.faults.gnss_loss = True
    rig.run(7.0)
    assert rig.gcs.take_off(20.0) == ACCEPTED
    rig.until(lambda: rig.mode == LAND, most_s=4.0)
    rig.until(lambda: not rig.drone.pilot.armed)


def test_a_landing_without_position_drifts_with_the_wind() -> None:
    config = DroneConfig("ISL-01", 1, HOME)
    rig = Rig(config, wind_mps=6.0)
    rig.fly_to(40.0)
    rig.drone.faults.gnss_loss = True
    rig.until(lambda: not rig.drone.pilot.armed)
    assert rig.away_m > 20.0
    assert rig.drone.pilot.body.east_m > 0.0  # from 240 degrees, so to the north-east


def test_losing_the_station_does_not_end_a_landing_for_cause() -> None:
    rig = guarded()
    rig.fly_to(40.0, 0.0, 60.0)
    rig.drone.faults.gnss_loss = True
    rig.until(lambda: rig.mode == LAND)
    rig.beating = False
    rig.run(8.0)
    assert rig.mode == LAND
    assert "GCS Failsafe" in rig.gcs.texts()
