"""What the vehicle shows of itself, as MAVLink messages. Reads the autopilot, changes nothing.

`MESSAGES` maps a message id to its builder; a builder returns None when there is nothing to
show yet (no target, no wind known).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone.autopilot import Autopilot
from gcs.sim.drone.battery import CAPACITY_MAH, CELLS
from gcs.sim.drone.guardian import Guardian
from gcs.sim.drone.modes import RULES
from gcs.sim.drone.shaping import wrap_angle

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
    | dialect.MAV_PROTOCOL_CAPABILITY_SET_POSITION_TARGET_GLOBAL_INT
    | dialect.MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_C_CAST
)
_VERSION_4_7_0_DEV = 4 << 24 | 7 << 16 | 0 << 8 | dialect.FIRMWARE_VERSION_TYPE_DEV
_FENCE_BREACH_OF_TYPE = {1: dialect.FENCE_BREACH_MAXALT, 4: dialect.FENCE_BREACH_BOUNDARY}
_NOT_KNOWN_U16 = 65535
_EKF_GOOD = 0x33F  # attitude, velocities, positions relative and absolute, predicted
_EKF_NO_POSITION = 0xA7  # attitude, velocities, height, constant position mode


@dataclass(frozen=True, slots=True)
class View:
    """What builders look at."""

    pilot: Autopilot
    guardian: Guardian
    utc_offset_ms: float

    @property
    def boot_ms(self) -> int:
        """Milliseconds since the autopilot started, as 32 bits."""
        return int(self.pilot.since_boot_s * 1000) & 0xFFFFFFFF

    @property
    def utc_us(self) -> int:
        """Microseconds since 1970."""
        return int((self.pilot.now_s * 1000 + self.utc_offset_ms) * 1000)

    def lat_lon(self) -> tuple[int, int]:
        """The estimated place in 1e-7 degrees."""
        pilot = self.pilot
        return self.globe(
            pilot.body.east_m + pilot.sensors.east_m, pilot.body.north_m + pilot.sensors.north_m
        )

    def globe(self, east_m: float, north_m: float) -> tuple[int, int]:
        """A place of the pad's frame in 1e-7 degrees."""
        place = self.pilot.frame.to_position(east_m, north_m)
        return round(place.lat_deg * 1e7), round(place.lon_deg * 1e7)

    @property
    def up_m(self) -> float:
        """The estimated height above home."""
        noise = 0.0 if self.pilot.parked else self.pilot.sensors.up_m
        return self.pilot.body.up_m + noise

    @property
    def amsl_m(self) -> float:
        """The estimated height above the sea."""
        return self.pilot.config.home_amsl_m + self.up_m

    @property
    def heading_deg(self) -> float:
        """0 to 360."""
        return math.degrees(self.pilot.body.yaw_rad) % 360.0


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


def _global_position(view: View) -> Any:
    body = view.pilot.body
    lat, lon = view.lat_lon()
    return dialect.MAVLink_global_position_int_message(
        view.boot_ms,
        lat,
        lon,
        round(view.amsl_m * 1000),
        round(view.up_m * 1000),
        round(body.north_mps * 100),
        round(body.east_mps * 100),
        round(-body.climb_mps * 100),
        round(view.heading_deg * 100) % 36000,
    )


def _local_position(view: View) -> Any:
    body = view.pilot.body
    return dialect.MAVLink_local_position_ned_message(
        view.boot_ms,
        body.north_m,
        body.east_m,
        -view.up_m,
        body.north_mps,
        body.east_mps,
        -body.climb_mps,
    )


def _attitude(view: View) -> Any:
    body, sensors = view.pilot.body, view.pilot.sensors
    return dialect.MAVLink_attitude_message(
        view.boot_ms,
        body.roll_rad + sensors.roll_rad,
        body.pitch_rad + sensors.pitch_rad,
        wrap_angle(body.yaw_rad),
        body.roll_rate_radps,
        body.pitch_rate_radps,
        body.yaw_rate_radps,
    )


def _vfr_hud(view: View) -> Any:
    body = view.pilot.body
    throttle = 0
    if not body.on_ground:
        throttle = round(45 + 8 * body.climb_mps)
    return dialect.MAVLink_vfr_hud_message(
        body.airspeed_mps,
        body.ground_speed_mps,
        int(view.heading_deg),
        max(0, min(100, throttle)),
        view.amsl_m,
        body.climb_mps,
    )


def _sys_status(view: View) -> Any:
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


def _battery_status(view: View) -> Any:
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


def _extended_sys_state(view: View) -> Any:
    pilot = view.pilot
    landed = dialect.MAV_LANDED_STATE_IN_AIR
    if pilot.landed:
        landed = dialect.MAV_LANDED_STATE_ON_GROUND
    elif pilot.taking_off:
        landed = dialect.MAV_LANDED_STATE_TAKEOFF
    elif pilot.manoeuvre.landing:
        landed = dialect.MAV_LANDED_STATE_LANDING
    return dialect.MAVLink_extended_sys_state_message(dialect.MAV_VTOL_STATE_UNDEFINED, landed)


