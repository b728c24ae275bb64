"""Clocks, injected everywhere: monotonic for intervals, UTC for records. Never mixed."""

import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

# It goes on while the machine sleeps: who wakes from that must see that its time is over. Linux
# has a clock of its own for this, macOS' monotonic one does it, Windows has neither name.
_SLEEP_COUNTS: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


class Clock(Protocol):
    """What the code may know about time."""

    def monotonic(self) -> float:
        """Seconds, never backwards; only differences mean anything."""
        ...

    def utc_ms(self) -> int:
        """Milliseconds since 1970, for records."""
        ...


class SystemClock:
    """The machine's own clocks. `monotonic` is bound directly: it is asked very often."""

    def __init__(self) -> None:
        number = _SLEEP_COUNTS
        self.monotonic: Callable[[], float] = (
            time.monotonic if number is None else partial(time.clock_gettime, number)
        )

    def utc_ms(self) -> int:
        return time.time_ns() // 1_000_000


class ManualClock:
    """A clock that tests and the simulator's rehearsals turn by hand."""

    def __init__(self, monotonic: float = 1000.0, utc_ms: int = 1_790_000_000_000) -> None:
        self._monotonic = monotonic
        self._utc_ms = utc_ms

    def monotonic(self) -> float:
        return self._monotonic

    def utc_ms(self) -> int:
        return self._utc_ms

    def advance(self, seconds: float) -> None:
        """Turn both clocks forward."""
        self._monotonic += seconds
        self._utc_ms += round(seconds * 1000)
