"""A height above the dock's roof, in steps of 5 m up to the fence's ceiling.

What is typed beyond the limits becomes the nearest one and says so; it never falls back unseen.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QSpinBox, QWidget

from ui.theme import PRIMARY_PX

LOWEST_M = 20
DIGITS = 3


class HeightSpin(QSpinBox):
    """Whole metres."""

    corrected = Signal(str)

    def __init__(self, ceiling_m: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(min(LOWEST_M, int(ceiling_m)), int(ceiling_m))
        self.setSingleStep(5)
        self.setSuffix(" m")
        self.setFixedSize(104, PRIMARY_PX)
        self.lineEdit().setTextMargins(8, 0, 0, 0)
        self.setAccessibleName("Height above the dock's roof, metres")
        self.setToolTip(f"Height above the dock's roof; at most {ceiling_m:.0f} m under the fence")

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Up to three figures may stand while they are typed."""
        typed = self._typed(text)
        if typed.isascii() and typed.isdigit() and len(typed) <= DIGITS:
            inside = self.minimum() <= int(typed) <= self.maximum()
            state = QValidator.State.Acceptable if inside else QValidator.State.Intermediate
        else:
            state = QValidator.State.Invalid if typed else QValidator.State.Intermediate
        return state, text, position

    def fixup(self, text: str) -> str:
        """The nearest height that may be flown; the one before when nothing was typed."""
        typed = self._typed(text)
        if not typed.isdigit():
            return self.textFromValue(self.value()) + self.suffix()
        nearest = min(max(int(typed), self.minimum()), self.maximum())
        limit = "highest" if nearest == self.maximum() else "lowest"
        self.corrected.emit(f"{int(typed)} m cannot be flown: the {limit} is {nearest} m.")
        return self.textFromValue(nearest) + self.suffix()

    def _typed(self, text: str) -> str:
        return text.removesuffix(self.suffix()).removesuffix("m").strip()
