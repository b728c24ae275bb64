"""What the page is told: the smallest change, nothing twice, everything after a reload."""

from dataclasses import replace

import numpy as np
import pytest

from gcs.geo.earth import offset
from gcs.model.feed import SensorMetadata
from gcs.model.mission import Grade, MissionState
from gcs.model.plan import FlightPlan, PlanItem, PlanState
from gcs.model.telemetry import Phase
from gcs.model.vehicle import PlanReport, VehicleProfile, VehicleProfiles
from gcs.runtime.clock import ManualClock
from gcs.station.state import Topic
from gcs.video.frame import Frame
from tests.support.fake_wall import looking
from tests.support.map_scene import ME, OTHER, Scene
from ui.map.marks import Change, Selected
from ui.map.model import MapModel
from ui.wall import Sights

NOTHING = Selected()


@pytest.fixture
def scene() -> Scene:
    return Scene(ManualClock())


@pytest.fixture
def model(scene: Scene) -> MapModel:
    made = MapModel(scene.state)
    scene.state.subscribe(Topic.FLEET, made.touch_drones)
    scene.state.subscribe(Topic.CONTROL, lambda drone: made.touch_drones((drone,)))
    scene.state.subscribe(Topic.MISSION, made.touch_incident)
    return made


def drones(change: Change) -> set[str]:
    return set(change.drones or {})


def test_the_first_batch_tells_all_nine_and_the_second_none(scene: Scene, model: MapModel) -> None:
    scene.batch()
    assert len(drones(model.change(NOTHING))) == 9
    scene.batch()
    assert model.change(NOTHING).empty


def test_noise_of_docked_drones_is_not_sent(scene: Scene, model: MapModel) -> None:
    scene.batch()
    model.change(NOTHING)
    for drone, told in scene.drones.items():
        assert told.position is not None
        scene.drones[drone] = replace(
            told, position=offset(told.position, 40, 1.5), heading_deg=3.0, battery_percent=96.2
        )
    scene.batch()
    assert model.change(NOTHING).empty


def test_only_the_flying_drone_is_sent_and_only_when_it_visibly_moved(
    scene: Scene, model: MapModel
) -> None:
    dock = scene.site.docks[0].position
    scene.fly("ISL-02", offset(dock, 30, 100), 30)
    scene.batch()
    model.change(NOTHING)
    scene.fly("ISL-02", offset(dock, 30, 101), 30)
    scene.batch()
    assert drones(model.change(NOTHING)) == {"ISL-02"}
    scene.fly("ISL-02", offset(dock, 30, 101.01), 30.2)
    scene.batch()
    assert model.change(NOTHING).drones is None


def test_a_flying_drones_footprint_is_sent_when_it_moved(scene: Scene) -> None:
    sights = Sights()
    model = MapModel(scene.state, sights)
    dock = scene.site.docks[0].position
    scene.fly("ISL-02", dock, 30)
    scene.batch()
    model.touch_footprints()
    assert model.change(Selected("ISL-02")).footprints is None
    sights.note(frame_of("ISL-02", looking(dock, 30.0, 72.0, -45.0), scene))
    assert model.change(Selected("ISL-02")).footprints is None
    model.touch_footprints()
    told = model.change(Selected("ISL-02")).footprints
    assert told is not None and told["ISL-02"] is not None
    assert (told["ISL-02"].tone, len(told["ISL-02"].ring)) == ("other", 4)
    model.touch_footprints()
    assert model.change(Selected("ISL-02")).footprints is None
    assert isinstance(scene.clock, ManualClock)
    scene.clock.advance(2.5)
    model.touch_footprints()
    told = model.change(Selected("ISL-02")).footprints
    assert told is not None and told["ISL-02"] is not None
    assert told["ISL-02"].tone == "silent"
    model.touch_footprints()
    assert model.change(NOTHING).footprints == {"ISL-02": None}


def test_a_reload_brings_cameras_and_footprints_again(scene: Scene) -> None:
    sights = Sights()
    model = MapModel(scene.state, sights)
    dock = scene.site.docks[0].position
    scene.hold("ISL-02", ME)
    scene.fly("ISL-02", dock, 30)
    scene.batch()
    sights.note(frame_of("ISL-02", looking(dock, 30.0, 72.0, -45.0), scene))
    for _ in range(2):
        told = model.everything(NOTHING)
        assert set(told.cameras or {}) == {"CAM-1", "CAM-2"}
        assert told.footprints is not None and told.footprints["ISL-02"] is not None
        assert told.footprints["ISL-02"].tone == "own"


def frame_of(feed: str, seen: SensorMetadata, scene: Scene) -> Frame:
    pixels = np.zeros((9, 16, 4), np.uint8)
    return Frame(feed, 1, None, scene.clock.monotonic(), pixels, seen)


def test_changes_between_two_looks_come_as_one(scene: Scene, model: MapModel) -> None:
    scene.batch()
    scene.batch()
    key = scene.incident(1042, Grade.IMMEDIATE, scene.site.docks[0].position)
    change = model.change(Selected("ISL-02", key))
    assert len(drones(change)) == 9
    assert set(change.incidents or {}) == {key}
    assert change.selected == Selected("ISL-02", key)


