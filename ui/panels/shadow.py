"""The old holder's view after a hand-over: for half a minute it watches, and big words say so."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.context import Desk
from ui.models.handing import shadow_left_s
from ui.text import Span, Tone
from ui.theme import HUGE_PX, PRIMARY_PX, SMALL_PX
from ui.widgets.text_line import TextLine

WATCH = "You watch: figures and picture stay. F asks for it."


class ShadowLine(QWidget):
    """In the place of the commands: who has control now, and how long this desk still watches."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.words = TextLine(desk.theme, HUGE_PX)
        self.told = TextLine(desk.theme, SMALL_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.words)
        column.addWidget(self.told)
        self.setFixedHeight(PRIMARY_PX + 8)
        self.told.set_spans(Span(WATCH, Tone.QUIET))

    def show_drone(self, drone: str) -> bool:
        """Show it for this drone; says whether there is anything to watch."""
        state = self._desk.state
        left_s = shadow_left_s(state, drone) if drone else 0.0
        record = state.control(drone) if left_s else None
        if record is None or record.holder is None:
            return False
        self.words.set_spans(
            Span(f"{record.holder.name} has control", bold=True),
            Span(f" \u00b7 shadow {left_s:.0f} s", Tone.QUIET),
        )
        return True
