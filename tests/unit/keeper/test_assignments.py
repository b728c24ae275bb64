"""Whose an open alert is, and by what it moves."""

from dataclasses import replace

import pytest

from gcs.keeper.assignments import belongs_to, moved_by, refusal
from gcs.model.alert import (
    AlertAct,
    AlertRecord,
    AlertRequest,
    AlertState,
    Judgement,
    Response,
)
from gcs.model.brief import Line
from gcs.model.control import ControlRecord, ControlState, Handover, HandoverKind
from gcs.model.people import Holder
from tests.support.possible_match import good

A = Holder("pilot-a", "Pilot A", "desk-1")
B = Holder("pilot-b", "Pilot B", "desk-2")
C = Holder("supervisor-c", "Supervisor C", "desk-3")
OPEN = AlertRecord(good(feed="ISL-01"), AlertState.OPEN, 1, 1, 2**50, assigned=A)


@pytest.mark.parametrize(
    ("now", "camera", "here", "whose"),
    [
        (None, None, False, None),  # a fixed camera, or nobody holds it
        (None, B, False, B),
        (A, A, False, A),  # not heard at the keeper, but the gateway's record says so
        (A, B, True, A),  # its line was not read: it stays
        (A, None, True, A),
        (A, B, False, B),  # who had it has left
        (A, None, False, None),
    ],
)
def test_whose_it_is(
    now: Holder | None, camera: Holder | None, here: bool, whose: Holder | None
) -> None:
    assert belongs_to(now, camera, here) == whose


def control(
    state: ControlState = ControlState.CONFIRMING, read: str = "alert-A1", giver: Holder | None = A
) -> ControlRecord:
    ticked = (Line("mission", "m"), Line(read, "d"))
    handover = Handover("h", HandoverKind.OFFERED, giver, B, "", 1, 2, ticked=ticked)
    holder = B if state in (ControlState.TRANSFERRING, ControlState.CONFIRMING) else A
    return ControlRecord("ISL-01", state, 4, 1, holder=holder, handover=handover)


def test_it_goes_with_its_own_line_alone() -> None:
    assert moved_by(OPEN, control()) == B
    assert moved_by(OPEN, control(ControlState.TRANSFERRING)) == B
    assert moved_by(OPEN, control(read="alert-A2")) is None
    assert moved_by(OPEN, control(read="mission-A1")) is None


@pytest.mark.parametrize(
    ("record", "change"),
    [
        (OPEN, control(ControlState.ARMED)),  # nothing has changed hands yet
        (OPEN, control(giver=C)),
        (OPEN, control(giver=None)),
        (replace(OPEN, assigned=None), control(giver=None)),
        (replace(OPEN, state=AlertState.DECIDED), control()),
        (replace(OPEN, alert=good(feed="ISL-02")), control()),
        (OPEN, ControlRecord("ISL-01", ControlState.OWNED, 4, 1, holder=B)),
    ],
)
def test_it_stays(record: AlertRecord, change: ControlRecord) -> None:
    assert moved_by(record, change) is None


def test_a_judged_one_goes_along_too() -> None:
    assert moved_by(replace(OPEN, state=AlertState.JUDGED), control()) == B


def judge(by: Holder) -> AlertRequest:
    return AlertRequest("q", AlertAct.JUDGE, "A1", 1, by, 1, judgement=Judgement.VIABLE)


def test_only_whose_it_is_may_judge_it() -> None:
    assert refusal(OPEN, judge(A)) is None
    refused = refusal(OPEN, judge(B))
    assert refused is not None
    assert refused.text == "Alert A1 belongs to Pilot A at desk-1."
    assert refusal(OPEN, judge(replace(A, desk="desk-9"))) is not None
    assert refusal(replace(OPEN, assigned=None), judge(B)) is None


def test_a_second_look_is_another_persons_and_the_decision_is_not() -> None:
    unsure = replace(OPEN, judgement=Judgement.CANNOT_TELL, judged_by=A)
    assert refusal(unsure, judge(B)) is None
    decide = AlertRequest("q", AlertAct.DECIDE, "A1", 1, B, 1, response=Response.ENGAGE)
    assert refusal(unsure, decide) is not None
