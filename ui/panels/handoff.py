"""Handing a drone to a named person, and closing its incident: two small forms under the brief."""

from itertools import pairwise

from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gcs.model.control import ControlRecord
from gcs.model.function import Function
from gcs.station.state import DeskState
from ui.context import Desk
from ui.models.words import MAY_FLY, Ask, why_not
from ui.text import Span, Tone
from ui.theme import BASE_PX
from ui.widgets.countdown import Countdown
from ui.widgets.text_line import TextLine

WITH, WITHOUT, CAMERA = "with camera", "without camera", "camera alone"


class HandOffForm(QWidget):
    """A person present, a reason, what was promised to others, Offer; while it stands, the
    countdown and Cancel. Where the camera is controlled apart: whether it goes along.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drone = ""
        self._opened = False
        self.person = QComboBox()
        self.reason = QLineEdit()
        self.promised = QLineEdit()
        self.what = QComboBox()
        self.all = QPushButton("All …")
        self.offer = QPushButton("Offer")
        self.words = TextLine(desk.theme, BASE_PX)
        self.countdown = Countdown(desk.clock, desk.theme)
        self.cancel = QPushButton("Cancel offer")
        self._build()
        self.show_drone("")

    @property
    def drone(self) -> str:
        """Whose control it hands over."""
        return self._drone

    @property
    def offering(self) -> bool:
        """Whether an offer of mine stands."""
        return not self.countdown.isHidden()

    def show_drone(self, drone: str) -> None:
        """Show what can be done about this drone's control now."""
        if drone != self._drone:
            self._opened = False
        self._drone = drone
        state = self._desk.state
        record = offer_of_mine(state, drone)
        standing = record is not None
        why = "" if standing else why_not(state, drone, Ask.HAND_OFF)
        self._fill_people()
        free = not standing and not why
        for widget in (self.person, self.reason):
            widget.setVisible(free)
        # The rest when it is asked for: the brief needs the room.
        whole = free and (self._opened or bool(self.reason.text()))
        self.offer.setVisible(whole)
        self.promised.setVisible(whole)
        self.what.setVisible(whole and not state.site.drone(drone).coupled)
        self.all.setVisible(whole and len(state.held()) > 1)
        for other in (self.countdown, self.cancel):
            other.setVisible(standing)
        self.words.setVisible(standing or bool(why))
        if standing and record is not None and record.offer is not None:
            self.words.set_spans(
                Span(f"{drone} is offered to {record.offer.to_name}", bold=True),
                Span(f" · {record.offer.reason}", Tone.QUIET),
            )
            self.countdown.set_times(record.offer.made_utc_ms, record.offer.expires_utc_ms)
        elif why:
            self.words.set_spans(Span(f"Hand-off: {why}", Tone.QUIET))
        self._allow()

    def open(self) -> None:
        """Put the cursor where the first choice is made: one person needs no choosing."""
        self._opened = True
        self.show_drone(self._drone)
        (self.person if self.person.count() > 1 else self.reason).setFocus()

    def _build(self) -> None:
        self.person.setAccessibleName("Person to hand off to")
        self.person.setMinimumWidth(144)
        self.reason.setPlaceholderText("Reason")
        self.reason.setAccessibleName("Reason for the hand-off")
        self.reason.setMaxLength(200)
        self.reason.setMinimumWidth(84)
        self.reason.textChanged.connect(lambda _text: self.show_drone(self._drone))
        self.reason.returnPressed.connect(self.offer.click)
        self.promised.setPlaceholderText("Promised to others")
        self.promised.setAccessibleName("What others were promised, for the brief")
        self.promised.setMaxLength(200)
        self.promised.setMinimumWidth(84)
        self.promised.returnPressed.connect(self.offer.click)
        self.what.addItems((WITH, WITHOUT, CAMERA))
        self.what.setAccessibleName("Whether its camera goes along")
        self.all.setToolTip("Everything this desk holds, to one person (Shift F)")
        self.offer.clicked.connect(self._offer)
        self.cancel.clicked.connect(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(8)
        second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.promised, 1)
        second.addWidget(self.what)
        second.addWidget(self.all)
        second.addWidget(self.offer)
        column.addLayout(row)
        column.addLayout(second)
        row.addWidget(self.person)
        row.addWidget(self.reason, 1)
        row.addWidget(self.words, 1)
        row.addWidget(self.countdown)
        row.addWidget(self.cancel)
        order = (self.person, self.reason, self.promised, self.what, self.all, self.offer)
        for one, following in pairwise(order):
            QWidget.setTabOrder(one, following)

    def _fill_people(self) -> None:
        people = [d for d in self._desk.state.others if d.role in MAY_FLY]
        wanted = [(d.holder.label, d.holder.person) for d in people]
        shown = [
            (self.person.itemText(n), self.person.itemData(n)) for n in range(self.person.count())
        ]
        if wanted == shown:
            return
        chosen = self.person.currentData()
        self.person.clear()
        for label, person in wanted:
            self.person.addItem(label, person)
        self.person.setCurrentIndex(max(0, self.person.findData(chosen)))

    def _allow(self) -> None:
        told = bool(self.reason.text().strip())
        self.offer.setEnabled(told and self.person.count() > 0)
        self.offer.setText(f"Offer {self._drone}".strip())
        self.offer.setToolTip("" if told else "Say why in a few words first")

    def _offer(self) -> None:
        person, reason = self.person.currentData(), self.reason.text().strip()
        if not person or not reason:
            return
        what = self.what.currentText() if not self.what.isHidden() else WITH
        function = Function.PAYLOAD if what == CAMERA else Function.FLIGHT
        promised = self.promised.text().strip()
        self._desk.commands.offer(person, reason, self._drone, promised, what != WITHOUT, function)
        self._opened = False
        self.reason.clear()
        self.promised.clear()

    def _cancel(self) -> None:
        record = offer_of_mine(self._desk.state, self._drone)
        function = record.function if record else Function.FLIGHT
        self._desk.commands.cancel_offer(self._drone, function)


def offer_of_mine(state: DeskState, drone: str) -> ControlRecord | None:
    """An offer of this desk that stands, of the drone or of its camera alone."""
    for record in state.held():
        if record.drone == drone and record.offer and state.in_control(drone, record.function):
            return record
    return None


class CloseForm(QWidget):
    """One sentence of outcome and Close; only for the incident's owner."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._key = ""
        self.text = QLineEdit()
        self.close_button = QPushButton("Close")
        self.text.setPlaceholderText("Outcome, in a sentence")
        self.text.setAccessibleName("Outcome of the incident")
        self.text.setMaxLength(400)
        self.text.textChanged.connect(lambda _text: self._allow())
        self.text.returnPressed.connect(self.close_button.click)
        self.close_button.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.close_button)
        self.hide()

    def show_incident(self, key: str) -> None:
        """Belong to this incident; hidden unless it is mine."""
        state = self._desk.state
        mission = state.mission(key) if key else None
        if key != self._key:
            self.text.clear()
        self._key = key
        self.setVisible(mission is not None and mission.owner == state.me)
        self.close_button.setText(f"Close {mission.incident.number}" if mission else "Close")
        self._allow()

    def open(self) -> None:
        """Put the cursor into the sentence."""
        self.text.setFocus()

    def _allow(self) -> None:
        told = bool(self.text.text().strip())
        busy = bool(self._desk.commands.progress(self._key))
        self.close_button.setEnabled(told and not busy)
        self.close_button.setToolTip("" if told else "Write the outcome first")

    def _close(self) -> None:
        self._desk.commands.close_incident(self._key, self.text.text().strip())
