"""The desk's sounds in its window: hears the state's changes, plays what is due, mutes by menu.

What a person mutes is kept for that person at once.
"""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from gcs.model.event import Severity
from ui.layout_store import MuteStore
from ui.sounds import MUTABLE, SoundClass, Sounds, cues_of
from ui.sounds_switch import NAMES
from ui.window import DeskWindow

SOON_MS = 50
MUTE_ALL_KEY = "Ctrl+M"
MUTE_ALL, LET_ALL = "Mute all but flight warnings", "Let all sound"


class Player(Protocol):
    """What plays (`ui.sounds_player.SoundPlayer`)."""

    trouble: str

    def start(self) -> None: ...

    def play(self, kind: SoundClass) -> None: ...

    def look(self) -> None: ...

    def close(self) -> None: ...


class DeskSounds(QObject):
    """One per window, its child; ends with it. `manned`: an empty desk hears no news to tell."""

    def __init__(
        self,
        window: DeskWindow,
        player: Player,
        store: MuteStore,
        manned: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__(window)
        self._manned = manned
        self._window = window
        self._desk = window.desk
        self._switch = window.desk.sounds
        self._player = player
        self._store = store
        self._sounds = Sounds()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.look)
        self.menu = QMenu("Sounds", window)
        self.mute_all = self._make_menu()
        self.use(store)
        bridge = window.bridge
        bridge.tick.connect(self._tick)
        for signal in (bridge.control_changed, bridge.alert_changed, bridge.mission_changed):
            signal.connect(lambda _what: self._look_soon())
        window.closed.connect(player.close)
        player.start()

    def use(self, store: MuteStore) -> None:
        """Another person sits here: what is muted is that person's."""
        self._store = store
        names, told = store.load()
        self._switch.mute_names(names)
        if told:
            self._desk.state.notice(Severity.CAUTION, told)
        self._show()

    def look(self) -> None:
        """Play what is due now, if anything."""
        lines = self._window.warnings.lines
        cues = cues_of(self._desk.state, lines) if self._manned() else ()
        kind = self._sounds.due(cues, self._desk.now_s, self._switch.muted)
        if kind is not None:
            self._player.play(kind)

    def _tick(self) -> None:
        self._player.look()
        if self._player.trouble != self._switch.trouble:
            self._switch.trouble = self._player.trouble
            said = self._player.trouble or "Sounds can be heard again."
            self._desk.state.notice(Severity.INFO, said)
            self._show()
        self.look()

    def _look_soon(self) -> None:
        """A burst of changes is looked at once."""
        if not self._soon.isActive():
            self._soon.start()

    # -- muting ------------------------------------------------------------------------------
    def _mute(self, kind: SoundClass, on: bool) -> None:
        self._switch.mute(kind, on)
        self._keep()

    def _mute_all(self) -> None:
        self._switch.mute_all(not self._switch.all_muted)
        self._keep()

    def _keep(self) -> None:
        told = self._store.save(self._switch.names)
        if told:
            self._desk.state.notice(Severity.CAUTION, told)
        self._show()

    def _show(self) -> None:
        for kind, action in self._actions.items():
            action.setChecked(kind not in self._switch.muted)
        self.mute_all.setText(LET_ALL if self._switch.all_muted else MUTE_ALL)
        self._window.status.refresh()

    def _make_menu(self) -> QAction:
        self._actions = {kind: self._action(kind) for kind in MUTABLE}
        self.menu.addSeparator()
        warnings = QAction(f"{NAMES[SoundClass.FLIGHT_WARNING]} always sound", self)
        warnings.setEnabled(False)
        self.menu.addAction(warnings)
        every = QAction("", self)
        every.setShortcut(QKeySequence(MUTE_ALL_KEY))
        every.triggered.connect(lambda _on=False: self._mute_all())
        self._window.addAction(every)
        self.menu.addAction(every)
        self._window.menu.addMenu(self.menu)
        return every

    def _action(self, kind: SoundClass) -> QAction:
        action = QAction(NAMES[kind], self)
        action.setCheckable(True)
        action.triggered.connect(lambda on: self._mute(kind, not on))
        self.menu.addAction(action)
        return action
