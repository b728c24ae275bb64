"""AUTO mode: flies the mission item by item, and says and counts what it reached.

It neither arms nor disarms and changes no mode: at the end it hovers, and after a landing the
autopilot does what follows. On the ground it waits until it may take off.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from gcs.sim.drone.airframe import Airframe, Demand
from gcs.sim.drone.circling import Circle
from gcs.sim.drone.manoeuvres import (
    GoTo,
    Hold,
    Land,
    Manoeuvre,
    Place,
    Return,
    TakeOff,
    place_of,
)
from gcs.sim.drone.mission import Mission
from gcs.sim.drone.mission_items import (
    CHANGE_SPEED,
    CONDITION_DELAY,
    CONDITION_DISTANCE,
    CONDITION_YAW,
    LAND,
    LOITER_TIME,
    LOITER_TURNS,
    LOITER_UNLIM,
    RTL,
    TAKEOFF,
    WAYPOINT,
    MissionItem,
)
from gcs.sim.drone.parameters import Parameters

INFO, CRITICAL = 6, 2  # MAV_SEVERITY
_WAITS_THERE = frozenset({WAYPOINT, LOITER_TIME})


class Surroundings(Protocol):
    """What a mission needs of its vehicle."""

    def say(self, severity: int, text: str) -> None: ...

    def reached(self, seq: int) -> None: ...

    def place_of_item(self, item: MissionItem) -> Place:
        """Where an item is; what it leaves open is where the vehicle is."""
        ...

    def return_from_here(self) -> Return: ...

    def may_take_off(self) -> bool: ...


class AutoFlight:
    """One stay in AUTO. Made when the mode is entered: the mission begins or goes on."""

    def __init__(
        self, now_s: float, body: Airframe, mission: Mission, around: Surroundings
    ) -> None:
        self._mission, self._around, self._body = mission, around, body
        self._version = mission.version
        self._flying: Manoeuvre | None = None
        self._there_s: float | None = None
        self._doing: list[tuple[int, MissionItem]] = []  # what acts beside the item flown
        self._delay_until_s: float | None = None
        self._yaw_rad: float | None = None
        self._paused: Hold | None = None
        self.speed_mps: float | None = None  # until the mode is left
        self._now_s = now_s
        mission.begin()
        if mission.current == 0:
            self._advance()
        else:
            self._start(mission.current)

    # -- what the autopilot sees -----------------------------------------------------------
    @property
    def taking_off(self) -> bool:
        return self._flying is not None and self._flying.taking_off

    @property
    def landing(self) -> bool:
        return self._flying is not None and self._flying.landing

    @property
    def target(self) -> Place | None:
        return None if self._flying is None else self._flying.target

    def pause(self) -> bool:
        """Stop on the way to a way point."""
        if not isinstance(self._flying, GoTo) or self._paused or self._there_s is not None:
            return False
        self._paused = Hold(self._body)
        return True

    def go_on(self) -> bool:
        """End the pause."""
        paused, self._paused = self._paused, None
        return paused is not None

    def choose(self) -> None:
        """Another item was made the current one."""
        self._start(self._mission.current)

    def landed(self) -> None:
        """The feet stand still: a return is done; a landing's end resets the mission."""
        item = self._item()
        if item is not None and item.command == RTL:
            self._around.reached(self._mission.current)
            self._advance()

    def ended_on_ground(self) -> None:
        """The motors were stopped: the mission waits at its beginning."""
        running = self._mission.running
        self._mission.reset()
        self._flying = None
        if running:
            self._advance()

    # -- time ------------------------------------------------------------------------------
    def demand(self, now_s: float, body: Airframe, params: Parameters) -> Demand:
        self._now_s = now_s
        if body.on_ground and not self._around.may_take_off():
            return Demand(climb_mps=-0.1)
        self._look_for_changes()
        self._do_beside(body)
        if self._mission.running and self._flying is None:
            self._fly(params)
        if self._mission.running and self._is_done(body):
            self._finished()
            if self._flying is None and self._mission.running:
                self._fly(params)
        flown = self._paused or self._flying or Hold(body)
        if self._flying is None:
            self._flying = flown
        if isinstance(flown, GoTo):
            flown.speed_mps = self.speed_mps
        if isinstance(flown, Circle):
            return flown.demand_at_speed(now_s, body, params, self.speed_mps or params["WP_SPD"])
        demand = flown.demand(now_s, body, params)
        return demand if self._yaw_rad is None else replace(demand, yaw_rad=self._yaw_rad)

    def _item(self) -> MissionItem | None:
        seq = self._mission.current
        return self._mission.items[seq] if 0 < seq < len(self._mission.items) else None

    def _look_for_changes(self) -> None:
        if self._mission.version == self._version:
            return
        self._version = self._mission.version
        if self._mission.running and isinstance(self._flying, GoTo):
            self._around.say(CRITICAL, "Auto mission changed, restarted command")
            self._flying = None
            self._there_s = None

    # -- from item to item -----------------------------------------------------------------
    def _advance(self) -> None:
        """The next item that is flown, with what acts on the way to it; else it is over."""
        coming = list(self._mission.onward())
        if coming and coming[-1][1].navigates:
            self._doing = coming[:-1]
            self._start(coming[-1][0])
        else:
            self._mission.complete()
            self._flying = Hold(self._body)

    def _start(self, seq: int) -> None:
        self._mission.current = seq
        self._flying = self._there_s = self._paused = self._yaw_rad = None
        item = self._item()
        if item is not None:
            self._around.say(INFO, f"Mission: {seq} {item.word}")

    def _finished(self) -> None:
        seq = self._mission.current
        item = self._mission.items[seq]
        self._around.reached(seq)
        if item.command == WAYPOINT:
            self._around.say(INFO, f"Reached command #{seq}")
        self._advance()

    def _fly(self, params: Parameters) -> None:
        """Turn the current item into a manoeuvre."""
        item = self._item()
        if item is None:
            self._mission.complete()
            return
        self._flying = _BUILD[item.command](self, item, params)

    def _is_done(self, body: Airframe) -> bool:
        item, flying = self._item(), self._flying
        if item is None or flying is None:
            return item is None
        if item.command == TAKEOFF:
            return not flying.taking_off
        if isinstance(flying, Circle):
            return flying.turns >= item.params[0]
        if item.command not in _WAITS_THERE or not isinstance(flying, GoTo) or self._paused:
            return False
        if self._there_s is None and flying.reached(body):
            self._there_s = self._now_s
        return self._there_s is not None and self._now_s - self._there_s >= item.params[0]

    # -- beside it -------------------------------------------------------------------------
    def _do_beside(self, body: Airframe) -> None:
        """Carry out what stands before the item flown, in order; a condition holds the rest."""
        while self._doing:
            seq, item = self._doing[0]
            if not self._done_beside(item, body):
                return
            self._doing.pop(0)
            self._delay_until_s = None
            self._around.reached(seq)

    def _done_beside(self, item: MissionItem, body: Airframe) -> bool:
        if item.command == CHANGE_SPEED and item.params[1] > 0.0:
            self.speed_mps = item.params[1]
        elif item.command == CONDITION_DELAY:
            if self._delay_until_s is None:
                self._delay_until_s = self._now_s + item.params[0]
            return self._now_s >= self._delay_until_s
        elif item.command == CONDITION_DISTANCE and self.target is not None:
            here = place_of(body)
            away = math.hypot(self.target.east_m - here.east_m, self.target.north_m - here.north_m)
            return away <= item.params[0]
        elif item.command == CONDITION_YAW:
            self._yaw_rad = yaw_of(item.params[0], item.params[2], item.params[3], body)
        return True

    # -- items as manoeuvres ---------------------------------------------------------------
    def take_off(self, item: MissionItem, params: Parameters) -> Manoeuvre:
        """Up to the height, never down to it."""
        up_m = max(self._around.place_of_item(item).up_m, self._body.up_m)
        if self._body.on_ground:
            up_m = max(up_m, self._body.up_m + 1.0)
        return TakeOff(self._now_s, self._body, up_m)

    def go_to(self, item: MissionItem, params: Parameters) -> Manoeuvre:
        return GoTo(self._body, self._around.place_of_item(item), self.speed_mps)

    def turns(self, item: MissionItem, params: Parameters) -> Manoeuvre:
        radius = item.params[2] or params["CIRCLE_RADIUS_M"]
        return Circle(self._body, self._around.place_of_item(item), radius)

    def return_home(self, item: MissionItem, params: Parameters) -> Manoeuvre:
        return self._around.return_from_here()

    def land(self, item: MissionItem, params: Parameters) -> Manoeuvre:
        if not item.has_place:
            return Land(self._body)
        place = self._around.place_of_item(item)
        return LandThere(self._body, replace(place, up_m=self._body.up_m))


