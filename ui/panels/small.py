"""Small controls that the editors share: a slim button, a row, a field of whole metres."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QWidget

from ui.theme import TARGET_PX

GAP_PX = 6


def small_button(label: str, tip: str = "") -> QPushButton:
    """A slim button."""
    made = QPushButton(label)
    made.setObjectName("Small")
    made.setToolTip(tip)
    return made


def row_of(*widgets: QWidget) -> QHBoxLayout:
    """Side by side."""
    made = QHBoxLayout()
    made.setSpacing(GAP_PX)
    for widget in widgets:
        made.addWidget(widget)
    return made


def metres_field(least: int, most: int, name: str) -> QSpinBox:
    """Whole metres; told once the field is left or Enter is pressed."""
    made = QSpinBox()
    made.setRange(least, most)
    made.setSuffix(" m")
    made.setKeyboardTracking(False)
    made.setFixedHeight(TARGET_PX + 4)
    made.lineEdit().setTextMargins(6, 0, 0, 0)
    made.setAccessibleName(name)
    return made


def set_quietly(spin: QSpinBox, value: int) -> None:
    """As the draft has it, without being told of it."""
    if spin.value() != value:
        spin.blockSignals(True)
        spin.setValue(value)
        spin.blockSignals(False)
