"""Go to, second half: the place from the map, the height, and a hold to send it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gcs.geo.earth import bearing_deg, distance_m
from gcs.model.place import Position
from ui.context import Desk
from ui.models.launch import DEFAULT_HEIGHT_M
from ui.text import Span, Tone, compass_word, metres, place
from ui.theme import BASE_PX
from ui.widgets.height_spin import HeightSpin
from ui.widgets.hold_button import HoldButton, HoldPlan
from ui.widgets.text_line import TextLine


class GoToRow(QWidget):
    """Belongs to the drone it was opened for, whatever is selected meanwhile."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drone = ""
        self._place: Position | None = None
        self.words = TextLine(desk.theme, BASE_PX)
        self.height_m = HeightSpin(desk.state.site.fence.highest_relative_m)
        self.height_m.corrected.connect(desk.commands.refuse)
        self.go = HoldButton("Go", "hold G", self._plan, desk.clock, desk.theme, primary=True)
        cancel = QPushButton("Cancel  Esc")
        cancel.setFixedHeight(self.go.height())
        cancel.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.height_m)
        row.addWidget(self.go)
        row.addWidget(cancel)
        self.forget()

    @property
    def drone(self) -> str:
        """Whom the place is for."""
        return self._drone

    @property
    def place(self) -> Position | None:
        """The place chosen so far."""
        return self._place

    def open(self, drone: str) -> None:
        """Ask for a place for this drone; its height stays unless changed here."""
        self._drone, self._place = drone, None
        view = self._desk.state.fleet.get(drone)
        height = view.telemetry.relative_m if view else None
        self.height_m.setValue(round(height) if height is not None else DEFAULT_HEIGHT_M)
        self._show()

    def set_place(self, position: Position) -> None:
        """The map's answer."""
        if self._drone:
            self._place = position
            self._show()

    def forget(self) -> None:
        """Nothing is asked any more."""
        self._drone, self._place = "", None
        self._show()

    def press(self) -> None:
        """The key went down while a place is asked for."""
        if self._place is None:
            self._desk.commands.refuse(f"Choose a place on the map for {self._drone} first.")
        else:
            self.go.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.go.begin()

    def _show(self) -> None:
        self.go.set_target(self._drone or "no drone")
        self.go.setEnabled(self._place is not None)
        if self._place is None:
            self.words.set_spans(
                Span(f"{self._drone}: ", bold=True), Span("choose a place on the map", Tone.ACCENT)
            )
        else:
            self.words.set_spans(Span(f"{self._drone}: ", bold=True), Span(self._way()))

    def _way(self) -> str:
        assert self._place is not None
        view = self._desk.state.fleet.get(self._drone)
        here = view.telemetry.position if view else None
        there = place(self._place.lat_deg, self._place.lon_deg)
        if here is None:
            return f"to {there}"
        away = metres(distance_m(here, self._place))
        return f"{away} {compass_word(bearing_deg(here, self._place))} to {there}"

    def _plan(self) -> HoldPlan | None:
        target, drone, height = self._place, self._drone, float(self.height_m.value())
        if target is None:
            return None
        state = self._desk.state
        return HoldPlan(
            (
                f"{drone} flies {self._way()}.",
                f"At {metres(height)} above its dock; it stays there, you keep control.",
            ),
            lambda: (state.in_control(drone), state.control(drone), self._place, self._drone),
            lambda: self._send(target, height, drone),
        )

    def _send(self, target: Position, height_m: float, drone: str) -> None:
        self._desk.commands.go_to(target, height_m, drone)
        self.closed.emit()
