"""What keeps the lines of a brief from flapping: what is worse counts at once, what is better
only when it has lasted. One for each hand-over, forgotten with it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

BETTER_AFTER_S = 10.0
MOST_GATHERED = 50


@dataclass(slots=True)
class _Level:
    """`better`: the worst seen since it was first better than `counts`, and since when."""

    counts: int
    better: tuple[int, float] | None = None


class Steady:
    """Levels (higher is worse), sequences and gatherings by key."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._levels: dict[str, _Level] = {}
        self._sequences: dict[str, tuple[int, int]] = {}
        self._gathered: dict[str, set[str]] = {}

    def level(self, key: str, level: int, better_after_s: float = BETTER_AFTER_S) -> int:
        """The level that counts now."""
        known = self._levels.setdefault(key, _Level(level))
        if level >= known.counts:
            known.counts, known.better = level, None
            return level
        now_s = self._now_s()
        worst, since_s = known.better or (level, now_s)
        known.better = max(worst, level), since_s
        if now_s - since_s >= better_after_s:
            known.counts, known.better = known.better[0], None
        return known.counts

    def jumps(self, key: str, number: int) -> int:
        """How often a number that counts up one by one went anywhere else."""
        last, jumps = self._sequences.get(key, (number, 0))
        jumps += number not in (last, last + 1)
        self._sequences[key] = number, jumps
        return jumps

    def gathered(self, key: str, words: Iterable[str]) -> tuple[str, ...]:
        """Every word so far, sorted: one that is said again is no news."""
        known = self._gathered.setdefault(key, set())
        for word in words:
            if len(known) < MOST_GATHERED:
                known.add(word)
        return tuple(sorted(known))
