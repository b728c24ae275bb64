""" "You have control?" - "I have control" - and what follows until the receiver is confirmed."""

import pytest

from gcs.control.handing import ARMED_S, CONFIRM_S, TRANSFER_S
from tests.unit.control.course import (
    AIR,
    LINES,
    A,
    B,
    C,
    E,
    S,
    armed,
    checked,
    confirming,
    later,
    read,
    refused,
    then,
    transferring,
)


def test_the_holder_asks_in_a_mode_that_is_safe_without_input() -> None:
    record = armed()
    assert (record.state, record.holder, record.epoch) == (S.ARMED, A, 5)
    assert record.handover is not None and record.handover.until_utc_ms == later(ARMED_S)
    moving = {"epoch": 5, "airborne": True}
    assert "needs input" in refused(checked(), E.ARM, by=A, **moving).text
    for by in (B, C):
        refused(checked(), E.ARM, by=by, epoch=5, **AIR)
    refused(read(), E.ARM, by=A, epoch=5, **AIR)
    refused(armed(), E.ARM, by=A, epoch=5, **AIR)
    assert then(checked(), E.ARM, by=A, epoch=5).state is S.ARMED, "on the ground"


def test_leaving_the_safe_mode_takes_the_question_back() -> None:
    record = then(armed(), E.UNSAFE, airborne=True)
    assert (record.state, record.holder, record.epoch) == (S.BRIEFING, A, 5)
    assert then(armed(), E.UNSAFE, **AIR) == armed()
    assert "safe mode" in refused(armed(), E.ASSUME, by=B, epoch=5, airborne=True).text


def test_i_have_control_revokes_the_old_epoch_and_issues_the_next_in_one_record() -> None:
    record = transferring()
    assert (record.state, record.holder, record.previous) == (S.TRANSFERRING, B, A)
    assert (record.epoch, record.since_utc_ms) == (6, later(0))
    assert record.handover is not None and record.handover.until_utc_ms == later(TRANSFER_S)
    assert refused(record, E.ASSUME, by=B, epoch=5, **AIR).stale_epoch, "a double click"
    assert refused(record, E.CANCEL, by=A, epoch=5).stale_epoch, "too late"


def test_only_the_receiver_says_so_and_only_in_time() -> None:
    for by in (A, C):
        refused(armed(), E.ASSUME, by=by, epoch=5, **AIR)
    late = refused(armed(), E.ASSUME, by=B, epoch=5, utc_ms=later(ARMED_S) + 1, **AIR)
    assert "expired" in late.text
    for record in (read(), checked()):
        refused(record, E.ASSUME, by=B, epoch=5, **AIR)


def test_an_answer_to_an_earlier_question_does_not_meet_the_next() -> None:
    assert "over" in refused(armed(), E.ASSUME, by=B, epoch=5, about="o0", **AIR).text


def test_one_hand_over_asked_twice_is_not_answered_by_what_answers_the_first() -> None:
    first = armed()
    unsafe = then(first, E.UNSAFE, airborne=True)
    passed = then(unsafe, E.CHECKS_PASSED, utc_ms=later(2.0), lines=LINES, brief="whole")
    asked = {"epoch": 5, "lines": LINES, **AIR}
    second = then(passed, E.ARM, by=A, utc_ms=later(3.0), **asked)
    assert second.at_issue == first.at_issue
    answer: dict[str, object] = {"by": B, "utc_ms": later(4.0), **asked}
    assert "over" in refused(second, E.ASSUME, about=first.answered_by(E.ASSUME), **answer).text
    done = then(second, E.ASSUME, about=second.answered_by(E.ASSUME), **answer)
    assert done.state is S.TRANSFERRING


def test_both_show_the_change_in_either_order() -> None:
    for order in ((E.REASSERTED, E.CONFIRM), (E.CONFIRM, E.REASSERTED)):
        record = confirming()
        assert (record.state, record.holder, record.epoch) == (S.CONFIRMING, B, 6)
        for event in order:
            assert record.state is S.CONFIRMING
            record = then(record, event, by=A if event is E.CONFIRM else None)
        assert (record.state, record.holder, record.epoch) == (S.OWNED, B, 6)
        assert (record.previous, record.handover) == (A, None)


def test_what_is_shown_before_the_vehicle_is_heard_counts_and_waits_for_it() -> None:
    early = then(then(transferring(), E.REASSERTED), E.CONFIRM, by=A, epoch=6)
    assert early.state is S.TRANSFERRING
    assert then(early, E.HEARD, **AIR).state is S.OWNED
    assert then(transferring(), E.HEARD, airborne=False).state is S.OWNED, "on the ground"


def test_only_the_giver_confirms_and_under_the_new_epoch() -> None:
    for by in (B, C, None):
        refused(confirming(), E.CONFIRM, by=by, epoch=6)
    assert refused(confirming(), E.CONFIRM, by=A, epoch=5).stale_epoch
    once = then(confirming(), E.CONFIRM, by=A, epoch=6, about="o1")
    assert then(once, E.CONFIRM, by=A, epoch=6) == once, "a double click"


def test_a_silent_giver_is_left_out_and_a_receiver_that_shows_nothing_does_not_hold_it() -> None:
    shown = then(confirming(), E.REASSERTED)
    for record in (confirming(), shown):
        refused(record, E.RUN_OUT, utc_ms=later(CONFIRM_S), **AIR)
    late = {"utc_ms": later(CONFIRM_S) + 1, **AIR}
    owned = then(shown, E.RUN_OUT, **late)
    assert (owned.state, owned.holder, owned.epoch) == (S.OWNED, B, 6)
    assert owned.handover is None
    lost = then(then(confirming(), E.CONFIRM, by=A, epoch=6), E.RUN_OUT, **late)
    assert (lost.state, lost.holder, lost.first, lost.epoch) == (S.ORPHANED, None, A, 7)


def test_a_vehicle_that_is_not_heard_leaves_the_receiver_its_holder() -> None:
    refused(transferring(), E.RUN_OUT, utc_ms=later(TRANSFER_S), **AIR)
    record = then(transferring(), E.RUN_OUT, utc_ms=later(TRANSFER_S) + 1, **AIR)
    assert (record.state, record.holder, record.epoch) == (S.OWNED, B, 6)


@pytest.mark.parametrize("make", [transferring, confirming])
def test_a_receiver_that_dies_before_it_is_confirmed_leaves_the_giver_first_in_line(
    make: object,
) -> None:
    lost = then(make(), E.LEASE_LOST, airborne=True)  # type: ignore[operator]
    assert (lost.state, lost.first, lost.previous) == (S.ORPHANED, A, B)


@pytest.mark.parametrize("make", [transferring, confirming])
def test_nobody_takes_it_back_after_the_change(make: object) -> None:
    record = make()  # type: ignore[operator]
    for by in (A, B):
        for event in (E.CANCEL, E.DECLINE, E.RELEASE, E.OFFER, E.TAKE):
            found = refused(record, event, by=by, epoch=6, to_person=C.person, to_name=C.name)
            assert found.holder == B


def test_nothing_is_asked_twice_of_the_brief_after_the_change() -> None:
    refused(confirming(), E.BRIEF_CHANGED, lines=())
    refused(confirming(), E.CHECK_FAILED, failed=("video",))
    refused(confirming(), E.TICK, by=B, epoch=6, line=LINES[0], lines=LINES)
