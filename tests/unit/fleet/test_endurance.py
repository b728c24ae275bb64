"""What the battery buys: work, the flight home, the reserve."""

import pytest

from gcs.fleet.endurance import endurance, flight_home_s, landing_s
from gcs.geo.earth import bearing_deg, distance_m, offset
from gcs.model.place import Position
from gcs.model.telemetry import DroneTelemetry, Phase

HOME = Position(51.5262, -0.1068)


def test_landing_is_slow_near_the_roof() -> None:
    assert landing_s(0.0) == 0.0
    assert landing_s(10.0) == pytest.approx(20.0)
    assert landing_s(40.0) == pytest.approx(40.0)


def test_the_flight_home_climbs_first() -> None:
    scene = offset(HOME, 90.0, 400.0)
    low = flight_home_s(scene, 30.0, HOME, 60.0)
    high = flight_home_s(scene, 60.0, HOME, 60.0)
    assert low - high == pytest.approx(30.0 / 2.5)
    assert high == pytest.approx(400.0 / 8.0 + landing_s(60.0), abs=0.1)


def test_in_the_air_the_way_home_is_not_work() -> None:
    flying = DroneTelemetry(
        "ISL-01",
        1,
        phase=Phase.ON_SCENE,
        position=offset(HOME, 10.0, 400.0),
        relative_m=60.0,
        endurance_s=900.0,
    )
    left = endurance(flying, HOME, 60.0)
    assert left is not None
    assert left.work_s + left.home_s + left.reserve_s == pytest.approx(900.0)
    assert left.home_s == pytest.approx(50.0 + landing_s(60.0), abs=0.1)


def test_unknown_stays_unknown() -> None:
    assert endurance(DroneTelemetry("ISL-01", 1), HOME, 60.0) is None


def test_ground_distances_agree_with_the_ellipsoid() -> None:
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    there = Position(51.5482, -0.1235)
    azimuth, _, metres = geod.inv(HOME.lon_deg, HOME.lat_deg, there.lon_deg, there.lat_deg)
    assert distance_m(HOME, there) == pytest.approx(metres, rel=0.003)
    assert bearing_deg(HOME, there) == pytest.approx(azimuth % 360, abs=0.2)
