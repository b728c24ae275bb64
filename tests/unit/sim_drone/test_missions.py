"""Missions as ArduCopter 4.7 takes, keeps, flies, leaves and ends them."""

import pytest

from gcs.link.mavlink import dialect
from tests.unit.sim_drone.plans import (
    DELAY,
    ERROR,
    HOME_ITEM,
    JUMP,
    LAND,
    LOITER_TIME,
    LOITER_TURNS,
    NO_SPACE,
    OK,
    RTL,
    SPEED,
    TAKEOFF,
    UNSUPPORTED,
    UNSUPPORTED_FRAME,
    WAYPOINT,
    YAW,
    Item,
    fly_plan,
    progress,
    reached,
    read_back,
    send_count,
    send_item,
    upload,
)
from tests.unit.sim_drone.rig import ACCEPTED, BRAKE, DENIED, FAILED, GUIDED, HOME, Rig

AUTO, RETURN = 3, 6
NO_MISSION, NOT_STARTED, ACTIVE, COMPLETE = 1, 2, 3, 5
START, CHOOSE, PAUSE = 300, 224, 193


def square(rig: Rig, up_m: float = 20.0, metres: float = 40.0) -> list[Item]:
    """Take off and three points."""
    points = [Item(WAYPOINT, rig.place(b, metres), up_m) for b in (0.0, 90.0, 180.0)]
    return [Item(TAKEOFF, None, up_m), *points]


def started(rig: Rig, items: list[Item]) -> None:
    fly_plan(rig.gcs, items)
    rig.gcs.mode(GUIDED)
    assert rig.gcs.arm() == ACCEPTED
    assert rig.gcs.command(START) == ACCEPTED


# -- up and down ---------------------------------------------------------------------------------
def test_a_mission_reads_back_with_home_as_item_0() -> None:
    rig = Rig()
    fly_plan(rig.gcs, square(rig))
    items = read_back(rig.gcs)
    assert [i.command for i in items] == [16, 22, 16, 16, 16]
    assert items[0].frame == 0
    assert items[0].z == pytest.approx(rig.config.home_amsl_m)
    assert abs(items[0].x - round(HOME.lat_deg * 1e7)) <= 1
    assert abs(items[2].x - round(rig.place(0.0, 40.0).lat_deg * 1e7)) <= 1
    assert {i.frame for i in items[1:]} == {3}  # told by its older number
    assert items[2].z == 20.0
    assert "Flight plan received" in rig.gcs.texts()
    assert progress(rig.gcs) == (0, 4, NOT_STARTED)
    assert rig.drone.pilot.params["MIS_TOTAL"] == 0.0
    rig.tick()
    assert rig.drone.pilot.params["MIS_TOTAL"] == 5.0


def test_what_is_kept_is_told_and_nothing_more() -> None:
    rig = Rig()
    fly_plan(
        rig.gcs,
        [
            Item(WAYPOINT, rig.place(0.0, 50.0), 20.128, (2.7, 5.0, 1.0, 90.0)),
            Item(SPEED, None, 0.0, (1.0, 5.5, -1.0), frame=2),
        ],
    )
    _, point, speed = read_back(rig.gcs)
    assert (point.param1, point.param2, point.param3, point.param4) == (2.0, 0.0, 0.0, 0.0)
    assert point.z == pytest.approx(20.12, abs=0.001)
    assert (speed.frame, speed.param1, speed.param2, speed.param3) == (0, 1.0, 5.5, -1.0)


def test_500_items_go_up_and_too_many_do_not() -> None:
    rig = Rig()
    many = [Item(WAYPOINT, rig.place(n * 3.0 % 360, 20.0 + n * 0.1), 20.0) for n in range(500)]
    fly_plan(rig.gcs, many)
    assert len(read_back(rig.gcs)) == 501
    send_count(rig.gcs, 725)
    assert rig.gcs.last("MISSION_ACK").type == NO_SPACE
    assert rig.gcs.texts()[-1] == "Only 724 items are supported"
    assert len(read_back(rig.gcs)) == 501


