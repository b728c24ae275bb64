"""A write whose outcome is not known: read back and believed, or nobody's."""

from dataclasses import replace

import pytest

from gcs.model.control import ControlState
from gcs.model.function import Function
from tests.unit.control.course import (
    AIR,
    MAKERS,
    A,
    B,
    E,
    S,
    armed,
    owned,
    refused,
    then,
    transferring,
    uncertain,
)

WRITTEN = [s for s in S if s is not S.UNCERTAIN]


@pytest.mark.parametrize("state", WRITTEN)
def test_in_doubt_the_holder_stands_as_last_known_and_nobody_changes_it(
    state: ControlState,
) -> None:
    before = MAKERS[state]()
    doubt = then(before, E.WRITE_UNKNOWN)
    assert doubt == replace(before, state=S.UNCERTAIN)
    for event in (E.TAKE, E.OFFER, E.ASSUME, E.RUN_OUT, E.RELEASE, E.DOCKED, E.WRITE_UNKNOWN):
        refused(doubt, event, by=A, epoch=doubt.epoch, **AIR)


@pytest.mark.parametrize("state", WRITTEN)
def test_what_is_read_back_wins(state: ControlState) -> None:
    found = MAKERS[state]()
    assert then(uncertain(), E.READ_BACK, found=found) == found


def test_a_gateway_in_doubt_over_a_transfer_finds_either_side_of_it() -> None:
    doubt = then(armed(), E.WRITE_UNKNOWN)
    for found, holder in ((armed(), A), (transferring(), B)):
        assert then(doubt, E.READ_BACK, found=found).holder == holder


def test_another_drones_record_or_the_cameras_is_not_read_back_for_it() -> None:
    for other in (replace(owned(), drone="ISL-03"), replace(owned(), function=Function.PAYLOAD)):
        refused(uncertain(), E.READ_BACK, found=other)
    refused(uncertain(), E.READ_BACK)


def test_unreadable_it_is_nobodys_under_an_epoch_that_the_lost_write_cannot_have() -> None:
    doubt = then(armed(), E.WRITE_UNKNOWN)
    lost = then(doubt, E.UNREADABLE, airborne=True)
    assert (lost.state, lost.holder, lost.previous) == (S.ORPHANED, None, A)
    assert lost.epoch > transferring().epoch
    assert then(doubt, E.UNREADABLE, airborne=False).state is S.UNOWNED
    for state in WRITTEN:
        refused(MAKERS[state](), E.UNREADABLE, airborne=True)
