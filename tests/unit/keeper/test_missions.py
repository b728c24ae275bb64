"""A mission's course: every act and event, what it makes of the record, what it refuses."""

from dataclasses import replace

import pytest

from gcs.keeper import missions
from gcs.keeper.missions import Refused
from gcs.model.event import EventKind, GatewayEvent
from gcs.model.mission import (
    Grade,
    Incident,
    MissionDrone,
    MissionRecord,
    MissionState,
    Stage,
)
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.telemetry import Phase

A = Holder("pilot-a", "Pilot A", "desk-1")
B = Holder("pilot-b", "Pilot B", "desk-2")
KEY = "MPS-20261122-7"
OPEN = MissionRecord(
    Incident(KEY, 7, Grade.IMMEDIATE, "Concern", "High St", Position(51.53, -0.1), "", 1),
    MissionState.OPEN,
)
TAKEN = replace(OPEN, state=MissionState.TAKEN, owner=A, taken_utc_ms=5)
ONE, TWO = "ISL-01", "ISL-02"
SENT = replace(TAKEN, drones=(MissionDrone(ONE),))


def flying(before: MissionRecord, state: MissionState, stage: Stage, **times: int) -> MissionRecord:
    return replace(before, state=state, drones=(MissionDrone(ONE, stage),), **times)  # type: ignore[arg-type]


LAUNCHED = flying(SENT, MissionState.LAUNCHED, Stage.OUT, launched_utc_ms=10)
ON_SCENE = flying(LAUNCHED, MissionState.ON_SCENE, Stage.ON_SCENE, on_scene_utc_ms=70)
RETURNING = flying(ON_SCENE, MissionState.RETURNING, Stage.RETURNING)
HOME = replace(RETURNING, drones=())
BOTH = replace(ON_SCENE, drones=(*ON_SCENE.drones, MissionDrone(TWO, Stage.OUT)))
CLOSED = replace(HOME, state=MissionState.CLOSED, closed_utc_ms=99)


def phase(now: Phase, utc_ms: int = 50, drone: str = ONE, incident: str = "") -> GatewayEvent:
    kind = EventKind.PHASE
    return GatewayEvent("gw1", "i", 1, utc_ms, kind, drone, "", phase=now, incident=incident)


def test_taking_an_open_one() -> None:
    taken = missions.take(OPEN, B, owner_present=False, utc_ms=42)
    assert taken == replace(OPEN, state=MissionState.TAKEN, owner=B, taken_utc_ms=42)


def test_taking_ones_own_changes_nothing() -> None:
    assert missions.take(TAKEN, A, owner_present=True, utc_ms=42) == TAKEN


def test_one_whose_owner_is_gone_may_be_taken_while_nothing_flies() -> None:
    taken = missions.take(TAKEN, B, owner_present=False, utc_ms=42)
    assert isinstance(taken, MissionRecord)
    assert (taken.owner, taken.taken_utc_ms) == (B, 5)
    assert isinstance(missions.take(HOME, B, owner_present=False, utc_ms=42), MissionRecord)


@pytest.mark.parametrize(
    ("mission", "present", "words"),
    [
        (TAKEN, True, "Pilot A at desk-1"),
        (SENT, False, "Pilot A at desk-1"),
        (LAUNCHED, False, "ISL-01 flies"),
        (replace(ON_SCENE, owner=None), False, "nobody has it"),
        (BOTH, False, "ISL-01 and ISL-02 fly"),
        (CLOSED, False, "closed"),
    ],
)
def test_taking_is_refused_in_words(mission: MissionRecord, present: bool, words: str) -> None:
    refused = missions.take(mission, B, owner_present=present, utc_ms=42)
    assert isinstance(refused, Refused)
    assert words in refused.text
    assert KEY in refused.text


def test_giving_back() -> None:
    assert missions.release(TAKEN, A) == OPEN


@pytest.mark.parametrize("mission", [OPEN, SENT, LAUNCHED, ON_SCENE, RETURNING, HOME, CLOSED])
def test_only_a_taken_one_without_a_drone_is_given_back(mission: MissionRecord) -> None:
    assert isinstance(missions.release(mission, A), Refused)


@pytest.mark.parametrize("mission", [TAKEN, HOME])
def test_closing(mission: MissionRecord) -> None:
    closed = missions.close(mission, A, "found well", 99)
    assert closed == replace(
        mission, state=MissionState.CLOSED, closed_utc_ms=99, outcome="found well"
    )


@pytest.mark.parametrize(
    ("mission", "words"),
    [
        (OPEN, "nobody's"),
        (SENT, "being launched"),
        (LAUNCHED, "away from its dock"),
        (ON_SCENE, "away from its dock"),
        (RETURNING, "away from its dock"),
        (BOTH, "ISL-01 and ISL-02 are away from their docks"),
        (replace(HOME, drones=(MissionDrone(TWO),)), "ISL-02 is being launched"),
        (CLOSED, "closed already"),
    ],
)
def test_closing_is_refused_in_words(mission: MissionRecord, words: str) -> None:
    refused = missions.close(mission, A, "", 99)
    assert isinstance(refused, Refused)
    assert words in refused.text


@pytest.mark.parametrize("act", [missions.release, lambda m, by: missions.close(m, by, "", 1)])
def test_nobody_acts_on_anothers(act: object) -> None:
    assert callable(act)
    for other in (B, replace(A, desk="desk-9")):
        refused = act(TAKEN, other)
        assert isinstance(refused, Refused)
        assert "Pilot A at desk-1" in refused.text


