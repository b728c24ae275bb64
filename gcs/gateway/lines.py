"""One drone's line of the batch: what its vehicle reports now, in the desks' words.

Made 2,880 times a second for a city, so a line is a plain struct with the fields of
DroneTelemetry and without its checks: every number in it comes through the link's decoders,
which refuse what the checks would. What comes once a second is looked up three times a second.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from gcs.gateway.drone import Drone
from gcs.gateway.payload import camera_zoom, look_direction
from gcs.gateway.watch import reported_breach
from gcs.link.reports import (
    Attitude,
    Battery,
    CameraSettings,
    GimbalAttitude,
    Gnss,
    Heartbeat,
    LandedState,
    Motion,
    SystemStatus,
    Wind,
)
from gcs.model.plan import PlanState
from gcs.model.telemetry import DroneTelemetry, FlightMode, Landed

WIND_KEPT_S = 60.0
CAMERA_KEPT_S = 5.0
SLOW_EVERY = 3  # lines

Plan = tuple[PlanState, int, int]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a line tells that is not among the vehicle's reports. `plan`: state, item, items."""

    links: Callable[[Drone], int] = lambda drone: 0
    uplink_age_s: Callable[[Drone], float | None] = lambda drone: None
    plan: Callable[[Drone], Plan] = lambda drone: (PlanState.NONE, 0, 0)
    breached: Callable[[Drone], bool] = reported_breach


def _fields(model: type[Any]) -> list[Any]:
    return [
        (f.name, Any, f.default) if f.default is not dataclasses.MISSING else (f.name, Any)
        for f in dataclasses.fields(model)
    ]


# On the wire it is a DroneTelemetry; made and encoded in a tenth of the time.
Line: Any = msgspec.defstruct("DroneTelemetry", _fields(DroneTelemetry))


class LineMaker:
    """Makes the lines of one drone."""

    __slots__ = ("_drone", "_made", "_slow", "_sources")

    def __init__(self, drone: Drone, sources: Sources, first: int = 0) -> None:
        self._drone = drone
        self._sources = sources
        self._made = first
        self._slow: dict[str, Any] = self._seldom()

    def make(self) -> Any:
        """The line as of now."""
        drone, sources = self._drone, self._sources
        vehicle = drone.vehicle
        self._made += 1
        if self._made % SLOW_EVERY == 0:
            self._slow = self._seldom()
        beat = vehicle.value(Heartbeat)
        motion, attitude = vehicle.value(Motion), vehicle.value(Attitude)
        landed = vehicle.value(LandedState)
        mode, word = FlightMode.UNKNOWN, ""
        if beat is not None:
            mode, word = drone.autopilot.mode(beat.custom_mode)
        plan_state, plan_item, plan_items = sources.plan(drone)
        return Line(
            drone=drone.spec.id,
            system_id=vehicle.system_id,
            phase=drone.phase,
            mode=mode,
            mode_name=word,
            armed=beat is not None and beat.armed,
            landed=Landed.UNKNOWN if landed is None else landed.landed,
            failsafe=beat is not None and beat.critical,
            position=motion.position if motion else None,
            relative_m=motion.relative_m if motion else None,
            agl_m=motion.relative_m + drone.dock.roof_height_m if motion else None,
            heading_deg=motion.heading_deg if motion else None,
            roll_deg=attitude.roll_deg if attitude else None,
            pitch_deg=attitude.pitch_deg if attitude else None,
            ground_speed_mps=motion.ground_speed_mps if motion else None,
            climb_mps=motion.climb_mps if motion else None,
            target=drone.target,
            heartbeat_age_s=vehicle.age_s(Heartbeat),
            position_age_s=vehicle.age_s(Motion),
            uplink_ms=vehicle.round_trip_ms,
            loss_percent=vehicle.loss.percent,
            uplink_age_s=sources.uplink_age_s(drone),
            links=sources.links(drone),
            trouble=drone.trouble,
            battery_age_s=_youngest(vehicle.age_s(Battery), vehicle.age_s(SystemStatus)),
            plan_state=plan_state,
            plan_item=plan_item,
            plan_items=plan_items,
            **self._slow,
        )

    def _seldom(self) -> dict[str, Any]:
        return _seldom(self._drone) | {"fence_breached": self._sources.breached(self._drone)}

    def bare(self) -> Any:
        """What is left when the rest cannot be told: the drone and its phase."""
        drone = self._drone
        return Line(drone=drone.spec.id, system_id=drone.vehicle.system_id, phase=drone.phase)


def _seldom(drone: Drone) -> dict[str, Any]:
    """What comes about once a second."""
    vehicle = drone.vehicle
    status, battery = vehicle.value(SystemStatus), vehicle.value(Battery)
    gnss = vehicle.value(Gnss)
    wind = vehicle.value(Wind) if (vehicle.age_s(Wind) or 0.0) < WIND_KEPT_S else None
    looks = look_direction(drone) if _kept(drone, GimbalAttitude) else None
    ready = status is not None and status.ready
    volts = battery.voltage_v if battery is not None else None
    if volts is None and status is not None:
        volts = status.battery_v
    return {
        "ready": ready,
        "not_ready_because": () if ready else tuple(drone.not_ready),
        "battery_percent": drone.battery_percent,
        "battery_v": volts,
        "endurance_s": drone.endurance_s,
        "wind_mps": wind.speed_mps if wind else None,
        "wind_from_deg": wind.from_deg if wind else None,
        "satellites": gnss.satellites if gnss else None,
        "gimbal_pitch_deg": looks[0] if looks else None,
        "gimbal_yaw_deg": looks[1] if looks else None,
        "zoom": camera_zoom(drone) if _kept(drone, CameraSettings) else None,
        "fence_active": drone.fence_active,
    }


def _kept(drone: Drone, kind: type) -> bool:
    """Whether what the camera last said is still shown: it may be turned meanwhile."""
    return (drone.vehicle.age_s(kind) or 0.0) < CAMERA_KEPT_S


def _youngest(*ages: float | None) -> float | None:
    known = [a for a in ages if a is not None]
    return min(known, default=None)
