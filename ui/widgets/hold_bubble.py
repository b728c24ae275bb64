"""What a held button will do, in two lines beside a large ring. Takes no clicks and no focus."""

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import BASE_PX, SMALL_PX, Theme
from ui.widgets.ring import paint_ring

RING_PX = 40
PAD_PX = 12
SAID_FOR_MS = 1800


class HoldBubble(QWidget):
    """Lives above its button, inside the button's window."""

    def __init__(self, button: QWidget, theme: Theme) -> None:
        super().__init__(button)
        self._button = button
        self._theme = theme
        self._lines = ("", "")
        self._share: float | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._closing = QTimer(self)
        self._closing.setSingleShot(True)
        self._closing.setInterval(SAID_FOR_MS)
        self._closing.timeout.connect(self.hide)

    @property
    def lines(self) -> tuple[str, str]:
        """What is written now."""
        return self._lines

    def open(self, lines: tuple[str, str]) -> None:
        """Show the two lines and an empty ring."""
        self._closing.stop()
        self._lines, self._share = lines, 0.0
        self._place()

    def set_share(self, share: float) -> None:
        """Fill the ring to `share`."""
        self._share = share
        self.update(0, 0, RING_PX + 2 * PAD_PX, self.height())

    def say(self, why: str) -> None:
        """Why nothing was sent; goes by itself."""
        self._lines, self._share = (why, ""), None
        self._place()
        self._closing.start()

    def close_now(self) -> None:
        """Go at once."""
        self._closing.stop()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("raised"))
        painter.setPen(self._theme.color("line_strong"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        left = PAD_PX
        if self._share is not None:
            box = QRectF(PAD_PX, (self.height() - RING_PX) / 2, RING_PX, RING_PX)
            track, fill = self._theme.color("line_strong"), self._theme.color("accent")
            paint_ring(painter, box, self._share, 5, track, fill)
            left += RING_PX + PAD_PX
        tokens = (("text", _font(self, BASE_PX)), ("quiet", _font(self, SMALL_PX)))
        top = PAD_PX
        for line, (token, font) in zip(self._lines, tokens, strict=True):
            painter.setFont(font)
            painter.setPen(self._theme.color(token))
            painter.drawText(QRectF(left, top, self.width(), 20), line)
            top += 21
        painter.end()

    def _place(self) -> None:
        window = self._button.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        fonts = (_font(self, BASE_PX), _font(self, SMALL_PX))
        wide = max(
            QFontMetrics(font).horizontalAdvance(line)
            for line, font in zip(self._lines, fonts, strict=True)
        )
        ring = RING_PX + PAD_PX if self._share is not None else 0
        rows = 2 if self._lines[1] else 1
        self.resize(wide + ring + 2 * PAD_PX + 2, max(ring + PAD_PX, rows * 21 + 2 * PAD_PX))
        at = self._button.mapTo(window, QPoint(0, -self.height() - 8))
        left = max(4, min(at.x(), window.width() - self.width() - 4))
        self.move(left, max(4, at.y()))
        self.show()
        self.raise_()
        self.update()


def _font(widget: QWidget, pixels: int) -> QFont:
    font = QFont(widget.font())
    font.setPixelSize(pixels)
    return font
