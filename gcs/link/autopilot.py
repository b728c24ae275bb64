"""What the gateway asks of any autopilot, and the orders it can give. No I/O.

There is no order that stops motors in the air, and none may be added.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from gcs.model.place import Position
from gcs.model.telemetry import FlightMode


@dataclass(frozen=True, slots=True)
class Order:
    """One MAV_CMD. With `target` it goes as COMMAND_INT, relative to home, else as LONG.

    `fifth` is the fifth parameter of one without a target.
    """

    words: str
    command: int
    parameters: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    height_m: float = 0.0
    target: Position | None = None
    fifth: float = 0.0


@dataclass(frozen=True, slots=True)
class Rate:
    """A message the gateway wants and how often. `report` is what it decodes to."""

    message_id: int
    report: type[Any]
    hz: float


@dataclass(frozen=True, slots=True)
class SafetyParameter:
    """A setting under its present and its older names, each with the factor to SI."""

    key: str
    names: tuple[tuple[str, float], ...]


class Autopilot(Protocol):
    """The differences between autopilots, as tables and orders."""

    name: str
    rates: tuple[Rate, ...]
    safety_parameters: tuple[SafetyParameter, ...]
    most_zoom: float  # of its camera; the wire tells only a share of the range

    def drives(self, autopilot: int) -> bool:
        """Whether vehicles of this MAV_AUTOPILOT are driven by these tables."""
        ...

    def mode(self, custom_mode: int) -> tuple[FlightMode, str]:
        """What a mode number means, and the autopilot's own word."""
        ...

    def arm(self) -> Order: ...

    def guided(self) -> Order: ...

    def take_off(self, height_m: float) -> Order: ...

    def reposition(self, target: Position, height_m: float) -> Order: ...

    def hold(self) -> Order: ...

    def return_home(self) -> Order: ...

    def land(self) -> Order: ...

    def look_at(self, target: Position, height_m: float) -> Order: ...

    def gimbal(self, pitch_deg: float, yaw_deg: float) -> Order: ...

    def zoom(self, zoom: float) -> Order: ...
