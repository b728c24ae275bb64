"""The focus, large, of the feed that is looked at, and the wall: a tile for every feed."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gcs.model.place import Position
from ui.context import Desk
from ui.models.hud import hud_words
from ui.widgets.feed_tile import LEAST, FeedTile

TILE_GAP_PX = 3
SIDE_PX = 5
WIDEST_DRONE_FOV_DEG = 70.0
STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1),
         Qt.Key.Key_Down: (0, 1)}  # fmt: skip


class FocusPanel(QFrame):
    """Follows what is selected; pressed twice it stays with its feed until pressed twice again."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self._desk = desk
        self.tile = FeedTile(desk, desk.selection.focus, "focus", large=True)
        self.tile.opened.connect(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, SIDE_PX, SIDE_PX, 0)
        column.addWidget(self.tile)
        desk.selection.focus_changed.connect(self._follow)
        desk.bridge.tick_tiles.connect(self.refresh)
        desk.bridge.tick_lists.connect(self._read_frame)
        desk.bridge.control_changed.connect(lambda _drone: self.tile.read())
        self._follow()

    def refresh(self) -> None:
        """The words of who carries the camera, and those of the frame."""
        self.tile.read()
        self._read_frame()

    def sizeHint(self) -> QSize:
        return QSize(650, 340)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 135)

    def _open(self, feed: str) -> None:
        self._desk.selection.pin("" if self._desk.selection.pinned else feed)

    def _follow(self) -> None:
        self.tile.set_feed(self._desk.selection.focus)
        pinned = bool(self._desk.selection.pinned)
        self.tile.setStatusTip("Pinned; Esc lets it follow the selection." if pinned else "")
        self._read_frame()
        self.tile.update()

    def _read_frame(self) -> None:
        """Twice a second at most: finding a street is not for the paint."""
        frame = self.tile.picture.frame
        seen = frame.metadata if frame is not None else None
        if seen is None:
            self.tile.hud = self.tile.street = ""
            return
        site, feed = self._desk.state.site, self.tile.feed
        fixed = next((c for c in site.cameras if c.id == feed), None)
        widest = WIDEST_DRONE_FOV_DEG if fixed is None else fixed.fov_deg
        self.tile.hud = hud_words(seen, self._scene(feed), widest, fixed is not None)
        centre = seen.frame_centre
        self.tile.street = "" if centre is None else self._desk.street_at(centre)

    def _scene(self, feed: str) -> Position | None:
        mission = self._desk.state.mission_of(feed)
        return None if mission is None else mission.incident.position


class WallPanel(QFrame):
    """A tile for every feed, in as many columns as let the pictures be largest.

    `opened(feed)`: the operator wants it in the focus.
    """

    opened = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self._desk = desk
        self.tiles = tuple(FeedTile(desk, feed, f"wall-{feed}") for feed in desk.state.site.feeds)
        self._columns = 1
        self._cameras = {camera.id for camera in desk.state.site.cameras}
        for tile in self.tiles:
            tile.setParent(self)
            tile.chosen.connect(self._choose)
            tile.opened.connect(self._open)
        desk.bridge.tick_tiles.connect(self.refresh)
        desk.bridge.control_changed.connect(lambda _drone: self.refresh())
        desk.selection.drone_changed.connect(lambda _drone: self._repaint())
        desk.selection.camera_changed.connect(lambda _camera: self._repaint())

    @property
    def columns(self) -> int:
        return self._columns

    def tile(self, feed: str) -> FeedTile | None:
        """The tile of a feed."""
        return next((tile for tile in self.tiles if tile.feed == feed), None)

    def refresh(self) -> None:
        """Each tile reads the state."""
        for tile in self.tiles:
            tile.read()

    def sizeHint(self) -> QSize:
        return QSize(650, 290)

    def minimumSizeHint(self) -> QSize:
        columns = 3
        rows = -(-len(self.tiles) // columns)
        gap = TILE_GAP_PX
        return QSize(
            columns * (LEAST.width() + gap) + 2 * SIDE_PX,
            rows * (LEAST.height() + gap) + 2 * SIDE_PX,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        focused = self.focusWidget()
        if step is None or not isinstance(focused, FeedTile) or not focused.hasFocus():
            super().keyPressEvent(event)
            return
        number = self.tiles.index(focused) + step[0] + step[1] * self._columns
        if 0 <= number < len(self.tiles):
            self.tiles[number].setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, feed: str) -> None:
        if feed in self._cameras:
            self._desk.selection.select_camera(feed)
        else:
            self._desk.selection.select_drone(feed)

    def _open(self, feed: str) -> None:
        pinned = self._desk.selection.pinned
        self._desk.selection.pin("" if pinned == feed else feed)
        if self._desk.selection.pinned:
            self.opened.emit(feed)

    def _arrange(self) -> None:
        video = self._desk.state.site.video
        room = QRect(SIDE_PX, SIDE_PX, self.width() - 2 * SIDE_PX, self.height() - 2 * SIDE_PX)
        self._columns = best_columns(room.size(), len(self.tiles), video.width / video.height)
        for number, box in enumerate(grid(room, len(self.tiles), self._columns)):
            self.tiles[number].setGeometry(box)

    def _repaint(self) -> None:
        for tile in self.tiles:
            tile.update()


def best_columns(room: QSize, count: int, shape: float) -> int:
    """The number of columns that makes pictures of this shape (width by height) largest."""

    def picture_width(columns: int) -> float:
        wide, high = _cell(room, count, columns)
        return min(wide, high * shape)

    return max(range(1, max(1, count) + 1), key=picture_width)


def grid(room: QRect, count: int, columns: int) -> list[QRect]:
    """Where each tile lies, row by row; the pixels left over go to the first ones."""
    rows = -(-count // columns)
    lefts = _cuts(room.x(), room.width(), columns)
    tops = _cuts(room.y(), room.height(), rows)
    made = []
    for number in range(count):
        row, column = divmod(number, columns)
        (x, wide), (y, high) = lefts[column], tops[row]
        made.append(QRect(x, y, wide, high))
    return made


def _cell(room: QSize, count: int, columns: int) -> tuple[float, float]:
    rows = -(-count // columns)
    gap = TILE_GAP_PX
    return (
        (room.width() - (columns - 1) * gap) / columns,
        (room.height() - (rows - 1) * gap) / rows,
    )


def _cuts(start: int, length: int, parts: int) -> list[tuple[int, int]]:
    size, rest = divmod(max(0, length - (parts - 1) * TILE_GAP_PX), parts)
    made, at = [], start
    for number in range(parts):
        wide = size + (1 if number < rest else 0)
        made.append((at, wide))
        at += wide + TILE_GAP_PX
    return made
