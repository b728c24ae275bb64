"""Several drones from one person to another in one go: the form, the list, what is split so far."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gcs.model.control import ControlState
from tests.integration.ui.conftest import Make, Rig
from tests.integration.ui.test_handover import press
from tests.integration.ui.test_window import SMALL, WIDE, cut, outside
from tests.unit.ui.handing import handing, sheet
from tests.unit.ui.shift import ME, OTHER

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton
Keys = Qt.Key
FOUR = ("ISL-01", "ISL-03", "ISL-05", "ISL-07")


def open_form(rig: Rig) -> None:
    """Shift F, with three drones held."""
    for drone in ("ISL-01", "ISL-03"):
        rig.shift.owned(drone)
    press(rig, Keys.Key_F, Qt.KeyboardModifier.ShiftModifier)
    rig.turn()


def offered_four(rig: Rig) -> None:
    """Pilot B offers four drones to this desk."""
    for drone in FOUR:
        rig.shift.offered(drone, OTHER, ME)
    rig.tell()


def through(rig: Rig, drone: str) -> None:
    """Its whole course ends with this desk as its holder."""
    record = handing(rig.shift, drone, ControlState.CONFIRMING, OTHER, ME)
    rig.state.apply_control(replace(record, state=ControlState.OWNED, handover=None))
    rig.tell()


def test_everything_is_offered_to_one_person_drone_by_drone(rig: Rig) -> None:
    open_form(rig)
    form = rig.window.brief.shift_form
    assert rig.window.brief.page == "shift" and form.person.hasFocus()
    words = [box.text() for box in form.boxes.values()]
    assert words == [
        "ISL-02 · 1042 Robbery, on scene",
        "ISL-01 · no incident",
        "ISL-03 · no incident",
    ]
    assert not form.offer.isEnabled()
    form.person.setCurrentIndex(form.person.findData(OTHER.person))
    QTest.keyClicks(form.reason, "end of shift")
    QTest.keyClicks(form.promised, "the yard")
    next(box for key, box in form.boxes.items() if key[0] == "ISL-03").click()
    assert form.offer.text() == "Offer 2 drones" and form.offer.target == "Pilot B at desk-2"
    form.offer.begin()
    assert "ISL-02, ISL-01" in form.offer.bubble.lines[0]
    rig.shift.clock.advance(1.1)
    form.offer.turn()
    rig.settle()
    assert rig.actions.asked == [
        ("offer", "ISL-02", OTHER.person, "end of shift", "the yard", True),
        ("offer", "ISL-01", OTHER.person, "end of shift", "the yard", True),
    ]
    assert rig.window.brief.page == "brief"


def test_another_choice_during_the_hold_cancels_it(rig: Rig) -> None:
    open_form(rig)
    form = rig.window.brief.shift_form
    form.reason.setText("end of shift")
    form.offer.begin()
    form.reason.setText("end")
    rig.shift.clock.advance(1.1)
    form.offer.turn()
    rig.settle()
    assert rig.actions.asked == []


def test_escape_leaves_the_form_and_nothing_is_offered(rig: Rig) -> None:
    open_form(rig)
    QTest.keyClick(rig.window.brief.shift_form.reason, Keys.Key_Escape)
    assert rig.window.brief.page == "brief"


def test_a_desk_that_holds_nothing_says_so(make: Make) -> None:
    rig = make(busy=False)
    press(rig, Keys.Key_F, Qt.KeyboardModifier.ShiftModifier)
    assert "holds nothing" in rig.window.notices.lines[0].text


def test_the_receiver_opens_them_one_after_the_other(rig: Rig) -> None:
    offered_four(rig)
    shift = rig.window.brief.prompt_column.shift
    assert shift.isVisible() and len(shift.lines) == 4
    assert shift.heading.text() == "0 of 4 yours; ISL-01, ISL-03, ISL-05, ISL-07 still Pilot B"
    QTest.mouseClick(shift.lines[0].go, LEFT)
    rig.settle()
    assert rig.actions.asked == [("open_brief", "ISL-01")]
    assert rig.selection.drone == "ISL-01"


def test_progress_and_split_are_told_while_they_go_over(rig: Rig) -> None:
    offered_four(rig)
    through(rig, "ISL-01")
    through(rig, "ISL-03")
    shift = rig.window.brief.prompt_column.shift
    assert shift.heading.text() == (
        "2 of 4 yours; ISL-01, ISL-03 yours; ISL-05, ISL-07 still Pilot B"
    )
    rig.selection.select_drone("ISL-05")
    handing(rig.shift, "ISL-05", ControlState.BRIEFING, OTHER, ME)
    sheet(rig.shift, "ISL-05")
    rig.tell()
    assert rig.window.brief.page == "handover"
    (line,) = shift.lines  # while one is read only the next is shown
    assert line.words.text == "ISL-07 · offered to you 1:00"
    rig.shift.owned("ISL-05", OTHER)  # it came to nothing
    through(rig, "ISL-07")
    rig.tell()
    assert shift.isHidden()
    texts = [line.text for line in rig.window.notices.lines]
    assert any(t.startswith("3 of 4 yours") and "ISL-05 still Pilot B" in t for t in texts)


def test_the_giver_sees_how_far_it_is(rig: Rig) -> None:
    for drone in ("ISL-02", "ISL-01"):
        rig.shift.owned(drone)
        rig.shift.offered(drone, ME, OTHER)
    record = handing(rig.shift, "ISL-01", ControlState.CONFIRMING, ME, OTHER)
    rig.state.apply_control(replace(record, state=ControlState.OWNED, handover=None))
    rig.tell()
    shift = rig.window.brief.prompt_column.shift
    assert shift.heading.text() == "1 of 2 handed over; ISL-01 gone; ISL-02 still yours"


@pytest.mark.parametrize("size", [SMALL, WIDE])
@pytest.mark.parametrize("receives", [True, False])
def test_nothing_of_it_is_cut(make: Make, size: tuple[int, int], receives: bool) -> None:
    rig = make(size=size)
    (offered_four if receives else open_form)(rig)
    QTest.qWait(20)
    rig.tell()
    assert list(cut(rig.window)) == []
    assert list(outside(rig.window)) == []
