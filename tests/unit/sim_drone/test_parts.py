"""The parts by themselves: battery, weather, sensors, approach."""

import itertools
import statistics

import pytest

from gcs.sim.drone.battery import HOVER_W, Battery, Load, power_w
from gcs.sim.drone.sensors import Sensors
from gcs.sim.drone.shaping import approach_speed
from gcs.sim.weather import Weather

HOVER = Load(armed=True, flying=True)


def test_a_hover_lasts_27_minutes() -> None:
    battery, seconds = Battery(), 0
    while battery.fraction > 0.0:
        battery.step(1.0, HOVER)
        seconds += 1
    assert seconds == pytest.approx(27 * 60, abs=5)


def test_the_time_that_remains_is_true_at_a_steady_draw() -> None:
    battery = Battery()
    load = Load(armed=True, flying=True, airspeed_mps=14.0)
    for _ in range(120):
        battery.step(1.0, load)
    told, seconds = battery.remaining_s, 0
    while battery.fraction > 0.0:
        battery.step(1.0, load)
        seconds += 1
    assert seconds == pytest.approx(told, rel=0.02)


@pytest.mark.parametrize(
    "load",
    [
        Load(armed=True, flying=True, climb_mps=2.5),
        Load(armed=True, flying=True, airspeed_mps=14.0),
    ],
)
def test_climbing_and_wind_cost_more_than_a_hover(load: Load) -> None:
    assert power_w(load) > 1.2 * HOVER_W


def test_sinking_costs_a_little_less() -> None:
    assert 0.7 * HOVER_W < power_w(Load(armed=True, flying=True, climb_mps=-1.5)) < HOVER_W


def test_the_dock_charges_until_it_is_full() -> None:
    battery = Battery(0.5)
    dock = Load(armed=False, flying=False, in_dock=True)
    battery.step(60.0, dock)
    assert battery.charging
    assert battery.current_a < 0.0
    assert 0.5 < battery.fraction < 0.6
    for _ in range(60):
        battery.step(60.0, dock)
    assert battery.fraction == 1.0
    assert not battery.charging


def test_voltage_falls_with_charge_and_with_load() -> None:
    full, half, low = Battery(1.0), Battery(0.5), Battery(0.05)
    assert full.voltage_v > half.voltage_v > low.voltage_v > 18.0
    resting = half.voltage_v
    half.step(0.1, HOVER)
    assert half.voltage_v < resting


def test_a_battery_starts_between_empty_and_full() -> None:
    with pytest.raises(ValueError, match=r"battery fraction is 1\.5"):
        Battery(1.5)


def test_the_wind_is_steady_on_average_gusts_and_repeats_by_seed() -> None:
    winds = [Weather(6.0, 270.0, 3).at(t * 0.7) for t in range(2000)]
    assert statistics.fmean(w.east_mps for w in winds) == pytest.approx(6.0, abs=0.2)
    assert statistics.fmean(w.north_mps for w in winds) == pytest.approx(0.0, abs=0.2)
    assert 0.3 < statistics.stdev(w.east_mps for w in winds) < 1.5
    assert Weather(6.0, 270.0, 3).at(55.5) == Weather(6.0, 270.0, 3).at(55.5)
    assert Weather(6.0, 270.0, 4).at(55.5) != Weather(6.0, 270.0, 3).at(55.5)


def test_the_wind_can_change_and_must_make_sense() -> None:
    weather = Weather(6.0, 270.0)
    weather.set_wind(2.0, 0.0)
    assert weather.at(0.0).mean_north_mps == pytest.approx(-2.0)
    with pytest.raises(ValueError, match="expected 0 to 40"):
        weather.set_wind(float("nan"), 0.0)


def test_sensor_errors_are_small_slow_and_seeded() -> None:
    sensors, twin = Sensors(3), Sensors(3)
    errors = []
    for tick in range(6000):
        sensors.step(tick * 0.1)
        twin.step(tick * 0.1)
        errors.append(sensors.east_m)
    assert sensors.east_m == twin.east_m
    assert 0.04 < statistics.stdev(errors) < 0.15
    assert max(abs(b - a) for a, b in itertools.pairwise(errors)) < 0.12


def test_an_approach_can_always_still_stop() -> None:
    for distance in (0.1, 1.0, 5.0, 30.0):
        speed = approach_speed(distance, 1.6, 2.5, 10.0)
        assert speed**2 / (2 * 2.5) <= distance + 1e-9
    assert approach_speed(500.0, 1.6, 2.5, 10.0) == 10.0
