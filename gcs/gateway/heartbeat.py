"""Once a second to every vehicle: the heartbeat, the time question, the rates that do not come.

Called from the arbiter's loop, so a loop that stands still stops the heartbeat, and with it
wakes the vehicles' own GCS-loss failsafe. The send-fence is asked at each send below.
"""

from collections.abc import Sequence

from gcs.gateway.drone import SILENT_AFTER_S, Drone
from gcs.link.rates import RateKeeper
from gcs.link.voice import Voice
from gcs.runtime.clock import Clock

PERIOD_S = 1.0


class Heartbeat:
    """The gateway's own signs of life."""

    def __init__(
        self, drones: Sequence[Drone], voice: Voice, rates: RateKeeper, clock: Clock
    ) -> None:
        self._drones = drones
        self._voice = voice
        self._rates = rates
        self._clock = clock
        self._due_s = 0.0

    def turn(self) -> None:
        """Send if a second has passed."""
        now_s = self._clock.monotonic()
        if now_s < self._due_s:
            return
        self._due_s = max(self._due_s + PERIOD_S, now_s + PERIOD_S / 2)
        for drone in self._drones:
            self._voice.heartbeat(drone.vehicle)
            if drone.vehicle.heard_within(SILENT_AFTER_S):
                self._voice.ask_time(drone.vehicle)
                self._rates.turn(drone.vehicle, drone.autopilot.rates)
