"""What a launch would do, in two lines, and what it relies on. Pure."""

from gcs.dispatch.ranking import Candidate
from gcs.geo.earth import distance_m
from gcs.model.mission import MissionRecord, MissionState
from gcs.station.state import DeskState
from ui.text import duration, metres, seconds_words

DEFAULT_HEIGHT_M = 60
LOWEST_M = 20


def launchable(state: DeskState, mission: MissionRecord | None) -> bool:
    """Whether the launch sheet belongs to this mission: taken by me, no drone yet."""
    return (
        mission is not None
        and mission.owner == state.me
        and mission.state is MissionState.TAKEN
        and mission.drone is None
    )


def launch_lines(
    state: DeskState, mission: MissionRecord, candidate: Candidate, height_m: float
) -> tuple[str, str]:
    """The two lines beside the Launch button."""
    incident = mission.incident
    dock = state.site.dock_of(candidate.drone)
    away = metres(distance_m(dock.position, incident.position))
    agl = metres(height_m + dock.roof_height_m)
    return (
        f"{candidate.drone} leaves {dock.name}, climbs {metres(height_m)} (to {agl} AGL) "
        f"and flies {away} to {incident.place}.",
        f"There in about {seconds_words(candidate.arrival_s)}, "
        f"{duration(candidate.on_scene_s)} of work left; "
        f"you hold control, incident {incident.number}.",
    )


def launch_guard(
    state: DeskState, key: str, drone: str, height_m: float
) -> tuple[bool, bool, object]:
    """What the hold relies on: the mission is still ours, the drone can still go."""
    possible = any(c.drone == drone and c.possible for c in state.candidates(key, height_m))
    return launchable(state, state.mission(key)), possible, height_m
