"""What a fault run has to show, judged from the vehicles' own log alone, and when things were down.

Pure: every function gives sentences, one for each thing that is wrong; none = it holds.
"""

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.support.flight_log import Seen
from tests.support.marked import Mark

# The lease, a second, and what the hold takes on its way to the vehicle with one repeat.
ATTENDED_S = 5.0 + 1.0 + 3.0
# A gateway that comes back or takes over gives every desk a full lease anew.
AFTER_OUTAGE_S = 6.0 + 1.0 + ATTENDED_S
# Whatever happens: the vehicle's own failsafe acts 5 s after the last gateway fell silent.
AT_MOST_S = 40.0

Marked = tuple[float, Mark]
Span = tuple[float, float]


def epochs(drone: str, moves: Sequence[Marked]) -> list[str]:
    """Nothing of an epoch is accepted after the first command of a later one."""
    wrong, newest = [], Mark(0, -1, 0)
    for at_s, mark in moves:
        if mark.epoch < newest.epoch:
            wrong.append(f"{drone} at {at_s:.3f}: took {mark} after {newest}")
        else:
            newest = mark
    return wrong


def holders(drone: str, moves: Sequence[Marked]) -> list[str]:
    """Within an epoch only one desk's commands are accepted."""
    wrong: list[str] = []
    desks: dict[int, int] = {}
    for at_s, mark in moves:
        first = desks.setdefault(mark.epoch, mark.desk)
        if first != mark.desk:
            wrong.append(f"{drone} at {at_s:.3f}: took {mark}, the epoch is of desk {first}")
    return wrong


def order(drone: str, moves: Sequence[Marked]) -> list[str]:
    """Of one desk's commands no older one is accepted after a newer one (a repeat may be)."""
    wrong: list[str] = []
    newest: dict[int, int] = {}
    for at_s, mark in moves:
        known = newest.get(mark.desk, mark.counter)
        # Counters go round: less than half a turn ahead is newer.
        if (mark.counter - known) % 1000 >= 500:
            wrong.append(f"{drone} at {at_s:.3f}: took {mark} after number {known}")
        newest[mark.desk] = mark.counter
    return wrong


@dataclass(frozen=True, slots=True)
class Tenancy:
    """From a moment on a desk holds a drone by its record; None = nobody."""

    since_s: float
    desk: str | None


def unattended(
    tenancies: Sequence[Tenancy], down: Callable[[str], Sequence[Span]], end_s: float
) -> list[Span]:
    """When nobody held the drone, or its holder's desk was down. Joined where they touch."""
    spans: list[Span] = []
    for number, held in enumerate(tenancies):
        last = number + 1 == len(tenancies)
        until_s = end_s if last else tenancies[number + 1].since_s
        if held.desk is None:
            spans.append((held.since_s, until_s))
            continue
        for since, to in down(held.desk):
            begun, over = max(since, held.since_s), min(to, until_s)
            if begun < over:
                spans.append((begun, over))
    return _joined(sorted(spans))


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for since, until in spans:
        if joined and since <= joined[-1][1] + 0.05:
            joined[-1] = joined[-1][0], max(joined[-1][1], until)
        else:
            joined.append((since, until))
    return joined


def safe_alone(
    drone: str, seen: Sequence[Seen], alone: Sequence[Span], outages: Sequence[Span]
) -> list[str]:
    """While nobody holds it the drone is in a mode that needs nobody: within the lease, a second
    and the hold's way; where gateway or bus were down meanwhile, counted from when they were back.
    """
    wrong = []
    for since, until in alone:
        for begun, over in _unsafe(seen, since, until):
            due = _due(since, outages)
            if over > due and over > begun:
                text = f"{drone}: alone from {since:.2f}, unsafe from {max(begun, since):.2f}"
                wrong.append(f"{text} to {over:.2f}, due at {due:.2f}")
    return wrong


def _unsafe(seen: Sequence[Seen], since: float, until: float) -> list[Span]:
    """The parts of a span in which the drone was not safe."""
    times = [s.at_s for s in seen]
    first = max(0, bisect.bisect_right(times, since) - 1)
    parts = []
    for number in range(first, len(seen)):
        begun = max(seen[number].at_s, since)
        over = min(times[number + 1] if number + 1 < len(seen) else until, until)
        if begun < over and not seen[number].safe:
            parts.append((begun, over))
    return parts


def _due(since: float, outages: Sequence[Span]) -> float:
    """When it has to be safe at the latest, if it is alone from `since` on."""
    due = since + ATTENDED_S
    for begun, over in sorted(outages):
        if begun <= due and over > since - AFTER_OUTAGE_S:
            due = max(due, over + AFTER_OUTAGE_S)
    return min(due, since + AT_MOST_S)