class LandThere:
    """Fly over a place at the height it has, then come down there."""

    taking_off = False

    def __init__(self, body: Airframe, over: Place) -> None:
        self._go = GoTo(body, over)
        self._land = Land(body, over)
        self.landing = False
        self.target: Place | None = over

    def demand(self, now_s: float, body: Airframe, params: Parameters) -> Demand:
        self.landing = self.landing or (self._go.reached(body) and body.ground_speed_mps < 1.0)
        flown: Manoeuvre = self._land if self.landing else self._go
        return flown.demand(now_s, body, params)


def yaw_of(angle_deg: float, direction: float, relative: float, body: Airframe) -> float:
    """CONDITION_YAW's heading: from north, or from the nose to the given side."""
    if relative:
        return body.yaw_rad + math.radians(angle_deg if direction >= 0 else -angle_deg)
    return math.radians(angle_deg)


_BUILD: dict[int, Callable[[AutoFlight, MissionItem, Parameters], Manoeuvre]] = {
    TAKEOFF: AutoFlight.take_off,
    WAYPOINT: AutoFlight.go_to,
    LOITER_UNLIM: AutoFlight.go_to,
    LOITER_TIME: AutoFlight.go_to,
    LOITER_TURNS: AutoFlight.turns,
    RTL: AutoFlight.return_home,
    LAND: AutoFlight.land,
}
