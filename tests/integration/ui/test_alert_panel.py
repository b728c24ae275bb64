"""The panel of possible matches as an operator meets it: order, keys, two desks, failures."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from gcs.model.alert import AlertImage, AlertRecord, AlertState, Judgement, Response
from gcs.model.event import Severity
from gcs.station.actions import Outcome
from tests.integration.ui.conftest import Make, Rig
from tests.integration.ui.test_window import SMALL, WIDE, cut, outside
from tests.unit.ui.matches import IMAGES, change, deployment, match, png
from tests.unit.ui.shift import ME, OTHER
from ui.models.alert_queue import LINGER_S
from ui.panels.alert_images import decode
from ui.widgets.text_line import TextLine

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton


def look(rig: Rig) -> None:
    """The images come, are painted, and have been looked at for long enough."""
    for _ in range(3):
        rig.settle()
        rig.turn()
    rig.later(1.0)


def show(rig: Rig, alert: str = "al-1", **what: object) -> AlertRecord:
    """One possible match before the operator, its images on the screen."""
    rig.actions.images = dict(IMAGES)
    record = match(rig.shift, alert, **what)  # type: ignore[arg-type]
    look(rig)
    return record


def judged(rig: Rig, record: AlertRecord, by: object = ME) -> AlertRecord:
    """The keeper put a viable judgement on record."""
    what = {"state": AlertState.JUDGED, "judgement": Judgement.VIABLE, "judged_by": by}
    after = change(rig.shift, record, **what)
    look(rig)
    return after


def asked(rig: Rig) -> list[tuple[object, ...]]:
    """The answers that were sent; images apart."""
    return [a for a in rig.actions.asked if a[0] != "alert_image"]


def press(rig: Rig, code: Qt.Key, text: str) -> None:
    """A key pressed and let go where the focus is."""
    target = QApplication.focusWidget() or rig.window
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(target, event)
    rig.shift.clock.advance(0.2)
    rig.settle()


def every_word(window: QWidget) -> Iterator[str]:
    """All that any widget could show, tell on hover or say aloud, hidden ones too."""
    for widget in (window, *window.findChildren(QWidget)):
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            yield widget.text()
        elif isinstance(widget, TextLine):
            yield widget.text


def given_away(rig: Rig, record: AlertRecord) -> list[str]:
    """What of the algorithm's side can be found anywhere in the window."""
    a = record.alert
    secrets = (f"{a.score:.2f}", f"{a.threshold:.2f}", a.category, a.predefined_response,
               f"{a.algorithm} {a.algorithm_version}", f"{a.probe_face_px:.0f} px")  # fmt: skip
    words = "\n".join(every_word(rig.window))
    return [s for s in secrets if s in words]


# -- the order of showing ------------------------------------------------------------------
def test_both_images_of_equal_size_and_no_score_anywhere(rig: Rig) -> None:
    record = show(rig)
    card = rig.window.alerts.card
    assert rig.window.alerts.page == "card"
    assert card.complete and card.probe.size() == card.candidate.size()
    assert card.title.text() == "Possible match – not an identification"
    assert card.age.text.startswith("captured 8 s ago")
    assert given_away(rig, record) == []


def test_the_score_comes_with_the_keepers_record_not_with_the_press(rig: Rig) -> None:
    record = show(rig)
    card = rig.window.alerts.card
    QTest.mouseClick(card.judge.buttons[Judgement.VIABLE], LEFT)
    rig.settle()
    look(rig)
    assert given_away(rig, record) == []
    judged(rig, record)
    assert card.details.isVisible()
    assert card.details.words["Score"] == "0.74 · threshold 0.62"
    assert card.decide.isVisible() and not card.judge.isVisible()


def test_another_alert_chosen_takes_the_figures_with_it(rig: Rig) -> None:
    first = judged(rig, show(rig))
    show(rig, "al-2", age_s=1.0)
    rig.window.alerts.choose("al-2")
    look(rig)
    assert given_away(rig, first) == []
    assert rig.window.alerts.card.details.words == {}


