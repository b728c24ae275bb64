"""A ring that fills clockwise from the top: a hold in progress, or a time running out."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen


def paint_ring(
    painter: QPainter, box: QRectF, share: float, width: float, track: QColor, fill: QColor
) -> None:
    """Draw `share` (0 to 1) of the ring in `fill` over the whole one in `track`."""
    inner = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(track, width))
    painter.drawEllipse(inner)
    painter.setPen(QPen(fill, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawArc(inner, 90 * 16, -round(min(max(share, 0.0), 1.0) * 360 * 16))
    painter.restore()
