"""A mission's course, pure: what each act and each event makes of its record.

An act gives the new record or a refusal in words. An event gives the new record, which is
the same one when the event changes nothing; events may come twice or late.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from gcs.model.control import ControlRecord, ControlState
from gcs.model.event import GatewayEvent
from gcs.model.mission import MissionRecord, MissionState
from gcs.model.people import Holder
from gcs.model.telemetry import Phase

UNDER_WAY = frozenset({MissionState.LAUNCHED, MissionState.ON_SCENE, MissionState.RETURNING})


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, in a sentence for the operator."""

    text: str


Result = MissionRecord | Refused


def flying(mission: MissionRecord) -> bool:
    """A drone of this mission is away from its dock."""
    return mission.state in UNDER_WAY and mission.drone is not None


# -- acts ------------------------------------------------------------------------------------
def take(mission: MissionRecord, by: Holder, owner_present: bool, utc_ms: int) -> Result:
    """Make `by` the owner of a mission that has none, or whose owner's desk is gone."""
    key, owner = mission.incident.key, mission.owner
    if mission.state is MissionState.CLOSED:
        return Refused(f"Incident {key} is closed.")
    if owner == by:
        return mission
    if flying(mission):
        holder = f"{owner.label} has it" if owner else "nobody has it"
        return Refused(
            f"{mission.drone} flies for incident {key} and {holder}: "
            "the incident goes with control of the drone."
        )
    if owner is not None and (owner_present or mission.drone is not None):
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
    if mission.drone is not None:
        return Refused(f"{mission.drone} is being launched for incident {key}.")
    return replace(mission, state=MissionState.OPEN, owner=None, taken_utc_ms=None)


def close(mission: MissionRecord, by: Holder, outcome: str, utc_ms: int) -> Result:
    """End a mission whose drone, if it had one, is back in its dock."""
    key = mission.incident.key
    if mission.state is MissionState.CLOSED:
        return Refused(f"Incident {key} is closed already.")
    if mission.owner != by:
        return _not_yours(mission)
    if flying(mission):
        return Refused(f"{mission.drone} is away from its dock: incident {key} stays open.")
    if mission.drone is not None:
        return Refused(f"{mission.drone} is being launched for incident {key}.")
    return replace(mission, state=MissionState.CLOSED, closed_utc_ms=utc_ms, outcome=outcome)


def authorise(mission: MissionRecord, by: Holder, drone: str) -> Result:
    """Record the drone that is to be launched for a mission, for its owner only."""
    key = mission.incident.key
    if mission.state is MissionState.CLOSED:
        return Refused(f"Incident {key} is closed.")
    if mission.owner != by:
        return _not_yours(mission)
    if mission.drone not in (None, drone):
        return Refused(f"{mission.drone} is already sent to incident {key}.")
    return replace(mission, drone=drone)


def lapse(mission: MissionRecord) -> MissionRecord:
    """An authorised launch that did not come about: the mission has no drone."""
    return replace(mission, drone=None) if mission.state is MissionState.TAKEN else mission


def _not_yours(mission: MissionRecord) -> Refused:
    key, owner = mission.incident.key, mission.owner
    return Refused(
        f"Incident {key} is {owner.label}'s." if owner else f"Incident {key} is nobody's: take it."
    )


def _words(state: MissionState) -> str:
    return state.value.replace("_", " ")


# -- events ----------------------------------------------------------------------------------
def after_phase(mission: MissionRecord, event: GatewayEvent) -> MissionRecord:
    """What a drone's new phase makes of the mission it flies for."""
    change = _BY_PHASE.get(event.phase) if event.phase is not None else None
    if change is None or mission.state is MissionState.CLOSED:
        return mission
    if mission.drone not in (None, event.drone):
        return mission
    return change(mission, event)


def after_control(mission: MissionRecord, record: ControlRecord) -> MissionRecord:
    """The owner of a flying mission is who controls its drone; nobody when it is orphaned.

    Control released on the way home leaves the owner: somebody has to close the mission.
    """
    if not flying(mission) or mission.drone != record.drone:
        return mission
    if record.state is ControlState.ORPHANED:
        return replace(mission, owner=None)
    return replace(mission, owner=record.holder) if record.holder else mission


def _set_out(mission: MissionRecord, event: GatewayEvent) -> MissionRecord:
    if mission.state is MissionState.ON_SCENE and mission.drone is not None:
        return mission
    if mission.state is MissionState.LAUNCHED and mission.drone is not None:
        return mission
    return replace(
        mission,
        state=MissionState.LAUNCHED,
        drone=event.drone,
        launched_utc_ms=mission.launched_utc_ms or event.utc_ms,
    )


def _arrived(mission: MissionRecord, event: GatewayEvent) -> MissionRecord:
    return replace(
        mission,
        state=MissionState.ON_SCENE,
        drone=event.drone,
        on_scene_utc_ms=mission.on_scene_utc_ms or event.utc_ms,
    )


def _turned_back(mission: MissionRecord, event: GatewayEvent) -> MissionRecord:
    if mission.state not in UNDER_WAY:
        return mission
    return replace(mission, state=MissionState.RETURNING, drone=event.drone)


def _home(mission: MissionRecord, event: GatewayEvent) -> MissionRecord:
    if not flying(mission):
        return mission
    return replace(mission, state=MissionState.RETURNING, drone=None)


_BY_PHASE: dict[Phase, Callable[[MissionRecord, GatewayEvent], MissionRecord]] = {
    Phase.CLIMBING: _set_out,
    Phase.EN_ROUTE: _set_out,
    Phase.ON_SCENE: _arrived,
    Phase.RETURNING: _turned_back,
    Phase.LANDING: _turned_back,
    Phase.DOCKED: _home,
    Phase.LANDED: _home,  # on the ground elsewhere: it flies for this mission no more
}
