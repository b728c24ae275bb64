"""The window as a whole: selection, keys, prompts, ages, arrangement, and that nothing is cut."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDockWidget,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gcs.model.event import EventKind, Severity
from gcs.model.mission import MissionState
from gcs.model.process import ProcessState
from gcs.station.state import Links
from tests.integration.ui.conftest import Make, Rig
from tests.unit.ui.shift import CALLS, ME, OTHER, key_of
from ui.arrangement import ASKED_FOR, first_size
from ui.layout_store import LayoutStore
from ui.models.words import Ask
from ui.text import Tone
from ui.widgets.chip import Chip
from ui.widgets.hold_button import HoldButton
from ui.widgets.text_line import TextLine

pytestmark = pytest.mark.gui
SMALL = (1366, 768)
WIDE = (1920, 1080)
Keys = Qt.Key
OFFSCREEN = "This plugin does not support"  # what the offscreen platform says of floating panels


def key(rig: Rig, code: Qt.Key, text: str = "") -> None:
    """A key pressed and let go where the focus is."""
    target = QApplication.focusWidget() or rig.window
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(target, event)
    rig.settle()


# -- selection -----------------------------------------------------------------------------
def test_a_selected_drone_is_selected_everywhere(rig: Rig) -> None:
    rig.selection.select_drone("ISL-05")
    window = rig.window
    assert window.strip.head.text.startswith("ISL-05")
    assert all(b.target == "ISL-05" for b in window.strip.bar.buttons.values())
    assert window.focus.tile.feed == "ISL-05"
    assert window.brief.heading.text() == "1039 Suspicious vehicle · ISL-05"
    assert rig.selection.incident == key_of(1039)


def test_selecting_an_incident_selects_its_drone(rig: Rig) -> None:
    row = rig.window.incidents.row(key_of(1039))
    assert row is not None
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert rig.selection.drone == "ISL-05"


def test_a_tile_and_the_list_select(rig: Rig) -> None:
    tile = rig.window.wall.tiles[6]
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert rig.selection.drone == "ISL-07"
    view = rig.window.fleet.view
    middle = view.visualRect(rig.window.fleet.model.index(2)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert rig.selection.drone == "ISL-03"
    QTest.keyClick(view, Keys.Key_Right)
    assert rig.selection.drone == "ISL-04"


def test_focus_on_the_list_selects_nothing_by_itself(make: Make) -> None:
    rig = make()
    rig.window.fleet.view.setFocus(Qt.FocusReason.TabFocusReason)
    rig.turn()
    assert rig.selection.drone == ""


# -- keyboard ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "text", "asked"),
    [(Keys.Key_H, "h", "hold"), (Keys.Key_R, "r", "return_home")],
)
def test_letters_act_outside_text_fields(rig: Rig, code: Qt.Key, text: str, asked: str) -> None:
    key(rig, code, text)
    assert rig.actions.asked == [(asked, "ISL-02")]


@pytest.mark.parametrize("text", ["h", "r", "l", "t", "5", "?"])
def test_letters_are_only_letters_in_a_text_field(rig: Rig, text: str) -> None:
    field = rig.window.brief.close_form.text
    field.setFocus()
    QTest.keyClicks(field, text)
    rig.settle()
    assert field.text() == text
    assert rig.actions.asked == [] and rig.selection.drone == "ISL-02"
    assert rig.window.sheet.isHidden()


def test_a_letter_that_a_field_passes_on_is_no_command(rig: Rig) -> None:
    rig.window.brief.close_form.text.setFocus()
    QTest.keyClick(rig.window, Keys.Key_H)
    rig.settle()
    assert rig.actions.asked == []


def test_letters_with_control_are_not_commands(rig: Rig) -> None:
    QTest.keyClick(rig.window, Keys.Key_H, Qt.KeyboardModifier.ControlModifier)
    rig.settle()
    assert rig.actions.asked == []


def test_letters_reach_the_desk_from_the_fleet_list(rig: Rig) -> None:
    rig.window.fleet.view.setFocus()
    key(rig, Keys.Key_H, "h")
    assert rig.actions.asked == [("hold", "ISL-02")]


def test_land_by_key_needs_the_key_held(rig: Rig) -> None:
    key(rig, Keys.Key_D, "d")
    assert rig.actions.asked == []
    rig.shift.clock.advance(0.2)
    QTest.keyPress(rig.window, Keys.Key_D)
    button = rig.window.strip.bar.buttons[Ask.LAND]
    assert isinstance(button, HoldButton) and button.holding
    rig.shift.clock.advance(1.1)
    rig.shift.links_well()
    QTest.keyRelease(rig.window, Keys.Key_D)
    rig.settle()
    assert rig.actions.asked == [("land", "ISL-02")]


def test_a_key_that_cannot_act_says_why(rig: Rig) -> None:
    rig.selection.select_drone("ISL-05")
    key(rig, Keys.Key_H, "h")
    assert rig.actions.asked == []
    told = rig.window.notices.lines[0].text
    assert told == "Hold was not sent. Pilot B at desk-2 controls ISL-05."


def test_a_drone_is_selected_by_typing_its_number(rig: Rig) -> None:
    for code, text in ((Keys.Key_0, "0"), (Keys.Key_5, "5")):
        key(rig, code, text)
    assert rig.selection.drone == "ISL-05"
    rig.shift.clock.advance(2.0)
    key(rig, Keys.Key_9, "9")
    assert rig.selection.drone == "ISL-09"


def test_the_sheet_opens_and_closes(rig: Rig) -> None:
    key(rig, Keys.Key_Question, "?")
    assert rig.window.sheet.isVisible()
    key(rig, Keys.Key_Escape)
    assert rig.window.sheet.isHidden()


def test_what_was_opened_is_selected(rig: Rig) -> None:
    rig.shift.offered("ISL-05", OTHER, ME)
    (prompt,) = rig.window.brief.prompts
    QTest.mouseClick(prompt.open_brief, Qt.MouseButton.LeftButton)
    rig.settle()
    assert rig.selection.drone == "ISL-05"


@pytest.mark.qt_log_ignore(OFFSCREEN)
def test_a_floating_panel_forwards_its_keys(rig: Rig) -> None:
    dock = rig.window.docks["fleet"]
    dock.setFloating(True)
    rig.turn()
    QTest.keyClick(dock, Keys.Key_H)
    rig.settle()
    assert rig.actions.asked == [("hold", "ISL-02")]


def test_t_opens_the_brief_of_what_is_offered(rig: Rig) -> None:
    rig.shift.offered("ISL-05", OTHER, ME)
    rig.selection.select_drone("ISL-05")
    button = rig.window.strip.bar.buttons[Ask.TAKE]
    assert button.text() == "Open brief"
    QTest.keyClick(rig.window, Keys.Key_T)
    rig.settle()
    assert rig.actions.asked == [("open_brief", "ISL-05")]


def test_a_key_held_down_asks_once_however_its_repeats_arrive(rig: Rig) -> None:
    for _ in range(3):  # by way of the map's page the repeats carry no mark
        QTest.keyPress(rig.window, Keys.Key_H)
        rig.shift.clock.advance(0.04)
    for _ in range(3):  # X11 sends each as a release and a press
        QTest.keyRelease(rig.window, Keys.Key_H)
        QTest.keyPress(rig.window, Keys.Key_H)
        rig.shift.clock.advance(0.04)
    QTest.keyRelease(rig.window, Keys.Key_H)
    rig.settle()
    assert rig.actions.asked == [("hold", "ISL-02")]
    rig.shift.clock.advance(0.2)
    key(rig, Keys.Key_H, "h")
    assert rig.actions.asked == [("hold", "ISL-02")] * 2


def test_a_lost_release_does_not_take_the_key_away(rig: Rig) -> None:
    QTest.keyPress(rig.window, Keys.Key_H)
    rig.later(2.0)
    QTest.keyPress(rig.window, Keys.Key_H)
    rig.settle()
    assert rig.actions.asked == [("hold", "ISL-02")] * 2


def test_a_hold_goes_on_through_unmarked_repeats(rig: Rig) -> None:
    button = rig.window.strip.bar.buttons[Ask.LAND]
    assert isinstance(button, HoldButton)
    QTest.keyPress(rig.window, Keys.Key_D)
    for _ in range(5):
        rig.shift.clock.advance(0.1)
        QTest.keyRelease(rig.window, Keys.Key_D)
        QTest.keyPress(rig.window, Keys.Key_D)
    assert button.holding
    rig.shift.clock.advance(0.6)
    rig.shift.links_well()
    button.turn()
    QTest.keyRelease(rig.window, Keys.Key_D)
    QTest.keyPress(rig.window, Keys.Key_D)
    rig.settle()
    assert rig.actions.asked == [("land", "ISL-02")] and not button.holding


def test_a_key_let_go_cancels_even_if_time_goes_on(rig: Rig, qtbot: QtBot) -> None:
    button = rig.window.strip.bar.buttons[Ask.LAND]
    assert isinstance(button, HoldButton)
    QTest.keyPress(rig.window, Keys.Key_D)
    rig.shift.clock.advance(0.95)
    QTest.keyRelease(rig.window, Keys.Key_D)
    rig.shift.clock.advance(0.2)
    button.turn()
    qtbot.waitUntil(lambda: not button.holding, timeout=2000)
    rig.settle()
    assert rig.actions.asked == []


# -- the focus -----------------------------------------------------------------------------
def test_a_button_that_goes_passes_its_focus_to_no_field(rig: Rig) -> None:
    rig.shift.present()
    form = rig.window.brief.hand_off
    rig.window.strip.bar.buttons[Ask.HAND_OFF].click()
    form.reason.setFocus()
    QTest.keyClicks(form.reason, "End of shift")
    form.offer.setFocus()
    form.offer.click()
    rig.settle()
    rig.shift.offered("ISL-02", ME, OTHER)
    rig.turn()
    assert form.offer.isHidden()
    assert QApplication.focusWidget() is rig.window
    rig.shift.clock.advance(0.2)
    key(rig, Keys.Key_H, "h")
    assert rig.actions.asked[-1] == ("hold", "ISL-02")


def test_a_sent_go_to_leaves_no_button_to_be_pressed_again(rig: Rig) -> None:
    key(rig, Keys.Key_G, "g")
    bar = rig.window.strip.bar
    rig.window.place_chosen(rig.shift.site.docks[1].position)
    rig.shift.clock.advance(0.2)
    QTest.keyPress(rig.window, Keys.Key_G)
    rig.shift.clock.advance(1.1)
    rig.shift.links_well()
    bar.go_to.go.turn()
    rig.settle()
    assert rig.actions.asked[0][0] == "go_to" and not bar.choosing
    assert QApplication.focusWidget() is rig.window


def test_taking_an_incident_leaves_the_next_row_alone(rig: Rig) -> None:
    row = rig.window.incidents.row(key_of(1043))
    assert row is not None
    row.take.setFocus()
    row.take.click()
    rig.settle()
    assert QApplication.focusWidget() is rig.window


# -- control and its greying ---------------------------------------------------------------
FLYING = (Ask.HOLD, Ask.RETURN, Ask.GO_TO, Ask.LAND)


def test_commands_grey_with_the_holders_name_beside(rig: Rig) -> None:
    rig.selection.select_drone("ISL-05")
    bar = rig.window.strip.bar
    assert not any(bar.buttons[ask].isEnabled() for ask in FLYING)
    assert bar.beside.text == "Pilot B at desk-2 controls ISL-05."
    assert "Pilot B at desk-2 has control" in rig.window.strip.head.text


def test_a_lost_lease_greys_and_says_not_in_control(rig: Rig) -> None:
    bar = rig.window.strip.bar
    assert all(bar.buttons[ask].isEnabled() for ask in FLYING)
    rig.shift.clock.advance(4.5)
    rig.tell()
    assert not any(bar.buttons[ask].isEnabled() for ask in FLYING)
    assert "Not in control" in rig.window.strip.head.text


def test_the_new_holder_is_shown_at_once(rig: Rig) -> None:
    rig.shift.owned("ISL-02", OTHER, 15)
    assert "Pilot B at desk-2 has control" in rig.window.strip.head.text
    assert not rig.window.strip.bar.buttons[Ask.HOLD].isEnabled()


# -- the prompt ----------------------------------------------------------------------------
def test_an_offer_shows_everywhere_and_counts_down(rig: Rig) -> None:
    rig.shift.offered("ISL-05", OTHER, ME)
    rig.later(18.0)
    window = rig.window
    (prompt,) = window.brief.prompts
    assert prompt.words.text == "Pilot B at desk-2 offers you ISL-05 · epoch 7"
    assert prompt.countdown.text == "0:42"
    number = window.fleet.model.row_of("ISL-05")
    assert number is not None
    assert window.fleet.model.row(number).state == "offered to you 0:42"
    rig.selection.select_drone("ISL-05")
    assert "offered to you 0:42" in window.strip.head.text


def test_an_offer_is_opened_or_declined_by_a_press(rig: Rig) -> None:
    rig.shift.offered("ISL-05", OTHER, ME)
    (prompt,) = rig.window.brief.prompts
    QTest.mouseClick(prompt.open_brief, Qt.MouseButton.LeftButton)
    rig.settle()
    QTest.mouseClick(prompt.decline, Qt.MouseButton.LeftButton)
    rig.settle()
    assert rig.actions.asked == [("open_brief", "ISL-05"), ("decline", "ISL-05")]


def test_an_offer_that_ran_out_takes_no_answer_and_a_withdrawn_one_goes(rig: Rig) -> None:
    rig.shift.offered("ISL-05", OTHER, ME, seconds=10.0)
    rig.later(11.0)
    (prompt,) = rig.window.brief.prompts
    assert not prompt.open_brief.isEnabled()
    rig.shift.owned("ISL-05", OTHER)
    assert rig.window.brief.prompts == ()


def test_the_giver_is_told_what_became_of_the_offer(rig: Rig) -> None:
    rig.shift.offered("ISL-02", ME, OTHER)
    rig.shift.owned("ISL-02", ME, 7)
    assert rig.window.notices.lines[0].text == "Pilot B declined ISL-02; you keep control."
    rig.shift.offered("ISL-02", ME, OTHER)
    rig.tell()
    rig.window.brief.hand_off.cancel.click()
    rig.settle()
    rig.shift.owned("ISL-02", ME, 7)
    assert "taken back" in rig.window.notices.lines[0].text


# -- ages and lists ------------------------------------------------------------------------
def test_numbers_of_a_silent_drone_age_on_the_screen(rig: Rig) -> None:
    rig.shift.silent.add("ISL-02")
    rig.later(10.0)
    assert rig.window.strip.figures.spans[0].tone is Tone.QUIET
    assert "(10 s old)" in rig.window.strip.figures.text
    number = rig.window.fleet.model.row_of("ISL-02")
    assert number is not None
    assert rig.window.fleet.model.row(number).state == "no data 10 s"
    rig.later(55.0)
    assert rig.window.strip.figures.text == "No data for 65 s: its last figures are not shown"


def test_rows_are_told_only_when_they_differ(rig: Rig) -> None:
    model = rig.window.fleet.model
    rig.tell()
    before = model.told
    for _ in range(20):
        rig.shift.batch()
        rig.tell()
    assert model.told == before


def test_incident_rows_stay_the_same_widgets(rig: Rig) -> None:
    before = {row.row.key: row for row in rig.window.incidents.rows}
    assert [r.row.title.split()[0] for r in rig.window.incidents.rows] == [
        "1042", "1043", "1039", "1044",
    ]  # fmt: skip
    rig.shift.mission(1043, state=MissionState.TAKEN, owner=OTHER)
    assert {row.row.key: row for row in rig.window.incidents.rows} == before
    rig.shift.mission(1042, state=MissionState.CLOSED)
    assert len(rig.window.incidents.rows) == 3


def test_why_unfolds_the_ranking(rig: Rig) -> None:
    row = rig.window.incidents.row(key_of(1043))
    assert row is not None and not row.reasons
    row.why.click()
    assert row.reasons[0].startswith("ISL-01: there in ")
    assert sum(line.split(":")[0].count("ISL-") for line in row.reasons) == 9


def test_a_row_selected_elsewhere_is_scrolled_to(make: Make) -> None:
    rig = make(size=SMALL)
    rig.selection.select_incident(key_of(1044))
    rig.turn()
    row = rig.window.incidents.row(key_of(1044))
    assert row is not None
    assert row.visibleRegion().boundingRect().height() == row.height()


def test_an_empty_desk_says_what_would_be_here(make: Make) -> None:
    rig = make(busy=False)
    assert rig.window.incidents.empty.isVisible()
    assert rig.window.brief.page == "empty"
    assert "No drone is selected" in rig.window.strip.head.text


def test_equal_notices_are_counted_and_calm_events_stay_out(rig: Rig) -> None:
    for _ in range(3):
        rig.state.notice(Severity.CAUTION, "the bus is lost")
    rig.shift.event("ISL-02", "mode GUIDED", Severity.INFO, EventKind.MODE)
    newest = rig.window.notices.lines[0]
    assert (newest.text, newest.times) == ("The bus is lost.", 3)


def test_drones_that_say_the_same_share_a_line(rig: Rig) -> None:
    for drone in ("ISL-07", "ISL-04", "ISL-08"):
        rig.shift.event(drone, f"{drone} is heard", Severity.INFO, EventKind.LINK)
    assert rig.window.notices.lines[0].text == "ISL-04, ISL-07 and ISL-08 are heard."


def test_an_incident_goes_by_its_number_in_a_notice(rig: Rig) -> None:
    rig.state.notice(Severity.CAUTION, f"incident {key_of(1039)} is taken by Pilot B")
    assert rig.window.notices.lines[0].text == "Incident 1039 is taken by Pilot B."


def test_a_silent_drones_tile_tells_its_silence_and_no_figure(rig: Rig) -> None:
    told = rig.window.wall.tiles[5].told
    assert told is not None
    assert told.silent and [span.text for span in told.foot] == ["silent 14 s"]
    own = rig.window.wall.tiles[1].told
    assert own is not None
    assert (own.name.tone, own.holder.text) == (Tone.ACCENT, "you")
    assert [span.text for span in own.foot][:4] == ["on scene", "72 m", "54 %", "0.3 m/s"]


# -- plots ---------------------------------------------------------------------------------
def test_the_plots_show_a_silence_as_a_gap(rig: Rig) -> None:
    for step in range(30):
        if step == 10:
            rig.shift.silent.add("ISL-02")
        if step == 20:
            rig.shift.silent.discard("ISL-02")
        rig.later(1.0)
    height = rig.window.plots.values()[0]
    shown = rig.window.plots.traces[0].curve.getData()[1]
    assert np.array_equal(shown, height, equal_nan=True)
    silent = np.isnan(height)
    assert silent.any() and not silent[-1] and (~silent).sum() >= 15


# -- arrangement ---------------------------------------------------------------------------
@pytest.mark.qt_log_ignore(OFFSCREEN)
def test_the_arrangement_is_kept_per_person(make: Make) -> None:
    rig = make()
    rig.window.docks["notices"].hide()
    rig.window.docks["fleet"].setFloating(True)
    rig.window.close()
    again = make()
    assert again.window.docks["notices"].isHidden()
    assert again.window.docks["fleet"].isFloating()
    again.window.reset_arrangement()
    assert not again.window.docks["notices"].isHidden()
    assert not again.window.docks["fleet"].isFloating()
    assert not again.folder.joinpath("arrangement-pilot-a.json").exists()


def test_another_person_at_the_desk_has_an_arrangement_of_his_own(rig: Rig) -> None:
    docks, arranger = rig.window.docks, rig.window.arranger
    docks["notices"].hide()
    size = rig.window.size()
    arranger.use(LayoutStore(rig.folder, "pilot-b"))
    assert not docks["notices"].isHidden(), "his is the default one"
    docks["plots"].hide()
    arranger.use(LayoutStore(rig.folder, "pilot-a"))
    assert docks["notices"].isHidden() and not docks["plots"].isHidden()
    arranger.use(LayoutStore(rig.folder, "pilot-b"))
    assert docks["plots"].isHidden() and not docks["notices"].isHidden()
    assert rig.window.size() == size


def test_the_menu_puts_a_panel_away_and_brings_it_back_but_never_hold(rig: Rig) -> None:
    entries = {action.text(): action for action in rig.window.menu.actions()}
    assert "Instruments" not in entries
    for shown in (False, True):
        assert entries["Notices"].isEnabled()
        entries["Notices"].trigger()
        assert rig.window.docks["notices"].isHidden() is not shown


@pytest.mark.parametrize(
    "content",
    [b"not json", b'{"version": 2, "geometry": "AAAA", "states": {"wide": "AAAA"}}'],
)
def test_a_broken_arrangement_is_one_sentence(
    make: Make, tmp_path_factory: object, content: bytes, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue("tmp_path")
    folder.joinpath("arrangement-pilot-a.json").write_bytes(content)
    rig = make()
    told = [n for n in rig.state.notices if "arrangement-pilot-a.json" in n.text]
    assert told
    hidden = {name for name, dock in rig.window.docks.items() if dock.isHidden()}
    assert hidden == ASKED_FOR


def test_closing_tells_once(make: Make, qtbot: QtBot) -> None:
    rig = make()
    with qtbot.waitSignal(rig.window.closed):
        rig.window.close()


# -- folding, and that nothing is cut ------------------------------------------------------
def test_the_small_screen_folds(make: Make) -> None:
    rig = make(size=SMALL)
    assert rig.window.size().width() == 1366 and rig.window.size().height() == 768
    assert rig.window.wall.columns == 3
    assert rig.window.fleet.folded
    rig.window.resize(*WIDE)
    QTest.qWait(50)
    rig.turn()
    assert rig.window.wall.columns == 4


def seen(rig: Rig) -> dict[str, QSize]:
    """The panels that are not behind another, with their sizes."""
    docks = rig.window.docks.items()
    return {name: dock.size() for name, dock in docks if not dock.visibleRegion().isEmpty()}


def test_a_window_made_small_and_large_again_is_as_it_was(make: Make) -> None:
    rig = make(size=WIDE)
    QTest.qWait(50)
    rig.tell()
    before = seen(rig)
    for size in (SMALL, WIDE):
        rig.window.resize(*size)
        QTest.qWait(50)
        rig.tell()
    assert len(before) >= 9
    assert seen(rig) == before


@pytest.mark.parametrize(
    ("screen", "first"),
    [
        (QSize(1366, 740), QSize(1366, 740)),
        (QSize(3840, 2160), QSize(1920, 1080)),
        (QSize(800, 800), QSize(1920, 1080)),  # the offscreen platform's own
    ],
)
def test_a_new_desk_fits_its_screen(screen: QSize, first: QSize) -> None:
    assert first_size(screen) == first


def cut(window: QWidget) -> Iterator[str]:
    """Widgets whose text has less room than it needs and no other way to be read."""
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, TextLine):
            whole = isinstance(widget, Chip) or not widget.toolTip()
            if widget.elided and whole:
                yield f"line {widget.text!r}"
        elif isinstance(widget, QLabel) and not widget.wordWrap():
            if widget.width() < widget.sizeHint().width():
                yield f"label {widget.text()!r}"
        elif isinstance(widget, QLabel):
            if widget.height() < widget.heightForWidth(widget.width()):
                yield f"wrapped label {widget.text()!r}"
        elif isinstance(widget, QAbstractButton) and widget.text():
            need = widget.minimumSizeHint()
            if widget.width() < need.width() or widget.height() < min(24, need.height()):
                yield f"button {widget.text()!r}"


def outside(window: QWidget) -> Iterator[str]:
    """Widgets that stand out of their parent, where nothing scrolls."""
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisible() or parent is None or widget.isWindow():
            continue
        if isinstance(parent.parentWidget(), QScrollArea) or isinstance(parent, QScrollArea):
            continue
        if isinstance(widget, TextLine | QLabel | QAbstractButton | QLineEdit | QDockWidget):
            box = widget.geometry()
            if box.bottom() > parent.height() or box.right() > parent.width():
                yield f"{type(widget).__name__} {widget.accessibleName()} in {parent}"


SCENES = ("busy", "launch", "offer", "go to", "bad")


def play(rig: Rig, scene: str) -> None:
    """Bring the desk into a scene."""
    rig.selection.select_drone("ISL-02")
    if scene == "launch":
        rig.shift.mission(1043, state=MissionState.TAKEN, owner=ME)
        rig.selection.select_incident(key_of(1043))
    elif scene == "offer":
        rig.shift.offered("ISL-05", OTHER, ME)
        rig.selection.select_drone("ISL-05")
    elif scene == "go to":
        rig.window.strip.bar.press(Ask.GO_TO)
        rig.window.place_chosen(rig.shift.site.docks[2].position)
    elif scene == "bad":
        rig.shift.processes(keeper=ProcessState.GIVEN_UP, gateway=ProcessState.RESTARTING)
        rig.shift.clock.advance(45.0)
        now = rig.shift.clock.monotonic()
        rig.state.apply_links(Links(False, 900.0, 400.0, now - 45, now - 45, None, now - 45))
    rig.tell()


@pytest.mark.parametrize("size", [SMALL, WIDE])
@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_cut(make: Make, size: tuple[int, int], scene: str) -> None:
    rig = make(size=size)
    play(rig, scene)
    QTest.qWait(20)
    rig.turn()
    assert (rig.window.width(), rig.window.height()) == size
    assert list(cut(rig.window)) == []
    assert list(outside(rig.window)) == []


@pytest.mark.parametrize("size", [SMALL, WIDE])
def test_targets_are_large_enough(make: Make, size: tuple[int, int]) -> None:
    rig = make(size=size)
    play(rig, "launch")
    small = [
        (b.accessibleName() or b.text(), b.size().toTuple())
        for b in rig.window.findChildren(QAbstractButton)
        if b.isVisible() and (b.height() < 24 or b.width() < 24)
    ]
    assert small == []
    for button in rig.window.strip.bar.buttons.values():
        assert button.height() >= 44


def test_status_chips_never_overlap(make: Make) -> None:
    rig = make(size=SMALL)
    play(rig, "bad")
    bar = rig.window.status
    shown = [w for w in bar.findChildren(QWidget) if w.isVisible() and w.parent() is bar]
    spans = sorted((w.x(), w.x() + w.width()) for w in shown)
    assert all(left_end <= right for (_, left_end), (right, _) in pairwise(spans))
    names = {name for name, chip in bar.chips.items() if chip.isVisible()}
    assert {"gateway", "keeper", "central", "bus", "process"} <= names
    assert bar.mark.text == "TRAINING · SIMULATED"


class Windows(QObject):
    """Every widget that was ever shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt)
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


def test_no_panel_part_flashes_up_as_a_window(make: Make, dressed: QApplication) -> None:
    watch = Windows()
    dressed.installEventFilter(watch)
    try:
        rig = make()
        for scene in SCENES:
            play(rig, scene)
    finally:
        dressed.removeEventFilter(watch)
    assert watch.shown == ["DeskWindow"]


def test_the_busy_scene_is_the_one_the_pictures_show(rig: Rig) -> None:
    assert len(rig.window.incidents.rows) == len(CALLS)
    assert rig.window.status.chips["gateway"].text == "gateway 12 ms"