def test_an_updated_alert_is_judged_anew_by_its_new_images(rig: Rig) -> None:
    record = judged(rig, show(rig))
    panel = rig.window.alerts
    other = replace(record.alert, probe=replace(record.alert.probe, sha256="1" * 64))
    change(rig.shift, record, alert=other, state=AlertState.OPEN, judgement=None, judged_by=None)
    rig.turn()
    assert panel.seen_utc_ms("al-1") is None
    assert not panel.card.judge.buttons[Judgement.VIABLE].isEnabled()
    assert given_away(rig, record) == []


def test_what_is_sent_tells_when_both_images_were_first_seen(rig: Rig) -> None:
    show(rig)
    seen = rig.window.alerts.seen_utc_ms("al-1")
    assert seen is not None and seen < rig.shift.clock.utc_ms()
    rig.later(5.0)
    QTest.mouseClick(rig.window.alerts.card.judge.buttons[Judgement.NOT_VIABLE], LEFT)
    rig.settle()
    assert asked(rig) == [("judge_alert", "al-1", Judgement.NOT_VIABLE, seen)]


def test_no_button_acts_before_both_images_were_looked_at(rig: Rig) -> None:
    rig.actions.images = dict(IMAGES)
    match(rig.shift, "al-1")
    buttons = rig.window.alerts.card.judge.buttons
    assert not any(b.isEnabled() for b in buttons.values())
    for _ in range(3):
        rig.settle()
        rig.turn()
    assert not any(b.isEnabled() for b in buttons.values())  # seen, but only just now
    rig.later(1.0)
    assert all(b.isEnabled() for b in buttons.values())
    assert not any(b.isDefault() or b.autoDefault() for b in buttons.values())


def test_nothing_is_selected_until_the_feed_is_asked_for(rig: Rig) -> None:
    show(rig)
    assert (rig.selection.drone, rig.selection.camera) == ("ISL-02", "")
    QTest.mouseClick(rig.window.alerts.card.feed, LEFT)
    assert (rig.selection.drone, rig.selection.camera) == ("ISL-02", "CAM-1")


# -- keys ----------------------------------------------------------------------------------
def test_digits_judge_only_in_the_panel(rig: Rig) -> None:
    show(rig)
    assert rig.window.alerts.card.judge.buttons[Judgement.VIABLE]._key == "A 1"
    press(rig, Qt.Key.Key_1, "1")
    assert asked(rig) == [] and rig.selection.drone == "ISL-01"
    press(rig, Qt.Key.Key_A, "a")
    assert rig.window.alerts.card.judge.buttons[Judgement.VIABLE]._key == "1"
    press(rig, Qt.Key.Key_3, "3")
    assert [a[:3] for a in asked(rig)] == [("judge_alert", "al-1", Judgement.CANNOT_TELL)]
    assert rig.selection.drone == "ISL-01"


def test_another_digit_in_the_panel_is_no_answer_and_no_drone(rig: Rig) -> None:
    show(rig)
    press(rig, Qt.Key.Key_A, "a")
    press(rig, Qt.Key.Key_5, "5")
    assert asked(rig) == [] and rig.selection.drone == "ISL-02"
    assert "Esc leaves it" in rig.window.notices.lines[0].text


def test_flying_keys_go_on_from_the_panel(rig: Rig) -> None:
    show(rig)
    press(rig, Qt.Key.Key_A, "a")
    press(rig, Qt.Key.Key_H, "h")
    assert asked(rig) == [("hold", "ISL-02")]


def test_a_digit_in_the_reason_is_a_digit(rig: Rig) -> None:
    judged(rig, show(rig))
    decide = rig.window.alerts.card.decide
    decide.reason.setFocus()
    line = decide.reason.lineEdit()
    assert line is not None
    QTest.keyClicks(line, "5 officers")
    rig.settle()
    assert decide.words == "5 officers" and asked(rig) == []


def test_a_decision_needs_a_reason(rig: Rig) -> None:
    judged(rig, show(rig))
    decide = rig.window.alerts.card.decide
    assert decide.words == ""
    assert not any(b.isEnabled() for b in decide.buttons.values())
    press(rig, Qt.Key.Key_A, "a")
    press(rig, Qt.Key.Key_4, "4")
    assert asked(rig) == []
    decide.reason.setEditText("Officers near are told")
    rig.turn()
    press(rig, Qt.Key.Key_5, "5")
    assert [a[:4] for a in asked(rig)] == [
        ("decide_alert", "al-1", Response.OBSERVE, "Officers near are told")
    ]


