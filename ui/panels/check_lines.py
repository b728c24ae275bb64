"""The pre-checks of a hand-over: a failing one with its Waive each, the passing ones in a line."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.context import Desk
from ui.models.handover import CheckLine, HandoverView
from ui.text import Tone
from ui.widgets.wrapped import Wrapped

SIDE_PX = 14


class CheckRow(QWidget):
    """One that does not pass, in words, and a button where this desk may waive it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = ""
        self.words = Wrapped(desk.theme)
        self.waive = QPushButton("Waive")
        self.waive.setObjectName("Small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.waive)

    def show_check(self, check: CheckLine) -> None:
        """Show this one."""
        self.key = check.key
        self.words.tell(Tone.CAUTION, check.text)
        self.waive.setVisible(check.waivable)
        self.waive.setAccessibleName(f"Waive: {check.text}")
        self.waive.setToolTip("Both who gives and who receives must waive it; it is audited")


class CheckLines(QWidget):
    """`waived(key)`: this desk waives a pre-check."""

    waived = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rows: list[CheckRow] = []
        self._count = 0
        self.heading = QLabel("")
        self.heading.setObjectName("Caption")
        self.passing = Wrapped(desk.theme)
        self._failing = QVBoxLayout()
        self._failing.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, 6, SIDE_PX, 6)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addLayout(self._failing)
        column.addWidget(self.passing)

    @property
    def rows(self) -> tuple[CheckRow, ...]:
        """Those that do not pass."""
        return tuple(self._rows[: self._count])

    def show_checks(self, view: HandoverView) -> None:
        """Show them as they stood when the sheet came."""
        self.setVisible(bool(view.failing or view.passing))
        self.heading.setText(f"Checks, {view.heard}")
        while len(self._rows) < len(view.failing):
            row = CheckRow(self._desk, self)
            row.waive.clicked.connect(lambda _on=False, r=row: self.waived.emit(r.key))
            self._rows.append(row)
            self._failing.addWidget(row)
        self._count = len(view.failing)
        for check, row in zip(view.failing, self._rows, strict=False):
            row.show_check(check)
        for number, row in enumerate(self._rows):
            row.setVisible(number < self._count)
        self.passing.tell(Tone.QUIET, view.passing)

    def waive_next(self) -> bool:
        """W: the first that this desk may waive; says whether there was one."""
        for row in self.rows:
            if not row.waive.isHidden():
                row.waive.click()
                return True
        return False
