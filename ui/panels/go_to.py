"""Go to, second half: a move, its place from the map, its figures, and a hold to send it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSpinBox, QWidget

from gcs.model.place import Position
from ui.context import Desk
from ui.models.launch import DEFAULT_HEIGHT_M
from ui.models.move import (
    NEEDS_PLACE,
    STARTING_MPS,
    STARTING_RADIUS_M,
    Move,
    move_lines,
    way_to,
)
from ui.text import Span, Tone
from ui.theme import BASE_PX, PRIMARY_PX
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
        self.move_kind = QComboBox()
        self.height_m = HeightSpin(desk.state.site.fence.highest_relative_m)
        self.height_m.corrected.connect(desk.commands.refuse)
        self.radius_m = _spin("Radius of the orbit, metres", 5, 300, 5, " m round")
        self.speed_mps = _spin("Speed, metres a second", 1, 15, 1, " m/s")
        self.go = HoldButton("Go", "hold G", self._plan, desk.clock, desk.theme, primary=True)
        self._build()
        self.forget()

    @property
    def drone(self) -> str:
        """Whom the place is for."""
        return self._drone

    @property
    def place(self) -> Position | None:
        """The place chosen so far."""
        return self._place

    @property
    def chosen_move(self) -> Move:
        """What would be ordered."""
        return Move(self.move_kind.currentText())

    def open(self, drone: str) -> None:
        """Ask for a place for this drone; its height stays unless changed here."""
        self._drone, self._place = drone, None
        view = self._desk.state.fleet.get(drone)
        height = view.telemetry.relative_m if view else None
        self.height_m.setValue(round(height) if height is not None else DEFAULT_HEIGHT_M)
        self.radius_m.setValue(STARTING_RADIUS_M)
        self.speed_mps.setValue(STARTING_MPS)
        self.move_kind.setCurrentIndex(0)
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
        if self._wants_place():
            self._desk.commands.refuse(f"Choose a place on the map for {self._drone} first.")
        else:
            self.go.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.go.begin()

    def _build(self) -> None:
        self.move_kind.setAccessibleName("Move")
        self.move_kind.addItems([m.value for m in Move])
        self.move_kind.setFixedHeight(PRIMARY_PX)
        self.move_kind.currentIndexChanged.connect(lambda _index: self._show())
        cancel = QPushButton("Cancel  Esc")
        cancel.setFixedHeight(self.go.height())
        cancel.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.move_kind)
        row.addWidget(self.words, 1)
        for figure in (self.height_m, self.radius_m, self.speed_mps):
            row.addWidget(figure)
        row.addWidget(self.go)
        row.addWidget(cancel)

    def _wants_place(self) -> bool:
        return self._place is None and self.chosen_move in NEEDS_PLACE

    def _show(self) -> None:
        move = self.chosen_move
        self.height_m.setVisible(move is not Move.SPEED)
        self.radius_m.setVisible(move is Move.ORBIT)
        self.speed_mps.setVisible(move is Move.SPEED)
        self.go.set_target(self._drone or "no drone")
        self.go.setEnabled(bool(self._drone) and not self._wants_place())
        who = Span(f"{self._drone}: ", bold=True)
        if self._wants_place():
            round_it = "what to circle" if move is Move.ORBIT else "a place"
            self.words.set_spans(who, Span(f"choose {round_it} on the map", Tone.ACCENT))
        elif move in NEEDS_PLACE:
            self.words.set_spans(who, Span(self._way()))
        else:
            since = "from where it is" if move is Move.HEIGHT else "from now on"
            self.words.set_spans(who, Span(since))

    def _way(self) -> str:
        return "" if self._place is None else way_to(self._desk.state, self._drone, self._place)

    def _plan(self) -> HoldPlan | None:
        drone, move, target = self._drone, self.chosen_move, self._place
        if self._wants_place():
            return None
        state, figures = self._desk.state, self._figures()
        return HoldPlan(
            move_lines(move, drone, self._way(), *figures),
            lambda: (
                state.in_control(drone),
                state.control(drone),
                self._place,
                self._drone,
                self.chosen_move,
                self._figures(),
            ),
            lambda: self._send(self._order(move, drone, target, *figures)),
        )

    def _figures(self) -> tuple[float, float, float]:
        spins = (self.height_m, self.radius_m, self.speed_mps)
        height, radius, mps = (float(spin.value()) for spin in spins)
        return height, radius, mps

    def _order(
        self,
        move: Move,
        drone: str,
        target: Position | None,
        height_m: float,
        radius_m: float,
        mps: float,
    ) -> Callable[[], object]:
        commands = self._desk.commands
        if move is Move.HEIGHT:
            return lambda: commands.height(height_m, drone)
        if move is Move.SPEED or target is None:
            return lambda: commands.speed(mps, drone)
        if move is Move.ORBIT:
            return lambda: commands.orbit(target, height_m, radius_m, drone)
        return lambda: commands.go_to(target, height_m, drone)

    def _send(self, order: Callable[[], object]) -> None:
        order()
        self.closed.emit()


def _spin(name: str, least: int, most: int, step: int, suffix: str) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setSingleStep(step)
    spin.setSuffix(suffix)
    spin.setFixedSize(128, PRIMARY_PX)
    spin.lineEdit().setTextMargins(8, 0, 0, 0)
    spin.setAccessibleName(name)
    return spin
