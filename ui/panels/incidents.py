"""Incidents and missions, the most urgent first. Rows live as long as their incident is open."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.context import Desk
from ui.models.incidents import incident_row
from ui.panels.incident_row import IncidentRowWidget

EMPTY = (
    "No open incident. Calls from the control room appear here by themselves, "
    "the most urgent on top; press Take to make one yours."
)


class IncidentsPanel(QFrame):
    """One row per open incident, updated in place."""

    counted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self._desk = desk
        self._rows: dict[str, IncidentRowWidget] = {}
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self.empty = QLabel(EMPTY)
        self._build()
        bridge = desk.bridge
        bridge.mission_changed.connect(lambda _key: self.refresh())
        bridge.control_changed.connect(lambda _drone: self.refresh())
        bridge.tick_lists.connect(self.refresh)
        desk.selection.incident_changed.connect(self._show_selected)
        desk.commands.progress_changed.connect(self._show_progress)
        self.refresh()

    @property
    def rows(self) -> tuple[IncidentRowWidget, ...]:
        """The rows in their order on the screen."""
        found = []
        for number in range(self._column.count()):
            item = self._column.itemAt(number)
            widget = item.widget() if item else None
            if isinstance(widget, IncidentRowWidget):
                found.append(widget)
        return tuple(found)

    def row(self, key: str) -> IncidentRowWidget | None:
        """The row of an incident."""
        return self._rows.get(key)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 110)

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def refresh(self) -> None:
        """Show the state's missions: new rows made, gone ones removed, the rest in place."""
        state = self._desk.state
        wanted = [incident_row(state, mission) for mission in state.missions]
        keys = [row.key for row in wanted]
        for key in [k for k in self._rows if k not in keys]:
            self._remove(key)
        for number, row in enumerate(wanted):
            widget = self._rows.get(row.key)
            if widget is None:
                widget = IncidentRowWidget(row, self._desk.theme)
                widget.chosen.connect(self._choose)
                widget.take_pressed.connect(self._desk.commands.take_incident)
                widget.set_selected(row.key == self._desk.selection.incident)
                self._rows[row.key] = widget
            if self._column.indexOf(widget) != number:
                self._column.insertWidget(number, widget)
            widget.set_row(row)
        self.empty.setVisible(not wanted)
        self.counted.emit(str(len(wanted)))

    def _build(self) -> None:
        self._body.setObjectName("PanelBody")
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.empty.setObjectName("Quiet")
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(14, 6, 14, 6)
        self._column.addWidget(self.empty)
        self._column.addStretch(1)
        self._scroll = scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _remove(self, key: str) -> None:
        widget = self._rows.pop(key)
        self._column.removeWidget(widget)
        widget.hide()
        widget.deleteLater()
        if self._desk.selection.incident == key:
            self._desk.selection.select_incident("")

    def _choose(self, key: str) -> None:
        self._desk.selection.select_incident(key)
        mission = self._desk.state.mission(key)
        if mission is not None and mission.drone:
            self._desk.selection.select_drone(mission.drone)

    def _show_selected(self, key: str) -> None:
        for other, widget in self._rows.items():
            widget.set_selected(other == key)
        self._scroll_to(key)

    def _scroll_to(self, key: str) -> None:
        """What was selected elsewhere is seen here too, once the rows stand in their places."""
        QTimer.singleShot(0, self, lambda: self._reveal(key))

    def _reveal(self, key: str) -> None:
        widget = self._rows.get(key)
        if widget is None:
            return
        bar, high = self._scroll.verticalScrollBar(), self._scroll.viewport().height()
        top, bottom = widget.y(), widget.y() + widget.height()
        if top < bar.value() or bottom - top > high:
            bar.setValue(top)
        elif bottom > bar.value() + high:
            bar.setValue(bottom - high)

    def _show_progress(self, key: str) -> None:
        widget = self._rows.get(key)
        if widget is not None:
            widget.set_busy(self._desk.commands.progress(key))
