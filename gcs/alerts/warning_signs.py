"""The conditions of the catalogue, each in words or empty. Pure; thresholds stand in the table."""

from collections.abc import Callable

from gcs.alerts.flight_facts import DroneFacts
from gcs.model.event import Severity
from gcs.model.telemetry import Phase
from gcs.model.traffic import Encounter
from gcs.model.vehicle import FenceState, SettingVerdict, SigningState

_GOING_HOME = frozenset({Phase.RETURNING, Phase.LANDING})
GCS_LOSS = "gcs_loss_action"


def traffic_warning(facts: DroneFacts) -> str:
    """Another aircraft, as the gateway judged it."""
    return _traffic(facts, Severity.WARNING)


def traffic_caution(facts: DroneFacts) -> str:
    """The same, one step lower."""
    return _traffic(facts, Severity.CAUTION)


def _traffic(facts: DroneFacts, severity: Severity) -> str:
    own = [e for e in facts.encounters if e.severity is severity and e.drone == facts.drone]
    if not own:
        return ""
    own.sort(key=lambda e: (_soon(e), e.distance_m))
    more = f" and {len(own) - 1} more" if len(own) > 1 else ""
    return f"{facts.drone}: {_meeting(facts, own[0])}{more}"


def _soon(encounter: Encounter) -> float:
    return 1e9 if encounter.closest_s is None else encounter.closest_s


def _meeting(facts: DroneFacts, nearest: Encounter) -> str:
    name = facts.aircraft.get(nearest.icao) or f"aircraft {nearest.icao:06X}"
    said = f"{name}, {metres(nearest.distance_m)} away"
    if nearest.relative_m is not None:
        side = "above" if nearest.relative_m >= 0 else "below"
        said += f", {abs(nearest.relative_m):.0f} m {side}"
    if nearest.closest_s and nearest.closest_m is not None:
        said += f", {metres(nearest.closest_m)} in {nearest.closest_s:.0f} s"
    return said


def metres(value: float) -> str:
    """A distance for reading out."""
    return f"{value / 1000:.1f} km" if value >= 1000 else f"{value:.0f} m"


def failsafe(facts: DroneFacts) -> str:
    """The vehicle itself says so."""
    telemetry = facts.telemetry
    if not telemetry.failsafe:
        return ""
    return f"{facts.drone} is in a failsafe ({telemetry.mode_name or telemetry.mode.value})"


def fence_breach(facts: DroneFacts) -> str:
    """Outside, as the gateway judged it."""
    return f"{facts.drone} is outside its geofence" if facts.telemetry.fence_breached else ""


def fence_off(facts: DroneFacts) -> str:
    """In the air without a fence on board, or with another one than the site's, or with one that
    its settings take the force of."""
    fence = None if facts.profile is None else facts.profile.fence
    idle = fence is not None and fence.state in (FenceState.DIFFERS, FenceState.LOADED)
    if not facts.airborne or (facts.telemetry.fence_active and not idle):
        return ""
    other = facts.telemetry.fence_active and fence and fence.state is FenceState.DIFFERS
    what = "under another geofence than the site's" if other else "without an active geofence"
    why = "" if fence is None else fence.text
    return f"{facts.drone} flies {what}" + (f": {why}" if why else "")


def gnss_lost(age_s: float, satellites: int) -> Callable[[DroneFacts], str]:
    """In the air with an old position or with too few satellites."""

    def sign(facts: DroneFacts) -> str:
        if not facts.airborne:
            return ""
        seen = facts.telemetry.satellites
        old = facts.position_age_s is not None and facts.position_age_s > age_s
        if not old and (seen is None or seen >= satellites):
            return ""
        why = "tells no position" if old else f"sees {seen} satellites"
        return f"{facts.drone} has lost GNSS: it {why}"

    return sign


def battery(work_s: float, percent: float) -> Callable[[DroneFacts], str]:
    """In the air with less than this before it must fly home, or less than this in all."""

    def sign(facts: DroneFacts) -> str:
        telemetry = facts.telemetry
        if not facts.airborne or telemetry.phase in _GOING_HOME:
            return ""
        left = telemetry.battery_percent
        short = facts.work_s is not None and facts.work_s < work_s
        low = left is not None and left < percent
        if not (short or low):
            return ""
        said = "battery" if left is None else f"battery {left:.0f} %"
        if facts.work_s is None:
            return f"{facts.drone}: {said}"
        if facts.work_s < 0:
            return f"{facts.drone}: {said}, it should have left for home"
        return f"{facts.drone}: {said}, must leave for home in {facts.work_s / 60:.0f} min"

    return sign


def silent_in_flight(facts: DroneFacts) -> str:
    """No heartbeat of a drone that was in the air."""
    return _silent(facts) if facts.airborne else ""


def silent_on_ground(facts: DroneFacts) -> str:
    """No heartbeat of a drone that was on the ground."""
    return "" if facts.airborne else _silent(facts)


def _silent(facts: DroneFacts) -> str:
    if not facts.silent or facts.heartbeat_age_s is None:
        return ""
    return f"{facts.drone} is silent for {facts.heartbeat_age_s:.0f} s"


def uplink_lost(age_s: float) -> Callable[[DroneFacts], str]:
    """It is heard, and answers nothing."""

    def sign(facts: DroneFacts) -> str:
        age = facts.uplink_age_s
        if facts.silent or age is None or age <= age_s:
            return ""
        return f"{facts.drone} is heard but has answered nothing for {age:.0f} s"

    return sign


def trouble(facts: DroneFacts) -> str:
    """Two vehicles with one id, and whatever else makes commands be refused."""
    said = facts.telemetry.trouble
    return f"{facts.drone}: {said}" if said else ""


def signing_refused(facts: DroneFacts) -> str:
    """Its packets are signed with another key, or replayed."""
    profile = facts.profile
    if profile is None or profile.signing is not SigningState.REFUSED:
        return ""
    return f"{facts.drone}: its packets are refused by their signature"


def wind(share: float) -> Callable[[DroneFacts], str]:
    """In the air in more than this share of the wind its dock launches in."""

    def sign(facts: DroneFacts) -> str:
        speed = facts.telemetry.wind_mps
        if not facts.airborne or speed is None or speed <= share * facts.max_wind_mps:
            return ""
        return f"{facts.drone}: wind {speed:.0f} m/s, the limit is {facts.max_wind_mps:.0f}"

    return sign


def gcs_loss_off(facts: DroneFacts) -> str:
    """It would go on without its ground station."""
    settings = () if facts.profile is None else facts.profile.settings
    bad = (SettingVerdict.WARNING, SettingVerdict.CAUTION)
    if any(s.key == GCS_LOSS and s.verdict in bad for s in settings):
        return f"{facts.drone} does nothing when its ground station is lost"
    return ""
