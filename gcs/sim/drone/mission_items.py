"""Mission items as ArduCopter keeps them: what it takes, what it drops, what it gives back.

A waypoint's hold time is kept in whole seconds and a height in centimetres; what a command has
no use for reads back as 0. Heights are told in the frame they came in, by its older number.
"""

import math
from dataclasses import dataclass
from typing import Any

from gcs.link.mavlink import dialect

ABSOLUTE = dialect.MAV_FRAME_GLOBAL
RELATIVE = dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT
_FRAMES = {
    dialect.MAV_FRAME_GLOBAL: ABSOLUTE,
    dialect.MAV_FRAME_GLOBAL_INT: ABSOLUTE,
    dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT: RELATIVE,
    dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT: RELATIVE,
}

WAYPOINT, LOITER_UNLIM, LOITER_TURNS, LOITER_TIME, RTL, LAND, TAKEOFF = 16, 17, 18, 19, 20, 21, 22
CONDITION_DELAY, CONDITION_DISTANCE, CONDITION_YAW, JUMP, CHANGE_SPEED = 112, 114, 115, 177, 178


@dataclass(frozen=True, slots=True)
class _Kind:
    """`keeps`: how many of the four parameters are kept. `whole`: the first as whole numbers."""

    word: str
    keeps: int = 0
    whole: bool = False
    place: bool = False


_KINDS: dict[int, _Kind] = {
    WAYPOINT: _Kind("WP", keeps=1, whole=True, place=True),
    LOITER_UNLIM: _Kind("LoitUnlim", place=True),
    LOITER_TURNS: _Kind("LoitTurns", keeps=3, place=True),
    LOITER_TIME: _Kind("LoitTime", keeps=1, whole=True, place=True),
    RTL: _Kind("RTL"),
    LAND: _Kind("Land", keeps=1, whole=True, place=True),
    TAKEOFF: _Kind("Takeoff", keeps=1, whole=True, place=True),
    CONDITION_DELAY: _Kind("CondDelay", keeps=1),
    CONDITION_DISTANCE: _Kind("CondDist", keeps=1),
    CONDITION_YAW: _Kind("CondYaw", keeps=4),
    JUMP: _Kind("Jump", keeps=2, whole=True),
    CHANGE_SPEED: _Kind("ChangeSpeed", keeps=3),
    # Taken and passed over: there is nothing here that they could move in a mission.
    dialect.MAV_CMD_DO_SET_ROI_LOCATION: _Kind("SetROI", place=True),
    dialect.MAV_CMD_DO_SET_ROI_NONE: _Kind("ROINone"),
    dialect.MAV_CMD_DO_SET_ROI: _Kind("ROI", keeps=1, place=True),
    dialect.MAV_CMD_DO_DIGICAM_CONTROL: _Kind("DigiCamCtrl", keeps=4),
    dialect.MAV_CMD_DO_MOUNT_CONTROL: _Kind("MountCtrl", keeps=3),
    dialect.MAV_CMD_DO_SET_CAM_TRIGG_DIST: _Kind("SetCamTrigDst", keeps=3),
    dialect.MAV_CMD_DO_LAND_START: _Kind("DoLandStart", place=True),
    dialect.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW: _Kind("GimbalPitchYaw", keeps=4),
    dialect.MAV_CMD_IMAGE_START_CAPTURE: _Kind("ImageStartCapture", keeps=4),
    dialect.MAV_CMD_IMAGE_STOP_CAPTURE: _Kind("ImageStopCapture", keeps=1),
    dialect.MAV_CMD_SET_CAMERA_ZOOM: _Kind("SetCameraZoom", keeps=2),
    dialect.MAV_CMD_SET_CAMERA_FOCUS: _Kind("SetCameraFocus", keeps=2),
    dialect.MAV_CMD_VIDEO_START_CAPTURE: _Kind("VideoStartCapture", keeps=1),
    dialect.MAV_CMD_VIDEO_STOP_CAPTURE: _Kind("VideoStopCapture", keeps=1),
}
NAVIGATION = frozenset({WAYPOINT, LOITER_UNLIM, LOITER_TURNS, LOITER_TIME, RTL, LAND, TAKEOFF})
CONDITIONS = frozenset({CONDITION_DELAY, CONDITION_DISTANCE, CONDITION_YAW})


