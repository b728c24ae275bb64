"""The vehicle of the selected drone: what blocks a launch, fence, links, signing, settings.

A supervisor may waive a launch condition here, with a reason; the gateway decides and records.
"""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gcs.model.command import Waiver
from gcs.model.people import Role
from ui.context import Desk
from ui.models.vehicle import vehicle_items
from ui.panels.vehicle_lines import VehicleLines
from ui.text import Span
from ui.theme import BASE_PX
from ui.widgets.hold_button import HoldButton, HoldPlan
from ui.widgets.text_line import TextLine

EMPTY = "No drone is selected. Its vehicle, links and safety settings are shown here."
WAIVERS = {Waiver.RETURN_HEIGHT: "Return height", Waiver.VOLUME: "Authorised volume"}


class WaiverRow(QWidget):
    """What is waived for the next launch, why, and a hold to say so."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drone = ""
        self.what = QComboBox()
        self.what.setAccessibleName("Condition to waive")
        for waiver, words in WAIVERS.items():
            self.what.addItem(words, waiver)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Reason")
        self.reason.setAccessibleName("Reason for the waiver")
        self.reason.setMaxLength(200)
        self.allow = HoldButton("Allow", "hold", self._plan, desk.clock, desk.theme)
        self.reason.textChanged.connect(lambda _text: self._refresh())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.what)
        row.addWidget(self.reason, 1)
        row.addWidget(self.allow)

    def show_drone(self, drone: str) -> None:
        """Whose launch it is about; hidden from all but supervisors."""
        self._drone = drone
        self.setVisible(bool(drone) and self._desk.state.role is Role.SUPERVISOR)
        self._refresh()

    def _refresh(self) -> None:
        self.allow.set_target(self._drone or "no drone")
        told = bool(self.reason.text().strip())
        self.allow.setEnabled(told)
        self.allow.setToolTip("" if told else "Say why in a few words first")

    def _plan(self) -> HoldPlan | None:
        drone, reason = self._drone, self.reason.text().strip()
        waiver: Waiver = self.what.currentData()
        words = WAIVERS[waiver].lower()
        return HoldPlan(
            (
                f"You waive the {words} for the next launch of {drone}, within 15 minutes.",
                "It is recorded with your name and reason.",
            ),
            lambda: (self._drone, self.reason.text().strip(), self.what.currentData()),
            lambda: self._send(drone, waiver, reason),
        )

    def _send(self, drone: str, waiver: Waiver, reason: str) -> None:
        self._desk.commands.allow(waiver, reason, drone)
        self.reason.clear()


class VehiclePanel(QFrame):
    """Filled anew when a profile changes, and each second for its ages."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self._desk = desk
        self.heading = TextLine(desk.theme, BASE_PX)
        self.empty = QLabel(EMPTY)
        self.empty.setObjectName("Quiet")
        self.empty.setWordWrap(True)
        self.items = VehicleLines(desk)
        self.waiver = WaiverRow(desk)
        self._build()
        desk.bridge.vehicles_changed.connect(self._on_vehicles)
        desk.bridge.tick_lists.connect(self.refresh)
        desk.selection.drone_changed.connect(lambda _drone: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Show the selected drone's vehicle as it is now."""
        drone = self._desk.selection.drone
        self.empty.setVisible(not drone)
        self.items.setVisible(bool(drone))
        self.heading.setVisible(bool(drone))
        self.waiver.show_drone(drone)
        if drone and self.isVisible():
            self.heading.set_spans(Span(drone, bold=True))
            self.items.show_items(vehicle_items(self._desk.state, drone))

    def sizeHint(self) -> QSize:
        return QSize(420, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 160)

    def _build(self) -> None:
        body = QWidget()
        body.setObjectName("PanelBody")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(14, 8, 14, 8)
        inner.setSpacing(6)
        inner.addWidget(self.heading)
        inner.addWidget(self.empty)
        inner.addWidget(self.items)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(body)
        foot = QWidget()
        foot_row = QVBoxLayout(foot)
        foot_row.setContentsMargins(14, 0, 14, 8)
        foot_row.addWidget(self.waiver)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(foot)

    def _on_vehicles(self, drones: frozenset[str]) -> None:
        if self._desk.selection.drone in drones:
            self.refresh()
