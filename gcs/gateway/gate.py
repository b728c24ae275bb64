"""The launch gate: gathers what speaks against a launch, from vehicle, dock, site and keeper.

It decides nothing by itself: what a fact means is said in `launch.py`. It moves no vehicle.
"""

import asyncio
from collections.abc import Callable

from gcs.gateway.dock_weather import STALE_S, DockWeatherBook
from gcs.gateway.drone import Drone
from gcs.gateway.launch import LaunchFacts, reasons_against
from gcs.gateway.override import Overrides
from gcs.geo.fence_plan import plan_of
from gcs.link.parameters import ParameterReader, SafetySettings
from gcs.link.reports import Gnss, Motion, SystemStatus, Wind
from gcs.model.command import Command
from gcs.model.fence import FencePlan
from gcs.model.mission import KeeperReply, LaunchAuthorisation
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.model.vehicle import FenceState
from gcs.runtime.clock import Clock, SystemClock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.codec import BadMessage
from gcs.shared.subjects import Subjects

# What the gate weighs of the vehicle's own word, sent at least once a second each.
WEIGHED = {Motion: "position", SystemStatus: "state of health", Gnss: "GNSS fix"}
# What is read again before each launch.
ASKED = frozenset(
    {"gcs_loss_action", "return_height_m", "gcs_system_id", "gcs_system_id_hi", "options"}
)
KEEPER_S = 1.5


class LaunchGate:
    """Every reason against a launch, all at once.

    `settings` (as last read) is for `standing` alone: before a launch they are read again. A site
    without volumes is not checked for them, a dock without a weather station not for its wind.
    """

    def __init__(
        self,
        bus: Bus,
        subjects: Subjects,
        site: Site,
        parameters: ParameterReader,
        *,
        clock: Clock | None = None,
        fence_state: Callable[[str], FenceState] | None = None,
        fence_plan: Callable[[], FencePlan] | None = None,
        settings: Callable[[str], SafetySettings | None] | None = None,
        weather: DockWeatherBook | None = None,
        overrides: Overrides | None = None,
    ) -> None:
        self._bus = bus
        self._subjects = subjects
        self._site = site
        self._parameters = parameters
        self._clock = clock or SystemClock()
        self._fence_state = fence_state
        site_plan = plan_of(site.fence)
        self._fence_plan = fence_plan or (lambda: site_plan)
        self._settings = settings
        self._weather = weather
        self._overrides = overrides

    async def reasons_against(self, drone: Drone, command: Command, by: Holder) -> tuple[str, ...]:
        """Every reason against the launch; the settings are read from the vehicle now."""
        wanted = tuple(p for p in drone.autopilot.safety_parameters if p.key in ASKED)
        settings, keeper_refusal = await asyncio.gather(
            self._parameters.safety(drone.vehicle, wanted), self._ask_keeper(command, by)
        )
        return self._judged(drone, settings, command, keeper_refusal)

    def standing(self, drone: Drone) -> tuple[str, ...]:
        """What speaks against any launch of it now, by what is known; nothing is asked."""
        settings = None if self._settings is None else self._settings(drone.id)
        return self._judged(drone, settings, None, "")

    def override(self, drone: str) -> str:
        """What a supervisor waived for its next launch, in words; empty = nothing."""
        return "" if self._overrides is None else self._overrides.words(drone)

    def begun(self, drone: str) -> None:
        """The launch goes ahead: what was waived for it is used up."""
        if self._overrides is not None:
            self._overrides.consume(drone)

    def _judged(
        self,
        drone: Drone,
        settings: SafetySettings | None,
        command: Command | None,
        keeper_refusal: str,
    ) -> tuple[str, ...]:
        site, beat, motion = self._site, drone.heartbeat, drone.motion
        gnss, wind_mps = drone.vehicle.value(Gnss), _wind_mps(drone)
        target, height_m = goal(command) if command else (None, 0.0)
        facts = LaunchFacts(
            phase=drone.phase,
            supported=beat is None or drone.autopilot.known,
            ready=drone.ready,
            not_ready_because=tuple(drone.not_ready),
            gnss_fix=gnss is not None and gnss.fix_3d,
            battery_percent=drone.battery_percent,
            wind_mps=wind_mps,
            settings=settings,
            required_return_height_m=drone.return_height_m,
            fence=self._fence(drone),
            failsafe=drone.failsafe,
            roof_m=drone.dock.roof_height_m,
            start=motion.position if motion else None,
            target=target,
            height_m=height_m,
            keeper_refusal=keeper_refusal,
            ages_s=tuple((word, drone.vehicle.age_s(kind)) for kind, word in WEIGHED.items()),
            max_wind_mps=site.max_wind_mps(drone.id),
            weather=() if self._weather is None else self._weather.against(drone.id),
            trouble=drone.trouble,
            incident=command.incident if command else None,
            gcs_system_id=site.gcs_system_id,
            volumes=site.volumes,
            utc_ms=self._clock.utc_ms(),
            waived=frozenset() if self._overrides is None else self._overrides.now(drone.id),
        )
        return reasons_against(facts, site.safety, self._fence_plan())

    def _fence(self, drone: Drone) -> FenceState:
        if self._fence_state is not None:
            return self._fence_state(drone.id)
        return FenceState.ACTIVE if drone.fence_active else FenceState.UNKNOWN

    async def _ask_keeper(self, command: Command, by: Holder) -> str:
        gateway = self._site.gateway
        question = LaunchAuthorisation(
            command.id, gateway, command.drone, by, command.incident or ""
        )
        subject = self._subjects.authorise_launch(gateway)
        try:
            reply = await self._bus.request(subject, question, KeeperReply, KEEPER_S)
        except (NoAnswer, BadMessage):
            return "the keeper does not answer: launches are refused"
        return "" if reply.ok else reply.text


def _wind_mps(drone: Drone) -> float | None:
    """The vehicle's own estimate, which it has in flight alone; none of an hour ago."""
    wind, age_s = drone.vehicle.value(Wind), drone.vehicle.age_s(Wind)
    return None if wind is None or age_s is None or age_s > STALE_S else wind.speed_mps


def goal(command: Command) -> tuple[Position, float]:
    """Where a launch goes and how high above the dock's roof."""
    if command.target is None or command.height_m is None:
        raise ValueError(f"command {command.id}: a launch needs target and height_m")
    return command.target, command.height_m
