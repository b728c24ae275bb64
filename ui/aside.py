"""Work that would hold the windows up, done by a thread of Qt's pool; only the newest counts."""

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

log = logging.getLogger(__name__)


class _Work(QRunnable):
    def __init__(self, number: int, work: Callable[[], Any], done: Callable[[int, Any], None]):
        super().__init__()
        self._number, self._work, self._done = number, work, done

    def run(self) -> None:
        try:
            result: Any = self._work()
        except Exception as error:  # told by whoever asked
            log.info("aside: %r", error)
            result = error
        try:
            self._done(self._number, result)
        except RuntimeError:  # who asked is gone, with its window
            log.info("aside: nobody waits for it any more")


class Aside(QObject):
    """`ask(work, then)`: `then` gets the result, or the exception, on the GUI's thread.

    `work` must not touch anything that the windows change: give it values.
    """

    _came = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._newest = 0
        self._then: Callable[[Any], None] = _nobody
        self._came.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._then is not _nobody

    def ask(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Begin; what was asked before and is not done yet is forgotten."""
        self._newest += 1
        self._then = then
        QThreadPool.globalInstance().start(_Work(self._newest, work, self._came.emit))

    def _deliver(self, number: int, result: object) -> None:
        if number == self._newest:
            then, self._then = self._then, _nobody
            then(result)


def _nobody(_result: object) -> None:
    """Nothing is awaited."""
