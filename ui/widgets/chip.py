"""A named figure of the status bar: quiet name, value, and a shape and word when it is not well."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.text import Span, Tone
from ui.theme import BASE_PX, Theme
from ui.widgets.text_line import TextLine


class Chip(TextLine):
    """`gateway 12 ms`; as wide as its text, so it is never cut."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, BASE_PX, hugs=True, parent=parent)
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_value(self, value: str, tone: Tone = Tone.TEXT, tip: str = "") -> None:
        """Show a value; CAUTION and WARNING colour name and value and add the shape."""
        if tone in (Tone.CAUTION, Tone.WARNING):
            self.set_spans(Span(f"{self._name} {value}", tone))
        else:
            self.set_spans(Span(f"{self._name} ", Tone.QUIET), Span(value, tone))
        self.set_tip(tip)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
