"""Small parts: the hold button's promises, the countdown, the text that never is cut."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gcs.model.mission import Grade
from gcs.runtime.clock import ManualClock
from ui.text import Span, Tone
from ui.theme import DARK
from ui.widgets.age_label import AgeLabel
from ui.widgets.countdown import Countdown
from ui.widgets.grade_disc import GradeDisc, disc_colors
from ui.widgets.height_spin import HeightSpin
from ui.widgets.hold_button import CHANGED, TOO_SHORT, HoldButton, HoldPlan
from ui.widgets.text_line import TextLine

pytestmark = pytest.mark.gui


class Held:
    """A hold button in a window of its own, its clock and what it did."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.relied_on = "before"
        self.done: list[str] = []
        self.target = "ISL-02"
        self.host = QWidget()
        self.host.resize(600, 300)
        self.other = QLineEdit(self.host)
        self.button = HoldButton("Land", "hold L", self._arm, self.clock, DARK, parent=self.host)
        self.button.move(20, 200)
        self.why: list[str] = []
        self.button.cancelled.connect(self.why.append)

    def _arm(self) -> HoldPlan | None:
        if not self.target:
            return None
        target = self.target
        return HoldPlan(
            (f"{target} lands.", "Here."),
            lambda: self.relied_on,
            lambda: self.done.append(target),
        )

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.button.turn()


@pytest.fixture
def held(dressed: QApplication, qtbot: QtBot) -> Iterator[Held]:
    made = Held()
    qtbot.addWidget(made.host)
    made.host.show()
    made.host.activateWindow()
    qtbot.waitUntil(made.host.isActiveWindow, timeout=2000)
    yield made


LEFT = Qt.MouseButton.LeftButton


def test_a_full_hold_acts_once(held: Held, qtbot: QtBot) -> None:
    QTest.mousePress(held.button, LEFT)
    held.wait(0.9)
    assert held.done == [] and held.button.holding
    assert held.button.bubble.lines == ("ISL-02 lands.", "Here.")
    held.wait(0.2)
    held.wait(0.2)
    QTest.mouseRelease(held.button, LEFT)
    assert held.done == ["ISL-02"]
    assert held.why == []


def test_a_click_never_acts(held: Held, qtbot: QtBot) -> None:
    QTest.mouseClick(held.button, LEFT)
    assert held.done == [] and held.why == [TOO_SHORT]


def test_letting_go_early_cancels(held: Held, qtbot: QtBot) -> None:
    QTest.mousePress(held.button, LEFT)
    held.wait(0.9)
    QTest.mouseRelease(held.button, LEFT)
    held.wait(5.0)
    assert held.done == [] and held.why == [TOO_SHORT]


def test_a_change_of_what_it_relied_on_cancels(held: Held, qtbot: QtBot) -> None:
    QTest.mousePress(held.button, LEFT)
    held.relied_on = "after"
    held.wait(0.1)
    held.wait(2.0)
    assert held.done == [] and held.why == [CHANGED]


def test_a_change_in_the_last_moment_cancels_too(held: Held, qtbot: QtBot) -> None:
    QTest.mousePress(held.button, LEFT)
    held.relied_on = "after"
    held.wait(1.5)
    assert held.done == [] and held.why == [CHANGED]


def test_the_target_is_bound_at_the_press(held: Held, qtbot: QtBot) -> None:
    QTest.mousePress(held.button, LEFT)
    held.target = "ISL-05"
    held.wait(1.1)
    assert held.done == ["ISL-02"]


def test_losing_the_focus_cancels(held: Held, qtbot: QtBot) -> None:
    held.button.setFocus()
    QTest.keyPress(held.button, Qt.Key.Key_Space)
    assert held.button.holding
    held.other.setFocus()
    held.wait(2.0)
    assert held.done == []


def test_leaving_the_button_cancels(held: Held, qtbot: QtBot) -> None:
    QTest.mousePress(held.button, LEFT)
    QTest.mouseMove(held.button, held.button.rect().bottomRight() * 2)
    held.wait(2.0)
    assert held.done == []


def test_being_disabled_or_hidden_cancels(held: Held, qtbot: QtBot) -> None:
    QTest.mousePress(held.button, LEFT)
    held.button.setEnabled(False)
    held.wait(2.0)
    held.button.setEnabled(True)
    held.button.begin()
    held.button.hide()
    held.wait(2.0)
    assert held.done == []