def test_a_closed_incident_is_taken_away(scene: Scene, model: MapModel) -> None:
    place = scene.site.docks[0].position
    key = scene.incident(1042, Grade.IMMEDIATE, place)
    model.change(NOTHING)
    scene.incident(1042, Grade.IMMEDIATE, place, state=MissionState.CLOSED)
    assert model.change(NOTHING).incidents == {key: None}


def test_an_incident_of_mine_is_marked_so(scene: Scene, model: MapModel) -> None:
    place = scene.site.docks[0].position
    mine = scene.incident(1, Grade.IMMEDIATE, place, owner=ME)
    theirs = scene.incident(2, Grade.IMMEDIATE, place, owner=OTHER)
    incidents = model.change(NOTHING).incidents or {}
    assert [incidents[k].own for k in (mine, theirs) if incidents[k]] == [True, False]  # type: ignore[union-attr]


def test_the_fence_says_how_many_report_it(scene: Scene, model: MapModel) -> None:
    scene.batch()
    fence = model.change(NOTHING).fence
    assert fence is not None
    assert fence.label == "Geofence Islington · active · all 9 drones report it"
    assert fence.active
    scene.drones["ISL-04"] = replace(scene.drones["ISL-04"], fence_active=False)
    scene.drones["ISL-05"] = replace(scene.drones["ISL-05"], phase=Phase.SILENT)
    scene.batch()
    fence = model.change(NOTHING).fence
    assert fence is not None
    assert fence.label == "Geofence Islington · 7 of 8 drones report it active"
    assert not fence.active


def test_a_fence_nobody_reports_is_not_called_active(model: MapModel) -> None:
    fence = model.change(NOTHING).fence
    assert fence is not None
    assert fence.label == "Geofence Islington · no drone reports it"


def test_a_trail_grows_in_steps_and_goes_with_the_next_flight(
    scene: Scene, model: MapModel
) -> None:
    dock = scene.site.docks[0].position
    scene.batch()
    for step in range(21):
        scene.fly("ISL-02", offset(dock, 30, step * 2.1), 30)
        scene.batch("ISL-02")
    trail = (model.change(NOTHING).trails or {})["ISL-02"]
    assert len(trail) == 11  # a point each 4 m of 42
    docked = replace(scene.drones["ISL-02"], phase=Phase.DOCKED)
    scene.drones["ISL-02"] = docked
    scene.batch()
    assert model.change(NOTHING).cleared_trails is None  # still to be seen after the landing
    scene.fly("ISL-02", offset(dock, 90, 20), 90)
    scene.batch()
    change = model.change(NOTHING)
    assert change.cleared_trails == ["ISL-02"]
    assert len((change.trails or {})["ISL-02"]) == 1


def test_everything_is_said_again_after_a_reload(scene: Scene, model: MapModel) -> None:
    dock = scene.site.docks[0].position
    scene.fly("ISL-02", offset(dock, 30, 100), 30)
    scene.batch()
    scene.incident(1042, Grade.IMMEDIATE, dock)
    model.change(NOTHING)
    again = model.everything(Selected("ISL-02"))
    assert again.full
    assert len(drones(again)) == 9
    assert len(again.incidents or {}) == 1
    assert set(again.docks or {}) == {"D1", "D2", "D3"}
    assert (again.trails or {}).keys() == {"ISL-02"}
    assert again.fence is not None
    assert model.change(Selected("ISL-02")).empty


def test_a_plan_under_way_is_drawn_with_the_point_it_flies_to() -> None:
    scene = Scene(ManualClock())
    model = MapModel(scene.state)
    model.everything(Selected())
    dock = scene.site.docks[0].position
    plan = FlightPlan("Route", (PlanItem(dock, 40.0), PlanItem(offset(dock, 0, 100), 40.0)))

    def told(state: PlanState, current: int, digest: str = plan.digest) -> Change:
        report = PlanReport(state, "Route", digest, 2, current)
        profile = VehicleProfile("ISL-02", "net1", 2, plan=report)
        scene.state.apply_vehicles(VehicleProfiles("gw1", "instance", 0, (profile,)))
        return model.change(Selected())

    scene.batch()
    assert told(PlanState.FLYING, 1).routes is None  # its points are not known here
    scene.state.note_plan("ISL-02", plan)
    assert told(PlanState.UPLOADING, 0).routes is None
    routes = told(PlanState.FLYING, 2).routes
    assert routes is not None and routes["ISL-02"] is not None
    assert (len(routes["ISL-02"].points), routes["ISL-02"].current) == (2, 2)
    assert model.everything(Selected()).routes == routes
    assert told(PlanState.FLYING, 2).routes is None
    assert told(PlanState.COMPLETE, 2).routes == {"ISL-02": None}
    assert told(PlanState.FLYING, 1, "another").routes is None
