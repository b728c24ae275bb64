"""Words over a picture: on a thin dark plate, so that they are read on any picture.

Always in the dark theme's colours: what lies below is a picture, not the desk's ground. A plate
is drawn once and laid over every frame until its words change: text is dear, a small image not.
"""

from functools import lru_cache

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from ui.text import Span, Tone
from ui.theme import DARK, face, face_metrics
from ui.widgets.mark import MARK_PX, MARKED, paint_mark

PLATE_ALPHA = 0.87  # quiet words keep 4.5 to 1 over a white picture
SIDE_PX = 4
GAP_PX = 4
KEEP = 512
READABLE = {Tone.OFF: Tone.QUIET, Tone.CAUTION: Tone.TEXT, Tone.WARNING: Tone.TEXT}
DOT = Span(" · ", Tone.QUIET)

Spans = tuple[Span, ...]


def plate_color() -> QColor:
    """The plate's colour with its alpha."""
    color = QColor(DARK.ground)
    color.setAlphaF(PLATE_ALPHA)
    return color


def words_tone(tone: Tone) -> Tone:
    """Caution and warning are told by the shape beside the words; grey would not be read."""
    return READABLE.get(tone, tone)


class Plates:
    """Draws plates in one font size; `ratio`: device pixels of one of the painter's."""

    def __init__(self, family: str, pixels: int, ratio: float) -> None:
        self._font = (family, pixels)
        self._ratio = ratio
        self.high = _high(pixels)

    def width(self, spans: Spans) -> int:
        """What a plate with these words takes."""
        return _width(*self._font, spans)

    def fitting(self, spans: Spans, room: int) -> Spans:
        """As many of the first ones as fit, joined by dots; a first one too long is elided."""
        return _fitting(*self._font, spans, room)

    def paint(self, painter: QPainter, at: QPoint, spans: Spans) -> QRect:
        """A plate with its top left corner at `at`; where it lies."""
        if not spans:
            return QRect(at.x(), at.y(), 0, 0)
        painter.drawImage(at, _drawn(*self._font, spans, self._ratio))
        return QRect(at.x(), at.y(), self.width(spans), self.high)

    def paint_right(self, painter: QPainter, corner: QPoint, spans: Spans) -> QRect:
        """A plate with its top right corner at `corner`."""
        wide = self.width(spans) if spans else 0
        return self.paint(painter, QPoint(corner.x() - wide, corner.y()), spans)

    def paint_middle(self, painter: QPainter, middle: QPoint, spans: Spans) -> QRect:
        """A plate with the middle of its top at `middle`."""
        return self.paint(painter, QPoint(middle.x() - self.width(spans) // 2, middle.y()), spans)


def _high(pixels: int) -> int:
    return pixels + 4


@lru_cache(maxsize=KEEP)
def _width(family: str, pixels: int, spans: Spans) -> int:
    marks = sum(span.tone in MARKED for span in spans) * (MARK_PX + GAP_PX)
    words = sum(_advance(family, pixels, span) for span in spans)
    return words + marks + 2 * SIDE_PX


def _advance(family: str, pixels: int, span: Span) -> int:
    return int(face_metrics(family, pixels, span.bold).horizontalAdvance(span.text)) + 1


@lru_cache(maxsize=KEEP)
def _fitting(family: str, pixels: int, spans: Spans, room: int) -> Spans:
    told = [span for span in spans if span.text]
    shown: Spans = ()
    for span in told:
        more = (*shown, DOT, span) if shown else (span,)
        if _width(family, pixels, more) > room:
            break
        shown = more
    if shown or not told:
        return shown
    first = told[0]
    room -= 2 * SIDE_PX + (MARK_PX + GAP_PX if first.tone in MARKED else 0)
    metrics = face_metrics(family, pixels, first.bold)
    text = metrics.elidedText(first.text, Qt.TextElideMode.ElideRight, max(0, room))
    return (Span(text, first.tone, first.bold),) if len(text) > 1 else ()


@lru_cache(maxsize=KEEP)
def _drawn(family: str, pixels: int, spans: Spans, ratio: float) -> QImage:
    wide, high = _width(family, pixels, spans), _high(pixels)
    image = QImage(
        round(wide * ratio), round(high * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(plate_color())
    painter = QPainter(image)
    x = SIDE_PX
    for span in spans:
        if span.tone in MARKED:
            box = QRectF(x, (high - MARK_PX) / 2, MARK_PX, MARK_PX)
            paint_mark(painter, box, span.tone, DARK)
            x += MARK_PX + GAP_PX
        metrics = face_metrics(family, pixels, span.bold)
        painter.setFont(face(family, pixels, span.bold))
        painter.setPen(DARK.tone(words_tone(span.tone)))
        base = round((high + metrics.ascent() - metrics.descent()) / 2)
        painter.drawText(QPoint(x, base), span.text)
        x += _advance(family, pixels, span)
    painter.end()
    return image