def test_the_key_is_held_through_its_repeats(held: Held, qtbot: QtBot) -> None:
    held.button.setFocus()
    QTest.keyPress(held.button, Qt.Key.Key_Space)
    for _ in range(5):
        held.wait(0.15)
        for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
            repeat = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True)
            QApplication.sendEvent(held.button, repeat)
    assert held.button.holding and held.done == []
    held.wait(0.4)
    QTest.keyRelease(held.button, Qt.Key.Key_Space)
    assert held.done == ["ISL-02"]


def test_a_height_beyond_the_limits_becomes_the_nearest_and_says_so(
    dressed: QApplication, qtbot: QtBot
) -> None:
    spin = HeightSpin(100.0)
    qtbot.addWidget(spin)
    spin.setValue(60)
    told: list[str] = []
    spin.corrected.connect(told.append)
    for typed, value in (("115", 100), ("7", 20), ("", 20), ("85", 85)):
        spin.selectAll()
        QTest.keyClicks(spin, typed) if typed else QTest.keyClick(spin, Qt.Key.Key_Delete)
        QTest.keyClick(spin, Qt.Key.Key_Return)
        assert spin.value() == value
    assert told == [
        "115 m cannot be flown: the highest is 100 m.",
        "7 m cannot be flown: the lowest is 20 m.",
    ]


def test_nothing_starts_when_there_is_nothing_to_do(held: Held, qtbot: QtBot) -> None:
    held.target = ""
    QTest.mousePress(held.button, LEFT)
    assert not held.button.holding


def test_a_text_line_elides_and_then_tells_all(dressed: QApplication, qtbot: QtBot) -> None:
    line = TextLine(DARK)
    qtbot.addWidget(line)
    line.set_spans(Span("ISL-02 ", bold=True), Span("You have control since 14:30", Tone.QUIET))
    line.show()
    told = []
    for wide in (line.sizeHint().width(), 60):
        line.resize(wide, 20)
        told.append((line.elided, line.toolTip()))
    assert told == [(False, ""), (True, "ISL-02 You have control since 14:30")]


def test_a_text_line_may_shorten_another_span_than_its_last(
    dressed: QApplication, qtbot: QtBot
) -> None:
    drawn = []
    for gives in (None, 0):
        line = TextLine(DARK, gives=gives)
        qtbot.addWidget(line)
        line.set_spans(Span("Glenbridge High Road · "), Span("Pilot A", Tone.ACCENT))
        line.resize(120, 20)
        picture = line.grab().toImage()
        accent = DARK.color("accent")
        columns = [
            x
            for x in range(picture.width())
            if any(picture.pixelColor(x, y).blue() > 180 and picture.pixelColor(x, y).red() < 120
                   for y in range(picture.height()))
        ]  # fmt: skip
        assert accent.blue() > 180 and accent.red() < 120
        drawn.append(len(columns))
    assert drawn[1] > drawn[0]


def test_an_age_label_greys_and_goes(dressed: QApplication, qtbot: QtBot) -> None:
    label = AgeLabel("height", DARK)
    qtbot.addWidget(label)
    told = []
    for age_s in (1.0, 14.0, 61.0):
        label.set_value("72 m", age_s)
        told.append((label.text, label.spans[-1].tone))
    assert told == [
        ("height 72 m", Tone.TEXT),
        ("height 72 m (14 s old)", Tone.QUIET),
        ("height –", Tone.OFF),
    ]


def test_a_countdown_ends_at_zero(dressed: QApplication, qtbot: QtBot) -> None:
    clock = ManualClock()
    count = Countdown(clock, DARK)
    qtbot.addWidget(count)
    count.set_times(clock.utc_ms(), clock.utc_ms() + 60_000)
    shown = []
    for seconds in (0.0, 18.5, 60.0):
        clock.advance(seconds)
        count.refresh()
        shown.append(count.text)
    assert shown == ["1:00", "0:41", "0:00"]


def test_a_more_urgent_grade_is_brighter(dressed: QApplication, qtbot: QtBot) -> None:
    brightness = [disc_colors(grade, DARK)[0].lightness() for grade in Grade]
    assert brightness == sorted(brightness, reverse=True)
    disc = GradeDisc(DARK)
    qtbot.addWidget(disc)
    disc.set_grade(Grade.IMMEDIATE)
    assert disc.toolTip() == "Immediate, 15 min"
