"""Virtual time, and parties in it that are paused, killed and started again.

A process of a party is a generator that yields what it waits for. While the party is paused,
what comes for it waits in line, its timers too, and is handled when it wakes, with whatever it
believed before; of a killed one nothing is left.
"""

import heapq
from collections.abc import Callable, Generator
from random import Random
from typing import Any

Wake = Callable[..., None]
Op = Callable[["Party", Wake], None]
Process = Generator[Op, Any, Any]
SKEW_S = 0.5


class Kernel:
    """Seconds since the start, and what happens when. `rng` decides every accident."""

    def __init__(self, rng: Random) -> None:
        self.now = 1000.0
        self.rng = rng
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0

    def at(self, delay_s: float, what: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._due, (self.now + delay_s, self._number, what))

    def run(self, seconds: float) -> None:
        """Let so much time pass."""
        until = self.now + seconds
        while self._due and self._due[0][0] <= until:
            self.now, _, what = heapq.heappop(self._due)
            what()
        self.now = until


class Party:
    """A process with clocks of its own: a desk or a gateway."""

    def __init__(self, kernel: Kernel, name: str) -> None:
        self.kernel = kernel
        self.name = name
        self.up = self.paused = self.cut = False
        self._life = 0
        self._line: list[Callable[[], None]] = []
        self._skew_s = kernel.rng.uniform(-SKEW_S / 2, SKEW_S / 2)

    # -- its clocks (`gcs.runtime.clock.Clock`) ------------------------------------------------
    def monotonic(self) -> float:
        return self.kernel.now

    def utc_ms(self) -> int:
        return round((1_790_000_000 + self.kernel.now + self._skew_s) * 1000)

    # -- its life ------------------------------------------------------------------------------
    def start(self) -> None:
        """With nothing in memory."""
        self._life += 1
        self._line.clear()
        self.up, self.paused = True, False
        self.begin()

    def begin(self) -> None:
        """What it does first."""

    def kill(self) -> None:
        self.up = False
        self._life += 1

    def pause(self) -> None:
        self.paused = True

    def wake(self) -> None:
        self.paused = False
        line, self._line = self._line, []
        for what in line:
            what()

    @property
    def runs(self) -> bool:
        return self.up and not self.paused

    def then(self, what: Callable[[], None]) -> Callable[[], None]:
        """`what`, done by this party as it lives now, when it is awake."""
        life = self._life

        def done() -> None:
            if life != self._life or not self.up:
                return
            if self.paused:
                self._line.append(lambda: self.then(what)() if life == self._life else None)
            else:
                what()

        return done

    def after(self, delay_s: float, what: Callable[[], None]) -> None:
        self.kernel.at(delay_s, self.then(what))

    # -- its processes -------------------------------------------------------------------------
    def spawn(self, process: Process) -> None:
        """Run it up to its first wait."""
        self._on(process, None, None)

    def _on(self, process: Process, value: Any, error: Exception | None) -> None:
        try:
            op = process.send(value) if error is None else process.throw(error)
        except StopIteration:
            return
        woken = False

        def wake(value: Any = None, error: Exception | None = None) -> None:
            def go() -> None:
                nonlocal woken
                if not woken:
                    woken = True
                    self._on(process, value, error)

            self.then(go)()

        op(self, wake)


def sleep(seconds: float) -> Op:
    return lambda party, wake: party.after(seconds, wake)
