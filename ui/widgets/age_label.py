"""A number that ages: normal under 3 s, greyed with its age, gone over 60 s."""

from PySide6.QtWidgets import QWidget

from ui.text import Span, Tone, aged
from ui.theme import BASE_PX, Theme
from ui.widgets.text_line import TextLine


class AgeLabel(TextLine):
    """A caption and one aged value."""

    def __init__(
        self, caption: str, theme: Theme, pixels: int = BASE_PX, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, pixels, parent=parent)
        self._caption = caption

    def set_value(self, value: str, age_s: float | None) -> None:
        """Show `value`, told `age_s` seconds ago (None = never)."""
        caption = (Span(f"{self._caption} ", Tone.QUIET),) if self._caption else ()
        self.set_spans(*caption, aged(value, age_s))
