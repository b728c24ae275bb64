"""Time running out on an offer: a ring and the seconds. Asks the UTC clock it was given."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gcs.runtime.clock import Clock
from ui.text import duration
from ui.theme import Theme
from ui.widgets.ring import paint_ring


class Countdown(QWidget):
    """Shows what is left until `expires_utc_ms`; the owner calls `refresh` each second."""

    def __init__(
        self, clock: Clock, theme: Theme, token: str = "accent", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._theme = theme
        self._token = token
        self._from_ms = 0
        self._until_ms = 0
        self._shown = ""
        self.setFixedSize(self.sizeHint())

    @property
    def text(self) -> str:
        """What is written: `0:42`."""
        return self._shown

    @property
    def left_s(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, (self._until_ms - self._clock.utc_ms()) / 1000)

    def set_times(self, made_utc_ms: int, expires_utc_ms: int) -> None:
        """Count down from one moment to the other."""
        self._from_ms, self._until_ms = made_utc_ms, expires_utc_ms
        self.refresh()

    def refresh(self) -> None:
        """Show the time that is left now."""
        text = duration(self.left_s)
        if text != self._shown:
            self._shown = text
            self.setAccessibleName(f"{text} left")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(70, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole = max(1, self._until_ms - self._from_ms) / 1000
        paint_ring(
            painter,
            QRectF(1, 2, 20, 20),
            self.left_s / whole,
            3,
            self._theme.color("line_strong"),
            self._theme.color(self._token),
        )
        painter.setPen(self._theme.color("text"))
        painter.drawText(
            QRectF(28, 0, 42, 24),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self._shown,
        )
        painter.end()
