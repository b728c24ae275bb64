"""Signing on at the window: by keyboard alone, one clear sentence, the password nowhere."""

import logging

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gcs.model.control import ControlRecord, ControlState
from gcs.model.people import Holder, Role
from gcs.station.actions import Outcome
from gcs.station.state import DeskState
from tests.integration.ui.conftest import Make, Rig
from tests.unit.ui.shift import ME
from ui.sign_on import held_here, person_words, why_stay
from ui.sign_on_desk import FAULT, DeskSignOn
from ui.widgets.sign_on import Veil

SECRET = "correct horse"
KEYS = Qt.Key
COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class FakeDoor:
    """A keeper that knows two people and one password."""

    def __init__(self, state: DeskState) -> None:
        self._state = state
        self.person = state.me.person
        self.refusal = ""
        self.fault: Exception | None = None
        self.asked: list[str] = []

    async def on(self, person: str, password: str) -> Outcome:
        self.asked.append(person)
        self._nobody()
        if self.fault is not None:
            raise self.fault
        if password != SECRET:
            return Outcome(False, "The name or the password is not right.")
        self.person = person
        self._state.me = Holder(person, person.replace("-", " ").title(), "desk-1")
        self._state.role = Role.OBSERVER if person == "watcher" else Role.PILOT
        return Outcome(True, f"{self._state.me.label} is signed on.")

    async def off(self) -> Outcome:
        self.asked.append("off")
        if self.refusal:
            return Outcome(False, self.refusal)
        self._nobody()
        return Outcome(True, "Pilot A at desk-1 is signed off.")

    def _nobody(self) -> None:
        self.person = ""
        self._state.me = Holder("nobody", "Nobody", "desk-1")
        self._state.role = None


class Front:
    """A desk, its door and its form."""

    def __init__(self, rig: Rig, empty: bool) -> None:
        self.rig = rig
        self.door = FakeDoor(rig.state)
        if empty:
            self.door._nobody()
        self.desk = DeskSignOn(rig.window, self.door, rig._run, asks=empty)
        self.sheet = self.desk.sheet
        rig.tell()

    def keys(self, *typed: str | Qt.Key) -> None:
        """To whatever has the focus."""
        for what in typed:
            focus = QApplication.focusWidget()
            assert isinstance(focus, QWidget)
            if isinstance(what, str):
                QTest.keyClicks(focus, what)
            else:
                QTest.keyClick(focus, what)
        self.rig.settle()
        self.rig.turn()

    def sign_on(self, person: str, password: str = SECRET) -> None:
        self.keys(person, KEYS.Key_Tab, password, KEYS.Key_Return)

    def open(self) -> None:
        QTest.keyClick(self.rig.window, KEYS.Key_P, COMMAND)
        self.rig.turn()


@pytest.fixture
def empty(make: Make) -> Front:
    return Front(make(busy=False), empty=True)


@pytest.fixture
def manned(rig: Rig) -> Front:
    return Front(rig, empty=False)


def released(front: Front) -> None:
    for drone in held_here(front.rig.state):
        front.rig.state.apply_control(ControlRecord(drone, ControlState.UNOWNED, 15, 0))


# -- an empty desk ----------------------------------------------------------------------------
def test_a_desk_without_a_person_asks_and_covers_what_is_behind(empty: Front) -> None:
    window = empty.rig.window
    assert empty.sheet.isVisible() and empty.sheet.covers
    assert empty.sheet.person.hasFocus()
    assert empty.sheet.geometry().bottom() == window.rect().bottom()
    assert empty.sheet.geometry().top() == window.status.height()
    assert "not signed on" in window.status.person.text()
    assert QApplication.activeModalWidget() is None


def test_by_keyboard_alone_a_person_signs_on(empty: Front) -> None:
    empty.sign_on("pilot-b")
    assert empty.sheet.isHidden()
    assert empty.rig.window.status.person.text().startswith("Pilot B · pilot · desk-1")
    assert "Pilot B · pilot" in empty.rig.window.windowTitle()
    assert empty.rig.window.hasFocus()


def test_a_refusal_is_one_sentence_and_the_next_try_begins_at_the_password(empty: Front) -> None:
    empty.sign_on("pilot-b", "wrong")
    assert empty.sheet.isVisible() and empty.sheet.covers
    assert empty.sheet.words.text == "The name or the password is not right."
    assert empty.sheet.person.text() == "pilot-b" and empty.sheet.password.hasFocus()
    empty.keys(SECRET, KEYS.Key_Return)
    assert empty.sheet.isHidden() and empty.door.person == "pilot-b"


def test_nothing_is_asked_without_a_name_and_a_password(empty: Front) -> None:
    for person, password in (("", SECRET), ("pilot-b", ""), ("", "")):
        empty.sheet.ask("desk-1: who sits here?", covers=True)
        empty.sign_on(person, password)
        assert empty.door.asked == [] and empty.sheet.words.text


def test_tab_and_escape_stay_on_the_cover_and_letters_order_nothing(empty: Front) -> None:
    seen = []
    for _ in range(4):
        seen.append(QApplication.focusWidget())
        empty.keys(KEYS.Key_Tab)
    sheet = empty.sheet
    assert seen == [sheet.person, sheet.password, sheet.enter, sheet.person]
    sheet.enter.setFocus()
    empty.rig.selection.select_drone("ISL-02")
    empty.keys(KEYS.Key_H, KEYS.Key_R, KEYS.Key_Escape)
    assert empty.rig.actions.asked == []
    assert empty.sheet.isVisible()


