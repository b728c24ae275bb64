"""A call's grade: a letter in a disc whose brightness is the urgency."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gcs.model.mission import GRADE_TARGET_S, Grade
from ui.models.words import GRADE_WORDS
from ui.text import target_words
from ui.theme import SMALL_PX, Theme

DISC_PX = 22
TOKENS = {
    Grade.IMMEDIATE: ("strong", "ground"),
    Grade.SIGNIFICANT: ("quiet", "ground"),
    Grade.EXTENDED: ("line_strong", "strong"),
    Grade.REFERRED: ("line", "text"),
}


def disc_colors(grade: Grade, theme: Theme) -> tuple[QColor, QColor]:
    """(disc, letter) of a grade."""
    disc, letter = TOKENS[grade]
    return theme.color(disc), theme.color(letter)


class GradeDisc(QWidget):
    """Shows one grade; its tool tip says the word and the target."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grade = Grade.REFERRED
        self.setFixedSize(DISC_PX, DISC_PX)

    @property
    def grade(self) -> Grade:
        return self._grade

    def set_grade(self, grade: Grade) -> None:
        """Show this grade."""
        self._grade = grade
        tip = f"{GRADE_WORDS[grade]}, {target_words(GRADE_TARGET_S[grade])}"
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(DISC_PX, DISC_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        disc, letter = disc_colors(self._grade, self._theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(disc)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawEllipse(box)
        font = QFont(self.font())
        font.setPixelSize(SMALL_PX)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(letter)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._grade.value)
        painter.end()
