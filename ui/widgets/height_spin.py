"""A height above the dock's roof, in steps of 5 m up to the fence's ceiling."""

from PySide6.QtWidgets import QSpinBox, QWidget

from ui.theme import PRIMARY_PX

LOWEST_M = 20


class HeightSpin(QSpinBox):
    """Whole metres."""

    def __init__(self, ceiling_m: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(min(LOWEST_M, int(ceiling_m)), int(ceiling_m))
        self.setSingleStep(5)
        self.setSuffix(" m")
        self.setFixedSize(104, PRIMARY_PX)
        self.lineEdit().setTextMargins(8, 0, 0, 0)
        self.setAccessibleName("Height above the dock's roof, metres")
        self.setToolTip(f"Height above the dock's roof; the fence ends at {ceiling_m:.0f} m")
