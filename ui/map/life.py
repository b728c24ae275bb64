"""Whether the map page lives: loads it, hears it die or fall silent, starts it again in a budget.

Knows nothing of what the page draws. What it tells is ready to be read out.
"""

import contextlib
import os
import signal
from collections import deque
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWebEngineCore import QWebEnginePage

from gcs.runtime.clock import Clock
from ui.map.browser import MapBrowser

BUDGET = 3
BUDGET_WINDOW_S = 60.0
LOAD_WITHIN_S = 30.0
SILENT_AFTER_S = 3.0
END_AFTER_S = 12.0
RESTART_PAUSE_MS = 300

_ENDINGS = {
    QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus: "ended",
    QWebEnginePage.RenderProcessTerminationStatus.AbnormalTerminationStatus: "failed",
    QWebEnginePage.RenderProcessTerminationStatus.CrashedTerminationStatus: "crashed",
    QWebEnginePage.RenderProcessTerminationStatus.KilledTerminationStatus: "was killed",
}


class Life(StrEnum):
    """Only UP may be shown without words over it."""

    LOADING = "loading"
    UP = "up"
    SILENT = "silent"
    DOWN = "down"
    GIVEN_UP = "given_up"


class PageLife(QObject):
    """Watches one page."""

    changed = Signal()
    came_up = Signal()
    problem = Signal(str)

    def __init__(self, browser: MapBrowser, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._browser = browser
        self._clock = clock
        self._ends: deque[float] = deque()
        self._since_s = clock.monotonic()
        self.state = Life.LOADING
        self.words = "Loading the map…"
        browser.map_page.renderProcessTerminated.connect(self._ended)
        browser.map_page.loadFinished.connect(self._loaded)

    @property
    def alive(self) -> bool:
        """The page is there and answers."""
        return self.state is Life.UP

    @property
    def present(self) -> bool:
        """The page is there, though it may be busy."""
        return self.state in (Life.UP, Life.SILENT)

    def start(self) -> None:
        """Load the page, with a fresh budget: also the operator's own act."""
        self._ends.clear()
        self.state = Life.LOADING
        self._load()

    def stop(self) -> None:
        """The page is about to go for good."""
        self._browser.map_page.renderProcessTerminated.disconnect(self._ended)
        self._browser.map_page.loadFinished.disconnect(self._loaded)
        self._set(Life.GIVEN_UP, "The map is closed.")

    def ready(self) -> None:
        """The page says that it is complete."""
        self._set(Life.UP, "")
        self.came_up.emit()

    def answered(self) -> None:
        """The page answered a call."""
        if self.state is Life.SILENT:
            self._set(Life.UP, "")

    def waiting(self, seconds: float) -> None:
        """The page owes an answer since `seconds`; told once a second."""
        if not self.present or seconds < SILENT_AFTER_S:
            return
        self._set(Life.SILENT, f"The map has not answered for {seconds:.0f} s. The rest works.")
        if seconds > END_AFTER_S:
            self._end_page()

    def tick(self) -> None:
        """Once a second: a page that never finishes loading is started again."""
        if self.state is Life.LOADING and self._clock.monotonic() - self._since_s > LOAD_WITHIN_S:
            self._down(f"The map did not load within {LOAD_WITHIN_S:.0f} s")

    def _load(self) -> None:
        if self.state is Life.GIVEN_UP:
            return
        self._since_s = self._clock.monotonic()
        self._set(Life.LOADING, "Loading the map…")
        self._browser.load_page()

    def _loaded(self, ok: bool) -> None:
        if not ok and self.state is Life.LOADING:
            self._down("The map's page could not be loaded")

    def _ended(self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int) -> None:
        self._down(f"The map's process {_ENDINGS.get(status, 'ended')} (code {code})")

    def _end_page(self) -> None:
        """A page in an endless loop cannot be reloaded, only ended."""
        pid = self._browser.map_page.renderProcessPid()
        if pid > 0:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

    def _down(self, what: str) -> None:
        if self.state in (Life.DOWN, Life.GIVEN_UP):
            return
        now = self._clock.monotonic()
        self._ends.append(now)
        while now - self._ends[0] > BUDGET_WINDOW_S:
            self._ends.popleft()
        if len(self._ends) > BUDGET:
            self._set(Life.GIVEN_UP, f"{what}. It is not started again by itself; the rest works.")
        else:
            again = f"starting it again, {len(self._ends)} of {BUDGET}"
            self._set(Life.DOWN, f"{what}; {again}. The rest works.")
            QTimer.singleShot(RESTART_PAUSE_MS, self, self._load)
        self.problem.emit(self.words)

    def _set(self, state: Life, words: str) -> None:
        if (state, words) != (self.state, self.words):
            self.state, self.words = state, words
            self.changed.emit()
