"""The battery as what it buys: the darker part is the way home and the landing."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from ui.models.battery import Battery
from ui.theme import Theme


def paint_battery(painter: QPainter, box: QRectF, battery: Battery, theme: Theme) -> None:
    """Draw the bar into `box`."""
    painter.fillRect(box, theme.color("line"))
    work = theme.color("strong" if battery.own else "quiet")
    home = theme.color("line_strong" if not battery.own else "off")
    if battery.stale:
        work = home = theme.color("line_strong")
    left = box.width() * min(max(battery.left, 0.0), 1.0)
    reserve = min(left, box.width() * max(battery.home, 0.0))
    painter.fillRect(QRectF(box.left(), box.top(), left, box.height()), work)
    painter.fillRect(QRectF(box.left(), box.top(), reserve, box.height()), home)
