"""The launch gate: every reason against a launch, all at once. Pure."""

from dataclasses import dataclass

from gcs.gateway.geofence import against_height, against_place
from gcs.link.parameters import SafetySettings
from gcs.model.place import Position
from gcs.model.site import Fence, Safety
from gcs.model.telemetry import Phase

OUR_GCS_SYSTEM_ID = 255.0
OLD_AFTER_S = 5.0


@dataclass(frozen=True, slots=True)
class LaunchFacts:
    """What the gate looks at. None: the vehicle did not tell.

    `keeper_refusal`: why the keeper does not authorise it; empty = it does. `ages_s`: how old
    the vehicle's word on each thing is; a launch rests on nothing old.
    """

    phase: Phase
    supported: bool
    ready: bool
    not_ready_because: tuple[str, ...]
    gnss_fix: bool
    battery_percent: float | None
    wind_mps: float | None
    settings: SafetySettings
    required_return_height_m: float
    fence_active: bool
    failsafe: bool
    roof_m: float
    start: Position | None
    target: Position
    height_m: float
    keeper_refusal: str
    ages_s: tuple[tuple[str, float | None], ...] = ()


def reasons_against(facts: LaunchFacts, safety: Safety, fence: Fence) -> tuple[str, ...]:
    """Why this launch is refused; empty when it may go."""
    return (
        *_vehicle(facts, safety),
        *_old(facts.ages_s),
        *_settings(facts, fence.ceiling_relative_m),
        *against_place(fence, facts.target, facts.height_m, facts.start),
        *against_height(facts.height_m, facts.roof_m, safety.max_height_agl_m),
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
    if facts.wind_mps is not None and facts.wind_mps > safety.max_wind_mps:
        reasons.append(f"wind {facts.wind_mps:.0f} m/s, at most {safety.max_wind_mps:.0f} m/s")
    if not facts.fence_active:
        reasons.append("the vehicle's geofence is not active")
    return reasons


def _old(ages_s: tuple[tuple[str, float | None], ...]) -> list[str]:
    return [
        f"the vehicle last told its {what} {age:.0f} s ago"
        for what, age in ages_s
        if age is not None and age > OLD_AFTER_S
    ]


def _settings(facts: LaunchFacts, ceiling_m: float) -> list[str]:
    settings = facts.settings
    reasons = []
    if settings.gcs_loss_action is None:
        reasons.append("the vehicle does not tell its GCS-loss action (FS_GCS_ENABLE)")
    elif settings.gcs_loss_action == 0:
        reasons.append("the GCS-loss action is off (FS_GCS_ENABLE is 0)")
    if settings.gcs_system_id not in (None, OUR_GCS_SYSTEM_ID):
        reasons.append(
            f"the vehicle heeds ground station {settings.gcs_system_id:.0f}, this one is 255"
        )
    height, needed = settings.return_height_m, facts.required_return_height_m
    if height is None:
        reasons.append("the vehicle does not tell its return height (RTL_ALT_M)")
    elif height < needed:
        reasons.append(f"return height is {height:.0f} m, at least {needed:.0f} m is needed here")
    elif height > ceiling_m:
        reasons.append(
            f"return height {height:.0f} m is above the fence's ceiling, {ceiling_m:.0f} m"
        )
    return reasons
