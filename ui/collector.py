"""Garbage is collected in the GUI thread alone.

CPython collects in whichever thread asks for the next object, and a widget or picture in a cycle
is deleted there. Qt need not survive that: a desk has a dozen threads that decode and play.
"""

import gc

from PySide6.QtCore import QObject, QTimer

from gcs.runtime import memory

PERIOD_MS = 100
MIDDLE_EVERY = 20  # young passes


class Collector(QObject):
    """Takes the collector's work from every thread into its timer, from `start` to `stop`.

    A turn does one pass at most, the oldest that is due: a young one is under a millisecond.
    """

    def __init__(self, parent: QObject | None = None, young: int = memory.YOUNG) -> None:
        super().__init__(parent)
        self._due = (young, MIDDLE_EVERY, memory.OLD_EVERY)
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.turn)

    def start(self) -> None:
        """From now on no other thread collects."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give the work back to the interpreter."""
        self._timer.stop()
        gc.enable()

    def turn(self) -> None:
        """Collect the oldest generation that is due, if any is."""
        counts = gc.get_count()
        for generation in reversed(range(len(counts))):
            if counts[generation] > self._due[generation]:
                gc.collect(generation)
                return
