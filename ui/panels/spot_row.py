"""The selected point of a draft: which it is, its exact place to be typed, insert and delete.

Tells what was asked for; changes nothing itself.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from gcs.model.place import Position
from ui.models.place_entry import parse_place, place_text
from ui.panels.small import small_button
from ui.text import Span, Tone
from ui.theme import SMALL_PX, Theme
from ui.widgets.text_line import TextLine


class SpotRow(QWidget):
    """`placed` after Enter in the field; a place that cannot be read is told by `refused`."""

    stepped = Signal(int)
    placed = Signal(object)  # Position
    refused = Signal(str)
    insert_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = TextLine(theme, SMALL_PX)
        self.place = QLineEdit()
        self.place.setAccessibleName("Place of the point: latitude, longitude or grid reference")
        self.place.setToolTip("51.52450, -0.10890, or a grid reference (good to 5 m); Enter moves")
        self.place.setPlaceholderText("Latitude, longitude or TQ 31234 82345")
        self.place.returnPressed.connect(self._typed)
        self.before = small_button("‹", "The point before  Shift Tab on the map")
        self.after = small_button("›", "The next point  Tab on the map")
        self.insert = small_button("Insert", "A point after this one  I on the map")
        self.delete = small_button("Delete", "Take this point away  Del on the map")
        self.before.setAccessibleName("The point before")
        self.after.setAccessibleName("The next point")
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        self.insert.clicked.connect(self.insert_wanted)
        self.delete.clicked.connect(self.delete_wanted)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        grid.addWidget(self.before, 0, 0)
        grid.addWidget(self.after, 0, 1)
        grid.addWidget(self.words, 0, 2)
        grid.addWidget(self.insert, 0, 3)
        grid.addWidget(self.delete, 0, 4)
        grid.addWidget(self.place, 1, 0, 1, 5)
        grid.setColumnStretch(2, 1)

    def show_spot(self, words: str, place: Position | None) -> None:
        """The point, or what to do when none is selected."""
        chosen = place is not None
        none = "No point is selected"
        self.words.set_spans(Span(words, bold=True) if chosen else Span(none, Tone.QUIET))
        for widget in (self.place, self.insert, self.delete):
            widget.setEnabled(chosen)
        text = place_text(place) if place is not None else ""
        if not self.place.hasFocus() or not self.place.isModified():
            self._write(text)

    def _write(self, text: str) -> None:
        if text != self.place.text():
            self.place.setText(text)
        self.place.setModified(False)

    def _typed(self) -> None:
        try:
            place = parse_place(self.place.text())
        except ValueError as error:
            self.refused.emit(str(error))
            return
        self.place.setModified(False)
        self.placed.emit(place)
