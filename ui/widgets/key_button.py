"""A command button: what it does, its key, and below it the target it will act on."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from ui.theme import BASE_PX, PRIMARY_PX, SMALL_PX, Theme

SIDE_PX = 12
GAP_PX = 10


class KeyButton(QPushButton):
    """`primary` draws it in the accent's outline. The target's name stands on the button."""

    def __init__(
        self,
        label: str,
        key: str,
        theme: Theme,
        primary: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(label, parent)
        self._theme = theme
        self._key = key
        self._primary = primary
        self._target: str | None = None
        self.setFixedHeight(PRIMARY_PX)
        self._name()

    @property
    def target(self) -> str | None:
        """The name on the button's second line."""
        return self._target

    def set_target(self, target: str | None) -> None:
        """Write the target's name below; None for a button of one line."""
        if target != self._target:
            before = self.sizeHint()
            self._target = target
            self._said(before)

    def set_key(self, key: str) -> None:
        """Change the key that is shown."""
        if key != self._key:
            before = self.sizeHint()
            self._key = key
            self._said(before)

    def set_label(self, label: str) -> None:
        """Change what the button says."""
        if label != self.text():
            before = self.sizeHint()
            self.setText(label)
            self._said(before)

    def sizeHint(self) -> QSize:
        first = self._label_metrics().horizontalAdvance(self.text())
        if self._key:
            first += GAP_PX + self._key_metrics().horizontalAdvance(self._key)
        second = self._small_metrics().horizontalAdvance(self._target or "")
        return QSize(max(first, second) + 2 * SIDE_PX, PRIMARY_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        if self._primary and self.isEnabled() and not self.hasFocus():
            painter.setPen(self._theme.color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        self.paint_words(painter, self.rect().adjusted(SIDE_PX, 0, -SIDE_PX, 0))
        painter.end()

    def paint_words(self, painter: QPainter, box: QRect) -> None:
        """Label and key on the first line, the target on the second."""
        on = self.isEnabled()
        first = box
        if self._target is not None:
            first = QRect(box.left(), box.top() + 4, box.width(), 20)
            second = QRect(box.left(), box.top() + 23, box.width(), 17)
            painter.setFont(_sized(self.font(), SMALL_PX))
            painter.setPen(self._theme.color("quiet" if on else "off"))
            painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, self._target)
        painter.setFont(_sized(self.font(), BASE_PX, QFont.Weight.Medium))
        painter.setPen(self._theme.color("text" if on else "off"))
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, self.text())
        self.paint_key(painter, first)

    def paint_key(self, painter: QPainter, first: QRect) -> None:
        """The key at the right of the first line."""
        painter.setFont(self._key_font())
        painter.setPen(self._theme.color("quiet" if self.isEnabled() else "off"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(first, flags, self._key)

    def _said(self, before: QSize) -> None:
        """Tell what the words changed; the layout only when they need other room."""
        self._name()
        self.update()
        if self.sizeHint() != before:
            self.updateGeometry()

    def _name(self) -> None:
        self.setAccessibleName(f"{self.text()} {self._target or ''}".strip())

    def _key_font(self) -> QFont:
        font = QFont(self.font())
        font.setFamilies(["IBM Plex Mono", "monospace"])
        font.setPixelSize(SMALL_PX)
        return font

    def _label_metrics(self) -> QFontMetrics:
        return QFontMetrics(_sized(self.font(), BASE_PX, QFont.Weight.Medium))

    def _key_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._key_font())

    def _small_metrics(self) -> QFontMetrics:
        return QFontMetrics(_sized(self.font(), SMALL_PX))


def _sized(font: QFont, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    made = QFont(font)
    made.setPixelSize(pixels)
    made.setWeight(weight)
    return made
