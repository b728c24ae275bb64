"""A draft on the real page: drawn as told, edited by pointer and keys, back after a reload."""

import os
import signal

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gcs.geo.earth import distance_m, offset
from gcs.model.fence import FencePlan, FenceShape, RallyPoint
from gcs.model.place import Position
from tests.integration.map.desk_map import UP_WITHIN_MS, WITHIN_MS, DeskMap
from ui.map.bridge import SketchAct
from ui.models.draft import Spot
from ui.models.fence_draft import FenceDraft
from ui.models.plan_draft import PlanDraft

HANDLES = "document.querySelectorAll('.handle:not(.ghost)').length"


class Drawing:
    """A draft joined to the map as the desk joins it, and all that the map did to it."""

    def __init__(self, desk_map: DeskMap, draft: FenceDraft | PlanDraft) -> None:
        self.draft = draft
        self.done: list[SketchAct] = []
        self._view = desk_map.view
        desk_map.view.sketched.connect(self.act)
        draft.changed = self.show
        self.show()

    def show(self) -> None:
        self._view.show_sketch(self.draft.sketch())

    def act(self, act: SketchAct) -> None:
        self.done.append(act)
        spot = Spot(act.figure, act.point)
        if act.do == "select":
            self.draft.select(spot)
        elif act.do == "step":
            self.draft.step(act.by)
        elif act.do == "nudge":
            self.draft.nudge(act.east, act.north)
        elif act.do == "delete":
            self.draft.delete(spot)
        elif act.do == "insert":
            self.draft.insert(spot, act.place)
        elif act.do == "undo":
            self.draft.undo()
        elif act.do == "move" and act.place is not None:
            self.draft.move(spot, act.place)
        elif act.do == "add" and act.place is not None and isinstance(self.draft, PlanDraft):
            self.draft.add(act.place)


def fence(middle: Position) -> FencePlan:
    ring = tuple(offset(middle, bearing, 160) for bearing in (315, 45, 135, 225))
    circle = FenceShape(False, (), offset(middle, 200, 60), 30.0)
    rally = RallyPoint(offset(middle, 20, 60), 50.0)
    return FencePlan("Islington", (FenceShape(True, ring), circle), 100.0, (rally,), 2)


def drag(desk_map: DeskMap, start: QPoint, end: QPoint) -> None:
    target = desk_map._page_widget()
    QTest.mouseMove(target, start)
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
    for part in (0.3, 0.6, 1.0):
        QTest.mouseMove(target, start + (end - start) * part, delay=20)
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=end)


def test_a_fence_is_drawn_dragged_and_nudged(desk_map: DeskMap) -> None:
    middle = desk_map.scene.site.docks[0].position
    desk_map.view.look_at(middle, 17)
    drawing = Drawing(desk_map, FenceDraft(fence(middle)))
    draft = drawing.draft
    desk_map.until(f"{HANDLES} === 7")
    assert desk_map.ask("document.querySelectorAll('path.sketch.out').length") == 1
    assert desk_map.ask("document.querySelector('.handle.rally span').textContent") == (
        "Rally 1 · 50 m"
    )
    corner = desk_map.point_of("[data-point='0.1']")
    before = draft.place(Spot(0, 1))
    drag(desk_map, corner, corner + QPoint(-60, 40))
    desk_map.qtbot.waitUntil(lambda: draft.can_undo, timeout=WITHIN_MS)
    assert 20 < distance_m(before, draft.place(Spot(0, 1))) < 120
    desk_map.until("document.querySelector('.handle.selected').dataset.point === '0.1'")
    assert desk_map.ask("document.querySelectorAll('.handle.ghost').length") == 4
    moved = draft.place(Spot(0, 1))
    desk_map.press(Qt.Key.Key_Up)
    desk_map.qtbot.waitUntil(lambda: draft.place(Spot(0, 1)) != moved, timeout=WITHIN_MS)
    assert abs(distance_m(moved, draft.place(Spot(0, 1))) - 1.0) < 0.01
    desk_map.press(Qt.Key.Key_Tab)
    desk_map.qtbot.waitUntil(lambda: draft.spot == Spot(0, 2), timeout=WITHIN_MS)
    desk_map.press(Qt.Key.Key_I)
    desk_map.until(f"{HANDLES} === 8")
    desk_map.press(Qt.Key.Key_Delete)
    desk_map.until(f"{HANDLES} === 7")
    assert [act.do for act in drawing.done if act.do != "view"] == [
        "move",
        "nudge",
        "step",
        "insert",
        "delete",
    ]
    assert desk_map.problems == []


def test_a_route_grows_by_clicks_and_comes_back_after_a_reload(desk_map: DeskMap) -> None:
    middle = desk_map.scene.site.docks[0].position
    desk_map.view.look_at(middle, 17)
    drawing = Drawing(desk_map, PlanDraft())
    desk_map.until("document.querySelector('.adding') !== null")
    for x, y in ((300, 300), (500, 300), (500, 500)):
        wanted = len(drawing.draft.spots()) + 1
        desk_map.click(QPoint(x, y))
        desk_map.until(f"{HANDLES} === {wanted}")
    with desk_map.qtbot.waitSignal(desk_map.view.page_ready, timeout=UP_WITHIN_MS):
        os.kill(desk_map.view._browser.map_page.renderProcessPid(), signal.SIGKILL)
    desk_map.until(f"{HANDLES} === 3")
    assert len(drawing.draft.spots()) == 3
    desk_map.view.show_sketch(None)
    desk_map.until(f"{HANDLES} === 0")


def test_the_recorded_fence_has_all_its_shapes(desk_map: DeskMap) -> None:
    middle = desk_map.scene.site.docks[0].position
    desk_map.view.look_at(middle, 17)
    desk_map.scene.state.apply_fence(fence(middle))
    desk_map.until(
        "[...document.querySelectorAll('.zone.fence-words')].map((e) => e.textContent)"
        ".some((t) => t.startsWith('Geofence Islington 2'))"
    )
    desk_map.until(
        "[...document.querySelectorAll('.zone.fence-words')].map((e) => e.textContent)"
        ".includes('Keep out 1')"
    )
    assert desk_map.figures()[2] == 1
    assert desk_map.problems == []
