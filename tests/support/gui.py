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

    loop = qasync.QEventLoop(qapp, already_running=False)
    asyncio.set_event_loop(loop)
    yield lambda awaitable: loop.run_until_complete(asyncio.wait_for(awaitable, 30.0))
    loop.close()
    asyncio.set_event_loop(None)
