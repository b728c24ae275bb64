"""The camera from the desk: look at a place, tilt and zoom by steps, only by who has control."""

from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gcs.model.command import CommandKind, ReceiptState
from gcs.model.place import Position
from gcs.model.vehicle import VehicleProfile, VehicleProfiles
from gcs.station.actions import Outcome
from tests.integration.ui.conftest import Rig
from tests.unit.ui.shift import OTHER, key_of
from ui.models.camera import Aim, Pose, stepped
from ui.models.words import Ask

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton
PLACE = Position(51.5270, -0.1050)


def aimed(rig: Rig, **what: Any) -> None:
    """The vehicle tells where its camera looks."""
    told = {"gimbal_pitch_deg": -45.0, "gimbal_yaw_deg": 12.0, "zoom": 1.0} | what
    rig.shift.change("ISL-02", **told)
    rig.later(1.0)


def press(rig: Rig, code: Qt.Key, text: str = "") -> None:
    target = QApplication.focusWidget() or rig.window
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(target, event)
    rig.shift.clock.advance(0.2)
    rig.settle()


def test_look_at_acts_when_the_place_is_pointed_at(rig: Rig, qtbot: QtBot) -> None:
    bar = rig.window.strip.bar
    with qtbot.waitSignal(rig.window.place_wanted) as wanted:
        press(rig, Qt.Key.Key_L, "l")
    assert wanted.args == ["ISL-02", "What shall ISL-02 look at?"]
    rig.selection.select_drone("ISL-05")
    rig.window.place_chosen(PLACE)
    rig.settle()
    assert rig.actions.asked == [("look_at", "ISL-02", PLACE)]
    assert not bar.choosing


def test_the_key_once_more_looks_at_the_incident(rig: Rig) -> None:
    press(rig, Qt.Key.Key_L, "l")
    press(rig, Qt.Key.Key_L, "l")
    mission = rig.state.mission(key_of(1042))
    assert mission is not None
    assert rig.actions.asked == [("look_at", "ISL-02", mission.incident.position)]


def test_a_place_for_look_at_never_flies_the_drone(rig: Rig) -> None:
    bar = rig.window.strip.bar
    press(rig, Qt.Key.Key_G, "g")
    press(rig, Qt.Key.Key_L, "l")
    rig.window.place_chosen(PLACE)
    rig.settle()
    assert bar.go_to.place is None and not bar.choosing
    assert [a[0] for a in rig.actions.asked] == ["look_at"]


def test_look_at_is_given_up_by_escape_and_by_a_lost_drone(rig: Rig) -> None:
    bar = rig.window.strip.bar
    press(rig, Qt.Key.Key_L, "l")
    press(rig, Qt.Key.Key_Escape)
    assert not bar.choosing
    press(rig, Qt.Key.Key_L, "l")
    rig.shift.owned("ISL-02", OTHER, 15)
    assert not bar.choosing
    rig.window.place_chosen(PLACE)
    rig.settle()
    assert rig.actions.asked == []


@pytest.mark.parametrize(
    ("code", "text", "asked"),
    [
        (Qt.Key.Key_PageUp, "", ("gimbal", "ISL-02", -35.0, 12.0)),
        (Qt.Key.Key_PageDown, "", ("gimbal", "ISL-02", -55.0, 12.0)),
        (Qt.Key.Key_Comma, ",", ("gimbal", "ISL-02", -45.0, -3.0)),
        (Qt.Key.Key_Period, ".", ("gimbal", "ISL-02", -45.0, 27.0)),
        (Qt.Key.Key_BracketRight, "]", ("zoom", "ISL-02", 1.5)),
    ],
)
def test_a_key_moves_the_camera_a_step(
    rig: Rig, code: Qt.Key, text: str, asked: tuple[object, ...]
) -> None:
    aimed(rig)
    press(rig, code, text)
    assert rig.actions.asked == [asked]


def key(rig: Rig, kind: QEvent.Type, code: Qt.Key, text: str = "") -> None:
    event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, text)
    QApplication.sendEvent(QApplication.focusWidget() or rig.window, event)


def goes_on(rig: Rig, seconds: float) -> None:
    """Time passes for what is held down."""
    rig.shift.clock.advance(seconds)
    rig.shift.links_well()
    rig.window.strip.camera.turn.look()
    rig.settle()


def rates(rig: Rig) -> list[tuple[object, ...]]:
    return [a[1:] for a in rig.actions.asked if a[0] == "gimbal_rate"]


def neutral(rig: Rig) -> bool:
    """As the pre-checks of a hand-over are told."""
    return rig.window.strip.camera.turn.neutral


def test_a_button_held_turns_the_camera_on_until_it_is_let_go(rig: Rig) -> None:
    aimed(rig)
    camera = rig.window.strip.camera
    button = camera.buttons[Aim.RIGHT]
    assert neutral(rig)
    QTest.mousePress(button, LEFT)
    goes_on(rig, 0.3)
    assert rates(rig) == [], "so short a press is a step"
    assert not neutral(rig), "as the pre-checks of a hand-over ask"
    goes_on(rig, 0.3)
    assert rates(rig) == [("ISL-02", 0.0, 15.0)]
    goes_on(rig, 0.5)
    assert len(rates(rig)) == 1, "once a second is enough"
    goes_on(rig, 0.6)
    assert rates(rig) == [("ISL-02", 0.0, 15.0)] * 2
    QTest.mouseRelease(button, LEFT)
    rig.settle()
    assert rates(rig)[2:] == [("ISL-02", 0.0, 0.0)] and neutral(rig)
    goes_on(rig, 2.0)
    assert len(rates(rig)) == 3