def test_the_password_is_neither_kept_nor_written(
    empty: Front, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        empty.door.fault = RuntimeError(f"failed for {SECRET}")
        empty.sign_on("pilot-b")
    assert empty.sheet.words.text == FAULT
    assert empty.sheet.password.text() == ""
    assert SECRET not in caplog.text and caplog.records
    assert not any(SECRET in notice.text for notice in empty.rig.state.notices)
    empty.sheet.password.setText(SECRET)
    assert empty.sheet.password.displayText() != SECRET


# -- a person is here -------------------------------------------------------------------------
def test_who_holds_drones_cannot_leave_and_is_told_which(manned: Front) -> None:
    manned.rig.shift.owned("ISL-05")
    manned.open()
    assert manned.sheet.isVisible() and not manned.sheet.covers
    manned.sheet.off.click()
    manned.rig.settle()
    assert manned.door.asked == []
    assert "You hold ISL-02 and ISL-05" in manned.sheet.words.text
    manned.sheet.person.setFocus()
    manned.sign_on("pilot-b")
    assert manned.door.asked == [] and "ISL-02 and ISL-05" in manned.sheet.words.text
    assert manned.rig.state.me == ME


def test_the_keepers_refusal_leaves_the_person_here(manned: Front) -> None:
    released(manned)
    manned.door.refusal = "Pilot A at desk-1 holds ISL-07: hand it over or land it first."
    manned.open()
    manned.sheet.off.click()
    manned.rig.settle()
    manned.rig.turn()
    assert manned.sheet.words.text == manned.door.refusal
    assert manned.door.person == ME.person and not manned.sheet.covers


@pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)
def test_signing_off_covers_the_desk_and_what_floats_beside_it(manned: Front) -> None:
    released(manned)
    wall = manned.rig.window.docks["wall"]
    wall.setFloating(True)
    manned.rig.turn()
    manned.rig.window.activateWindow()
    manned.rig.turn()
    manned.open()
    manned.sheet.off.click()
    manned.rig.settle()
    manned.rig.turn()
    assert manned.sheet.isVisible() and manned.sheet.covers and manned.sheet.person.hasFocus()
    assert "not signed on" in manned.rig.window.status.person.text()
    assert isinstance(wall.childAt(wall.rect().center()), Veil)
    manned.sign_on("pilot-b")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert wall.isFloating() and wall.findChild(Veil) is None


def test_who_is_turned_away_leaves_a_covered_desk_its_warnings_too(manned: Front) -> None:
    manned.door._nobody()
    manned.rig.later(1.0)
    assert manned.sheet.isVisible() and manned.sheet.covers
    manned.rig.shift.silent.update(manned.rig.shift.drones)
    for _ in range(15):
        manned.rig.later(1.0)
    plate = manned.rig.window.warnings
    assert plate.lines and plate.isVisible()
    seen = manned.rig.window.childAt(plate.geometry().center())
    assert seen is not None
    assert seen is manned.sheet or manned.sheet.isAncestorOf(seen)


def test_another_person_signs_on_without_a_restart(manned: Front) -> None:
    released(manned)
    told: list[str] = []
    manned.desk.person_changed.connect(told.append)
    manned.open()
    manned.sign_on("pilot-b")
    assert manned.sheet.isHidden() and told == ["pilot-b"]
    assert manned.rig.window.status.person.text().startswith("Pilot B · pilot")


def test_a_wrong_password_of_the_next_person_leaves_an_empty_desk_that_asks(manned: Front) -> None:
    released(manned)
    manned.open()
    manned.sign_on("pilot-b", "wrong")
    assert manned.sheet.isVisible() and manned.sheet.covers
    assert manned.sheet.words.text == "The name or the password is not right."


def test_a_manned_desk_is_not_asked_and_its_form_leaves_the_map_and_closes_by_escape(
    manned: Front,
) -> None:
    manned.rig.later(1.0)
    assert manned.sheet.isHidden()
    manned.open()
    assert manned.sheet.width() < manned.rig.window.width() / 2
    manned.keys(KEYS.Key_Escape)
    assert manned.sheet.isHidden() and manned.rig.window.hasFocus()


def test_an_observers_desk_says_that_it_observes_at_the_least_size_too(make: Make) -> None:
    front = Front(make(size=(1366, 768)), empty=True)
    status = front.rig.window.status
    assert status.observes.isHidden()
    front.sign_on("watcher")
    assert status.observes.isVisible() and status.observes.text == "OBSERVES"
    assert status.person.text().startswith("Watcher · observer · desk-1")
    assert status.person.geometry().right() <= status.width()


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_nothing_of_the_form_is_cut_off(make: Make, size: tuple[int, int]) -> None:
    front = Front(make(size=size), empty=True)
    front.sheet.refuse("Your name or your password is not right, or this desk is not yours. " * 2)
    front.rig.turn()
    parts = (front.sheet.person, front.sheet.password, front.sheet.enter, front.sheet.words)
    boxes = [p.rect().translated(p.mapTo(front.rig.window, p.rect().topLeft())) for p in parts]
    assert all(front.rig.window.rect().contains(box) for box in boxes)
    assert not any(a.intersects(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])
    assert front.sheet.words.height() >= front.sheet.words.heightForWidth(front.sheet.words.width())


# -- in words ---------------------------------------------------------------------------------
def test_the_words_name_every_drone_held(rig: Rig) -> None:
    assert why_stay(rig.state).startswith("You hold ISL-02: hand it over")
    rig.shift.owned("ISL-03")
    rig.shift.owned("ISL-04")
    assert why_stay(rig.state).startswith("You hold ISL-02, ISL-03 and ISL-04: hand them over")
    assert person_words(rig.state) == "Pilot A · pilot · desk-1"