@pytest.mark.parametrize(
    ("item", "verdict"),
    [
        (Item(4000, HOME, 20.0), UNSUPPORTED),
        (Item(WAYPOINT, HOME, 20.0, frame=10), UNSUPPORTED_FRAME),  # it has no terrain data
        (Item(WAYPOINT, HOME, float("nan")), 12),
        (Item(WAYPOINT, HOME, 20.0, (float("nan"),)), 5),
        (Item(JUMP, None, 0.0, (9.0, 1.0)), ERROR),
    ],
)
def test_what_it_cannot_fly_is_refused(item: Item, verdict: int) -> None:
    rig = Rig()
    assert upload(rig.gcs, [HOME_ITEM, item]) == verdict


def test_an_upload_that_breaks_off_leaves_a_mixture() -> None:
    rig = Rig()
    fly_plan(rig.gcs, square(rig))
    send_count(rig.gcs, 3)
    send_item(rig.gcs, 0, HOME_ITEM)
    send_item(rig.gcs, 1, Item(WAYPOINT, HOME, 33.0))
    rig.run(8.1)
    assert rig.gcs.last("MISSION_ACK").type == 15
    assert "Mission upload timeout" in rig.gcs.texts()
    assert [i.z for i in read_back(rig.gcs)[1:]] == [33.0, 20.0]


def test_an_older_client_is_answered_in_degrees() -> None:
    rig = Rig()
    fly_plan(rig.gcs, square(rig))
    rig.gcs.send(dialect.MAVLink_mission_request_message(1, 1, 2, 0))
    item = rig.gcs.last("MISSION_ITEM")
    assert item.x == pytest.approx(rig.place(0.0, 40.0).lat_deg, abs=1e-5)
    rig.gcs.send(dialect.MAVLink_mission_request_message(1, 1, 9, 0))
    assert rig.gcs.last("MISSION_ACK").type == ERROR
    send_count(rig.gcs, 2)
    for seq in (0, 1):
        rig.gcs.send(
            dialect.MAVLink_mission_item_message(1, 1, seq, 3, 16, 0, 1, 0, 0, 0, 0, 51.5, -0.1, 9)
        )
    assert rig.gcs.last("MISSION_ACK").type == OK
    assert read_back(rig.gcs)[1].x == 515000000


def test_clearing_and_an_empty_upload() -> None:
    rig = Rig()
    fly_plan(rig.gcs, square(rig))
    rig.gcs.send(dialect.MAVLink_mission_clear_all_message(1, 1, 0))
    assert rig.gcs.last("MISSION_ACK").type == OK
    assert progress(rig.gcs) == (0, 0, NO_MISSION)
    fly_plan(rig.gcs, square(rig))
    assert upload(rig.gcs, []) == OK
    assert read_back(rig.gcs) == []
    assert rig.gcs.mode(AUTO) == FAILED
    assert rig.gcs.texts()[-1] == "Mode change to AUTO failed: init failed"


# -- flown ---------------------------------------------------------------------------------------
def test_it_takes_off_flies_the_points_and_hovers_at_the_end() -> None:
    rig = Rig()
    started(rig, square(rig))
    assert rig.mode == AUTO
    assert progress(rig.gcs) == (1, 4, ACTIVE)
    rig.until(lambda: reached(rig.gcs) == [1])
    assert rig.up_m == pytest.approx(20.0, abs=0.5)
    rig.until(lambda: reached(rig.gcs) == [1, 2, 3, 4])
    rig.run(10.0)
    assert progress(rig.gcs) == (4, 4, COMPLETE)
    assert rig.mode == AUTO and rig.drone.pilot.armed
    assert rig.away_m == pytest.approx(40.0, abs=1.5)
    assert rig.up_m == pytest.approx(20.0, abs=0.5)
    said = rig.gcs.texts()
    assert [t for t in said if t.startswith("Mission")] == [
        "Mission: 1 Takeoff",
        "Mission: 2 WP",
        "Mission: 3 WP",
        "Mission: 4 WP",
    ]
    assert "Reached command #4" in said


def test_the_start_is_accepted_disarmed_and_nothing_flies() -> None:
    rig = Rig()
    fly_plan(rig.gcs, square(rig))
    assert rig.gcs.command(START, 1.0) == DENIED
    assert rig.gcs.command(START) == ACCEPTED
    assert (rig.mode, progress(rig.gcs)[2]) == (AUTO, ACTIVE)
    assert rig.gcs.arm() == FAILED
    assert rig.gcs.texts()[-1] == "Arm: AUTO mode not armable"
    rig.run(5.0)
    assert rig.up_m < 0.1


