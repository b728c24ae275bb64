"""How far the site's geofence has come at each drone, in words. Pure."""

from gcs.model.telemetry import Phase
from gcs.model.vehicle import FenceState
from gcs.station.state import DeskState
from ui.text import Span, Tone, short_time

STALE_S = 10.0
MOST_NAMED = 3
WORDS = {
    FenceState.UNKNOWN: "not heard of it",
    FenceState.UPLOADING: "uploading",
    FenceState.DIFFERS: "holds another fence",
    FenceState.LOADED: "loaded, not enabled",
    FenceState.FAILED: "failed",
}


def recorded_words(state: DeskState) -> str:
    """Which fence is on record, and by whom."""
    plan = state.fence
    if not plan.version:
        return "The site file's own fence."
    by = f" by {plan.set_by}" if plan.set_by else ""
    at = f" at {short_time(plan.set_utc_ms)}" if plan.set_utc_ms else ""
    return f"Fence {plan.version}, set{by}{at}."


def drones_words(state: DeskState) -> Span:
    """`Fence 3 active on 8 of 9; ISL-04 uploading`: by what each vehicle shows."""
    version = state.fence.version
    drones = [d.id for d in state.site.drones]
    active, rest, unheard = 0, [], 0
    for drone in drones:
        profile, age_s = state.profile(drone), state.profile_age_s(drone)
        if profile is None or age_s is None or age_s > STALE_S:
            unheard += 1
            continue
        fence = profile.fence
        if fence.state is FenceState.ACTIVE and fence.version == version:
            active += 1
        elif fence.state is FenceState.ACTIVE:
            rest.append((drone, f"still fence {fence.version}", fence.text))
        else:
            rest.append((drone, WORDS[fence.state], fence.text))
    if unheard == len(drones):
        return Span(_reported(state), Tone.QUIET)
    told = [f"{d} {what}" + (f": {text}" if text else "") for d, what, text in rest[:MOST_NAMED]]
    if len(rest) > MOST_NAMED:
        told.append(f"{len(rest) - MOST_NAMED} more not active")
    if unheard:
        told.append(f"{unheard} not heard")
    name = f"Fence {version}" if version else "The site's fence"
    words = "; ".join([f"{name} is active on {active} of {len(drones)}", *told])
    return Span(words, Tone.TEXT if active == len(drones) else Tone.CAUTION)


def _reported(state: DeskState) -> str:
    """No gateway tells which fence a vehicle holds: all that is known is its enabled bit."""
    heard = [v for v in state.fleet.drones if v.telemetry.phase is not Phase.SILENT]
    active = sum(v.telemetry.fence_active for v in heard)
    return f"A fence is active on {active} of {len(state.site.drones)}; which one is not told."