def test_the_judgements_key_pressed_twice_decides_nothing(rig: Rig) -> None:
    record = show(rig)
    press(rig, Qt.Key.Key_A, "a")
    press(rig, Qt.Key.Key_1, "1")
    judged(rig, record)
    rig.window.alerts.card.decide.reason.setEditText("any")
    rig.turn()
    press(rig, Qt.Key.Key_1, "1")
    assert [a[0] for a in asked(rig)] == ["judge_alert"]


# -- two desks, expiry, several --------------------------------------------------------------
def test_of_two_who_decide_at_once_the_refused_one_hears_who_it_was(rig: Rig) -> None:
    record = judged(rig, show(rig))
    panel = rig.window.alerts
    rig.actions.answer = Outcome(False, "Alert al-1: already decided by Pilot B at desk-2.")
    panel.card.decide.reason.setEditText("mine")
    rig.turn()
    panel.card.decide.buttons[Response.ENGAGE].click()
    rig.settle()
    assert "already decided by Pilot B at desk-2" in panel.card.ask.text()
    change(rig.shift, record, state=AlertState.DECIDED, decided_by=OTHER,
           response=Response.OBSERVE, reason="Theirs")  # fmt: skip
    rig.tell()
    told = panel.card.ask.text()
    assert told.startswith("Pilot B at desk-2 decided: observe: Theirs.")
    assert "was not taken" in told
    assert all(n.severity is Severity.INFO for n in rig.state.notices)


def test_someone_elses_decision_is_shown_and_goes_after_some_seconds(rig: Rig) -> None:
    record = show(rig)
    change(rig.shift, record, state=AlertState.DECIDED, judgement=Judgement.NOT_VIABLE,
           judged_by=OTHER, decided_by=OTHER, response=Response.NO_ACTION)  # fmt: skip
    rig.tell()
    panel = rig.window.alerts
    told = panel.card.ask.text()
    assert told.startswith("Pilot B at desk-2 judged it not viable. It is closed.")
    assert not panel.card.judge.isVisible() and not panel.card.decide.isVisible()
    rig.later(LINGER_S + 1.0)
    assert panel.page == "empty"
    assert panel.card.probe.image is None and panel.card.candidate.image is None


def test_a_second_person_may_judge(rig: Rig) -> None:
    record = show(rig)
    change(rig.shift, record, judgement=Judgement.CANNOT_TELL, judged_by=OTHER)
    rig.tell()
    panel = rig.window.alerts
    assert panel.card.ask.text().startswith("Pilot B at desk-2 cannot tell")
    assert all(b.isEnabled() for b in panel.card.judge.buttons.values())
    assert given_away(rig, record) == []


def test_it_expires_under_the_operators_eyes(rig: Rig) -> None:
    show(rig)
    panel = rig.window.alerts
    rig.later(30.0)
    assert panel.card.countdown.text == "1:22"
    rig.later(90.0)
    assert "nobody decided in time" in panel.card.ask.text()
    assert not panel.card.judge.isVisible()


def test_several_wait_in_a_list_and_none_pushes_in(rig: Rig) -> None:
    first = show(rig)
    show(rig, "al-2", feed="ISL-07", age_s=2.0)
    show(rig, "al-3", feed="CAM-2", age_s=1.0)
    panel = rig.window.alerts
    assert panel.queue.chosen == "al-1"
    assert panel.card.more.text() == "2 more"
    bar = rig.window.docks["alerts"].bar
    assert bar is not None and bar.figure == "3"
    change(rig.shift, first, state=AlertState.WITHDRAWN)
    rig.tell()
    rig.later(LINGER_S + 1.0)
    assert panel.page == "list"
    rows = [r.text() for r in panel.list.rows if r.isVisible()]
    assert [r.split(" · ")[0] for r in rows] == ["Cam Whinridge", "ISL-07"]
    QTest.mouseClick(panel.list.rows[1], LEFT)
    look(rig)
    assert panel.queue.chosen == "al-2" and rig.selection.drone == "ISL-02"


