"""What simulated drones themselves saw: every move they accepted, every change of mode.

It reads and changes nothing: `Commands.run` of each vehicle is listened to, its state looked at
fifty times a second.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from gcs.link.mavlink import dialect
from gcs.sim.drone.autopilot import Outcome
from gcs.sim.drone.commands import Order
from gcs.sim.drone.drone import SimulatedDrone
from gcs.sim.drone.modes import Mode
from gcs.sim.fleet import SimulatedFleet

LOOK_S = 0.02
# Modes in which nobody is needed: standing still, and coming home or down.
SAFE_MODES = frozenset({Mode.BRAKE, Mode.LOITER, Mode.RTL, Mode.LAND})


@dataclass(frozen=True, slots=True)
class Accepted:
    """A command that the vehicle took, at a monotonic time, from a port of this machine."""

    at_s: float
    drone: str
    command: int
    x_e7: int
    y_e7: int
    z_m: float
    port: int


@dataclass(frozen=True, slots=True)
class Seen:
    """From this moment on the vehicle is in this mode. `safe`: it needs nobody."""

    at_s: float
    mode: Mode
    flies: bool
    safe: bool


class FlightLog:
    """The drones' own record."""

    def __init__(self, fleet: SimulatedFleet) -> None:
        self.accepted: list[Accepted] = []
        self.seen: dict[str, list[Seen]] = {d.id: [] for d in fleet.drones}
        self.listeners: list[Callable[[Accepted], None]] = []
        self._drones = fleet.drones
        for drone in fleet.drones:
            self._listen(drone)

    async def run(self) -> None:
        """Look at the drones until cancelled."""
        while True:
            for drone in self._drones:
                self._look(drone)
            await asyncio.sleep(LOOK_S)

    def moves(self, drone: str) -> list[Accepted]:
        """The moves that a drone took, in order."""
        wanted = dialect.MAV_CMD_DO_REPOSITION
        return [a for a in self.accepted if a.drone == drone and a.command == wanted]

    def now(self, drone: str) -> Seen | None:
        """How the drone is, as last looked at."""
        seen = self.seen[drone]
        return seen[-1] if seen else None

    def first(self, drone: str, after_s: float, holds: Callable[[Seen], bool]) -> float | None:
        """When it first held, from `after_s` on: at once, or at a change since."""
        state = None
        for seen in self.seen[drone]:
            if seen.at_s <= after_s:
                state = seen
            elif holds(seen):
                return after_s if state is not None and holds(state) else seen.at_s
        return after_s if state is not None and holds(state) else None

    def _listen(self, drone: SimulatedDrone) -> None:
        commands, run = drone._commands, drone._commands.run

        def noted(order: Order) -> Outcome:
            outcome = run(order)
            if outcome is Outcome.ACCEPTED:
                self._note(drone, order)
            return outcome

        commands.run = noted  # type: ignore[method-assign]

    def _note(self, drone: SimulatedDrone, order: Order) -> None:
        entry = Accepted(
            time.monotonic(),
            drone.id,
            order.command,
            order.x_e7,
            order.y_e7,
            order.z,
            order.link.address[1],
        )
        self.accepted.append(entry)
        for listener in self.listeners:
            listener(entry)

    def _look(self, drone: SimulatedDrone) -> None:
        pilot = drone.pilot
        flies, mode = not pilot.landed, pilot.mode
        seen = Seen(time.monotonic(), mode, flies, not flies or mode in SAFE_MODES)
        known = self.seen[drone.id]
        if not known or (known[-1].mode, known[-1].flies) != (seen.mode, seen.flies):
            known.append(seen)
