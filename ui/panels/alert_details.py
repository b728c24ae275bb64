"""What the algorithm said, once a person's judgement is on record. Empty before, everywhere."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ui.text import Span, Tone
from ui.theme import SMALL_PX, Theme
from ui.widgets.text_line import TextLine

NAME_PX = 62
COLUMN_PX = 170


class AlertDetails(QWidget):
    """Name and words in two columns, or one that scrolls."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[tuple[TextLine, TextLine]] = []
        self._told: tuple[tuple[str, str], ...] = ()
        self._columns = 0
        inside = QWidget()
        inside.setObjectName("PanelBody")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(0)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.hide()

    @property
    def words(self) -> dict[str, str]:
        """What is shown, by name."""
        return {n.text: w.text for n, w in self._lines if n.text}

    def show_details(self, told: tuple[tuple[str, str], ...], columns: int) -> None:
        """Show these; nothing is left of others."""
        while len(self._lines) < len(told):
            name = TextLine(self._theme, SMALL_PX, parent=self)
            name.setFixedWidth(NAME_PX)
            self._lines.append((name, TextLine(self._theme, SMALL_PX, parent=self)))
            self._columns = 0
        if told != self._told:
            self._told = told
            for number, (name, words) in enumerate(self._lines):
                item = told[number] if number < len(told) else ("", "")
                name.set_spans(*((Span(item[0], Tone.QUIET),) if item[0] else ()))
                words.set_spans(*((Span(item[1]),) if item[1] else ()))
        self._arrange(columns)
        self.setVisible(bool(told))

    def minimumSizeHint(self) -> QSize:
        return QSize(COLUMN_PX, 20)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        rows = -(-len(self._lines) // columns)
        for number, (name, words) in enumerate(self._lines):
            column, row = divmod(number, max(1, rows))
            self._grid.addWidget(name, row, column * 2)
            self._grid.addWidget(words, row, column * 2 + 1)
            name.show()
            words.show()
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1 if columns == 2 else 0)
