"""Once a second to every vehicle: the heartbeat, the time question, the rates that do not come.

Each vehicle has its own moment of the second, so that a city's are not sent in one burst.

Called from the arbiter's loop, so a loop that stands still stops the heartbeat, and with it
wakes the vehicles' own GCS-loss failsafe. The send-fence is asked at each send below.
"""

from collections.abc import Iterable, Sequence

from gcs.gateway.drone import SILENT_AFTER_S, Drone
from gcs.link.rates import RateKeeper
from gcs.link.voice import Voice
from gcs.runtime.clock import Clock

PERIOD_S = 1.0
OTHER = 2  # beats: with one the rates are looked at, with the next the time is asked


class Heartbeat:
    """The gateway's own signs of life."""

    def __init__(
        self, drones: Sequence[Drone], voice: Voice, rates: RateKeeper, clock: Clock
    ) -> None:
        self._drones = drones
        self._voice = voice
        self._rates = rates
        self._clock = clock
        # The first beat goes to all at once: a vehicle may be waiting for its ground station.
        self._phases_s = [PERIOD_S * i / len(drones) for i in range(len(drones))]
        self._due_s = [0.0] * len(drones)
        self._beats = [0] * len(drones)

    def turn(self, numbers: Iterable[int] | None = None) -> None:
        """Send to those whose moment has come; `numbers`: of these drones alone."""
        now_s = self._clock.monotonic()
        for number in range(len(self._drones)) if numbers is None else numbers:
            if now_s >= self._due_s[number]:
                self._due_s[number] = self._next_s(number, now_s)
                self._beat(number)

    def _next_s(self, number: int, now_s: float) -> float:
        """Its next moment, at least half a period away."""
        soonest_s = now_s + PERIOD_S / 2
        past_s = (soonest_s - self._phases_s[number]) % PERIOD_S
        return soonest_s + (PERIOD_S - past_s if past_s else 0.0)

    def _beat(self, number: int) -> None:
        drone = self._drones[number]
        vehicle = drone.vehicle
        self._voice.heartbeat(vehicle)
        if vehicle.heard_within(SILENT_AFTER_S):
            self._beats[number] += 1
            if self._beats[number] % OTHER == 1:
                self._rates.turn(vehicle, drone.autopilot.rates)
            else:
                self._voice.ask_time(vehicle)
