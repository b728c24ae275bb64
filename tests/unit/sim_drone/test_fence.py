"""The geofence: loaded from the site, uploaded, read back, switched, crossed."""

from collections.abc import Sequence
from typing import Any

import pytest

from gcs.geo.earth import offset
from gcs.link.mavlink import dialect
from gcs.model.place import Position
from gcs.model.site import Fence
from gcs.sim.drone.config import DroneConfig
from tests.unit.sim_drone.rig import ACCEPTED, FAILED, GUIDED, HOME, RTL, Peer, Rig

FENCE_BIT = 0x100000
OK, ERROR, UNSUPPORTED, NO_SPACE, BAD_SEQUENCE, DENIED, CANCELLED = 0, 1, 3, 4, 13, 14, 15
Item = tuple[int, float, Position]


def square(metres: float) -> tuple[Position, ...]:
    return tuple(offset(HOME, bearing, metres) for bearing in (45.0, 135.0, 225.0, 315.0))


def fenced() -> Rig:
    """A drone of a training site: its fence is loaded and on."""
    fence = Fence("f", "Test", square(200.0), 60.0)
    return Rig(DroneConfig("ISL-01", 1, HOME, fence=fence))


def enabled(rig: Rig) -> bool:
    assert rig.gcs.command(512, 1) == ACCEPTED
    return bool(rig.gcs.last("SYS_STATUS").onboard_control_sensors_enabled & FENCE_BIT)


def polygon(points: Sequence[Position], command: int = 5001) -> list[Item]:
    return [(command, float(len(points)), p) for p in points]


def send_count(peer: Peer, count: int, kind: int = 1) -> None:
    peer.send(dialect.MAVLink_mission_count_message(1, 1, count, kind))


def send_item(peer: Peer, seq: int, item: Item, kind: int = 1) -> None:
    command, param, place = item
    lat, lon = round(place.lat_deg * 1e7), round(place.lon_deg * 1e7)
    peer.send(
        dialect.MAVLink_mission_item_int_message(
            1, 1, seq, 0, command, 0, 0, param, 0, 0, 0, lat, lon, 0, kind
        )
    )


def upload(peer: Peer, items: list[Item]) -> int:
    """Answer each request with its item; returns the final verdict."""
    send_count(peer, len(items))
    for seq, item in enumerate(items):
        assert peer.last("MISSION_REQUEST").seq == seq
        send_item(peer, seq, item)
    return int(peer.last("MISSION_ACK").type)


def read_back(peer: Peer) -> list[Any]:
    peer.send(dialect.MAVLink_mission_request_list_message(1, 1, 1))
    for seq in range(peer.last("MISSION_COUNT").count):
        peer.send(dialect.MAVLink_mission_request_int_message(1, 1, seq, 1))
    return peer.all("MISSION_ITEM_INT")


def test_the_sites_fence_is_on_from_the_start_and_reads_back() -> None:
    rig = fenced()
    assert enabled(rig)
    items = read_back(rig.gcs)
    assert [i.command for i in items] == [5001] * 4
    for item, point in zip(items, square(200.0), strict=True):
        assert item.x == pytest.approx(point.lat_deg * 1e7, abs=1)
        assert item.y == pytest.approx(point.lon_deg * 1e7, abs=1)
    assert rig.drone.pilot.params["FENCE_ALT_MAX"] == 60.0


def test_a_target_outside_the_fence_fails_without_a_word() -> None:
    rig = fenced()
    rig.fly_to(30.0)
    said = len(rig.gcs.texts())
    assert rig.gcs.reposition(rig.place(0.0, 190.0), 30.0) == FAILED  # over the edge
    assert rig.gcs.reposition(rig.place(0.0, 50.0), 60.0) == FAILED  # over the ceiling
    assert rig.gcs.reposition(rig.place(0.0, 130.0), 59.0) == ACCEPTED
    assert len(rig.gcs.texts()) == said


def test_a_refused_target_changes_neither_mode_nor_flight() -> None:
    rig = fenced()
    rig.fly_to(30.0)
    rig.gcs.mode(5)
    assert rig.gcs.reposition(rig.place(0.0, 190.0), 30.0) == FAILED
    assert rig.mode == 5


def test_climbing_through_the_ceiling_brings_it_home_at_the_line() -> None:
    rig = fenced()
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    rig.gcs.take_off(90.0)
    rig.until(lambda: rig.mode == RTL)
    assert rig.up_m == pytest.approx(60.0, abs=0.5)
    assert rig.gcs.texts()[-1] == "Max Alt fences breached"
    rig.gcs.command(512, 162)
    status = rig.gcs.last("FENCE_STATUS")
    assert (status.breach_status, status.breach_count, status.breach_type) == (1, 1, 2)
    assert status.breach_time > 0
    rig.until(lambda: not rig.drone.pilot.armed)
    rig.gcs.command(512, 162)
    assert rig.gcs.last("FENCE_STATUS").breach_status == 0
    assert "Max Alt fences cleared" in rig.gcs.texts()


