"""The two answers a person gives: the first judgement, and then what is done about it.

No button is the default, none answers for several, and none acts before both images were seen.
Keys are shown as they act now: bare digits only while the panel has the focus.
"""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QWidget

from gcs.model.alert import Judgement, Response
from ui.models.alerts import OFFERED_REASONS
from ui.theme import PRIMARY_PX, Theme
from ui.widgets.key_button import KeyButton

JUDGEMENTS = (
    (Judgement.VIABLE, "Viable", "1"),
    (Judgement.NOT_VIABLE, "Not viable", "2"),
    (Judgement.CANNOT_TELL, "Cannot tell", "3"),
)
RESPONSES = (
    (Response.ENGAGE, "Engage", "4"),
    (Response.OBSERVE, "Observe", "5"),
    (Response.NO_ACTION, "No action", "6"),
)
PANEL_KEY = "A"
MOST_REASON = 200
REASON_PX = 38


class JudgeRow(QWidget):
    """Viable, not viable, cannot tell."""

    judged = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {j: KeyButton(label, key, theme) for j, label, key in JUDGEMENTS}
        self.setMinimumHeight(PRIMARY_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for judgement, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, j=judgement: self.judged.emit(j))
            row.addWidget(button)
        row.addStretch(1)

    def allow(self, why_not: Callable[[Judgement], str]) -> None:
        """Grey what cannot be said now; the tool tip says why."""
        for judgement, button in self.buttons.items():
            why = why_not(judgement)
            _set(button, why)

    def press(self, key: str) -> bool:
        """A digit; whether it stands for one of these."""
        for judgement, _, digit in JUDGEMENTS:
            if digit == key:
                self.buttons[judgement].click()
                return True
        return False

    def show_keys(self, bare: bool) -> None:
        """`1` while the panel has the focus, `A 1` from elsewhere."""
        for judgement, _, digit in JUDGEMENTS:
            self.buttons[judgement].set_key(digit if bare else f"{PANEL_KEY} {digit}")


class DecideRow(QWidget):
    """A reason, then engage, observe or no action."""

    decided = Signal(object, str)
    written = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {r: KeyButton(label, key, theme) for r, label, key in RESPONSES}
        self.reason = QComboBox()
        self.reason.setEditable(True)
        self.reason.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.reason.addItems(OFFERED_REASONS)
        self.reason.setAccessibleName("Reason")
        self.reason.setMinimumWidth(120)
        line = self.reason.lineEdit()
        assert line is not None
        line.setPlaceholderText("Reason, in a sentence")
        line.setMaxLength(MOST_REASON)
        self.clear()
        self.reason.editTextChanged.connect(lambda _text: self.written.emit())
        self._narrow: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        for response, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, r=response: self._decide(r))
        self.fold(False)

    @property
    def words(self) -> str:
        """The reason as written."""
        return self.reason.currentText().strip()

    def clear(self) -> None:
        """No reason yet: none is offered as the default."""
        self.reason.setCurrentIndex(-1)
        self.reason.setEditText("")

    def fold(self, narrow: bool) -> None:
        """The reason beside the buttons, or above them where it is narrow."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        first = 0 if narrow else 1
        self.setMinimumHeight(PRIMARY_PX + REASON_PX if narrow else PRIMARY_PX)
        self._grid.addWidget(self.reason, 0, 0, 1, 4 if narrow else 1)
        for number, button in enumerate(self.buttons.values()):
            self._grid.addWidget(button, 1 if narrow else 0, first + number)
        self._grid.setColumnStretch(0, 0 if narrow else 1)
        self._grid.setColumnStretch(3, 1 if narrow else 0)

    def allow(self, why_not: str) -> None:
        """Grey the answers, with the reason why; they need a reason of their own too."""
        why = why_not or ("" if self.words else "Write a reason or choose one first.")
        for button in self.buttons.values():
            _set(button, why)
        self.reason.setEnabled(not why_not)

    def press(self, key: str) -> bool:
        """A digit; whether it stands for one of these."""
        for response, _, digit in RESPONSES:
            if digit == key:
                self.buttons[response].click()
                return True
        return False

    def show_keys(self, bare: bool) -> None:
        """As in the first row."""
        for response, _, digit in RESPONSES:
            self.buttons[response].set_key(digit if bare else f"{PANEL_KEY} {digit}")

    def _decide(self, response: Response) -> None:
        self.decided.emit(response, self.words)


def _set(button: KeyButton, why_not: str) -> None:
    """Told each second: only what differs reaches the widget."""
    button.setEnabled(not why_not)
    if why_not != button.toolTip():
        button.setToolTip(why_not)
