"""The drones that go with a mission when a desk takes or closes it. Pure."""

from gcs.model.control import ControlState
from gcs.station.state import DeskState


def taken_along(state: DeskState, key: str) -> tuple[str, ...]:
    """Drones away for the mission that nobody holds, while it is nobody's or this desk's.

    Who takes them has the mission: its owner is who holds its drones.
    """
    mission = state.mission(key)
    if mission is None or mission.owner not in (None, state.me):
        return ()
    records = ((part.drone, state.control(part.drone)) for part in mission.away)
    return tuple(drone for drone, record in records if record and record.holder is None)


def still_held(state: DeskState, key: str) -> tuple[str, ...]:
    """Drones that this desk holds for the mission."""
    records = ((spec.id, state.control(spec.id)) for spec in state.site.drones)
    return tuple(
        drone
        for drone, record in records
        if record and (record.holder, record.incident) == (state.me, key)
        if record.state is ControlState.OWNED
    )
