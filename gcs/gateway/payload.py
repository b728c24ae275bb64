"""Look at, gimbal and zoom: sent, answered, then seen or not by what the camera reports.

It never touches the flight: no mode, no target, and what the drone is doing goes on.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from gcs.gateway.drone import Drone
from gcs.gateway.ledger import Ledger
from gcs.geo.earth import bearing_deg, distance_m
from gcs.link.autopilot import Order
from gcs.link.camera import apart_deg
from gcs.link.commands import Commander
from gcs.link.reports import CameraSettings, GimbalAttitude
from gcs.model.command import Command, CommandKind, ReceiptState
from gcs.model.control import ControlRecord
from gcs.model.place import Position

OBSERVE_S = 8.0
FRESH_S = 2.0
TURNED_DEG = 3.0
ON_TARGET_DEG = 4.0
ZOOMED = 0.05

_S = ReceiptState


@dataclass(frozen=True, slots=True)
class _Act:
    """How an order is given, what shows that it is done, and the words for it."""

    order: Callable[[Drone, Command], Order]
    seen: Callable[[Drone, Command], bool]
    words: Callable[[Command], str]
    slot: str


def look_direction(drone: Drone) -> tuple[float, float] | None:
    """(pitch from the horizon, yaw from the nose) as last reported; None: not known."""
    gimbal, motion = drone.vehicle.value(GimbalAttitude), drone.motion
    if gimbal is None:
        return None
    if not gimbal.from_north:
        return gimbal.pitch_deg, gimbal.yaw_deg
    if motion is None or motion.heading_deg is None:
        return None
    return gimbal.pitch_deg, math.remainder(gimbal.yaw_deg - motion.heading_deg, 360.0)


def camera_zoom(drone: Drone) -> float | None:
    """How many times it magnifies, as last reported; None: not known."""
    settings = drone.vehicle.value(CameraSettings)
    if settings is None or settings.zoom_percent is None:
        return None
    return 1.0 + (drone.autopilot.most_zoom - 1.0) * settings.zoom_percent / 100.0


def _direction_to(drone: Drone, target: Position) -> tuple[float, float] | None:
    """Where the camera would have to look to see a target on the ground."""
    motion = drone.motion
    if motion is None or motion.heading_deg is None:
        return None
    above_m = motion.relative_m + drone.dock.roof_height_m
    away_m = distance_m(motion.position, target)
    yaw = bearing_deg(motion.position, target) - motion.heading_deg
    return math.degrees(math.atan2(-above_m, away_m)), math.remainder(yaw, 360.0)


def _looks_at(drone: Drone, command: Command) -> bool:
    if command.target is None:
        return False
    return _near(drone, _direction_to(drone, command.target), ON_TARGET_DEG)


def _turned(drone: Drone, command: Command) -> bool:
    if command.pitch_deg is None or command.yaw_deg is None:
        return False
    return _near(drone, (command.pitch_deg, command.yaw_deg), TURNED_DEG)


def _near(drone: Drone, wanted: tuple[float, float] | None, most_deg: float) -> bool:
    looks = look_direction(drone)
    if wanted is None or looks is None or not _fresh(drone, GimbalAttitude):
        return False
    return apart_deg(looks, wanted) <= most_deg


def _zoomed(drone: Drone, command: Command) -> bool:
    zoom = camera_zoom(drone)
    if command.zoom is None or zoom is None or not _fresh(drone, CameraSettings):
        return False
    return abs(zoom - command.zoom) <= ZOOMED * command.zoom


def _fresh(drone: Drone, kind: type) -> bool:
    age_s = drone.vehicle.age_s(kind)
    return age_s is not None and age_s <= FRESH_S


def _look_at(drone: Drone, command: Command) -> Order:
    """The point lies on the ground, which is a roof's height below the dock."""
    if command.target is None:
        raise ValueError("look_at needs a target")
    return drone.autopilot.look_at(command.target, -drone.dock.roof_height_m)


_ACTS: dict[CommandKind, _Act] = {
    CommandKind.LOOK_AT: _Act(
        _look_at, _looks_at, lambda command: "looks at the target", "pointing"
    ),
    CommandKind.GIMBAL: _Act(
        lambda drone, c: drone.autopilot.gimbal(c.pitch_deg or 0.0, c.yaw_deg or 0.0),
        _turned,
        lambda c: f"is turned to {c.pitch_deg:.0f}° pitch and {c.yaw_deg:.0f}° yaw",
        "pointing",
    ),
    CommandKind.ZOOM: _Act(
        lambda drone, c: drone.autopilot.zoom(c.zoom or 1.0),
        _zoomed,
        lambda c: f"is at zoom {c.zoom:g}",
        "zoom",
    ),
}


class Payload:
    """Carries out commands to a drone's camera."""

    def __init__(
        self, commander: Commander, ledger: Ledger, record: Callable[[str], ControlRecord]
    ) -> None:
        self._commander = commander
        self._ledger = ledger
        self._record = record

    def reasons_against(self, drone: Drone, command: Command) -> tuple[str, ...]:
        """Why an order is refused; empty when it may be sent."""
        most = drone.autopilot.most_zoom
        if command.zoom is not None and command.zoom > most:
            return (f"the camera of {drone.id} zooms {most:g} times at most",)
        return ()

    def slot(self, command: Command) -> str:
        """What of the drone the order takes: a newer one for the same takes its place."""
        return f"{command.drone} {_ACTS[command.kind].slot}"

    async def carry_out(self, drone: Drone, command: Command) -> None:
        """Send it, and see whether the camera does it."""
        act = _ACTS[command.kind]
        with self._ledger.told_if_stopped(command, self._record(command.drone).incident):
            if not await self._acked(drone, command, act):
                return
            if await drone.vehicle.until(lambda: act.seen(drone, command), OBSERVE_S):
                self._tell(command, _S.OBSERVED, f"the camera of {drone.id} {act.words(command)}")
                return
            text = f"{command.kind} not seen at the vehicle; {_shown(drone)}"
            self._tell(command, _S.NOT_OBSERVED, text)

    async def _acked(self, drone: Drone, command: Command, act: _Act) -> bool:
        """Send; True when it was taken, or when no answer came but the camera shows it."""
        order = act.order(drone, command)
        answer = await self._commander.execute(
            drone.vehicle, order, lambda: self._record(drone.id).epoch == command.epoch
        )
        if answer.accepted:
            self._tell(command, _S.ACKED, f"{order.words}: accepted by {drone.id}")
            return True
        if not answer.answered and act.seen(drone, command):
            return True
        self._tell(command, _S.FAILED, f"{order.words}: {answer.words}", answer.reasons)
        return False

    def _tell(
        self, command: Command, state: ReceiptState, text: str, reasons: tuple[str, ...] = ()
    ) -> None:
        incident = self._record(command.drone).incident
        self._ledger.tell(command, state, text, reasons, incident=incident)


def _shown(drone: Drone) -> str:
    looks, zoom = look_direction(drone), camera_zoom(drone)
    if looks is None:
        return "its gimbal reports nothing"
    said = f"its camera is at {looks[0]:.0f}° pitch and {looks[1]:.0f}° yaw"
    return said if zoom is None else f"{said}, zoom {zoom:.1f}"
