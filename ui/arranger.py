"""The arrangement of one window's panels: each person's own, one for a large window and one for a
folded one, brought back and kept.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, QTimer
from PySide6.QtWidgets import QMainWindow

from ui.arrangement import default_arrangement, first_size, is_folded
from ui.layout_store import Arrangement, LayoutStore
from ui.panels.dock import PanelDock

STATE_VERSION = 2


class Arranger:
    """`tell` gets a sentence when a file is of no use. `lent()`: the panels stand otherwise for a
    while, which is not kept."""

    def __init__(
        self,
        window: QMainWindow,
        docks: Mapping[str, PanelDock],
        store: LayoutStore,
        tell: Callable[[str], None],
        lent: Callable[[], bool],
    ) -> None:
        self._window, self._docks = window, dict(docks)
        self._store = store
        self._tell = tell
        self._lent = lent
        self._states: dict[str, bytes] = {}
        self.folded: bool | None = None

    def load(self) -> None:
        """Once, before the window is shown."""
        self._window.resize(first_size(self._window.screen().availableSize()))
        geometry = self._read()
        if geometry and not self._window.restoreGeometry(QByteArray(geometry)):
            self._complain()
        self._fold(self._should_fold())

    def use(self, store: LayoutStore) -> None:
        """Another person sits here: what the last one arranged is kept, the window stays."""
        if store.path == self._store.path:
            return
        self.keep()
        self._store, self._states = store, {}
        self._read()
        self._arrange()

    def resized(self) -> None:
        """The window has another size."""
        folded = self._should_fold()
        if folded != self.folded:
            # Docks cannot be arranged while Qt lays the window out.
            QTimer.singleShot(0, self._window, lambda: self._fold(folded))

    def note(self) -> None:
        """Remember how the panels stand; not when the window folds: then they are squeezed."""
        if self.folded == self._should_fold():
            self._note()

    def keep(self) -> None:
        """Write down how the panels stand."""
        self._note()
        geometry = bytes(self._window.saveGeometry().data())
        if told := self._store.save(Arrangement(geometry, self._states)):
            self._tell(told)

    def reset(self) -> None:
        """Everything back where it stands on a new desk."""
        self._store.forget()
        self._states.clear()
        default_arrangement(self._window, self._docks, self._should_fold())

    # -- how -------------------------------------------------------------------------------------
    def _read(self) -> bytes:
        """The states from the file; returns the window's geometry, empty = none."""
        kept, told = self._store.load()
        if told:
            self._tell(told)
        if kept is None:
            return b""
        self._states = dict(kept.states)
        return kept.geometry

    def _fold(self, folded: bool) -> None:
        if folded != self.folded:
            self.folded = folded
            self._arrange()

    def _arrange(self) -> None:
        state = self._states.get(self._fold_name)
        if state is not None and self._window.restoreState(QByteArray(state), STATE_VERSION):
            return
        if state is not None:
            self._complain()
        default_arrangement(self._window, self._docks, bool(self.folded))

    def _note(self) -> None:
        if not self._lent():
            state = self._window.saveState(STATE_VERSION)
            self._states[self._fold_name] = bytes(state.data())

    def _should_fold(self) -> bool:
        return is_folded(self._window.width(), self._window.height())

    @property
    def _fold_name(self) -> str:
        return "folded" if self.folded else "wide"

    def _complain(self) -> None:
        self._tell(
            f"{self._store.path}: not an arrangement of these panels; "
            "they stand in their default places."
        )
