"""The machine as a diagram, found by running it: `python -m gcs.control.diagram FILE` puts it into
a page between its two marks. Nothing of it is drawn by hand.
"""

import sys
from pathlib import Path

from gcs.control.asking import FORCE_S, OFFER_S, OVERRIDE_S, REQUEST_S
from gcs.control.doubt import READ_BACK_S
from gcs.control.handing import ARMED_S, BRIEFING_S, CONFIRM_S, TRANSFER_S
from gcs.control.machine import TABLE, step
from gcs.control.samples import samples, stimuli
from gcs.control.stimulus import ControlEvent, Refusal
from gcs.model.control import GIVING, HELD, ControlState

BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"
Edge = tuple[ControlState, ControlEvent, ControlState]
_S = ControlState

# An arrow that every state of a group has is told once, in words, instead of drawn for each.
GROUPS: tuple[tuple[str, frozenset[ControlState]], ...] = (
    ("every state but UNCERTAIN", frozenset(_S) - {_S.UNCERTAIN}),
    ("every state in which somebody holds it", HELD),
    (
        "OFFERED, REQUESTED, FORCED, BRIEFING, CHECKED and ARMED",
        GIVING | {_S.OFFERED, _S.REQUESTED, _S.FORCED},
    ),
    ("BRIEFING, CHECKED and ARMED", GIVING),
)
TIMERS: tuple[tuple[ControlState, float, str], ...] = (
    (_S.OFFERED, OFFER_S, "the receiver opens the brief"),
    (_S.REQUESTED, REQUEST_S, "the holder answers"),
    (_S.BRIEFING, BRIEFING_S, "every line is read and every check passes"),
    (_S.ARMED, ARMED_S, 'the receiver says "I have control"'),
    (_S.TRANSFERRING, TRANSFER_S, "the vehicle is heard"),
    (_S.CONFIRMING, CONFIRM_S, "a safe mode is ordered and seen, and the giver confirms"),
    (_S.FORCED, FORCE_S, f"the holder objects; a second order within {OVERRIDE_S:.0f} s overrides"),
    (_S.UNCERTAIN, READ_BACK_S, "the record is read back"),
)


def edges() -> tuple[Edge, ...]:
    """Every (state, event, next state) that some stimulus brings about, in the table's order.

    What leaves the record as it was counts only where the event never does anything else.
    """
    found: dict[Edge, None] = {}
    for state, event in TABLE:
        tried = [(record, step(record, s)) for record in samples(state) for s in stimuli(event)]
        reached = [(old, new) for old, new in tried if not isinstance(new, Refusal)]
        changed = [new for old, new in reached if new != old] or [new for _, new in reached]
        found |= {(state, event, new.state): None for new in changed}
    return tuple(found)


def mermaid() -> str:
    """A state diagram of what is not common to a group; events between two states share an
    arrow. Below it what is common."""
    drawn, common = _parted(edges())
    arrows: dict[tuple[str, str], list[str]] = {}
    for before, event, after in drawn:
        arrows.setdefault((before.value.upper(), after.value.upper()), []).append(_words(event))
    lines = [
        f"    {before} --> {after}: {', '.join(events)}"
        for (before, after), events in arrows.items()
    ]
    diagram = ["```mermaid", "stateDiagram-v2", "    [*] --> UNOWNED", *lines, "```"]
    return "\n".join([*diagram, "", "Not drawn, because it is so from", "", *common])


def timers() -> str:
    """The table of times, from the constants that the machine counts with."""
    rows = [f"| {state.value.upper()} | {s:.0f} s | {until} |" for state, s, until in TIMERS]
    return "\n".join(["| state | lasts at most | until |", "|---|---|---|", *rows])


def into(page: str) -> str:
    """The page with diagram and times between its marks. Raises ValueError without them."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"expected {BEGIN} and {END}")
    return f"{head}{BEGIN}\n{mermaid()}\n\n{timers()}\n{END}{tail}"


def _parted(found: tuple[Edge, ...]) -> tuple[list[Edge], list[str]]:
    """What is drawn, and a line for each set of arrows that a whole group has."""
    left, lines = list(found), []
    for name, members in GROUPS:
        shared: dict[ControlState, list[str]] = {}
        for event, after in dict.fromkeys((e, after) for _, e, after in left):
            if all((state, event, after) in left for state in members):
                shared.setdefault(after, []).append(_words(event))
                left = [x for x in left if not (x[0] in members and x[1:] == (event, after))]
        lines += [f"- {name}, to {to.value.upper()}: {', '.join(e)}" for to, e in shared.items()]
    back = [x for x in left if x[0] is _S.UNCERTAIN and x[1] is ControlEvent.READ_BACK]
    if {after for _, _, after in back} == set(_S) - {_S.UNCERTAIN}:
        left = [x for x in left if x not in back]
        lines.append("- UNCERTAIN, to whatever state the bucket tells: read back")
    return left, lines


def _words(event: ControlEvent) -> str:
    return event.value.replace("_", " ")


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(into(file.read_text(encoding="utf-8")), encoding="utf-8")
