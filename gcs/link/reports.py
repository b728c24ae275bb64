"""What a vehicle says of itself, in SI units: one frozen value per kind of MAVLink message.

What comes often is a Struct: made in a tenth of the time of a frozen dataclass.
"""

from dataclasses import dataclass

import msgspec

from gcs.model.place import Position
from gcs.model.telemetry import Landed


class Report:
    """One thing a vehicle said. Subclasses here and in `camera_reports`, `plan_reports`,
    `traffic_reports`."""

    __slots__ = ()


class Heartbeat(msgspec.Struct, Report, frozen=True, gc=False):
    """`autopilot` is MAV_AUTOPILOT; `critical`: the vehicle is in one of its failsafes.

    `vehicle_type` is MAV_TYPE (2: a quadrotor).
    """

    autopilot: int
    custom_mode: int
    armed: bool
    critical: bool
    vehicle_type: int = 2


class Motion(msgspec.Struct, Report, frozen=True, gc=False):
    """GLOBAL_POSITION_INT. `relative_m` is above home; `east_mps`, `north_mps`: over ground."""

    position: Position
    amsl_m: float
    relative_m: float
    ground_speed_mps: float
    climb_mps: float
    heading_deg: float | None
    east_mps: float = 0.0
    north_mps: float = 0.0


class Attitude(msgspec.Struct, Report, frozen=True, gc=False):
    """Roll and pitch."""

    roll_deg: float
    pitch_deg: float


class SystemStatus(msgspec.Struct, Report, frozen=True, gc=False):
    """SYS_STATUS. `ready`: the autopilot's own pre-arm check passes."""

    ready: bool
    fence_enabled: bool
    battery_v: float | None
    battery_percent: float | None


class Battery(msgspec.Struct, Report, frozen=True, gc=False):
    """BATTERY_STATUS of the first battery. `remaining_s` None: the vehicle does not say."""

    percent: float | None
    voltage_v: float | None
    current_a: float | None
    consumed_mah: float | None
    remaining_s: float | None


class Gnss(msgspec.Struct, Report, frozen=True, gc=False):
    """GPS_RAW_INT. `fix_3d`: position and height may be used."""

    fix_3d: bool
    satellites: int | None


class LandedState(msgspec.Struct, Report, frozen=True, gc=False):
    """EXTENDED_SYS_STATE."""

    landed: Landed


class FenceStatus(msgspec.Struct, Report, frozen=True, gc=False):
    """FENCE_STATUS."""

    breached: bool
    breaches: int


class Wind(msgspec.Struct, Report, frozen=True, gc=False):
    """WIND: `from_deg` is where it comes from."""

    speed_mps: float
    from_deg: float


@dataclass(frozen=True, slots=True)
class Home(Report):
    """HOME_POSITION."""

    position: Position
    amsl_m: float


class GimbalAttitude(msgspec.Struct, Report, frozen=True, gc=False):
    """GIMBAL_DEVICE_ATTITUDE_STATUS. Pitch from the horizon, up positive.

    The yaw is clockwise from the nose, or from north where `from_north`.
    """

    pitch_deg: float
    yaw_deg: float
    from_north: bool


class CameraSettings(msgspec.Struct, Report, frozen=True, gc=False):
    """CAMERA_SETTINGS. `zoom_percent` of its range, None: the camera does not say."""

    zoom_percent: float | None


@dataclass(frozen=True, slots=True)
class Text(Report):
    """One STATUSTEXT packet; long texts come in chunks (`texts.py` joins them)."""

    severity: int
    text: str
    id: int
    chunk: int


class Ack(msgspec.Struct, Report, frozen=True, gc=False):
    """COMMAND_ACK of one component; `to_system` and `to_component` 0: to nobody named."""

    command: int
    result: int
    progress: int
    component: int = 1
    to_system: int = 0
    to_component: int = 0


@dataclass(frozen=True, slots=True)
class Parameter(Report):
    """PARAM_VALUE as the autopilot's own number (not yet in SI).

    `whole`: an integer there. Some autopilots copy its bits into the float, so that `value` is
    not that number, and may be none at all.
    """

    name: str
    value: float
    whole: bool = False


class TimeSync(msgspec.Struct, Report, frozen=True, gc=False):
    """TIMESYNC: `answer_ns` 0 = a question; `asked_ns` is the asker's own clock."""

    answer_ns: int
    asked_ns: int
