"""The brief and its checks: each line read as it stands, what changes is read again."""

import pytest

from gcs.control.handing import ARMED_S, BRIEFING_S
from gcs.model.brief import Line
from gcs.model.control import ControlRecord
from tests.unit.control.course import (
    AIR,
    ALERT,
    BATTERY,
    FENCE,
    LINES,
    A,
    B,
    C,
    E,
    S,
    armed,
    briefing,
    checked,
    later,
    owned,
    read,
    refused,
    then,
)

LOWER = Line("battery", "70")
NEW = Line("hazards", "gas")


def ticked(record: ControlRecord) -> tuple[Line, ...]:
    assert record.handover is not None
    return record.handover.ticked


def test_every_line_has_to_be_ticked_and_an_alerts_need_not() -> None:
    once = then(briefing(), E.TICK, by=B, epoch=5, line=BATTERY, lines=LINES)
    assert "fence" in refused(once, E.CHECKS_PASSED, lines=LINES).text
    assert then(once, E.TICK, by=B, epoch=5, line=BATTERY, lines=LINES) == once, "twice"
    passed = then(read(), E.CHECKS_PASSED, lines=LINES, brief="whole")
    assert (passed.state, passed.holder, passed.epoch) == (S.CHECKED, A, 5)
    assert passed.handover is not None
    assert (passed.handover.until_utc_ms, passed.handover.brief) == (0, "whole")


def test_only_the_receiver_ticks_and_only_what_it_says_now() -> None:
    for by in (A, C):
        refused(briefing(), E.TICK, by=by, epoch=5, line=BATTERY, lines=LINES)
    old = refused(briefing(), E.TICK, by=B, epoch=5, line=LOWER, lines=LINES)
    assert "battery of ISL-02 has changed: read it again" in old.text
    refused(briefing(), E.TICK, by=B, epoch=5)


def test_no_brief_is_no_brief_that_was_read() -> None:
    refused(read(), E.CHECKS_PASSED, lines=())


def test_an_open_alert_moves_only_by_its_own_line() -> None:
    without, handover = checked(), checked().handover
    assert handover is not None and handover.alerts == ()
    taking = then(without, E.TICK, by=B, epoch=5, line=ALERT, lines=LINES)
    assert taking.state is S.CHECKED
    assert taking.handover is not None and taking.handover.alerts == ("7",)
    closed = then(taking, E.BRIEF_CHANGED, lines=(BATTERY, FENCE))
    assert closed.handover is not None and closed.handover.alerts == ()


@pytest.mark.parametrize("make", [read, checked, armed])
def test_a_line_that_changes_is_open_again(make: object) -> None:
    record = then(make(), E.BRIEF_CHANGED, lines=(LOWER, FENCE, ALERT), utc_ms=later(20))  # type: ignore[operator]
    assert (record.state, record.holder, record.epoch) == (S.BRIEFING, A, 5)
    assert ticked(record) == (FENCE,)
    assert record.handover is not None and record.handover.brief == ""
    refused(record, E.ARM, by=A, epoch=5, **AIR)
    refused(record, E.ASSUME, by=B, epoch=5, **AIR)


@pytest.mark.parametrize("make", [checked, armed])
def test_a_line_that_comes_in_after_the_last_tick_is_to_be_read_too(make: object) -> None:
    record = then(make(), E.BRIEF_CHANGED, lines=(*LINES, NEW))  # type: ignore[operator]
    assert record.state is S.BRIEFING and ticked(record) == (BATTERY, FENCE)
    assert then(make(), E.BRIEF_CHANGED, lines=LINES) == make(), "nothing changed"  # type: ignore[operator]


def test_question_and_answer_are_held_against_the_brief_of_that_moment() -> None:
    changed = (LOWER, FENCE)
    assert "battery" in refused(checked(), E.ARM, by=A, epoch=5, lines=changed, **AIR).text
    assert "battery" in refused(armed(), E.ASSUME, by=B, epoch=5, lines=changed, **AIR).text
    failed = {"failed": ("video",), "lines": LINES}
    assert "video" in refused(checked(), E.ARM, by=A, epoch=5, **failed, **AIR).text
    assert "video" in refused(armed(), E.ASSUME, by=B, epoch=5, **failed, **AIR).text


