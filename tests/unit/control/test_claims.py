"""Asking for control, and a supervisor's takeover with the objection to it."""

from collections.abc import Callable

import pytest

from gcs.control.asking import FORCE_S, OVERRIDE_S, REQUEST_S, SETTLE_S
from gcs.model.control import ControlRecord, HandoverKind
from gcs.model.people import Holder
from tests.unit.control.course import (
    AIR,
    A,
    B,
    C,
    E,
    S,
    armed,
    briefing,
    checked,
    confirming,
    forced,
    later,
    offered,
    owned,
    refused,
    requested,
    then,
    transferring,
)

DUE = later(FORCE_S) + 1


def test_a_request_changes_nothing_until_the_holder_gives_and_the_brief_is_read() -> None:
    record = requested()
    assert (record.holder, record.epoch, record.state) == (A, 5, S.REQUESTED)
    refused(record, E.GRANT, by=B, epoch=5)
    granted = then(record, E.GRANT, by=A, epoch=5, about="r1")
    assert (granted.state, granted.holder, granted.epoch) == (S.BRIEFING, A, 5)
    handover = granted.handover
    assert handover is not None and (handover.giver, handover.receiver) == (A, B)
    assert (handover.kind, handover.reason) == (HandoverKind.REQUESTED, "nearer")


@pytest.mark.parametrize(
    ("event", "about"),
    [
        (E.REFUSE, {"by": A, "epoch": 5}),
        (E.CANCEL, {"by": B, "epoch": 5}),
        (E.RUN_OUT, {"utc_ms": later(REQUEST_S) + 1}),
    ],
)
def test_a_request_that_comes_to_nothing_leaves_the_holder(
    event: E, about: dict[str, object]
) -> None:
    assert then(requested(), event, **about) == owned()


def test_a_request_is_answered_by_the_holder_withdrawn_by_the_asker_and_only_in_time() -> None:
    refused(requested(), E.REFUSE, by=B, epoch=5)
    refused(requested(), E.CANCEL, by=A, epoch=5)
    refused(requested(), E.RUN_OUT, utc_ms=later(REQUEST_S))
    late = refused(requested(), E.GRANT, by=A, epoch=5, utc_ms=later(REQUEST_S) + 1)
    assert "expired" in late.text


def test_a_late_grant_does_not_give_it_to_the_next_who_asks() -> None:
    over = then(requested(), E.CANCEL, by=B, epoch=5)
    next_one = then(over, E.REQUEST, by=C, epoch=5, offer_id="r2", reason="mine now")
    for late in (E.GRANT, E.REFUSE):
        found = refused(next_one, late, by=A, epoch=5, about="r1")
        assert "answers something that is over" in found.text


def test_nobody_asks_himself_at_the_holders_desk_or_without_a_reason() -> None:
    for by, reason in ((A, "x"), (Holder(B.person, B.name, A.desk), "x"), (B, " ")):
        for event in (E.REQUEST, E.FORCE):
            refused(owned(), event, by=by, epoch=5, offer_id="r1", reason=reason)


def test_a_second_request_waits_for_the_end_of_the_first() -> None:
    refused(requested(), E.REQUEST, by=C, epoch=5, offer_id="r2", reason="x")


# -- taken over ------------------------------------------------------------------------------
def test_a_takeover_waits_for_the_objection_and_then_gives() -> None:
    record = forced()
    assert (record.holder, record.epoch, record.state) == (A, 5, S.FORCED)
    refused(record, E.RUN_OUT, utc_ms=later(FORCE_S), **AIR)
    given = then(record, E.RUN_OUT, utc_ms=DUE, **AIR)
    assert (given.state, given.holder, given.previous, given.epoch) == (S.TRANSFERRING, C, A, 6)
    assert given.handover is not None and given.claim is None
    assert (given.handover.kind, given.handover.giver) == (HandoverKind.FORCED, A)


def test_who_was_overruled_is_not_waited_for() -> None:
    given = then(forced(), E.RUN_OUT, utc_ms=DUE, **AIR)
    seen = then(then(given, E.HEARD, utc_ms=DUE, **AIR), E.REASSERTED)
    assert (seen.state, seen.holder, seen.epoch) == (S.OWNED, C, 6)


