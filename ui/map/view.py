"""The map as a widget: desk state in, clicks and chosen places out.

Never lets a dead page look alive: while it is loading, gone or silent, words cover it.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from gcs.geo.airspace import AirspaceVolume
from gcs.geo.boroughs import Boroughs
from gcs.model.place import Position
from gcs.model.report import MapFigures
from gcs.station.state import DeskState
from ui.map.asking import Asking, MapSilent
from ui.map.bridge import PageBridge
from ui.map.browser import MapBrowser
from ui.map.cover import MapCover
from ui.map.documents import map_documents
from ui.map.feed import PageFeed
from ui.map.life import Life, PageLife
from ui.map.scheme import page_files
from ui.models.draft import Sketch
from ui.selection import Selection
from ui.wall import Sights


class MapView(QWidget):
    """The live borough map. `town_json` is the document of `gcs.geo.town_layers`."""

    page_ready = Signal()
    drone_clicked = Signal(str)
    incident_clicked = Signal(str)
    place_chosen = Signal(object)  # gcs.model.place.Position
    choice_cancelled = Signal()
    sketched = Signal(object)  # ui.map.bridge.SketchAct
    problem = Signal(str)

    def __init__(
        self,
        state: DeskState,
        selection: Selection,
        town_json: bytes,
        boroughs: Boroughs,
        airspace: tuple[AirspaceVolume, ...],
        resources: Path,
        sights: Sights | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._frames_per_second = 0.0
        self._choosing = False
        self._ended = False
        self._faults = 0
        self._standing: dict[str, str] = {}  # what a page loaded anew must be told again
        today = datetime.fromtimestamp(state.clock.utc_ms() / 1000, UTC).date()
        documents = map_documents(state.site, town_json, boroughs, airspace, today)
        self._browser = MapBrowser(page_files(resources), documents, self)
        self._asking = Asking(self._browser.map_page)
        self._life = PageLife(self._browser, state.clock, self)
        sights = Sights() if sights is None else sights
        self._feed = PageFeed(state, selection, self._browser, self._life, sights, self)
        self._cover = MapCover(self)
        self._bridge = PageBridge(self._browser.map_page)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._lay_out()
        self._connect_page()
        self._connect_life()
        self._life.start()

    # -- for the windows -------------------------------------------------------------------
    def choose_place(self, prompt: str) -> None:
        """Let the operator point at a place; answered by `place_chosen` or `choice_cancelled`."""
        self._choosing = True
        self._escape.setEnabled(True)
        self._browser.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say("choice", f"desk.choosePlace({json.dumps(prompt)})")

    def cancel_choice(self) -> None:
        """Stop choosing, if it goes on; tells `choice_cancelled`."""
        self._say("choice", "desk.stopChoosing()")
        self._cancelled()

    def show_target_preview(self, drone: str, position: Position | None) -> None:
        """Draw where a drone might be sent; None takes it away."""
        at = "null" if position is None else f"[{position.lat_deg}, {position.lon_deg}]"
        self._say("preview", f"desk.preview({json.dumps(drone)}, {at})")

    def show_sketch(self, sketch: Sketch | None) -> None:
        """Draw a draft and let it be edited; None takes it away. Stands through a reload."""
        words = "null" if sketch is None else msgspec.json.encode(sketch).decode()
        self._say("sketch", f"desk.draw({json.dumps(words)})")

    def look_at(self, position: Position, zoom: float | None = None) -> None:
        """Put a place in the middle, at once."""
        level = "null" if zoom is None else str(float(zoom))
        self._say("look", f"desk.lookAt({position.lat_deg}, {position.lon_deg}, {level})")

    def fit_borough(self) -> None:
        """Show the whole working borough."""
        self._say("look", "desk.fitBorough()")

    def set_theme(self, name: str) -> None:
        """`dark` or `light`."""
        self._say("theme", f"desk.setTheme({json.dumps(name)})")

    def end(self) -> None:
        """Take the page down, before the application quits: Chromium wants it gone first."""
        if self._ended:
            return
        self._ended = True
        self._feed.stop()
        self._life.stop()
        shiboken6.delete(self._browser)

    @property
    def alive(self) -> bool:
        """The page is up and answers."""
        return self._life.alive

    @property
    def words(self) -> str:
        """What covers the map now; empty while it is shown."""
        return self._cover.words

    @property
    def external_requests(self) -> int:
        """Requests to anything outside that the page tried; all were blocked."""
        return self._browser.gatekeeper.external_requests

    @property
    def faults(self) -> int:
        """Faults of the page since the start."""
        return self._faults

    async def figures(self) -> MapFigures:
        """What the page shows now. Raises MapSilent when it does not answer."""
        self._must_be_up()
        counted = await self._asking.ask_table("desk.figures()")
        return MapFigures(
            drones_drawn=counted["drones"],
            incidents_drawn=counted["incidents"],
            geofences_drawn=counted["geofences"],
            frames_per_second=self._frames_per_second,
            external_requests=self.external_requests,
        )

    async def scripted_pan(self, seconds: float) -> float:
        """Frames a second while the page pans smoothly by script. Raises MapSilent."""
        self._must_be_up()
        self._frames_per_second = await self._asking.pan(seconds)
        return self._frames_per_second

    # -- putting together ------------------------------------------------------------------
    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self._browser, 0, 0)
        grid.addWidget(self._cover, 0, 0)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.setEnabled(False)
        self._escape.activated.connect(self.cancel_choice)
        self.setFocusProxy(self._browser)

    def _connect_page(self) -> None:
        page, bridge = self._browser.map_page, self._bridge
        channel = QWebChannel(page)
        channel.registerObject("bridge", bridge)
        page.setWebChannel(channel)
        page.script_error.connect(self._fault)
        bridge.fault.connect(self._fault)
        bridge.page_ready.connect(self._life.ready)
        bridge.drone_chosen.connect(self._drone_chosen)
        bridge.incident_chosen.connect(self._incident_chosen)
        bridge.camera_chosen.connect(self._selection.select_camera)
        bridge.place_chosen.connect(self._place_chosen)
        bridge.choice_cancelled.connect(self._cancelled)
        bridge.sketched.connect(self.sketched)
        bridge.view_moved.connect(self._moved)
        bridge.pan_measured.connect(self._asking.pan_measured)

    def _connect_life(self) -> None:
        life, feed = self._life, self._feed
        life.changed.connect(self._show_life)
        life.came_up.connect(self._came_up)
        life.problem.connect(self._fault)
        feed.problem.connect(self._fault)
        self._cover.again.connect(life.start)
        self.destroyed.connect(lambda: feed.stop())
        self._show_life()
        application = QApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.end)

    # -- from the page ---------------------------------------------------------------------
    def _came_up(self) -> None:
        for script in self._standing.values():
            self._browser.map_page.runJavaScript(script)
        self.page_ready.emit()

    def _drone_chosen(self, drone: str) -> None:
        self._selection.select_drone(drone)
        self.drone_clicked.emit(drone)

    def _incident_chosen(self, key: str) -> None:
        self._selection.select_incident(key)
        self.incident_clicked.emit(key)

    def _place_chosen(self, place: Position) -> None:
        if self._end_choice():
            self.place_chosen.emit(place)

    def _cancelled(self) -> None:
        if self._end_choice():
            self.choice_cancelled.emit()

    def _end_choice(self) -> bool:
        """Whether a choice was going on; Esc may reach both the page and the widget."""
        going_on, self._choosing = self._choosing, False
        self._escape.setEnabled(False)
        self._standing.pop("choice", None)
        return going_on

    def _moved(self, place: Position, zoom: float) -> None:
        self._standing["look"] = f"desk.lookAt({place.lat_deg}, {place.lon_deg}, {zoom})"

    def _fault(self, sentence: str) -> None:
        self._faults += 1
        self.problem.emit(sentence)

    def _show_life(self) -> None:
        given_up = self._life.state is Life.GIVEN_UP
        self._cover.show_words(self._life.words, offer_again=given_up)

    def _say(self, name: str, script: str) -> None:
        """Run a script now, and again whenever the page is loaded anew."""
        self._standing[name] = script
        if self._life.present:
            self._browser.map_page.runJavaScript(script)

    def _must_be_up(self) -> None:
        if not self._life.alive:
            raise MapSilent(self._life.words or "The map is not up.")
