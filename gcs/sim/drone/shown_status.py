"""Messages about the vehicle's state: mode, sensors, battery, fence. Reads, changes nothing."""

import hashlib
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone.battery import CAPACITY_MAH, CELLS
from gcs.sim.drone.modes import RULES, Mode
from gcs.sim.drone.view import View

_SENSORS = (
    dialect.MAV_SYS_STATUS_SENSOR_3D_GYRO
    | dialect.MAV_SYS_STATUS_SENSOR_3D_ACCEL
    | dialect.MAV_SYS_STATUS_SENSOR_3D_MAG
    | dialect.MAV_SYS_STATUS_SENSOR_ABSOLUTE_PRESSURE
    | dialect.MAV_SYS_STATUS_SENSOR_GPS
    | dialect.MAV_SYS_STATUS_SENSOR_ANGULAR_RATE_CONTROL
    | dialect.MAV_SYS_STATUS_SENSOR_ATTITUDE_STABILIZATION
    | dialect.MAV_SYS_STATUS_SENSOR_YAW_POSITION
    | dialect.MAV_SYS_STATUS_SENSOR_Z_ALTITUDE_CONTROL
    | dialect.MAV_SYS_STATUS_SENSOR_XY_POSITION_CONTROL
    | dialect.MAV_SYS_STATUS_SENSOR_MOTOR_OUTPUTS
    | dialect.MAV_SYS_STATUS_AHRS
    | dialect.MAV_SYS_STATUS_LOGGING
    | dialect.MAV_SYS_STATUS_SENSOR_BATTERY
    | dialect.MAV_SYS_STATUS_PREARM_CHECK
)
_NEED_GNSS = dialect.MAV_SYS_STATUS_SENSOR_GPS | dialect.MAV_SYS_STATUS_SENSOR_XY_POSITION_CONTROL
_CAPABILITIES = (
    dialect.MAV_PROTOCOL_CAPABILITY_PARAM_FLOAT
    | dialect.MAV_PROTOCOL_CAPABILITY_MISSION_INT
    | dialect.MAV_PROTOCOL_CAPABILITY_COMMAND_INT
    | dialect.MAV_PROTOCOL_CAPABILITY_MAVLINK2
    | dialect.MAV_PROTOCOL_CAPABILITY_MISSION_FENCE
    | dialect.MAV_PROTOCOL_CAPABILITY_MISSION_RALLY
    | dialect.MAV_PROTOCOL_CAPABILITY_SET_POSITION_TARGET_GLOBAL_INT
    | dialect.MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_C_CAST
)
_VERSION_4_7_0_DEV = 4 << 24 | 7 << 16 | 0 << 8 | dialect.FIRMWARE_VERSION_TYPE_DEV
_FENCE_BREACH_OF_TYPE = {1: dialect.FENCE_BREACH_MAXALT, 4: dialect.FENCE_BREACH_BOUNDARY}
_NOT_KNOWN_U16 = 65535
_EKF_GOOD = 0x33F  # attitude, velocities, positions relative and absolute, predicted
_EKF_NO_POSITION = 0xA7  # attitude, velocities, height, constant position mode


def heartbeat(view: View) -> Any:
    """HEARTBEAT."""
    pilot = view.pilot
    base = dialect.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED | dialect.MAV_MODE_FLAG_STABILIZE_ENABLED
    base |= dialect.MAV_MODE_FLAG_MANUAL_INPUT_ENABLED
    if RULES[pilot.mode].automatic:
        base |= dialect.MAV_MODE_FLAG_GUIDED_ENABLED
    if pilot.armed:
        base |= dialect.MAV_MODE_FLAG_SAFETY_ARMED
    state = dialect.MAV_STATE_STANDBY if pilot.landed else dialect.MAV_STATE_ACTIVE
    if pilot.failsafe:
        state = dialect.MAV_STATE_CRITICAL
    return dialect.MAVLink_heartbeat_message(
        dialect.MAV_TYPE_QUADROTOR,
        dialect.MAV_AUTOPILOT_ARDUPILOTMEGA,
        base,
        int(pilot.mode),
        state,
        3,
    )


