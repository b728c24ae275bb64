"""The page on control shows the machine that runs, not one that somebody drew."""

from gcs.apps.files import ROOT
from gcs.control.diagram import TIMERS, edges, into, mermaid
from gcs.control.machine import TABLE
from gcs.control.stimulus import ControlEvent
from gcs.model.control import GIVING, HELD, ControlState

PAGE = ROOT / "docs/control.md"
S, E = ControlState, ControlEvent


def test_the_page_shows_the_machine_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert into(page) == page, "run: python -m gcs.control.diagram docs/control.md"


def test_every_listed_pair_has_its_arrow() -> None:
    assert {(before, event) for before, event, _ in edges()} == set(TABLE)


def test_every_state_is_reached_and_left() -> None:
    found = edges()
    assert {after for before, _, after in found if before is not after} == set(S)
    assert {before for before, _, after in found if before is not after} == set(S)


def test_what_matters_most_is_among_them() -> None:
    found = set(edges())
    for state in HELD:
        assert (state, E.LEASE_LOST, S.ORPHANED) in found
        assert (state, E.LEASE_LOST, S.UNOWNED) in found, "on the ground"
    assert {after for _, event, after in found if event is E.ASSUME} == {S.TRANSFERRING}
    assert {before for before, event, _ in found if event is E.ASSUME} == {S.ARMED}
    assert (S.CONFIRMING, E.RUN_OUT, S.ORPHANED) in found
    assert not any(before is S.ORPHANED and after is S.OFFERED for before, _, after in found)


def test_what_is_common_to_many_states_is_told_once() -> None:
    drawn, _, words = mermaid().partition("Not drawn")
    assert "write unknown" not in drawn and "write unknown" in words
    assert "ASSUME" not in words and "ARMED --> TRANSFERRING: assume" in drawn


def test_every_state_with_a_time_is_in_the_table_of_times() -> None:
    timed = {before for before, event, _ in edges() if event is E.RUN_OUT}
    assert {state for state, _, _ in TIMERS} == timed | {S.UNCERTAIN}
    assert S.CHECKED in GIVING - timed, "it stands for as long as its checks pass"
