"""The flight warnings, over the top of the map: what matters most first, each with what to do.

They stand before everything else on the desk; a click selects the drone. Nothing is drawn while
there is nothing to warn of.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gcs.alerts.warning_board import Line, WarningBoard
from gcs.model.event import Severity
from ui.context import Desk
from ui.models.flight_facts import facts_of
from ui.text import Span, Tone, count_of
from ui.theme import BASE_PX, SMALL_PX, Theme
from ui.widgets.text_line import TextLine

TONES = {Severity.WARNING: Tone.WARNING, Severity.CAUTION: Tone.CAUTION, Severity.INFO: Tone.QUIET}
WORDS = {Severity.WARNING: "Warning", Severity.CAUTION: "Caution", Severity.INFO: "Note"}
MOST_ROWS = 4
ROW_PX = 28
WIDEST_PX = 760
BELOW_BUTTONS_PX, BESIDE_BUTTONS_PX = 44, 56  # the map's own, at its head and on its right
EDGE_PX = 12


class WarningRow(QAbstractButton):
    """A line of the plate."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.drone = ""
        self.text_line = TextLine(theme, BASE_PX, gives=1, parent=self)
        self.text_line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedHeight(ROW_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.addWidget(self.text_line)

    def show_line(self, line: Line) -> None:
        """Show this warning."""
        self.drone = line.drones[0]
        self.text_line.set_spans(
            Span(line.text, TONES[line.severity], bold=True), Span(f"  {line.action}", Tone.TEXT)
        )
        words = f"{WORDS[line.severity]}: {line.text} {line.action}"
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDEST_PX, ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.hasFocus():
            painter.setPen(self._theme.color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class WarningPlate(QFrame):
    """A child of the window, above the map. `lines` are what the board gave last."""

    def __init__(self, desk: Desk, window: QWidget, over: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("Sheet")
        self._desk = desk
        self._over = over
        self._board = WarningBoard()
        self.lines: tuple[Line, ...] = ()
        self.rows = tuple(WarningRow(desk.theme, self) for _ in range(MOST_ROWS))
        self.more = TextLine(desk.theme, SMALL_PX, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        for row in self.rows:
            row.clicked.connect(lambda _on=False, r=row: desk.selection.select_drone(r.drone))
            column.addWidget(row)
        column.addWidget(self.more)
        self.hide()
        desk.bridge.tick.connect(self.refresh)

    def refresh(self) -> None:
        """Judge anew and show what holds."""
        lines = self._board.judge(facts_of(self._desk.state))
        if lines != self.lines:
            self.lines = lines
            self._show_lines()
        self.place()

    def place(self) -> None:
        """Over the map's head, as wide as it allows."""
        if self.isHidden():
            return
        corner = self._over.mapTo(self.window(), self._over.rect().topLeft())
        room = self._over.width() - EDGE_PX - BESIDE_BUTTONS_PX
        width = min(WIDEST_PX, room)
        left = corner.x() + EDGE_PX + (room - width) // 2
        height = self.sizeHint().height()
        self.setGeometry(left, corner.y() + BELOW_BUTTONS_PX, width, height)

    def _show_lines(self) -> None:
        for row, line in zip(self.rows, self.lines, strict=False):
            row.show_line(line)
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(self.lines))
        rest = len(self.lines) - MOST_ROWS
        self.more.setVisible(rest > 0)
        if rest > 0:
            self.more.set_spans(Span(f"  and {count_of(rest, 'more', 'more')}", Tone.CAUTION))
        self.setVisible(bool(self.lines))
        if self.lines:
            self.raise_()
