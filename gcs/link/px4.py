"""PX4 multicopters: mode numbers, orders, message rates and parameter names.

Heights go to it above sea level, and a reposition is flown in its HOLD mode.
"""

from gcs.link import standard
from gcs.link.autopilot import Circle, Order, Rate, SafetyParameter, Step
from gcs.link.mavlink import dialect
from gcs.link.reports import (
    Attitude,
    Battery,
    CameraSettings,
    GimbalAttitude,
    Gnss,
    Home,
    LandedState,
    Motion,
    SystemStatus,
)
from gcs.link.standard import NAN
from gcs.model.place import Position
from gcs.model.telemetry import FlightMode

_MANUAL, _ALTCTL, _POSCTL, _AUTO, _ACRO, _OFFBOARD, _STABILIZED, _RATTITUDE = range(1, 9)
_TAKEOFF, _HOLD, _MISSION, _RETURN, _LAND = 2, 3, 4, 5, 6
_ORBIT = 1  # of position control
_TERMINATION = 10
_CHANGE_MODE = float(dialect.MAV_DO_REPOSITION_FLAGS_CHANGE_MODE)


def number(main: int, sub: int = 0) -> int:
    """PX4's custom_mode on the wire."""
    return main << 16 | sub << 24


_MODES: dict[int, tuple[FlightMode, str]] = {
    number(_MANUAL): (FlightMode.MANUAL, "MANUAL"),
    number(_ALTCTL): (FlightMode.MANUAL, "ALTITUDE"),
    number(_POSCTL): (FlightMode.MANUAL, "POSITION"),
    number(_POSCTL, _ORBIT): (FlightMode.PLAN, "ORBIT"),
    number(_POSCTL, 2): (FlightMode.MANUAL, "POSITION SLOW"),
    number(_ACRO): (FlightMode.MANUAL, "ACRO"),
    number(_OFFBOARD): (FlightMode.PLAN, "OFFBOARD"),
    number(_STABILIZED): (FlightMode.MANUAL, "STABILIZED"),
    number(_RATTITUDE): (FlightMode.MANUAL, "RATTITUDE"),
    number(_AUTO, 1): (FlightMode.HOLD, "READY"),
    number(_AUTO, _TAKEOFF): (FlightMode.GUIDED, "TAKEOFF"),
    number(_AUTO, _HOLD): (FlightMode.HOLD, "HOLD"),
    number(_AUTO, _MISSION): (FlightMode.PLAN, "MISSION"),
    number(_AUTO, _RETURN): (FlightMode.RETURN, "RETURN"),
    number(_AUTO, _LAND): (FlightMode.LAND, "LAND"),
    number(_AUTO, 8): (FlightMode.PLAN, "FOLLOW"),
    number(_AUTO, 9): (FlightMode.LAND, "PRECISION LAND"),
}


def _mode_order(words: str, main: int, sub: int) -> Order:
    flag = float(dialect.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED)
    return Order(words, dialect.MAV_CMD_DO_SET_MODE, (flag, float(main), float(sub), 0.0))