def test_a_key_held_turns_on_through_its_repeats_and_ends_with_it(rig: Rig) -> None:
    aimed(rig)
    key(rig, QEvent.Type.KeyPress, Qt.Key.Key_PageDown)
    for _ in range(10):  # X11 tells a repeat as a release and a press
        goes_on(rig, 0.1)
        key(rig, QEvent.Type.KeyRelease, Qt.Key.Key_PageDown)
        key(rig, QEvent.Type.KeyPress, Qt.Key.Key_PageDown)
    assert rates(rig) == [("ISL-02", -15.0, 0.0)]
    assert [a[0] for a in rig.actions.asked].count("gimbal") == 1, "the step of the press alone"
    key(rig, QEvent.Type.KeyRelease, Qt.Key.Key_PageDown)
    goes_on(rig, 0.1)
    assert rates(rig)[1:] == [("ISL-02", 0.0, 0.0)]


def test_a_release_that_never_came_does_not_turn_it_for_ever(rig: Rig) -> None:
    aimed(rig)
    key(rig, QEvent.Type.KeyPress, Qt.Key.Key_Period, ".")
    for _ in range(4):
        goes_on(rig, 0.6)
    assert rates(rig) == [("ISL-02", 0.0, 15.0), ("ISL-02", 0.0, 0.0)]


def test_a_turn_ends_with_the_selection_and_is_not_sent_without_control(rig: Rig) -> None:
    aimed(rig)
    button = rig.window.strip.camera.buttons[Aim.UP]
    QTest.mousePress(button, LEFT)
    goes_on(rig, 0.6)
    rig.selection.select_drone("ISL-05")
    goes_on(rig, 0.1)
    assert rates(rig) == [("ISL-02", 15.0, 0.0), ("ISL-02", 0.0, 0.0)]
    rig.selection.select_drone("ISL-02")
    rig.turn()
    rig.window.strip.camera.turn.begin("ISL-02", Aim.UP, by_key=False)
    goes_on(rig, 0.6)
    rig.shift.owned("ISL-02", OTHER, 15)
    goes_on(rig, 0.1)
    assert rates(rig)[2:] == [("ISL-02", 15.0, 0.0)], "the gateway ends it for who lost control"


def test_a_refused_turn_is_told_once(rig: Rig) -> None:
    aimed(rig)
    QTest.mousePress(rig.window.strip.camera.buttons[Aim.LEFT], LEFT)
    rig.settle()
    rig.actions.answer = Outcome(False, "Refused: the camera of ISL-02 cannot pan.")
    for _ in range(4):
        goes_on(rig, 0.6)
    assert rates(rig) == [("ISL-02", 0.0, -15.0)]


def test_a_camera_without_a_gimbal_manager_goes_by_steps(rig: Rig) -> None:
    aimed(rig)
    profile = VehicleProfile("ISL-02", "net1", 2)
    rig.state.apply_vehicles(VehicleProfiles("gw1", "a", rig.shift.clock.utc_ms(), (profile,)))
    QTest.mousePress(rig.window.strip.camera.buttons[Aim.UP], LEFT)
    goes_on(rig, 0.6)
    assert rates(rig) == []
    assert "by steps only" in rig.window.notices.lines[0].text


def test_quick_presses_add_up_before_the_vehicle_reports(rig: Rig) -> None:
    aimed(rig)
    button = rig.window.strip.camera.buttons[Aim.DOWN]
    for _ in range(2):
        QTest.mouseClick(button, LEFT)
        rig.settle()
    assert [a[2] for a in rig.actions.asked] == [-55.0, -65.0]
    rig.later(3.0)
    QTest.mouseClick(button, LEFT)
    rig.settle()
    assert rig.actions.asked[-1][2] == -55.0


def test_at_its_end_the_camera_says_so(rig: Rig) -> None:
    aimed(rig)
    press(rig, Qt.Key.Key_BracketLeft, "[")
    assert rig.actions.asked == []
    assert "at its end" in rig.window.notices.lines[0].text


def test_only_who_has_control_moves_the_camera(rig: Rig) -> None:
    aimed(rig)
    camera = rig.window.strip.camera
    assert all(b.isEnabled() for b in camera.buttons.values())
    assert camera.words.text == "camera −45° · 1.0×"
    rig.shift.owned("ISL-02", OTHER, 15)
    assert not any(b.isEnabled() for b in camera.buttons.values())
    assert not rig.window.strip.bar.buttons[Ask.LOOK_AT].isEnabled()
    press(rig, Qt.Key.Key_PageUp)
    assert rig.actions.asked == []
    assert "Pilot B at desk-2 controls ISL-02" in rig.window.notices.lines[0].text


def test_a_camera_that_tells_nothing_is_not_stepped(rig: Rig) -> None:
    aimed(rig, gimbal_pitch_deg=None)
    assert rig.window.strip.camera.words.text == "camera –"
    press(rig, Qt.Key.Key_PageUp)
    assert rig.actions.asked == []


def test_its_receipt_is_told_like_any_other(rig: Rig) -> None:
    rig.shift.receipt("ISL-02", CommandKind.LOOK_AT, ReceiptState.OBSERVED)
    assert rig.window.strip.receipt.text.startswith("Look at observed 0.4 s after sending")


def test_steps_stay_within_what_can_be_asked() -> None:
    assert stepped(Pose(-85.0, 0.0, 1.0), Aim.DOWN).pitch_deg == -90.0
    assert stepped(Pose(25.0, 0.0, 1.0), Aim.UP).pitch_deg == 30.0
    assert stepped(Pose(0.0, 0.0, 28.0), Aim.NEARER).zoom == 30.0
    assert stepped(Pose(0.0, 0.0, 2.0), Aim.WIDER).zoom == 1.33
