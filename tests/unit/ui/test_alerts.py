"""A possible match in words: nothing of the score before a judgement, and who may say what."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.model.alert import AlertRecord, AlertState, Judgement, Response
from gcs.model.people import Holder, Role
from tests.unit.ui.matches import change, deployment, match
from tests.unit.ui.shift import ME, OTHER, Shift
from ui.models.alert_queue import LINGER_S, AlertQueue
from ui.models.alerts import (
    Stage,
    ask_words,
    captured,
    deployment_words,
    details,
    ended_words,
    long_age,
    row_words,
    stage,
    why_not_decide,
    why_not_judge,
)

THIRD = Holder("super-c", "Supervisor C", "desk-3")


def all_words(shift: Shift, record: AlertRecord) -> str:
    state = shift.state
    return " ".join(
        (
            captured(state, record),
            deployment_words(state, record),
            ask_words(state, record),
            row_words(state, record),
            why_not_judge(state, record),
            str(details(state, record)),
        )
    )


def gives_away(words: str, record: AlertRecord) -> list[str]:
    """What of the algorithm's side stands in these words."""
    a = record.alert
    told = (f"{a.score:.2f}", f"{a.threshold:.2f}", a.algorithm, a.category, a.predefined_response)
    return [t for t in told if t in words]


def test_nothing_of_the_score_before_the_judgement(shift: Shift) -> None:
    record = match(shift, "al-1")
    assert stage(shift.state, record) is Stage.JUDGE
    assert gives_away(all_words(shift, record), record) == []


def test_a_second_person_sees_no_score_either(shift: Shift) -> None:
    record = match(shift, "al-1", judgement=Judgement.CANNOT_TELL, judged_by=OTHER)
    assert stage(shift.state, record) is Stage.SECOND
    assert gives_away(all_words(shift, record), record) == []


def test_an_alert_that_nobody_judged_ends_without_its_score(shift: Shift) -> None:
    record = match(shift, "al-1")
    assert details(shift.state, replace(record, state=AlertState.EXPIRED)) == ()
    assert details(shift.state, replace(record, state=AlertState.WITHDRAWN)) == ()


def test_everything_is_told_once_it_is_judged(shift: Shift) -> None:
    record = match(shift, "al-1", state=AlertState.JUDGED, judgement=Judgement.VIABLE, judged_by=ME)
    told = dict(details(shift.state, record))
    assert told["Score"] == "0.74 · threshold 0.62"
    assert told["Face"] == "44 px · blur 0.2 · 12°"
    assert told["Response"] == "Stop and speak"
    assert set(told) == {
        "Score", "Face", "Algorithm", "Category", "Basis", "Response", "Watchlist", "Source",
    }  # fmt: skip


def test_its_age_and_its_deployment_are_always_told(shift: Shift) -> None:
    record = match(shift, "al-1", age_s=7.0)
    assert captured(shift.state, record) == "captured 7 s ago"
    assert deployment_words(shift.state, record) == "deployment EX-114"
    deployment(shift)
    assert deployment_words(shift.state, record).startswith("deployment EX-114 until ")
    shift.later(3.0)
    assert captured(shift.state, record) == "captured 10 s ago"


def test_who_cannot_tell_waits_for_another(shift: Shift) -> None:
    record = match(shift, "al-1", judgement=Judgement.CANNOT_TELL, judged_by=ME)
    assert "second person" in ask_words(shift.state, record)
    assert why_not_judge(shift.state, record) == "You judged it: a second person is needed."
    theirs = replace(record, judged_by=OTHER)
    assert why_not_judge(shift.state, theirs) == ""


def test_it_belongs_to_whoever_holds_the_camera(shift: Shift) -> None:
    shift.owned("ISL-05", OTHER)
    record = match(shift, "al-1", feed="ISL-05")
    assert why_not_judge(shift.state, record).startswith("It belongs to Pilot B at desk-2")
    second = replace(record, judgement=Judgement.CANNOT_TELL, judged_by=OTHER)
    assert why_not_judge(shift.state, second) == ""
    judged = replace(record, state=AlertState.JUDGED, judgement=Judgement.VIABLE, judged_by=OTHER)
    assert why_not_decide(shift.state, judged).startswith("It belongs to Pilot B at desk-2")
    assert why_not_judge(shift.state, match(shift, "al-2", feed="ISL-07")) == ""


