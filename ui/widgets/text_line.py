"""One line of text in several tones. Elides at its end and then tells the whole in a tool tip.

Repaints only when its spans change: the desk sets it as often as it likes.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.text import Span, plain
from ui.theme import BASE_PX, Theme, face, face_metrics
from ui.widgets.mark import MARK_GAP_PX, MARK_PX, MARKED, paint_mark

LEAST_PX = 48.0  # of a span that gives way


class TextLine(QWidget):
    """Draws spans in a row, left or right aligned; `whole_only` draws nothing rather than elide.

    `hugs`: as wide as its text; else it takes the room that it is given. `gives`: the number of
    the span that is shortened first, where another one matters more than the end of this.
    """

    def __init__(
        self,
        theme: Theme,
        pixels: int = BASE_PX,
        right: bool = False,
        whole_only: bool = False,
        hugs: bool = False,
        gives: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixels = pixels
        self._right = right
        self._whole_only = whole_only
        self._hugs = hugs or right
        self._gives = gives
        self._spans: tuple[Span, ...] = ()
        self._widths: tuple[float, ...] = ()
        self._tip = ""
        grow = QSizePolicy.Policy.Preferred if self._hugs else QSizePolicy.Policy.Expanding
        self.setSizePolicy(grow, QSizePolicy.Policy.Fixed)

    @property
    def spans(self) -> tuple[Span, ...]:
        return self._spans

    @property
    def text(self) -> str:
        """What is written, as one string."""
        return plain(self._spans)

    @property
    def elided(self) -> bool:
        """Whether the width does not take it all."""
        return sum(self._widths) > self.width() + 0.5

    def fits(self, *spans: Span) -> bool:
        """Whether the width would take all of these."""
        return sum(self._width(s) for s in spans) <= self.width() + 0.5

    def set_spans(self, *spans: Span) -> None:
        """Show these; nothing happens when they are the ones shown."""
        if spans == self._spans:
            return
        self._spans = spans
        before = sum(self._widths)
        self._widths = tuple(self._width(s) for s in spans)
        self.setAccessibleName(self.text)
        if self._hugs and abs(sum(self._widths) - before) > 0.5:
            # Only where the layout depends on it: this lays out the whole window again.
            self.updateGeometry()
        self._tell_tip()
        self.update()

    def set_tip(self, tip: str) -> None:
        """A tool tip of its own, shown also when nothing is elided."""
        self._tip = tip
        self._tell_tip()

    def sizeHint(self) -> QSize:
        return QSize(int(sum(self._widths)) + 1, self._line_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._line_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._whole_only and self.elided:
            return
        painter = QPainter(self)
        wide = float(self.width())
        left = max(0.0, wide - sum(self._widths)) if self._right else 0.0
        for span, full, width in zip(self._spans, self._widths, self._shared(wide), strict=True):
            if left >= wide:
                break
            self._paint_span(painter, span, left, min(width, wide - left), full)
            left += width
        painter.end()

    def _shared(self, wide: float) -> tuple[float, ...]:
        """The width that each span gets."""
        over = sum(self._widths) - wide
        if over <= 0.5 or self._gives is None or self._gives >= len(self._widths):
            return self._widths
        widths = list(self._widths)
        widths[self._gives] = max(min(LEAST_PX, widths[self._gives]), widths[self._gives] - over)
        return tuple(widths)

    def _paint_span(
        self, painter: QPainter, span: Span, left: float, room: float, full: float
    ) -> None:
        painter.setFont(self._font(span.bold))
        painter.setPen(self._theme.tone(span.tone))
        text_left, text_room = left, room
        if span.tone in MARKED:
            top = (self.height() - MARK_PX) / 2
            paint_mark(painter, QRectF(left, top, MARK_PX, MARK_PX), span.tone, self._theme)
            text_left += MARK_PX + MARK_GAP_PX
            text_room -= MARK_PX + MARK_GAP_PX
        text = span.text
        if room < full - 0.5:
            elide = Qt.TextElideMode.ElideRight
            text = self._metrics(span.bold).elidedText(text, elide, text_room)
        box = QRectF(text_left, 0, max(0.0, text_room) + 1, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

    def _width(self, span: Span) -> float:
        mark = MARK_PX + MARK_GAP_PX if span.tone in MARKED else 0
        return self._metrics(span.bold).horizontalAdvance(span.text) + mark

    def _font(self, bold: bool) -> QFont:
        return face(self.font().family(), self._pixels, bold)

    def _metrics(self, bold: bool) -> QFontMetricsF:
        return face_metrics(self.font().family(), self._pixels, bold)

    def _line_height(self) -> int:
        return int(self._metrics(False).height()) + 2

    def _tell_tip(self) -> None:
        tip = self._tip or (self.text if self.elided else "")
        if tip != self.toolTip():
            self.setToolTip(tip)
