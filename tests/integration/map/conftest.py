"""The map needs Qt: without PySide6 none of these tests is collected."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from gcs.runtime.clock import SystemClock
from tests.support.map_scene import Scene

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.integration.map.desk_map import DeskMap
    from tests.support.gui import Runner

collect_ignore_glob = [] if find_spec("PySide6") else ["*.py"]


@pytest.fixture
def desk_map(qtbot: "QtBot", run_async: "Runner") -> "Iterator[DeskMap]":
    """The page of a shift in which nothing was heard yet."""
    from tests.integration.map.desk_map import open_map

    made = open_map(Scene(SystemClock()), qtbot, run_async)
    yield made
    made.view.end()
