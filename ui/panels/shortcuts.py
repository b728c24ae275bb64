"""The keyboard sheet over the window; `?` opens and closes it. Takes no command itself."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from ui.keys import BINDINGS

WHAT_PX = 420


class ShortcutSheet(QFrame):
    """A child of the window, centred."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("Sheet")
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 18, 24, 18)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        heading = QLabel("Keyboard")
        heading.setObjectName("Heading")
        grid.addWidget(heading, 0, 0, 1, 2)
        half = -(-len(BINDINGS) // 2)
        for number, binding in enumerate(BINDINGS):
            column, row = divmod(number, half)
            key, what = QLabel(binding.shown), QLabel(binding.what)
            key.setObjectName("Key")
            what.setObjectName("What")
            what.setWordWrap(True)
            what.setFixedWidth(WHAT_PX)
            grid.addWidget(key, row + 1, column * 2, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(what, row + 1, column * 2 + 1, Qt.AlignmentFlag.AlignTop)
        close = QPushButton("Close  Esc")
        close.clicked.connect(self.hide)
        grid.addWidget(close, half + 1, 3, Qt.AlignmentFlag.AlignRight)
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
