"""What a vehicle does about its mission: starts it, goes to an item, pauses, tells what it reached.

The flying itself is `auto_flight.py`; what is loaded is `mission.py`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from gcs.model.place import Position
from gcs.sim.drone.auto_flight import AutoFlight
from gcs.sim.drone.manoeuvres import Place, Return
from gcs.sim.drone.mission_items import RELATIVE, MissionItem
from gcs.sim.drone.modes import Mode

if TYPE_CHECKING:
    from gcs.sim.drone.autopilot import Autopilot


class MissionPilot:
    """The mission's side of one autopilot. `auto_armed`: AUTO may take off by itself."""

    def __init__(self, pilot: "Autopilot") -> None:
        self._pilot = pilot
        self.auto_armed = False
        self.on_reached: Callable[[int], None] = lambda seq: None

    # -- orders ----------------------------------------------------------------------------
    def start(self) -> bool:
        """AUTO, with leave to take off when armed; accepted when disarmed, too."""
        if not self._pilot.change_mode(Mode.AUTO):
            return False
        self.auto_armed = self._pilot.armed
        return True

    def choose(self, seq: int) -> bool:
        """Make an item of the mission the current one."""
        mission, flown = self._pilot.mission, self._pilot.manoeuvre
        if not mission.choose(seq):
            return False
        if isinstance(flown, AutoFlight):
            mission.begin()
            flown.choose()
        return True

    def pause(self, on: bool) -> bool:
        """Stop on the way to a way point, or go on."""
        flown = self._pilot.manoeuvre
        if not isinstance(flown, AutoFlight):
            return False
        return flown.pause() if on else flown.go_on()

    def why_not(self) -> str:
        """What keeps the vehicle out of AUTO."""
        pilot = self._pilot
        if not pilot.mission.present:
            return "init failed"
        if pilot.armed and pilot.landed and not pilot.mission.starts_with_take_off:
            pilot.say(2, "Auto: Missing Takeoff Cmd")
            return "init failed"
        return ""

    def fly(self) -> AutoFlight:
        """Begin the mission, or go on with it."""
        pilot = self._pilot
        if pilot.params["MIS_RESTART"] == 1.0:
            pilot.mission.reset()
        return AutoFlight(pilot.now_s, pilot.body, pilot.mission, self)

    # -- what a mission asks of its vehicle --------------------------------------------------
    def say(self, severity: int, text: str) -> None:
        """Tell everybody."""
        self._pilot.say(severity, text)

    def reached(self, seq: int) -> None:
        """An item of the mission is done."""
        self.on_reached(seq)

    def return_from_here(self) -> Return:
        """The way home."""
        return self._pilot.return_from_here()

    def may_take_off(self) -> bool:
        """AUTO may leave the ground."""
        return self._pilot.armed and self.auto_armed

    def place_of_item(self, item: MissionItem) -> Place:
        """Where an item is: without a place here, without a height at this one."""
        body, up_m = self._pilot.body, self._pilot.body.up_m
        if item.z_m != 0.0:
            sea_m = 0.0 if item.frame == RELATIVE else self._pilot.config.home_amsl_m
            up_m = item.z_m - sea_m
        if not item.has_place:
            return Place(body.east_m, body.north_m, up_m)
        return self._pilot.local(Position(item.lat_e7 / 1e7, item.lon_e7 / 1e7), up_m)
