"""What is drawn into a picture: boxes of possible matches, the middle, north, the pin."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gcs.model.alert import Box
from ui.theme import DARK

BOX_LEAST_PX = 16
RING_PX = 13.0
BOX_PEN_PX = 2.0
CROSS_GAP_PX = 8
CROSS_PX = 16
NORTH_PX = 9.0
UNDER = QColor(13, 18, 23, 200)


@dataclass(frozen=True, slots=True)
class BoxShape:
    """Where a possible match is drawn: a rectangle, or a ring where it would be too small."""

    rect: QRectF
    ring: bool


def box_shape(box: Box, picture: QRect) -> BoxShape:
    """A box of a frame on the picture of that frame."""
    rect = QRectF(
        picture.x() + box.left * picture.width(),
        picture.y() + box.top * picture.height(),
        box.width * picture.width(),
        box.height * picture.height(),
    )
    if min(rect.width(), rect.height()) >= BOX_LEAST_PX:
        return BoxShape(rect, False)
    reach = max(RING_PX, max(rect.width(), rect.height()) / 2 + 4)
    middle = rect.center()
    return BoxShape(QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach), True)


def paint_box(painter: QPainter, shape: BoxShape) -> None:
    """White over a dark line, to be seen on any picture."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, shape.ring)
    for color, pen in ((UNDER, BOX_PEN_PX + 2), (DARK.color("strong"), BOX_PEN_PX)):
        painter.setPen(QPen(color, pen))
        if shape.ring:
            painter.drawEllipse(shape.rect)
        else:
            painter.drawRect(shape.rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_cross(painter: QPainter, middle: QPoint) -> None:
    """The picture's middle, left open so that it hides nothing."""
    x, y = middle.x(), middle.y()
    near, far = CROSS_GAP_PX, CROSS_GAP_PX + CROSS_PX
    for color, pen in ((UNDER, 3), (DARK.color("strong"), 1)):
        painter.setPen(QPen(color, pen))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(x + dx * near, y + dy * near, x + dx * far, y + dy * far)


def paint_north(painter: QPainter, middle: QPointF, azimuth_deg: float) -> None:
    """An arrow to the north for a picture whose top is at `azimuth_deg`."""
    angle = math.radians(-azimuth_deg)
    ahead = QPointF(math.sin(angle), -math.cos(angle))
    aside = QPointF(-ahead.y(), ahead.x())
    tip = middle + ahead * NORTH_PX
    foot = middle - ahead * NORTH_PX
    arrow = QPolygonF([tip, foot + aside * 5.5, middle - ahead * 4.5, foot - aside * 5.5])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(UNDER, 2))
    painter.setBrush(DARK.color("text"))
    painter.drawPolygon(arrow)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_pin(painter: QPainter, corner: QPoint) -> None:
    """A small pin: this feed stays in the focus. `corner`: of its 12 pixels, top left."""
    x, y = corner.x(), corner.y()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(DARK.color("accent"), 1.6))
    painter.setBrush(DARK.color("accent"))
    painter.drawEllipse(QRectF(x + 3, y + 1, 6, 6))
    painter.drawLine(QPointF(x + 6, y + 7), QPointF(x + 6, y + 12))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_edge(painter: QPainter, box: QRect, color: QColor, wide: int) -> None:
    """A line of `wide` pixels inside the edge."""
    for rect in (
        QRect(box.x(), box.y(), box.width(), wide),
        QRect(box.x(), box.bottom() + 1 - wide, box.width(), wide),
        QRect(box.x(), box.y(), wide, box.height()),
        QRect(box.right() + 1 - wide, box.y(), wide, box.height()),
    ):
        painter.fillRect(rect, color)
