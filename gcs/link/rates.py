"""Keeps the wanted messages coming: asks for a rate, sees whether it comes, asks again.

The proof is the messages themselves; the ACK of SET_MESSAGE_INTERVAL is not waited for. So a
vehicle that rebooted in the meantime is asked again without being told apart.
"""

from collections import deque

from gcs.link.autopilot import Rate
from gcs.link.mavlink import dialect
from gcs.link.vehicle import Vehicle
from gcs.runtime.clock import Clock

WINDOW_TURNS = 4
FIRST_ANSWER_S = 1.5
LONGEST_PAUSE_S = 16.0


class _Wanted:
    """One message of one vehicle."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.counts: deque[tuple[float, int]] = deque(maxlen=WINDOW_TURNS + 1)
        self.pause_s = 1.0
        self.asked_at_s: float | None = None

    def comes(self, vehicle: Vehicle, now_s: float) -> bool | None:
        """Whether it comes about as often as wanted; None while that cannot be told yet."""
        if self.asked_at_s is None:
            return False
        self.counts.append((now_s, vehicle.counts.get(self.rate.report, 0)))
        if self.rate.hz < 1.0:
            age = vehicle.age_s(self.rate.report)
            return age is not None and age < 2.5 / self.rate.hz
        (then_s, then), (_, now) = self.counts[0], self.counts[-1]
        if len(self.counts) <= WINDOW_TURNS:
            silent = now == then and now_s - self.asked_at_s >= FIRST_ANSWER_S
            return False if silent else None
        hz = (now - then) / max(0.1, now_s - then_s)
        return 0.75 * self.rate.hz <= hz <= 2.0 * self.rate.hz

    def due(self, now_s: float) -> bool:
        """Whether it may be asked for again."""
        return self.asked_at_s is None or now_s - self.asked_at_s >= self.pause_s


class RateKeeper:
    """The wanted rates of all vehicles. `turn` is called once a second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wanted: dict[tuple[str, int], list[_Wanted]] = {}

    def turn(self, vehicle: Vehicle, rates: tuple[Rate, ...]) -> None:
        """Look at one vehicle and ask for what does not come."""
        now_s = self._clock.monotonic()
        wanted = self._wanted.setdefault(
            (vehicle.network, vehicle.system_id), [_Wanted(r) for r in rates]
        )
        for item in wanted:
            comes = item.comes(vehicle, now_s)
            if comes:
                item.pause_s = 1.0
            elif comes is False and item.due(now_s) and self._ask(vehicle, item.rate):
                if item.asked_at_s is not None:
                    item.pause_s = min(LONGEST_PAUSE_S, item.pause_s * 2)
                item.asked_at_s = now_s
                item.counts.clear()

    def _ask(self, vehicle: Vehicle, rate: Rate) -> bool:
        return vehicle.send(
            dialect.MAVLink_command_long_message(
                vehicle.system_id,
                dialect.MAV_COMP_ID_AUTOPILOT1,
                dialect.MAV_CMD_SET_MESSAGE_INTERVAL,
                0,
                rate.message_id,
                1e6 / rate.hz,
                0,
                0,
                0,
                0,
                0,
            ),
        )
