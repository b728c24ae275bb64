"""How late the GUI thread is: a precise 10 ms timer's lateness. Measures, never reports."""

from collections import deque

from PySide6.QtCore import QObject, Qt, QTimer

from gcs.runtime.clock import Clock

PERIOD_MS = 10
KEEP = 12_000  # two minutes


class LagProbe(QObject):
    """Lateness of each turn in seconds; the newest two minutes are kept."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._lateness_s: deque[float] = deque(maxlen=KEEP)
        self._last_s: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.turn)

    def start(self) -> None:
        """Begin measuring; the first turn only sets the mark."""
        self._last_s = None
        self._timer.start()

    def stop(self) -> None:
        """Stop measuring; what was measured stays."""
        self._timer.stop()

    def turn(self) -> None:
        """One turn of the timer."""
        now = self._clock.monotonic()
        if self._last_s is not None:
            self._lateness_s.append(max(0.0, now - self._last_s - PERIOD_MS / 1000))
        self._last_s = now

    def reset(self) -> None:
        """Forget what was measured: a new window begins."""
        self._lateness_s.clear()
        self._last_s = None

    @property
    def turns(self) -> int:
        """How many turns the figures rest on."""
        return len(self._lateness_s)

    def percentile(self, share: float) -> float | None:
        """Lateness in seconds that `share` (0 to 1) of the turns stayed within; None = no turn."""
        if not self._lateness_s:
            return None
        ordered = sorted(self._lateness_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
