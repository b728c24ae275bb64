"""The keyboard: one table for what the keys do and for the sheet that tells it.

Letters act only outside text fields. A drone is selected by typing its number.
"""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QTextEdit,
    QWidget,
)

from gcs.runtime.clock import Clock
from ui.models.camera import Aim
from ui.models.words import Ask

NUMBER_PAUSE_S = 1.2
REPEAT_GAP_S = 0.06  # nobody presses a key again so soon
LOST_RELEASE_S = 1.5  # longer than any keyboard waits before it repeats


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """One line of the sheet; `ask` is None for keys of the window itself."""

    shown: str
    what: str
    key: Qt.Key | None = None
    ask: Ask | None = None


BINDINGS = (
    KeyBinding("H", "Hold the selected drone, at once", Qt.Key.Key_H, Ask.HOLD),
    KeyBinding("R", "Return it to its dock, at once", Qt.Key.Key_R, Ask.RETURN),
    KeyBinding(
        "G",
        "Go to, orbit, height, speed: choose the move and its place, then hold G to send",
        Qt.Key.Key_G,
        Ask.GO_TO,
    ),
    KeyBinding(
        "L",
        "Look at: point at a place on the map; L again: its incident",
        Qt.Key.Key_L,
        Ask.LOOK_AT,
    ),
    KeyBinding("PgUp PgDn", "Tilt its camera up or down; held, it turns on"),
    KeyBinding(", .", "Turn its camera left or right; held, it turns on"),
    KeyBinding("] [", "Zoom its camera in or out"),
    KeyBinding("hold D", "Land where it is, straight down", Qt.Key.Key_D, Ask.LAND),
    KeyBinding("hold T", "Take control. Offered to you: T opens the brief", Qt.Key.Key_T, Ask.TAKE),
    KeyBinding("F", "Hand off to a person; Shift F all that you hold", Qt.Key.Key_F, Ask.HAND_OFF),
    KeyBinding("B", "Brief of a hand-over: ↑ ↓ a line, Space ticks, Enter ticks and goes on"),
    KeyBinding("W", "Waive the first check that does not pass: both must"),
    KeyBinding(
        "F  T  H  F", "Hold F: you have control?  Hold T: I have control.  H shows it, F confirms"
    ),
    KeyBinding("F", "Ask for a drone that another holds; a supervisor takes it over, held 3 s"),
    KeyBinding("O", "Refuse, decline, cancel a hand-over, or object to a takeover"),
    KeyBinding("C", "Close the incident", Qt.Key.Key_C, Ask.CLOSE),
    KeyBinding("A", "Go to the possible match; there 1 – 3 judge it, 4 – 6 decide, Esc leaves"),
    KeyBinding("V", "Vehicle: what blocks a launch, its fence, links and settings"),
    KeyBinding("E", "Draw the geofence or a route; E or Esc leaves, the draft is kept"),
    KeyBinding(
        "Tab ← ↑ → ↓", "While drawing, on the map: next point; move it 1 m, with Shift 10 m"
    ),
    KeyBinding("I N Del Enter", "Insert a point, a new one, delete, type its exact place"),
    KeyBinding("Ctrl Z Ctrl Y", "Undo and redo what was drawn"),
    KeyBinding("0 – 9", "Select a drone by typing its number: 0 5 selects ISL-05"),
    KeyBinding("Tab", "Next field or button; Shift Tab the one before"),
    KeyBinding("Space", "Press the focused button; keep it down where a hold is needed"),
    KeyBinding("Enter", "On a feed's tile: select it; once more keeps it in the focus"),
    KeyBinding(
        "Esc", "Leave a field, give up choosing a place, let the focus go, close this sheet"
    ),
    KeyBinding("?", "This sheet"),
    KeyBinding("Ctrl+M", "Mute all sounds but flight warnings, or let them sound again"),
    KeyBinding("Ctrl+Shift+P", "Sign off, or sign another person on at this desk"),
    KeyBinding("Ctrl+Shift+A", "Reset the arrangement of the panels"),
)
ASKS = {binding.key: binding.ask for binding in BINDINGS if binding.key and binding.ask}
AIMS = {
    Qt.Key.Key_PageUp: Aim.UP,
    Qt.Key.Key_PageDown: Aim.DOWN,
    Qt.Key.Key_Comma: Aim.LEFT,
    Qt.Key.Key_Period: Aim.RIGHT,
    Qt.Key.Key_BracketRight: Aim.NEARER,
    Qt.Key.Key_BracketLeft: Aim.WIDER,
}
ALERTS_KEY = Qt.Key.Key_A
OBJECT_KEY = Qt.Key.Key_O
BRIEF_KEY = Qt.Key.Key_B
WAIVE_KEY = Qt.Key.Key_W
DRAFTS_KEY = Qt.Key.Key_E
VEHICLE_KEY = Qt.Key.Key_V
FIELDS = (QLineEdit, QTextEdit, QAbstractSpinBox, QComboBox)


def in_text_field(widget: QWidget | None = None) -> bool:
    """Whether the focus is where letters are written."""
    return isinstance(widget or QApplication.focusWidget(), FIELDS)


class KeyRepeats:
    """Tells a press from the repeats of a key held down.

    Qt's own mark is not enough: a key that came by way of the map's page has lost it, and X11
    sends a repeat as a release and a press. A release that never came holds nothing up for long.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._down_s: dict[int, float] = {}
        self._up_s: dict[int, float] = {}

    def fresh(self, key: int, marked: bool = False) -> bool:
        """A key went down; whether it is a press of its own. `marked` is Qt's word for a repeat."""
        now = self._clock.monotonic()
        still_down = now - self._down_s.get(key, -LOST_RELEASE_S) < LOST_RELEASE_S
        just_up = now - self._up_s.get(key, -REPEAT_GAP_S) < REPEAT_GAP_S
        self._down_s[key] = now
        return not (marked or still_down or just_up)

    def up(self, key: int) -> None:
        """A key went up, or seemed to."""
        self._down_s.pop(key, None)
        self._up_s[key] = self._clock.monotonic()


class NumberTyping:
    """Digits typed one after another, and the drone they name."""

    def __init__(self, drones: tuple[str, ...], clock: Clock) -> None:
        self._by_number = {_number_of(drone): drone for drone in reversed(drones)}
        self._clock = clock
        self._typed = ""
        self._at_s = 0.0

    def digit(self, digit: str) -> str | None:
        """The drone named so far, or None; a pause begins a new number."""
        now = self._clock.monotonic()
        if now - self._at_s > NUMBER_PAUSE_S:
            self._typed = ""
        self._at_s = now
        self._typed = (self._typed + digit)[-3:]
        return self._by_number.get(int(self._typed))


def _number_of(drone: str) -> int:
    digits = "".join(c if c.isdigit() else " " for c in drone).split()
    return int(digits[-1]) if digits else -1
