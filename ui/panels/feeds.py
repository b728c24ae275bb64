"""The places of the feeds: the large one of the selected drone and the wall, a tile for each."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from ui.context import Desk
from ui.widgets.feed_tile import LEAST_PX, FeedTile

TILE_GAP_PX = 5
FOLDS_UNDER_PX = 480


class FocusPanel(QFrame):
    """The large place: the selected drone's feed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self.tile = FeedTile(desk, desk.selection.drone, large=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 0, 5, 5)
        column.addWidget(self.tile)
        desk.selection.drone_changed.connect(self.tile.set_drone)
        desk.bridge.tick_tiles.connect(self.tile.refresh)
        desk.bridge.control_changed.connect(lambda _drone: self.tile.refresh())

    def sizeHint(self) -> QSize:
        return QSize(560, 260)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 90)


class WallPanel(QFrame):
    """A tile for each drone: three columns, two when it is narrow."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self.tiles = tuple(FeedTile(desk, spec.id) for spec in desk.state.site.drones)
        self._grid = QGridLayout()
        self._grid.setSpacing(TILE_GAP_PX)
        self._columns = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 0, 5, 5)
        column.setSpacing(4)
        column.addLayout(self._grid, 1)
        self._arrange(3)
        desk.bridge.tick_tiles.connect(self.refresh)
        desk.bridge.control_changed.connect(lambda _drone: self.refresh())
        desk.selection.drone_changed.connect(lambda _drone: self._repaint())

    @property
    def columns(self) -> int:
        return self._columns

    def refresh(self) -> None:
        """Each tile looks at the state."""
        for tile in self.tiles:
            tile.refresh()

    def sizeHint(self) -> QSize:
        return QSize(560, 230)

    def minimumSizeHint(self) -> QSize:
        rows = -(-len(self.tiles) // max(1, self._columns))
        return QSize(240, rows * (LEAST_PX + TILE_GAP_PX) + 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if event.size().width() < FOLDS_UNDER_PX else 3)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, number // columns, number % columns)
        self.updateGeometry()

    def _repaint(self) -> None:
        for tile in self.tiles:
            tile.update()