# -- checks ----------------------------------------------------------------------------------
def test_a_check_that_fails_keeps_it_and_one_that_fails_later_opens_the_brief_again() -> None:
    assert "video" in refused(read(), E.CHECKS_PASSED, lines=LINES, failed=("video",)).text
    for record in (checked(), armed()):
        again = then(record, E.CHECK_FAILED, failed=("video",), utc_ms=later(30))
        assert (again.state, again.holder) == (S.BRIEFING, A)
        assert again.handover is not None and again.handover.failed == ("video",)
        assert again.handover.until_utc_ms == later(30 + BRIEFING_S)
        assert then(record, E.CHECK_FAILED) == record, "none fails"


def test_a_check_is_waived_by_both_or_not_at_all() -> None:
    waive = {"epoch": 5, "waive": "video", "waivable": ("video", "round-trip")}
    one = then(then(read(), E.WAIVE, by=A, **waive), E.WAIVE, by=A, **waive)
    refused(one, E.CHECKS_PASSED, lines=LINES, failed=("video",))
    both = then(one, E.WAIVE, by=B, **waive)
    refused(both, E.CHECKS_PASSED, lines=LINES, failed=("video", "round-trip"))
    passed = then(both, E.CHECKS_PASSED, lines=LINES, failed=("video",))
    assert passed.state is S.CHECKED
    assert then(passed, E.CHECK_FAILED, failed=("video",)) == passed
    assert passed.handover is not None
    assert set(passed.handover.waived) == {("video", A.person), ("video", B.person)}


def test_rating_limit_and_hashes_are_not_waived_and_nobody_else_waives() -> None:
    about = {"epoch": 5, "waivable": ("video",)}
    assert "cannot be waived" in refused(read(), E.WAIVE, by=A, waive="rating", **about).text
    refused(read(), E.WAIVE, by=C, waive="video", **about)


def test_a_waiver_of_an_earlier_hand_over_does_not_count_in_the_next() -> None:
    over = then(read(), E.DECLINE, by=B, epoch=5)
    to = {"to_person": B.person, "to_name": B.name}
    again = then(then(over, E.OFFER, by=A, epoch=5, offer_id="o2", **to), E.OPEN, by=B, epoch=5)
    refused(again, E.WAIVE, by=A, epoch=5, about="o1", waive="video", waivable=("video",))
    assert ticked(again) == ()


# -- its ends --------------------------------------------------------------------------------
@pytest.mark.parametrize("make", [briefing, checked, armed])
def test_giver_and_receiver_may_end_it_and_nobody_else(make: object) -> None:
    record = make()  # type: ignore[operator]
    assert then(record, E.CANCEL, by=A, epoch=5, about="o1") == owned()
    assert then(record, E.DECLINE, by=B, epoch=5, about="o1") == owned()
    refused(record, E.CANCEL, by=B, epoch=5)
    refused(record, E.DECLINE, by=C, epoch=5)


def test_brief_and_question_run_out_in_their_time_and_not_before() -> None:
    for record, lasts in ((briefing(), BRIEFING_S), (armed(), ARMED_S)):
        refused(record, E.RUN_OUT, utc_ms=later(lasts))
        assert then(record, E.RUN_OUT, utc_ms=later(lasts) + 1) == owned()
    refused(checked(), E.RUN_OUT, utc_ms=later(9999))


def test_a_brief_that_opens_again_while_it_is_read_lasts_no_longer() -> None:
    record = then(read(), E.BRIEF_CHANGED, lines=(LOWER, FENCE), utc_ms=later(170))
    assert record.handover is not None and record.handover.until_utc_ms == later(BRIEFING_S)
