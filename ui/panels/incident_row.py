"""One incident in the list: disc, title, running time, whose it is, Take, and the ranking."""

from html import escape

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.models.incidents import IncidentRow, WhyLine
from ui.text import Span, unbroken
from ui.theme import BASE_PX, SMALL_PX, Theme
from ui.widgets.grade_disc import GradeDisc
from ui.widgets.text_line import TextLine

OPENERS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class IncidentRowWidget(QFrame):
    """Shows a row's value; changes nothing when the same value comes again."""

    chosen = Signal(str)
    take_pressed = Signal(str)

    def __init__(self, row: IncidentRow, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row = row
        self._selected = False
        self._outlined = False
        self._disc = GradeDisc(theme)
        self.title = TextLine(theme, BASE_PX)
        self.running = TextLine(theme, BASE_PX, right=True)
        self.line = TextLine(theme, SMALL_PX, gives=0)
        self.best = TextLine(theme, SMALL_PX)
        self._acts = QWidget(self)
        self.why = QPushButton("why?", self)
        self.take = QPushButton("Take", self)
        self._reasons = QWidget(self)
        self._reason_lines: list[QLabel] = []
        self._build()
        self._show()

    @property
    def row(self) -> IncidentRow:
        """What is shown."""
        return self._row

    @property
    def reasons(self) -> tuple[str, ...]:
        """The ranking as shown; empty while folded."""
        if self._reasons.isHidden():
            return ()
        return tuple(line.accessibleName() for line in self._reason_lines if not line.isHidden())

    def set_row(self, row: IncidentRow) -> None:
        """Show this value."""
        if row != self._row:
            self._row = row
            self._show()

    def set_selected(self, selected: bool) -> None:
        """Mark the row as the selected one."""
        if selected != self._selected:
            self._selected = selected
            self.update()

    def set_busy(self, words: str) -> None:
        """While an act is under way the button says so and takes no second press."""
        self.take.setEnabled(not words)
        self.take.setText("Taking …" if words else "Take")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(self._row.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in OPENERS:
            self.chosen.emit(self._row.key)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._outlined = event.reason() is not Qt.FocusReason.MouseFocusReason
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self.rect()
        if self._selected:
            painter.fillRect(box, self._theme.color("selected"))
            painter.fillRect(QRect(0, 0, 3, box.height()), self._theme.color("accent"))
        painter.fillRect(QRect(0, box.bottom(), box.width(), 1), self._theme.color("line"))
        if self.hasFocus() and self._outlined:
            painter.setPen(self._theme.color("accent"))
            painter.drawRect(box.adjusted(0, 0, -1, -2))
        painter.end()

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.why.setObjectName("Link")
        self.why.setCheckable(True)
        self.why.toggled.connect(lambda _on: self._show_reasons())
        self.take.setObjectName("Small")
        self.take.clicked.connect(lambda: self.take_pressed.emit(self._row.key))
        low = QHBoxLayout(self._acts)
        low.setContentsMargins(0, 1, 0, 0)
        low.setSpacing(4)
        low.addWidget(self.best, 1)
        low.addWidget(self.why)
        low.addWidget(self.take)
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 7, 14, 7)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.addWidget(self._disc, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.title, 0, 1)
        grid.addWidget(self.running, 0, 2)
        grid.addWidget(self.line, 1, 1, 1, 2)
        grid.addWidget(self._acts, 2, 1, 1, 2)
        grid.addWidget(self._reasons, 3, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self._reasons)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(4)
        self._reasons.hide()

    def _show(self) -> None:
        row = self._row
        self._disc.set_grade(row.grade)
        self.title.set_spans(Span(row.title, bold=True))
        self.title.set_tip(row.tip)
        self.running.set_spans(row.running)
        self.running.set_tip(row.running_tip)
        self.line.set_spans(*row.line)
        self.best.set_spans(*row.best)
        self._acts.setVisible(row.takeable or bool(row.best))
        self.take.setVisible(row.takeable)
        self.why.setVisible(bool(row.why))
        self.setAccessibleName(f"Incident {row.title}, {self.line.text}")
        self._show_reasons()

    def _show_reasons(self) -> None:
        shown = self.why.isChecked() and bool(self._row.why)
        self._reasons.setVisible(shown)
        if not shown:
            return
        while len(self._reason_lines) < len(self._row.why):
            line = QLabel()
            line.setObjectName("Reason")
            line.setTextFormat(Qt.TextFormat.RichText)
            line.setWordWrap(True)
            self._reason_lines.append(line)
            layout = self._reasons.layout()
            if layout is not None:
                layout.addWidget(line)
        for number, line in enumerate(self._reason_lines):
            line.setVisible(number < len(self._row.why))
            if number < len(self._row.why):
                self._write_reason(line, self._row.why[number])

    def _write_reason(self, line: QLabel, why: WhyLine) -> None:
        drones = ", ".join(why.drones)
        line.setAccessibleName(f"{drones}: {why.reasons}")
        color = self._theme.text if why.possible else self._theme.off
        words = escape(unbroken(why.reasons))
        line.setText(f'<span style="color:{color}; font-weight:600">{drones}</span>&nbsp; {words}')
