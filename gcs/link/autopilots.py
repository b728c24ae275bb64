"""Which autopilot a vehicle has, told by its heartbeat. Copters alone are commanded."""

from functools import cache

from gcs.link.ardupilot import ArduCopter
from gcs.link.autopilot import Autopilot, Circle, Order, Rate, SafetyParameter, Step
from gcs.link.mavlink import dialect
from gcs.link.px4 import Px4
from gcs.link.reports import Heartbeat
from gcs.model.place import Position
from gcs.model.telemetry import FlightMode

COPTERS = frozenset(
    {
        dialect.MAV_TYPE_QUADROTOR,
        dialect.MAV_TYPE_HEXAROTOR,
        dialect.MAV_TYPE_OCTOROTOR,
        dialect.MAV_TYPE_TRICOPTER,
        dialect.MAV_TYPE_COAXIAL,
        dialect.MAV_TYPE_DODECAROTOR,
        dialect.MAV_TYPE_DECAROTOR,
    }
)


class Unknown:
    """An `Autopilot` that gets no orders and is asked for nothing."""

    known = False
    rates: tuple[Rate, ...] = ()
    safety_parameters: tuple[SafetyParameter, ...] = ()
    moves_in: frozenset[FlightMode] = frozenset()
    climbs_in: frozenset[FlightMode] = frozenset()
    home_is_item_0 = False
    integers_as_bits = False
    fence_has_switch = False
    flies_circles = False
    prearm_texts: tuple[str, ...] = ()

    def __init__(self, name: str, cannot: str) -> None:
        self.name = name
        self._none = Order("no order", 0, cannot=cannot)

    def drives(self, autopilot: int) -> bool:
        """No vehicle at all."""
        return False

    def mode(self, custom_mode: int) -> tuple[FlightMode, str]:
        """Its number is all that can be told."""
        return FlightMode.UNKNOWN, f"mode {custom_mode}"

    def take_off_steps(self, height_m: float) -> tuple[Step, ...]:
        """One step that is not sent."""
        return (Step(self._none, ""),)

    def arm(self) -> Order:
        """Not sent, like every order below."""
        return self._none

    def reposition(self, target: Position, height_m: float) -> Order:
        return self._none

    def hold(self) -> Order:
        return self._none

    def return_home(self) -> Order:
        return self._none

    def land(self) -> Order:
        return self._none

    def orbit(self, circle: Circle) -> Order:
        return self._none

    def speed(self, speed_mps: float) -> Order:
        return self._none

    def fence_enable(self, on: bool) -> Order:
        return self._none

    def start_plan(self) -> Order:
        return self._none

    def resume_plan(self) -> Order:
        return self._none

    def plan_item(self, seq: int) -> Order:
        return self._none

    def look_at(self, target: Position, height_m: float) -> Order:
        return self._none


UNHEARD = Unknown("", "no heartbeat was heard: its autopilot is not known")
_OTHER = Unknown("unknown", "this kind of autopilot is not supported")
_NO_COPTER = Unknown("unknown", "this kind of vehicle is not supported: it is no multicopter")
_DRIVEN: tuple[Autopilot, ...] = (ArduCopter(), Px4())


def driver_for(heartbeat: Heartbeat | None) -> Autopilot:
    """The autopilot that a heartbeat tells of."""
    if heartbeat is None:
        return UNHEARD
    return _driver(heartbeat.autopilot, heartbeat.vehicle_type)


@cache  # asked for several times a turn and drone; the numbers are two bytes
def _driver(autopilot: int, vehicle_type: int) -> Autopilot:
    for driver in _DRIVEN:
        if driver.drives(autopilot):
            return driver if vehicle_type in COPTERS else _NO_COPTER
    return _OTHER
