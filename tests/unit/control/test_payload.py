"""The camera of a drone, where it is controlled apart from the flight."""

from dataclasses import replace

from gcs.model.control import ControlRecord
from gcs.model.function import Function
from tests.unit.control.course import (
    LINES,
    UNOWNED,
    A,
    B,
    C,
    E,
    S,
    armed,
    checked,
    confirming,
    offered,
    owned,
    refused,
    then,
    transferring,
)


def of_camera(record: ControlRecord) -> ControlRecord:
    return replace(record, function=Function.PAYLOAD)


def test_a_camera_is_taken_released_and_lost_in_the_air_without_being_an_orphan() -> None:
    mine = then(of_camera(UNOWNED), E.TAKE, by=A, epoch=4, airborne=True)
    assert (mine.state, mine.holder, mine.epoch) == (S.OWNED, A, 5)
    assert then(mine, E.RELEASE, by=A, epoch=5, airborne=True).state is S.UNOWNED
    for record in (mine, of_camera(confirming())):
        lost = then(record, E.LEASE_LOST, airborne=True)
        assert (lost.state, lost.holder, lost.first) == (S.UNOWNED, None, None)


def test_a_camera_is_handed_over_whatever_the_flight_does() -> None:
    moving = {"airborne": True, "lines": LINES}
    asked = then(of_camera(checked()), E.ARM, by=A, epoch=5, **moving)
    assert then(asked, E.UNSAFE, airborne=True) == asked
    given = then(asked, E.ASSUME, by=B, epoch=5, **moving)
    done = then(given, E.HEARD, airborne=True)
    assert (done.state, done.holder, done.epoch) == (S.OWNED, B, 6)


def test_it_follows_the_flight_from_nobody_or_from_who_gave_the_flight() -> None:
    free = then(of_camera(UNOWNED), E.FOLLOW, by=A, to=B)
    assert (free.state, free.holder, free.epoch) == (S.OWNED, B, 5)
    moved = then(of_camera(owned()), E.FOLLOW, by=A, to=B)
    assert (moved.state, moved.holder, moved.previous, moved.epoch) == (S.OWNED, B, A, 6)
    assert then(moved, E.FOLLOW, by=A, to=B) == moved, "twice"


def test_it_stays_with_a_third_who_has_it_and_while_it_is_handed_over_itself() -> None:
    assert refused(of_camera(owned()), E.FOLLOW, by=C, to=B).holder is None
    assert "apart from its flight" in refused(of_camera(owned()), E.FOLLOW, by=C, to=B).text
    for record in (offered(), armed(), transferring()):
        refused(of_camera(record), E.FOLLOW, by=A, to=C)


def test_a_flight_follows_nothing() -> None:
    assert "only the payload" in refused(owned(), E.FOLLOW, by=A, to=B).text
    refused(of_camera(owned()), E.FOLLOW, by=A)
