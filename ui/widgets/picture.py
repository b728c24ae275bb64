"""A decoded frame as something to paint: shown as it came, or greyed once in advance.

Nothing is copied while it is live and nothing is ever smoothed: one pixel of the frame is one
of the screen.
"""

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from gcs.video.frame import Frame

DARKER = 0.38
BLUE, GREEN, RED = 29, 150, 77  # shares of 256 of a pixel's brightness
BYTES = 4


class Picture:
    """The newest frame of one tile. Holds the frame as long as Qt may read its pixels."""

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self._live: QImage | None = None
        self._grey: QImage | None = None

    def take(self, frame: Frame) -> None:
        """Show this one from now on."""
        self.frame = frame
        self._live = _wrapped(frame)
        self._grey = None

    def drop(self) -> None:
        """There is nothing to show."""
        self.frame = self._live = self._grey = None

    def grey_out(self, size: QSize) -> None:
        """Make the greyed picture, at most `size` large; does nothing when it is made."""
        if self.frame is None:
            return
        if self._grey is None:
            self._grey = _greyed(self.frame)
        fits = self._grey.width() <= size.width() and self._grey.height() <= size.height()
        if not fits and not size.isEmpty():
            self._grey = self._grey.scaled(
                size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
            )

    def box_in(self, room: QRect, ratio: float) -> QRect:
        """Where it lies, in the middle of `room`; `ratio`: device pixels of one of `room`'s."""
        shown = self._live
        if shown is None:
            return QRect()
        size = QSize(round(shown.width() / ratio), round(shown.height() / ratio))
        return QRect(_corner(room, size), size)

    def paint(self, painter: QPainter, room: QRect, ratio: float, grey: bool) -> None:
        """Draw it pixel by pixel in the middle of `room`; what is larger is cut there."""
        image = self._grey if grey else self._live
        if image is None:
            return
        image.setDevicePixelRatio(ratio)
        size = QSize(round(image.width() / ratio), round(image.height() / ratio))
        if size.width() > room.width() or size.height() > room.height():
            painter.setClipRect(room)
            painter.drawImage(_corner(room, size), image)
            painter.setClipping(False)
        else:
            painter.drawImage(_corner(room, size), image)


def _wrapped(frame: Frame) -> QImage:
    """Qt reads the frame's own memory."""
    row = frame.width * BYTES
    return QImage(frame.pixels.data, frame.width, frame.height, row, QImage.Format.Format_RGB32)


def _greyed(frame: Frame) -> QImage:
    """Without colour and dark: its own memory, so that the frame may go."""
    pixels = frame.pixels.astype(np.uint16)
    bright = pixels[..., 0] * BLUE + pixels[..., 1] * GREEN + pixels[..., 2] * RED
    dark = (bright * DARKER / 256).astype(np.uint8)
    height, width = dark.shape
    return QImage(dark.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()


def _corner(room: QRect, size: QSize) -> QPoint:
    return QPoint(
        room.x() + (room.width() - size.width()) // 2,
        room.y() + (room.height() - size.height()) // 2,
    )
