"""Those that wait, the newest first, for a person to choose one. It chooses none by itself."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gcs.model.alert import AlertRecord
from gcs.station.state import DeskState
from ui.models.alerts import row_words, waiting_words


class AlertList(QWidget):
    """One button a possible match; `chosen(alert)`. Its buttons are used again."""

    chosen = Signal(str)

    def __init__(self, state: DeskState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: tuple[str, ...] = ()
        self.rows: list[QPushButton] = []
        self.heading = QLabel("")
        self.heading.setObjectName("Heading")
        inside = QWidget()
        inside.setObjectName("PanelBody")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addWidget(self.heading)
        outer.addWidget(scroll, 1)

    def show_records(self, records: tuple[AlertRecord, ...]) -> None:
        """These, in this order."""
        while len(self.rows) < len(records):
            row = QPushButton(self)
            row.setObjectName("Row")
            number = len(self.rows)
            row.clicked.connect(lambda _on=False, n=number: self._choose(n))
            self.rows.append(row)
            self._column.insertWidget(number, row)
        self.heading.setText(f"{waiting_words(len(records))}: choose one")
        self._shown = tuple(r.alert.id for r in records)
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(records))
            if number < len(records):
                words = row_words(self._state, records[number])
                if words != row.text():
                    row.setText(words)

    def _choose(self, number: int) -> None:
        if number < len(self._shown):
            self.chosen.emit(self._shown[number])
