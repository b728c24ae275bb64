"""Plans, fences and rally points as items of the wire, and when two of them are the same."""

import math
from dataclasses import replace

import pytest

from gcs.link.decode import BadValue, decode
from gcs.link.mavlink import dialect
from gcs.link.plan_items import fence_items, plan_items, rally_items
from gcs.link.plan_reports import ItemTold, PlanProgress, TransferAck
from gcs.link.wire_items import WireItem, differences
from gcs.model.fence import FencePlan, FenceShape, RallyPoint
from gcs.model.place import Position
from gcs.model.plan import FlightPlan, PlanItem

HOME = Position(51.5262, -0.1068)
A, B, C = Position(51.5262, -0.1068), Position(51.53, -0.11), Position(51.54, -0.1)
PLAN = FlightPlan(
    "p", (PlanItem(A, 30.0, 2.4, 5.0), PlanItem(B, 40.5), PlanItem(C, 50.0, speed_mps=3.0))
)


def test_a_plan_for_an_ardupilot_begins_with_home_and_for_a_px4_with_its_first_point() -> None:
    ardupilot = plan_items(PLAN, HOME, home_is_item_0=True)
    px4 = plan_items(PLAN, HOME, home_is_item_0=False)
    assert [i.command for i in ardupilot.items] == [16, 16, 178, 16, 16]
    assert [i.command for i in px4.items] == [16, 178, 16, 16]
    assert ardupilot.waypoints == (0, 1, 2, 2, 3)
    assert [i.seq for i in ardupilot.items] == [0, 1, 2, 3, 4]
    assert [i.current for i in px4.items] == [True, False, False, False]
    home, first, speed, second, last = ardupilot.items
    assert (home.frame, home.x) == (0, 515_262_000)
    assert (first.frame, first.x, first.y, first.z) == (6, 515_262_000, -1_068_000, 30.0)
    assert first.params[0] == 3.0  # whole seconds, rounded up
    assert math.isnan(first.params[3])  # whichever way it looks
    assert (speed.frame, speed.params) == (2, (1.0, 5.0, -1.0, 0.0))
    assert (second.z, last.z) == (40.5, 50.0)


def test_items_and_points_are_told_apart() -> None:
    wire = plan_items(PLAN, HOME, home_is_item_0=True)
    assert [wire.waypoint(n) for n in (0, 1, 2, 3, 4, 5, 65535)] == [0, 1, 2, 2, 3, 0, 0]
    assert [wire.seq(n) for n in (1, 2, 3)] == [1, 3, 4]
    with pytest.raises(ValueError, match="not in tuple"):
        wire.seq(4)


def test_a_fence_is_its_vertices_and_circles_and_rally_points_are_whole_metres() -> None:
    plan = FencePlan(
        "f",
        (
            FenceShape(True, (A, B, C)),
            FenceShape(False, (C, B, A, HOME)),
            FenceShape(True, centre=A, radius_m=120.5),
            FenceShape(False, centre=B, radius_m=30.0),
        ),
        100.0,
        (RallyPoint(C, 40.2),),
    )
    items = fence_items(plan)
    assert [i.command for i in items] == [5001] * 3 + [5002] * 4 + [5003, 5004]
    assert [i.params[0] for i in items] == [3.0] * 3 + [4.0] * 4 + [120.5, 30.0]
    assert {i.frame for i in items} == {0}
    (rally,) = rally_items(plan)
    assert (rally.command, rally.frame, rally.z) == (5100, 6, 41.0)


ITEM = WireItem(0, 16, 6, (2.0, 0.0, 0.0, math.nan), 515_262_000, -1_068_000, 30.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": 515_262_002}, ""),
        ({"y": -1_068_002, "z": 30.09}, ""),
        ({"frame": 3, "params": (2.0, 5.0, 1.0, 0.0)}, ""),  # each reads the others as it likes
        ({"x": 515_262_003}, "item 0: it is at another place"),
        ({"z": 30.2}, "item 0: height 30.2 m, not 30 m"),
        ({"z": math.nan}, "item 0: height nan m, not 30 m"),
        ({"frame": 0}, "item 0: frame 0, not 6"),
        ({"params": (3.0, 0.0, 0.0, 0.0)}, "item 0: parameter 1 is 3, not 2"),
        ({"params": (math.nan, 0.0, 0.0, 0.0)}, "item 0: parameter 1 is nan, not 2"),
        ({"command": 21}, "item 0: command 21, not 16"),
    ],
)
def test_what_reads_back_the_same(change: dict[str, object], words: str) -> None:
    held = replace(ITEM, **change)  # type: ignore[arg-type]
    assert differences((ITEM,), (held,)) == words


def test_a_fences_height_and_frame_say_nothing_and_its_number_does() -> None:
    vertex = WireItem(0, 5001, 0, (3.0, 0.0, 0.0, 0.0), 515_262_000, -1_068_000)
    assert differences((vertex,), (replace(vertex, frame=3, z=7.0),)) == ""
    assert differences((vertex,), ()) == "it holds 0 items, not 1"
    assert "parameter 1" in differences((vertex,), (replace(vertex, params=(4.0, 0, 0, 0)),))


def item(**change: object) -> object:
    fields = {
        "target_system": 255,
        "target_component": 190,
        "seq": 4,
        "frame": 3,
        "command": 16,
        "current": 0,
        "autocontinue": 1,
        "param1": 1.0,
        "param2": 0.0,
        "param3": 0.0,
        "param4": math.nan,
        "x": 515_000_000,
        "y": -1_000_000,
        "z": 20.0,
        "mission_type": 1,
        **change,
    }
    return dialect.MAVLink_mission_item_int_message(**fields)


def test_decoded() -> None:
    told = decode(item())
    assert isinstance(told, ItemTold)
    assert (told.to, told.kind, told.item.seq, told.item.x) == ((255, 190), 1, 4, 515_000_000)
    ack = decode(dialect.MAVLink_mission_ack_message(255, 190, 14, 2))
    assert ack == TransferAck((255, 190), 2, 14)
    assert decode(dialect.MAVLink_mission_current_message(7, 9, 3, 1)) == PlanProgress(7, 3)
    assert isinstance(decode(item(frame=2, x=2_000_000_000)), ItemTold)  # a plain parameter


@pytest.mark.parametrize("change", [{"x": 910_000_000}, {"y": -1_810_000_000}])
def test_a_place_that_is_none_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadValue, match="MISSION_ITEM_INT"):
        decode(item(**change))
