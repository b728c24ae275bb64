"""Drawing a route: order, heights, totals, what the geofence forbids, and how the flying goes."""

from dataclasses import replace

import pytest

from gcs.geo.earth import distance_m, offset
from gcs.model.fence import FencePlan, FenceShape
from gcs.model.place import Position
from gcs.model.plan import MOST_ITEMS, PlanItem, PlanState
from gcs.model.telemetry import Phase
from gcs.model.vehicle import (
    FenceReport,
    FenceState,
    PlanReport,
    VehicleProfile,
    VehicleProfiles,
)
from tests.unit.ui.shift import OTHER, Shift
from ui.models.draft import Spot
from ui.models.fence_words import drones_words, recorded_words
from ui.models.plan_draft import PlanDraft
from ui.models.route_words import progress_words, route_problems, size_words, why_not_fly
from ui.text import Tone, plain

HOME = Position(51.53, -0.1)
NORTH = [offset(HOME, 0, 100.0 * n) for n in range(5)]


def drawn(*places: Position) -> PlanDraft:
    draft = PlanDraft()
    for place in places:
        draft.add(place)
    return draft


def told(shift: Shift, *profiles: VehicleProfile) -> None:
    shift.state.apply_vehicles(VehicleProfiles("gw1", "a", 0, profiles))


def test_points_come_after_the_selected_one_with_its_height() -> None:
    draft = drawn(NORTH[0], NORTH[2])
    draft.set_item(0, replace(draft.items[0], height_m=80.0))
    draft.select(Spot(0, 0))
    draft.add(NORTH[1])
    assert [item.position for item in draft.items] == NORTH[:3]
    assert [item.height_m for item in draft.items] == [80.0, 80.0, 60.0]
    assert draft.spot == Spot(0, 1)
    draft.insert(Spot(0, 1))
    assert distance_m(draft.items[2].position, offset(HOME, 0, 150)) < 0.1
    draft.delete(Spot(0, 2))
    draft.undo()
    assert len(draft.items) == 4


def test_length_and_time_count_holds_speeds_and_the_way_there() -> None:
    draft = drawn(NORTH[1], NORTH[2])
    draft.set_item(0, replace(draft.items[0], hold_s=30.0, speed_mps=5.0))
    size = draft.size(HOME)
    assert size.length_m == pytest.approx(200.0, abs=0.1)
    assert size.time_s == pytest.approx(100 / 5 + 30 + 100 / 5, abs=0.1)
    assert draft.size(None).length_m == pytest.approx(100.0, abs=0.1)


def test_five_hundred_points_and_not_one_more() -> None:
    draft = PlanDraft()
    draft.take(tuple(PlanItem(HOME, 50.0) for _ in range(MOST_ITEMS)))
    draft.add(HOME)
    assert len(draft.items) == MOST_ITEMS
    assert draft.told == "A route has at most 500 points."
    assert len(draft.plan().items) == MOST_ITEMS


def test_the_geofence_forbids_points_legs_and_heights() -> None:
    ring = tuple(offset(HOME, bearing, 1000) for bearing in (315, 45, 135, 225))
    middle = FenceShape(False, (), NORTH[2], 20.0)
    fence = FencePlan("Site", (FenceShape(True, ring), middle), 100.0)
    items = (
        PlanItem(NORTH[1], 60.0),
        PlanItem(NORTH[3], 60.0),
        PlanItem(offset(HOME, 0, 5000), 120.0),
    )
    found = route_problems(items, fence, HOME)
    assert found[0] == "The way to point 2 leaves the geofence."
    assert found[1].startswith("Point 3 is at 120 m, at most ")
    assert found[2:] == ("Point 3 is outside the geofence.",)
    assert route_problems(items[:1], fence, HOME) == ()


def test_a_route_longer_than_the_battery_is_a_caution() -> None:
    shift = Shift()
    draft = drawn(offset(HOME, 0, 100))
    quiet = size_words(shift.state, draft, "ISL-01")
    assert plain(quiet).startswith("1 point · ") and quiet[1].tone is Tone.QUIET
    draft.set_item(0, replace(draft.items[0], hold_s=3600.0))
    assert size_words(shift.state, draft, "ISL-01")[1].tone is Tone.CAUTION


def test_why_a_route_is_not_flown() -> None:
    shift = Shift()
    draft = PlanDraft()
    state = shift.state
    assert why_not_fly(state, "", draft) == "No drone is selected."
    shift.owned("ISL-02", OTHER)
    assert "Pilot B" in why_not_fly(state, "ISL-02", draft)
    shift.owned("ISL-02")
    assert "not in the air" in why_not_fly(state, "ISL-02", draft)
    shift.fly("ISL-02", Phase.ON_SCENE, HOME)
    shift.later(1.0)
    assert why_not_fly(state, "ISL-02", draft) == "The route has no points yet."
    draft.add(HOME)
    assert why_not_fly(state, "ISL-02", draft) == ""


def test_how_the_plan_goes_is_told_by_what_the_vehicle_shows() -> None:
    shift = Shift()
    assert "nothing is known" in progress_words(shift.state, "ISL-02").text
    plan = PlanReport(PlanState.FLYING, "Route", "d", items=12, current=4)
    told(shift, VehicleProfile("ISL-02", "net1", 2, plan=plan))
    words = progress_words(shift.state, "ISL-02")
    assert words.text == "ISL-02 flies the plan: point 4 of 12"


def test_how_far_the_fence_has_come() -> None:
    shift = Shift()
    drones = [d.id for d in shift.site.drones]
    assert "which one is not told" in drones_words(shift.state).text
    ring = shift.site.fence.polygon
    fence = FencePlan("Islington", (FenceShape(True, ring),), 100.0, (), 3, "Pilot B", 0)
    shift.state.apply_fence(fence)
    assert recorded_words(shift.state) == "Fence 3, set by Pilot B."
    states = dict.fromkeys(drones, FenceReport(FenceState.ACTIVE, 3))
    states["ISL-04"] = FenceReport(FenceState.UPLOADING, 3)
    states["ISL-05"] = FenceReport(FenceState.ACTIVE, 2, text="it is outside the new one")
    told(shift, *(VehicleProfile(d, "net1", n, fence=states[d]) for n, d in enumerate(drones, 1)))
    words = drones_words(shift.state)
    assert words.text == (
        "Fence 3 is active on 7 of 9; ISL-04 uploading; "
        "ISL-05 still fence 2: it is outside the new one"
    )
    assert words.tone is Tone.CAUTION
    shift.clock.advance(30.0)
    assert "which one is not told" in drones_words(shift.state).text
