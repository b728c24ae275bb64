"""The arbiter's loop: five looks a second at each drone, and the heartbeat with them.

A turn never waits: what takes time is begun as an activity. A stand-by, and a process that
has just woken from a pause, takes no turn. A drone at rest in its dock that nobody holds is
looked at twice a second. The drones of a city are looked at a few at a time.
"""

import logging
from collections.abc import Callable, Sequence

from gcs.control.stimulus import ControlEvent
from gcs.gateway.activity import Activities
from gcs.gateway.arbiter import Arbiter
from gcs.gateway.contingency import Contingency
from gcs.gateway.drone import Drone
from gcs.gateway.heartbeat import Heartbeat
from gcs.gateway.report import Figures
from gcs.gateway.spread import spread
from gcs.gateway.urgent import never
from gcs.gateway.watch import Watch
from gcs.model.control import ControlState
from gcs.model.function import Function
from gcs.model.telemetry import Phase

PERIOD_S = 0.1
EVERY = 2  # turns
RESTING_EVERY = 6
_AT_REST = frozenset({Phase.SILENT, Phase.DOCKED})

log = logging.getLogger(__name__)


class ArbiterLoop:
    """Watches the drones, runs the contingency and what is due by itself, beats the heart."""

    def __init__(
        self,
        drones: Sequence[Drone],
        watch: Watch,
        contingency: Contingency,
        arbiter: Arbiter,
        activities: Activities,
        heartbeat: Heartbeat,
        figures: Figures,
        awake: Callable[[], bool] = lambda: True,
        stands_back_s: Callable[[], float] = never,
    ) -> None:
        self._stands_back_s = stands_back_s
        self._numbered = tuple(enumerate(drones))
        self._drones = drones
        self._watch = watch
        self._contingency = contingency
        self._arbiter = arbiter
        self._activities = activities
        self._heartbeat = heartbeat
        self._figures = figures
        self._awake = awake
        self._failed: set[str] = set()

    async def run(self) -> None:
        """Turn for ever."""
        async for turns, drones in spread(
            self._numbered, PERIOD_S, stands_back_s=self._stands_back_s
        ):
            if self._awake():
                self._arbiter.listen()
                self._look(turns, drones)
                self._heartbeat.turn(number for number, _ in drones)

    def _look(self, turns: int, drones: Sequence[tuple[int, Drone]]) -> None:
        for number, drone in drones:
            turn = number + turns  # spread, so that no turn has them all
            if turn % RESTING_EVERY == 0 or (turn % EVERY == 0 and not self._rests(drone)):
                self._guarded(drone)

    def _rests(self, drone: Drone) -> bool:
        """Nothing is done with it and nothing could be lost by a later look."""
        if drone.phase not in _AT_REST or drone.armed or drone.airborne:
            return False
        return not (
            self._held(drone, Function.FLIGHT)
            or drone.came_home
            or self._activities.active(drone.id)
        )

    def turn(self, drone: Drone) -> None:
        """One drone's turn. The hold of a lost drone goes out before its record is changed."""
        self._figures.turn(drone)
        self._watch.turn(drone)
        self._contingency.turn(drone)
        for function in self._arbiter.functions(drone.id):
            self._happen(drone, self._arbiter.due(drone, function), function)
        left = self._left_over(drone)
        if left is not None:
            self._happen(drone, ControlEvent.DOCKED, left)

    def _happen(self, drone: Drone, event: ControlEvent | None, function: Function) -> None:
        if event is not None:
            work = self._arbiter.happen(drone, event, function)
            self._activities.spawn(work, f"{drone.id} {function}: {event}")

    def _left_over(self, drone: Drone) -> Function | None:
        """What a flight that ended, or never began, still holds: it is given back."""
        if self._activities.active(drone.id) or drone.phase is not Phase.DOCKED:
            return None
        over = drone.came_home or self._arbiter.record(drone.id).incident is not None
        if not over or not self._arbiter.free(drone.id):
            return None
        drone.came_home = False
        held = (f for f in self._arbiter.functions(drone.id) if self._held(drone, f))
        return next(held, None)

    def _held(self, drone: Drone, function: Function) -> bool:
        return self._arbiter.record(drone.id, function).state is not ControlState.UNOWNED

    def _guarded(self, drone: Drone) -> None:
        """A drone that confuses the gateway must not silence it for the others."""
        try:
            self.turn(drone)
        except Exception:
            if drone.id not in self._failed:
                self._failed.add(drone.id)
                log.exception("%s: its turn failed", drone.id)
