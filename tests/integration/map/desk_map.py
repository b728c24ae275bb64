"""The map view of a made-up shift, up and driven as an operator and as a fault would."""

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.support.gui import Runner
from tests.support.map_scene import RESOURCES, Scene, airspace, boroughs, small_town
from ui.map.view import MapView
from ui.selection import Selection
from ui.wall import Sights

UP_WITHIN_MS = 20_000
WITHIN_MS = 8_000


@dataclass
class DeskMap:
    """A view with its desk state; `ask` looks into the page."""

    scene: Scene
    selection: Selection
    view: MapView
    qtbot: QtBot
    run: Runner
    sights: Sights
    problems: list[str] = field(default_factory=list)

    def ask(self, script: str) -> Any:
        """A script's value, from the page itself."""
        return self.run(self.view._asking.ask(script))

    def figures(self) -> tuple[int, int, int]:
        made = self.run(self.view.figures())
        return (made.drones_drawn, made.incidents_drawn, made.geofences_drawn)

    def until(self, script: str) -> None:
        """Wait until a script says true."""
        self.qtbot.waitUntil(lambda: self.ask(script) is True, timeout=WITHIN_MS)

    def until_figures(self, *wanted: int) -> None:
        self.qtbot.waitUntil(lambda: self.figures() == wanted, timeout=WITHIN_MS)

    def point_of(self, selector: str) -> QPoint:
        """The middle of an element, in pixels of the view."""
        box = f"document.querySelector({selector!r}).getBoundingClientRect()"
        x = self.ask(f"(() => {{ const b = {box}; return b.x + b.width / 2; }})()")
        y = self.ask(f"(() => {{ const b = {box}; return b.y + b.height / 2; }})()")
        return QPoint(round(x), round(y))

    def click(self, point: QPoint) -> None:
        target = self._page_widget()
        QTest.mouseMove(target, point)
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=point)

    def _page_widget(self) -> QWidget:
        """The widget in which Chromium takes its events: the view's own focus proxy."""
        browser = self.view.focusProxy()
        inner = browser.focusProxy() if browser else None
        assert inner is not None
        return inner

    def press(self, key: Qt.Key) -> None:
        target = self._page_widget()
        QTest.keyClick(target, key)


def open_map(scene: Scene, qtbot: QtBot, run: Runner) -> DeskMap:
    """A view of 900 x 700 pixels, waited for until its page is up."""
    selection, sights = Selection(), Sights()
    view = MapView(
        scene.state,
        selection,
        small_town(scene.site.docks[0].position),
        boroughs(),
        airspace(),
        RESOURCES,
        sights,
    )
    made = DeskMap(scene, selection, view, qtbot, run, sights)
    view.problem.connect(made.problems.append)
    qtbot.addWidget(view)
    view.resize(900, 700)
    with qtbot.waitSignal(view.page_ready, timeout=UP_WITHIN_MS):
        view.show()
    return made
