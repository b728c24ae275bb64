"""The fleet: every drone of the site, its state in words and the minutes of work it has left."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QListView, QVBoxLayout, QWidget

from ui.context import Desk
from ui.models.fleet import fleet_row
from ui.panels.fleet_list import (
    CELL_LEAST_PX,
    CELL_PX,
    ROW_PX,
    FleetDelegate,
    FleetListModel,
)

SCROLL_BAR_PX = 10
MOVES = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home,
     Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
)  # fmt: skip


class FleetView(QListView):
    """A list whose letter keys belong to the desk: only moving keys are its own."""

    moved = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in MOVES:
            super().keyPressEvent(event)
            self.moved.emit(self.currentIndex())
        else:
            event.ignore()


class FleetPanel(QFrame):
    """Rows when there is height for them, else a strip of cells; nothing is cut off."""

    counted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self._desk = desk
        self._drones = tuple(spec.id for spec in desk.state.site.drones)
        self.model = FleetListModel(tuple(fleet_row(desk.state, d) for d in self._drones))
        self._delegate = FleetDelegate(desk.theme)
        self.view = FleetView(self)
        self._build()
        bridge = desk.bridge
        bridge.fleet_changed.connect(self._refresh)
        bridge.control_changed.connect(lambda drone: self._refresh(frozenset({drone})))
        bridge.tick_tiles.connect(lambda: self._refresh(frozenset(self._drones)))
        desk.selection.drone_changed.connect(self._show_selected)
        self._show_selected(desk.selection.drone)

    @property
    def folded(self) -> bool:
        """Whether the list is a strip of cells."""
        return self._delegate.folded

    def minimumSizeHint(self) -> QSize:
        columns = max(1, self.width() // CELL_LEAST_PX)
        rows = -(-len(self._drones) // columns)
        return QSize(2 * CELL_LEAST_PX, min(rows, 4) * CELL_PX + 4)

    def sizeHint(self) -> QSize:
        return QSize(320, len(self._drones) * ROW_PX + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold(event.size())

    def _build(self) -> None:
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._delegate)
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName("Fleet")
        self.view.clicked.connect(self._choose)
        self.view.moved.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if not self._drones:
            empty = QLabel("This site has no drones: its file lists them under [[drones]].")
            empty.setWordWrap(True)
            empty.setObjectName("Quiet")
            empty.setContentsMargins(14, 8, 14, 8)
            column.addWidget(empty)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)

    def _fold(self, size: QSize) -> None:
        folded = size.height() < len(self._drones) * ROW_PX
        cell = self._cell_px(size)
        if folded == self._delegate.folded and (not folded or cell == self._delegate.cell_px):
            return
        self._delegate.folded, self._delegate.cell_px = folded, cell
        flow = QListView.Flow.LeftToRight if folded else QListView.Flow.TopToBottom
        self.view.setFlow(flow)
        self.view.setWrapping(folded)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        # As needed, a wrapping list would keep a bar's width free even where none is needed.
        bars = Qt.ScrollBarPolicy
        always = bars.ScrollBarAlwaysOn if self._scrolls(size) else bars.ScrollBarAlwaysOff
        self.view.setVerticalScrollBarPolicy(always if folded else bars.ScrollBarAsNeeded)
        self.view.doItemsLayout()

    def _cell_px(self, size: QSize) -> int:
        """Width of a cell so that they fill the line, beside a scroll bar where one is needed."""
        wide = size.width() - (SCROLL_BAR_PX if self._scrolls(size) else 0)
        return (wide - 1) // max(1, wide // CELL_LEAST_PX)

    def _scrolls(self, size: QSize) -> bool:
        columns = max(1, size.width() // CELL_LEAST_PX)
        return -(-len(self._drones) // columns) * CELL_PX > size.height()

    def _refresh(self, drones: frozenset[str]) -> None:
        for drone in drones:
            if self.model.row_of(drone) is not None:
                self.model.set_row(fleet_row(self._desk.state, drone))
        heard = sum(self.model.row(n).work != "–" for n in range(self.model.rowCount()))
        total = len(self._drones)
        self.counted.emit(f"{total}" if heard == total else f"{heard} of {total}")

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self._desk.selection.select_drone(self.model.row(index.row()).drone)

    def _show_selected(self, drone: str) -> None:
        self._delegate.selected = drone
        number = self.model.row_of(drone)
        if number is not None and self.view.currentIndex().row() != number:
            self.view.setCurrentIndex(self.model.index(number))
        self.view.viewport().update()
