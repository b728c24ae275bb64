"""Where a drone is in its task, judged from what its vehicle shows. Pure."""

from enum import StrEnum

import msgspec

from gcs.model.telemetry import FlightMode, Landed, Phase

AT_DOCK_M = 30.0
ON_SCENE_M = 15.0
STILL_ON_SCENE_M = 25.0
SETTLED_MPS = 2.0
MOVING_MPS = 1.0
ON_GROUND_M = 0.7


class Stage(StrEnum):
    """What the gateway last asked of the vehicle and has not yet seen done."""

    NOTHING = "nothing"
    CLIMB = "climb"
    TRANSIT = "transit"
    MOVE = "move"
    ORBIT = "orbit"


class Shown(msgspec.Struct, frozen=True, gc=False):
    """What the vehicle shows and what it was asked. Distances None: not known or no such place.

    `heard`: its heartbeat is fresh. `scene_m`: to the target of its launch. `moves_in_hold`: it
    flies its repositions in a mode that says hold.
    """

    heard: bool
    armed: bool
    landed: Landed
    mode: FlightMode
    relative_m: float | None = None
    ground_speed_mps: float = 0.0
    dock_m: float | None = None
    scene_m: float | None = None
    stage: Stage = Stage.NOTHING
    was_on_scene: bool = False
    moves_in_hold: bool = False


def on_ground(shown: Shown) -> bool:
    """By the vehicle's own landed state; by its height while it does not tell one."""
    if shown.landed is Landed.UNKNOWN:
        return shown.relative_m is None or shown.relative_m < ON_GROUND_M
    return shown.landed is Landed.ON_GROUND


def judge(shown: Shown) -> Phase:
    """The phase that these facts amount to."""
    if not shown.heard:
        return Phase.SILENT
    if not shown.armed:
        at_dock = shown.dock_m is None or shown.dock_m <= AT_DOCK_M
        return Phase.DOCKED if at_dock else Phase.LANDED
    if on_ground(shown):
        return Phase.ARMED
    if shown.mode in _BY_MODE:
        landing = shown.landed is Landed.LANDING
        return Phase.LANDING if landing else _BY_MODE[shown.mode]
    return _under_way(shown)


def _under_way(shown: Shown) -> Phase:
    holds = shown.mode is FlightMode.HOLD and not shown.moves_in_hold
    ours = shown.mode is FlightMode.GUIDED or (shown.mode is FlightMode.HOLD and not holds)
    circles = shown.stage is Stage.ORBIT and (ours or shown.mode is FlightMode.PLAN)
    if circles or (ours and shown.stage is Stage.MOVE):
        return Phase.MOVING
    if shown.stage is not Stage.CLIMB and _on_scene(shown):
        return Phase.ON_SCENE
    if ours and shown.stage in _BY_STAGE:
        return _BY_STAGE[shown.stage]
    if shown.mode is FlightMode.PLAN:
        return Phase.EN_ROUTE
    if not holds and shown.ground_speed_mps > MOVING_MPS:
        return Phase.MOVING
    return Phase.HOLDING


def _on_scene(shown: Shown) -> bool:
    if shown.scene_m is None or shown.mode not in (FlightMode.GUIDED, FlightMode.HOLD):
        return False
    if shown.was_on_scene:
        return shown.scene_m <= STILL_ON_SCENE_M
    return shown.scene_m <= ON_SCENE_M and shown.ground_speed_mps <= SETTLED_MPS


_BY_MODE = {FlightMode.RETURN: Phase.RETURNING, FlightMode.LAND: Phase.LANDING}
_BY_STAGE = {Stage.CLIMB: Phase.CLIMBING, Stage.TRANSIT: Phase.EN_ROUTE}