def test_flying_across_a_keep_out_circle_brings_it_home_at_the_line() -> None:
    rig = Rig()
    hole: Item = (5004, 30.0, rig.place(0.0, 100.0))
    assert upload(rig.gcs, [*polygon(square(400.0)), hole]) == OK
    assert rig.gcs.command(207, 1.0) == ACCEPTED
    rig.fly_to(30.0)
    assert rig.gcs.reposition(rig.place(0.0, 100.0), 30.0) == FAILED
    assert rig.gcs.reposition(rig.place(0.0, 200.0), 30.0) == ACCEPTED
    rig.until(lambda: rig.mode == RTL)
    assert rig.away_m == pytest.approx(70.0, abs=1.5)
    assert rig.gcs.texts()[-1] == "Polygon fences breached"


def test_an_upload_does_not_switch_it_on_and_the_command_does() -> None:
    rig = Rig()
    assert upload(rig.gcs, polygon(square(100.0))) == OK
    assert not enabled(rig)
    assert rig.gcs.command(207, 1.0) == ACCEPTED
    assert enabled(rig)
    assert rig.drone.pilot.params["FENCE_ENABLE"] == 0.0
    assert rig.gcs.command(207, 0.0) == ACCEPTED
    assert not enabled(rig)


def test_it_will_not_arm_outside_its_fence() -> None:
    rig = Rig()
    away = offset(HOME, 0.0, 500.0)
    elsewhere = tuple(offset(away, b, 50.0) for b in (0.0, 120.0, 240.0))
    assert upload(rig.gcs, polygon(elsewhere)) == OK
    rig.gcs.command(207, 1.0)
    rig.gcs.mode(GUIDED)
    assert rig.gcs.arm() == FAILED
    assert rig.gcs.texts()[-1] == "Arm: Vehicle breaching Polygon fence"


@pytest.mark.parametrize(
    "items",
    [
        polygon(square(100.0)[:2]),
        [(5001, 5.0, p) for p in square(100.0)],
        [*polygon(square(100.0))[:2], *polygon(square(100.0), 5002)[2:]],
        [(5003, 0.0, HOME)],
        [(5004, float("nan"), HOME)],
        [(5001, float("nan"), HOME)],
    ],
)
def test_a_fence_that_makes_no_sense_is_refused_and_the_old_one_kept(items: list[Item]) -> None:
    rig = fenced()
    assert upload(rig.gcs, items) == ERROR
    assert rig.gcs.texts()[-1] == "Fence validation failed"
    assert len(read_back(rig.gcs)) == 4
    assert enabled(rig)


def test_a_second_uploader_is_denied_until_the_first_is_done() -> None:
    rig = Rig()
    other = rig.peer(("127.0.0.1", 15002), 200)
    items = polygon(square(100.0))
    send_count(rig.gcs, 4)
    send_item(rig.gcs, 0, items[0])
    send_count(other, 4)
    assert other.last("MISSION_ACK").type == DENIED
    send_item(other, 1, items[1])
    assert other.last("MISSION_ACK").type == DENIED
    for seq in (1, 2, 3):
        send_item(rig.gcs, seq, items[seq])
    assert rig.gcs.last("MISSION_ACK").type == OK
    assert upload(other, items) == OK


def test_an_item_is_asked_for_again_and_an_idle_upload_cancelled_after_8_s() -> None:
    rig = fenced()
    send_count(rig.gcs, 4)
    send_item(rig.gcs, 0, polygon(square(50.0))[0])
    asked = len(rig.gcs.all("MISSION_REQUEST"))
    rig.run(1.1)
    assert len(rig.gcs.all("MISSION_REQUEST")) == asked + 1
    assert rig.gcs.last("MISSION_REQUEST").seq == 1
    took = 1.1 + rig.until(lambda: bool(rig.gcs.all("MISSION_ACK")))
    assert took == pytest.approx(8.0, abs=0.05)
    assert rig.gcs.last("MISSION_ACK").type == CANCELLED
    assert len(read_back(rig.gcs)) == 4


def test_an_item_that_came_twice_or_too_early() -> None:
    rig = Rig()
    items = polygon(square(100.0))
    send_count(rig.gcs, 4)
    send_item(rig.gcs, 0, items[0])
    send_item(rig.gcs, 0, items[0])  # its first copy was late: nothing happens
    send_item(rig.gcs, 3, items[3])
    assert rig.gcs.last("MISSION_ACK").type == BAD_SEQUENCE
    for seq in (1, 2, 3):
        send_item(rig.gcs, seq, items[seq])
    assert rig.gcs.last("MISSION_ACK").type == OK


