"""Tilt, pan and zoom of the selected drone's camera; greyed for who has no control.

A press is a step, and quick presses add up: each starts from the step before it, not from what
is reported meanwhile. What is held down turns on until it is let go.
"""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui.context import Desk
from ui.models.camera import Aim, Pose, camera_spans, pose, stepped, why_no_aim
from ui.panels.camera_turn import CameraTurn
from ui.theme import SMALL_PX
from ui.widgets.text_line import TextLine

ADDS_UP_S = 1.5
KEYS = {
    Aim.UP: "PgUp",
    Aim.DOWN: "PgDn",
    Aim.LEFT: ",",
    Aim.RIGHT: ".",
    Aim.NEARER: "]",
    Aim.WIDER: "[",
}
ZOOMS = frozenset({Aim.NEARER, Aim.WIDER})
TIPS = {
    Aim.UP: "Tilt the camera up",
    Aim.DOWN: "Tilt the camera down",
    Aim.LEFT: "Turn the camera left",
    Aim.RIGHT: "Turn the camera right",
    Aim.NEARER: "Zoom in",
    Aim.WIDER: "Zoom out",
}
_HELD = dict.fromkeys((Aim.UP, Aim.DOWN, Aim.LEFT, Aim.RIGHT), "; held, it turns on")


class CameraRow(QWidget):
    """`press`, `still_held` and `let_go` are what the keyboard calls."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: tuple[str, str] | None = None
        self._asked: tuple[str, Pose, float] | None = None
        self.turn = CameraTurn(desk, self)
        self.turn.began.connect(self._forget_step)
        self.words = TextLine(desk.theme, SMALL_PX, hugs=True)
        self.words.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.buttons: dict[Aim, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.words)
        row.addSpacing(6)
        for aim in Aim:
            button = QPushButton(f"{aim.value}  {KEYS[aim]}")
            button.setObjectName("Small")
            button.pressed.connect(lambda a=aim: self._down(a, by_key=False))
            button.released.connect(self.turn.end)
            self.buttons[aim] = button
            row.addWidget(button)
        self.refresh()

    def refresh(self) -> None:
        """Where it looks, and whether it can be moved from here."""
        drone = self._desk.selection.drone
        self.words.set_spans(*camera_spans(self._desk.state, drone))
        why = why_no_aim(self._desk.state, drone)
        if (drone, why) == self._shown:
            return
        self._shown = (drone, why)
        for aim, button in self.buttons.items():
            button.setEnabled(not why)
            button.setToolTip(why or f"{TIPS[aim]} of {drone}{_HELD.get(aim, '')}")
            button.setAccessibleName(f"{TIPS[aim]} of {drone or 'no drone'}")

    def press(self, aim: Aim) -> None:
        """A key went down. A camera that cannot be moved says why."""
        why = why_no_aim(self._desk.state, self._desk.selection.drone)
        if why:
            self._desk.commands.refuse(f"{TIPS[aim]} was not sent. {why}")
        else:
            self._down(aim, by_key=True)

    def still_held(self, aim: Aim) -> None:
        """The key only repeated."""
        self.turn.key_down(aim)

    def let_go(self, aim: Aim) -> None:
        """The key went up."""
        self.turn.key_up(aim)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.turn.end()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.turn.end()

    def _forget_step(self) -> None:
        self._asked = None

    def _down(self, aim: Aim, *, by_key: bool) -> None:
        self._step(aim)
        self.turn.begin(self._desk.selection.drone, aim, by_key)

    def _step(self, aim: Aim) -> None:
        drone = self._desk.selection.drone
        before = self._from(drone)
        if before is None:
            return
        after = stepped(before, aim)
        if after == before:
            self._desk.commands.refuse(f"{TIPS[aim]}: the camera of {drone} is at its end.")
            return
        self._asked = (drone, after, self._desk.now_s)
        if aim in ZOOMS:
            self._desk.commands.zoom(after.zoom, drone)
        else:
            self._desk.commands.gimbal(after.pitch_deg, after.yaw_deg, drone)

    def _from(self, drone: str) -> Pose | None:
        if self._asked is not None:
            asked, last, at_s = self._asked
            if asked == drone and self._desk.now_s - at_s < ADDS_UP_S:
                return last
        return pose(self._desk.state, drone)