def test_armed_on_the_ground_it_needs_a_take_off_first() -> None:
    rig = Rig()
    fly_plan(rig.gcs, square(rig)[1:])
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    assert rig.gcs.command(START) == FAILED
    assert "Auto: Missing Takeoff Cmd" in rig.gcs.texts()


def test_the_mode_alone_does_not_take_off() -> None:
    rig = Rig()
    fly_plan(rig.gcs, square(rig))
    rig.gcs.mode(GUIDED)
    rig.gcs.arm()
    assert rig.gcs.mode(AUTO) == ACCEPTED
    rig.run(5.0)
    assert rig.up_m < 0.1
    assert rig.gcs.command(START) == ACCEPTED
    rig.until(lambda: rig.up_m > 5.0)


@pytest.mark.parametrize("other", [GUIDED, BRAKE])
def test_it_is_left_and_resumed_where_it_was(other: int) -> None:
    rig = Rig()
    started(rig, square(rig))
    rig.until(lambda: reached(rig.gcs) == [1, 2])
    assert rig.gcs.mode(other) == ACCEPTED
    assert progress(rig.gcs) == (3, 4, NOT_STARTED)  # so ArduPilot tells one that was left
    rig.run(4.0)
    assert rig.drone.pilot.body.ground_speed_mps < 0.3
    assert rig.gcs.mode(AUTO) == ACCEPTED
    assert progress(rig.gcs) == (3, 4, ACTIVE)
    rig.until(lambda: reached(rig.gcs) == [1, 2, 3, 4])


def test_after_its_end_it_begins_anew() -> None:
    rig = Rig()
    started(rig, square(rig)[:2])
    rig.until(lambda: rig.drone.pilot.mission.state == COMPLETE)
    rig.gcs.mode(GUIDED)
    assert progress(rig.gcs)[2] == COMPLETE
    assert rig.gcs.command(START) == ACCEPTED
    assert progress(rig.gcs) == (1, 2, ACTIVE)


def test_an_item_is_chosen_before_and_during_the_flight() -> None:
    rig = Rig()
    started(rig, square(rig))
    rig.until(lambda: reached(rig.gcs) == [1])
    assert rig.gcs.command(CHOOSE, 4.0) == ACCEPTED
    assert rig.gcs.last("MISSION_CURRENT").seq == 4
    rig.until(lambda: reached(rig.gcs) == [1, 4])
    assert rig.gcs.command(CHOOSE, 7.0) == FAILED
    rig.gcs.mode(GUIDED)
    rig.gcs.send(dialect.MAVLink_mission_set_current_message(1, 1, 2))
    assert rig.gcs.last("MISSION_CURRENT").seq == 2
    assert progress(rig.gcs) == (2, 4, NOT_STARTED)
    rig.gcs.mode(AUTO)
    rig.until(lambda: reached(rig.gcs) == [1, 4, 2])


def test_a_point_is_held_and_a_pause_stops_on_the_way() -> None:
    rig = Rig()
    first = Item(WAYPOINT, rig.place(0.0, 60.0), 15.0, (6.0,))
    started(rig, [Item(TAKEOFF, None, 15.0), first, Item(WAYPOINT, HOME, 15.0)])
    rig.until(lambda: rig.away_m > 30.0)
    assert rig.gcs.command(PAUSE, 0.0) == ACCEPTED
    rig.run(5.0)
    assert rig.drone.pilot.body.ground_speed_mps < 0.3 and rig.away_m < 55.0
    assert rig.gcs.command(PAUSE, 1.0) == ACCEPTED
    rig.until(lambda: rig.away_m > 58.5)
    held = rig.until(lambda: 2 in reached(rig.gcs))
    assert held == pytest.approx(6.0, abs=0.5)
    assert rig.gcs.command(PAUSE, 1.0) == FAILED


