"""MAV_CMD: one table from command number to what the vehicle does about it.

COMMAND_LONG and COMMAND_INT both become an `Order`. Everything not in the table is
UNSUPPORTED, operator control (32100) included. There is no flight termination here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gcs.link.mavlink import dialect
from gcs.model.place import Position
from gcs.sim.drone import camera_commands as camera
from gcs.sim.drone.autopilot import WARNING, Autopilot, Outcome
from gcs.sim.drone.guardian import Guardian
from gcs.sim.drone.links import Link
from gcs.sim.drone.manoeuvres import Place
from gcs.sim.drone.modes import Mode
from gcs.sim.drone.shown import MESSAGES
from gcs.sim.drone.view import View

_REPOSITION_CHANGES_MODE = 1
_RELATIVE_FRAMES = frozenset(
    {dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT, dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT}
)
_SEA_FRAMES = frozenset({dialect.MAV_FRAME_GLOBAL, dialect.MAV_FRAME_GLOBAL_INT})
FLIGHT_COMMANDS = frozenset(
    {
        dialect.MAV_CMD_COMPONENT_ARM_DISARM,
        dialect.MAV_CMD_DO_SET_MODE,
        dialect.MAV_CMD_NAV_TAKEOFF,
        dialect.MAV_CMD_DO_REPOSITION,
        dialect.MAV_CMD_NAV_RETURN_TO_LAUNCH,
        dialect.MAV_CMD_NAV_LAND,
        dialect.MAV_CMD_NAV_LOITER_UNLIM,
        dialect.MAV_CMD_DO_CHANGE_SPEED,
        dialect.MAV_CMD_CONDITION_YAW,
        dialect.MAV_CMD_DO_PAUSE_CONTINUE,
        dialect.MAV_CMD_DO_SET_MISSION_CURRENT,
        dialect.MAV_CMD_DO_FENCE_ENABLE,
        dialect.MAV_CMD_MISSION_START,
    }
)


@dataclass(frozen=True, slots=True)
class Order:
    """A command from one link. `x_e7` and `y_e7` are 1e-7 degrees where they are a place.

    `p5` is the fifth parameter where it is none. `sender`: its system and component.
    """

    link: Link
    command: int
    p1: float
    p2: float
    p3: float
    p4: float
    x_e7: int
    y_e7: int
    z: float
    frame: int
    p5: float = 0.0
    sender: tuple[int, int] = (0, 0)


def order_of(link: Link, message: Any) -> Order:
    """A COMMAND_INT or COMMAND_LONG as an order."""
    if message.get_type() == "COMMAND_INT":
        x_e7, y_e7, z, frame = message.x, message.y, message.z, message.frame
        p5 = float(x_e7)
    else:
        p5 = message.param5
        x_e7, y_e7 = _e7(message.param5), _e7(message.param6)
        z, frame = message.param7, dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT
    p1, p2, p3, p4 = message.param1, message.param2, message.param3, message.param4
    sender = (message.get_srcSystem(), message.get_srcComponent())
    return Order(link, message.command, p1, p2, p3, p4, x_e7, y_e7, z, frame, p5, sender)


def _e7(value: float) -> int:
    return round(value * 1e7) if math.isfinite(value) else 0


def _whole(value: float) -> int:
    return int(value) if math.isfinite(value) else -1


class Commands:
    """Carries orders out. `run` returns the MAV_RESULT."""

    def __init__(self, pilot: Autopilot, guardian: Guardian, view: View) -> None:
        self._pilot = pilot
        self._guardian = guardian
        self._view = view
        self._shown: list[Any] = []
        self._later: list[tuple[float, Order]] = []
        self._table: dict[int, Callable[[Order], Outcome]] = {
            dialect.MAV_CMD_COMPONENT_ARM_DISARM: self._arm,
            dialect.MAV_CMD_DO_SET_MODE: self._set_mode,
            dialect.MAV_CMD_NAV_TAKEOFF: self._take_off,
            dialect.MAV_CMD_DO_REPOSITION: self._reposition,
            dialect.MAV_CMD_NAV_RETURN_TO_LAUNCH: lambda order: self._mode(Mode.RTL),
            dialect.MAV_CMD_NAV_LAND: lambda order: self._mode(Mode.LAND),
            dialect.MAV_CMD_NAV_LOITER_UNLIM: lambda order: self._mode(Mode.LOITER),
            dialect.MAV_CMD_MISSION_START: self._start_mission,
            dialect.MAV_CMD_DO_SET_MISSION_CURRENT: self._choose_item,
            dialect.MAV_CMD_DO_PAUSE_CONTINUE: self._pause,
            dialect.MAV_CMD_DO_CHANGE_SPEED: self._speed,
            dialect.MAV_CMD_CONDITION_YAW: lambda order: pilot.turn(order.p1, order.p3, order.p4),
            dialect.MAV_CMD_DO_FENCE_ENABLE: self._fence_enable,
            dialect.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW: lambda order: camera.pitch_yaw(
                view.gimbal, order.p1, order.p2, order.p5, order.z, (order.p3, order.p4)
            ),
            dialect.MAV_CMD_DO_GIMBAL_MANAGER_CONFIGURE: lambda order: camera.configure(
                view.gimbal, order.p1, order.p2, order.z, order.sender
            ),
            dialect.MAV_CMD_DO_MOUNT_CONTROL: lambda order: camera.mount_control(
                view.gimbal, order.p1, order.p3, order.z
            ),
            dialect.MAV_CMD_DO_SET_ROI_LOCATION: self._look_at,
            dialect.MAV_CMD_DO_SET_ROI_NONE: lambda order: camera.look_ahead(view.gimbal),
            dialect.MAV_CMD_SET_CAMERA_ZOOM: lambda order: camera.zoom(
                view.gimbal, order.p1, order.p2
            ),
            dialect.MAV_CMD_VIDEO_START_CAPTURE: lambda order: camera.record(
                view.gimbal, order.p1, on=True
            ),
            dialect.MAV_CMD_VIDEO_STOP_CAPTURE: lambda order: camera.record(
                view.gimbal, order.p1, on=False
            ),
            dialect.MAV_CMD_SET_MESSAGE_INTERVAL: self._set_interval,
            dialect.MAV_CMD_GET_MESSAGE_INTERVAL: self._get_interval,
            dialect.MAV_CMD_REQUEST_MESSAGE: lambda order: self._show(order, _whole(order.p1)),
            dialect.MAV_CMD_REQUEST_AUTOPILOT_CAPABILITIES: lambda order: self._show(
                order, dialect.MAVLINK_MSG_ID_AUTOPILOT_VERSION
            ),
            dialect.MAV_CMD_GET_HOME_POSITION: lambda order: self._show(
                order, dialect.MAVLINK_MSG_ID_HOME_POSITION
            ),
            dialect.MAV_CMD_RUN_PREARM_CHECKS: self._prearm,
            dialect.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN: self._reboot,
        }

    def run(self, order: Order) -> Outcome:
        """Do what the order says, or say why not by the result."""
        faults = self._pilot.faults
        if order.command in FLIGHT_COMMANDS:
            if faults.refuse:
                if faults.refuse_text:
                    self._pilot.say(WARNING, faults.refuse_text)
                return Outcome.DENIED
            if faults.ack_without_effect:
                return Outcome.ACCEPTED
            if faults.act_late_s > 0.0:
                self._later.append((self._pilot.now_s + faults.act_late_s, order))
                return Outcome.ACCEPTED
        handler = self._table.get(order.command)
        return handler(order) if handler else Outcome.UNSUPPORTED

    def step(self) -> None:
        """Do what was put off."""
        due = [order for at_s, order in self._later if at_s <= self._pilot.now_s]
        if due:
            self._later = [entry for entry in self._later if entry[0] > self._pilot.now_s]
        for order in due:
            self._table[order.command](order)

    # -- flight ----------------------------------------------------------------------------
    def _arm(self, order: Order) -> Outcome:
        if order.p1 == 1.0:
            return _outcome(self._pilot.arm())
        if order.p1 == 0.0:
            return _outcome(self._pilot.disarm())
        return Outcome.UNSUPPORTED

    def _mode(self, mode: Mode) -> Outcome:
        return _outcome(self._pilot.change_mode(mode))

    def _set_mode(self, order: Order) -> Outcome:
        if not _whole(order.p1) & dialect.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED:
            return Outcome.DENIED
        return _outcome(self._pilot.change_mode(_whole(order.p2)))

    def _take_off(self, order: Order) -> Outcome:
        up_m = self.up_m(order.frame, order.z)
        return Outcome.FAILED if up_m is None else self._pilot.take_off(up_m)

    def _reposition(self, order: Order) -> Outcome:
        place = self.place(order.frame, order.x_e7, order.y_e7, order.z)
        if place is None:
            return Outcome.DENIED
        change = bool(_whole(order.p2) & _REPOSITION_CHANGES_MODE)
        return self._pilot.go_to(place, change)

    def _look_at(self, order: Order) -> Outcome:
        place = self.place(order.frame, order.x_e7, order.y_e7, order.z)
        return camera.look_at(self._view.gimbal, place, order.p1)

    def _start_mission(self, order: Order) -> Outcome:
        if order.p1 != 0.0 or order.p2 != 0.0:
            return Outcome.DENIED  # first and last item: not taken by ArduCopter
        return _outcome(self._pilot.missions.start())

    def _choose_item(self, order: Order) -> Outcome:
        if order.p2 == 1.0:
            self._pilot.mission.reset()
        if not self._pilot.missions.choose(_whole(order.p1)):
            return Outcome.FAILED
        self._shown.append(MESSAGES[dialect.MAVLINK_MSG_ID_MISSION_CURRENT](self._view))
        return Outcome.ACCEPTED

    def _pause(self, order: Order) -> Outcome:
        if order.p1 not in (0.0, 1.0):
            return Outcome.DENIED
        return _outcome(self._pilot.missions.pause(order.p1 == 0.0))

    def _speed(self, order: Order) -> Outcome:
        if _whole(order.p1) not in (0, 1):
            return Outcome.DENIED if _whole(order.p1) < 0 else Outcome.UNSUPPORTED
        return self._pilot.set_speed(order.p2)

    def _fence_enable(self, order: Order) -> Outcome:
        if order.p1 not in (0.0, 1.0):
            return Outcome.FAILED
        self._pilot.fence.enabled = order.p1 == 1.0
        return Outcome.ACCEPTED

    def _prearm(self, order: Order) -> Outcome:
        if self._pilot.armed:
            return Outcome.FAILED
        self._guardian.say_prearm()
        return Outcome.ACCEPTED

    def _reboot(self, order: Order) -> Outcome:
        if order.p1 != 1.0:
            return Outcome.DENIED
        return _outcome(self._pilot.reboot())

    def up_m(self, frame: int, altitude_m: float) -> float | None:
        """Height above home of an altitude in a frame, or None if the frame is not known."""
        if not math.isfinite(altitude_m):
            return None
        if frame in _RELATIVE_FRAMES:
            return altitude_m
        return altitude_m - self._pilot.config.home_amsl_m if frame in _SEA_FRAMES else None

    def place(self, frame: int, x_e7: int, y_e7: int, altitude_m: float) -> Place | None:
        """The place a command names, or None if it names none."""
        up_m = self.up_m(frame, altitude_m)
        if up_m is None or (x_e7 == 0 and y_e7 == 0):
            return None
        try:
            return self._pilot.local(Position(x_e7 / 1e7, y_e7 / 1e7), up_m)
        except ValueError:
            return None

    # -- what it sends ---------------------------------------------------------------------
    def _set_interval(self, order: Order) -> Outcome:
        message, interval_us = _whole(order.p1), order.p2
        if message not in MESSAGES or not math.isfinite(interval_us):
            return Outcome.DENIED
        interval_s = interval_us / 1e6 if interval_us > 0 else None
        order.link.schedule.set(message, interval_s, self._pilot.now_s)
        return Outcome.ACCEPTED

    def _get_interval(self, order: Order) -> Outcome:
        message = _whole(order.p1)
        interval_s = order.link.schedule.interval_s(message)
        known = -1 if message in MESSAGES else 0
        interval_us = round(interval_s * 1e6) if interval_s is not None else known
        order.link.send(dialect.MAVLink_message_interval_message(message & 0xFFFF, interval_us))
        return Outcome.ACCEPTED

    def _show(self, order: Order, message: int) -> Outcome:
        build = MESSAGES.get(message)
        found = build(self._view) if build else None
        if found is None:
            return Outcome.FAILED
        self._shown.append(found)
        return Outcome.ACCEPTED

    def take_shown(self) -> list[Any]:
        """Messages that were asked for: they go out beside the answer."""
        messages, self._shown = self._shown, []
        return messages


def _outcome(done: bool) -> Outcome:
    return Outcome.ACCEPTED if done else Outcome.FAILED
