"""ArduCopter: its mode numbers, orders, message rates and parameter names."""

from gcs.link import standard
from gcs.link.autopilot import Circle, Order, Rate, SafetyParameter, Step
from gcs.link.mavlink import dialect
from gcs.link.plan_reports import PlanProgress
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

AUTO, GUIDED, RTL, LAND, BRAKE = 3, 4, 6, 9, 17

_MODES: dict[int, tuple[FlightMode, str]] = {
    0: (FlightMode.MANUAL, "STABILIZE"),
    1: (FlightMode.MANUAL, "ACRO"),
    2: (FlightMode.MANUAL, "ALT_HOLD"),
    AUTO: (FlightMode.PLAN, "AUTO"),
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
    known = True
    moves_in = frozenset({FlightMode.GUIDED})
    climbs_in = frozenset({FlightMode.GUIDED})
    home_is_item_0 = True
    integers_as_bits = False
    fence_has_switch = True
    flies_circles = False
    prearm_texts: tuple[str, ...] = ("PreArm: ", "Arm: ")
    rates: tuple[Rate, ...] = (
        Rate(dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT, Motion, 10.0),
        Rate(dialect.MAVLINK_MSG_ID_ATTITUDE, Attitude, 4.0),
        Rate(dialect.MAVLINK_MSG_ID_EXTENDED_SYS_STATE, LandedState, 2.0),
        Rate(dialect.MAVLINK_MSG_ID_SYS_STATUS, SystemStatus, 1.0),
        Rate(dialect.MAVLINK_MSG_ID_BATTERY_STATUS, Battery, 1.0),
        Rate(dialect.MAVLINK_MSG_ID_GPS_RAW_INT, Gnss, 1.0),
        Rate(dialect.MAVLINK_MSG_ID_FENCE_STATUS, FenceStatus, 0.5),
        Rate(dialect.MAVLINK_MSG_ID_WIND, Wind, 0.5),
        Rate(dialect.MAVLINK_MSG_ID_MISSION_CURRENT, PlanProgress, 1.0),
        Rate(dialect.MAVLINK_MSG_ID_HOME_POSITION, Home, 0.2),
        Rate(dialect.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS, GimbalAttitude, 4.0),
        Rate(dialect.MAVLINK_MSG_ID_CAMERA_SETTINGS, CameraSettings, 2.0),
    )
    safety_parameters: tuple[SafetyParameter, ...] = (
        SafetyParameter("gcs_loss_action", (("FS_GCS_ENABLE", 1.0),), whole=True),
        SafetyParameter("gcs_loss_s", (("FS_GCS_TIMEOUT", 1.0),)),
        SafetyParameter("gcs_loss_exceptions", (("FS_OPTIONS", 1.0),), whole=True),
        SafetyParameter("return_height_m", (("RTL_ALT_M", 1.0), ("RTL_ALT", 0.01))),
        SafetyParameter("gcs_system_id", (("MAV_GCS_SYSID", 1.0), ("SYSID_MYGCS", 1.0)), True),
        SafetyParameter("gcs_system_id_hi", (("MAV_GCS_SYSID_HI", 1.0),), whole=True),
        SafetyParameter("options", (("MAV_OPTIONS", 1.0), ("SYSID_ENFORCE", 1.0)), whole=True),
        SafetyParameter("battery_low_action", (("BATT_FS_LOW_ACT", 1.0),), whole=True),
        SafetyParameter("battery_critical_action", (("BATT_FS_CRT_ACT", 1.0),), whole=True),
        SafetyParameter("fence_action", (("FENCE_ACTION", 1.0),), whole=True),
        SafetyParameter("fence_type", (("FENCE_TYPE", 1.0),), whole=True),
        SafetyParameter("fence_ceiling_m", (("FENCE_ALT_MAX", 1.0),)),
    )

    def drives(self, autopilot: int) -> bool:
        """ArduPilot vehicles alone."""
        return autopilot == int(dialect.MAV_AUTOPILOT_ARDUPILOTMEGA)

    def mode(self, custom_mode: int) -> tuple[FlightMode, str]:
        """What a mode number means, and the autopilot's own word."""
        return _MODES.get(custom_mode, (FlightMode.UNKNOWN, f"mode {custom_mode}"))

    def arm(self) -> Order:
        """Arm; never with the code that forces it."""
        return standard.arm()

    def take_off_steps(self, height_m: float) -> tuple[Step, ...]:
        """In GUIDED, armed, then up: disarmed it refuses to take off."""
        return (
            Step(_mode_order("guided", GUIDED), "GUIDED", mode=FlightMode.GUIDED, needless=True),
            Step(self.arm(), "armed", armed=True),
            Step(
                Order("take-off", dialect.MAV_CMD_NAV_TAKEOFF, height_m=height_m),
                "in the air",
                airborne=True,
            ),
        )

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

    def orbit(self, circle: Circle) -> Order:
        """Not known to it: its CIRCLE mode obeys the throttle stick and takes its radius from
        parameters, so the gateway flies the circle itself, in GUIDED."""
        return Order("orbit", dialect.MAV_CMD_DO_ORBIT, cannot="ArduCopter has no orbit order")

    def speed(self, speed_mps: float) -> Order:
        """Fly so fast from now on."""
        return standard.change_speed(speed_mps)

    def fence_enable(self, on: bool) -> Order:
        """Switch the fence on board; the proof is SYS_STATUS, not the parameter.

        Polygons and ceiling alone: the default FENCE_TYPE has a circle of 300 m round home too,
        out of which no drone could be sent. Builds before 4.6 switch all kinds on at once.
        """
        words = "fence on" if on else "fence off"
        kinds = dialect.FENCE_TYPE_POLYGON | dialect.FENCE_TYPE_ALT_MAX if on else 0
        return Order(words, dialect.MAV_CMD_DO_FENCE_ENABLE, (float(on), float(kinds), 0.0, 0.0))

    def start_plan(self) -> Order:
        """Fly the uploaded mission from its first item."""
        return Order("start plan", dialect.MAV_CMD_MISSION_START)

    def resume_plan(self) -> Order:
        """Fly the mission on from its current item."""
        return _mode_order("resume plan", AUTO)

    def plan_item(self, seq: int) -> Order:
        """Make an item of the mission the current one."""
        return Order(
            "plan item", dialect.MAV_CMD_DO_SET_MISSION_CURRENT, (float(seq), 0.0, 0.0, 0.0)
        )

    def look_at(self, target: Position, height_m: float) -> Order:
        """Keep a point in view, at a height above home, by the gimbal alone."""
        return standard.look_at(target, height_m, amsl=False)