def test_it_stays_with_whoever_had_it_though_the_camera_changed_hands(shift: Shift) -> None:
    shift.owned("ISL-05", ME)
    record = replace(match(shift, "al-1", feed="ISL-05"), assigned=OTHER)
    words = "It stays with Pilot B at desk-2, who had it before ISL-05 changed hands."
    assert why_not_judge(shift.state, record) == words
    shift.owned("ISL-05", OTHER)
    assert why_not_judge(shift.state, replace(record, assigned=ME)) == ""


def test_an_observer_answers_nothing(shift: Shift) -> None:
    shift.state.role = Role.OBSERVER
    record = match(shift, "al-1")
    assert why_not_judge(shift.state, record) and why_not_decide(shift.state, record)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (
            {"state": AlertState.DECIDED, "judgement": Judgement.VIABLE, "decided_by": OTHER,
             "response": Response.OBSERVE, "reason": "Officers near"},
            "Pilot B at desk-2 decided: observe: Officers near.",
        ),
        (
            {"state": AlertState.DECIDED, "judgement": Judgement.NOT_VIABLE, "decided_by": ME,
             "response": Response.NO_ACTION},
            "You judged it not viable. It is closed.",
        ),
        (
            {"state": AlertState.DECIDED, "judgement": Judgement.CANNOT_TELL, "judged_by": ME,
             "decided_by": OTHER, "response": Response.NO_ACTION},
            "Pilot B at desk-2 cannot tell either. It is closed without action.",
        ),
        (
            {"state": AlertState.WITHDRAWN},
            "Withdrawn by the central service. Nothing more is asked of you.",
        ),
    ],
)  # fmt: skip
def test_how_it_ended_and_by_whom(shift: Shift, what: dict[str, Any], words: str) -> None:
    assert ended_words(shift.state, match(shift, "al-1", **what)) == words


def test_an_image_may_be_years_old() -> None:
    assert (long_age(7200), long_age(86_400 * 12), long_age(86_400 * 800)) == ("2 h", "12 d", "2 y")


# -- the queue -----------------------------------------------------------------------------
def test_an_empty_panel_shows_what_comes_and_keeps_it(shift: Shift) -> None:
    queue = AlertQueue(shift.state)
    queue.look()
    match(shift, "al-1")
    queue.look()
    assert queue.chosen == "al-1"
    match(shift, "al-2", age_s=1.0)
    queue.look()
    assert queue.chosen == "al-1"
    assert [r.alert.id for r in queue.waiting] == ["al-2", "al-1"]


def test_what_is_over_lingers_and_no_other_takes_its_place(shift: Shift) -> None:
    queue = AlertQueue(shift.state)
    queue.look()
    first = match(shift, "al-1")
    queue.look()
    match(shift, "al-2", age_s=1.0)
    change(shift, first, state=AlertState.DECIDED, judgement=Judgement.NOT_VIABLE)
    queue.look()
    shift.clock.advance(LINGER_S - 1)
    queue.look()
    assert queue.chosen == "al-1"
    shift.clock.advance(2.0)
    queue.look()
    assert queue.chosen == ""
    match(shift, "al-3", age_s=0.5)
    queue.look()
    assert queue.chosen == ""
    queue.choose("al-2")
    queue.look()
    assert queue.chosen == "al-2"


def test_it_expires_by_the_clock_before_the_keeper_says_so(shift: Shift) -> None:
    queue = AlertQueue(shift.state)
    queue.look()
    record = match(shift, "al-1")
    queue.look()
    shift.clock.advance(120.0)
    assert queue.waiting == ()
    assert stage(shift.state, record) is Stage.OVER
    assert "nobody decided in time" in ended_words(shift.state, record)


def test_an_erased_alert_is_gone_at_once(shift: Shift) -> None:
    queue = AlertQueue(shift.state)
    queue.look()
    match(shift, "al-1")
    queue.look()
    shift.state.forget_alert("al-1")
    queue.look()
    assert queue.chosen == ""