def test_clearing_removes_it() -> None:
    rig = fenced()
    rig.gcs.send(dialect.MAVLink_mission_clear_all_message(1, 1, 1))
    assert rig.gcs.last("MISSION_ACK").type == OK
    assert read_back(rig.gcs) == []
    rig.fly_to(30.0)
    assert rig.gcs.reposition(rig.place(0.0, 300.0), 30.0) == ACCEPTED


def test_an_empty_upload_removes_it_too_and_too_much_is_refused() -> None:
    rig = fenced()
    send_count(rig.gcs, 500)
    assert rig.gcs.last("MISSION_ACK").type == NO_SPACE
    assert len(read_back(rig.gcs)) == 4
    send_count(rig.gcs, 0)
    assert rig.gcs.last("MISSION_ACK").type == OK
    assert not rig.drone.pilot.fence.present


def test_a_kind_of_items_that_there_is_not_is_unsupported() -> None:
    rig = Rig()
    send_count(rig.gcs, 3, kind=7)
    assert rig.gcs.last("MISSION_ACK").type == UNSUPPORTED
    rig.gcs.send(dialect.MAVLink_mission_request_list_message(1, 1, 0))
    assert rig.gcs.last("MISSION_COUNT").count == 0
    rig.gcs.command(512, 42)
    assert rig.gcs.last("MISSION_CURRENT").mission_state == 1  # no mission


def test_an_uploader_may_give_up() -> None:
    rig = fenced()
    send_count(rig.gcs, 4)
    rig.gcs.send(dialect.MAVLink_mission_ack_message(1, 1, CANCELLED, 1))
    other = rig.peer(("127.0.0.1", 15003), 200)
    assert upload(other, polygon(square(100.0))) == OK


def both_squares(rig: Rig) -> list[Item]:
    """Two keep-in squares that overlap over home."""
    east = [offset(p, 90.0, 60.0) for p in square(100.0)]
    return [*polygon(square(100.0)), *polygon(east)]


def test_of_several_keep_in_areas_it_must_be_in_all() -> None:
    rig = Rig()
    assert upload(rig.gcs, both_squares(rig)) == OK
    assert len(read_back(rig.gcs)) == 8
    rig.gcs.command(207, 1.0)
    rig.fly_to(30.0)
    assert rig.gcs.reposition(rig.place(90.0, 110.0), 30.0) == FAILED
    assert rig.gcs.reposition(rig.place(90.0, 60.0), 30.0) == ACCEPTED


def test_or_in_one_of_them_by_its_options() -> None:
    rig = Rig()
    upload(rig.gcs, [*both_squares(rig), (5004, 10.0, rig.place(90.0, 110.0))])
    rig.gcs.command(207, 1.0)
    rig.drone.pilot.params.set("FENCE_OPTIONS", 3)
    rig.fly_to(30.0)
    assert rig.gcs.reposition(rig.place(90.0, 110.0), 30.0) == FAILED  # kept out all the same
    assert rig.gcs.reposition(rig.place(90.0, 90.0), 30.0) == ACCEPTED
    assert rig.gcs.reposition(rig.place(90.0, 180.0), 30.0) == FAILED


def test_a_keep_in_circle_is_a_fence_of_its_own() -> None:
    rig = Rig()
    assert upload(rig.gcs, [(5003, 60.0, HOME)]) == OK
    rig.gcs.command(207, 1.0)
    rig.fly_to(30.0)
    assert rig.gcs.reposition(rig.place(0.0, 61.0), 30.0) == FAILED
    assert rig.gcs.reposition(rig.place(0.0, 59.0), 30.0) == ACCEPTED


def test_an_empty_upload_leaves_the_switch_and_the_ceiling() -> None:
    rig = fenced()
    send_count(rig.gcs, 0)
    assert rig.gcs.last("MISSION_ACK").type == OK
    assert enabled(rig)
    rig.fly_to(30.0)
    assert rig.gcs.reposition(rig.place(0.0, 400.0), 30.0) == ACCEPTED
    assert rig.gcs.reposition(rig.place(0.0, 20.0), 61.0) == FAILED


def test_an_uploader_may_begin_anew_and_others_read_nothing_meanwhile() -> None:
    rig = fenced()
    other = rig.peer(("127.0.0.1", 15004), 200)
    send_count(rig.gcs, 4)
    send_item(rig.gcs, 0, polygon(square(50.0))[0])
    other.send(dialect.MAVLink_mission_request_list_message(1, 1, 1))
    assert other.last("MISSION_ACK").type == DENIED
    other.send(dialect.MAVLink_mission_clear_all_message(1, 1, 1))
    assert other.last("MISSION_ACK").type == ERROR
    assert upload(rig.gcs, polygon(square(80.0))) == OK
