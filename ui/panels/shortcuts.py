"""The keyboard sheet over the window; `?` opens and closes it. Takes no command itself."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from ui.keys import BINDINGS


class ShortcutSheet(QFrame):
    """A child of the window, centred."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("Sheet")
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 18, 24, 18)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        heading = QLabel("Keyboard")
        heading.setObjectName("Heading")
        grid.addWidget(heading, 0, 0, 1, 2)
        for row, binding in enumerate(BINDINGS, start=1):
            key = QLabel(binding.shown)
            key.setObjectName("Key")
            grid.addWidget(key, row, 0)
            grid.addWidget(QLabel(binding.what), row, 1)
        close = QPushButton("Close  Esc")
        close.clicked.connect(self.hide)
        grid.addWidget(close, len(BINDINGS) + 1, 1, Qt.AlignmentFlag.AlignRight)
        self.hide()

    def toggle(self) -> None:
        """Open in the window's middle, or close."""
        if not self.isHidden():
            self.hide()
            return
        window = self.parentWidget()
        self.adjustSize()
        box = QRect(self.rect())
        if window is not None:
            box.moveCenter(window.rect().center())
        self.setGeometry(box)
        self.show()
        self.raise_()
