"""An order on its way from the bus to a vehicle: other work stands back for a moment.

On a city's gateway each turn of the loop may bring packets, a batch and a look at some drones; an
order needs about ten turns, one after the other.
"""

from collections.abc import Callable

ORDER_S = 0.006  # from an order's arrival to its sending, its audit entry stored in between
REST_S = 0.018  # however many orders come, the other work has most of the time


class Urgent:
    """Called, it tells for how many seconds other work stands back; 0: it need not."""

    def __init__(self, time_s: Callable[[], float]) -> None:
        self._time_s = time_s
        self._until_s = self._next_s = 0.0

    def order(self) -> None:
        """An order has come in."""
        now_s = self._time_s()
        if now_s >= self._next_s:
            self._until_s = now_s + ORDER_S
            self._next_s = self._until_s + REST_S

    def __call__(self) -> float:
        return max(0.0, self._until_s - self._time_s())


def never() -> float:
    """Where nothing is urgent."""
    return 0.0
