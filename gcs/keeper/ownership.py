"""Whose a mission is while its drones are away: who holds them. Pure.

A mission with several drones goes over drone by drone, as their control does: its owner stays
until he holds none of them, and the record shows who has which until all are in one hand.
"""

from collections.abc import Mapping
from dataclasses import replace

from gcs.model.control import ControlRecord, ControlState
from gcs.model.mission import MissionDrone, MissionRecord, MissionState
from gcs.model.people import Holder


def after_control(mission: MissionRecord, records: Mapping[str, ControlRecord]) -> MissionRecord:
    """The mission as the control records of its drones have it; `records` by drone.

    Whoever stands in a record holds the drone, in every state of a hand-over or takeover. What
    was released on the way home leaves the owner: somebody has to close the mission.
    """
    if mission.state is MissionState.CLOSED or not mission.away:
        return mission
    drones = tuple(_held(d, records.get(d.drone)) for d in mission.drones)
    return replace(mission, drones=drones, owner=_owner(mission.owner, drones))


def _held(part: MissionDrone, record: ControlRecord | None) -> MissionDrone:
    if record is None or not part.away:
        return part
    orphaned = record.state is ControlState.ORPHANED
    return replace(part, holder=record.holder, orphaned=orphaned)


def _owner(before: Holder | None, drones: tuple[MissionDrone, ...]) -> Holder | None:
    holders = [d.holder for d in drones if d.away and d.holder]
    if holders:
        return before if before in holders else holders[0]
    return None if any(d.away and d.orphaned for d in drones) else before
