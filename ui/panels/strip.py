"""The instrument strip of the selected drone: who controls it, its figures, its commands."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.context import Desk
from ui.models.instrument import figures_line, head_line, receipt_line
from ui.panels.camera_row import CameraRow
from ui.panels.command_bar import CommandBar
from ui.panels.shadow import ShadowLine
from ui.theme import LARGE_PX, SMALL_PX
from ui.widgets.text_line import TextLine

FIGURES_EVERY_S = 0.2


class InstrumentStrip(QFrame):
    """Figures at most five times a second; control and receipts at once."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Strip")
        self._desk = desk
        self._figures_at_s = 0.0
        self.head = TextLine(desk.theme, LARGE_PX)
        self.figures = TextLine(desk.theme, LARGE_PX)
        self.receipt = TextLine(desk.theme, SMALL_PX)
        self.bar = CommandBar(desk)
        self.shadow = ShadowLine(desk)
        self._acts = QStackedWidget()
        self.camera = CameraRow(desk)
        self._build()
        bridge = desk.bridge
        bridge.fleet_changed.connect(self._on_fleet)
        bridge.control_changed.connect(self._on_drone)
        bridge.receipt.connect(lambda receipt: self._on_drone(receipt.drone))
        bridge.mission_changed.connect(lambda _key: self.bar.refresh())
        bridge.desks_changed.connect(self.bar.refresh)
        bridge.links_changed.connect(self.refresh)
        bridge.tick.connect(self.refresh)
        desk.commands.progress_changed.connect(self._on_drone)
        desk.selection.drone_changed.connect(lambda _drone: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Show the selected drone as it is now."""
        state, drone = self._desk.state, self._desk.selection.drone
        self.head.set_spans(*head_line(state, drone))
        self._show_figures()
        progress = self._desk.commands.progress(drone)
        self.receipt.set_spans(*receipt_line(state, drone, progress))
        self.bar.refresh()
        watching = self.shadow.show_drone(drone)
        self._acts.setCurrentWidget(self.shadow if watching else self.bar)
        self.camera.setVisible(not watching)
        self.camera.refresh()

    def sizeHint(self) -> QSize:
        return QSize(900, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(620, 152)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addWidget(self.figures)
        column.addSpacing(4)
        self._acts.addWidget(self.bar)
        self._acts.addWidget(self.shadow)
        column.addWidget(self._acts)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.receipt, 1)
        foot.addWidget(self.camera)
        column.addLayout(foot)
        column.addStretch(1)

    def _on_fleet(self, drones: frozenset[str]) -> None:
        late = self._desk.now_s - self._figures_at_s
        if self._desk.selection.drone in drones and late >= FIGURES_EVERY_S:
            self._show_figures()

    def _on_drone(self, drone: str) -> None:
        if drone == self._desk.selection.drone:
            self.refresh()

    def _show_figures(self) -> None:
        self._figures_at_s = self._desk.now_s
        self.figures.set_spans(*figures_line(self._desk.state, self._desk.selection.drone))
        self.camera.refresh()
