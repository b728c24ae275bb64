"""A hand-over on the screen, step by step, as who gives and as who receives sees it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gcs.model.control import ControlRecord, ControlState
from gcs.model.function import Function
from tests.integration.ui.conftest import Make, Rig
from tests.integration.ui.test_window import SMALL, WIDE, cut, outside
from tests.unit.ui.handing import PASSED, handing, read, sheet
from tests.unit.ui.shift import ME, OTHER
from ui.map.drone_marks import drone_mark
from ui.models.words import Ask

pytestmark = pytest.mark.gui
MINE, THEIRS = "ISL-02", "ISL-05"
LEFT = Qt.MouseButton.LeftButton
Keys = Qt.Key


def press(rig: Rig, code: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    """A key of its own where the focus is."""
    rig.shift.clock.advance(0.5)
    target = QApplication.focusWidget() or rig.window
    QTest.keyClick(target, code, modifier or Qt.KeyboardModifier.NoModifier)
    rig.settle()


def hold_key(rig: Rig, code: Qt.Key) -> None:
    """Held until the ring is full."""
    rig.shift.clock.advance(0.5)  # no repeat of the last one
    rig.shift.links_well()
    QTest.keyPress(rig.window, code)
    rig.shift.clock.advance(1.1)
    QTest.keyRelease(rig.window, code)
    rig.settle()


def receiving(rig: Rig, state: ControlState = ControlState.BRIEFING) -> None:
    """Pilot B hands ISL-05 to this desk; its brief is here."""
    rig.selection.select_drone(THEIRS)
    handing(rig.shift, THEIRS, state, OTHER, ME)
    sheet(rig.shift, THEIRS)
    rig.tell()


def giving(rig: Rig, state: ControlState = ControlState.BRIEFING) -> None:
    """This desk hands ISL-02 to Pilot B."""
    rig.selection.select_drone(MINE)
    handing(rig.shift, MINE, state, ME, OTHER)
    sheet(rig.shift, MINE)
    rig.tell()


def settled(rig: Rig, record: ControlRecord) -> None:
    rig.state.apply_control(replace(record, state=ControlState.OWNED, handover=None))
    rig.tell()


# -- the prompt in each place -------------------------------------------------------------------
STEPS = [
    (ControlState.BRIEFING, "2:58", "brief 2:58"),
    (ControlState.ARMED, "0:13", "armed 0:13"),
    (ControlState.CONFIRMING, "0:08", "confirm 0:08"),
]


@pytest.mark.parametrize(("state", "left", "short"), STEPS)
@pytest.mark.parametrize("gives", [True, False])
def test_each_step_counts_down_on_tile_marker_lists_and_strip_of_both(
    rig: Rig, state: ControlState, left: str, short: str, gives: bool
) -> None:
    drone = MINE if gives else THEIRS
    (giving if gives else receiving)(rig, state)
    rig.later(2.0)
    window = rig.window
    arrow = "you → Pilot B" if gives else "Pilot B → you"
    assert window.brief.handover.countdown.text == left
    number = window.fleet.model.row_of(drone)
    assert number is not None
    assert left in window.fleet.model.row(number).state
    assert window.fleet.model.row(number).short == short
    mark = drone_mark(rig.state, drone)
    assert mark is not None and mark.asks
    assert mark.title == f"{drone} · {arrow} {left}"
    tile = next(t for t in window.wall.tiles if t.feed == drone)
    assert tile.told is not None
    assert tile.told.holder.text == arrow
    assert tile.told.foot[0].text == short
    row = window.incidents.row("MPS-20260921-1042" if gives else "MPS-20260921-1039")
    assert row is not None and f"{drone}, {arrow} {left}" in row.line.text
    assert left in window.strip.head.text


def test_an_offer_counts_down_at_the_giver_too(rig: Rig) -> None:
    rig.shift.offered(MINE, ME, OTHER)
    rig.later(18.0)
    assert rig.window.brief.hand_off.countdown.text == "0:42"
    mark = drone_mark(rig.state, MINE)
    assert mark is not None and mark.title == "ISL-02 · you → Pilot B? 0:42"


# -- the receiver -------------------------------------------------------------------------------
def test_the_brief_is_the_gateways_text_line_by_line(rig: Rig) -> None:
    receiving(rig)
    panel = rig.window.brief.handover
    told = rig.state.brief(THEIRS)
    assert rig.window.brief.page == "handover" and told is not None
    shown = [(r.line.title, r.line.text) for r in panel.lines.rows if r.line]
    assert shown == [(i.title, i.text) for i in told.items if i.needed]
    assert [r.line.title for r in panel.alerts.rows if r.line] == ["Open alert"]
    assert "take the alert too" in panel.alert_head.text()
    assert panel.doing.text == "Read and tick each line: 0 of 12."


def test_lines_are_ticked_by_mouse(rig: Rig) -> None:
    receiving(rig)
    told = rig.state.brief(THEIRS)
    row = rig.window.brief.handover.lines.row("scene")
    assert told is not None and row is not None
    QTest.mouseClick(row, LEFT)
    rig.settle()
    line = next(n for n in told.lines if n.key == "scene")
    assert rig.actions.asked == [("tick", THEIRS, "scene", line.digest)]


def test_lines_are_ticked_by_keyboard_one_after_the_other(rig: Rig) -> None:
    receiving(rig)
    press(rig, Keys.Key_B)
    lines = rig.window.brief.handover.lines
    first = lines.row("incident")
    assert first is not None and first.hasFocus()
    press(rig, Keys.Key_Return)
    press(rig, Keys.Key_Down)
    press(rig, Keys.Key_Space)
    press(rig, Keys.Key_Up)
    second = lines.row("scene")
    assert second is not None and second.hasFocus()
    assert [asked[:3] for asked in rig.actions.asked] == [
        ("tick", THEIRS, "incident"),
        ("tick", THEIRS, "flight"),
    ]


def test_the_focus_waits_for_the_brief_that_was_opened(rig: Rig) -> None:
    rig.shift.offered(THEIRS, OTHER, ME)
    rig.selection.select_drone(THEIRS)
    press(rig, Keys.Key_T)
    handing(rig.shift, THEIRS, ControlState.BRIEFING, OTHER, ME)
    sheet(rig.shift, THEIRS)
    rig.tell()
    row = rig.window.brief.handover.lines.row("incident")
    assert row is not None and row.hasFocus()


def test_letters_from_a_line_are_still_the_desks(rig: Rig) -> None:
    receiving(rig)
    press(rig, Keys.Key_B)
    press(rig, Keys.Key_O)
    assert rig.actions.asked == [("decline", THEIRS)]


def test_a_ticked_line_is_not_asked_twice(rig: Rig) -> None:
    receiving(rig)
    told = sheet(rig.shift, THEIRS)
    handing(rig.shift, THEIRS, ControlState.BRIEFING, OTHER, ME, ticked=told.lines[:1])
    row = rig.window.brief.handover.lines.row("incident")
    assert row is not None and not row.open
    QTest.mouseClick(row, LEFT)
    rig.settle()
    assert rig.actions.asked == []


def test_a_line_that_changed_is_open_again_and_says_so(rig: Rig) -> None:
    receiving(rig)
    told = sheet(rig.shift, THEIRS)
    handing(rig.shift, THEIRS, ControlState.BRIEFING, OTHER, ME, ticked=told.lines)
    sheet(rig.shift, THEIRS, battery="Charge: 31 %")
    rig.tell()
    panel = rig.window.brief.handover
    row = panel.lines.row("battery")
    assert row is not None and row.line is not None
    assert row.line.changed and row.open and "changed" in row.accessibleName()
    assert panel.doing.text == "Read and tick each line: 11 of 12; 1 changed since."
    press(rig, Keys.Key_B)
    assert row.hasFocus()


def test_an_alert_goes_along_only_by_its_own_line(rig: Rig) -> None:
    receiving(rig)
    told = sheet(rig.shift, THEIRS)
    handing(rig.shift, THEIRS, ControlState.BRIEFING, OTHER, ME, ticked=told.lines)
    assert "All is read" in rig.window.brief.handover.doing.text
    row = rig.window.brief.handover.alerts.row("alert-al-1")
    assert row is not None and row.open
    QTest.mouseClick(row, LEFT)
    rig.settle()
    assert rig.actions.asked[0][:3] == ("tick", THEIRS, "alert-al-1")


def test_a_stale_sheet_says_so_and_takes_no_ticks(rig: Rig) -> None:
    receiving(rig)
    rig.later(4.0)
    panel = rig.window.brief.handover
    assert panel.doing.text.startswith("This brief is 4\u00a0s old")
    row = panel.lines.row("incident")
    assert row is not None and not row.open
    QTest.mouseClick(row, LEFT)
    rig.settle()
    assert rig.actions.asked == []
    sheet(rig.shift, THEIRS)
    assert [r.open for r in panel.lines.rows] == [True] * 12


def test_before_the_first_sheet_it_says_what_comes(rig: Rig) -> None:
    rig.selection.select_drone(THEIRS)
    handing(rig.shift, THEIRS, ControlState.BRIEFING, OTHER, ME)
    assert rig.window.brief.handover.doing.text == "The gateway fills the brief."


def test_i_have_control_by_a_hold_of_t_and_only_when_asked(rig: Rig) -> None:
    receiving(rig)
    hold_key(rig, Keys.Key_T)
    assert rig.actions.asked == []
    assert "asks first" in rig.window.notices.lines[0].text
    receiving(rig, ControlState.ARMED)
    hold_key(rig, Keys.Key_T)
    assert rig.actions.asked == [("assume", THEIRS)]


def test_i_have_control_let_go_too_soon_is_nothing(rig: Rig) -> None:
    receiving(rig, ControlState.ARMED)
    step = rig.window.brief.handover.step
    QTest.mousePress(step, LEFT)
    rig.shift.clock.advance(0.5)
    QTest.mouseRelease(step, LEFT)
    rig.settle()
    assert rig.actions.asked == []


def test_the_new_holder_shows_it_with_hold_and_has_only_safe_orders(rig: Rig) -> None:
    receiving(rig, ControlState.CONFIRMING)
    rig.shift.links_well()
    rig.tell()
    bar = rig.window.strip.bar
    able = {ask for ask, button in bar.buttons.items() if button.isEnabled()}
    assert {Ask.HOLD, Ask.RETURN, Ask.LAND} <= able
    assert not able & {Ask.GO_TO, Ask.LOOK_AT, Ask.HAND_OFF, Ask.RELEASE}
    assert "Show first that you have ISL-05" in bar.buttons[Ask.GO_TO].toolTip()
    press(rig, Keys.Key_H)
    assert rig.actions.asked == [("hold", THEIRS)]
    QTest.mouseClick(rig.window.brief.handover.act, LEFT)
    rig.settle()
    assert rig.actions.asked[1:] == [("hold", THEIRS)]


def test_nothing_is_undone_after_the_transfer(rig: Rig) -> None:
    receiving(rig, ControlState.CONFIRMING)
    assert rig.window.brief.handover.ending.isHidden()
    press(rig, Keys.Key_O)
    assert rig.actions.asked == []
    assert "not undone" in rig.window.notices.lines[0].text


# -- the giver ----------------------------------------------------------------------------------
def test_the_giver_sees_the_ticks_and_takes_none(rig: Rig) -> None:
    giving(rig)
    told = sheet(rig.shift, MINE)
    handing(rig.shift, MINE, ControlState.BRIEFING, ME, OTHER, ticked=read(told, "battery"))
    panel = rig.window.brief.handover
    assert panel.doing.text == "The brief is read: 11 of 12."
    row = panel.lines.row("battery")
    assert row is not None
    QTest.mouseClick(row, LEFT)
    rig.settle()
    assert rig.actions.asked == []


def test_a_failing_check_is_waived_by_both(rig: Rig) -> None:
    giving(rig)
    checks = rig.window.brief.handover.checks
    assert [r.key for r in checks.rows] == ["video"]
    assert checks.passing.text.startswith("5 pass: Telemetry")
    assert checks.heading.text() == "Checks, 0 s ago"
    press(rig, Keys.Key_W)
    assert rig.actions.asked == [("waive", MINE, "video")]
    mine = (("video", ME.person),)
    handing(rig.shift, MINE, ControlState.BRIEFING, ME, OTHER, waived=mine)
    (row,) = checks.rows
    assert "waived by you, both must" in row.words.text and row.waive.isHidden()
    both = (*mine, ("video", OTHER.person))
    handing(rig.shift, MINE, ControlState.BRIEFING, ME, OTHER, waived=both)
    assert "waived by both" in row.words.text


def test_what_cannot_be_waived_says_so(rig: Rig) -> None:
    giving(rig)
    bad = tuple(replace(c, ok=c.key != "qualified") for c in PASSED)
    sheet(rig.shift, MINE, bad)
    (row,) = rig.window.brief.handover.checks.rows
    assert "cannot be waived" in row.words.text and row.waive.isHidden()
    press(rig, Keys.Key_W)
    assert rig.actions.asked == []


def test_you_have_control_by_a_hold_of_f_and_only_when_checked(rig: Rig) -> None:
    giving(rig)
    assert not rig.window.brief.handover.step.isEnabled()
    hold_key(rig, Keys.Key_F)
    assert rig.actions.asked == []
    giving(rig, ControlState.CHECKED)
    hold_key(rig, Keys.Key_F)
    assert rig.actions.asked == [("arm", MINE)]


def test_armed_mutes_all_but_hold_and_return_in_words(rig: Rig) -> None:
    giving(rig, ControlState.ARMED)
    rig.shift.links_well()
    rig.tell()
    strip = rig.window.strip
    able = {ask for ask, button in strip.bar.buttons.items() if button.isEnabled()}
    assert able == {Ask.HOLD, Ask.RETURN, Ask.CLOSE}
    why = "Pilot B is asked to take ISL-02: only Hold and Return until that is settled."
    assert strip.receipt.text == why
    assert strip.bar.buttons[Ask.GO_TO].toolTip() == why
    assert not any(b.isEnabled() for b in strip.camera.buttons.values())
    press(rig, Keys.Key_R)
    press(rig, Keys.Key_G)
    assert rig.actions.asked == [("return_home", MINE)]
    assert rig.window.notices.lines[0].text == f"Go to was not sent. {why}"


def test_the_giver_takes_it_back_until_it_is_transferred(rig: Rig) -> None:
    giving(rig, ControlState.ARMED)
    QTest.mouseClick(rig.window.brief.handover.ending, LEFT)
    rig.settle()
    assert rig.actions.asked == [("cancel_offer", MINE)]


def test_f_confirms_what_the_receiver_shows(rig: Rig) -> None:
    giving(rig, ControlState.CONFIRMING)
    press(rig, Keys.Key_F)
    assert rig.actions.asked == [("confirm", MINE)]
    handing(rig.shift, MINE, ControlState.CONFIRMING, ME, OTHER, confirmed=True)
    assert not rig.window.brief.handover.act.isEnabled()


def test_the_old_holder_watches_for_thirty_seconds_without_controls(rig: Rig) -> None:
    giving(rig)
    settled(rig, handing(rig.shift, MINE, ControlState.CONFIRMING, ME, OTHER))
    strip = rig.window.strip
    rig.later(3.0)
    assert rig.selection.drone == MINE
    assert strip.shadow.isVisible() and not strip.bar.isVisible()
    assert strip.shadow.words.text == "Pilot B has control · shadow 27 s"
    assert "72 m AGL" in strip.figures.text
    press(rig, Keys.Key_H)
    assert rig.actions.asked == []
    rig.later(27.5)
    assert strip.bar.isVisible() and not strip.shadow.isVisible()


def test_doubt_and_a_lost_lease_are_not_in_control_at_once(rig: Rig) -> None:
    record = rig.shift.owned(MINE)
    rig.state.apply_control(replace(record, state=ControlState.UNCERTAIN))
    assert not rig.state.in_control(MINE)
    assert "Not in control" in rig.window.strip.head.text
    assert not rig.window.strip.bar.buttons[Ask.HOLD].isEnabled()
    receiving(rig, ControlState.CONFIRMING)
    rig.shift.clock.advance(4.1)
    rig.tell()
    assert "Not in control" in rig.window.strip.head.text
    assert not rig.window.brief.handover.act.isEnabled()


# -- where, and how it looks --------------------------------------------------------------------
def test_the_brief_comes_to_the_front_and_gets_room(make: Make) -> None:
    rig = make(size=SMALL)
    brief = rig.window.docks["brief"]
    before = brief.height()
    giving(rig)
    QTest.qWait(20)
    rig.turn()
    assert not brief.visibleRegion().isEmpty()
    assert brief.height() > before + 20
    assert not rig.window.docks["focus"].visibleRegion().isEmpty(), "a check asks for its picture"
    rig.shift.owned(MINE)
    QTest.qWait(20)
    rig.turn()
    assert brief.height() < before + 40


SCENES = {
    "read": ControlState.BRIEFING,
    "armed": ControlState.ARMED,
    "shown": ControlState.CONFIRMING,
}


@pytest.mark.parametrize("size", [SMALL, WIDE])
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("gives", [True, False])
def test_nothing_of_it_is_cut(make: Make, size: tuple[int, int], scene: str, gives: bool) -> None:
    rig = make(size=size)
    (giving if gives else receiving)(rig, SCENES[scene])
    QTest.qWait(20)
    rig.tell()
    assert list(cut(rig.window)) == []
    assert list(outside(rig.window)) == []
    for row in rig.window.brief.handover.lines.rows:
        assert row.height() >= row.heightForWidth(row.width())


def test_a_camera_apart_changes_hands_by_itself(rig: Rig) -> None:
    spec = rig.state.site.drone(MINE)
    drones = tuple(replace(d, coupled=False) if d == spec else d for d in rig.state.site.drones)
    rig.state.site = replace(rig.state.site, drones=drones)
    rig.selection.select_drone(MINE)
    camera = replace(rig.shift.owned(MINE), function=Function.PAYLOAD)
    rig.state.apply_control(camera)
    rig.tell()
    form = rig.window.brief.hand_off
    press(rig, Keys.Key_F)
    assert form.what.isVisible()
    form.what.setCurrentText("camera alone")
    form.reason.setText("look")
    form.promised.setText("the yard")
    rig.turn()
    QTest.mouseClick(form.offer, LEFT)
    rig.settle()
    assert rig.actions.asked == [
        ("offer", MINE, OTHER.person, "look", "the yard", True, Function.PAYLOAD)
    ]
    rig.state.apply_control(replace(camera, holder=OTHER))
    rig.tell()
    assert "camera: Pilot B" in rig.window.strip.head.text
    assert not rig.window.strip.bar.buttons[Ask.LOOK_AT].isEnabled()
    assert rig.window.strip.bar.buttons[Ask.GO_TO].isEnabled()
    tile = next(t for t in rig.window.wall.tiles if t.feed == MINE)
    tile.read()
    assert tile.told is not None and tile.told.holder.text == "you, camera: Pilot B"


def test_tab_goes_through_the_form_in_reading_order(rig: Rig) -> None:
    press(rig, Keys.Key_F)
    form = rig.window.brief.hand_off
    form.reason.setFocus()
    QTest.keyClicks(form.reason, "end of shift")
    QTest.keyClick(form.reason, Keys.Key_Tab)
    assert form.promised.hasFocus()
    QTest.keyClicks(form.promised, "the yard")
    QTest.keyClick(form.promised, Keys.Key_Return)
    rig.settle()
    person = form.person.currentData()
    assert rig.actions.asked == [("offer", MINE, person, "end of shift", "the yard", True)]
