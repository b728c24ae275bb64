"""Clicks and keys: selection both ways, choosing a place, layers, preview."""

from PySide6.QtCore import QPoint, Qt

from gcs.geo.earth import distance_m, offset
from gcs.model.mission import Grade
from gcs.model.place import Position
from tests.integration.map.desk_map import WITHIN_MS, DeskMap


def test_a_click_on_a_drone_selects_it_for_the_desk(desk_map: DeskMap) -> None:
    scene, dock = desk_map.scene, desk_map.scene.site.docks[0].position
    scene.fly("ISL-02", offset(dock, 30, 200), 30)
    scene.batch()
    desk_map.view.look_at(dock, 16)
    desk_map.until("document.querySelector('[data-drone=\"ISL-02\"].drone') !== null")
    with desk_map.qtbot.waitSignal(desk_map.view.drone_clicked, timeout=WITHIN_MS) as clicked:
        desk_map.click(desk_map.point_of(".drone .disc"))
    assert clicked.args == ["ISL-02"]
    assert desk_map.selection.drone == "ISL-02"
    desk_map.until("document.querySelector('.drone.selected')?.dataset.drone === 'ISL-02'")


def test_a_click_on_a_pin_selects_the_incident(desk_map: DeskMap) -> None:
    dock = desk_map.scene.site.docks[0].position
    key = desk_map.scene.incident(1042, Grade.IMMEDIATE, offset(dock, 30, 200))
    desk_map.view.look_at(dock, 16)
    desk_map.until("document.querySelector('.incident') !== null")
    with desk_map.qtbot.waitSignal(desk_map.view.incident_clicked, timeout=WITHIN_MS):
        desk_map.click(desk_map.point_of(".incident .pin"))
    assert desk_map.selection.incident == key


def test_a_selection_elsewhere_shows_on_the_map(desk_map: DeskMap) -> None:
    desk_map.scene.batch()
    desk_map.until_figures(9, 0, 1)
    desk_map.selection.select_drone("ISL-04")
    desk_map.until("document.querySelector('.row.selected')?.dataset.drone === 'ISL-04'")
    desk_map.selection.select_drone("")
    desk_map.until("document.querySelector('.row.selected') === null")


def test_choosing_a_place_by_a_click(desk_map: DeskMap) -> None:
    middle = desk_map.scene.site.docks[0].position
    desk_map.view.look_at(middle, 16)
    desk_map.view.choose_place("Go to: ISL-02")
    desk_map.until("document.querySelector('.banner').textContent.startsWith('Go to: ISL-02')")
    with desk_map.qtbot.waitSignal(desk_map.view.place_chosen, timeout=WITHIN_MS) as chosen:
        desk_map.click(QPoint(450, 350))
    assert chosen.args is not None
    (place,) = chosen.args
    assert isinstance(place, Position)
    assert distance_m(place, middle) < 5.0
    desk_map.until("document.querySelector('.banner').hidden")


def test_choosing_a_place_by_the_keyboard(desk_map: DeskMap) -> None:
    middle = desk_map.scene.site.docks[0].position
    desk_map.view.look_at(middle, 16)
    desk_map.view.choose_place("Go to: ISL-02")
    desk_map.until("document.querySelector('.leaflet-container') === document.activeElement")
    desk_map.press(Qt.Key.Key_Right)
    desk_map.until("!document.querySelector('.centre').hidden")
    desk_map.until("!foliumMap._panAnim?._inProgress")
    with desk_map.qtbot.waitSignal(desk_map.view.place_chosen, timeout=WITHIN_MS) as chosen:
        desk_map.press(Qt.Key.Key_Return)
    assert chosen.args is not None
    assert 100 < distance_m(chosen.args[0], middle) < 400  # one step to the east


def test_escape_gives_up_choosing(desk_map: DeskMap) -> None:
    desk_map.view.choose_place("Go to: ISL-02")
    desk_map.until("!document.querySelector('.banner').hidden")
    with desk_map.qtbot.waitSignal(desk_map.view.choice_cancelled, timeout=WITHIN_MS):
        desk_map.press(Qt.Key.Key_Escape)
    desk_map.until("document.querySelector('.banner').hidden")
    with desk_map.qtbot.assertNotEmitted(desk_map.view.choice_cancelled):
        desk_map.view.cancel_choice()  # already over


def test_a_preview_is_drawn_and_taken_away(desk_map: DeskMap) -> None:
    dock = desk_map.scene.site.docks[0].position
    desk_map.scene.batch()
    desk_map.until_figures(9, 0, 1)
    desk_map.view.show_target_preview("ISL-01", offset(dock, 90, 250))
    desk_map.until("document.querySelector('.cross.preview')?.textContent === '250 m'")
    desk_map.view.show_target_preview("ISL-01", None)
    desk_map.until("document.querySelector('.cross.preview') === null")


def test_layers_are_switched_by_the_keyboard(desk_map: DeskMap) -> None:
    desk_map.ask("document.querySelector('.switch').focus(), 0")
    pressed = "document.activeElement.getAttribute('aria-pressed')"
    assert desk_map.ask(pressed) == "true"
    desk_map.view.setFocus()
    desk_map.press(Qt.Key.Key_Space)
    desk_map.until(f"{pressed} === 'false'")
    desk_map.press(Qt.Key.Key_Right)
    desk_map.until("document.activeElement.textContent === 'Buildings'")


def test_keys_zoom_and_fit(desk_map: DeskMap) -> None:
    desk_map.view.look_at(desk_map.scene.site.docks[0].position, 16)
    desk_map.until("foliumMap.getZoom() === 16")
    desk_map.ask("foliumMap.getContainer().focus(), 0")
    desk_map.view.setFocus()
    desk_map.press(Qt.Key.Key_Plus)
    desk_map.until("foliumMap.getZoom() === 17")
    desk_map.press(Qt.Key.Key_B)
    desk_map.until("foliumMap.getZoom() < 14")
