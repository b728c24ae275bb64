"""The top bar: the gateway's mark, site, clocks, link chips, wind, alarms, person."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from ui.context import Desk
from ui.models import status
from ui.models.status import ChipText
from ui.sign_on import observes, person_words
from ui.sounds_switch import sounds_chip
from ui.text import Span, Tone, clock_time, utc_time
from ui.theme import BASE_PX, SMALL_PX, Theme
from ui.widgets.chip import Chip
from ui.widgets.mark import MARKED
from ui.widgets.text_line import TextLine

BAR_PX = 40
MARK_SIDE_PX = 10
SPACING_PX = 20
ENDS_PX = 22 + 5 * SPACING_PX
OBSERVES = "OBSERVES"
GIVE_WAY = ("wind", "bus", "central", "keeper", "gateway", "feeds", "alarms")

CHIPS: tuple[tuple[str, Callable[[Desk], ChipText | None]], ...] = (
    ("gateway", lambda desk: status.gateway_chip(desk.state)),
    ("keeper", lambda desk: status.keeper_chip(desk.state)),
    ("central", lambda desk: status.central_chip(desk.state)),
    ("bus", lambda desk: status.bus_chip(desk.state)),
    ("process", lambda desk: status.process_chip(desk.state)),
    ("feeds", lambda d: status.feeds_chip(d.state, d.state.site.feeds, d.wall.status)),
    ("alarms", lambda desk: status.alarms_chip(desk.state)),
    ("wind", lambda desk: status.wind_chip(desk.state)),
    ("sounds", lambda desk: sounds_chip(desk.sounds)),
)


class ModeMark(TextLine):
    """TRAINING · SIMULATED in an outline; permanent once the gateway has told."""

    def __init__(
        self, theme: Theme, token: str = "training", parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, SMALL_PX, parent=parent)
        self._token = token
        self._known = False

    def set_mode(self, words: str, known: bool) -> None:
        """Show the mark."""
        self._known = known
        self.set_spans(Span(words, bold=True))
        wide = QFontMetrics(self._spaced()).horizontalAdvance(words)
        self.setFixedSize(wide + 2 * MARK_SIDE_PX, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._theme.color(self._token if self._known else "off")
        painter.setPen(color)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setFont(self._spaced())
        box = self.rect().adjusted(MARK_SIDE_PX, 0, 0, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text)
        painter.end()

    def _spaced(self) -> QFont:
        font = QFont(self._font(True))
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 0.8)
        return font


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
        self.clocks = TextLine(theme, BASE_PX, hugs=True)
        self.chips = {name: Chip(name, theme) for name, _ in CHIPS}
        self.observes = ModeMark(theme, "text")
        self.observes.set_mode(OBSERVES, True)
        self.observes.setToolTip("This desk watches: it holds no drone and commands nothing.")
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
        self.observes.setVisible(observes(state))
        words = f"{person_words(state)}  ☰"
        if words != self.person.text():
            self.person.setText(words)
        told = {name: made for name, make in CHIPS if (made := make(self._desk)) is not None}
        for name, chip in told.items():
            self.chips[name].set_value(chip.value, chip.tone, chip.tip)
        shown = self._that_fit(told)
        for name, widget in self.chips.items():
            widget.setVisible(name in shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def _that_fit(self, told: dict[str, ChipText]) -> set[str]:
        """All of them; when the bar is too narrow the healthy ones give way, then UTC."""
        fixed = (self.mark.width(), self.place.width(), self.person.sizeHint().width())
        marked = 0 if self.observes.isHidden() else self.observes.width() + SPACING_PX
        taken = sum(fixed) + marked + self.clocks.sizeHint().width() + ENDS_PX
        widths = {name: self.chips[name].sizeHint().width() + SPACING_PX for name in told}
        shown = set(told)
        for name in GIVE_WAY:
            if taken + sum(widths[n] for n in shown) <= self.width():
                return shown
            if name in shown and told[name].tone not in MARKED:
                shown.remove(name)
        if taken + sum(widths[n] for n in shown) > self.width():
            self.clocks.set_spans(Span(clock_time(self._desk.utc_ms)))
        return shown

    def _build(self) -> None:
        self.place.set_spans(Span(self._desk.state.site.name, bold=True))
        self.place.setFixedWidth(self.place.sizeHint().width())
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(SPACING_PX)
        row.addWidget(self.mark)
        row.addWidget(self.place)
        row.addWidget(self.clocks)
        row.addStretch(1)
        for name, _ in CHIPS:
            row.addWidget(self.chips[name])
        row.addStretch(1)
        row.addWidget(self.observes)
        row.addWidget(self.person)
