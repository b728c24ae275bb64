"""Messages about where the vehicle is and how it moves. Reads, changes nothing.

A builder returns None when there is nothing to show yet.
"""

import math
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone.shaping import wrap_angle
from gcs.sim.drone.view import View


def global_position(view: View) -> Any:
    """GLOBAL_POSITION_INT."""
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


def local_position(view: View) -> Any:
    """LOCAL_POSITION_NED."""
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


def attitude(view: View) -> Any:
    """ATTITUDE."""
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


def vfr_hud(view: View) -> Any:
    """VFR_HUD."""
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


def gps_raw(view: View) -> Any:
    """GPS_RAW_INT; no fix while satellites are lost."""
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


def home_position(view: View) -> Any:
    """HOME_POSITION."""
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


def wind(view: View) -> Any:
    """WIND, once flight has told it."""
    estimate = view.pilot.wind_estimate
    if estimate is None:
        return None
    east, north = estimate
    comes_from = math.degrees(math.atan2(-east, -north))
    return dialect.MAVLink_wind_message(comes_from, math.hypot(east, north), 0.0)


def position_target(view: View) -> Any:
    """POSITION_TARGET_GLOBAL_INT, while there is a target."""
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


def nav_controller(view: View) -> Any:
    """NAV_CONTROLLER_OUTPUT."""
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
