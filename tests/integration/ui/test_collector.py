"""No thread but the windows' ever deletes what lay in a cycle."""

import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

YOUNG, FEW = 5_000, 200


class InACycle:
    """Notes in which thread it was deleted."""

    def __init__(self, ended_in: list[int]) -> None:
        self.itself = self
        self._ended_in = ended_in

    def __del__(self) -> None:
        self._ended_in.append(threading.get_ident())


def objects(many: int = 4 * YOUNG) -> list[list[int]]:
    return [[] for _ in range(many)]


def busy_thread() -> None:
    """Another thread makes more objects than any threshold lets pass."""
    worker = threading.Thread(target=objects)
    worker.start()
    worker.join()


@pytest.fixture
def as_before() -> Iterator[None]:
    was_on, thresholds = gc.isenabled(), gc.get_threshold()
    gc.enable()
    gc.set_threshold(YOUNG, 10, 10)
    gc.collect()
    yield
    gc.set_threshold(*thresholds)
    (gc.enable if was_on else gc.disable)()


def test_a_busy_thread_does_collect_where_nobody_forbids_it(as_before: None) -> None:
    ended_in: list[int] = []
    InACycle(ended_in)
    busy_thread()
    assert ended_in and ended_in[0] != threading.get_ident()


def test_with_the_collector_only_the_thread_of_the_windows_does(
    qapp: QApplication, as_before: None, qtbot: Any
) -> None:
    from ui.collector import Collector

    collector = Collector(young=YOUNG)
    collector.start()
    ended_in: list[int] = []
    InACycle(ended_in)
    busy_thread()
    assert ended_in == []
    kept = objects()
    qtbot.waitUntil(lambda: bool(ended_in))
    assert ended_in == [threading.get_ident()]
    assert kept
    collector.stop()
    assert gc.isenabled()


def test_what_grew_old_is_collected_in_its_turn(qapp: QApplication, as_before: None) -> None:
    from ui.collector import Collector

    collector = Collector(young=FEW)
    collector.start()
    ended_in: list[int] = []
    held = InACycle(ended_in)
    gc.collect(1)  # it has lived through a pass: a young one does not reach it
    del held
    for _ in range(2_000):
        kept = objects(2 * FEW)
        collector.turn()
        if ended_in:
            break
        del kept
    collector.stop()
    assert ended_in == [threading.get_ident()]
