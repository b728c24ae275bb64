"""MAVLink message -> report in SI units. The one place where wire units end.

A value that is not a number or that no aircraft can have is refused (BadValue), never passed
on. Message types the gateway has no use for are listed as such; others are unknown.
"""

import math
from typing import Any

from gcs.link import decode_camera, decode_plan, decode_traffic, decode_vehicle
from gcs.link.camera import pitch_yaw_deg
from gcs.link.fields import BadValue, Decoder, number, position
from gcs.link.mavlink import dialect
from gcs.link.reports import (
    Ack,
    Attitude,
    Battery,
    CameraSettings,
    FenceStatus,
    GimbalAttitude,
    Gnss,
    Heartbeat,
    Home,
    LandedState,
    Motion,
    Parameter,
    Report,
    SystemStatus,
    Text,
    TimeSync,
    Wind,
)
from gcs.model.telemetry import Landed

_ARMED = dialect.MAV_MODE_FLAG_SAFETY_ARMED
_CRITICAL = (
    dialect.MAV_STATE_CRITICAL,
    dialect.MAV_STATE_EMERGENCY,
    dialect.MAV_STATE_FLIGHT_TERMINATION,
)
_FENCE = dialect.MAV_SYS_STATUS_GEOFENCE
_PREARM = dialect.MAV_SYS_STATUS_PREARM_CHECK
_YAW_FRAMES = (
    dialect.GIMBAL_DEVICE_FLAGS_YAW_IN_EARTH_FRAME
    | dialect.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME
)
_FLOATS = (dialect.MAV_PARAM_TYPE_REAL32, dialect.MAV_PARAM_TYPE_REAL64)
_LANDED = {
    dialect.MAV_LANDED_STATE_ON_GROUND: Landed.ON_GROUND,
    dialect.MAV_LANDED_STATE_IN_AIR: Landed.IN_AIR,
    dialect.MAV_LANDED_STATE_TAKEOFF: Landed.TAKING_OFF,
    dialect.MAV_LANDED_STATE_LANDING: Landed.LANDING,
}


def decode(message: Any) -> Report | None:
    """The report in `message`, None for a type that is known and unused.

    Raises BadValue, and KeyError for an unknown type.
    """
    return DECODERS[message.get_type()](message)


def known(message_type: str) -> bool:
    """Whether the table lists this type."""
    return message_type in DECODERS


def unused(message_type: str) -> bool:
    """Whether this type is listed as one that nothing here reads."""
    return DECODERS[message_type] is _unused


def _heartbeat(m: Any) -> Report:
    return Heartbeat(
        autopilot=m.autopilot,
        custom_mode=m.custom_mode,
        armed=bool(m.base_mode & _ARMED),
        critical=m.system_status in _CRITICAL,
        vehicle_type=m.type,
    )


_G = "GLOBAL_POSITION_INT"
_ALT, _UP, _VX, _VZ, _HDG = (f"{_G}.{f}" for f in ("alt", "relative_alt", "vx", "vz", "hdg"))


def _motion(m: Any) -> Report:
    return Motion(
        position=position(_G, m.lat, m.lon),
        amsl_m=number(_ALT, m.alt / 1000.0, -500.0, 10000.0),
        relative_m=number(_UP, m.relative_alt / 1000.0, -500.0, 4000.0),
        ground_speed_mps=number(_VX, math.hypot(m.vx, m.vy) / 100.0, 0.0, 200.0),
        climb_mps=number(_VZ, -m.vz / 100.0, -100.0, 100.0),
        heading_deg=None if m.hdg == 0xFFFF else number(_HDG, m.hdg / 100.0, 0.0, 360.0),
        east_mps=m.vy / 100.0,
        north_mps=m.vx / 100.0,
    )


def _attitude(m: Any) -> Report:
    turn = math.pi + 1e-3
    roll = number("ATTITUDE.roll", m.roll, -turn, turn)
    pitch = number("ATTITUDE.pitch", m.pitch, -turn, turn)
    return Attitude(_half_turn(math.degrees(roll)), _half_turn(math.degrees(pitch)))


def _half_turn(degrees: float) -> float:
    return min(180.0, max(-180.0, degrees))


def _percent(name: str, value: int) -> float | None:
    return None if value < 0 else number(name, float(value), 0.0, 100.0)


def _system_status(m: Any) -> Report:
    volts = None
    if m.voltage_battery != 0xFFFF:
        volts = number("SYS_STATUS.voltage_battery", m.voltage_battery / 1000.0, 0.0, 100.0)
    return SystemStatus(
        ready=bool(m.onboard_control_sensors_health & _PREARM),
        fence_enabled=bool(m.onboard_control_sensors_enabled & _FENCE),
        battery_v=volts,
        battery_percent=_percent("SYS_STATUS.battery_remaining", m.battery_remaining),
    )


def _battery(m: Any) -> Report | None:
    if m.id != 0:
        return None
    cells = [v / 1000.0 for v in m.voltages if v != 0xFFFF]
    return Battery(
        percent=_percent("BATTERY_STATUS.battery_remaining", m.battery_remaining),
        voltage_v=number("BATTERY_STATUS.voltages", sum(cells), 0.0, 200.0) if cells else None,
        current_a=None if m.current_battery < 0 else m.current_battery / 100.0,
        consumed_mah=None if m.current_consumed < 0 else float(m.current_consumed),
        remaining_s=None if m.time_remaining <= 0 else min(86400.0, float(m.time_remaining)),
    )


