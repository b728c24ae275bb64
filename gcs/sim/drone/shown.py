"""All that the vehicle can show: message id to builder."""

from collections.abc import Callable
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone import shown_camera as camera
from gcs.sim.drone import shown_motion as motion
from gcs.sim.drone import shown_status as status
from gcs.sim.drone.view import View

Builder = Callable[[View], Any]

MESSAGES: dict[int, Builder] = {
    dialect.MAVLINK_MSG_ID_HEARTBEAT: status.heartbeat,
    dialect.MAVLINK_MSG_ID_SYS_STATUS: status.sys_status,
    dialect.MAVLINK_MSG_ID_SYSTEM_TIME: status.system_time,
    dialect.MAVLINK_MSG_ID_GPS_RAW_INT: motion.gps_raw,
    dialect.MAVLINK_MSG_ID_ATTITUDE: motion.attitude,
    dialect.MAVLINK_MSG_ID_LOCAL_POSITION_NED: motion.local_position,
    dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT: motion.global_position,
    dialect.MAVLINK_MSG_ID_MISSION_CURRENT: status.mission_current,
    dialect.MAVLINK_MSG_ID_NAV_CONTROLLER_OUTPUT: motion.nav_controller,
    dialect.MAVLINK_MSG_ID_VFR_HUD: motion.vfr_hud,
    dialect.MAVLINK_MSG_ID_POSITION_TARGET_GLOBAL_INT: motion.position_target,
    dialect.MAVLINK_MSG_ID_BATTERY_STATUS: status.battery_status,
    dialect.MAVLINK_MSG_ID_AUTOPILOT_VERSION: status.autopilot_version,
    dialect.MAVLINK_MSG_ID_FENCE_STATUS: status.fence_status,
    dialect.MAVLINK_MSG_ID_WIND: motion.wind,
    dialect.MAVLINK_MSG_ID_EKF_STATUS_REPORT: status.ekf_status,
    dialect.MAVLINK_MSG_ID_HOME_POSITION: motion.home_position,
    dialect.MAVLINK_MSG_ID_EXTENDED_SYS_STATE: status.extended_sys_state,
    dialect.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS: camera.gimbal_attitude,
    dialect.MAVLINK_MSG_ID_CAMERA_SETTINGS: camera.camera_settings,
    dialect.MAVLINK_MSG_ID_CAMERA_CAPTURE_STATUS: camera.capture_status,
    dialect.MAVLINK_MSG_ID_GIMBAL_MANAGER_INFORMATION: camera.manager_information,
    dialect.MAVLINK_MSG_ID_GIMBAL_MANAGER_STATUS: camera.manager_status,
    dialect.MAVLINK_MSG_ID_CAMERA_INFORMATION: camera.camera_information,
    dialect.MAVLINK_MSG_ID_VIDEO_STREAM_INFORMATION: camera.video_stream,
    # Comes when aircraft are heard (`SimulatedDrone.hear_aircraft`), to who asked for it.
    dialect.MAVLINK_MSG_ID_ADSB_VEHICLE: lambda view: None,
}
