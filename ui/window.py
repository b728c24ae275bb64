"""The desk's window: status bar on top, the map in the middle, panels as docks around it.

Wires selection and keys between the panels. Asks nothing of the network and knows no secrets.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from gcs.model.event import Severity
from gcs.model.place import Position
from gcs.runtime.clock import Clock
from gcs.station.actions import Outcome
from gcs.station.state import DeskState
from ui.arrangement import (
    LEAST,
    build_docks,
    give_reading_room,
    give_room,
    take_room_back,
)
from ui.arranger import Arranger
from ui.bridge import Bridge
from ui.commands import OPEN_BRIEF, OperatorCommands
from ui.context import Desk, no_street
from ui.desk_menu import DeskMenu
from ui.feed_poll import FeedPoll
from ui.follow import HandoverFollower
from ui.keys import (
    AIMS,
    ALERTS_KEY,
    ASKS,
    BRIEF_KEY,
    DRAFTS_KEY,
    OBJECT_KEY,
    VEHICLE_KEY,
    WAIVE_KEY,
    KeyRepeats,
    NumberTyping,
    in_text_field,
)
from ui.layout_store import LayoutStore
from ui.models.outages import Outages
from ui.models.words import Ask
from ui.panels.alerts import AlertPanel
from ui.panels.brief import BriefPanel
from ui.panels.dock import focus_stays
from ui.panels.drafts import DraftsPanel
from ui.panels.feeds import FocusPanel, WallPanel
from ui.panels.fleet import FleetPanel
from ui.panels.incidents import IncidentsPanel
from ui.panels.notices import NoticesPanel
from ui.panels.plots import PlotsPanel
from ui.panels.shortcuts import ShortcutSheet
from ui.panels.status_bar import StatusBar
from ui.panels.strip import InstrumentStrip
from ui.panels.vehicle import VehiclePanel
from ui.panels.warning_plate import WarningPlate
from ui.selection import Selection
from ui.theme import DARK, Theme
from ui.wall import NoPictures, Sights, Wall


class DeskWindow(QMainWindow):
    """One desk. `place_wanted(drone, question)` asks the map; `place_chosen` is its answer."""

    closed = Signal()
    place_wanted = Signal(str, str)
    place_dropped = Signal()

    def __init__(
        self,
        state: DeskState,
        commands: OperatorCommands,
        selection: Selection,
        map_widget: QWidget,
        clock: Clock,
        layout_store: LayoutStore,
        theme: Theme = DARK,
        wall: Wall | None = None,
        street_at: Callable[[Position], str] = no_street,
        sights: Sights | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle(f"Drone desk · {state.site.name} · {state.me.label}")
        self.setMinimumSize(LEAST)
        self.bridge = Bridge(state, self)
        wall = NoPictures() if wall is None else wall
        self.desk = Desk(state, self.bridge, commands, selection, clock, theme, wall, street_at)
        self.feeds = FeedPoll(wall, Sights() if sights is None else sights, self)
        self._typing = NumberTyping(tuple(d.id for d in state.site.drones), clock)
        self._repeats = KeyRepeats(clock)
        self._make_panels()
        self._place_panels(map_widget)
        self.arranger = Arranger(
            self, self.docks, layout_store, self._caution, lambda: self.follower.roomy
        )
        self._wire()
        self.arranger.load()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()

    # -- the map's side --------------------------------------------------------------------
    def place_chosen(self, position: Position) -> None:
        """The operator chose a place on the map; Go to shows it and waits for the hold."""
        self.strip.bar.offer_place(position)

    # -- possible matches ------------------------------------------------------------------
    def show_alert(self, alert: str) -> None:
        """Somebody asked for this one; nothing else is selected with it."""
        self._show_dock("alerts")
        self.alerts.choose(alert)

    # -- geofence and routes -----------------------------------------------------------------
    def open_drafts(self) -> None:
        """The drafts are shown and drawn on the map, which takes the keys; once more: leave."""
        if self.drafts.isVisible():
            self.close_drafts()
            return
        self._show_dock("drafts")
        give_room(self, self.docks, bool(self.arranger.folded))
        self._map.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_drafts(self) -> None:
        """The drafts are left as they are; the map shows what is on record."""
        self.docks["drafts"].hide()
        self.drafts.tell_kept()
        take_room_back(self, self.docks, bool(self.arranger.folded))
        self.setFocus()

    # -- arrangement -----------------------------------------------------------------------
    def reset_arrangement(self) -> None:
        """Everything back where it stands on a new desk."""
        self.arranger.reset()
        self.desk.state.notice(Severity.INFO, "The panels stand in their default arrangement.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.warnings.place()
        self.arranger.resized()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.arranger.keep()
        self.feeds.close()
        self.bridge.close()
        super().closeEvent(event)
        self.closed.emit()

    # -- keyboard --------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif not self._letters_act(event):
            super().keyPressEvent(event)
        elif not self._repeats.fresh(event.key(), event.isAutoRepeat()):
            self._still_held(event.key())
        elif event.text() == "?":
            self.sheet.toggle()
        elif event.text().isdigit() and event.text().isascii():
            self._type(event.text())
        elif event.key() in ASKS:
            self._ask(ASKS[Qt.Key(event.key())], event.modifiers())
        elif event.key() in AIMS:
            self.strip.camera.press(AIMS[Qt.Key(event.key())])
        elif event.key() == ALERTS_KEY:
            self._go_to_alerts()
        elif event.key() == DRAFTS_KEY:
            self.open_drafts()
        elif event.key() == VEHICLE_KEY:
            self._show_dock("vehicle")
        elif event.key() == OBJECT_KEY:
            self.brief.refuse_claim(self.desk.selection.drone)
        elif event.key() == BRIEF_KEY:
            self._show_dock("brief")
            self.brief.go_to_brief()
        elif event.key() == WAIVE_KEY:
            self.brief.waive_next()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._repeats.up(event.key())
            if event.key() in ASKS:
                self.strip.bar.let_go(ASKS[Qt.Key(event.key())])
                self.brief.handover.step_up()
            if event.key() in AIMS:
                self.strip.camera.let_go(AIMS[Qt.Key(event.key())])
        super().keyReleaseEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Qt also calls this when the focused widget goes: then no other one may catch the keys."""
        return focus_stays(self) or super().focusNextPrevChild(forward)

    def _still_held(self, key: int) -> None:
        if key in ASKS:
            self.strip.bar.still_held(ASKS[Qt.Key(key)])
            self.brief.handover.still_down()
        if key in AIMS:
            self.strip.camera.still_held(AIMS[Qt.Key(key)])

    def _ask(self, ask: Ask, modifiers: Qt.KeyboardModifier) -> None:
        if ask is Ask.HAND_OFF and modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._show_dock("brief")
            self.brief.open_shift()
        elif not self.brief.press(ask):
            self.strip.bar.press(ask)

    def _letters_act(self, event: QKeyEvent) -> bool:
        modifiers = Qt.KeyboardModifier
        other = modifiers.ControlModifier | modifiers.AltModifier | modifiers.MetaModifier
        return not in_text_field() and not event.modifiers() & other

    def _type(self, digit: str) -> None:
        drone = self._typing.digit(digit)
        if drone is not None:
            self.desk.selection.select_drone(drone)

    def _escape(self) -> None:
        if not self.sheet.isHidden():
            self.sheet.hide()
        elif self.strip.bar.escape():
            pass
        elif self.drafts.isVisible():
            self.close_drafts()
        elif self.desk.selection.pinned:
            self.desk.selection.pin("")
        else:
            self.fleet.setFocus()

    # -- assembly --------------------------------------------------------------------------
    def _make_panels(self) -> None:
        self.status = StatusBar(self.desk)
        self.incidents = IncidentsPanel(self.desk)
        self.fleet = FleetPanel(self.desk)
        self.notices = NoticesPanel(self.desk)
        self.focus = FocusPanel(self.desk)
        self.wall = WallPanel(self.desk)
        self.alerts = AlertPanel(self.desk)
        self.brief = BriefPanel(self.desk)
        self.vehicle = VehiclePanel(self.desk)
        self.drafts = DraftsPanel(self.desk)
        self.strip = InstrumentStrip(self.desk)
        self.plots = PlotsPanel(self.desk)

    def _place_panels(self, map_widget: QWidget) -> None:
        self.setMenuWidget(self.status)
        self._map = map_widget
        self.setCentralWidget(map_widget)
        panels: dict[str, QWidget] = {
            "incidents": self.incidents,
            "brief": self.brief,
            "vehicle": self.vehicle,
            "drafts": self.drafts,
            "fleet": self.fleet,
            "notices": self.notices,
            "focus": self.focus,
            "wall": self.wall,
            "alerts": self.alerts,
            "strip": self.strip,
            "plots": self.plots,
        }
        self.docks = build_docks(self, panels, self.desk.theme)
        self.warnings = WarningPlate(self.desk, self, map_widget)
        self.sheet = ShortcutSheet(self)

    def _wire(self) -> None:
        for name, panel in (
            ("incidents", self.incidents),
            ("fleet", self.fleet),
            ("notices", self.notices),
            ("alerts", self.alerts),
        ):
            bar = self.docks[name].bar
            if bar is not None:
                panel.counted.connect(bar.set_figure)
        bar_commands = self.strip.bar
        bar_commands.place_wanted.connect(self.place_wanted)
        bar_commands.place_dropped.connect(self.place_dropped)
        bar_commands.hand_off_wanted.connect(self._open_hand_off)
        bar_commands.close_wanted.connect(self._open_close)
        self.desk.selection.drone_changed.connect(self._follow_drone)
        self.desk.commands.done.connect(self._after_act)
        self.feeds.add(self.focus.tile, *self.wall.tiles)
        self.wall.opened.connect(lambda _feed: self._show_dock("focus"))
        self._outages = Outages()
        self.follower = HandoverFollower(
            self.desk,
            self.brief,
            lambda: self._show_dock("brief"),
            lambda more: give_reading_room(self, self.docks, bool(self.arranger.folded), more),
            self,
        )
        self.brief.hand_off.all.clicked.connect(self.brief.open_shift)
        self.bridge.processes_changed.connect(self._tell_outages)
        self.bridge.tick.connect(self._tell_outages)
        self.bridge.tick.connect(self.arranger.note)
        self.drafts.left.connect(self.close_drafts)
        self.drafts.opened.connect(self.open_drafts)
        self.menu = DeskMenu(self, self.docks, self.reset_arrangement, self.sheet.toggle)
        self.status.person.clicked.connect(lambda: self.menu.open_under(self.status.person))
        self.incidents.refresh()
        self.status.refresh()

    def _follow_drone(self, drone: str) -> None:
        mission = self.desk.state.mission_of(drone) if drone else None
        if mission is not None:
            self.desk.selection.select_incident(mission.incident.key)

    def _tell_outages(self) -> None:
        for severity, text in self._outages.look(self.desk.state):
            self.desk.state.notice(severity, text)

    def _open_hand_off(self, drone: str) -> None:
        self._show_dock("brief")
        self.brief.open_hand_off(drone)

    def _open_close(self, drone: str) -> None:
        self._show_dock("brief")
        self.brief.open_close(drone)

    def _go_to_alerts(self) -> None:
        self._show_dock("alerts")
        self.alerts.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _after_act(self, name: str, outcome: Outcome) -> None:
        """What was taken is to be launched, what was opened is to be read."""
        if name == "take incident" and outcome.ok:
            self._show_dock("brief")
        elif name == OPEN_BRIEF and outcome.ok:
            self.brief.handover.go_to_lines()

    def _show_dock(self, name: str) -> None:
        self.docks[name].show()
        self.docks[name].raise_()

    def _caution(self, told: str) -> None:
        self.desk.state.notice(Severity.CAUTION, told)
