"""What the gateway asks of any autopilot, and the orders it can give. No I/O.

There is no order that stops motors in the air, and none may be added.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from gcs.model.place import Position
from gcs.model.telemetry import FlightMode

AUTOPILOT = 1  # MAV_COMP_ID_AUTOPILOT1


@dataclass(frozen=True, slots=True)
class Order:
    """One MAV_CMD. With `target` it goes as COMMAND_INT, else as COMMAND_LONG.

    `height_m` is above home; with `amsl` the vehicle takes heights above sea level and the
    commander adds its home's. NaN: the vehicle's own height, or a field that is not used.
    `fifth` and `sixth` are of one without a target. `component`: who of the vehicle it is for.
    `cannot`: why this autopilot cannot be given it at all; then nothing is sent.
    """

    words: str
    command: int
    parameters: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    height_m: float = 0.0
    target: Position | None = None
    fifth: float = 0.0
    sixth: float = 0.0
    amsl: bool = False
    component: int = AUTOPILOT
    cannot: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One order of a take-off and what the vehicle shows when it has done it.

    `mode`, `armed`, `airborne`: what must be shown; the defaults ask for nothing. `needless`:
    it is left out where that is shown already.
    """

    order: Order
    words: str
    mode: FlightMode | None = None
    armed: bool = False
    airborne: bool = False
    needless: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """An orbit: where, how high above home, how wide (positive clockwise) and how fast."""

    centre: Position
    height_m: float
    radius_m: float
    speed_mps: float


@dataclass(frozen=True, slots=True)
class Aim:
    """Where to be just now, how fast from there (east and north) and where the nose points."""

    place: Position
    height_m: float
    east_mps: float
    north_mps: float
    yaw_deg: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A message the gateway wants and how often. `report` is what it decodes to."""

    message_id: int
    report: type[Any]
    hz: float


@dataclass(frozen=True, slots=True)
class SafetyParameter:
    """A setting under its present and its older names, each with the factor to SI.

    `whole`: an integer there, so that its value is read as the autopilot codes integers.
    """

    key: str
    names: tuple[tuple[str, float], ...]
    whole: bool = False


class Autopilot(Protocol):
    """The differences between autopilots, as tables and orders.

    `known` False: no orders may be given. `moves_in`: the modes in which a reposition is flown.
    `climbs_in`: those of a take-off under way. `home_is_item_0`: a mission's first item is home.
    `integers_as_bits`: integer parameters are bit-copied into the float. `fence_has_switch`: a
    fence on board acts only once it is enabled. `flies_circles`: it takes `orbit`; else a circle
    is flown by an `Aim` several times a second. `prearm_texts`: how its reasons against arming
    begin.
    """

    name: str
    known: bool
    rates: tuple[Rate, ...]
    safety_parameters: tuple[SafetyParameter, ...]
    moves_in: frozenset[FlightMode]
    climbs_in: frozenset[FlightMode]
    home_is_item_0: bool
    integers_as_bits: bool
    fence_has_switch: bool
    flies_circles: bool
    prearm_texts: tuple[str, ...]

    def drives(self, autopilot: int) -> bool:
        """Whether vehicles of this MAV_AUTOPILOT are driven by these tables."""
        ...

    def mode(self, custom_mode: int) -> tuple[FlightMode, str]:
        """What a mode number means, and the autopilot's own word."""
        ...

    def arm(self) -> Order: ...

    def take_off_steps(self, height_m: float) -> tuple[Step, ...]: ...

    def reposition(self, target: Position, height_m: float) -> Order: ...

    def hold(self) -> Order: ...

    def return_home(self) -> Order: ...

    def land(self) -> Order: ...

    def orbit(self, circle: Circle) -> Order: ...

    def speed(self, speed_mps: float) -> Order: ...

    def fence_enable(self, on: bool) -> Order: ...

    def start_plan(self) -> Order: ...

    def resume_plan(self) -> Order: ...

    def plan_item(self, seq: int) -> Order: ...

    def look_at(self, target: Position, height_m: float) -> Order: ...
