"""The drawing panel: entered and left by keyboard, a draft that nothing takes away, Set and Fly."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gcs.geo.earth import offset
from gcs.model.fence import FencePlan
from gcs.model.plan import PlanState
from gcs.model.telemetry import Phase
from gcs.model.vehicle import PlanReport, VehicleProfile, VehicleProfiles
from gcs.station.actions import Outcome
from tests.integration.ui.conftest import Rig
from ui.map.bridge import SketchAct
from ui.models.draft import Sketch, Spot
from ui.panels.drafts import DraftsPanel
from ui.panels.fence_setting import FenceSetting
from ui.panels.route_editor import RouteEditor
from ui.text import Tone
from ui.theme import PRIMARY_PX

pytestmark = pytest.mark.gui
REASON = "a crane over the green"


def drafts(rig: Rig) -> DraftsPanel:
    return rig.window.drafts


def until_checked(rig: Rig) -> None:
    """The draft is checked aside; wait for its word."""
    wait_for(drafts(rig).fence.setting)


def wait_for(checked: FenceSetting | RouteEditor) -> None:
    """Until what runs aside was told."""
    for _ in range(400):
        if not checked._soon.isActive() and not checked._aside.busy:
            return
        QTest.qWait(5)
    raise AssertionError("the draft was not checked within 2 s")


def hold_set(rig: Rig) -> None:
    button = drafts(rig).fence.setting.set_fence
    button.begin()
    rig.shift.clock.advance(1.2)
    button.turn()
    rig.settle()
    rig.turn()


def draw_circle(rig: Rig) -> None:
    """An area to keep out of, well inside the site's fence."""
    panel = drafts(rig)
    dock = rig.state.site.docks[0].position
    panel.act(SketchAct("view", at=(dock.lat_deg + 0.004, dock.lon_deg), metres=60.0))
    panel.fence.adds["Circle out"].click()
    panel.fence.setting.reason.setText(REASON)
    until_checked(rig)


def test_the_key_shows_the_draft_on_the_map_and_escape_leaves_it_there(rig: Rig) -> None:
    shown: list[Sketch | None] = []
    drafts(rig).sketch_wanted.connect(shown.append)
    QTest.keyClick(rig.window, Qt.Key.Key_E)
    rig.turn()
    assert drafts(rig).isVisible()
    sketch = shown[-1]
    assert sketch is not None and [f.kind for f in sketch.figures] == ["area"]
    draw_circle(rig)
    QTest.keyClick(rig.window, Qt.Key.Key_Escape)
    rig.turn()
    assert rig.window.docks["drafts"].isHidden()
    assert shown[-1:] == [None]
    assert "is kept" in rig.state.notices[-1].text
    rig.later(1.0)  # a key again so soon is a repeat
    QTest.keyClick(rig.window, Qt.Key.Key_E)
    rig.turn()
    sketch = shown[-1]
    assert sketch is not None and sketch.figures[1].out


def test_a_refused_fence_leaves_the_draft_and_says_why(rig: Rig) -> None:
    rig.window.open_drafts()
    panel = drafts(rig)
    assert not panel.fence.setting.set_fence.isEnabled()
    draw_circle(rig)
    drawn = panel.fence.draft.content
    rig.actions.answer = Outcome(False, "The keeper does not answer.")
    hold_set(rig)
    (asked,) = [act for act in rig.actions.asked if act[0] == "set_fence"]
    assert asked[2] == REASON and asked[1].shapes == drawn.shapes
    assert panel.fence.draft.content == drawn
    assert panel.fence.setting.answer.text == "The keeper does not answer. The draft is kept."
    assert panel.fence.setting.reason.text() == REASON
    recorded = replace(asked[1], version=1, set_by="Pilot A")
    rig.actions.answer = Outcome(True, "Geofence 1 is set.")
    rig.state.apply_fence(recorded)
    hold_set(rig)
    assert not panel.fence.setting.set_fence.isEnabled()  # a newer one than it was begun from


