"""What a vehicle says of itself, in SI units: one frozen value per kind of MAVLink message."""

from dataclasses import dataclass

from gcs.model.place import Position
from gcs.model.telemetry import Landed


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """`autopilot` is MAV_AUTOPILOT; `critical`: the vehicle is in one of its failsafes."""

    autopilot: int
    custom_mode: int
    armed: bool
    critical: bool


@dataclass(frozen=True, slots=True)
class Motion:
    """GLOBAL_POSITION_INT. `relative_m` is above home."""

    position: Position
    amsl_m: float
    relative_m: float
    ground_speed_mps: float
    climb_mps: float
    heading_deg: float | None


@dataclass(frozen=True, slots=True)
class Attitude:
    """Roll and pitch."""

    roll_deg: float
    pitch_deg: float


@dataclass(frozen=True, slots=True)
class SystemStatus:
    """SYS_STATUS. `ready`: the autopilot's own pre-arm check passes."""

    ready: bool
    fence_enabled: bool
    battery_v: float | None
    battery_percent: float | None


@dataclass(frozen=True, slots=True)
class Battery:
    """BATTERY_STATUS of the first battery. `remaining_s` None: the vehicle does not say."""

    percent: float | None
    voltage_v: float | None
    current_a: float | None
    consumed_mah: float | None
    remaining_s: float | None


@dataclass(frozen=True, slots=True)
class Gnss:
    """GPS_RAW_INT. `fix_3d`: position and height may be used."""

    fix_3d: bool
    satellites: int | None


@dataclass(frozen=True, slots=True)
class LandedState:
    """EXTENDED_SYS_STATE."""

    landed: Landed


@dataclass(frozen=True, slots=True)
class FenceStatus:
    """FENCE_STATUS."""

    breached: bool
    breaches: int


@dataclass(frozen=True, slots=True)
class Wind:
    """WIND: `from_deg` is where it comes from."""

    speed_mps: float
    from_deg: float


@dataclass(frozen=True, slots=True)
class Home:
    """HOME_POSITION."""

    position: Position
    amsl_m: float


@dataclass(frozen=True, slots=True)
class GimbalAttitude:
    """GIMBAL_DEVICE_ATTITUDE_STATUS. Pitch from the horizon, up positive.

    The yaw is clockwise from the nose, or from north where `from_north`.
    """

    pitch_deg: float
    yaw_deg: float
    from_north: bool


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """CAMERA_SETTINGS. `zoom_percent` of its range, None: the camera does not say."""

    zoom_percent: float | None


@dataclass(frozen=True, slots=True)
class Text:
    """One STATUSTEXT packet; long texts come in chunks (`texts.py` joins them)."""

    severity: int
    text: str
    id: int
    chunk: int


@dataclass(frozen=True, slots=True)
class Ack:
    """COMMAND_ACK."""

    command: int
    result: int
    progress: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """PARAM_VALUE as the autopilot's own number (not yet in SI)."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class TimeSync:
    """TIMESYNC: `answer_ns` 0 = a question; `asked_ns` is the asker's own clock."""

    answer_ns: int
    asked_ns: int


Report = (
    Heartbeat
    | Motion
    | Attitude
    | SystemStatus
    | Battery
    | Gnss
    | LandedState
    | FenceStatus
    | Wind
    | Home
    | GimbalAttitude
    | CameraSettings
    | Text
    | Ack
    | Parameter
    | TimeSync
)
