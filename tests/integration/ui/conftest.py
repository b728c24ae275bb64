"""The real window over a state that the test drives; acts are recorded, the clock is turned."""

import asyncio
import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gcs.station.actions import Outcome
from tests.support.fake_wall import FakeWall
from tests.unit.ui.shift import RecordingActions, Shift

if importlib.util.find_spec("PySide6") is None:
    collect_ignore_glob = ["test_*.py"]

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from ui.window import DeskWindow

RESOURCES = Path(__file__).parents[3] / "resources"


class Rig:
    """One desk under test."""

    def __init__(self, folder: Path, busy: bool, sheet: str) -> None:
        from ui.commands import OperatorCommands
        from ui.selection import Selection

        self.folder = folder
        self._sheet = sheet
        self.loop = asyncio.new_event_loop()
        self.shift = Shift()
        if busy:
            self.shift.busy()
        self.state = self.shift.state
        self.wall = FakeWall(self.shift.clock)
        self.actions = RecordingActions()
        self.selection = Selection()
        self.tasks: list[asyncio.Task[Outcome]] = []
        self.commands = OperatorCommands(self.actions, self.state, self.selection, self._run)
        self.window: DeskWindow

    def _run(self, work: Any) -> "asyncio.Task[Outcome]":
        task = self.loop.create_task(work)
        self.tasks.append(task)
        return task

    def open(self, size: tuple[int, int]) -> "DeskWindow":
        """Show the window."""
        from PySide6.QtWidgets import QLabel

        from ui.layout_store import LayoutStore
        from ui.window import DeskWindow

        self.window = DeskWindow(
            self.state,
            self.commands,
            self.selection,
            QLabel("map"),
            self.shift.clock,
            LayoutStore(self.folder, "pilot-a"),
            wall=self.wall,
            street_at=lambda _place: "Exmouth Market",
        )
        self.window.setStyleSheet(self._sheet)
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()
        self.turn()
        return self.window

    def settle(self) -> None:
        """Let every act that was started come to its end."""
        while pending := [t for t in self.tasks if not t.done()]:
            self.loop.run_until_complete(asyncio.wait(pending, timeout=2.0))

    def later(self, seconds: float) -> None:
        """Time passes for the state, the ages and every timer of the desk."""
        self.shift.later(seconds)
        self.tell()

    def tell(self) -> None:
        """What the bridge would tell within a second."""
        self.window.bridge.tell_all()
        self.turn()

    def turn(self) -> None:
        """Let Qt lay out and paint."""
        from PySide6.QtWidgets import QApplication

        for _ in range(3):
            QApplication.processEvents()

    def close(self) -> None:
        """End the desk."""
        if hasattr(self, "window"):
            self.window.close()
        if pending := [t for t in self.tasks if not t.done()]:
            for task in pending:
                task.cancel()
            self.loop.run_until_complete(asyncio.wait(pending, timeout=2.0))
        self.loop.close()


@pytest.fixture(scope="session")
def sheet(qapp: "QApplication") -> str:
    """The program in its own look, once; the style sheet of its windows."""
    from ui.theme import DARK, dress

    return dress(qapp, DARK, RESOURCES)


@pytest.fixture
def dressed(qapp: "QApplication", sheet: str) -> "QApplication":
    """The program in its own look."""
    return qapp


Make = Callable[..., Rig]


@pytest.fixture
def make(dressed: "QApplication", sheet: str, qtbot: "QtBot", tmp_path: Path) -> Iterator[Make]:
    """Make a desk: `make(busy=True, size=(1920, 1080))`."""
    made: list[Rig] = []

    def build(busy: bool = True, size: tuple[int, int] = (1920, 1080)) -> Rig:
        rig = Rig(tmp_path, busy, sheet)
        made.append(rig)
        qtbot.addWidget(rig.open(size))
        qtbot.waitUntil(lambda: dressed.activeWindow() is not None, timeout=2000)
        return rig

    yield build
    for rig in made:
        rig.close()


@pytest.fixture
def rig(make: Make) -> Rig:
    """A busy desk, ISL-02 selected."""
    desk = make()
    desk.selection.select_drone("ISL-02")
    desk.turn()
    return desk
