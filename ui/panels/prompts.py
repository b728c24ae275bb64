"""What others want of this desk, on top of the brief: offers, requests, takeovers, and the list of
a hand-over of several drones.
"""

from typing import TypeVar

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gcs.model.control import ControlRecord
from gcs.model.function import Function
from ui.context import Desk
from ui.models.shifts import ShiftRow, Shifts
from ui.panels.claim import ClaimPrompt
from ui.panels.prompt import OfferPrompt
from ui.theme import SMALL_PX
from ui.widgets.text_line import TextLine

Prompt = TypeVar("Prompt", OfferPrompt, ClaimPrompt)
Key = tuple[str, Function]


class ShiftLine(QWidget):
    """One drone of a hand-over of several: how far it is, and the way to it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._row: ShiftRow | None = None
        self.words = TextLine(desk.theme, SMALL_PX)
        self.go = QPushButton("")
        self.go.setObjectName("Small")
        self.go.clicked.connect(self._go)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.go)

    def show_row(self, row: ShiftRow) -> None:
        """Show this one."""
        self._row = row
        self.words.set_spans(row.words)
        self.go.setText("Open brief" if row.opens else "Show")
        self.go.setAccessibleName(f"{self.go.text()} {row.drone}")

    def _go(self) -> None:
        if self._row is None:
            return
        if self._row.opens:
            self._desk.commands.open_brief(self._row.drone, self._row.function)
        else:
            self._desk.selection.select_drone(self._row.drone)


class ShiftList(QFrame):
    """Shown while more than one drone goes between this desk's person and another."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Prompt")
        self._desk = desk
        self.shifts = Shifts()
        self.heading = QLabel("")
        self.heading.setObjectName("Heading")
        self.heading.setWordWrap(True)
        self._lines: list[ShiftLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 8, 14, 8)
        self._column.setSpacing(4)
        self._column.addWidget(self.heading)
        self.hide()

    @property
    def lines(self) -> tuple[ShiftLine, ...]:
        """What is shown."""
        return tuple(line for line in self._lines if not line.isHidden())

    def refresh(self, reading: bool) -> None:
        """Show how far it is. While one is read, only what is to be opened next."""
        rows = self.shifts.rows(self._desk.state)
        several = bool(rows)
        if reading:
            rows = tuple(row for row in rows if row.opens)[:1]
        self.setVisible(several)
        self.heading.setText(self.shifts.headline(self._desk.state))
        while len(self._lines) < len(rows):
            self._lines.append(ShiftLine(self._desk, self))
            self._column.addWidget(self._lines[-1])
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(rows))
            if number < len(rows):
                line.show_row(rows[number])


class PromptColumn(QWidget):
    """One prompt for each takeover and request, and for one offer at a time."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._offers: dict[Key, OfferPrompt] = {}
        self._claims: dict[Key, ClaimPrompt] = {}
        self.shift = ShiftList(desk)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.shift)

    @property
    def offers(self) -> tuple[OfferPrompt, ...]:
        """Offers that wait for an answer."""
        return tuple(self._offers.values())

    @property
    def claims(self) -> tuple[ClaimPrompt, ...]:
        """Drones of this desk that others want."""
        return tuple(self._claims.values())

    def refresh(self, reading: bool = False) -> None:
        """Show the state as it is now. `reading`: a hand-over's brief stands below."""
        state, selected = self._desk.state, self._desk.selection.drone
        self.shift.refresh(reading)
        offers = state.offers_to_me()
        if not self.shift.isHidden():  # the list has them all: in full only the selected one
            offers = tuple(r for r in offers if r.drone == selected)
        self._show_kind(self._offers, OfferPrompt, offers)
        self._show_kind(self._claims, ClaimPrompt, state.claims_on_me())

    def refuse(self, drone: str) -> bool:
        """O: refuse, object or decline; says whether there was something to refuse."""
        for (other, _), claim in self._claims.items():
            if other == drone and claim.refuse.isEnabled():
                claim.refuse.click()
                return True
        for (other, _), offer in self._offers.items():
            if other == drone and offer.decline.isEnabled():
                offer.decline.click()
                return True
        return False

    def _show_kind(
        self, shown: dict[Key, Prompt], kind: type[Prompt], records: tuple[ControlRecord, ...]
    ) -> None:
        wanted = {(record.drone, record.function): record for record in records}
        for key in [k for k in shown if k not in wanted]:
            prompt = shown.pop(key)
            self._column.removeWidget(prompt)
            prompt.hide()
            prompt.deleteLater()
        for key, record in wanted.items():
            if key not in shown:
                shown[key] = kind(self._desk, *key)
                self._column.addWidget(shown[key])
            shown[key].show_record(record)
