"""Every button and key calls its action, with the target bound at the press; none is silent."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gcs.geo.earth import offset
from gcs.model.event import Severity
from gcs.model.mission import MissionState
from gcs.model.place import Position
from gcs.model.telemetry import Phase
from gcs.station.actions import Outcome
from tests.integration.ui.conftest import Make, Rig
from tests.unit.ui.shift import ME, OTHER, key_of
from ui.models.words import Ask
from ui.widgets.hold_button import HoldButton

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton
PLACE = Position(51.5270, -0.1050)


def hold_down(rig: Rig, button: HoldButton) -> None:
    """Press, wait for the ring, let go."""
    button.begin()
    assert button.holding
    rig.shift.clock.advance(2.0)
    rig.shift.links_well()
    button.turn()
    rig.settle()


def buttons(rig: Rig) -> dict[Ask, object]:
    return dict(rig.window.strip.bar.buttons)


@pytest.mark.parametrize(
    ("ask", "asked"), [(Ask.HOLD, ("hold", "ISL-02")), (Ask.RETURN, ("return_home", "ISL-02"))]
)
def test_hold_and_return_act_at_once(
    rig: Rig, qtbot: QtBot, ask: Ask, asked: tuple[str, str]
) -> None:
    button = rig.window.strip.bar.buttons[ask]
    assert button.target == "ISL-02"
    QTest.mouseClick(button, LEFT)
    rig.settle()
    assert rig.actions.asked == [asked]


def test_a_click_keeps_the_target_it_was_pressed_with(rig: Rig, qtbot: QtBot) -> None:
    rig.shift.owned("ISL-05")
    button = rig.window.strip.bar.buttons[Ask.HOLD]
    QTest.mousePress(button, LEFT)
    rig.selection.select_drone("ISL-05")
    QTest.mouseRelease(button, LEFT)
    rig.settle()
    assert rig.actions.asked == [("hold", "ISL-02")]


def test_land_needs_a_hold(rig: Rig, qtbot: QtBot) -> None:
    button = rig.window.strip.bar.buttons[Ask.LAND]
    assert isinstance(button, HoldButton)
    QTest.mouseClick(button, LEFT)
    rig.settle()
    assert rig.actions.asked == []
    hold_down(rig, button)
    assert rig.actions.asked == [("land", "ISL-02")]


def test_land_is_cancelled_when_control_changes_meanwhile(rig: Rig) -> None:
    button = rig.window.strip.bar.buttons[Ask.LAND]
    assert isinstance(button, HoldButton)
    button.begin()
    rig.shift.owned("ISL-02", OTHER, 15)
    rig.shift.clock.advance(2.0)
    button.turn()
    rig.settle()
    assert rig.actions.asked == [] and not button.holding


def test_take_of_an_unowned_drone_needs_a_hold(rig: Rig) -> None:
    rig.selection.select_drone("ISL-07")
    button = rig.window.strip.bar.buttons[Ask.TAKE]
    assert isinstance(button, HoldButton)
    hold_down(rig, button)
    assert rig.actions.asked == [("take", "ISL-07")]


def test_release(rig: Rig, qtbot: QtBot) -> None:
    rig.shift.change("ISL-02", phase=Phase.LANDING)
    rig.later(1.0)
    QTest.mouseClick(rig.window.strip.bar.buttons[Ask.RELEASE], LEFT)
    rig.settle()
    assert rig.actions.asked == [("release", "ISL-02")]


def test_go_to_asks_the_map_then_needs_a_hold(rig: Rig, qtbot: QtBot) -> None:
    bar = rig.window.strip.bar
    with qtbot.waitSignal(rig.window.place_wanted) as wanted:
        QTest.mouseClick(bar.buttons[Ask.GO_TO], LEFT)
    assert wanted.args == ["ISL-02", "Where shall ISL-02 go?"]
    assert not bar.go_to.go.isEnabled()
    rig.window.place_chosen(PLACE)
    rig.selection.select_drone("ISL-05")
    bar.go_to.height_m.setValue(45)
    hold_down(rig, bar.go_to.go)
    assert rig.actions.asked == [("go_to", "ISL-02", PLACE, 45.0)]
    assert not bar.choosing


def test_another_place_during_the_hold_cancels_it(rig: Rig, qtbot: QtBot) -> None:
    bar = rig.window.strip.bar
    QTest.mouseClick(bar.buttons[Ask.GO_TO], LEFT)
    rig.window.place_chosen(PLACE)
    bar.go_to.go.begin()
    rig.window.place_chosen(offset(PLACE, 90.0, 500.0))
    rig.shift.clock.advance(2.0)
    bar.go_to.go.turn()
    rig.settle()
    assert rig.actions.asked == []


def test_go_to_gives_up_when_control_is_lost(rig: Rig, qtbot: QtBot) -> None:
    bar = rig.window.strip.bar
    QTest.mouseClick(bar.buttons[Ask.GO_TO], LEFT)
    with qtbot.waitSignal(rig.window.place_dropped):
        rig.shift.owned("ISL-02", OTHER, 15)
    assert not bar.choosing


def test_take_incident_and_its_progress(make: Make, qtbot: QtBot) -> None:
    rig = make()
    gate = asyncio.Event()
    rig.actions.gate = gate
    row = rig.window.incidents.row(key_of(1043))
    assert row is not None and row.take.isVisible()
    QTest.mouseClick(row.take, LEFT)
    rig.loop.run_until_complete(asyncio.sleep(0))
    assert row.take.text() == "Taking …" and not row.take.isEnabled()
    QTest.mouseClick(row.take, LEFT)
    gate.set()
    rig.settle()
    assert rig.actions.asked == [("take_incident", key_of(1043))]
    assert row.take.isEnabled()


def taken(rig: Rig) -> None:
    rig.shift.mission(1043, state=MissionState.TAKEN, owner=ME)
    rig.selection.select_incident(key_of(1043))
    rig.turn()


def test_launch_goes_to_the_chosen_drone_at_the_chosen_height(rig: Rig, qtbot: QtBot) -> None:
    taken(rig)
    sheet = rig.window.brief.launch
    assert rig.window.brief.page == "launch"
    best = rig.state.candidates(key_of(1043), 60.0)[0].drone
    assert sheet.chosen == best == sheet.launch.target
    sheet.choose("ISL-03")
    sheet.height_m.setValue(45)
    hold_down(rig, sheet.launch)
    assert rig.actions.asked == [("launch", key_of(1043), "ISL-03", 45.0)]


def test_launch_is_cancelled_when_the_drone_stops_being_ready(rig: Rig) -> None:
    taken(rig)
    sheet = rig.window.brief.launch
    sheet.launch.begin()
    assert sheet.launch.holding
    rig.shift.change(sheet.chosen, ready=False, not_ready_because=("compass",))
    rig.shift.batch()
    rig.shift.clock.advance(2.0)
    rig.shift.links_well()
    sheet.launch.turn()
    rig.settle()
    assert rig.actions.asked == []


def test_a_refused_launch_lists_its_reasons(rig: Rig) -> None:
    taken(rig)
    reasons = ("GCS-loss action is off", "return height 15 m is under 40 m")
    rig.actions.answer = Outcome(False, "Launch of ISL-01 was refused.", reasons)
    sheet = rig.window.brief.launch
    hold_down(rig, sheet.launch)
    assert sheet.said.text == "Launch of ISL-01 was refused."
    rig.shift.mission(1043, drone="ISL-01")  # the incident keeps the refused drone for a moment
    assert rig.window.brief.page == "launch" and not sheet.launch.isEnabled()
    assert sheet.refusal.text() == "· GCS-loss action is off\n· return height 15 m is under 40 m"
    notice = rig.window.notices.lines[0]
    assert notice.severity is Severity.CAUTION
    assert all(reason.split(" 15")[0] in notice.text for reason in reasons)


def test_an_incident_can_be_given_back(rig: Rig, qtbot: QtBot) -> None:
    taken(rig)
    QTest.mouseClick(rig.window.brief.launch.give_back, LEFT)
    rig.settle()
    assert rig.actions.asked == [("release_incident", key_of(1043))]


def test_hand_off_names_the_person_and_the_reason(rig: Rig, qtbot: QtBot) -> None:
    QTest.mouseClick(rig.window.strip.bar.buttons[Ask.HAND_OFF], LEFT)
    form = rig.window.brief.hand_off
    assert form.person.hasFocus()
    assert not form.offer.isEnabled()
    form.person.setCurrentIndex(form.person.findData("super-c"))
    QTest.keyClicks(form.reason, "end of shift")
    QTest.mouseClick(form.offer, LEFT)
    rig.settle()
    assert rig.actions.asked == [("offer", "ISL-02", "super-c", "end of shift")]


def test_the_holder_sees_the_countdown_and_can_cancel(rig: Rig, qtbot: QtBot) -> None:
    rig.shift.offered("ISL-02", ME, OTHER)
    rig.later(18.0)
    form = rig.window.brief.hand_off
    assert form.offering and form.countdown.text == "0:42"
    QTest.mouseClick(form.cancel, LEFT)
    rig.settle()
    assert rig.actions.asked == [("cancel_offer", "ISL-02")]


def test_close_needs_a_sentence(rig: Rig, qtbot: QtBot) -> None:
    QTest.mouseClick(rig.window.strip.bar.buttons[Ask.CLOSE], LEFT)
    form = rig.window.brief.close_form
    assert form.text.hasFocus() and not form.close_button.isEnabled()
    QTest.keyClicks(form.text, "No trace.")
    QTest.keyClick(form.text, Qt.Key.Key_Return)
    rig.settle()
    assert rig.actions.asked == [("close_incident", key_of(1042), "No trace.")]


# -- the one door --------------------------------------------------------------------------
def test_an_act_without_a_drone_says_so(make: Make, qtbot: QtBot) -> None:
    rig = make(busy=False)
    with qtbot.waitSignal(rig.commands.done) as done:
        task = rig.commands.hold()
        rig.settle()
    assert not task.result().ok
    assert done.args is not None and done.args[0] == "hold"
    assert rig.window.notices.lines[0].text.startswith("No drone is selected")


def test_a_fault_inside_reaches_the_operator_in_words(rig: Rig, caplog: object) -> None:
    rig.actions.fault = RuntimeError("socket gone")
    task = rig.commands.land("ISL-02")
    rig.settle()
    assert not task.result().ok
    assert "Land ISL-02 failed inside this program (socket gone)" in task.result().text
    assert rig.commands.progress("ISL-02") == ""
    assert rig.window.notices.lines[0].text == task.result().text


def test_progress_stands_in_the_strip_until_the_answer(rig: Rig) -> None:
    rig.actions.gate = asyncio.Event()
    rig.commands.hold()
    rig.loop.run_until_complete(asyncio.sleep(0))
    assert rig.window.strip.receipt.text == "Hold: sending …"
    rig.actions.gate.set()
    rig.settle()
    assert rig.window.strip.receipt.text.startswith("Hold observed")


def test_a_cancelled_act_leaves_no_progress(rig: Rig) -> None:
    rig.actions.gate = asyncio.Event()
    task = rig.commands.hold()
    rig.loop.run_until_complete(asyncio.sleep(0))
    task.cancel()
    rig.settle()
    assert task.cancelled() and rig.commands.progress("ISL-02") == ""
