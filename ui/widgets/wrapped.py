"""Sentences under each other that wrap, in one tone, with its mark when they ask for something."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.text import Tone, unbroken
from ui.theme import SMALL_PX, Theme, face, face_metrics
from ui.widgets.mark import MARK_GAP_PX, MARK_PX, MARKED, paint_mark

LINE_GAP_PX = 3
_FLAGS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class Wrapped(QWidget):
    """As high as its sentences need at its width; nothing is cut."""

    def __init__(self, theme: Theme, pixels: int = SMALL_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixels = pixels
        self._sentences: tuple[str, ...] = ()
        self._tone = Tone.QUIET
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setVisible(False)

    @property
    def text(self) -> str:
        """What is written, a line for each sentence."""
        return "\n".join(self._sentences)

    @property
    def tone(self) -> Tone:
        """What it means."""
        return self._tone

    def tell(self, tone: Tone, *sentences: str) -> None:
        """Show these; none hides the widget."""
        told = tuple(unbroken(s) for s in sentences if s)
        if (told, tone) == (self._sentences, self._tone):
            return
        self._sentences, self._tone = told, tone
        self.setAccessibleName(self.text)
        self.setVisible(bool(told))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return int(sum(self._heights(width)))

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.heightForWidth(event.size().width()) != event.size().height():
            self.updateGeometry()  # the hint that the layout keeps is of another width

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        left = self._indent()
        top = 0.0
        for sentence, height in zip(self._sentences, self._heights(self.width()), strict=True):
            if left:
                box = QRectF(0, top + 2, MARK_PX, MARK_PX)
                paint_mark(painter, box, self._tone, self._theme)
            painter.setPen(self._theme.tone(self._tone))
            painter.drawText(QRectF(left, top, self.width() - left, height), _FLAGS, sentence)
            top += height
        painter.end()

    def _heights(self, width: int) -> list[float]:
        metrics = face_metrics(self.font().family(), self._pixels)
        room = QRectF(0, 0, max(40, width - self._indent()), 10_000)
        return [
            metrics.boundingRect(room, _FLAGS, s).height() + LINE_GAP_PX for s in self._sentences
        ]

    def _indent(self) -> int:
        return MARK_PX + MARK_GAP_PX if self._tone in MARKED else 0

    def _font(self) -> QFont:
        return face(self.font().family(), self._pixels)
