"""A line of a brief with its tick box: as high as its words need, pressed by mouse or keyboard.

Letters belong to the desk: only arrows, Space and Enter are its own.
"""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.models.handover import BriefLine
from ui.text import unbroken
from ui.theme import SMALL_PX, Theme, face, face_metrics

BOX_PX = 16
LEFT_PX = 14
LABEL_PX = 92
LONGEST_LABEL = 24
GAP_PX = 8
PAD_PX = 4
LEAST_PX = 26
CHANGED = "changed"
_FLAGS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class TickLine(QAbstractButton):
    """`clicked`: tick it. `moved(step)`: the focus goes to the line so many further on."""

    moved = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line: BriefLine | None = None
        self._open = False
        self._pending = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def line(self) -> BriefLine | None:
        """What is shown."""
        return self._line

    @property
    def open(self) -> bool:
        """Whether it can be ticked now."""
        return self._open

    def show_line(self, line: BriefLine, may_tick: bool, pending: bool) -> None:
        """Show this line. `pending`: its tick is on its way."""
        is_open = may_tick and not line.ticked and not pending
        if (line, is_open, pending) == (self._line, self._open, self._pending):
            return
        before = self.heightForWidth(self.width())
        self._line, self._open, self._pending = line, is_open, pending
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if may_tick else Qt.FocusPolicy.NoFocus)
        told = "ticked" if line.ticked else CHANGED if line.changed else "not ticked"
        self.setAccessibleName(f"{line.title}: {line.text}, {told}")
        if self.heightForWidth(self.width()) != before:
            self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(LEAST_PX, self._words_high(width) + 2 * PAD_PX)

    def sizeHint(self) -> QSize:
        return QSize(260, LEAST_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, LEAST_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEPS:
            self.moved.emit(STEPS[Qt.Key(event.key())])
        elif event.key() in ENTER and not event.isAutoRepeat():
            self._tick()
            self.moved.emit(1)
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._tick()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def nextCheckState(self) -> None:
        """The gateway decides whether it is ticked."""

    def _tick(self) -> None:
        if self._open:
            self.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        line, theme = self._line, self._theme
        if line is None:
            return
        painter = QPainter(self)
        changed = line.changed and not line.ticked
        if changed or (self.underMouse() and self._open):
            painter.fillRect(self.rect(), theme.color("selected"))
        if changed:
            painter.fillRect(QRect(0, 0, 3, self.height()), theme.color("accent"))
        self._paint_box(painter, line)
        self._paint_words(painter, line, changed)
        if self.hasFocus():
            painter.setPen(theme.color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_box(self, painter: QPainter, line: BriefLine) -> None:
        theme = self._theme
        box = QRectF(LEFT_PX + 0.5, PAD_PX + 1.5, BOX_PX, BOX_PX)
        edge = "accent" if self._open else "line_strong"
        painter.setPen(QPen(theme.color(edge), 1.4))
        painter.drawRect(box)
        if line.ticked:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("text"), 2.0))
            at = box.topLeft()
            points = [QPointF(3.5, 8.5), QPointF(7, 12), QPointF(13, 4.5)]
            painter.drawPolyline([at + p for p in points])
        elif self._pending:
            painter.fillRect(box.adjusted(5, 7, -5, -7), theme.color("accent"))

    def _paint_words(self, painter: QPainter, line: BriefLine, changed: bool) -> None:
        family, theme = self.font().family(), self._theme
        title = face_metrics(family, SMALL_PX, True)
        left, top = LEFT_PX + BOX_PX + GAP_PX, float(PAD_PX)
        painter.setFont(face(family, SMALL_PX, True))
        painter.setPen(theme.color("quiet" if line.ticked else "text"))
        painter.drawText(QPointF(left, top + title.ascent()), line.title)
        if changed:
            painter.setPen(theme.color("accent"))
            after = left + title.horizontalAdvance(line.title) + GAP_PX
            painter.drawText(QPointF(after, top + title.ascent()), CHANGED)
        painter.setFont(face(family, SMALL_PX))
        top += title.height() + 1
        for label, words, high in self._rows(line, self.width()):
            indent = left
            if label:
                painter.setPen(theme.color("quiet"))
                painter.drawText(QRectF(left, top, LABEL_PX, high), _FLAGS, label)
                indent += LABEL_PX + GAP_PX
            painter.setPen(theme.color("quiet" if line.ticked else "text"))
            room = QRectF(indent, top, self.width() - indent - LEFT_PX, high)
            painter.drawText(room, _FLAGS, words)
            top += high

    def _words_high(self, width: int) -> int:
        if self._line is None:
            return 0
        title = face_metrics(self.font().family(), SMALL_PX, True).height() + 1
        return int(title + sum(high for _, _, high in self._rows(self._line, width))) + 1

    def _rows(self, line: BriefLine, width: int) -> list[tuple[str, str, float]]:
        """`Label: words`, one a line of text, with the height that each needs at this width."""
        metrics = face_metrics(self.font().family(), SMALL_PX)
        whole = width - 2 * LEFT_PX - BOX_PX - GAP_PX
        rows = []
        for told in line.text.split("\n"):
            label, colon, words = told.partition(": ")
            if not colon or len(label) > LONGEST_LABEL:
                label, words = "", told
            words = unbroken(words)
            room = max(60, whole - (LABEL_PX + GAP_PX if label else 0))
            high = metrics.boundingRect(QRectF(0, 0, room, 10_000), _FLAGS, words).height()
            if label:
                beside = QRectF(0, 0, LABEL_PX, 10_000)
                high = max(high, metrics.boundingRect(beside, _FLAGS, label).height())
            rows.append((label, words, float(high)))
        return rows
