"""How often a password may be wrong."""

from collections import deque

from gcs.runtime.clock import Clock

WITHIN_S = 60.0
OF_A_PERSON_AT_A_DESK = 5
AT_A_DESK = 10


class Guesses:
    """Wrong passwords of the last minute, by desk and by person at a desk.

    A person's are not counted over all desks: whoever guesses at one desk would keep the person
    out of another, where they may be needed.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wrong: dict[tuple[str, str], deque[float]] = {}

    def wrong(self, person: str, desk: str) -> None:
        """One more."""
        now_s = self._clock.monotonic()
        for key in ((person, desk), ("", desk)):
            self._wrong.setdefault(key, deque(maxlen=AT_A_DESK)).append(now_s)

    def right(self, person: str, desk: str) -> None:
        """The last one was none."""
        for key in ((person, desk), ("", desk)):
            self._wrong[key].pop()

    def wait_s(self, person: str, desk: str) -> float:
        """Seconds until the next one is looked at; 0 = now."""
        pair = self._wait_s((person, desk), OF_A_PERSON_AT_A_DESK)
        return max(pair, self._wait_s(("", desk), AT_A_DESK))

    def _wait_s(self, key: tuple[str, str], most: int) -> float:
        recent = self._wrong.get(key)
        if recent is None or len(recent) < most:
            return 0.0
        return max(0.0, recent[-most] + WITHIN_S - self._clock.monotonic())