def test_speed_delay_yaw_and_jumps_act_on_the_way() -> None:
    rig = Rig()
    out, back = rig.place(0.0, 80.0), rig.place(0.0, 10.0)
    started(
        rig,
        [
            Item(TAKEOFF, None, 15.0),
            Item(SPEED, None, 0.0, (1.0, 4.0)),
            Item(YAW, None, 0.0, (90.0, 0.0, 1.0, 0.0)),
            Item(WAYPOINT, out, 15.0),
            Item(WAYPOINT, back, 15.0),
            Item(JUMP, None, 0.0, (4.0, 1.0)),
            Item(DELAY, None, 0.0, (2.0,)),
            Item(LOITER_TIME, HOME, 15.0, (1.0,)),
        ],
    )
    rig.until(lambda: rig.away_m > 40.0)
    assert rig.drone.pilot.body.ground_speed_mps == pytest.approx(4.0, abs=0.3)
    assert rig.drone.pilot.body.yaw_rad == pytest.approx(1.571, abs=0.1)
    rig.until(lambda: rig.drone.pilot.mission.state == COMPLETE)
    assert [n for n in reached(rig.gcs) if n in (4, 5, 8)] == [4, 5, 4, 5, 8]
    assert rig.gcs.mode(GUIDED) == ACCEPTED
    rig.gcs.reposition(rig.place(0.0, 80.0), 15.0)
    rig.until(lambda: rig.away_m > 40.0)
    assert rig.drone.pilot.body.ground_speed_mps > 8.0  # its speed ended with the mission


def test_turns_are_flown_round_their_point() -> None:
    rig = Rig()
    turns = Item(LOITER_TURNS, rig.place(0.0, 50.0), 15.0, (1.0, 0.0, 12.0))
    started(rig, [Item(TAKEOFF, None, 15.0), turns])
    rig.until(lambda: rig.away_m > 37.0)
    rig.run(6.0)
    radii = []
    for _ in range(20):
        rig.run(0.5)
        body = rig.drone.pilot.body
        radii.append(((body.east_m) ** 2 + (body.north_m - 50.0) ** 2) ** 0.5)
    assert min(radii) > 9.5 and max(radii) < 14.0
    rig.until(lambda: rig.drone.pilot.mission.state == COMPLETE)


def test_a_return_in_a_mission_lands_at_home_and_ends_it() -> None:
    rig = Rig()
    started(rig, [*square(rig, 15.0, 20.0)[:2], Item(RTL)])
    rig.until(lambda: not rig.drone.pilot.armed, 200.0)
    assert rig.away_m < 1.0 and rig.mode == AUTO
    assert reached(rig.gcs) == [1, 2, 3]
    assert progress(rig.gcs) == (0, 3, COMPLETE)


def test_a_landing_in_a_mission_leaves_it_at_its_beginning() -> None:
    rig = Rig()
    started(rig, [*square(rig, 12.0, 20.0)[:2], Item(LAND, rig.place(90.0, 20.0))])
    rig.until(lambda: not rig.drone.pilot.armed, 200.0)
    body = rig.drone.pilot.body
    assert body.east_m == pytest.approx(20.0, abs=1.0)
    assert reached(rig.gcs) == [1, 2]
    assert progress(rig.gcs) == (1, 3, ACTIVE)
    rig.run(20.0)
    assert not rig.drone.pilot.armed  # it waits, and starts no motor by itself


def test_a_new_mission_restarts_the_leg_and_a_running_one_is_not_cleared() -> None:
    rig = Rig()
    started(rig, square(rig))
    rig.until(lambda: reached(rig.gcs) == [1])
    rig.gcs.send(dialect.MAVLink_mission_clear_all_message(1, 1, 0))
    assert rig.gcs.last("MISSION_ACK").type == ERROR
    east = Item(WAYPOINT, rig.place(90.0, 30.0), 25.0)
    fly_plan(rig.gcs, [square(rig)[0], east, Item(WAYPOINT, HOME, 25.0)])
    rig.run(0.1)
    assert "Auto mission changed, restarted command" in rig.gcs.texts()
    rig.until(lambda: 2 in reached(rig.gcs))
    assert rig.drone.pilot.body.east_m == pytest.approx(30.0, abs=2.5)


def test_a_failsafe_takes_it_out_of_its_mission_and_it_stays_out() -> None:
    rig = Rig()
    rig.drone.pilot.params.set("FS_GCS_ENABLE", 1.0)
    rig.beating = True
    started(rig, square(rig))
    rig.until(lambda: reached(rig.gcs) == [1])
    rig.beating = False
    rig.until(lambda: "GCS Failsafe" in rig.gcs.texts())
    assert (rig.mode, rig.drone.pilot.mission.state) == (RETURN, NOT_STARTED)
    rig.drone.faults.gnss_loss = True
    rig.until(lambda: rig.mode == 9)
    assert rig.drone.pilot.mission.state == NOT_STARTED
