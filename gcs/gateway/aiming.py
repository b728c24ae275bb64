"""How a drone's camera is pointed, by what it carries: which order, what shows it, in words.

A gimbal that pans is pointed. Without one a copter turns its nose to a region of interest; that
is asked only in a mode in which it may be moved, and said in the receipt.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from gcs.gateway.camera_office import CameraOffice
from gcs.gateway.drone import Drone
from gcs.gateway.looks import direction_to, look_direction, looks_within, nose_within
from gcs.link import gimbal_orders
from gcs.link.autopilot import Order
from gcs.link.camera_reports import GimbalManagerInformation
from gcs.model.command import Command, CommandKind

TURNED_DEG = 3.0
ON_TARGET_DEG = 4.0
NOSE_DEG = 6.0
_AHEAD_DEG = 1.0  # a yaw this small needs no pan
_LIMIT_SLACK_DEG = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """An order, what shows that it is done, the words for that; `note` follows its acceptance.

    `manager`: whose leave it needs; None: nobody's.
    """

    order: Order
    manager: GimbalManagerInformation | None
    seen: Callable[[], bool]
    done: str
    note: str = ""


class Aiming:
    """Decides by what the camera office knows."""

    def __init__(self, office: CameraOffice) -> None:
        self._office = office
        self._against: dict[CommandKind, Callable[[Drone, Command], tuple[str, ...]]] = {
            CommandKind.LOOK_AT: self._against_look,
            CommandKind.GIMBAL: self._against_angles,
            CommandKind.GIMBAL_RATE: self._against_rate,
        }

    def reasons_against(self, drone: Drone, command: Command) -> tuple[str, ...]:
        """Why the camera cannot be pointed so; empty when it can, or that is not known yet."""
        if not drone.autopilot.known:
            return (f"the autopilot of {drone.id} is not known: it gets no orders",)
        if self._office.searching(drone) and self._office.manager(drone) is None:
            return ()
        return self._against[command.kind](drone, command)

    def plan(self, drone: Drone, command: Command) -> Plan:
        """For a look at a place, or at angles. `reasons_against` was asked before."""
        if command.kind is CommandKind.LOOK_AT:
            return self._look_at(drone, command)
        return self._angles(drone, command)

    # -- what speaks against it --------------------------------------------------------------
    def _against_look(self, drone: Drone, command: Command) -> tuple[str, ...]:
        if self._pans(drone) or drone.mode in drone.autopilot.moves_in:
            return ()
        word = drone.mode_and_word[1]
        return (
            f"the camera of {drone.id} cannot pan: its nose would have to turn, and that is not "
            f"asked in {word or 'an unknown mode'}",
        )

    def _against_angles(self, drone: Drone, command: Command) -> tuple[str, ...]:
        manager = self._office.manager(drone)
        if manager is None:
            known = look_direction(drone) is not None
            return () if known else (f"no gimbal of {drone.id} answers",)
        if not manager.pans and abs(command.yaw_deg or 0.0) > _AHEAD_DEG:
            return (f"the camera of {drone.id} cannot pan",)
        return _beyond(drone, "tilts", command.pitch_deg, manager.pitch_limits_deg) + _beyond(
            drone, "pans", command.yaw_deg, manager.yaw_limits_deg
        )

    def _against_rate(self, drone: Drone, command: Command) -> tuple[str, ...]:
        manager = self._office.manager(drone)
        if manager is None:
            return (f"{drone.id} has no gimbal manager: its camera cannot be turned at a rate",)
        if not manager.pans and command.yaw_dps:
            return (f"the camera of {drone.id} cannot pan",)
        return ()

    def _pans(self, drone: Drone) -> bool:
        manager = self._office.manager(drone)
        return manager is not None and manager.pans

    # -- orders ------------------------------------------------------------------------------
    def _look_at(self, drone: Drone, command: Command) -> Plan:
        """The point lies on the ground, which is a roof's height below the dock."""
        target = command.target
        if target is None:
            raise ValueError("look_at needs a target")
        order = drone.autopilot.look_at(target, -drone.dock.roof_height_m)
        if self._pans(drone):
            manager = self._office.manager(drone)
            if manager is not None:
                order = replace(order, component=manager.component)
            return Plan(
                order,
                manager,
                lambda: looks_within(drone, direction_to(drone, target), ON_TARGET_DEG),
                f"the camera of {drone.id} looks at the target",
            )
        unknown = self._office.manager(drone) is None and look_direction(drone) is not None
        note = "whether its camera pans is not told: the nose may turn"
        return Plan(
            order,
            None,
            lambda: (
                nose_within(drone, target, NOSE_DEG)
                or looks_within(drone, direction_to(drone, target), ON_TARGET_DEG)
            ),
            f"{drone.id} points at the target",
            f"; {note if unknown else 'its camera cannot pan: the nose turns'}",
        )

    def _angles(self, drone: Drone, command: Command) -> Plan:
        pitch, yaw = command.pitch_deg or 0.0, command.yaw_deg or 0.0
        manager = self._office.manager(drone)
        if manager is None:
            order = gimbal_orders.turn_without_manager(pitch, yaw)
        else:
            order = gimbal_orders.turn(manager, pitch, yaw)
        return Plan(
            order,
            manager,
            lambda: looks_within(drone, (pitch, yaw), TURNED_DEG),
            f"the camera of {drone.id} is turned to {pitch:.0f}° pitch and {yaw:.0f}° yaw",
        )


def _beyond(
    drone: Drone, does: str, wanted_deg: float | None, limits: tuple[float, float] | None
) -> tuple[str, ...]:
    if wanted_deg is None or limits is None:
        return ()
    low, high = limits
    if low - _LIMIT_SLACK_DEG <= wanted_deg <= high + _LIMIT_SLACK_DEG:
        return ()
    return (f"the camera of {drone.id} {does} from {low:.0f}° to {high:.0f}° only",)
