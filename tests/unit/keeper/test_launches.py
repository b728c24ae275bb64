"""Authorised launches: which receipt ends one, and when it lapses."""

import pytest

from gcs.keeper.launches import LAPSES_AFTER_S, Launches
from gcs.model.command import CommandKind, Receipt, ReceiptState
from gcs.runtime.clock import ManualClock


def receipt(command_id: str, kind: CommandKind, state: ReceiptState) -> Receipt:
    return Receipt(command_id, kind, "ISL-01", "pilot-a", "desk-1", state, "", 1, 1)


@pytest.mark.parametrize(
    ("command_id", "kind", "state", "failed"),
    [
        ("c1", CommandKind.LAUNCH, ReceiptState.FAILED, True),
        ("c1", CommandKind.LAUNCH, ReceiptState.REFUSED, True),
        ("c1", CommandKind.LAUNCH, ReceiptState.ACKED, False),
        ("c1", CommandKind.LAUNCH, ReceiptState.OBSERVED, False),
        ("c1", CommandKind.HOLD, ReceiptState.FAILED, False),
        ("another", CommandKind.LAUNCH, ReceiptState.REFUSED, False),
    ],
)
def test_only_the_failed_launch_itself_ends_it(
    command_id: str, kind: CommandKind, state: ReceiptState, failed: bool
) -> None:
    launches = Launches(ManualClock())
    launches.begin("k", "ISL-01", "c1")
    assert launches.failed("k", receipt(command_id, kind, state)) is failed


def test_it_lapses() -> None:
    clock = ManualClock()
    launches = Launches(clock)
    launches.begin("k", "ISL-01", "c1")
    clock.advance(LAPSES_AFTER_S - 1)
    assert not launches.lapsed("k", "ISL-01")
    clock.advance(1)
    assert launches.lapsed("k", "ISL-01")


def test_after_a_restart_it_gets_its_time_anew() -> None:
    clock = ManualClock()
    launches = Launches(clock)
    assert not launches.lapsed("k", "ISL-01")
    clock.advance(LAPSES_AFTER_S)
    assert launches.lapsed("k", "ISL-01")
