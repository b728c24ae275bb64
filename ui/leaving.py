"""A window with drones in hand is not closed by one wrong click."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from gcs.model.event import Severity
from gcs.station.state import DeskState
from ui.sign_on import why_not_leave

AGAIN_S = 10.0


class Leaving(QObject):
    """Refuses to close the window while drones are held here, in words, unless it is asked again
    within 10 s. `free`: the program itself ends, nothing is asked."""

    def __init__(self, window: QWidget, state: DeskState) -> None:
        super().__init__(window)
        self.free = False
        self._state = state
        self._until_s = float("-inf")
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.Close or self.free:
            return False
        told, now_s = why_not_leave(self._state, AGAIN_S), self._state.clock.monotonic()
        if not told or now_s <= self._until_s:
            return False
        self._until_s = now_s + AGAIN_S
        self._state.notice(Severity.WARNING, told)
        event.ignore()
        return True
