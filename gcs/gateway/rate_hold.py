"""Turns a camera at a rate for as long as a desk goes on asking, and never longer.

A gimbal that was given a rate turns on until it is told otherwise. So the rate is sent again
and again here, and a still-stand in its place as soon as no desk has asked for 2 s, or the one
that asked may no longer. Were the gateway itself to die, the gimbal's own end stops bound it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gcs.gateway.drone import Drone
from gcs.gateway.ticker import every
from gcs.link import gimbal_orders
from gcs.link.camera_reports import GimbalManagerInformation
from gcs.runtime.clock import Clock

PERIOD_S = 0.2
LONGEST_S = 2.0
STOPS = 3  # a still-stand is not answered either: it is said more than once


@dataclass(slots=True)
class _Held:
    drone: Drone
    manager: GimbalManagerInformation
    pitch_dps: float
    yaw_dps: float
    until_s: float
    wanted: Callable[[], bool]
    stops: int = 0


class RateHold:
    """At most one rate a drone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[str, _Held] = {}

    async def run(self) -> None:
        """Keep the rates for ever."""
        async for _ in every(PERIOD_S):
            self.turn()

    def hold(
        self,
        drone: Drone,
        manager: GimbalManagerInformation,
        rate_dps: tuple[float, float],
        wanted: Callable[[], bool],
    ) -> bool:
        """Turn at (pitch, yaw) from now on, `LONGEST_S` at most; whether it went out."""
        until_s = self._clock.monotonic() + LONGEST_S
        held = _Held(drone, manager, *rate_dps, until_s, wanted)
        self._held[drone.id] = held
        if rate_dps == (0.0, 0.0):
            held.stops = 1
        return self._send(held, *rate_dps)

    def leave(self, drone: str) -> None:
        """Another order points the camera now: no rate and no still-stand after it."""
        self._held.pop(drone, None)

    def turns(self, drone: str) -> bool:
        """Whether a rate is being held."""
        held = self._held.get(drone)
        return held is not None and not held.stops

    def turn(self) -> None:
        """Send each rate again, or stop what is over."""
        now_s = self._clock.monotonic()
        for name, held in tuple(self._held.items()):
            if held.drone.trouble:  # whose gimbal would it turn?
                del self._held[name]
                continue
            if not held.stops and now_s < held.until_s and held.wanted():
                self._send(held, held.pitch_dps, held.yaw_dps)
                continue
            self._send(held, 0.0, 0.0)
            held.stops += 1
            if held.stops >= STOPS:
                del self._held[name]

    def _send(self, held: _Held, pitch_dps: float, yaw_dps: float) -> bool:
        vehicle = held.drone.vehicle
        message = gimbal_orders.rate(vehicle.system_id, held.manager, pitch_dps, yaw_dps)
        return vehicle.send(message)