class BadItem(ValueError):
    """An item that is not taken. `result` is the MAV_MISSION_RESULT."""

    def __init__(self, result: int) -> None:
        super().__init__(f"mission item refused, result {result}")
        self.result = result


@dataclass(frozen=True, slots=True)
class MissionItem:
    """One command. `z_m` counts from the sea in the absolute frame, else from home."""

    command: int
    params: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    frame: int = ABSOLUTE
    lat_e7: int = 0
    lon_e7: int = 0
    z_m: float = 0.0

    @property
    def word(self) -> str:
        """ArduPilot's word for the command."""
        return _KINDS[self.command].word

    @property
    def navigates(self) -> bool:
        """The vehicle flies it before it goes on; the others act meanwhile."""
        return self.command in NAVIGATION

    @property
    def has_place(self) -> bool:
        """It names a point: zero and zero means where the vehicle is."""
        return self.lat_e7 != 0 or self.lon_e7 != 0


def item_of(message: Any) -> MissionItem:
    """A MISSION_ITEM_INT or MISSION_ITEM as it is kept. Raises BadItem."""
    kind = _KINDS.get(message.command)
    if kind is None:
        raise BadItem(dialect.MAV_MISSION_UNSUPPORTED)
    params = _params(message, kind)
    if not kind.place:
        return MissionItem(message.command, params)
    frame = _FRAMES.get(message.frame)
    if frame is None:
        raise BadItem(dialect.MAV_MISSION_UNSUPPORTED_FRAME)
    lat_e7, lon_e7 = place_of_item(message)
    if not math.isfinite(message.z) or abs(message.z) > 80_000.0:
        raise BadItem(dialect.MAV_MISSION_INVALID_PARAM7)
    return MissionItem(
        message.command, params, frame, lat_e7, lon_e7, math.trunc(message.z * 100.0) / 100.0
    )


def place_of_item(message: Any) -> tuple[int, int]:
    """Its place in 1e-7 degrees. Raises BadItem."""
    lat, lon = message.x, message.y
    if message.get_type() == "MISSION_ITEM":
        if not (math.isfinite(lat) and math.isfinite(lon)):
            raise BadItem(dialect.MAV_MISSION_INVALID_PARAM5_X)
        lat, lon = round(lat * 1e7), round(lon * 1e7)
    if abs(lat) > 900_000_000:
        raise BadItem(dialect.MAV_MISSION_INVALID_PARAM5_X)
    if abs(lon) > 1_800_000_000:
        raise BadItem(dialect.MAV_MISSION_INVALID_PARAM6_Y)
    return lat, lon


def _params(message: Any, kind: _Kind) -> tuple[float, float, float, float]:
    kept = [message.param1, message.param2, message.param3, message.param4][: kind.keeps]
    if any(not math.isfinite(p) for p in kept):
        raise BadItem(dialect.MAV_MISSION_INVALID)
    if kind.whole:
        kept = [float(math.trunc(p)) for p in kept]
    kept += [0.0] * (4 - kind.keeps)
    return kept[0], kept[1], kept[2], kept[3]


def int_message(item: MissionItem, seq: int, to: tuple[int, int], current: bool, kind: int) -> Any:
    """MISSION_ITEM_INT."""
    where = (item.lat_e7, item.lon_e7, item.z_m)
    return dialect.MAVLink_mission_item_int_message(
        *to, seq, item.frame, item.command, current, 1, *item.params, *where, kind
    )


def float_message(
    item: MissionItem, seq: int, to: tuple[int, int], current: bool, kind: int
) -> Any:
    """MISSION_ITEM, for those who ask by MISSION_REQUEST."""
    where = (item.lat_e7 / 1e7, item.lon_e7 / 1e7, item.z_m)
    return dialect.MAVLink_mission_item_message(
        *to, seq, item.frame, item.command, current, 1, *item.params, *where, kind
    )
