"""ArduCopter: its mode numbers, orders, message rates and parameter names."""

from gcs.link.autopilot import Order, Rate, SafetyParameter
from gcs.link.mavlink import dialect
from gcs.link.reports import (
    Attitude,
    Battery,
    CameraSettings,
    FenceStatus,
    GimbalAttitude,
    Gnss,
    Home,
    LandedState,
    Motion,
    SystemStatus,
    Wind,
)
from gcs.model.place import Position
from gcs.model.telemetry import FlightMode

GUIDED, RTL, LAND, BRAKE = 4, 6, 9, 17

_MODES: dict[int, tuple[FlightMode, str]] = {
    0: (FlightMode.MANUAL, "STABILIZE"),
    1: (FlightMode.MANUAL, "ACRO"),
    2: (FlightMode.MANUAL, "ALT_HOLD"),
    3: (FlightMode.PLAN, "AUTO"),
    GUIDED: (FlightMode.GUIDED, "GUIDED"),
    5: (FlightMode.HOLD, "LOITER"),
    RTL: (FlightMode.RETURN, "RTL"),
    7: (FlightMode.PLAN, "CIRCLE"),
    LAND: (FlightMode.LAND, "LAND"),
    11: (FlightMode.MANUAL, "DRIFT"),
    13: (FlightMode.MANUAL, "SPORT"),
    15: (FlightMode.MANUAL, "AUTOTUNE"),
    16: (FlightMode.HOLD, "POSHOLD"),
    BRAKE: (FlightMode.HOLD, "BRAKE"),
    20: (FlightMode.MANUAL, "GUIDED_NOGPS"),
    21: (FlightMode.RETURN, "SMART_RTL"),
    23: (FlightMode.PLAN, "FOLLOW"),
    24: (FlightMode.PLAN, "ZIGZAG"),
    27: (FlightMode.RETURN, "AUTO_RTL"),
}


def _mode_order(words: str, custom_mode: int) -> Order:
    flag = float(dialect.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED)
    return Order(words, dialect.MAV_CMD_DO_SET_MODE, (flag, float(custom_mode), 0.0, 0.0))


class ArduCopter:
    """An `Autopilot`. Seen on the wire of 4.7; older parameter names are known too."""

    name = "ArduCopter"
    rates: tuple[Rate, ...] = (
        Rate(dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT, Motion, 10.0),
        Rate(dialect.MAVLINK_MSG_ID_ATTITUDE, Attitude, 4.0),
        Rate(dialect.MAVLINK_MSG_ID_EXTENDED_SYS_STATE, LandedState, 2.0),
        Rate(dialect.MAVLINK_MSG_ID_SYS_STATUS, SystemStatus, 1.0),
        Rate(dialect.MAVLINK_MSG_ID_BATTERY_STATUS, Battery, 1.0),
        Rate(dialect.MAVLINK_MSG_ID_GPS_RAW_INT, Gnss, 1.0),
        Rate(dialect.MAVLINK_MSG_ID_FENCE_STATUS, FenceStatus, 0.5),
        Rate(dialect.MAVLINK_MSG_ID_WIND, Wind, 0.5),
        Rate(dialect.MAVLINK_MSG_ID_HOME_POSITION, Home, 0.2),
        Rate(dialect.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS, GimbalAttitude, 4.0),
        Rate(dialect.MAVLINK_MSG_ID_CAMERA_SETTINGS, CameraSettings, 2.0),
    )
    safety_parameters: tuple[SafetyParameter, ...] = (
        SafetyParameter("gcs_loss_action", (("FS_GCS_ENABLE", 1.0),)),
        SafetyParameter("return_height_m", (("RTL_ALT_M", 1.0), ("RTL_ALT", 0.01))),
        SafetyParameter("gcs_system_id", (("MAV_GCS_SYSID", 1.0), ("SYSID_MYGCS", 1.0))),
        SafetyParameter("options", (("MAV_OPTIONS", 1.0),)),
        SafetyParameter("battery_low_action", (("BATT_FS_LOW_ACT", 1.0),)),
        SafetyParameter("fence_action", (("FENCE_ACTION", 1.0),)),
    )

    most_zoom = 8.0

    def drives(self, autopilot: int) -> bool:
        """ArduPilot vehicles alone."""
        return autopilot == int(dialect.MAV_AUTOPILOT_ARDUPILOTMEGA)

    def mode(self, custom_mode: int) -> tuple[FlightMode, str]:
        """What a mode number means, and the autopilot's own word."""
        return _MODES.get(custom_mode, (FlightMode.UNKNOWN, f"mode {custom_mode}"))

    def arm(self) -> Order:
        """Arm; never with the code that forces it."""
        return Order("arm", dialect.MAV_CMD_COMPONENT_ARM_DISARM, (1.0, 0.0, 0.0, 0.0))

    def guided(self) -> Order:
        """The mode in which take-off and reposition are obeyed."""
        return _mode_order("guided", GUIDED)

    def take_off(self, height_m: float) -> Order:
        """Climb to a height above home."""
        return Order("take-off", dialect.MAV_CMD_NAV_TAKEOFF, height_m=height_m)

    def reposition(self, target: Position, height_m: float) -> Order:
        """Fly straight to a point and stay. Bit 0 of p2: change to GUIDED if need be."""
        return Order(
            "go to",
            dialect.MAV_CMD_DO_REPOSITION,
            (-1.0, 1.0, 0.0, float("nan")),
            height_m,
            target,
        )

    def hold(self) -> Order:
        """Stop and stay: BRAKE needs no input and no plan."""
        return _mode_order("hold", BRAKE)

    def return_home(self) -> Order:
        """Return to the dock."""
        return _mode_order("return", RTL)

    def land(self) -> Order:
        """Land where it is."""
        return _mode_order("land", LAND)

    def look_at(self, target: Position, height_m: float) -> Order:
        """Keep a point in view, at a height above home, by the gimbal alone."""
        return Order(
            "look at", dialect.MAV_CMD_DO_SET_ROI_LOCATION, height_m=height_m, target=target
        )

    def gimbal(self, pitch_deg: float, yaw_deg: float) -> Order:
        """Turn the camera: pitch from the horizon, yaw from the nose and with it."""
        held = dialect.GIMBAL_MANAGER_FLAGS_ROLL_LOCK | dialect.GIMBAL_MANAGER_FLAGS_PITCH_LOCK
        nan = float("nan")
        return Order(
            "gimbal",
            dialect.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW,
            (pitch_deg, yaw_deg, nan, nan),
            fifth=float(held),
        )

    def zoom(self, zoom: float) -> Order:
        """Magnify so many times: the wire takes a share of the camera's range, in percent."""
        percent = (zoom - 1.0) / (self.most_zoom - 1.0) * 100.0
        return Order(
            "zoom",
            dialect.MAV_CMD_SET_CAMERA_ZOOM,
            (float(dialect.ZOOM_TYPE_RANGE), percent, 0.0, 0.0),
        )