def test_a_launch_names_its_drone() -> None:
    assert missions.authorise(TAKEN, A, "ISL-01") == SENT
    assert missions.authorise(SENT, A, "ISL-01") == SENT
    assert missions.authorise(HOME, A, TWO) == replace(HOME, drones=(MissionDrone(TWO),))


@pytest.mark.parametrize("mission", [SENT, LAUNCHED, ON_SCENE, RETURNING])
def test_a_second_drone_is_sent_beside_the_first(mission: MissionRecord) -> None:
    relieved = missions.authorise(mission, A, TWO)
    assert relieved == replace(mission, drones=(*mission.drones, MissionDrone(TWO)))


@pytest.mark.parametrize(
    ("mission", "by", "words"),
    [
        (TAKEN, B, "Pilot A at desk-1"),
        (TAKEN, replace(A, desk="desk-9"), "Pilot A at desk-1"),
        (OPEN, A, "nobody's"),
        (ON_SCENE, B, "Pilot A at desk-1"),
        (BOTH, A, "ISL-02 flies"),
        (CLOSED, A, "closed"),
    ],
)
def test_a_launch_is_refused_in_words(mission: MissionRecord, by: Holder, words: str) -> None:
    refused = missions.authorise(mission, by, "ISL-02")
    assert isinstance(refused, Refused)
    assert words in refused.text


@pytest.mark.parametrize(
    ("before", "now", "after"),
    [
        (SENT, Phase.ARMED, SENT),
        (SENT, Phase.CLIMBING, replace(LAUNCHED, launched_utc_ms=50)),
        (SENT, Phase.EN_ROUTE, replace(LAUNCHED, launched_utc_ms=50)),
        (LAUNCHED, Phase.CLIMBING, LAUNCHED),
        (LAUNCHED, Phase.EN_ROUTE, LAUNCHED),
        (LAUNCHED, Phase.ON_SCENE, replace(ON_SCENE, on_scene_utc_ms=50)),
        (ON_SCENE, Phase.ON_SCENE, ON_SCENE),
        (ON_SCENE, Phase.MOVING, ON_SCENE),
        (ON_SCENE, Phase.EN_ROUTE, ON_SCENE),
        (ON_SCENE, Phase.RETURNING, RETURNING),
        (RETURNING, Phase.ON_SCENE, ON_SCENE),
        (RETURNING, Phase.LANDING, RETURNING),
        (RETURNING, Phase.LANDED, HOME),
        (RETURNING, Phase.DOCKED, HOME),
        (LAUNCHED, Phase.DOCKED, replace(LAUNCHED, state=MissionState.RETURNING, drones=())),
        (SENT, Phase.DOCKED, SENT),
        (SENT, Phase.RETURNING, SENT),
        (HOME, Phase.DOCKED, HOME),
        (CLOSED, Phase.CLIMBING, CLOSED),
    ],
)
def test_phases(before: MissionRecord, now: Phase, after: MissionRecord) -> None:
    assert missions.after_phase(before, phase(now)) == after


def test_who_took_off_for_it_unannounced_flies_for_it() -> None:
    unannounced = phase(Phase.CLIMBING, incident=KEY)
    assert missions.after_phase(TAKEN, unannounced) == replace(LAUNCHED, launched_utc_ms=50)
    for late in (phase(Phase.CLIMBING), phase(Phase.RETURNING, incident=KEY)):
        assert missions.after_phase(HOME, late) == HOME


def test_it_stands_where_the_foremost_of_its_drones_does() -> None:
    mission = missions.after_phase(BOTH, phase(Phase.RETURNING))
    assert mission.state is MissionState.LAUNCHED
    mission = missions.after_phase(mission, phase(Phase.ON_SCENE, 500, TWO))
    assert (mission.state, mission.on_scene_utc_ms) == (MissionState.ON_SCENE, 70)
    mission = missions.after_phase(mission, phase(Phase.DOCKED))
    assert (mission.state, mission.drone) == (MissionState.ON_SCENE, TWO)
    mission = missions.after_phase(mission, phase(Phase.RETURNING, drone=TWO))
    assert mission.state is MissionState.RETURNING
    mission = missions.after_phase(mission, phase(Phase.DOCKED, drone=TWO))
    assert mission == HOME


def test_a_second_flight_keeps_the_first_ones_times() -> None:
    sent = replace(HOME, drones=(MissionDrone(ONE),))
    flown = missions.after_phase(sent, phase(Phase.CLIMBING, utc_ms=500))
    assert (flown.state, flown.launched_utc_ms) == (MissionState.LAUNCHED, 10)


def test_another_drones_phase_is_not_this_missions() -> None:
    assert missions.after_phase(ON_SCENE, phase(Phase.DOCKED, drone="ISL-09")) == ON_SCENE


def test_an_authorised_launch_lapses_only_before_it_flies() -> None:
    assert missions.lapse(SENT, ONE) == TAKEN
    assert missions.lapse(SENT, TWO) == SENT
    assert missions.lapse(LAUNCHED, ONE) == LAUNCHED
    beside = replace(ON_SCENE, drones=(*ON_SCENE.drones, MissionDrone(TWO)))
    assert missions.lapse(beside, TWO) == ON_SCENE
