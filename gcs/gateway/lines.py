"""One drone's line of the batch: what its vehicle reports now, in the desks' words.

Made 2,880 times a second for a city, so a line is a plain struct with the fields of
DroneTelemetry and without its checks: every number in it comes through the link's decoders,
which refuse what the checks would. What comes once a second is looked up twice a second.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from gcs.gateway.drone import Drone
from gcs.gateway.payload import camera_zoom, look_direction
from gcs.gateway.watch import reported_breach
from gcs.link.heard import Heard
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
from gcs.model.telemetry import DroneTelemetry

WIND_KEPT_S = 60.0
CAMERA_KEPT_S = 5.0
SLOW_EVERY = 5  # lines

T = TypeVar("T")
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

    __slots__ = (
        "_attitude",
        "_beat",
        "_drone",
        "_due",
        "_landed",
        "_line",
        "_made",
        "_motion",
        "_sources",
    )

    def __init__(self, drone: Drone, sources: Sources, first: int = 0) -> None:
        self._drone = drone
        self._sources = sources
        self._made = first
        self._beat: Heard[Heartbeat] | None = None
        self._landed: Heard[LandedState] | None = None
        self._motion: Heard[Motion] | None = None
        self._attitude: Heard[Attitude] | None = None
        self._line: Any = self.bare()
        self._due = True

    def make(self) -> Any:
        """The line as of now: the same one each time, brought up to date where there is news."""
        drone, line = self._drone, self._line
        vehicle = drone.vehicle
        self._made += 1
        if self._due or self._made % SLOW_EVERY == 0:
            self._seldom()
            self._due = False
        beat, landed = vehicle.last(Heartbeat), vehicle.last(LandedState)
        motion, attitude = vehicle.last(Motion), vehicle.last(Attitude)
        if beat is not None and beat is not self._beat:
            self._tell_beat(line, beat.value)
            self._beat = beat
        if landed is not None and landed is not self._landed:
            self._landed = landed
            line.landed = landed.value.landed
        if motion is not None and motion is not self._motion:
            self._tell_motion(line, motion.value)
            self._motion = motion
        if attitude is not None and attitude is not self._attitude:
            self._attitude = attitude
            line.roll_deg, line.pitch_deg = attitude.value.roll_deg, attitude.value.pitch_deg
        line.phase = drone.phase
        line.target = drone.target
        now_s = vehicle.now_s
        line.heartbeat_age_s = None if beat is None else max(0.0, now_s - beat.at_s)
        line.position_age_s = None if motion is None else max(0.0, now_s - motion.at_s)
        line.uplink_ms, line.uplink_age_s = vehicle.round_trip_ms, self._sources.uplink_age_s(drone)
        return line

    def _tell_beat(self, line: Any, beat: Heartbeat) -> None:
        line.mode, line.mode_name = self._drone.autopilot.mode(beat.custom_mode)
        line.armed, line.failsafe = beat.armed, beat.critical

    def _tell_motion(self, line: Any, motion: Motion) -> None:
        line.position = motion.position
        line.relative_m = motion.relative_m
        line.agl_m = motion.relative_m + self._drone.dock.roof_height_m
        line.heading_deg = motion.heading_deg
        line.ground_speed_mps = motion.ground_speed_mps
        line.climb_mps = motion.climb_mps

    def _seldom(self) -> None:
        drone, sources, line = self._drone, self._sources, self._line
        line.plan_state, line.plan_item, line.plan_items = sources.plan(drone)
        line.fence_breached = sources.breached(drone)
        line.links = sources.links(drone)
        line.trouble = drone.trouble
        _tell_seldom(line, drone)

    def bare(self) -> Any:
        """What is left when the rest cannot be told: the drone and its phase."""
        drone = self._drone
        return Line(drone=drone.spec.id, system_id=drone.vehicle.system_id, phase=drone.phase)


def _tell_seldom(line: Any, drone: Drone) -> None:
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
    line.ready = ready
    line.not_ready_because = () if ready else tuple(drone.not_ready)
    line.battery_percent = drone.battery_percent
    line.battery_v = volts
    line.endurance_s = drone.endurance_s
    line.wind_mps = wind.speed_mps if wind else None
    line.wind_from_deg = wind.from_deg if wind else None
    line.satellites = gnss.satellites if gnss else None
    line.gimbal_pitch_deg = looks[0] if looks else None
    line.gimbal_yaw_deg = looks[1] if looks else None
    line.zoom = camera_zoom(drone) if _kept(drone, CameraSettings) else None
    line.fence_active = drone.fence_active
    line.loss_percent = vehicle.loss.percent
    line.battery_age_s = _youngest(vehicle.age_s(Battery), vehicle.age_s(SystemStatus))


def _kept(drone: Drone, kind: type) -> bool:
    """Whether what the camera last said is still shown: it may be turned meanwhile."""
    return (drone.vehicle.age_s(kind) or 0.0) < CAMERA_KEPT_S


def _youngest(*ages: float | None) -> float | None:
    known = [a for a in ages if a is not None]
    return min(known, default=None)
