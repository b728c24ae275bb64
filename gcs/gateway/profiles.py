"""The vehicles' profiles for the desks: what each part of the gateway knows, put side by side.

Each 2 s those that changed, every one of them each 4 s; a few at a time, so that a city's
drones neither fill a message nor hold the loop.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gcs.gateway.drone import Drone
from gcs.gateway.spread import spread
from gcs.model.vehicle import (
    CameraReport,
    FenceReport,
    LinkReport,
    PlanReport,
    Setting,
    SigningState,
    VehicleProfile,
    VehicleProfiles,
)
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects

PERIOD_S = 2.0
REFRESH_S = 4.0
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class ProfileSources:
    """Who knows what; each is asked with the drone."""

    links: Callable[[Drone], tuple[LinkReport, ...]]
    signing: Callable[[Drone], tuple[SigningState, int]]
    settings: Callable[[Drone], tuple[Setting, ...]]
    settings_age_s: Callable[[Drone], float | None]
    slow_rates: Callable[[Drone], tuple[str, ...]]
    fence: Callable[[Drone], FenceReport]
    plan: Callable[[Drone], PlanReport]
    camera: Callable[[Drone], CameraReport]
    override: Callable[[Drone], str]
    blocked: Callable[[Drone], tuple[str, ...]]
    trouble: Callable[[Drone], str]
    autopilot: Callable[[Drone], tuple[str, str]]  # its name, its firmware


@dataclass(slots=True)
class _Told:
    lasting: tuple[object, ...]
    at_s: float


class Profiles:
    """Publishes the profiles for ever. `awake`: whether this instance tells at all."""

    def __init__(
        self,
        bus: Bus,
        subjects: Subjects,
        gateway: str,
        instance: str,
        drones: Sequence[Drone],
        sources: ProfileSources,
        clock: Clock,
        awake: Callable[[], bool],
    ) -> None:
        self._bus = bus
        self._subject = subjects.vehicles(gateway)
        self._gateway = gateway
        self._instance = instance
        self._drones = drones
        self._sources = sources
        self._clock = clock
        self._awake = awake
        self._told: dict[str, _Told] = {}

    async def run(self) -> None:
        """Look at each drone once in 2 s."""
        async for _, some in spread(self._drones, PERIOD_S, AT_ONCE):
            if self._awake():
                await self.turn(some)

    async def turn(self, some: Sequence[Drone] | None = None) -> None:
        """Tell what is due now; of these drones alone."""
        due = [p for d in (self._drones if some is None else some) if (p := self._due(d))]
        if due:
            now_ms = self._clock.utc_ms()
            profiles = VehicleProfiles(self._gateway, self._instance, now_ms, tuple(due))
            await self._bus.publish(self._subject, profiles)

    def profile(self, drone: Drone) -> VehicleProfile:
        """What is known of one vehicle now."""
        ask = self._sources
        name, firmware = ask.autopilot(drone)
        signing, dropped = ask.signing(drone)
        return VehicleProfile(
            drone=drone.id,
            network=drone.vehicle.network,
            system_id=drone.vehicle.system_id,
            autopilot=name,
            firmware=firmware,
            trouble=ask.trouble(drone),
            links=ask.links(drone),
            signing=signing,
            signing_dropped=dropped,
            settings=ask.settings(drone),
            settings_age_s=ask.settings_age_s(drone),
            slow_rates=ask.slow_rates(drone),
            fence=ask.fence(drone),
            plan=ask.plan(drone),
            camera=ask.camera(drone),
            override=ask.override(drone),
            blocked=ask.blocked(drone),
        )

    def _due(self, drone: Drone) -> VehicleProfile | None:
        profile, now_s = self.profile(drone), self._clock.monotonic()
        told = self._told.get(drone.id)
        lasting = _lasting(profile)
        if (
            told is not None
            and told.lasting == lasting
            and now_s - told.at_s < REFRESH_S - PERIOD_S / 2
        ):
            return None
        self._told[drone.id] = _Told(lasting, now_s)
        return profile


def _lasting(profile: VehicleProfile) -> tuple[object, ...]:
    """What a change of is news: not what goes on by itself from second to second."""
    return (
        profile.autopilot,
        profile.firmware,
        profile.trouble,
        [(k.endpoint, k.address, k.up, k.used) for k in profile.links],
        profile.signing,
        profile.settings,
        profile.slow_rates,
        profile.fence,
        profile.plan,
        profile.camera,
        profile.override,
        profile.blocked,
    )
