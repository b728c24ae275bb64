"""The page on control shows the machine that runs, not one that somebody drew."""

from gcs.apps.files import ROOT
from gcs.control.diagram import edges, into
from gcs.control.machine import TABLE
from gcs.control.stimulus import ControlEvent
from gcs.model.control import ControlState

PAGE = ROOT / "docs/control.md"
S, E = ControlState, ControlEvent


def test_the_page_shows_the_machine_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert into(page) == page, "run: python -m gcs.control.diagram docs/control.md"


def test_every_listed_pair_has_its_arrow() -> None:
    assert {(before, event) for before, event, _ in edges()} == set(TABLE)


def test_what_matters_most_is_among_them() -> None:
    found = set(edges())
    assert (S.OWNED, E.LEASE_LOST, S.ORPHANED) in found
    assert (S.OWNED, E.LEASE_LOST, S.UNOWNED) in found, "on the ground"
    assert (S.FORCED, E.FORCE_DUE, S.OWNED) in found
    assert (S.OWNED, E.FORCE, S.OWNED) in found, "the second order"
    assert not any(before is S.ORPHANED and after is S.OFFERED for before, _, after in found)