# -- images that do not come -----------------------------------------------------------------
def test_a_refused_image_is_one_sentence_and_only_cannot_tell_is_left(rig: Rig) -> None:
    rig.actions.images = {AlertImage.PROBE: IMAGES[AlertImage.PROBE]}
    match(rig.shift, "al-1")
    look(rig)
    card = rig.window.alerts.card
    assert card.candidate.image is None and card.candidate.words == "Done."
    enabled = {j for j, b in card.judge.buttons.items() if b.isEnabled()}
    assert enabled == {Judgement.CANNOT_TELL}
    assert card.again.isVisible()
    rig.actions.images = dict(IMAGES)
    card.again.click()
    look(rig)
    assert card.complete and not card.again.isVisible()
    assert all(b.isEnabled() for b in card.judge.buttons.values())


@pytest.mark.parametrize("data", [b"not an image at all", IMAGES[AlertImage.STILL]])
def test_an_image_that_is_not_the_named_one_is_not_shown(rig: Rig, data: bytes) -> None:
    rig.actions.images = {**IMAGES, AlertImage.PROBE: data}
    match(rig.shift, "al-1")
    look(rig)
    card = rig.window.alerts.card
    assert card.probe.image is None and "not the one" in card.probe.words


def test_garbage_and_giants_are_not_decoded(dressed: object) -> None:
    for data, words in (
        (b"GIF89a not ours", "neither JPEG nor PNG"),
        (IMAGES[AlertImage.PROBE][:60], "damaged"),
        (png(5000, 2, 9), "larger than"),
    ):
        told = decode(data, hashlib.sha256(data).hexdigest())
        assert isinstance(told, str) and words in told


def test_the_still_is_fetched_only_when_it_is_asked_for(rig: Rig) -> None:
    show(rig)
    still = ("alert_image", "al-1", AlertImage.STILL)
    assert still not in rig.actions.asked
    card = rig.window.alerts.card
    card.still_link.click()
    look(rig)
    assert still in rig.actions.asked
    assert card.still.image is not None and card.still.isVisible()
    assert card.still.label == "still · captured 9 s ago"
    assert not card.probe.isVisible()


# -- both window sizes -----------------------------------------------------------------------
SCENES = ("empty", "judge", "decide", "still", "second", "over", "list", "refused")


def play(rig: Rig, scene: str) -> None:
    """Bring the panel into a scene."""
    if scene == "empty":
        return
    deployment(rig.shift)
    record = show(rig)
    show(rig, "al-2", feed="ISL-02", age_s=1.0)
    if scene in ("decide", "still"):
        record = judged(rig, record)
    if scene == "still":
        rig.window.alerts.card.still_link.click()
        look(rig)
    elif scene == "second":
        change(rig.shift, record, judgement=Judgement.CANNOT_TELL, judged_by=OTHER)
    elif scene == "over":
        change(rig.shift, record, state=AlertState.DECIDED, judgement=Judgement.VIABLE,
               decided_by=OTHER, response=Response.NO_ACTION,
               reason="Not the person on the watchlist")  # fmt: skip
    elif scene == "list":
        rig.window.alerts.card.more.click()
    elif scene == "refused":
        rig.actions.images = {}
        match(rig.shift, "al-3", age_s=0.5)
        rig.window.alerts.choose("al-3")
        look(rig)
    rig.tell()


@pytest.mark.parametrize("size", [SMALL, WIDE])
@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_cut(make: Make, size: tuple[int, int], scene: str) -> None:
    rig = make(size=size)
    rig.selection.select_drone("ISL-02")
    play(rig, scene)
    QTest.qWait(20)
    rig.turn()
    dock = rig.window.docks["alerts"]
    assert (rig.window.width(), rig.window.height()) == size
    assert dock.isVisible() and not dock.visibleRegion().isEmpty()
    assert list(cut(dock)) == [] and list(outside(dock)) == []
    for row in (rig.window.alerts.card.judge, rig.window.alerts.card.decide):
        for button in row.buttons.values():
            assert button.height() >= 44
