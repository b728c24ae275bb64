"""The launch gate's reasons: every one against a launch, all at once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gcs.gateway.geofence import against_height, against_place
from gcs.geo.volumes import against_volumes
from gcs.link.parameters import SafetySettings
from gcs.link.settings import stops_motors
from gcs.model.command import Waiver
from gcs.model.fence import FencePlan
from gcs.model.place import Position
from gcs.model.site import AuthorisedVolume, Fence, Safety
from gcs.model.telemetry import Phase
from gcs.model.vehicle import FenceState

OLD_AFTER_S = 5.0

_FENCES: dict[FenceState, str] = {
    FenceState.UPLOADING: "the geofence is just being brought to the vehicle",
    FenceState.DIFFERS: "the vehicle holds another geofence than the site's",
    FenceState.LOADED: "the vehicle's geofence is not active: it is loaded and not enabled",
    FenceState.FAILED: "the vehicle's geofence is not active: it could not be brought there",
}


@dataclass(frozen=True, slots=True)
class LaunchFacts:
    """What the gate looks at. None: the vehicle did not tell.

    `settings` None: they are not read yet. `target` None: no launch is asked for, and what
    speaks against any is told. `keeper_refusal`: why the keeper does not authorise it; empty =
    it does. `ages_s`: how old the vehicle's word on each thing is; a launch rests on nothing old.
    `weather`: what the dock's own station says against it. `trouble`: why the vehicle gets no
    commands at all.
    """

    phase: Phase
    supported: bool
    ready: bool
    not_ready_because: tuple[str, ...]
    gnss_fix: bool
    battery_percent: float | None
    wind_mps: float | None
    settings: SafetySettings | None
    required_return_height_m: float
    fence: FenceState
    failsafe: bool
    roof_m: float
    start: Position | None
    target: Position | None
    height_m: float
    keeper_refusal: str
    ages_s: tuple[tuple[str, float | None], ...] = ()
    max_wind_mps: float | None = None
    weather: tuple[str, ...] = ()
    trouble: str = ""
    incident: str | None = None
    gcs_system_id: int = 255
    volumes: Sequence[AuthorisedVolume] = ()
    utc_ms: int = 0
    waived: frozenset[Waiver] = field(default_factory=frozenset)


def reasons_against(
    facts: LaunchFacts, safety: Safety, fence: FencePlan | Fence
) -> tuple[str, ...]:
    """Why this launch is refused; empty when it may go."""
    return (
        *([facts.trouble] if facts.trouble else []),
        *_vehicle(facts, safety),
        *_old(facts.ages_s),
        *_wind(facts, safety),
        *_settings(facts, fence.ceiling_relative_m),
        *_goal(facts, safety, fence),
        *([facts.keeper_refusal] if facts.keeper_refusal else []),
    )


def _vehicle(facts: LaunchFacts, safety: Safety) -> list[str]:
    reasons = []
    if not facts.supported:
        reasons.append("this kind of autopilot is not supported")
    if facts.phase is not Phase.DOCKED:
        reasons.append(f"it is not in its dock: {facts.phase.value.replace('_', ' ')}")
    if facts.failsafe:
        reasons.append("the vehicle is in a failsafe")
    if not facts.ready:
        reasons.extend(facts.not_ready_because or ["the vehicle is not ready to arm"])
    if not facts.gnss_fix:
        reasons.append("no 3D GNSS fix")
    low = safety.min_battery_percent
    if facts.battery_percent is None:
        reasons.append("the battery is not known")
    elif facts.battery_percent < low:
        reasons.append(f"battery {facts.battery_percent:.0f} %, at least {low:.0f} % is needed")
    if facts.fence is not FenceState.ACTIVE:
        reasons.append(_FENCES.get(facts.fence, "the vehicle's geofence is not active"))
    return reasons


def _old(ages_s: tuple[tuple[str, float | None], ...]) -> list[str]:
    return [
        f"the vehicle last told its {what} {age:.0f} s ago"
        for what, age in ages_s
        if age is not None and age > OLD_AFTER_S
    ]


def _wind(facts: LaunchFacts, safety: Safety) -> list[str]:
    most = safety.max_wind_mps if facts.max_wind_mps is None else facts.max_wind_mps
    reasons = list(facts.weather)
    if facts.wind_mps is not None and facts.wind_mps > most:
        reasons.append(f"wind {facts.wind_mps:.0f} m/s, at most {most:.0f} m/s")
    return reasons


def _settings(facts: LaunchFacts, ceiling_m: float) -> list[str]:
    settings = facts.settings
    if settings is None:
        return ["the vehicle's settings have not been read yet"]
    action, height = settings.gcs_loss_action, settings.return_height_m
    if action is None and height is None and settings.gcs_system_id is None:
        return [
            "the vehicle does not tell its GCS-loss action, its return height or any setting: "
            "it does not answer, or not this ground station"
        ]
    return [
        *_gcs_loss(settings),
        *_station(settings, facts.gcs_system_id),
        *_return_height(facts, settings, ceiling_m),
    ]


def _gcs_loss(settings: SafetySettings) -> list[str]:
    name, action = settings.name("gcs_loss_action"), settings.gcs_loss_action
    if action is None:
        return [f"the vehicle does not tell its GCS-loss action ({name})"]
    if action == 0:
        return [f"the GCS-loss action is off ({name} is 0)"]
    if stops_motors(name, action):
        return [f"the GCS-loss action would stop the motors in the air ({name} is {action:.0f})"]
    return []


def _station(settings: SafetySettings, ours: int) -> list[str]:
    if settings.heeds(ours) is not False:
        return []
    reason = f"the vehicle heeds ground station {settings.gcs_system_id:.0f}, this one is {ours}"
    return [reason + (", and no other may command it" if settings.enforced else "")]


def _return_height(facts: LaunchFacts, settings: SafetySettings, ceiling_m: float) -> list[str]:
    height, needed = settings.return_height_m, facts.required_return_height_m
    if height is None:
        name = settings.name("return_height_m")
        return [f"the vehicle does not tell its return height ({name})"]
    if height < needed and Waiver.RETURN_HEIGHT not in facts.waived:
        return [f"return height is {height:.0f} m, at least {needed:.0f} m is needed here"]
    if height > ceiling_m:
        return [f"return height {height:.0f} m is above the fence's ceiling, {ceiling_m:.0f} m"]
    return []


def _goal(facts: LaunchFacts, safety: Safety, fence: FencePlan | Fence) -> list[str]:
    """What speaks against this launch, not against any."""
    if facts.target is None:
        return []
    reasons = [] if facts.incident else ["a launch needs an incident number"]
    reasons += against_place(fence, facts.target, facts.height_m, facts.start)
    reasons += against_height(facts.height_m, facts.roof_m, safety.max_height_agl_m)
    if Waiver.VOLUME not in facts.waived:
        agl_m = facts.height_m + facts.roof_m
        reasons += against_volumes(facts.volumes, facts.start, facts.target, agl_m, facts.utc_ms)
    return reasons
