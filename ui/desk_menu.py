"""The menu under the person's name: which panels are shown, the arrangement, the keyboard."""

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ui.arrangement import STAYS
from ui.panels.dock import PanelDock


class DeskMenu(QMenu):
    """`reset` and `keyboard` are what its last two lines do."""

    def __init__(
        self,
        window: QWidget,
        docks: dict[str, PanelDock],
        reset: Callable[[], None],
        keyboard: Callable[[], None],
    ) -> None:
        super().__init__(window)
        for name, dock in docks.items():
            if name not in STAYS:
                self.addAction(dock.toggleViewAction())
        self.addSeparator()
        again = QAction("Reset arrangement", window)
        again.setShortcut(QKeySequence("Ctrl+Shift+A"))
        again.triggered.connect(reset)
        window.addAction(again)
        self.addAction(again)
        keys = QAction("Keyboard\t?", window)
        keys.triggered.connect(keyboard)
        self.addAction(keys)

    def open_under(self, button: QWidget) -> None:
        """Its right edge at the button's."""
        at = button.mapToGlobal(
            QPoint(button.width() - self.sizeHint().width(), button.height() + 6)
        )
        self.popup(at)
