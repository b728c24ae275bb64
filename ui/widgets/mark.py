"""The shapes that stand beside amber and red, so that neither is told by colour alone."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ui.text import Tone
from ui.theme import Theme

MARK_PX = 10
MARK_GAP_PX = 5
MARKED = frozenset({Tone.CAUTION, Tone.WARNING})


def paint_mark(painter: QPainter, box: QRectF, tone: Tone, theme: Theme) -> None:
    """A triangle for a caution, a filled octagon for a warning; nothing for the rest."""
    if tone not in MARKED:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.tone(tone), 1.5))
    painter.setBrush(theme.tone(tone) if tone is Tone.WARNING else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(_octagon(box) if tone is Tone.WARNING else _triangle(box))
    painter.restore()


def _triangle(box: QRectF) -> QPolygonF:
    return QPolygonF(
        [
            QPointF(box.center().x(), box.top() + 0.5),
            QPointF(box.right(), box.bottom() - 0.5),
            QPointF(box.left(), box.bottom() - 0.5),
        ]
    )


def _octagon(box: QRectF) -> QPolygonF:
    cut = box.width() * 0.29
    left, right, top, bottom = box.left(), box.right(), box.top(), box.bottom()
    return QPolygonF(
        [
            QPointF(left + cut, top),
            QPointF(right - cut, top),
            QPointF(right, top + cut),
            QPointF(right, bottom - cut),
            QPointF(right - cut, bottom),
            QPointF(left + cut, bottom),
            QPointF(left, bottom - cut),
            QPointF(left, top + cut),
        ]
    )
