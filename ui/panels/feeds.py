"""The places of the feeds: the large one and the wall's tiles, named by drone. No picture yet.

A tile never looks live without a picture: it says what would be here.
"""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from ui.context import Desk
from ui.models.fleet import FleetRow, fleet_row
from ui.text import Span, Tone
from ui.theme import BASE_PX, SMALL_PX
from ui.widgets.mark import MARKED

NO_PICTURES = "No pictures yet: cameras join with the relay."
TILE_GAP_PX = 5
TWO_LINES_PX = 48
TILE_LEAST_PX = 28
FOLDS_UNDER_PX = 480


class FeedTile(QWidget):
    """A drone's place: its name, what it does, and a frame in the accent when selected."""

    def __init__(self, desk: Desk, drone: str, large: bool = False) -> None:
        super().__init__()
        self._desk = desk
        self._large = large
        self._row: FleetRow | None = None
        self._drone = drone
        self.setMinimumSize(90, TILE_LEAST_PX)
        self.refresh()

    @property
    def drone(self) -> str:
        return self._drone

    def set_drone(self, drone: str) -> None:
        """Show another drone's place; '' for none."""
        self._drone = drone
        self.refresh()

    def refresh(self) -> None:
        """Look at the state; repaint when something shown has changed."""
        known = self._drone in {spec.id for spec in self._desk.state.site.drones}
        row = fleet_row(self._desk.state, self._drone) if known else None
        if row != self._row:
            self._row = row
            if row is not None:
                self.setToolTip(f"{row.tip}\n{NO_PICTURES}")
                self.setAccessibleName(f"Feed of {row.drone}: no picture yet")
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self._drone:
            self._desk.selection.select_drone(self._drone)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._desk.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("ground"))
        selected = bool(self._drone) and self._drone == self._desk.selection.drone
        painter.setPen(theme.color("accent" if selected else "line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._row is None:
            self._write(painter, 0, Span("No drone is selected", Tone.QUIET))
        else:
            self._write_row(painter, self._row)
        painter.end()

    def _write_row(self, painter: QPainter, row: FleetRow) -> None:
        tone = Tone.ACCENT if row.own else Tone.OFF if row.tone is Tone.OFF else Tone.TEXT
        words = row.state if self._large else row.short
        if self.height() < TWO_LINES_PX:
            used = self._write(painter, 0, Span(row.drone, tone, bold=True))
            self._write(painter, 0, Span(words, _calm(row)), indent=used + 10)
            return
        self._write(painter, 0, Span(row.drone, tone, bold=True))
        self._write(painter, 1, Span(words, _calm(row)))
        if self._large:
            self._middle(painter)

    def _write(self, painter: QPainter, line: int, span: Span, indent: int = 0) -> int:
        font = QFont(self.font())
        font.setPixelSize(BASE_PX if self._large else SMALL_PX)
        font.setWeight(QFont.Weight.DemiBold if span.bold else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(self._desk.theme.tone(span.tone))
        metrics = QFontMetrics(font)
        top = 7 + line * 19 if self.height() >= TWO_LINES_PX else (self.height() - 19) // 2
        box = QRect(9 + indent, top, self.width() - 18 - indent, 19)
        text = metrics.elidedText(span.text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
        return metrics.horizontalAdvance(text)

    def _middle(self, painter: QPainter) -> None:
        painter.setPen(self._desk.theme.color("quiet"))
        painter.drawText(
            self.rect().adjusted(20, 40, -20, -10),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            NO_PICTURES,
        )


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
        return QSize(240, rows * (TILE_LEAST_PX + TILE_GAP_PX) + 6)

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


def _calm(row: FleetRow) -> Tone:
    """Tiles have no room for shapes: caution and warning stay in the lists."""
    return (
        Tone.TEXT if row.tone in MARKED else row.tone if row.tone is not Tone.TEXT else Tone.QUIET
    )
