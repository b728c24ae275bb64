"""Flight warnings over the map: what is drawn, in which order, and when it goes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gcs.model.event import Severity
from gcs.model.place import Position
from gcs.model.traffic import Aircraft, Encounter, TrafficPicture
from tests.integration.ui.conftest import Make, Rig
from ui.panels.warning_plate import BESIDE_BUTTONS_PX

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton
HELICOPTER = Aircraft(
    0x4007F2, "NPAS21", "rotorcraft", Position(51.53, -0.10), 200.0, 90.0, 40.0, 0.0, 0.5, "ISL-02"
)


def traffic(rig: Rig, severity: Severity | None) -> None:
    near = Encounter("ISL-02", HELICOPTER.icao, 600.0, 60.0, 12.0, 90.0, severity)
    now = rig.shift.clock.utc_ms()
    rig.state.apply_traffic(TrafficPicture("gw1", "a", now, (HELICOPTER,), (near,)))


def seconds(rig: Rig, count: int, severity: Severity | None) -> None:
    for _ in range(count):
        traffic(rig, severity)
        rig.later(1.0)


def test_an_aircraft_that_comes_near_is_warned_of_first(rig: Rig) -> None:
    plate = rig.window.warnings
    seconds(rig, 2, Severity.WARNING)
    assert plate.isVisible()
    assert "NPAS21" in plate.rows[0].text_line.text
    assert "Descend or land now" in plate.rows[0].accessibleName()
    over = rig.window.centralWidget()
    assert over is not None
    assert plate.y() > over.mapTo(rig.window, over.rect().topLeft()).y()
    seconds(rig, 8, None)
    assert all("NPAS21" not in line.text for line in plate.lines)


def test_a_warning_selects_its_drone(rig: Rig) -> None:
    rig.selection.select_drone("ISL-05")
    seconds(rig, 2, Severity.WARNING)
    QTest.mouseClick(rig.window.warnings.rows[0], LEFT)
    assert rig.selection.drone == "ISL-02"


def test_nothing_to_warn_of_draws_nothing(make: Make) -> None:
    rig = make(busy=False)
    rig.later(2.0)
    assert rig.window.warnings.isHidden()


def test_the_plate_leaves_the_maps_own_buttons_free(rig: Rig) -> None:
    seconds(rig, 2, Severity.WARNING)
    plate, over = rig.window.warnings, rig.window.centralWidget()
    assert over is not None
    corner = over.mapTo(rig.window, over.rect().topRight())
    assert plate.geometry().right() <= corner.x() - BESIDE_BUTTONS_PX
