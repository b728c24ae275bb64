"""One image of a possible match, with its label: the feed's or the watchlist's, in equal boxes.

Draws what it is given, or one sentence in its place. It never fetches and never decodes.
"""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import SMALL_PX, Theme, face

LABEL_PX = 19
WAITING = "fetching …"


class AlertPicture(QWidget):
    """`first_painted` tells once for each image, or sentence, that came before the eye."""

    first_painted = Signal()

    def __init__(self, label: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._label = label
        self._image: QImage | None = None
        self._words = WAITING
        self._painted = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._name()

    @property
    def image(self) -> QImage | None:
        """What is shown; None while there is only a sentence."""
        return self._image

    @property
    def words(self) -> str:
        """The sentence in its place; empty while an image is shown."""
        return "" if self._image is not None else self._words

    @property
    def label(self) -> str:
        return self._label

    @property
    def painted(self) -> bool:
        """Whether what is shown now has been on the screen."""
        return self._painted

    def set_label(self, label: str) -> None:
        """The words below; `still · captured 9 s ago` ticks."""
        if label != self._label:
            self._label = label
            self._name()
            self.update()

    def show_image(self, image: QImage) -> None:
        """Show an image that has been decoded elsewhere."""
        if image is not self._image:
            self._image, self._words, self._painted = image, "", False
            self._name()
            self.update()

    def show_words(self, words: str = WAITING) -> None:
        """No image: say why not."""
        if self._image is not None or words != self._words:
            self._image, self._words, self._painted = None, words, False
            self._name()
            self.update()

    def set_size(self, wide: int, high: int) -> None:
        """The image's box; its label stands below."""
        self.setFixedSize(QSize(wide, high + LABEL_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self.rect().adjusted(0, 0, 0, -LABEL_PX)
        painter.fillRect(box, self._theme.color("ground"))
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(_fitted(self._image.size(), box), self._image)
        painter.setPen(self._theme.color("line_strong"))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.setFont(face(self.font().family(), SMALL_PX))
        painter.setPen(self._theme.color("quiet"))
        if self._image is None:
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box.adjusted(5, 3, -5, -3), flags, self._words)
        below = QRect(0, box.bottom() + 1, self.width(), LABEL_PX)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._label)
        painter.end()
        if not self._painted and self.words != WAITING:
            self._painted = True
            self.first_painted.emit()

    def _name(self) -> None:
        self.setAccessibleName(f"{self._label}: {self.words or 'image'}")
        self.setToolTip(self.words)


def _fitted(size: QSize, box: QRect) -> QRect:
    """The largest place in the box that keeps the image's shape."""
    scaled = size.scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(0, 0, scaled.width(), scaled.height())
    place.moveCenter(box.center())
    return place
