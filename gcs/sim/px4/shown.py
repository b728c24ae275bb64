"""What a PX4-like vehicle sends: the messages by id, and how often without being asked."""

import math
from collections.abc import Callable
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone.battery import CELLS
from gcs.sim.drone.shaping import wrap_angle
from gcs.sim.px4.modes import Mode
from gcs.sim.px4.pilot import Px4Pilot

_UNKNOWN_U16 = 65535
_SENSORS = dialect.MAV_SYS_STATUS_SENSOR_3D_GYRO | dialect.MAV_SYS_STATUS_SENSOR_GPS


def _boot_ms(pilot: Px4Pilot) -> int:
    return round((pilot.now_s - pilot.boot_s) * 1000.0)


def heartbeat(pilot: Px4Pilot) -> Any:
    """HEARTBEAT: critical while a failsafe acts."""
    base = dialect.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED
    state = dialect.MAV_STATE_STANDBY
    if pilot.armed:
        base |= dialect.MAV_MODE_FLAG_SAFETY_ARMED
        state = dialect.MAV_STATE_CRITICAL if pilot.failsafe else dialect.MAV_STATE_ACTIVE
    kind, maker = dialect.MAV_TYPE_QUADROTOR, dialect.MAV_AUTOPILOT_PX4
    return dialect.MAVLink_heartbeat_message(kind, maker, base, int(pilot.mode), state, 3)


def attitude(pilot: Px4Pilot) -> Any:
    """ATTITUDE."""
    body = pilot.body
    turned = (body.roll_rad, body.pitch_rad, wrap_angle(body.yaw_rad))
    rates = (body.roll_rate_radps, body.pitch_rate_radps, body.yaw_rate_radps)
    return dialect.MAVLink_attitude_message(_boot_ms(pilot), *turned, *rates)


def global_position(pilot: Px4Pilot) -> Any:
    """GLOBAL_POSITION_INT."""
    body = pilot.body
    at = pilot.frame.to_position(body.east_m, body.north_m)
    return dialect.MAVLink_global_position_int_message(
        _boot_ms(pilot),
        round(at.lat_deg * 1e7),
        round(at.lon_deg * 1e7),
        round((pilot.config.home_amsl_m + body.up_m) * 1000),
        round(body.up_m * 1000),
        round(body.north_mps * 100),
        round(body.east_mps * 100),
        round(-body.climb_mps * 100),
        round(math.degrees(body.yaw_rad) % 360.0 * 100) % 36000,
    )


def sys_status(pilot: Px4Pilot) -> Any:
    """SYS_STATUS: the pre-arm verdict is in the health alone, and no bit tells of a fence."""
    health = _SENSORS | (dialect.MAV_SYS_STATUS_PREARM_CHECK if pilot.ready else 0)
    battery = pilot.battery
    percent = math.ceil(battery.fraction * 100)
    millivolts, centiamps = round(battery.voltage_v * 1000), round(battery.current_a * 100)
    return dialect.MAVLink_sys_status_message(
        _SENSORS, _SENSORS, health, 200, millivolts, centiamps, percent, *(0,) * 6
    )


def battery_status(pilot: Px4Pilot) -> Any:
    """BATTERY_STATUS; without a remaining time."""
    battery = pilot.battery
    cells = [round(battery.voltage_v / CELLS * 1000)] * CELLS
    return dialect.MAVLink_battery_status_message(
        0,
        dialect.MAV_BATTERY_FUNCTION_ALL,
        dialect.MAV_BATTERY_TYPE_LIPO,
        _UNKNOWN_U16 >> 1,
        cells + [_UNKNOWN_U16] * (10 - CELLS),
        round(battery.current_a * 100),
        round(battery.consumed_mah),
        -1,
        math.ceil(battery.fraction * 100),
        0,
        dialect.MAV_BATTERY_CHARGE_STATE_OK,
    )


def gps_raw(pilot: Px4Pilot) -> Any:
    """GPS_RAW_INT."""
    at = pilot.frame.to_position(pilot.body.east_m, pilot.body.north_m)
    lat, lon = round(at.lat_deg * 1e7), round(at.lon_deg * 1e7)
    amsl_mm = round((pilot.config.home_amsl_m + pilot.body.up_m) * 1000)
    fix = dialect.GPS_FIX_TYPE_3D_FIX
    usec = _boot_ms(pilot) * 1000
    return dialect.MAVLink_gps_raw_int_message(
        usec, fix, lat, lon, amsl_mm, 80, 120, _UNKNOWN_U16, _UNKNOWN_U16, 14
    )


def landed_state(pilot: Px4Pilot) -> Any:
    """EXTENDED_SYS_STATE."""
    landed = dialect.MAV_LANDED_STATE_IN_AIR
    if pilot.landed:
        landed = dialect.MAV_LANDED_STATE_ON_GROUND
    elif pilot.taking_off:
        landed = dialect.MAV_LANDED_STATE_TAKEOFF
    elif pilot.landing:
        landed = dialect.MAV_LANDED_STATE_LANDING
    return dialect.MAVLink_extended_sys_state_message(dialect.MAV_VTOL_STATE_UNDEFINED, landed)


def home(pilot: Px4Pilot) -> Any:
    """HOME_POSITION."""
    at = pilot.config.home
    lat, lon = round(at.lat_deg * 1e7), round(at.lon_deg * 1e7)
    amsl_mm = round(pilot.config.home_amsl_m * 1000)
    return dialect.MAVLink_home_position_message(
        lat, lon, amsl_mm, 0.0, 0.0, 0.0, [1.0, 0.0, 0.0, 0.0], 0.0, 0.0, 0.0, 0
    )


def mission_current(pilot: Px4Pilot) -> Any:
    """MISSION_CURRENT."""
    flying = pilot.mode is Mode.MISSION
    state = dialect.MISSION_STATE_ACTIVE if flying else dialect.MISSION_STATE_NOT_STARTED
    return dialect.MAVLink_mission_current_message(
        pilot.item, len(pilot.mission), state if pilot.mission else 1, int(flying)
    )


MESSAGES: dict[int, Callable[[Px4Pilot], Any]] = {
    dialect.MAVLINK_MSG_ID_HEARTBEAT: heartbeat,
    dialect.MAVLINK_MSG_ID_ATTITUDE: attitude,
    dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT: global_position,
    dialect.MAVLINK_MSG_ID_SYS_STATUS: sys_status,
    dialect.MAVLINK_MSG_ID_BATTERY_STATUS: battery_status,
    dialect.MAVLINK_MSG_ID_GPS_RAW_INT: gps_raw,
    dialect.MAVLINK_MSG_ID_EXTENDED_SYS_STATE: landed_state,
    dialect.MAVLINK_MSG_ID_HOME_POSITION: home,
    dialect.MAVLINK_MSG_ID_MISSION_CURRENT: mission_current,
}
UNASKED_HZ: dict[int, float] = {
    dialect.MAVLINK_MSG_ID_ATTITUDE: 50.0,
    dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT: 50.0,
    dialect.MAVLINK_MSG_ID_SYS_STATUS: 1.0,
    dialect.MAVLINK_MSG_ID_GPS_RAW_INT: 1.0,
    dialect.MAVLINK_MSG_ID_EXTENDED_SYS_STATE: 1.0,
    dialect.MAVLINK_MSG_ID_BATTERY_STATUS: 0.5,
    dialect.MAVLINK_MSG_ID_HOME_POSITION: 0.5,
    dialect.MAVLINK_MSG_ID_MISSION_CURRENT: 1.0,
}
