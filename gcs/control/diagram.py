"""The machine as a diagram, found by running it: `python -m gcs.control.diagram FILE` puts it into
a page between its two marks. Nothing of it is drawn by hand.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

from gcs.control.asking import OFFER_S, OVERRIDE_S
from gcs.control.machine import TABLE, step
from gcs.control.stimulus import ControlEvent, Refusal, Stimulus
from gcs.model.control import ControlRecord, ControlState
from gcs.model.people import Holder

BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"
_A = Holder("a", "A", "desk-1")
_B = Holder("b", "B", "desk-2")
_LATE_MS = round((OFFER_S + OVERRIDE_S) * 1000)
Edge = tuple[ControlState, ControlEvent, ControlState]


def edges() -> tuple[Edge, ...]:
    """Every (state, event, next state) that some stimulus brings about, in the table's order."""
    found: dict[Edge, None] = {}
    for state, event in TABLE:
        for record, stimulus in _tries(state, event):
            after = step(record, stimulus)
            if not isinstance(after, Refusal):
                found[state, event, after.state] = None
    return tuple(found)


def mermaid() -> str:
    """A state diagram; events between the same two states share an arrow."""
    arrows: dict[tuple[ControlState, ControlState], list[str]] = {}
    for before, event, after in edges():
        arrows.setdefault((before, after), []).append(event.value.replace("_", " "))
    lines = [
        f"    {before.value.upper()} --> {after.value.upper()}: {', '.join(events)}"
        for (before, after), events in arrows.items()
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> UNOWNED", *lines, "```"])


def into(page: str) -> str:
    """The page with the diagram between its marks. Raises ValueError without them."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"expected {BEGIN} and {END}")
    return f"{head}{BEGIN}\n{mermaid()}\n{END}{tail}"


def _tries(state: ControlState, event: ControlEvent) -> Iterator[tuple[ControlRecord, Stimulus]]:
    for record in _records(state):
        for by, late, airborne in product((_A, _B, None), (False, True), (False, True)):
            yield (
                record,
                Stimulus(
                    event,
                    _LATE_MS if late else 0,
                    by=by,
                    offer_id="x",
                    to_person=_B.person,
                    to_name=_B.name,
                    reason="why",
                    incident="N-1",
                    airborne=airborne,
                ),
            )


def _records(state: ControlState) -> Iterator[ControlRecord]:
    """Records of a state as the machine itself makes them, some with an objection before."""
    unowned = ControlRecord("D", ControlState.UNOWNED, 0, 0)
    owned = _after(unowned, ControlEvent.TAKE, _A)
    makes = {
        ControlState.UNOWNED: lambda: unowned,
        ControlState.OWNED: lambda: owned,
        ControlState.OFFERED: lambda: _after(owned, ControlEvent.OFFER, _A),
        ControlState.REQUESTED: lambda: _after(owned, ControlEvent.REQUEST, _B),
        ControlState.FORCED: lambda: _after(owned, ControlEvent.FORCE, _B),
        ControlState.ORPHANED: lambda: _after(owned, ControlEvent.LEASE_LOST, None),
    }
    yield makes[state]()
    if state is ControlState.OWNED:
        forced = _after(owned, ControlEvent.FORCE, _B)
        yield replace(owned, objected=forced.claim)


def _after(record: ControlRecord, event: ControlEvent, by: Holder | None) -> ControlRecord:
    stimulus = Stimulus(
        event, 0, by=by, offer_id="x", to_person=_B.person, to_name=_B.name, reason="why",
        airborne=True,
    )  # fmt: skip
    found = step(record, stimulus)
    assert isinstance(found, ControlRecord), found
    return found


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(into(file.read_text(encoding="utf-8")), encoding="utf-8")
