"""Asking for another's drone, giving it, refusing, taking over and objecting: on the screen."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gcs.model.control import ControlState, HandoverKind
from gcs.model.people import Role
from tests.integration.ui.conftest import Rig
from tests.unit.ui.handing import handing
from tests.unit.ui.shift import ME, OTHER
from ui.panels.claim import TAKE_OVER_HOLD_S

pytestmark = pytest.mark.gui


def press(rig: Rig, key: Qt.Key) -> None:
    rig.shift.clock.advance(0.5)  # no repeat of the last one
    QTest.keyClick(rig.window, key)
    rig.settle()


def test_a_request_is_prompted_marked_and_listed_and_granted_into_its_brief(rig: Rig) -> None:
    rig.selection.select_drone("ISL-02")
    rig.shift.claimed("ISL-02", ME, OTHER)
    rig.settle()
    (prompt,) = rig.window.brief.claims
    assert prompt.words.text.startswith("Pilot B at desk-2 asks you for ISL-02")
    assert prompt.reason.text() == "Reason: nearer to the scene"
    assert "asked for by Pilot B 0:30" in rig.window.strip.head.text
    QTest.mouseClick(prompt.give, Qt.MouseButton.LeftButton)
    rig.settle()
    assert rig.actions.asked == [("grant", "ISL-02")]


def test_o_refuses_a_request_and_says_so_when_there_is_none(rig: Rig) -> None:
    rig.selection.select_drone("ISL-02")
    press(rig, Qt.Key.Key_O)
    assert rig.actions.asked == []
    assert "Nobody asks this desk for ISL-02" in rig.window.notices.lines[0].text
    rig.shift.claimed("ISL-02", ME, OTHER)
    rig.settle()
    press(rig, Qt.Key.Key_O)
    assert rig.actions.asked == [("refuse", "ISL-02")]


def test_a_takeover_offers_an_objection_alone_and_none_when_its_time_is_over(rig: Rig) -> None:
    rig.selection.select_drone("ISL-02")
    rig.shift.claimed("ISL-02", ME, OTHER, forced=True, seconds=5.0)
    rig.settle()
    (prompt,) = rig.window.brief.claims
    assert "takes over ISL-02" in prompt.words.text
    assert prompt.give.isHidden() and prompt.refuse.isEnabled()
    rig.shift.clock.advance(5.0)
    prompt.refresh()
    assert not prompt.refuse.isEnabled()
    rig.shift.claimed("ISL-02", ME, OTHER, forced=True, seconds=5.0)
    rig.settle()
    press(rig, Qt.Key.Key_O)
    assert rig.actions.asked == [("object", "ISL-02")]


def test_f_asks_for_what_another_holds_with_a_reason(rig: Rig) -> None:
    rig.shift.state.role = Role.PILOT
    rig.selection.select_drone("ISL-05")
    rig.tell()
    form = rig.window.brief.claim
    assert not form.isHidden() and rig.window.brief.hand_off.isHidden()
    assert not form.ask.isEnabled() and form.take_over.isHidden()
    press(rig, Qt.Key.Key_F)
    assert form.reason.hasFocus()
    QTest.keyClicks(form.reason, "nearer")
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    rig.settle()
    assert rig.actions.asked == [("request", "ISL-05", "nearer")]
    rig.shift.claimed("ISL-05", OTHER, ME)
    rig.settle()
    assert form.words.text.startswith("You ask for ISL-05")
    form.withdraw.click()
    rig.settle()
    assert rig.actions.asked[-1] == ("cancel_offer", "ISL-05")


def test_a_supervisor_takes_over_by_a_hold_of_three_seconds(rig: Rig) -> None:
    rig.shift.state.role = Role.SUPERVISOR
    rig.selection.select_drone("ISL-05")
    rig.tell()
    form = rig.window.brief.claim
    form.reason.setText("he is ill")
    form.take_over.begin()
    rig.shift.clock.advance(TAKE_OVER_HOLD_S - 0.1)
    form.take_over.turn()
    assert rig.actions.asked == []
    rig.shift.clock.advance(0.2)
    form.take_over.turn()
    rig.settle()
    assert rig.actions.asked == [("force", "ISL-05", "he is ill")]


def test_an_observer_asks_for_nothing(rig: Rig) -> None:
    rig.shift.state.role = Role.OBSERVER
    rig.selection.select_drone("ISL-05")
    rig.tell()
    form = rig.window.brief.claim
    assert form.ask.isHidden() and form.take_over.isHidden()
    assert "observer" in form.words.text


def test_a_takeover_is_in_front_in_the_folded_arrangement_too(rig: Rig) -> None:
    rig.window.resize(1366, 768)
    rig.settle()
    rig.tell()
    brief = rig.window.docks["brief"]
    assert brief.visibleRegion().isEmpty(), "behind the wall"
    rig.shift.claimed("ISL-02", ME, OTHER, forced=True, seconds=5.0)
    rig.settle()
    assert not brief.visibleRegion().isEmpty()


def test_a_second_order_after_an_objection_overrides_and_says_so(rig: Rig) -> None:
    rig.shift.state.role = Role.SUPERVISOR
    rig.selection.select_drone("ISL-05")
    mine = rig.shift.claimed("ISL-05", OTHER, ME, forced=True, seconds=5.0).claim
    rig.state.apply_control(replace(rig.shift.owned("ISL-05", OTHER, 7), objected=mine))
    rig.tell()
    form = rig.window.brief.claim
    assert form.take_over.text() == "Override"
    assert "Pilot B at desk-2 objected" in form.warn.text and "at once" in form.warn.text
    form.reason.setText("he is ill")
    form.take_over.begin()
    assert "override" in form.take_over.bubble.lines[0]
    rig.shift.clock.advance(TAKE_OVER_HOLD_S + 0.1)
    form.take_over.turn()
    rig.settle()
    assert rig.actions.asked == [("force", "ISL-05", "he is ill")]
    rig.later(70.0)
    assert form.take_over.text() == "Take over" and form.warn.isHidden()


def test_after_a_takeover_the_supervisor_shows_it_and_the_old_holder_watches(rig: Rig) -> None:
    rig.selection.select_drone("ISL-02")
    forced = HandoverKind.FORCED
    handing(rig.shift, "ISL-02", ControlState.CONFIRMING, ME, OTHER, kind=forced)
    rig.tell()
    assert rig.window.strip.shadow.words.text.startswith("Pilot B has control")
    assert rig.window.brief.handover.title.text == "Pilot B at desk-2 took ISL-02 over"
    assert not rig.window.brief.handover.act.isEnabled()
    rig.selection.select_drone("ISL-05")
    handing(rig.shift, "ISL-05", ControlState.CONFIRMING, OTHER, ME, kind=forced)
    rig.shift.links_well()
    rig.tell()
    assert rig.window.brief.handover.title.text == "You take ISL-05 over"
    assert "Press H" in rig.window.brief.handover.doing.text