def _gnss(m: Any) -> Report:
    satellites = None if m.satellites_visible == 0xFF else m.satellites_visible
    return Gnss(m.fix_type >= dialect.GPS_FIX_TYPE_3D_FIX, satellites)


def _landed(m: Any) -> Report:
    return LandedState(_LANDED.get(m.landed_state, Landed.UNKNOWN))


def _fence(m: Any) -> Report:
    return FenceStatus(breached=m.breach_status != 0, breaches=m.breach_count)


def _wind(m: Any) -> Report:
    speed = number("WIND.speed", m.speed, 0.0, 100.0)
    return Wind(speed, number("WIND.direction", m.direction, -360.0, 360.0) % 360.0)


def _home(m: Any) -> Report:
    name = "HOME_POSITION"
    altitude = number(f"{name}.altitude", m.altitude / 1000.0, -500.0, 10000.0)
    return Home(position(name, m.latitude, m.longitude), altitude)


def _gimbal(m: Any) -> Report:
    name = "GIMBAL_DEVICE_ATTITUDE_STATUS"
    length = math.sqrt(sum(number(f"{name}.q", part, -1.1, 1.1) ** 2 for part in m.q))
    number(f"{name}.q's length", length, 0.9, 1.1)
    pitch_deg, yaw_deg = pitch_yaw_deg([part / length for part in m.q])
    from_north = bool(m.flags & dialect.GIMBAL_DEVICE_FLAGS_YAW_IN_EARTH_FRAME)
    if not m.flags & _YAW_FRAMES:  # older senders: the lock tells the frame
        from_north = bool(m.flags & dialect.GIMBAL_DEVICE_FLAGS_YAW_LOCK)
    return GimbalAttitude(pitch_deg, yaw_deg, from_north)


def _camera(m: Any) -> Report:
    if math.isnan(m.zoomLevel):
        return CameraSettings(None)
    return CameraSettings(number("CAMERA_SETTINGS.zoomLevel", m.zoomLevel, 0.0, 100.0))


def _text(m: Any) -> Report:
    clean = "".join(c for c in m.text if c.isprintable())
    return Text(m.severity, clean, m.id, m.chunk_seq)


def _ack(m: Any) -> Report:
    to = (m.target_system, m.target_component)
    return Ack(m.command, m.result, m.progress, m.get_srcComponent(), *to)


def _parameter(m: Any) -> Report:
    if m.param_type in _FLOATS:
        value = number(f"PARAM_VALUE {m.param_id}", m.param_value, -1e9, 1e9)
        return Parameter(m.param_id, value)
    return Parameter(m.param_id, m.param_value, whole=True)  # perhaps its bits: any float at all


def _timesync(m: Any) -> Report:
    return TimeSync(m.tc1, m.ts1)


def _unused(m: Any) -> None:
    return None


# What another component of the vehicle (a camera, a gimbal, a receiver) may say too.
FROM_ANY_COMPONENT = (
    decode_camera.FROM_ANY_COMPONENT | decode_traffic.FROM_ANY_COMPONENT | {"COMMAND_ACK"}
)

DECODERS: dict[str, Decoder] = {
    "HEARTBEAT": _heartbeat,
    "GLOBAL_POSITION_INT": _motion,
    "ATTITUDE": _attitude,
    "SYS_STATUS": _system_status,
    "BATTERY_STATUS": _battery,
    "GPS_RAW_INT": _gnss,
    "EXTENDED_SYS_STATE": _landed,
    "FENCE_STATUS": _fence,
    "WIND": _wind,
    "HOME_POSITION": _home,
    "GIMBAL_DEVICE_ATTITUDE_STATUS": _gimbal,
    "CAMERA_SETTINGS": _camera,
    "STATUSTEXT": _text,
    "COMMAND_ACK": _ack,
    "PARAM_VALUE": _parameter,
    "TIMESYNC": _timesync,
    "VFR_HUD": _unused,
    "AHRS2": _unused,
    "AHRS": _unused,
    "AUTOPILOT_VERSION": _unused,
    "POSITION_TARGET_GLOBAL_INT": _unused,
    "NAV_CONTROLLER_OUTPUT": _unused,
    "RAW_IMU": _unused,
    "SCALED_PRESSURE": _unused,
    "SERVO_OUTPUT_RAW": _unused,
    "RC_CHANNELS": _unused,
    "VIBRATION": _unused,
    "EKF_STATUS_REPORT": _unused,
    "SYSTEM_TIME": _unused,
    "MEMINFO": _unused,
    "POWER_STATUS": _unused,
    "GPS_GLOBAL_ORIGIN": _unused,
    "PARAM_ERROR": _unused,
    **decode_camera.DECODERS,
    **decode_plan.DECODERS,
    **decode_traffic.DECODERS,
    **decode_vehicle.DECODERS,
}

__all__ = ["DECODERS", "FROM_ANY_COMPONENT", "BadValue", "decode", "known", "unused"]
