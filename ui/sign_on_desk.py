"""Signing on, off and as another person at one window: the form, the menu, the door behind it.

A password passes through and is neither kept nor written anywhere here.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence

from gcs.model.event import Severity
from gcs.station.actions import Outcome
from ui.sign_on import Door, person_words, why_stay
from ui.text import Tone
from ui.widgets.sign_on import SignOnSheet, Veil
from ui.window import DeskWindow

logger = logging.getLogger(__name__)

KEY = "Ctrl+Shift+P"
FAULT = "This did not work, for a reason that is in the log; nothing else is changed."
Start = Callable[[Coroutine[Any, Any, Outcome]], "asyncio.Task[Outcome]"]


class DeskSignOn(QObject):
    """One per window. `asks`: nobody signs on here by itself, so that the window asks at once."""

    person_changed = Signal(str)

    def __init__(self, window: DeskWindow, door: Door, start: Start, asks: bool) -> None:
        super().__init__(window)
        self._window = window
        self._desk = window.desk
        self._door = door
        self._start = start
        self._waits = False
        self._person = ""
        self._shown = ""
        self._asks = asks
        self._veils: list[Veil] = []
        self.sheet = SignOnSheet(window.desk.theme, window, window.status)
        self.sheet.asked.connect(self._on)
        self.sheet.off_asked.connect(self._off)
        self.sheet.closed.connect(lambda: window.setFocus())
        self._add_to_menu()
        window.bridge.tick.connect(self.look)
        QTimer.singleShot(0, self, self.look)

    def look(self) -> None:
        """See who is signed on; an empty desk asks."""
        person = self._door.person
        if person != self._person:
            self._person = person
            self._asks = True  # whoever leaves: the next one is asked for
            if person:
                self._welcome(person)
        words = person_words(self._desk.state)
        if words != self._shown:
            self._shown = words
            self._window.setWindowTitle(f"Drone desk · {self._desk.state.site.name} · {words}")
            self._window.status.refresh()
        empty = self._asks and not person and not self._waits
        if empty and (self.sheet.isHidden() or not self.sheet.covers):
            self._ask()
        if self.sheet.covers:
            self.sheet.raise_()  # also over the warnings: an empty desk hears nothing new

    def open(self) -> None:
        """By key or menu: another person, or nobody."""
        if self.sheet.isVisible():
            self.sheet.person.setFocus()
        else:
            self._ask()

    # -- how -------------------------------------------------------------------------------------
    def _ask(self) -> None:
        state = self._desk.state
        if self._door.person:
            signed = f"{state.me.name} is signed on at {state.me.desk}"
            self.sheet.ask(f"{signed}. Another person signs on here:", covers=False)
            if told := why_stay(state):
                self.sheet.tell(Tone.QUIET, told)
        else:
            self.sheet.ask(f"{state.me.desk}: who sits here?", covers=self._asks)
            self._veil()

    def _on(self, person: str, password: str) -> None:
        if told := self._why_stay():
            self.sheet.refuse(told)
            return
        self.sheet.wait(f"Signing on {person} …")
        self._run(self._door.on(person, password))

    def _off(self) -> None:
        if told := self._why_stay():
            self.sheet.refuse(told)
            return
        self.sheet.wait("Signing off …")
        self._run(self._door.off())

    def _why_stay(self) -> str:
        return why_stay(self._desk.state) if self._door.person else ""

    def _run(self, act: Coroutine[Any, Any, Outcome]) -> None:
        self._waits = True
        self._start(_told(act)).add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[Outcome]") -> None:
        self._waits = False
        if task.cancelled():
            return
        outcome = task.result()
        if outcome.ok and self._door.person:
            self.sheet.close_sheet()
        elif not outcome.ok:
            if bool(self._door.person) == self.sheet.covers:
                self._ask()  # who was here is gone, or is still here
            self.sheet.refuse(outcome.text)
        if outcome.ok:
            self._desk.state.notice(Severity.INFO, outcome.text)
        self.look()

    def _veil(self) -> None:
        """What floats on another screen is hidden too, and stays where it stands."""
        if self.sheet.covers and not self._veils:
            floating = [d for d in self._window.docks.values() if d.isFloating()]
            self._veils = [Veil(self._desk.theme, dock) for dock in floating]

    def _welcome(self, person: str) -> None:
        self.sheet.close_sheet()
        for veil in self._veils:
            veil.deleteLater()
        self._veils = []
        self.person_changed.emit(person)

    def _add_to_menu(self) -> None:
        action = QAction("Sign off, or another person", self)
        action.setShortcut(QKeySequence(KEY))
        action.triggered.connect(lambda _on=False: self.open())
        self._window.addAction(action)
        self._window.menu.addSeparator()
        self._window.menu.addAction(action)


async def _told(act: Coroutine[Any, Any, Outcome]) -> Outcome:
    try:
        return await act
    except Exception as error:
        # The kind alone: what an error says may repeat what was sent.
        logger.error("signing on or off failed: %s", type(error).__name__)
        return Outcome(False, FAULT)
