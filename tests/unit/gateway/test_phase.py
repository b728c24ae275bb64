"""Phases as the vehicle's own state shows them."""

import pytest
from msgspec.structs import replace

from gcs.gateway.phase import Shown, Stage, judge
from gcs.model.telemetry import FlightMode, Landed, Phase

DOCKED = Shown(True, False, Landed.ON_GROUND, FlightMode.GUIDED, 0.0, 0.0, 2.0)
FLYING = Shown(True, True, Landed.IN_AIR, FlightMode.GUIDED, 30.0, 8.0, 200.0, 100.0)


@pytest.mark.parametrize(
    ("shown", "phase"),
    [
        (replace(FLYING, heard=False), Phase.SILENT),
        (DOCKED, Phase.DOCKED),
        (replace(DOCKED, dock_m=None), Phase.DOCKED),
        (replace(DOCKED, dock_m=80.0), Phase.LANDED),
        (replace(DOCKED, armed=True), Phase.ARMED),
        (replace(DOCKED, armed=True, landed=Landed.UNKNOWN), Phase.ARMED),
        (replace(FLYING, stage=Stage.CLIMB), Phase.CLIMBING),
        (replace(FLYING, stage=Stage.CLIMB, scene_m=3.0, ground_speed_mps=0.0), Phase.CLIMBING),
        (replace(FLYING, stage=Stage.TRANSIT), Phase.EN_ROUTE),
        (replace(FLYING, stage=Stage.TRANSIT, scene_m=14.0), Phase.EN_ROUTE),
        (
            replace(FLYING, stage=Stage.TRANSIT, scene_m=14.0, ground_speed_mps=1.5),
            Phase.ON_SCENE,
        ),
        (replace(FLYING, stage=Stage.MOVE), Phase.MOVING),
        (replace(FLYING, stage=Stage.MOVE, scene_m=5.0, was_on_scene=True), Phase.MOVING),
        (replace(FLYING, mode=FlightMode.HOLD), Phase.HOLDING),
        (replace(FLYING, mode=FlightMode.HOLD, stage=Stage.TRANSIT), Phase.HOLDING),
        (replace(FLYING, mode=FlightMode.HOLD, scene_m=20.0, was_on_scene=True), Phase.ON_SCENE),
        (replace(FLYING, mode=FlightMode.HOLD, scene_m=26.0, was_on_scene=True), Phase.HOLDING),
        (replace(FLYING, mode=FlightMode.HOLD, moves_in_hold=True), Phase.MOVING),
        (
            replace(FLYING, mode=FlightMode.HOLD, moves_in_hold=True, ground_speed_mps=0.4),
            Phase.HOLDING,
        ),
        (
            replace(FLYING, mode=FlightMode.HOLD, moves_in_hold=True, stage=Stage.TRANSIT),
            Phase.EN_ROUTE,
        ),
        (
            replace(FLYING, mode=FlightMode.HOLD, moves_in_hold=True, stage=Stage.CLIMB),
            Phase.CLIMBING,
        ),
        (replace(FLYING, stage=Stage.ORBIT), Phase.MOVING),
        (replace(FLYING, mode=FlightMode.PLAN, stage=Stage.ORBIT), Phase.MOVING),
        (replace(FLYING, mode=FlightMode.HOLD, stage=Stage.ORBIT), Phase.HOLDING),
        (replace(FLYING, mode=FlightMode.RETURN), Phase.RETURNING),
        (replace(FLYING, mode=FlightMode.RETURN, scene_m=2.0, was_on_scene=True), Phase.RETURNING),
        (replace(FLYING, mode=FlightMode.RETURN, landed=Landed.LANDING), Phase.LANDING),
        (replace(FLYING, mode=FlightMode.LAND), Phase.LANDING),
        (replace(FLYING, mode=FlightMode.PLAN), Phase.EN_ROUTE),
        (replace(FLYING, mode=FlightMode.MANUAL), Phase.MOVING),
        (replace(FLYING, mode=FlightMode.MANUAL, ground_speed_mps=0.1), Phase.HOLDING),
        (replace(FLYING, ground_speed_mps=0.2, scene_m=None), Phase.HOLDING),
    ],
)
def test_the_phase_of_what_is_shown(shown: Shown, phase: Phase) -> None:
    assert judge(shown) is phase
