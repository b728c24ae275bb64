"""pytest plugin for tests with windows: the map's scheme before the one QApplication, a loop.

Core tests never load Qt by this file: it imports it only inside its fixtures.
"""

from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

Runner = Callable[[Awaitable[Any]], Any]


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """pytest-qt asks for this just before it makes the QApplication: the last moment for it."""
    from ui.map.scheme import register_scheme

    register_scheme()
    return ["drone-desk-tests"]


@pytest.fixture
def run_async(qapp: "QApplication") -> Iterator[Runner]:
    """Run a coroutine to its end on a qasync loop over the test's QApplication."""
    import asyncio

    import qasync

    loop = qasync.QEventLoop(_Nested(qapp), already_running=False)
    asyncio.set_event_loop(loop)
    yield lambda awaitable: loop.run_until_complete(asyncio.wait_for(awaitable, 30.0))
    loop.close()
    asyncio.set_event_loop(None)


class _Nested:
    """Stands for the application in a loop that is run more than once.

    WebEngine is torn down when `QApplication.exec` returns and crashes in the next one; a
    nested Qt loop may come and go.
    """

    def __init__(self, app: "QApplication") -> None:
        from PySide6.QtCore import QEventLoop

        self._loop = QEventLoop()
        self.aboutToQuit = app.aboutToQuit
        self.eventDispatcher = app.eventDispatcher
        self.processEvents = app.processEvents

    def exec(self) -> int:
        return self._loop.exec()

    def exit(self) -> None:
        self._loop.exit()


# What Chromium says of a machine without a GPU, a bus or a window manager: nothing of ours.
WEBENGINE_NOISE = (
    r"^Sandboxing disabled by user",
    r"^QRhiGles2: Failed to create",
    r"^Failed to create RHI for backend",
    r"^This plugin does not support propagateSizeHints",
    r"^GPUInfo not initialized on GpuInfoUpdate",
    r"^Unable to detect GPU vendor",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Integration tests with windows run real pages: Chromium's own noise fails none of them."""
    for item in items:
        if "integration" in item.path.parts and "qapp" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.qt_log_ignore(*WEBENGINE_NOISE, extend=True))
