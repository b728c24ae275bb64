"""A drone's place among the feeds: its words in the corners, the room for its picture between.

There is no picture yet, and the place says so: it never looks live.
"""

from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.context import Desk
from ui.models.feeds import FeedText, feed_text
from ui.text import Span, Tone
from ui.theme import BASE_PX, SMALL_PX, face, face_metrics
from ui.widgets.battery_bar import paint_battery

NO_PICTURE = "No picture yet: cameras join with the relay."
NO_DRONE = "No drone is selected. The selected one's picture has its place here."
LINE_PX = 18
SMALL_LINE_PX = 17
LEAST_PX = 28
TWO_LINES_PX = 46
THREE_LINES_PX = 59
PAD_PX = 9
BAR_PX = 3
CORNER_PX = 18
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class FeedTile(QWidget):
    """Selects its drone when pressed; a frame in the accent when it is the selected one."""

    def __init__(self, desk: Desk, drone: str, large: bool = False) -> None:
        super().__init__()
        self._desk = desk
        self._large = large
        self._pixels = BASE_PX if large else SMALL_PX
        self._known = {spec.id for spec in desk.state.site.drones}
        self._told: FeedText | None = None
        self._drone = drone
        self.setMinimumSize(90, LEAST_PX)
        self.refresh()

    @property
    def drone(self) -> str:
        return self._drone

    @property
    def told(self) -> FeedText | None:
        """What is written."""
        return self._told

    def set_drone(self, drone: str) -> None:
        """Show another drone's place; '' for none."""
        self._drone = drone
        self.refresh()

    def refresh(self) -> None:
        """Look at the state; repaint when something shown has changed."""
        told = feed_text(self._desk.state, self._drone) if self._drone in self._known else None
        if told == self._told:
            return
        self._told = told
        if told is not None:
            self.setToolTip(f"{told.tip}\n{told.holder.text}\n{NO_PICTURE}")
            self.setAccessibleName(f"Feed of {told.drone}: no picture yet")
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
        if self._large:
            self._paint_frame(painter)
        if self._told is not None:
            self._paint_words(painter, self._told)
        painter.setPen(theme.color("accent" if selected else "line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        """The corners of a picture that is not there, and why it is not."""
        box = self.rect().adjusted(16, 52, -17, -34)
        painter.setPen(QPen(self._desk.theme.color("line_strong"), 1))
        for x, y, right, down in (
            (box.left(), box.top(), 1, 1),
            (box.right(), box.top(), -1, 1),
            (box.left(), box.bottom(), 1, -1),
            (box.right(), box.bottom(), -1, -1),
        ):
            painter.drawLine(x, y, x + right * CORNER_PX, y)
            painter.drawLine(x, y, x, y + down * CORNER_PX)
        words = NO_PICTURE if self._told is not None else NO_DRONE
        painter.setFont(self._font(False))
        painter.setPen(self._desk.theme.color("quiet"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box.adjusted(CORNER_PX, 0, -CORNER_PX, 0), flags, words)

    def _paint_words(self, painter: QPainter, told: FeedText) -> None:
        if self._large:
            self._pair(painter, self._line(0), told.name, told.heard)
            self._pair(painter, self._line(1), told.state, told.holder)
            foot = QRect(PAD_PX, self.height() - 27, self.width() - 2 * PAD_PX, LINE_PX)
            self._pair(painter, foot, told.figures, told.work)
        elif self.height() < TWO_LINES_PX:
            self._paint_one_line(painter, told)
        elif self.height() < THREE_LINES_PX:
            self._pair(painter, self._line(0), told.name, told.work)
            self._pair(painter, self._line(1), told.short, told.heard)
        else:
            self._pair(painter, self._line(0), told.name, told.heard)
            self._pair(painter, self._line(1), told.short, told.holder)
            self._pair(painter, self._line(2), told.brief, told.work)
        if told.battery is not None:
            wide, foot_y = self.width() - 2, self.height() - BAR_PX - 1
            bar = QRectF(1, foot_y, wide, BAR_PX)
            paint_battery(painter, bar, told.battery, self._desk.theme)

    def _paint_one_line(self, painter: QPainter, told: FeedText) -> None:
        box = QRect(PAD_PX, (self.height() - LINE_PX) // 2 - 1, self.width() - 2 * PAD_PX, LINE_PX)
        used = int(face_metrics(self.font().family(), self._pixels, True).horizontalAdvance("W"))
        used = self._write(painter, box, told.name) + used
        minutes = replace(told.work, text=told.work.text.removesuffix(" work"))
        self._pair(painter, box.adjusted(used, 0, 0, 0), told.short, minutes)

    def _line(self, number: int) -> QRect:
        high = LINE_PX if self._large else SMALL_LINE_PX
        return QRect(PAD_PX, 4 + number * high, self.width() - 2 * PAD_PX, high)

    def _pair(self, painter: QPainter, box: QRect, left: Span, right: Span) -> None:
        """Words at both ends; the right ones give way when there is no room for both."""
        used = self._write(painter, box, left)
        room = box.adjusted(used + PAD_PX, 0, 0, 0)
        metrics = face_metrics(self.font().family(), self._pixels, right.bold)
        if metrics.horizontalAdvance(right.text) <= room.width():
            self._write(painter, room, right, RIGHT)

    def _write(
        self, painter: QPainter, box: QRect, span: Span, align: Qt.AlignmentFlag = LEFT
    ) -> int:
        metrics = face_metrics(self.font().family(), self._pixels, span.bold)
        text = metrics.elidedText(span.text, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(self._font(span.bold))
        painter.setPen(self._desk.theme.tone(_calm(span.tone)))
        painter.drawText(box, align, text)
        return int(metrics.horizontalAdvance(text)) + 1

    def _font(self, bold: bool) -> QFont:
        return face(self.font().family(), self._pixels, bold)


def _calm(tone: Tone) -> Tone:
    """Places have no room for shapes: caution and warning stay in the lists."""
    return Tone.TEXT if tone in (Tone.CAUTION, Tone.WARNING) else tone