def test_another_s_fence_waits_for_the_person(rig: Rig) -> None:
    rig.window.open_drafts()
    panel = drafts(rig)
    draw_circle(rig)
    drawn = panel.fence.draft.content
    site = rig.state.fence
    rig.state.apply_fence(replace(site, version=4, ceiling_relative_m=90.0, set_by="Pilot B"))
    rig.turn()
    assert panel.fence.draft.content == drawn
    assert "Fence 4 was set since" in panel.fence.record.conflict.text
    assert "keep or drop" in panel.fence.setting.set_fence.toolTip()
    panel.fence.record.keep.click()
    until_checked(rig)
    assert panel.fence.setting.set_fence.isEnabled()
    hold_set(rig)
    sent: FencePlan = rig.actions.asked[-1][1]
    assert sent.version == 4 and sent.shapes == drawn.shapes


def test_what_is_wrong_stands_beside_the_draft(rig: Rig) -> None:
    rig.window.open_drafts()
    panel = drafts(rig)
    dock = rig.state.site.docks[0]
    panel.fence.draft.add_circle(False, dock.position, 60.0)
    until_checked(rig)
    assert panel.fence.setting.wrong.tone is Tone.CAUTION
    assert f"ock {dock.id} is inside" in panel.fence.setting.wrong.text
    panel.act(SketchAct("undo"))
    until_checked(rig)
    assert panel.fence.setting.wrong.text == "The draft is the fence on record."


def test_exact_places_and_sizes_are_typed(rig: Rig) -> None:
    rig.window.open_drafts()
    panel = drafts(rig)
    editor = panel.fence
    panel.act(SketchAct("select", 0, 2))
    panel.act(SketchAct("fields", 0, 2))
    assert editor.spot.place.hasFocus()
    editor.spot.place.setText("51.5, -0.1")
    QTest.keyClick(editor.spot.place, Qt.Key.Key_Return)
    assert editor.spot.place.text() == "51.5000000, -0.1000000"
    assert editor.draft.place(Spot(0, 2)).lat_deg == 51.5
    editor.spot.place.setText("51.5 north")
    QTest.keyClick(editor.spot.place, Qt.Key.Key_Return)
    assert "51.5 north is no place" in editor.setting.answer.text
    draw_circle(rig)
    assert editor.extent.isEnabled() and editor.extent.value() == 60
    editor.extent.setValue(75)
    editor.extent.editingFinished.emit()
    shape = editor.draft.shape(1)
    assert shape is not None and shape.radius_m == 75.0


def test_a_route_is_flown_by_the_drone_that_this_desk_controls(rig: Rig) -> None:
    rig.window.open_drafts()
    panel = drafts(rig)
    panel.choose(1)
    rig.selection.select_drone("ISL-05")
    route = panel.route
    assert "Pilot B" in route.fly.toolTip()
    rig.selection.select_drone("ISL-02")
    assert route.fly.toolTip() == "The route has no points yet."
    view = rig.state.fleet.get("ISL-02")
    assert view is not None and view.telemetry.position is not None
    for metres in (30.0, 60.0):
        at = offset(view.telemetry.position, 180.0, metres)
        panel.act(SketchAct("add", at=(at.lat_deg, at.lon_deg)))
    wait_for(route)
    rig.turn()
    assert route.fly.height() == PRIMARY_PX
    assert route.fly.isEnabled(), route.fly.toolTip() + route.wrong.text
    route.model.setData(route.model.index(1, 1), "75")
    wait_for(route)
    route.fly.begin()
    rig.shift.clock.advance(1.2)
    rig.shift.links_well()
    route.fly.turn()
    rig.settle()
    name, drone, plan = rig.actions.asked[-1]
    assert (name, drone, [i.height_m for i in plan.items]) == ("fly_plan", "ISL-02", [60.0, 75.0])
    flying = PlanReport(PlanState.FLYING, plan.name, plan.digest, 2, 2)
    profile = VehicleProfile("ISL-02", "net1", 2, plan=flying)
    rig.state.apply_vehicles(VehicleProfiles("gw1", "a", 0, (profile,)))
    rig.turn()
    assert route.progress.text == "ISL-02 flies the plan: point 2 of 2."
    assert panel.draft.sketch().figures[0].words[1] == "2 · 75 m · now"
    route.pause.click()
    rig.settle()
    panel.act(SketchAct("select", 0, 0))
    route.skip.click()
    rig.settle()
    assert rig.actions.asked[-2:] == [("pause_plan", "ISL-02"), ("plan_item", "ISL-02", 1)]
    phase = rig.shift.drones["ISL-02"].phase
    assert phase is Phase.ON_SCENE
