"""Look at, second half: the camera turns to a place of the map as soon as it is pointed at.

Looking moves no drone, so it needs no hold; the incident of the drone is one more press away.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gcs.model.place import Position
from ui.context import Desk
from ui.text import Span, Tone
from ui.theme import BASE_PX
from ui.widgets.key_button import KeyButton
from ui.widgets.text_line import TextLine


class LookAtRow(QWidget):
    """Belongs to the drone it was opened for, whatever is selected meanwhile."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drone = ""
        self.words = TextLine(desk.theme, BASE_PX)
        self.scene = KeyButton("Its incident", "L", desk.theme)
        self.scene.clicked.connect(self.press)
        cancel = QPushButton("Cancel  Esc")
        cancel.setFixedHeight(self.scene.height())
        cancel.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.scene)
        row.addWidget(cancel)
        self.forget()

    @property
    def drone(self) -> str:
        """Whose camera turns."""
        return self._drone

    def open(self, drone: str) -> None:
        """Ask what this drone's camera shall look at."""
        self._drone = drone
        mission = self._desk.state.mission_of(drone)
        self.scene.setEnabled(mission is not None)
        number = str(mission.incident.number) if mission is not None else "no incident"
        self.scene.set_target(number)
        self.words.set_spans(
            Span(f"{drone}: ", bold=True), Span("choose on the map what to look at", Tone.ACCENT)
        )

    def set_place(self, position: Position) -> None:
        """The map's answer: the camera turns there at once."""
        if self._drone:
            self._desk.commands.look_at(position, self._drone)
            self.closed.emit()

    def press(self) -> None:
        """The key once more: look at the drone's incident."""
        mission = self._desk.state.mission_of(self._drone)
        if mission is None:
            self._desk.commands.refuse(f"{self._drone} flies for no incident: choose on the map.")
        else:
            self.set_place(mission.incident.position)

    def forget(self) -> None:
        """Nothing is asked any more."""
        self._drone = ""
        self.words.set_spans()
