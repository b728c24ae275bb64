"""A mission's course, pure: what each act and each event makes of its record.

An act gives the new record or a refusal in words. An event gives the new record, which is
the same one when the event changes nothing; events may come twice or late. Who owns a mission
whose drones are away is `gcs.keeper.ownership`.
"""

from dataclasses import dataclass, replace

from gcs.model.event import GatewayEvent
from gcs.model.mission import MissionDrone, MissionRecord, MissionState, Stage
from gcs.model.people import Holder
from gcs.model.telemetry import Phase

UNDER_WAY = frozenset({MissionState.LAUNCHED, MissionState.ON_SCENE, MissionState.RETURNING})
TAKEN_OFF = frozenset({Phase.CLIMBING, Phase.EN_ROUTE, Phase.ON_SCENE})


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, in a sentence for the operator."""

    text: str


Result = MissionRecord | Refused


# -- acts ------------------------------------------------------------------------------------
def take(mission: MissionRecord, by: Holder, owner_present: bool, utc_ms: int) -> Result:
    """Make `by` the owner of a mission that has none, or whose owner's desk is gone."""
    key, owner = mission.incident.key, mission.owner
    if mission.state is MissionState.CLOSED:
        return Refused(f"Incident {key} is closed.")
    if owner == by:
        return mission
    if mission.away:
        holder = f"{owner.label} has it" if owner else "nobody has it"
        return Refused(
            f"{_flying(mission)} for incident {key} and {holder}: "
            "the incident goes with control of the drone."
        )
    if owner is not None and (owner_present or mission.drones):
        return Refused(f"Incident {key} is taken by {owner.label}.")
    state = MissionState.TAKEN if mission.state is MissionState.OPEN else mission.state
    return replace(mission, state=state, owner=by, taken_utc_ms=mission.taken_utc_ms or utc_ms)


def release(mission: MissionRecord, by: Holder) -> Result:
    """Give a taken mission back to the queue."""
    key = mission.incident.key
    if mission.owner != by:
        return _not_yours(mission)
    if mission.state is not MissionState.TAKEN:
        return Refused(f"Incident {key} is {_words(mission.state)}: it can be closed only.")
    return _launching(mission) or replace(
        mission, state=MissionState.OPEN, owner=None, taken_utc_ms=None
    )


def close(mission: MissionRecord, by: Holder, outcome: str, utc_ms: int) -> Result:
    """End a mission whose drones, if it had any, are all home."""
    key = mission.incident.key
    if mission.state is MissionState.CLOSED:
        return Refused(f"Incident {key} is closed already.")
    if mission.owner != by:
        return _not_yours(mission)
    if mission.away:
        names = _names(mission.away)
        them = f"{names} is away from its dock"
        if len(mission.away) > 1:
            them = f"{names} are away from their docks"
        return Refused(f"{them}: incident {key} stays open.")
    return _launching(mission) or replace(
        mission, state=MissionState.CLOSED, closed_utc_ms=utc_ms, outcome=outcome
    )


def authorise(mission: MissionRecord, by: Holder, drone: str) -> Result:
    """Record a drone that is to be launched for a mission, for its owner only.

    Also beside others, under way or not: a relief, or a second view.
    """
    key = mission.incident.key
    if mission.state is MissionState.CLOSED:
        return Refused(f"Incident {key} is closed.")
    if mission.owner != by:
        return _not_yours(mission)
    known = mission.part(drone)
    if known is not None and known.away:
        return Refused(f"{drone} flies for incident {key} already.")
    return mission if known else replace(mission, drones=(*mission.drones, MissionDrone(drone)))


def lapse(mission: MissionRecord, drone: str) -> MissionRecord:
    """An authorised launch that did not come about: the drone is the mission's no more."""
    part = mission.part(drone)
    return mission if part is None or part.away else _without(mission, drone)


def _launching(mission: MissionRecord) -> Refused | None:
    if not mission.drones:
        return None
    verb = "are" if len(mission.drones) > 1 else "is"
    what = f"{_names(mission.drones)} {verb} being launched"
    return Refused(f"{what} for incident {mission.incident.key}.")


def _not_yours(mission: MissionRecord) -> Refused:
    key, owner = mission.incident.key, mission.owner
    return Refused(
        f"Incident {key} is {owner.label}'s." if owner else f"Incident {key} is nobody's: take it."
    )


def _flying(mission: MissionRecord) -> str:
    return f"{_names(mission.away)} {'fly' if len(mission.away) > 1 else 'flies'}"


def _names(drones: tuple[MissionDrone, ...]) -> str:
    return " and ".join(d.drone for d in drones)


def _words(state: MissionState) -> str:
    return state.value.replace("_", " ")


# -- events ----------------------------------------------------------------------------------
def after_phase(mission: MissionRecord, event: GatewayEvent) -> MissionRecord:
    """What a drone's new phase makes of the mission it flies for."""
    if mission.state is MissionState.CLOSED or event.phase is None:
        return mission
    part = mission.part(event.drone)
    if part is None:
        # It took off for this incident, and nobody told: better late than not at all.
        if event.incident != mission.incident.key or event.phase not in TAKEN_OFF:
            return mission
        part = MissionDrone(event.drone)
        mission = replace(mission, drones=(*mission.drones, part))
    if part.away and event.phase in _HOME:
        return _standing(_without(mission, part.drone), event)
    stage = _stage(part.stage, event.phase)
    if stage is part.stage:
        return mission
    moved = replace(part, stage=stage)
    drones = tuple(moved if d is part else d for d in mission.drones)
    return _standing(replace(mission, drones=drones), event)


# On the ground elsewhere it flies for the mission no more either.
_HOME = frozenset({Phase.DOCKED, Phase.LANDED})
_COMES_DOWN = frozenset({Phase.RETURNING, Phase.LANDING})


def _stage(before: Stage, phase: Phase) -> Stage:
    if phase is Phase.ON_SCENE:
        return Stage.ON_SCENE
    if phase in TAKEN_OFF:
        return Stage.OUT if before in (Stage.SENT, Stage.RETURNING) else before
    if phase in _COMES_DOWN and before is not Stage.SENT:
        return Stage.RETURNING
    return before


_STATES = (
    (Stage.ON_SCENE, MissionState.ON_SCENE),
    (Stage.OUT, MissionState.LAUNCHED),
    (Stage.RETURNING, MissionState.RETURNING),
)


def _standing(mission: MissionRecord, event: GatewayEvent) -> MissionRecord:
    """The mission stands where the foremost of its drones does; each time is the first."""
    stages = {d.stage for d in mission.drones}
    home = MissionState.RETURNING if mission.state in UNDER_WAY else mission.state
    state = next((s for stage, s in _STATES if stage in stages), home)
    launched, there = mission.launched_utc_ms, mission.on_scene_utc_ms
    if state is MissionState.LAUNCHED:
        launched = launched or event.utc_ms
    if state is MissionState.ON_SCENE:
        there = there or event.utc_ms
    return replace(mission, state=state, launched_utc_ms=launched, on_scene_utc_ms=there)


def _without(mission: MissionRecord, drone: str) -> MissionRecord:
    return replace(mission, drones=tuple(d for d in mission.drones if d.drone != drone))
