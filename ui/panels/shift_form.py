"""The end of a shift: every drone of this desk to one person, with one reason, drone by drone."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gcs.model.control import ControlRecord, ControlState
from gcs.model.function import Function
from gcs.station.state import DeskState
from ui.context import Desk
from ui.models.words import MAY_FLY, MISSION_WORDS
from ui.text import count_of
from ui.widgets.hold_button import HoldButton, HoldPlan

LEAST_PX = 48
LEAD = "Each is offered on its own: a brief, its checks and a question for every one."


def offerable(state: DeskState) -> tuple[ControlRecord, ...]:
    """What this desk could offer now: flights, and cameras that it holds without their flight."""
    held = [r for r in state.held() if r.state is ControlState.OWNED]
    flights = {r.drone for r in held if r.function is Function.FLIGHT}
    return tuple(r for r in held if r.function is Function.FLIGHT or r.drone not in flights)


class ShiftForm(QWidget):
    """`left`: everything is offered, or it was given up."""

    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._boxes: dict[tuple[str, Function], QCheckBox] = {}
        self.person = QComboBox()
        self.reason = QLineEdit()
        self.promised = QLineEdit()
        self.offer = HoldButton("Offer", "hold", self._plan, desk.clock, desk.theme, primary=True)
        self.leave = QPushButton("Leave")
        self._list = QVBoxLayout()
        self._build()

    @property
    def boxes(self) -> dict[tuple[str, Function], QCheckBox]:
        """A tick box for each that can be offered."""
        return dict(self._boxes)

    @property
    def chosen(self) -> tuple[tuple[str, Function], ...]:
        """Those that are ticked."""
        return tuple(key for key, box in self._boxes.items() if box.isChecked())

    def refresh(self) -> bool:
        """Show what can be offered now; says whether there is anything."""
        state = self._desk.state
        wanted = {(r.drone, r.function): r for r in offerable(state)}
        for key in [k for k in self._boxes if k not in wanted]:
            box = self._boxes.pop(key)
            self._list.removeWidget(box)
            box.hide()
            box.deleteLater()
        for key in wanted:
            if key not in self._boxes:
                box = self._boxes[key] = QCheckBox()
                box.setChecked(True)
                box.toggled.connect(lambda _on: self._allow())
                self._list.addWidget(box)
            self._boxes[key].setText(self._words(*key))
        self._fill_people()
        self._allow()
        return bool(wanted)

    def open(self) -> None:
        """Put the cursor where the first choice is made."""
        for box in self._boxes.values():
            box.setChecked(True)
        (self.person if self.person.count() > 1 else self.reason).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        heading = QLabel("Hand everything over")
        heading.setObjectName("Heading")
        lead = QLabel(LEAD)
        lead.setObjectName("Reason")
        lead.setWordWrap(True)
        self.person.setAccessibleName("Person to hand everything to")
        for field, words in ((self.reason, "Reason"), (self.promised, "Promised to others")):
            field.setPlaceholderText(words)
            field.setAccessibleName(words)
            field.setMaxLength(200)
            field.textChanged.connect(lambda _text: self._allow())
        self.leave.clicked.connect(self.left)
        told = QWidget()
        told.setObjectName("PanelBody")
        told.setLayout(QVBoxLayout())
        inner = told.layout()
        assert isinstance(inner, QVBoxLayout)
        inner.setContentsMargins(14, 8, 14, 6)
        inner.setSpacing(6)
        inner.addWidget(heading)
        inner.addWidget(lead)
        inner.addLayout(self._list)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        # Only what is left over: what is pressed is never squeezed.
        scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        scroll.setMinimumHeight(LEAST_PX)
        scroll.setWidget(told)
        acts = QHBoxLayout()
        acts.addWidget(self.offer)
        acts.addWidget(self.leave)
        acts.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(14, 6, 14, 10)
        foot.setSpacing(6)
        who = QHBoxLayout()
        who.setSpacing(8)
        who.addWidget(self.person)
        who.addWidget(self.reason, 1)
        foot.addLayout(who)
        foot.addWidget(self.promised)
        foot.addLayout(acts)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addLayout(foot)

    def _words(self, drone: str, function: Function) -> str:
        mission = self._desk.state.mission_of(drone)
        what = f"{drone}, its camera alone" if function is Function.PAYLOAD else drone
        if mission is None:
            return f"{what} · no incident"
        incident = mission.incident
        return f"{what} · {incident.number} {incident.category}, {MISSION_WORDS[mission.state]}"

    def _fill_people(self) -> None:
        people = [d.holder for d in self._desk.state.others if d.role in MAY_FLY]
        shown = [self.person.itemData(n) for n in range(self.person.count())]
        if shown == [p.person for p in people]:
            return
        chosen = self.person.currentData()
        self.person.clear()
        for holder in people:
            self.person.addItem(holder.label, holder.person)
        self.person.setCurrentIndex(max(0, self.person.findData(chosen)))

    def _allow(self) -> None:
        many = len(self.chosen)
        self.offer.set_label(f"Offer {count_of(many, 'drone', 'drones')}")
        self.offer.set_target(self.person.currentText() or "nobody is signed on")
        told = bool(self.reason.text().strip())
        self.offer.setEnabled(told and many > 0 and self.person.count() > 0)
        self.offer.setToolTip("" if told else "Say why in a few words first")

    def _plan(self) -> HoldPlan | None:
        chosen, person = self.chosen, self.person.currentData()
        names = ", ".join(drone for drone, _ in chosen)
        return HoldPlan(
            (
                f"You offer {names} to {self.person.currentText()}.",
                "You keep each until its brief is read and both have said so.",
            ),
            lambda: (self.chosen, self.person.currentData(), self.reason.text()),
            lambda: self._offer(chosen, person),
        )

    def _offer(self, chosen: tuple[tuple[str, Function], ...], person: str) -> None:
        reason, promised = self.reason.text().strip(), self.promised.text().strip()
        for drone, function in chosen:
            self._desk.commands.offer(person, reason, drone, promised, True, function)
        self.reason.clear()
        self.promised.clear()
        self.left.emit()
