"""The vehicle panel, the waiver and the further moves of the Go to row."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gcs.model.command import Waiver
from gcs.model.people import Role
from gcs.model.place import Position
from gcs.model.vehicle import (
    FenceReport,
    FenceState,
    LinkReport,
    Setting,
    SettingVerdict,
    SigningState,
    VehicleProfile,
    VehicleProfiles,
)
from tests.integration.ui.conftest import Make, Rig
from tests.integration.ui.test_commands import hold_down
from ui.models.move import Move
from ui.models.vehicle import vehicle_items
from ui.models.words import Ask
from ui.text import Tone, plain

pytestmark = pytest.mark.gui
PLACE = Position(51.5270, -0.1050)
PROFILE = VehicleProfile(
    "ISL-02",
    "net1",
    2,
    autopilot="ArduCopter",
    links=(
        LinkReport("udpin:127.0.0.1:14550", "127.0.0.1:40001", True, True, 0.4, 1.0),
        LinkReport("tcp:127.0.0.1:5760", "", False, False, None, None),
    ),
    signing=SigningState.REFUSED,
    signing_dropped=3,
    settings=(
        Setting("gcs_loss_action", "FS_GCS_ENABLE", "On GCS loss", "nothing",
                SettingVerdict.WARNING, "it would fly on"),
    ),
    settings_age_s=12.0,
    fence=FenceReport(FenceState.LOADED, 3, 16),
    blocked=("battery 22 %, at least 30 % is needed",),
)  # fmt: skip


def told(rig: Rig, profile: VehicleProfile = PROFILE) -> None:
    now = rig.shift.clock.utc_ms()
    rig.state.apply_vehicles(VehicleProfiles("gw1", "a", now, (profile,)))


def lines(rig: Rig) -> dict[str, tuple[str, set[Tone]]]:
    return {
        item.name: (plain(item.spans), {s.tone for s in item.spans})
        for item in vehicle_items(rig.state, "ISL-02")
    }


def test_what_is_wrong_with_a_vehicle_is_marked_and_in_words(rig: Rig) -> None:
    told(rig)
    shown = lines(rig)
    assert shown["Not ready"] == ("battery 22 %, at least 30 % is needed", {Tone.CAUTION})
    assert shown["Geofence"][0] == "loaded, not active · version 3, 16 points"
    assert shown["Signing"] == (
        "our key is not taken · 3 packets dropped",
        {Tone.WARNING, Tone.QUIET},
    )
    assert shown["FS_GCS_ENABLE"][0] == "On GCS loss: nothing · it would fly on"
    assert Tone.WARNING in shown["FS_GCS_ENABLE"][1]
    assert shown[""][0] == "tcp:127.0.0.1:5760 · never heard"


def test_an_old_profile_says_so_first(rig: Rig) -> None:
    told(rig)
    rig.shift.clock.advance(30.0)
    first = vehicle_items(rig.state, "ISL-02")[0]
    assert first.name == "Vehicle" and "last told 30 s ago" in plain(first.spans)


def test_of_a_drone_in_the_air_no_launch_is_spoken_of(rig: Rig) -> None:
    told(rig, replace(PROFILE, blocked=(), fence=FenceReport()))
    shown = lines(rig)
    assert shown["Launch"][0] == "it is in the air"
    assert shown["Geofence"][0] == "not known", "no version of what nobody knows"


def test_the_panel_shows_the_selected_drone(rig: Rig) -> None:
    QTest.keyClick(rig.window, Qt.Key.Key_V)
    told(rig)
    rig.later(1.0)
    panel = rig.window.vehicle
    assert panel.isVisible()
    assert panel.heading.text == "ISL-02"
    assert "ArduCopter · system 2 in net1" in panel.items.words.values()


def test_only_a_supervisor_may_waive_and_only_with_a_reason(rig: Rig) -> None:
    QTest.keyClick(rig.window, Qt.Key.Key_V)
    row = rig.window.vehicle.waiver
    assert row.isHidden()
    rig.state.role = Role.SUPERVISOR
    rig.later(1.0)
    rig.window.vehicle.refresh()
    assert not row.isHidden() and not row.allow.isEnabled()
    row.what.setCurrentIndex(row.what.findData(Waiver.RETURN_HEIGHT))
    row.reason.setText("low roof, street cleared")
    hold_down(rig, row.allow)
    asked = ("allow", "ISL-02", Waiver.RETURN_HEIGHT, "low roof, street cleared")
    assert rig.actions.asked == [asked]


@pytest.mark.parametrize(
    ("move", "asked"),
    [
        (Move.ORBIT, ("orbit", "ISL-02", PLACE, 45.0, 40.0)),
        (Move.HEIGHT, ("height", "ISL-02", 45.0)),
        (Move.SPEED, ("speed", "ISL-02", 6.0)),
    ],
)
def test_every_move_of_the_row_is_sent_by_a_hold(
    rig: Rig, move: Move, asked: tuple[object, ...]
) -> None:
    bar = rig.window.strip.bar
    QTest.mouseClick(bar.buttons[Ask.GO_TO], Qt.MouseButton.LeftButton)
    row = bar.go_to
    row.move_kind.setCurrentText(move.value)
    row.height_m.setValue(45)
    row.radius_m.setValue(40)
    row.speed_mps.setValue(6)
    if move is Move.ORBIT:
        assert not row.go.isEnabled()
        rig.window.place_chosen(PLACE)
    hold_down(rig, row.go)
    assert rig.actions.asked == [asked]


def test_a_figure_changed_in_the_hold_cancels_it(rig: Rig) -> None:
    bar = rig.window.strip.bar
    QTest.mouseClick(bar.buttons[Ask.GO_TO], Qt.MouseButton.LeftButton)
    bar.go_to.move_kind.setCurrentText(Move.HEIGHT.value)
    bar.go_to.go.begin()
    bar.go_to.height_m.setValue(90)
    rig.shift.clock.advance(2.0)
    rig.shift.links_well()
    bar.go_to.go.turn()
    rig.settle()
    assert rig.actions.asked == []


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_what_is_said_of_a_setting_is_never_cut_off(make: Make, size: tuple[int, int]) -> None:
    rig = make(size=size)
    rig.selection.select_drone("ISL-02")
    rig.turn()
    QTest.keyClick(rig.window, Qt.Key.Key_V)
    long = Setting(
        "options",
        "MAV_OPTIONS",
        "Other ground stations",
        "may command",
        SettingVerdict.CAUTION,
        "any ground station may command it (MAV_OPTIONS bit 0 is off), and so may the next one",
    )
    told(rig, replace(PROFILE, settings=(long,)))
    rig.later(1.0)
    rig.turn()
    items = rig.window.vehicle.items
    (words,) = [w for n, w in items._lines if n.text == "MAV_OPTIONS"]
    assert words.text.endswith("so may the next one")
    one_line = words.heightForWidth(2000)
    assert words.height() >= words.heightForWidth(words.width()) > one_line
    shown = [(n, w) for n, w in items._lines if n.isVisible()]
    assert len(shown) > 6
    assert all(w.height() >= w.heightForWidth(w.width()) for _, w in shown)
    assert all(not n.elided for n, _ in shown)
    assert words.tone is Tone.CAUTION
