"""Whose a flying mission is: who holds its drones, one by one."""

from dataclasses import replace

import pytest

from gcs.keeper.ownership import after_control
from gcs.model.control import (
    HANDOVER,
    RECEIVING,
    Claim,
    ControlRecord,
    ControlState,
    Handover,
    HandoverKind,
    Offer,
)
from gcs.model.mission import MissionDrone, MissionRecord, MissionState, Stage
from gcs.model.people import Holder
from tests.unit.keeper.test_missions import HOME, ON_SCENE, ONE, SENT, TAKEN, TWO, A, B

C = Holder("supervisor-c", "Supervisor C", "desk-3")
S = ControlState
BOTH = replace(ON_SCENE, drones=(*ON_SCENE.drones, MissionDrone(TWO, Stage.ON_SCENE)))


def record(state: ControlState, holder: Holder | None = None, drone: str = ONE) -> ControlRecord:
    offer = Offer("o", "pilot-b", "Pilot B", "", 1, 2) if state is S.OFFERED else None
    claim = Claim("c", C, "why", 1, 2) if state in (S.REQUESTED, S.FORCED) else None
    handover = None
    if state in HANDOVER:
        handover = Handover("h", HandoverKind.OFFERED, A, B, "", 1, 2)
    return ControlRecord(
        drone, state, 3, 1, holder=holder, offer=offer, claim=claim, handover=handover
    )


def after(mission: MissionRecord, *records: ControlRecord) -> MissionRecord:
    return after_control(mission, {r.drone: r for r in records})


HOLDING = [s for s in S if s not in (S.UNOWNED, S.ORPHANED, S.UNCERTAIN)]


@pytest.mark.parametrize("state", HOLDING)
def test_the_owner_is_who_stands_in_the_record_in_every_state(state: ControlState) -> None:
    holder = B if state in RECEIVING else A
    for before in (ON_SCENE, replace(ON_SCENE, owner=None), replace(ON_SCENE, owner=C)):
        mission = after(before, record(state, holder))
        assert (mission.owner, mission.split) == (holder, "")
        assert mission.drones == (MissionDrone(ONE, Stage.ON_SCENE, holder),)


def test_an_orphaned_drone_leaves_its_mission_nobodys_and_who_takes_it_has_both() -> None:
    lost = after(ON_SCENE, record(S.ORPHANED))
    assert (lost.owner, lost.drones[0].orphaned) == (None, True)
    assert after(lost, record(S.TRANSFERRING, B)).owner == B


def test_what_was_released_on_the_way_home_leaves_the_owner() -> None:
    mission = after(ON_SCENE, record(S.UNOWNED))
    assert (mission.owner, mission.split) == (A, "")


@pytest.mark.parametrize("mission", [TAKEN, SENT, HOME, replace(BOTH, state=MissionState.CLOSED)])
def test_on_the_ground_and_when_closed_control_changes_nothing(mission: MissionRecord) -> None:
    for other in (record(S.OWNED, B), record(S.ORPHANED)):
        assert after(mission, other) == mission


def test_an_unknown_record_changes_nothing() -> None:
    assert after(ON_SCENE) == ON_SCENE


def test_two_drones_go_over_one_by_one_and_the_split_is_told_until_all_are_through() -> None:
    mine = after(BOTH, record(S.OWNED, A), record(S.OWNED, A, TWO))
    assert (mine.owner, mine.split) == (A, "")
    half = after(mine, record(S.CONFIRMING, B), record(S.BRIEFING, A, TWO))
    assert half.owner == A
    assert half.split == "ISL-01: Pilot B at desk-2; ISL-02: Pilot A at desk-1"
    through = after(half, record(S.OWNED, B), record(S.TRANSFERRING, B, TWO))
    assert (through.owner, through.split) == (B, "")


def test_a_split_mission_of_one_who_holds_none_of_it_is_the_first_ones() -> None:
    mission = after(BOTH, record(S.OWNED, B), record(S.OWNED, C, TWO))
    assert mission.owner == B


def test_half_orphaned_is_a_split_too() -> None:
    mission = after(BOTH, record(S.ORPHANED), record(S.OWNED, B, TWO))
    assert (mission.owner, mission.split) == (B, "ISL-01: nobody; ISL-02: Pilot B at desk-2")
    lost = after(mission, record(S.ORPHANED), record(S.ORPHANED, drone=TWO))
    assert (lost.owner, lost.split) == (None, "")


def test_a_drone_still_in_its_dock_says_nothing() -> None:
    beside = replace(ON_SCENE, drones=(*ON_SCENE.drones, MissionDrone(TWO)))
    mission = after(beside, record(S.OWNED, A), record(S.OWNED, B, TWO))
    assert (mission.owner, mission.split) == (A, "")
