"""The lines of a hand-over's brief, to be ticked one after the other; rows are reused."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from gcs.model.brief import Line
from ui.commands import tick_target
from ui.context import Desk
from ui.models.handover import BriefLine
from ui.widgets.tick_line import TickLine


class BriefLines(QWidget):
    """`ticked(line)`: the receiver has read this line as it stands here."""

    ticked = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drone = ""
        self._rows: list[TickLine] = []
        self._count = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    @property
    def rows(self) -> tuple[TickLine, ...]:
        """What is shown."""
        return tuple(self._rows[: self._count])

    def row(self, key: str) -> TickLine | None:
        """The row of a line."""
        return next((r for r in self.rows if r.line and r.line.line.key == key), None)

    def show_lines(self, drone: str, lines: tuple[BriefLine, ...], may_tick: bool) -> None:
        """Show these."""
        self._drone = drone
        while len(self._rows) < len(lines):
            self._add()
        self._count = len(lines)
        self.setVisible(bool(lines))
        for line, row in zip(lines, self._rows, strict=False):
            pending = bool(self._desk.commands.progress(tick_target(drone, line.line.key)))
            row.show_line(line, may_tick, pending)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(lines))

    def go_to(self, key: str) -> bool:
        """Put the focus on a line; says whether it took it."""
        row = self.row(key)
        if row is None or row.focusPolicy() is Qt.FocusPolicy.NoFocus:
            return False
        self._focus(row)
        return True

    def _add(self) -> None:
        row = TickLine(self._desk.theme, self)
        row.clicked.connect(lambda _on=False, r=row: self._tick(r))
        row.moved.connect(lambda step, r=row: self._move(r, step))
        self._rows.append(row)
        self._column.addWidget(row)

    def _tick(self, row: TickLine) -> None:
        line: Line | None = row.line.line if row.line else None
        if row.open and line is not None:
            self.ticked.emit(line)

    def _move(self, row: TickLine, step: int) -> None:
        rows = self.rows
        number = rows.index(row) + step
        if 0 <= number < len(rows):
            self._focus(rows[number])
        elif step > 0:
            # All is read: the keys are the desk's again, no button behind may catch an Enter.
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus(self, row: TickLine) -> None:
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self._show(row)

    def reveal(self, key: str) -> None:
        """Scroll to a line, once it stands in its place."""
        row = self.row(key)
        if row is not None:
            QTimer.singleShot(0, row, lambda: self._show(row))

    def _show(self, row: TickLine) -> None:
        above: QWidget | None = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(row, 0, 40)
