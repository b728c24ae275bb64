"""Offers: to one person, for a time, answered once and for what was offered."""

import pytest

from gcs.control.asking import OFFER_S
from gcs.model.people import Holder
from tests.unit.control.course import (
    A,
    B,
    C,
    E,
    S,
    briefing,
    later,
    offered,
    owned,
    refused,
    then,
)


def test_the_receiver_opens_the_brief_and_the_giver_holds_on() -> None:
    record = briefing()
    assert (record.state, record.holder, record.epoch) == (S.BRIEFING, A, 5)
    handover = record.handover
    assert handover is not None and record.offer is None
    assert (handover.id, handover.giver, handover.receiver) == ("o1", A, B)
    assert (handover.reason, handover.until_utc_ms) == ("end of shift", later(180))


def test_what_was_promised_to_others_and_the_camera_go_along() -> None:
    made = then(
        owned(), E.OFFER, by=A, epoch=5, to_person=B.person, to_name=B.name,
        promised="the fire brigade at 14:30", payload=False,
    )  # fmt: skip
    handover = then(made, E.OPEN, by=B, epoch=5).handover
    assert handover is not None
    assert (handover.promised, handover.payload) == ("the fire brigade at 14:30", False)


def test_nobody_else_and_no_other_way_opens() -> None:
    for by in (C, A, Holder(B.person, B.name, A.desk)):
        refused(offered(), E.OPEN, by=by, epoch=5)
    late = later(OFFER_S) + 1
    assert "expired" in refused(offered(), E.OPEN, by=B, epoch=5, utc_ms=late).text


def test_two_desks_of_the_receiver_open_and_the_first_is_the_one() -> None:
    elsewhere = Holder(B.person, B.name, "desk-7")
    record = then(offered(), E.OPEN, by=elsewhere, epoch=5)
    refused(record, E.OPEN, by=B, epoch=5, about="o1")
    assert "handed to Pilot B at desk-7 alone" in refused(record, E.DECLINE, by=B, epoch=5).text
    assert then(record, E.DECLINE, by=elsewhere, epoch=5) == owned()


def test_a_second_offer_waits_for_the_end_of_the_first() -> None:
    again = {"by": A, "epoch": 5, "to_person": C.person, "to_name": C.name}
    for record in (offered(), briefing()):
        assert "not possible now" in refused(record, E.OFFER, **again).text
    other = then(then(offered(), E.CANCEL, by=A, epoch=5), E.OFFER, **again)
    assert "offered to Supervisor C alone" in refused(other, E.OPEN, by=B, epoch=5).text


def test_an_offer_to_oneself_is_refused() -> None:
    found = refused(owned(), E.OFFER, by=A, epoch=5, to_person=A.person, to_name=A.name)
    assert "yourself" in found.text
    refused(owned(), E.OFFER, by=B, epoch=5, to_person=C.person, to_name=C.name)


@pytest.mark.parametrize("event", [E.DECLINE, E.CANCEL])
def test_an_offer_that_comes_to_nothing_leaves_the_holder(event: E) -> None:
    by, other = (B, A) if event is E.DECLINE else (A, B)
    assert then(offered(), event, by=by, epoch=5, about="o1") == owned()
    refused(offered(), event, by=other, epoch=5, about="o1")


def test_an_offer_ends_after_60_s_and_not_before() -> None:
    refused(offered(), E.RUN_OUT, utc_ms=later(OFFER_S))
    assert then(offered(), E.RUN_OUT, utc_ms=later(OFFER_S) + 1) == owned()


@pytest.mark.parametrize("answer", [E.OPEN, E.DECLINE])
def test_a_late_answer_to_an_earlier_offer_does_not_meet_the_next(answer: E) -> None:
    second = offered(then(offered(), E.CANCEL, by=A, epoch=5), "o2")
    assert "answers something that is over" in refused(second, answer, by=B, about="o1").text
    then(second, answer, by=B, epoch=5, about="o2")


def test_a_late_withdrawal_does_not_take_back_the_next_offer() -> None:
    second = offered(then(offered(), E.DECLINE, by=B, epoch=5), "o2")
    refused(second, E.CANCEL, by=A, epoch=5, about="o1")
    assert then(second, E.CANCEL, by=A, epoch=5, about="o2") == owned()


def test_a_double_click_changes_nothing_twice() -> None:
    refused(briefing(), E.OPEN, by=B, epoch=5, about="o1")
    refused(offered(), E.OFFER, by=A, epoch=5, to_person=B.person, to_name=B.name)
