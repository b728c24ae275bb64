"""A dock with a title bar of the desk's own: a caption, a figure, and a button to float it.

Moves, resizes and floats as Qt docks do; carries no state of a drone.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QDockWidget, QHBoxLayout, QLabel, QPushButton, QWidget

from ui.theme import Theme

TITLE_PX = 30
GRIP_PX = 10


class FloatButton(QPushButton):
    """Floats the dock to a window of its own, or puts it back."""

    def __init__(self, dock: QDockWidget, theme: Theme) -> None:
        super().__init__(dock)
        self._dock = dock
        self._theme = theme
        self.setObjectName("Flat")
        self.setFixedSize(24, 24)
        self.setToolTip("Float or dock this panel")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"Float or dock {dock.windowTitle()}")
        self.clicked.connect(self._toggle)

    def _toggle(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        token = "accent" if self.hasFocus() else "text" if self.underMouse() else "line_strong"
        painter.setPen(QPen(self._theme.color(token), 1.2))
        painter.drawRect(QRectF(6.5, 9.5, 8, 8))
        painter.drawPolyline(
            [QPointF(9.5, 9.5), QPointF(9.5, 6.5), QPointF(17.5, 6.5), QPointF(17.5, 14.5)]
        )
        painter.drawLine(QPointF(17.5, 14.5), QPointF(14.5, 14.5))
        painter.end()


class TitleBar(QWidget):
    """Caption in capitals, a figure at the right, the float button."""

    def __init__(self, dock: QDockWidget, theme: Theme) -> None:
        super().__init__(dock)
        self._theme = theme
        self._figure = QLabel("", self)
        self._figure.setObjectName("Caption")
        caption = QLabel(dock.windowTitle().upper(), self)
        caption.setObjectName("Caption")
        font = caption.font()
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 1.0)
        caption.setFont(font)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(caption)
        row.addStretch(1)
        row.addWidget(self._figure)
        row.addWidget(FloatButton(dock, theme))
        self.setFixedHeight(TITLE_PX)

    @property
    def figure(self) -> str:
        return self._figure.text()

    def set_figure(self, text: str) -> None:
        """The figure beside the caption: how many rows."""
        if text != self._figure.text():
            self._figure.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        painter.end()


class Grip(QWidget):
    """A slim handle at the left, for panels that need their height: dots to drag by."""

    def __init__(self, dock: QDockWidget, theme: Theme) -> None:
        super().__init__(dock)
        self._theme = theme
        self.setToolTip(f"{dock.windowTitle()}: drag to move, double-click to float")

    def sizeHint(self) -> QSize:
        return QSize(GRIP_PX, 40)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("line"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("line_strong"))
        middle = self.height() // 2
        for step in (-8, 0, 8):
            painter.drawRect(4, middle + step, 2, 2)
        painter.end()


def focus_stays(window: QWidget) -> bool:
    """When the focused widget is greyed or hidden the window takes the keys itself.

    Qt would pass them to the next field or button: a letter meant as a command would be typed
    there, a space would press it.
    """
    focused = QApplication.focusWidget()
    if focused is None or (focused.isEnabled() and focused.isVisible()):
        return False
    window.setFocus(Qt.FocusReason.OtherFocusReason)
    return True


class PanelDock(QDockWidget):
    """Holds one panel. Keys that nobody took go to the desk's window, also when floating."""

    def __init__(
        self,
        name: str,
        title: str,
        panel: QWidget,
        theme: Theme,
        slim: bool = False,
        closable: bool = True,
    ) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        features = QDockWidget.DockWidgetFeature
        chosen = features.DockWidgetMovable | features.DockWidgetFloatable
        if closable:
            chosen |= features.DockWidgetClosable
        self.bar: TitleBar | None = None
        if slim:
            self.setFeatures(chosen | features.DockWidgetVerticalTitleBar)
            self.setTitleBarWidget(Grip(self, theme))
        else:
            self.setFeatures(chosen)
            self.bar = TitleBar(self, theme)
            self.setTitleBarWidget(self.bar)
        self.setWidget(panel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._forward(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._forward(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """As the desk's window does, when this panel floats."""
        if not self.isFloating():
            return super().focusNextPrevChild(forward)
        return focus_stays(self) or super().focusNextPrevChild(forward)

    def _forward(self, event: QKeyEvent) -> None:
        event.ignore()
        window = self.parentWidget()
        if self.isFloating() and window is not None:
            QApplication.sendEvent(window, event)
