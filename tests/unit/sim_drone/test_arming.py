"""Arming, take-off refusals and what never happens in the air."""

import pytest

from gcs.link.mavlink import dialect
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
    UNSUPPORTED,
    Rig,
)

PREARM_BIT = 0x10000000


def fresh() -> Rig:
    """A drone that has just been switched on."""
    return Rig(DroneConfig("ISL-01", 1, HOME, booted_s_ago=0.0))


def prearm_healthy(rig: Rig) -> bool:
    assert rig.gcs.command(512, 1) == ACCEPTED
    return bool(rig.gcs.last("SYS_STATUS").onboard_control_sensors_health & PREARM_BIT)


def test_a_docked_drone_arms_at_once_and_shows_it_within_a_second() -> None:
    rig = Rig()
    assert prearm_healthy(rig)
    rig.run(3.0)
    rig.gcs.mode(GUIDED)
    assert rig.gcs.arm() == ACCEPTED
    rig.until(lambda: bool(rig.gcs.last("HEARTBEAT").base_mode & 128), most_s=1.0)


def test_after_boot_arming_is_refused_with_reasons_for_40_s() -> None:
    rig = fresh()
    rig.run(1.0)
    rig.gcs.mode(GUIDED)
    assert rig.gcs.arm() == FAILED
    assert "Arm: Need Position Estimate" in rig.gcs.texts()
    assert "Arm: GPS 1: Bad fix" in rig.gcs.texts()
    assert not prearm_healthy(rig)
    rig.run(38.0)
    assert rig.gcs.arm() == FAILED
    assert any(t.startswith("PreArm: ") for t in rig.gcs.texts())
    rig.run(2.5)
    assert prearm_healthy(rig)
    assert rig.gcs.arm() == ACCEPTED


def test_after_boot_nothing_is_answered_for_a_third_of_a_second() -> None:
    rig = fresh()
    rig.gcs.post(512, 1)
    assert not rig.gcs.all("COMMAND_ACK")
    rig.run(0.4)
    assert rig.gcs.command(512, 1) == ACCEPTED


def test_it_disarms_itself_10_s_after_arming_without_take_off() -> None:
    rig = Rig()
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    took = rig.until(lambda: not rig.drone.pilot.armed)
    assert took == pytest.approx(10.0, abs=0.1)


def test_a_take_off_keeps_it_armed() -> None:
    rig = Rig()
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    rig.run(9.5)
    assert rig.gcs.take_off(20.0) == ACCEPTED
    rig.run(20.0)
    assert rig.drone.pilot.armed


@pytest.mark.parametrize("mode", [RTL, LAND, BRAKE])
def test_modes_that_cannot_arm_say_so(mode: int) -> None:
    rig = Rig()
    assert rig.gcs.mode(mode) == ACCEPTED
    assert rig.gcs.arm() == FAILED
    assert rig.gcs.texts()[-1].startswith("Arm: ")
    assert rig.gcs.texts()[-1].endswith("mode not armable")


def test_take_off_is_refused_disarmed_in_the_wrong_mode_and_in_the_air() -> None:
    rig = Rig()
    rig.gcs.mode(GUIDED)
    assert rig.gcs.take_off(20.0) == FAILED  # disarmed
    rig.gcs.mode(0)
    assert rig.gcs.arm() == ACCEPTED
    assert rig.gcs.take_off(20.0) == FAILED  # STABILIZE
    rig.gcs.disarm()
    rig.fly_to(20.0)
    assert rig.gcs.take_off(30.0) == FAILED  # flying already
    rig.gcs.mode(LOITER)
    assert rig.gcs.take_off(30.0) == FAILED


@pytest.mark.parametrize("magic", [0.0, 21196.0])
def test_motors_never_stop_in_the_air_and_the_refusal_is_silent(magic: float) -> None:
    rig = Rig()
    rig.fly_to(20.0)
    said = len(rig.gcs.texts())
    assert rig.gcs.disarm(magic) == FAILED
    rig.run(2.0)
    assert rig.drone.pilot.armed
    assert rig.up_m > 19.5
    assert len(rig.gcs.texts()) == said


@pytest.mark.parametrize("magic", [0.0, 21196.0])
def test_motors_do_not_stop_while_lifting_off(magic: float) -> None:
    rig = Rig()
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    rig.gcs.take_off(20.0)
    rig.run(1.0)
    assert rig.gcs.disarm(magic) == FAILED
    rig.run(1.8)
    assert 0.0 < rig.up_m < 1.0
    assert rig.gcs.disarm(magic) == FAILED


def test_flight_termination_is_not_known() -> None:
    rig = Rig()
    rig.fly_to(20.0)
    assert rig.gcs.command(dialect.MAV_CMD_DO_FLIGHTTERMINATION, 1.0) == UNSUPPORTED
    assert rig.drone.pilot.armed


def test_disarming_on_the_ground_works() -> None:
    rig = Rig()
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    assert rig.gcs.disarm() == ACCEPTED
    assert not rig.drone.pilot.armed


def test_stabilize_is_refused_in_the_air() -> None:
    rig = Rig()
    rig.fly_to(20.0)
    assert rig.gcs.mode(0) == FAILED
    assert rig.mode == GUIDED
    assert rig.gcs.texts()[-1] == "Mode change to STABILIZE failed: throttle too high"


def test_modes_it_does_not_have_or_cannot_enter_are_refused_in_words() -> None:
    rig = Rig()
    assert rig.gcs.mode(99) == FAILED
    assert rig.gcs.texts()[-1] == "No such mode 99"
    assert rig.gcs.mode(3) == FAILED
    assert rig.gcs.texts()[-1] == "Mode change to AUTO failed: init failed"
    assert rig.gcs.command(dialect.MAV_CMD_MISSION_START) == FAILED  # it has no plan


def test_prearm_checks_can_be_asked_for() -> None:
    rig = fresh()
    rig.run(1.0)
    assert rig.gcs.command(dialect.MAV_CMD_RUN_PREARM_CHECKS) == ACCEPTED
    assert "PreArm: Need Position Estimate" in rig.gcs.texts()


def test_a_reboot_is_refused_armed_and_starts_the_checks_anew() -> None:
    rig = Rig()
    rig.gcs.interval(33, 10.0)
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    assert rig.gcs.command(246, 1.0) == FAILED
    rig.gcs.disarm()
    assert rig.gcs.command(246, 1.0) == ACCEPTED
    rig.run(1.0)
    heard = len(rig.gcs.all("GLOBAL_POSITION_INT"))
    rig.run(2.0)
    assert len(rig.gcs.all("GLOBAL_POSITION_INT")) == heard  # silent again until asked
    rig.gcs.mode(GUIDED)
    assert rig.gcs.arm() == FAILED
    rig.run(40.0)
    assert rig.gcs.arm() == ACCEPTED
