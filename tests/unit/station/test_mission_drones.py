"""Taking a mission takes its drones; closing it releases them."""

from typing import Any

import pytest

from gcs.model.control import ControlAct, ControlRecord, ControlReply, ControlRequest, ControlState
from gcs.model.mission import (
    Grade,
    Incident,
    KeeperAct,
    KeeperReply,
    KeeperRequest,
    MissionDrone,
    MissionRecord,
    MissionState,
    Stage,
)
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.runtime.clock import ManualClock
from gcs.station.desk import Desk
from gcs.station.state import DeskState
from tests.unit.station.test_desk import ME, OTHER, SITE

KEY = "MPS-20261122-7"
CALL = Incident(KEY, 7, Grade.IMMEDIATE, "Concern", "High St", Position(51.53, -0.1), "", 1)
S = ControlState


class Both:
    """Gateway and keeper: what they are asked, all of it granted but `refused`."""

    def __init__(self, refused: str = "") -> None:
        self.asked: list[tuple[str, str]] = []
        self.refused = refused

    async def request(self, _: str, request: Any, *__: object) -> Any:
        if isinstance(request, KeeperRequest):
            self.asked.append((request.act, request.incident or ""))
            return KeeperReply(True, f"Incident {request.incident}: done.")
        assert isinstance(request, ControlRequest)
        self.asked.append((request.act, request.drone))
        ok = request.drone != self.refused
        return ControlReply(ok, f"{request.drone}: {'done' if ok else 'no'}.")


def desk(
    *records: ControlRecord, owner: Holder | None = None, refused: str = ""
) -> tuple[Desk, Both]:
    state = DeskState(SITE, ME, ManualClock())
    for record in records:
        state.apply_control(record)
    drones = tuple(MissionDrone(r.drone, Stage.ON_SCENE) for r in records)
    state.apply_mission(MissionRecord(CALL, MissionState.ON_SCENE, owner, drones))
    made, bus = Desk(SITE, state, ManualClock()), Both(refused)
    anything: Any = bus
    made.attach(anything)
    return made, bus


def of(
    drone: str, state: ControlState, holder: Holder | None = None, key: str | None = KEY
) -> ControlRecord:
    return ControlRecord(drone, state, 3, 1, holder=holder, incident=key)


async def test_a_mission_nobody_has_is_taken_by_its_orphaned_drones() -> None:
    made, bus = desk(of("ISL-01", S.ORPHANED), of("ISL-02", S.ORPHANED))
    outcome = await made.take_incident(KEY)
    assert (outcome.ok, outcome.text) == (True, "ISL-01: done. ISL-02: done.")
    assert bus.asked == [(ControlAct.TAKE, "ISL-01"), (ControlAct.TAKE, "ISL-02")]


async def test_one_that_cannot_be_taken_is_told_beside_the_other() -> None:
    made, bus = desk(of("ISL-01", S.ORPHANED), of("ISL-02", S.ORPHANED), refused="ISL-02")
    outcome = await made.take_incident(KEY)
    assert (outcome.ok, outcome.text) == (False, "ISL-01: done. ISL-02: no.")
    assert len(bus.asked) == 2


@pytest.mark.parametrize("owner", [None, ME, OTHER])
async def test_a_drone_that_somebody_holds_is_not_snatched(owner: Holder | None) -> None:
    made, bus = desk(of("ISL-01", S.OWNED, OTHER), owner=owner)
    await made.take_incident(KEY)
    assert bus.asked == [(KeeperAct.TAKE_INCIDENT, KEY)]


async def test_anothers_mission_is_asked_of_the_keeper_though_one_of_it_is_orphaned() -> None:
    made, bus = desk(of("ISL-01", S.ORPHANED), of("ISL-02", S.OWNED, OTHER), owner=OTHER)
    await made.take_incident(KEY)
    assert bus.asked == [(KeeperAct.TAKE_INCIDENT, KEY)]


async def test_closing_releases_what_this_desk_still_holds_for_it_alone() -> None:
    made, bus = desk(
        of("ISL-01", S.OWNED, ME),
        of("ISL-02", S.OWNED, ME, "MPS-20261122-8"),
        of("ISL-03", S.OWNED, OTHER),
        owner=ME,
        refused="ISL-01",
    )
    outcome = await made.close_incident(KEY, "found well")
    assert bus.asked == [(KeeperAct.CLOSE_INCIDENT, KEY), (ControlAct.RELEASE, "ISL-01")]
    assert (outcome.ok, outcome.text) == (True, f"Incident {KEY}: done. ISL-01: no.")