class Px4:
    """An `Autopilot`."""

    name = "PX4"
    known = True
    moves_in = frozenset({FlightMode.HOLD})
    climbs_in = frozenset({FlightMode.GUIDED, FlightMode.HOLD})
    home_is_item_0 = False
    integers_as_bits = True
    fence_has_switch = False
    flies_circles = True
    prearm_texts: tuple[str, ...] = ("Preflight Fail: ", "Arming denied: ")
    rates: tuple[Rate, ...] = (
        Rate(dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT, Motion, 10.0),
        Rate(dialect.MAVLINK_MSG_ID_ATTITUDE, Attitude, 4.0),
        Rate(dialect.MAVLINK_MSG_ID_EXTENDED_SYS_STATE, LandedState, 2.0),
        Rate(dialect.MAVLINK_MSG_ID_SYS_STATUS, SystemStatus, 1.0),
        Rate(dialect.MAVLINK_MSG_ID_BATTERY_STATUS, Battery, 1.0),
        Rate(dialect.MAVLINK_MSG_ID_GPS_RAW_INT, Gnss, 1.0),
        Rate(dialect.MAVLINK_MSG_ID_HOME_POSITION, Home, 0.5),
        Rate(dialect.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS, GimbalAttitude, 4.0),
        Rate(dialect.MAVLINK_MSG_ID_CAMERA_SETTINGS, CameraSettings, 2.0),
    )
    safety_parameters: tuple[SafetyParameter, ...] = (
        SafetyParameter("gcs_loss_action", (("NAV_DLL_ACT", 1.0),), whole=True),
        SafetyParameter("gcs_loss_s", (("COM_DL_LOSS_T", 1.0),), whole=True),
        SafetyParameter("gcs_loss_exceptions", (("COM_DLL_EXCEPT", 1.0),), whole=True),
        SafetyParameter("return_height_m", (("RTL_RETURN_ALT", 1.0),)),
        SafetyParameter("battery_low_action", (("COM_LOW_BAT_ACT", 1.0),), whole=True),
        SafetyParameter("fence_action", (("GF_ACTION", 1.0),), whole=True),
        SafetyParameter("fence_ceiling_m", (("GF_MAX_VER_DIST", 1.0),)),
    )

    def drives(self, autopilot: int) -> bool:
        """PX4 vehicles alone."""
        return autopilot == int(dialect.MAV_AUTOPILOT_PX4)

    def mode(self, custom_mode: int) -> tuple[FlightMode, str]:
        """What a mode number means, and the autopilot's own word."""
        return _MODES.get(custom_mode, (FlightMode.UNKNOWN, f"mode {custom_mode:#x}"))

    def arm(self) -> Order:
        """Arm; never with the code that forces it."""
        return standard.arm()

    def take_off_steps(self, height_m: float) -> tuple[Step, ...]:
        """The height goes first, while the motors stand: armed in TAKEOFF it climbs at once.

        Armed first it would wait in whatever mode it is in, and some want a stick.
        """
        climb = Order(
            "take-off",
            dialect.MAV_CMD_NAV_TAKEOFF,
            (-1.0, 0.0, 0.0, NAN),
            height_m,
            fifth=NAN,
            sixth=NAN,
            amsl=True,
        )
        return (
            Step(climb, "TAKEOFF", mode=FlightMode.GUIDED),
            Step(self.arm(), "armed", armed=True),
        )

    def reposition(self, target: Position, height_m: float) -> Order:
        """Fly straight to a point and stay, in HOLD."""
        command = dialect.MAV_CMD_DO_REPOSITION
        return Order("go to", command, (-1.0, _CHANGE_MODE, 0.0, NAN), height_m, target, amsl=True)

    def hold(self) -> Order:
        """A reposition to where it is: HOLD alone would fly an earlier one on."""
        return Order(
            "hold",
            dialect.MAV_CMD_DO_REPOSITION,
            (-1.0, _CHANGE_MODE, 0.0, NAN),
            height_m=NAN,
            fifth=NAN,
            sixth=NAN,
        )

    def return_home(self) -> Order:
        """Return to the dock."""
        return Order("return", dialect.MAV_CMD_NAV_RETURN_TO_LAUNCH)

    def land(self) -> Order:
        """Land where it is."""
        return _mode_order("land", _AUTO, _LAND)

    def orbit(self, circle: Circle) -> Order:
        """Circle round a point, the nose to its centre."""
        return Order(
            "orbit",
            dialect.MAV_CMD_DO_ORBIT,
            (circle.radius_m, circle.speed_mps, 0.0, 0.0),
            circle.height_m,
            circle.centre,
            amsl=True,
        )

    def speed(self, speed_mps: float) -> Order:
        """Fly so fast from now on."""
        return standard.change_speed(speed_mps)

    def fence_enable(self, on: bool) -> Order:
        """A fence on board acts by GF_ACTION as soon as it is loaded."""
        return Order(
            "fence",
            dialect.MAV_CMD_DO_FENCE_ENABLE,
            cannot="PX4 has no switch for its fence: it acts by GF_ACTION once it is loaded",
        )

    def start_plan(self) -> Order:
        """Fly the uploaded mission from its first item."""
        return Order("start plan", dialect.MAV_CMD_MISSION_START)

    def resume_plan(self) -> Order:
        """Fly the mission on from its current item."""
        return _mode_order("resume plan", _AUTO, _MISSION)

    def plan_item(self, seq: int) -> Order:
        """Make an item of the mission the current one."""
        return Order(
            "plan item", dialect.MAV_CMD_DO_SET_MISSION_CURRENT, (float(seq), 0.0, 0.0, 0.0)
        )

    def look_at(self, target: Position, height_m: float) -> Order:
        """Keep a point in view, at a height above home."""
        return standard.look_at(target, height_m, amsl=True)
