"""What covers the map while it is not to be trusted: one sentence and, when given up, a button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget


class MapCover(QFrame):
    """Hides the page behind words. The style sheet knows it as `MapCover`."""

    again = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("MapCover")
        self.setAutoFillBackground(True)
        self._words = QLabel(self)
        self._words.setObjectName("MapCoverWords")
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._again = QPushButton("Start the map again", self)
        self._again.clicked.connect(self.again)
        box = QVBoxLayout(self)
        box.addStretch()
        box.addWidget(self._words)
        box.addWidget(self._again, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch()

    @property
    def words(self) -> str:
        """What it says now; empty when it is not shown."""
        return self._words.text()

    def show_words(self, words: str, *, offer_again: bool) -> None:
        """Cover the map with a sentence; an empty one uncovers it."""
        self._words.setText(words)
        self._again.setVisible(offer_again)
        self.setVisible(bool(words))
        if words:
            self.raise_()
