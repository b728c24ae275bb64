"""Whether this instance may judge and tell just now. Asked ten times a second by the loop.

Not while another instance speaks for the vehicles; and not for a moment after a stall (a paused
process, a sleeping machine), when all it holds is old and the claim may be another's.
"""

from collections.abc import Callable

from gcs.runtime.clock import Clock

STALL_S = 2.0
REST_S = 1.0


class Awake:
    """`awake()`: True when what this instance sees is present and its own to tell."""

    def __init__(self, speaks: Callable[[], bool], clock: Clock) -> None:
        self._speaks = speaks
        self._clock = clock
        self._asked_s: float | None = None
        self._rests_until_s = 0.0

    def __call__(self) -> bool:
        now_s = self._clock.monotonic()
        if self._asked_s is not None and now_s - self._asked_s > STALL_S:
            self._rests_until_s = now_s + REST_S
        self._asked_s = now_s
        return now_s >= self._rests_until_s and self._speaks()