def sys_status(view: View) -> Any:
    """SYS_STATUS: sensors, fence switch, pre-arm verdict, battery."""
    pilot = view.pilot
    present = _SENSORS
    fence_bit = dialect.MAV_SYS_STATUS_GEOFENCE
    if pilot.fence.present or pilot.fence.enabled:
        present |= fence_bit
    enabled = present if pilot.fence.enabled else present & ~fence_bit
    health = present
    if pilot.faults.gnss_loss:
        health &= ~_NEED_GNSS
    if pilot.fence.breached:
        health &= ~fence_bit
    if not view.guardian.ready:
        health &= ~dialect.MAV_SYS_STATUS_PREARM_CHECK
    battery = pilot.battery
    return dialect.MAVLink_sys_status_message(
        present,
        enabled,
        health,
        180,
        round(battery.voltage_v * 1000),
        round(battery.current_a * 100),
        int(battery.fraction * 100),
        *(0,) * 6,
    )


def battery_status(view: View) -> Any:
    """BATTERY_STATUS."""
    battery = view.pilot.battery
    cell = round(battery.voltage_v / CELLS * 1000)
    state = dialect.MAV_BATTERY_CHARGE_STATE_OK
    if battery.charging:
        state = dialect.MAV_BATTERY_CHARGE_STATE_CHARGING
    elif view.pilot.battery_critical.active:
        state = dialect.MAV_BATTERY_CHARGE_STATE_CRITICAL
    elif view.pilot.battery_low.active:
        state = dialect.MAV_BATTERY_CHARGE_STATE_LOW
    return dialect.MAVLink_battery_status_message(
        0,
        dialect.MAV_BATTERY_FUNCTION_ALL,
        dialect.MAV_BATTERY_TYPE_LIPO,
        2150,
        [cell] * CELLS + [_NOT_KNOWN_U16] * (10 - CELLS),
        round(battery.current_a * 100),
        round(battery.consumed_mah),
        round(battery.consumed_mah / CAPACITY_MAH * battery.full_j / 100),
        int(battery.fraction * 100),
        max(1, int(battery.remaining_s)),
        state,
    )


def extended_sys_state(view: View) -> Any:
    """EXTENDED_SYS_STATE."""
    pilot = view.pilot
    landed = dialect.MAV_LANDED_STATE_IN_AIR
    if pilot.landed:
        landed = dialect.MAV_LANDED_STATE_ON_GROUND
    elif pilot.taking_off:
        landed = dialect.MAV_LANDED_STATE_TAKEOFF
    elif pilot.manoeuvre.landing:
        landed = dialect.MAV_LANDED_STATE_LANDING
    return dialect.MAVLink_extended_sys_state_message(dialect.MAV_VTOL_STATE_UNDEFINED, landed)


def fence_status(view: View) -> Any:
    """FENCE_STATUS."""
    fence = view.pilot.fence
    return dialect.MAVLink_fence_status_message(
        1 if fence.breached else 0,
        fence.breach_count,
        _FENCE_BREACH_OF_TYPE.get(fence.last_type, dialect.FENCE_BREACH_NONE),
        fence.breach_ms,
    )


def system_time(view: View) -> Any:
    """SYSTEM_TIME."""
    return dialect.MAVLink_system_time_message(view.utc_us, view.boot_ms)


def mission_current(view: View) -> Any:
    """MISSION_CURRENT; home is not counted."""
    mission = view.pilot.mission
    total = max(0, len(mission.items) - 1)
    in_auto = int(view.pilot.mode is Mode.AUTO)
    return dialect.MAVLink_mission_current_message(mission.current, total, mission.state, in_auto)


def ekf_status(view: View) -> Any:
    """EKF_STATUS_REPORT."""
    flags = _EKF_NO_POSITION if view.pilot.ekf.active else _EKF_GOOD
    return dialect.MAVLink_ekf_status_report_message(flags, 0.05, 0.04, 0.03, 0.02, 0.0)


def autopilot_version(view: View) -> Any:
    """AUTOPILOT_VERSION."""
    uid2 = hashlib.sha256(view.pilot.config.id.encode()).digest()[:18]
    return dialect.MAVLink_autopilot_version_message(
        _CAPABILITIES,
        _VERSION_4_7_0_DEV,
        0,
        0,
        140 << 16,
        [0] * 8,
        [0] * 8,
        [0] * 8,
        0x1209,
        0x5740,
        0,  # ArduPilot leaves the old, short uid empty
        uid2,
    )
