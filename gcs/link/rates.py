"""Keeps the wanted messages coming: asks for a rate, sees whether it comes, asks again.

The proof is the messages themselves; the ACK of SET_MESSAGE_INTERVAL is not waited for. So a
vehicle that rebooted in the meantime is asked again without being told apart.
"""

from dataclasses import dataclass, field

from gcs.link.autopilot import Rate
from gcs.link.codec import NAMES
from gcs.link.mavlink import dialect
from gcs.link.reports import Attitude, FenceStatus, Gnss, Motion, SystemStatus
from gcs.link.vehicle import Vehicle
from gcs.runtime.clock import Clock

WINDOW_TURNS = 4
FIRST_ANSWER_S = 1.5
LONGEST_PAUSE_S = 16.0
HEARD_S = 5.0
ENOUGH, TOO_MANY = 0.75, 2.0  # of the wanted rate
# What every vehicle has; of others a vehicle may lack the part, which is no fault of the link.
_EVERY_VEHICLES = frozenset({Motion, Attitude, SystemStatus, Gnss})
# Sent only while there is something to tell: ArduPilot's while its fence is switched on.
_AT_TIMES = frozenset({FenceStatus})


class _Wanted:
    """One message of one vehicle. `hz`: as measured last."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.counts: list[tuple[float, int]] = []
        self.pause_s = 1.0
        self.asked_at_s: float | None = None
        self.asked = 0
        self.hz: float | None = None
        self.slowed = False

    def comes(self, vehicle: Vehicle, now_s: float) -> bool | None:
        """Whether it comes about as often as wanted; None while that cannot be told yet."""
        if self.asked_at_s is None:
            return False
        self.counts = [*self.counts[-WINDOW_TURNS:], (now_s, vehicle.count(self.rate.report))]
        if self.rate.hz < 1.0:
            age = vehicle.age_s(self.rate.report)
            seldom = age is None or age >= 2.5 / self.rate.hz
            self.hz = 0.0 if seldom else self.rate.hz
            return not seldom
        (then_s, then), (_, now) = self.counts[0], self.counts[-1]
        if len(self.counts) <= WINDOW_TURNS:
            if now == then and now_s - self.asked_at_s >= FIRST_ANSWER_S:
                self.hz = 0.0
                return False
            return None
        self.hz = (now - then) / max(0.1, now_s - then_s)
        if self.hz > TOO_MANY * self.rate.hz:
            # PX4 sends much unasked. What is too much costs little: it is asked once to slow down.
            asked, self.slowed = self.slowed, True
            return asked
        return self.hz >= ENOUGH * self.rate.hz

    def due(self, now_s: float) -> bool:
        """Whether it may be asked for again."""
        return self.asked_at_s is None or now_s - self.asked_at_s >= self.pause_s

    def asked_for(self, now_s: float) -> None:
        """It was asked for; each time that it did not help the next one waits longer."""
        if self.asked_at_s is not None:
            self.pause_s = min(LONGEST_PAUSE_S, self.pause_s * 2)
        self.asked_at_s = now_s
        self.asked += 1
        self.counts.clear()

    def complaint(self, vehicle: Vehicle) -> str:
        """In words, that it was asked for and does not come as wanted; empty: it does."""
        if self.asked < 2 or self.hz is None or self.hz >= ENOUGH * self.rate.hz:
            return ""
        if self.rate.report in _AT_TIMES:
            return ""
        never = not vehicle.count(self.rate.report)
        if never and self.rate.report not in _EVERY_VEHICLES:
            return ""
        name = NAMES.get(self.rate.message_id, str(self.rate.message_id))
        comes = f"comes {self.hz:.2g} times a second" if self.hz else "does not come"
        return f"{name} {comes}, {self.rate.hz:g} {_are(self.rate.hz)} wanted"


def _are(hz: float) -> str:
    return "is" if hz == 1.0 else "are"


@dataclass(slots=True)
class _OfVehicle:
    rates: tuple[Rate, ...]
    fresh_starts: int
    items: list[_Wanted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.items = [_Wanted(rate) for rate in self.rates]


class RateKeeper:
    """The wanted rates of all vehicles. `turn` is called once a second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wanted: dict[tuple[str, int], _OfVehicle] = {}

    def turn(self, vehicle: Vehicle, rates: tuple[Rate, ...]) -> None:
        """Look at one vehicle and ask for what does not come."""
        now_s = self._clock.monotonic()
        for item in self._of(vehicle, rates).items:
            comes = item.comes(vehicle, now_s)
            if comes:
                item.pause_s = 1.0
            elif comes is False and item.due(now_s) and self._ask(vehicle, item.rate):
                item.asked_for(now_s)

    def slow(self, vehicle: Vehicle) -> tuple[str, ...]:
        """Which messages its link does not bring as asked, in words. Nothing of a lost one."""
        wanted = self._wanted.get((vehicle.network, vehicle.system_id))
        if wanted is None or not vehicle.heard_within(HEARD_S):
            return ()
        return tuple(c for item in wanted.items if (c := item.complaint(vehicle)))

    def _of(self, vehicle: Vehicle, rates: tuple[Rate, ...]) -> _OfVehicle:
        """All is asked for anew after a reboot, on another link, and of another autopilot."""
        key = (vehicle.network, vehicle.system_id)
        found = self._wanted.get(key)
        if found is None or found.rates != rates or found.fresh_starts != vehicle.fresh_starts:
            found = self._wanted[key] = _OfVehicle(rates, vehicle.fresh_starts)
        return found

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
