"""The telemetry batch: every drone of the gateway in one message, 10 times a second.

Latest wins: a batch that cannot go out is dropped, never queued.
"""

from collections.abc import Sequence

from gcs.gateway.drone import Drone
from gcs.gateway.payload import camera_zoom, look_direction
from gcs.gateway.ticker import every
from gcs.link.reports import (
    Attitude,
    Battery,
    CameraSettings,
    FenceStatus,
    GimbalAttitude,
    Gnss,
    Heartbeat,
    Motion,
    SystemStatus,
    Wind,
)
from gcs.model.telemetry import DroneTelemetry, TelemetryBatch
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects

PERIOD_S = 0.1
WIND_KEPT_S = 60.0
CAMERA_KEPT_S = 5.0


def telemetry(drone: Drone) -> DroneTelemetry:
    """What the vehicle reports now, in the desks' words."""
    vehicle = drone.vehicle
    motion = vehicle.value(Motion)
    attitude = vehicle.value(Attitude)
    gnss = vehicle.value(Gnss)
    fence = vehicle.value(FenceStatus)
    wind = vehicle.value(Wind) if (vehicle.age_s(Wind) or 0.0) < WIND_KEPT_S else None
    looks = look_direction(drone) if _kept(drone, GimbalAttitude) else None
    mode, word = drone.mode_and_word
    return DroneTelemetry(
        drone=drone.id,
        system_id=vehicle.system_id,
        phase=drone.phase,
        mode=mode,
        mode_name=word,
        armed=drone.armed,
        landed=drone.landed,
        failsafe=drone.failsafe,
        ready=drone.ready,
        not_ready_because=() if drone.ready else tuple(drone.not_ready),
        position=motion.position if motion else None,
        relative_m=motion.relative_m if motion else None,
        agl_m=motion.relative_m + drone.dock.roof_height_m if motion else None,
        heading_deg=motion.heading_deg if motion else None,
        roll_deg=attitude.roll_deg if attitude else None,
        pitch_deg=attitude.pitch_deg if attitude else None,
        ground_speed_mps=motion.ground_speed_mps if motion else None,
        climb_mps=motion.climb_mps if motion else None,
        battery_percent=drone.battery_percent,
        battery_v=_volts(drone),
        endurance_s=drone.endurance_s,
        wind_mps=wind.speed_mps if wind else None,
        wind_from_deg=wind.from_deg if wind else None,
        satellites=gnss.satellites if gnss else None,
        target=drone.target,
        gimbal_pitch_deg=looks[0] if looks else None,
        gimbal_yaw_deg=looks[1] if looks else None,
        zoom=camera_zoom(drone) if _kept(drone, CameraSettings) else None,
        fence_active=drone.fence_active,
        fence_breached=fence is not None and fence.breached,
        heartbeat_age_s=vehicle.age_s(Heartbeat),
        position_age_s=vehicle.age_s(Motion),
        battery_age_s=_youngest(vehicle.age_s(Battery), vehicle.age_s(SystemStatus)),
        uplink_ms=vehicle.round_trip_ms,
        loss_percent=vehicle.loss.percent,
    )


def _kept(drone: Drone, kind: type) -> bool:
    """Whether what the camera last said is still shown: it may be turned meanwhile."""
    return (drone.vehicle.age_s(kind) or 0.0) < CAMERA_KEPT_S


def _volts(drone: Drone) -> float | None:
    battery = drone.vehicle.value(Battery)
    if battery is not None and battery.voltage_v is not None:
        return battery.voltage_v
    status = drone.vehicle.value(SystemStatus)
    return None if status is None else status.battery_v


def _youngest(*ages: float | None) -> float | None:
    known = [a for a in ages if a is not None]
    return min(known, default=None)


class Batcher:
    """Publishes the batches. `ours` says whether this instance speaks for the network."""

    def __init__(
        self,
        bus: Bus,
        subjects: Subjects,
        gateway: str,
        instance: str,
        drones: Sequence[Drone],
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._subject = subjects.telemetry(gateway)
        self._gateway = gateway
        self._instance = instance
        self._drones = drones
        self._clock = clock
        self._sequence = 0

    def make(self) -> TelemetryBatch:
        """The next batch."""
        self._sequence += 1
        drones = tuple(telemetry(d) for d in self._drones)
        return TelemetryBatch(
            self._gateway, self._instance, self._sequence, self._clock.utc_ms(), drones
        )

    async def run(self) -> None:
        """Publish for ever."""
        async for _ in every(PERIOD_S):
            await self._bus.publish(self._subject, self.make())