def _gps_raw(view: View) -> Any:
    pilot = view.pilot
    body = pilot.body
    fix = not pilot.faults.gnss_loss and pilot.since_boot_s > 12.0
    lat, lon = view.lat_lon() if fix else (0, 0)
    course = math.degrees(math.atan2(body.east_mps, body.north_mps)) % 360.0
    return dialect.MAVLink_gps_raw_int_message(
        view.utc_us,
        dialect.GPS_FIX_TYPE_DGPS if fix else dialect.GPS_FIX_TYPE_NO_FIX,
        lat,
        lon,
        round(view.amsl_m * 1000) if fix else 0,
        70 if fix else 9999,
        110 if fix else 9999,
        round(body.ground_speed_mps * 100) if fix else 0,
        round(course * 100) % 36000,
        pilot.sensors.satellites if fix else 0,
        0,
        900 if fix else 0,
        1400 if fix else 0,
        200 if fix else 0,
    )


def _home_position(view: View) -> Any:
    pilot = view.pilot
    lat, lon = view.globe(pilot.home.east_m, pilot.home.north_m)
    return dialect.MAVLink_home_position_message(
        lat,
        lon,
        round(pilot.config.home_amsl_m * 1000),
        pilot.home.north_m,
        pilot.home.east_m,
        -pilot.home.up_m,
        [1.0, 0.0, 0.0, 0.0],
        0.0,
        0.0,
        0.0,
        view.utc_us,
    )


def _wind(view: View) -> Any:
    estimate = view.pilot.wind_estimate
    if estimate is None:
        return None
    east, north = estimate
    comes_from = math.degrees(math.atan2(-east, -north))
    return dialect.MAVLink_wind_message(comes_from, math.hypot(east, north), 0.0)


def _fence_status(view: View) -> Any:
    fence = view.pilot.fence
    return dialect.MAVLink_fence_status_message(
        1 if fence.breached else 0,
        fence.breach_count,
        _FENCE_BREACH_OF_TYPE.get(fence.last_type, dialect.FENCE_BREACH_NONE),
        fence.breach_ms,
    )


def _position_target(view: View) -> Any:
    target = view.pilot.manoeuvre.target
    if target is None:
        return None
    lat, lon = view.globe(target.east_m, target.north_m)
    return dialect.MAVLink_position_target_global_int_message(
        view.boot_ms,
        dialect.MAV_FRAME_GLOBAL,
        0xFFF8,
        lat,
        lon,
        view.pilot.config.home_amsl_m + target.up_m,
        *(0.0,) * 8,
    )


def _nav_controller(view: View) -> Any:
    body, target = view.pilot.body, view.pilot.manoeuvre.target
    east = target.east_m - body.east_m if target else 0.0
    north = target.north_m - body.north_m if target else 0.0
    return dialect.MAVLink_nav_controller_output_message(
        math.degrees(body.roll_rad),
        math.degrees(body.pitch_rad),
        int(math.degrees(body.yaw_rad)),
        int(math.degrees(math.atan2(east, north))),
        min(65535, int(math.hypot(east, north))),
        target.up_m - body.up_m if target else 0.0,
        0.0,
        0.0,
    )


def _system_time(view: View) -> Any:
    return dialect.MAVLink_system_time_message(view.utc_us, view.boot_ms)


def _mission_current(view: View) -> Any:
    return dialect.MAVLink_mission_current_message(0, 0, dialect.MISSION_STATE_NO_MISSION, 0)


def _ekf_status(view: View) -> Any:
    flags = _EKF_NO_POSITION if view.pilot.ekf.active else _EKF_GOOD
    return dialect.MAVLink_ekf_status_report_message(flags, 0.05, 0.04, 0.03, 0.02, 0.0)


def _autopilot_version(view: View) -> Any:
    uid = 0x4A00_0000 + view.pilot.config.system_id
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
        uid,
    )


Builder = Callable[[View], Any]

MESSAGES: dict[int, Builder] = {
    dialect.MAVLINK_MSG_ID_HEARTBEAT: heartbeat,
    dialect.MAVLINK_MSG_ID_SYS_STATUS: _sys_status,
    dialect.MAVLINK_MSG_ID_SYSTEM_TIME: _system_time,
    dialect.MAVLINK_MSG_ID_GPS_RAW_INT: _gps_raw,
    dialect.MAVLINK_MSG_ID_ATTITUDE: _attitude,
    dialect.MAVLINK_MSG_ID_LOCAL_POSITION_NED: _local_position,
    dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT: _global_position,
    dialect.MAVLINK_MSG_ID_MISSION_CURRENT: _mission_current,
    dialect.MAVLINK_MSG_ID_NAV_CONTROLLER_OUTPUT: _nav_controller,
    dialect.MAVLINK_MSG_ID_VFR_HUD: _vfr_hud,
    dialect.MAVLINK_MSG_ID_POSITION_TARGET_GLOBAL_INT: _position_target,
    dialect.MAVLINK_MSG_ID_BATTERY_STATUS: _battery_status,
    dialect.MAVLINK_MSG_ID_AUTOPILOT_VERSION: _autopilot_version,
    dialect.MAVLINK_MSG_ID_FENCE_STATUS: _fence_status,
    dialect.MAVLINK_MSG_ID_WIND: _wind,
    dialect.MAVLINK_MSG_ID_EKF_STATUS_REPORT: _ekf_status,
    dialect.MAVLINK_MSG_ID_HOME_POSITION: _home_position,
    dialect.MAVLINK_MSG_ID_EXTENDED_SYS_STATE: _extended_sys_state,
}
