"""The bridge's throttle and the lag probe."""

import threading

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gcs.runtime.clock import ManualClock
from tests.unit.ui.shift import Shift
from ui.bridge import Bridge
from ui.lag import KEEP, LagProbe

pytestmark = pytest.mark.gui


def test_many_batches_are_told_at_most_ten_times_a_second(
    dressed: QApplication, qtbot: QtBot
) -> None:
    shift = Shift()
    bridge = Bridge(shift.state)
    told: list[frozenset[str]] = []
    threads: list[int] = []
    bridge.fleet_changed.connect(told.append)
    bridge.fleet_changed.connect(lambda _drones: threads.append(threading.get_ident()))
    for _ in range(40):
        shift.batch()
    assert told == []
    qtbot.waitUntil(lambda: len(told) == 1, timeout=2000)
    assert told[0] == frozenset(shift.drones)
    assert threads == [threading.get_ident()]
    QTest.qWait(150)
    assert len(told) == 1
    bridge.close()


def test_a_closed_bridge_hears_nothing(dressed: QApplication) -> None:
    shift = Shift()
    bridge = Bridge(shift.state)
    told: list[str] = []
    bridge.control_changed.connect(told.append)
    shift.owned("ISL-02")
    bridge.close()
    bridge.close()
    shift.owned("ISL-03")
    assert told == ["ISL-02"]


def test_the_probe_measures_lateness(dressed: QApplication) -> None:
    clock = ManualClock()
    probe = LagProbe(clock)
    assert probe.percentile(0.99) is None
    probe.turn()
    for late in [0.0] * 98 + [0.040, 0.200]:
        clock.advance(0.010 + late)
        probe.turn()
    assert probe.percentile(0.5) == pytest.approx(0.0, abs=1e-9)
    assert probe.percentile(0.98) == pytest.approx(0.040)
    assert probe.percentile(1.0) == pytest.approx(0.200)
    probe.reset()
    assert probe.turns == 0


def test_the_probe_keeps_a_bounded_memory_and_runs(dressed: QApplication, qtbot: QtBot) -> None:
    clock = ManualClock()
    probe = LagProbe(clock)
    for _ in range(KEEP + 100):
        probe.turn()
    assert probe.turns == KEEP
    probe.reset()
    probe.start()
    qtbot.waitUntil(lambda: probe.turns >= 3, timeout=2000)
    probe.stop()