def test_a_drone_that_needs_input_is_held_first_but_a_deaf_one_keeps_nobody_from_it() -> None:
    record = forced()
    until = later(FORCE_S + SETTLE_S)
    assert "held first" in refused(record, E.RUN_OUT, utc_ms=until, airborne=True).text
    assert then(record, E.RUN_OUT, utc_ms=DUE, airborne=False).holder == C, "on the ground"
    assert then(record, E.RUN_OUT, utc_ms=until + 1, airborne=True).holder == C


def test_an_objection_keeps_control_and_a_second_order_overrides_it() -> None:
    refused(forced(), E.OBJECT, by=B, epoch=5)
    kept = then(forced(), E.OBJECT, by=A, epoch=5, about="f1")
    assert (kept.state, kept.holder, kept.epoch, kept.claim) == (S.OWNED, A, 5, None)
    again = then(kept, E.FORCE, by=C, epoch=5, offer_id="f2", reason="he is very ill", **AIR)
    assert (again.state, again.holder, again.epoch) == (S.TRANSFERRING, C, 6)
    assert again.objected is None
    assert again.handover is not None and again.handover.reason == "he is very ill"


def test_a_second_order_too_holds_the_drone_first_and_leaves_no_second_objection() -> None:
    kept = then(forced(), E.OBJECT, by=A, epoch=5)
    again = then(kept, E.FORCE, by=C, epoch=5, offer_id="f2", reason="x", airborne=True)
    assert (again.state, again.holder) == (S.FORCED, A)
    assert "a second time" in refused(again, E.OBJECT, by=A, epoch=5, about="f2").text
    assert then(again, E.CANCEL, by=C, epoch=5).holder == A
    given = then(again, E.RUN_OUT, **AIR)
    assert (given.state, given.holder, given.epoch) == (S.TRANSFERRING, C, 6)


def test_the_override_is_that_supervisors_alone_and_not_for_ever() -> None:
    kept = then(forced(), E.OBJECT, by=A, epoch=5)
    other = Holder("super-d", "Supervisor D", "desk-4")
    assert then(kept, E.FORCE, by=other, epoch=5, reason="x", **AIR).state is S.FORCED
    late = later(FORCE_S + OVERRIDE_S) + 1
    assert then(kept, E.FORCE, by=C, epoch=5, reason="x", utc_ms=late, **AIR).state is S.FORCED


def test_a_request_in_between_does_not_take_the_second_order_away() -> None:
    kept = then(forced(), E.OBJECT, by=A, epoch=5)
    asked = then(kept, E.REQUEST, by=B, epoch=5, offer_id="r1", reason="nearer")
    assert then(asked, E.FORCE, by=C, epoch=5, offer_id="f2", reason="x", **AIR).holder == C


@pytest.mark.parametrize("make", [offered, requested, briefing, checked, armed])
def test_a_takeover_ends_what_is_under_way_and_an_objection_does_not_revive_it(
    make: Callable[[], ControlRecord],
) -> None:
    found = forced(make())
    assert (found.state, found.holder, found.epoch) == (S.FORCED, A, 5)
    assert (found.offer, found.handover, found.at_issue) == (None, None, "f1")
    refused(found, E.ASSUME, by=B, epoch=5, **AIR)
    kept = then(found, E.OBJECT, by=A, epoch=5)
    assert (kept.state, kept.handover, kept.offer) == (S.OWNED, None, None)


@pytest.mark.parametrize("make", [transferring, confirming])
def test_a_takeover_waits_until_the_receiver_is_confirmed(
    make: Callable[[], ControlRecord],
) -> None:
    refused(make(), E.FORCE, by=C, epoch=6, offer_id="f1", reason="x", **AIR)


def test_a_takeover_is_withdrawn_by_who_ordered_it_alone() -> None:
    refused(forced(), E.CANCEL, by=A, epoch=5)
    assert then(forced(), E.CANCEL, by=C, epoch=5) == owned()
