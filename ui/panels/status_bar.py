"""The top bar: the gateway's mark, site, clocks, link chips, wind, alarms, person."""

from collections.abc import Callable

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from gcs.station.state import DeskState
from ui.context import Desk
from ui.models import status
from ui.models.status import ChipText
from ui.text import Span, Tone, clock_time, utc_time
from ui.theme import BASE_PX, SMALL_PX, Theme
from ui.widgets.chip import Chip
from ui.widgets.text_line import TextLine

BAR_PX = 40

CHIPS: tuple[tuple[str, Callable[[DeskState], ChipText | None]], ...] = (
    ("gateway", status.gateway_chip),
    ("keeper", status.keeper_chip),
    ("central", status.central_chip),
    ("bus", status.bus_chip),
    ("process", status.process_chip),
    ("alarms", status.alarms_chip),
    ("wind", status.wind_chip),
)


class ModeMark(TextLine):
    """TRAINING · SIMULATED in an outline; permanent once the gateway has told."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, SMALL_PX, parent=parent)
        self._known = False
        self.setContentsMargins(0, 0, 0, 0)

    def set_mode(self, words: str, known: bool) -> None:
        """Show the mark."""
        self._known = known
        self.set_spans(Span(words, bold=True))
        self.setFixedSize(self.sizeHint().width() + 26, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._theme.color("training" if self._known else "off")
        painter.setPen(color)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        font = self._font(True)
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 0.8)
        painter.setFont(font)
        from_left = self.rect().adjusted(8, 0, -4, 0)
        painter.drawText(from_left, 0x0080 | 0x0004, self.text)
        painter.end()


class StatusBar(QFrame):
    """Reads the state once a second; links and processes at once."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("StatusBar")
        self.setFixedHeight(BAR_PX)
        self._desk = desk
        theme = desk.theme
        self.mark = ModeMark(theme)
        self.place = TextLine(theme, BASE_PX)
        self.clocks = TextLine(theme, BASE_PX)
        self.chips = {name: Chip(name, theme) for name, _ in CHIPS}
        self.person = QPushButton(self)
        self.person.setObjectName("Flat")
        self._build()
        desk.bridge.tick.connect(self.refresh)
        desk.bridge.links_changed.connect(self.refresh)
        desk.bridge.processes_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the state as it is now."""
        state = self._desk.state
        self.mark.set_mode(status.mode_words(state), state.gateway is not None)
        now = self._desk.utc_ms
        self.clocks.set_spans(Span(clock_time(now)), Span(f" ({utc_time(now)})", Tone.QUIET))
        for name, make in CHIPS:
            told = make(state)
            self.chips[name].setVisible(told is not None)
            if told is not None:
                self.chips[name].set_value(told.value, told.tone, told.tip)
        role = state.role.value if state.role else "not signed on"
        self.person.setText(f"{state.me.name} · {role} · {state.me.desk}  ☰")

    def _build(self) -> None:
        self.place.set_spans(Span(self._desk.state.site.name, bold=True))
        self.place.setFixedWidth(self.place.sizeHint().width())
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(22)
        row.addWidget(self.mark)
        row.addWidget(self.place)
        row.addWidget(self.clocks)
        row.addStretch(1)
        for name, _ in CHIPS:
            row.addWidget(self.chips[name])
        row.addStretch(1)
        row.addWidget(self.person)
