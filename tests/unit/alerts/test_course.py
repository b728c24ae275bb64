"""How alerts are decided: the table step by step, and what holds whatever people do."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gcs.alerts import course
from gcs.alerts.course import Event, Step
from gcs.alerts.refusal import Refusal
from gcs.model.alert import (
    STILL_OPEN,
    AlertAct,
    AlertRecord,
    AlertRequest,
    AlertState,
    AlertType,
    Judgement,
    Response,
)
from gcs.model.people import Holder
from tests.support.possible_match import DEPLOYMENT, GOOD, NOW_MS, good

A = Holder("pilot-a", "Pilot A", "desk-1")
B = Holder("pilot-b", "Pilot B", "desk-2")
OPEN = course.opened(GOOD, DEPLOYMENT, NOW_MS)
VIABLE, NOT_VIABLE, CANNOT_TELL = Judgement.VIABLE, Judgement.NOT_VIABLE, Judgement.CANNOT_TELL


def judge(version: int, judgement: Judgement, by: Holder = A, key: str = "r1") -> AlertRequest:
    return AlertRequest(key, AlertAct.JUDGE, "A1", version, by, NOW_MS + 1000, judgement=judgement)


def decide(version: int, response: Response, by: Holder = A, reason: str = "") -> AlertRequest:
    return AlertRequest(
        "r2", AlertAct.DECIDE, "A1", version, by, NOW_MS, response=response, reason=reason
    )


def ask(record: AlertRecord, request: AlertRequest) -> course.Result:
    return course.ask(record, request, DEPLOYMENT, NOW_MS + 5000)


def done(record: AlertRecord, *requests: AlertRequest) -> AlertRecord:
    for request in requests:
        after = ask(record, request)
        assert isinstance(after, AlertRecord), after
        record = after
    return record


def no(result: course.Result) -> str:
    assert isinstance(result, Refusal)
    return result.text


def step(record: AlertRecord, what: Step, **more: object) -> course.Result:
    return course.advance(record, Event(what, NOW_MS + 9000, DEPLOYMENT, **more))  # type: ignore[arg-type]


def test_viable_then_decided() -> None:
    judged = done(OPEN, judge(1, VIABLE))
    assert (judged.state, judged.version, judged.judged_by) == (AlertState.JUDGED, 2, A)
    assert (judged.seen_utc_ms, judged.judged_utc_ms) == (NOW_MS + 1000, NOW_MS + 5000)
    decided = done(judged, decide(2, Response.OBSERVE, B, "two officers near"))
    assert (decided.state, decided.version) == (AlertState.DECIDED, 3)
    assert (decided.response, decided.decided_by) == (Response.OBSERVE, B)
    assert decided.reason == "two officers near"


def test_not_viable_is_the_end_of_it() -> None:
    decided = done(OPEN, judge(1, NOT_VIABLE))
    assert (decided.state, decided.response) == (AlertState.DECIDED, Response.NO_ACTION)
    assert decided.decided_by == A


def test_cannot_tell_asks_another_person() -> None:
    first = done(OPEN, judge(1, CANNOT_TELL))
    assert (first.state, first.judged_by, first.second_by) == (AlertState.OPEN, A, None)
    assert "another person's" in no(ask(first, judge(2, VIABLE)))
    elsewhere = Holder("pilot-a", "Pilot A", "desk-9")
    assert "another person's" in no(ask(first, judge(2, VIABLE, elsewhere)))
    second = done(first, judge(2, VIABLE, B))
    assert (second.state, second.judged_by, second.second_by) == (AlertState.JUDGED, A, B)


def test_two_who_cannot_tell_act_on_nothing() -> None:
    decided = done(OPEN, judge(1, CANNOT_TELL), judge(2, CANNOT_TELL, B))
    assert (decided.state, decided.response) == (AlertState.DECIDED, Response.NO_ACTION)
    assert (decided.judgement, decided.second_by) == (CANNOT_TELL, B)


def test_nothing_is_decided_before_it_is_judged() -> None:
    assert "judge it before" in no(ask(OPEN, decide(1, Response.ENGAGE)))
    waiting = done(OPEN, judge(1, CANNOT_TELL))
    assert "judge it before" in no(ask(waiting, decide(2, Response.ENGAGE, B)))


@pytest.mark.parametrize(
    ("requests", "late", "words"),
    [
        ([judge(1, NOT_VIABLE, B)], judge(1, VIABLE), "already decided by Pilot B at desk-2"),
        ([judge(1, VIABLE, B)], judge(1, VIABLE), "already judged viable by Pilot B at desk-2"),
        ([judge(1, VIABLE, B)], judge(1, NOT_VIABLE), "already judged viable by Pilot B"),
        ([judge(1, CANNOT_TELL, B)], judge(1, VIABLE), "Pilot B at desk-2 cannot tell"),
        (
            [judge(1, VIABLE), decide(2, Response.ENGAGE, B)],
            decide(2, Response.OBSERVE),
            "already decided by Pilot B at desk-2",
        ),
        (
            [judge(1, VIABLE), decide(2, Response.ENGAGE, B)],
            decide(2, Response.ENGAGE),
            "already decided by Pilot B at desk-2",
        ),
        ([], judge(7, VIABLE), "it waits for a judgement"),
    ],
)
def test_who_comes_second_is_told_who_was_first(
    requests: list[AlertRequest], late: AlertRequest, words: str
) -> None:
    assert words in no(ask(done(OPEN, *requests), late))


@pytest.mark.parametrize(
    "requests",
    [
        [judge(1, VIABLE)],
        [judge(1, NOT_VIABLE)],
        [judge(1, CANNOT_TELL)],
        [judge(1, CANNOT_TELL), judge(2, VIABLE, B)],
        [judge(1, CANNOT_TELL), judge(2, CANNOT_TELL, B)],
        [judge(1, VIABLE), decide(2, Response.ENGAGE, reason="seen")],
    ],
)
def test_the_same_request_again_changes_nothing(requests: list[AlertRequest]) -> None:
    record = done(OPEN, *requests)
    assert ask(record, requests[-1]) == record


def test_an_old_judgement_is_no_repeat_once_it_is_decided() -> None:
    decided = done(OPEN, judge(1, VIABLE), decide(2, Response.ENGAGE))
    assert "already decided" in no(ask(decided, judge(2, VIABLE)))
    ended = done(OPEN, judge(1, NOT_VIABLE))
    assert "already decided" in no(ask(ended, decide(1, Response.NO_ACTION)))


def test_time_and_the_sender_end_what_is_open_and_nothing_else() -> None:
    judged = done(OPEN, judge(1, VIABLE))
    for record in (OPEN, judged):
        for what, state in (
            (Step.EXPIRE, AlertState.EXPIRED),
            (Step.WITHDRAW, AlertState.WITHDRAWN),
        ):
            ended = step(record, what)
            assert isinstance(ended, AlertRecord)
            assert (ended.state, ended.version) == (state, record.version + 1)
            for late in Step:
                assert isinstance(step(ended, late), Refusal)
    decided = done(judged, decide(2, Response.ENGAGE))
    assert isinstance(step(decided, Step.EXPIRE), Refusal)


def test_an_update_comes_before_any_judgement_counts() -> None:
    newer = good(id="U1", type=AlertType.UPDATE, refers_to="A1", score=0.7)
    unsure = done(OPEN, judge(1, CANNOT_TELL))
    for record in (OPEN, unsure):
        updated = step(record, Step.UPDATE, update=newer)
        assert isinstance(updated, AlertRecord)
        assert updated.alert == replace(GOOD, score=0.7)
        assert (updated.version, updated.judgement) == (record.version + 1, None)
        assert "updated since" in no(ask(updated, judge(record.version, VIABLE, B)))
    judged = done(OPEN, judge(1, VIABLE))
    assert isinstance(step(judged, Step.UPDATE, update=newer), Refusal)
    astray = replace(newer, feed="ISL-01")
    assert "another feed" in no(step(OPEN, Step.UPDATE, update=astray))


def test_an_alert_is_over_with_its_own_time_or_its_deployments() -> None:
    assert not course.is_over(OPEN, DEPLOYMENT, GOOD.expires_utc_ms - 1)
    assert course.is_over(OPEN, DEPLOYMENT, GOOD.expires_utc_ms)
    short = replace(DEPLOYMENT, end_utc_ms=NOW_MS + 10)
    assert course.is_over(OPEN, short, NOW_MS + 10)
    assert not course.is_over(done(OPEN, judge(1, NOT_VIABLE)), short, NOW_MS + 10)


PEOPLE = st.sampled_from([A, B, Holder("super-c", "Supervisor C", "desk-3")])
REQUESTS = st.builds(
    lambda version, by, judgement, response: (
        judge(version, judgement, by) if judgement else decide(version, response, by)
    ),
    st.integers(1, 5),
    PEOPLE,
    st.sampled_from([None, *Judgement]),
    st.sampled_from(Response),
)
STEPS = st.one_of(REQUESTS, st.sampled_from([Step.EXPIRE, Step.WITHDRAW]))


@given(st.lists(STEPS, max_size=12))
def test_whatever_people_do_an_alert_is_decided_once_and_by_a_person(
    steps: list[AlertRequest | Step],
) -> None:
    record, endings = OPEN, 0
    for now, what in enumerate(steps, start=NOW_MS):
        if isinstance(what, Step):
            after = course.advance(record, Event(what, now, DEPLOYMENT))
        else:
            after = course.ask(record, what, DEPLOYMENT, now)
        if isinstance(after, Refusal):
            continue
        if after != record:
            assert after.version == record.version + 1
            assert record.state in STILL_OPEN
            endings += after.state not in STILL_OPEN
            assert not isinstance(what, AlertRequest) or what.version == record.version
        record = after
    assert endings == (record.state not in STILL_OPEN)
    decided = record.state is AlertState.DECIDED
    assert decided == (record.response is not None) == (record.decided_by is not None)
    if record.response in (Response.ENGAGE, Response.OBSERVE):
        assert record.judgement is VIABLE
    if record.second_by is not None:
        assert record.judged_by is not None
        assert record.second_by.person != record.judged_by.person
    assert record.alert == GOOD
    assert record.delete_utc_ms > NOW_MS
