"""Rally points: up, down, and where a return goes."""

from typing import Any

import pytest

from gcs.link.mavlink import dialect
from tests.unit.sim_drone.plans import (
    OK,
    RALLY,
    UNSUPPORTED,
    UNSUPPORTED_FRAME,
    WAYPOINT,
    Item,
    fly_plan,
    read_back,
    upload,
)
from tests.unit.sim_drone.rig import HOME, RTL, Rig

POINT = 5100


def points(rig: Rig, *where: tuple[float, float, float]) -> list[Item]:
    """(bearing, metres, height)"""
    return [Item(POINT, rig.place(b, m), up, frame=3) for b, m, up in where]


def returned_to(rig: Rig) -> tuple[float, float]:
    rig.gcs.mode(RTL)
    rig.until(lambda: not rig.drone.pilot.armed, 300.0)
    body: Any = rig.drone.pilot.body
    return body.east_m, body.north_m


def test_points_go_up_and_read_back_beside_the_mission() -> None:
    rig = Rig()
    fly_plan(rig.gcs, [Item(WAYPOINT, HOME, 20.0)])
    assert upload(rig.gcs, points(rig, (90.0, 100.0, 25.9), (0.0, 50.0, 20.0)), RALLY) == OK
    back = read_back(rig.gcs, RALLY)
    assert [(i.command, i.frame, i.z) for i in back] == [(POINT, 3, 25.0), (POINT, 3, 20.0)]
    assert back[0].y == pytest.approx(rig.place(90.0, 100.0).lon_deg * 1e7, abs=1)
    assert len(read_back(rig.gcs)) == 2
    assert rig.drone.pilot.params["RALLY_TOTAL"] == 2.0
    assert "Rally points received" in rig.gcs.texts()
    rig.gcs.send(dialect.MAVLink_mission_clear_all_message(1, 1, RALLY))
    assert read_back(rig.gcs, RALLY) == []
    assert len(read_back(rig.gcs)) == 2


def test_only_rally_points_at_heights_above_home() -> None:
    rig = Rig()
    assert upload(rig.gcs, [Item(WAYPOINT, HOME, 20.0)], RALLY) == UNSUPPORTED
    assert upload(rig.gcs, [Item(POINT, HOME, 20.0, frame=0)], RALLY) == UNSUPPORTED_FRAME


def test_a_nearer_point_is_returned_to_and_landed_at() -> None:
    rig = Rig()
    upload(rig.gcs, points(rig, (0.0, 100.0, 35.0)), RALLY)
    rig.fly_to(20.0, 0.0, 140.0)
    rig.gcs.mode(RTL)
    rig.until(lambda: rig.up_m > 34.5)  # the point's own height
    east, north = returned_to(rig)
    assert (east, north) == pytest.approx((0.0, 100.0), abs=1.5)


def test_home_is_returned_to_when_it_is_nearer() -> None:
    rig = Rig()
    upload(rig.gcs, points(rig, (0.0, 100.0, 20.0)), RALLY)
    rig.fly_to(20.0, 180.0, 40.0)
    assert returned_to(rig) == pytest.approx((0.0, 0.0), abs=1.5)


def test_a_point_beyond_the_limit_does_not_count() -> None:
    rig = Rig()
    upload(rig.gcs, points(rig, (180.0, 90.0, 20.0)), RALLY)
    rig.drone.pilot.params.set("RALLY_LIMIT_KM", 0.05)
    rig.fly_to(20.0, 180.0, 150.0)
    assert returned_to(rig) == pytest.approx((0.0, 0.0), abs=1.5)


def test_where_home_does_not_count_the_farther_point_wins() -> None:
    rig = Rig()
    upload(rig.gcs, points(rig, (0.0, 100.0, 20.0)), RALLY)
    rig.drone.pilot.params.set("RALLY_INCL_HOME", 0.0)
    rig.fly_to(20.0, 180.0, 20.0)
    assert returned_to(rig) == pytest.approx((0.0, 100.0), abs=1.5)
