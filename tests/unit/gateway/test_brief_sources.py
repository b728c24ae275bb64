"""The facts of a brief put side by side: of the right drone, also of one silent in flight."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.fleet.endurance import LANDING_RESERVE_S
from gcs.gateway.brief_sources import BriefAsks, BriefSources
from gcs.model.control import ControlRecord, ControlState
from gcs.model.function import Function
from gcs.model.telemetry import Phase
from gcs.model.vehicle import CameraReport, FenceReport, PlanReport
from tests.unit.gateway.briefed import ALERT, FACTS, HANDOVER, INCIDENT, MISSION, SEEN, A
from tests.unit.gateway.stage import DRONE, Stage

RECORD = ControlRecord(DRONE, ControlState.BRIEFING, 3, 0, A, handover=HANDOVER)


class Kept:
    """Stands where the keeper's record is read."""

    async def watch(self) -> None:
        """Nothing to follow."""

    def mission(self, key: str | None) -> Any:
        return MISSION if key == INCIDENT.key else None

    def alerts(self, feed: str) -> Any:
        return (ALERT,) if feed == DRONE else ()


def sources(parts: Stage, phase: Phase) -> BriefSources:
    flown = replace(RECORD, incident=INCIDENT.key)
    kept: Any = Kept()
    asks = BriefAsks(
        telemetry=lambda drone: replace(SEEN, phase=phase),
        fence=lambda: FACTS.fence,
        fence_report=lambda drone: FenceReport(),
        plan=lambda drone: None,
        plan_report=lambda drone: PlanReport(),
        weather=lambda drone: (None, None),
        camera=lambda drone: CameraReport(),
        waived=lambda drone: "",
        log=lambda drone: (),
        record=lambda drone, function: flown,
    )
    return BriefSources(parts.site, {DRONE: parts.drone}, asks, kept, parts.clock)


async def test_mission_and_alerts_are_those_of_the_drone_and_its_flight() -> None:
    parts = Stage()
    payload = replace(RECORD, function=Function.PAYLOAD)
    facts = sources(parts, Phase.ON_SCENE).facts(payload)
    assert (facts.incident, facts.mission) == (INCIDENT.key, MISSION)
    assert facts.alerts == (ALERT,) and facts.function is Function.PAYLOAD
    assert facts.max_wind_mps == parts.site.max_wind_mps(DRONE)


async def test_one_that_is_silent_in_flight_still_has_to_fly_home() -> None:
    parts = Stage()
    parts.drone.flown = True
    silent = sources(parts, Phase.SILENT).facts(RECORD)
    assert silent.airborne and silent.endurance is not None
    assert silent.endurance.home_s > 10.0
    left_s = (SEEN.endurance_s or 0.0) - LANDING_RESERVE_S - silent.endurance.home_s
    assert silent.endurance.work_s == pytest.approx(left_s)
    parts.drone.flown = False
    docked = sources(parts, Phase.SILENT).facts(RECORD)
    assert not docked.airborne and docked.endurance is not None
    assert docked.endurance.home_s == 0.0


async def test_a_record_without_a_hand_over_has_no_facts() -> None:
    owned = ControlRecord(DRONE, ControlState.OWNED, 3, 0, A)
    with pytest.raises(ValueError, match="not being handed over"):
        sources(Stage(), Phase.ON_SCENE).facts(owned)
