"""A simulated drone: the autopilot behind real MAVLink 2, driven by time and packets alone.

`step(now_s)` moves it, `receive(data, sender)` hands it a datagram, `take_outbox()` gives
what it sends. It opens no socket and reads no clock, so that tests run it at any speed.
"""

from collections.abc import Callable, Sequence
from typing import Any

from gcs.link.mavlink import dialect
from gcs.link.signing import ticks
from gcs.sim.drone.answers import Answers
from gcs.sim.drone.autopilot import Autopilot
from gcs.sim.drone.camera_commands import set_pitch_yaw
from gcs.sim.drone.camera_pose import CameraPose, camera_pose
from gcs.sim.drone.commands import Commands, Order, order_of
from gcs.sim.drone.config import Address, DroneConfig, is_loopback, require_loopback
from gcs.sim.drone.faults import Faults, FaultScript, ScriptRunner
from gcs.sim.drone.gimbal import Gimbal
from gcs.sim.drone.guardian import Guardian
from gcs.sim.drone.links import Link
from gcs.sim.drone.parameter_protocol import ParameterProtocol
from gcs.sim.drone.plan_protocol import PlanProtocol
from gcs.sim.drone.radio import Radio
from gcs.sim.drone.shown import MESSAGES
from gcs.sim.drone.signing import REFUSED_TEXT, BoardSigning
from gcs.sim.drone.streams import Schedule, group
from gcs.sim.drone.view import View
from gcs.sim.weather import Weather

COMPONENT = 1
_TIMESYNC_S = 10.0
_ANSWERS_AFTER_BOOT_S = 0.3
_LINK_KEPT_S = 60.0
_MOST_LINKS = 8
_MAX_TEXT = 50


class SimulatedDrone:
    """One vehicle. `gateway` gets its heartbeat unasked; other loopback peers once they speak.

    Raises ValueError for a gateway outside 127.0.0.0/8.
    """

    def __init__(
        self,
        config: DroneConfig,
        gateway: Address,
        weather: Weather,
        seed: int,
        now_s: float,
        utc_offset_ms: float = 0.0,
    ) -> None:
        self.config = config
        self.faults = Faults()
        self.pilot = Autopilot(config, weather, seed, now_s, self.faults)
        self.pilot.say = self._say
        self.pilot.missions.on_reached = lambda seq: self._tell_all(
            dialect.MAVLink_mission_item_reached_message(seq)
        )
        self.foreign_packets = 0
        self.unknown_messages: dict[str, int] = {}
        self._links: dict[Address, Link] = {}
        first = require_loopback(config.id, gateway)
        self._gateways = {first}
        self.signing = BoardSigning(lambda: ticks(self._view.utc_us // 1000))
        self._links[first] = Link(first, config.system_id, now_s, self.signing)
        self._boot_s = self.pilot.boot_s
        self._uplink = Radio(self.faults, seed + 1)
        self._downlink = Radio(self.faults, seed + 2)
        self._answers = Answers(self.faults)
        self._script: ScriptRunner | None = None
        self._system_id = config.system_id
        self._back_s = now_s  # until then its computer starts and hears nothing
        self._next_timesync_s = now_s
        guardian = Guardian(self.pilot)
        self._guardian = guardian
        self.gimbal = Gimbal(self.pilot)
        self._view = View(self.pilot, guardian, self.gimbal, utc_offset_ms)
        self._commands = Commands(self.pilot, guardian, self._view)
        self._parameters = ParameterProtocol(self.pilot, self._tell_all)
        self._plans = PlanProtocol(self.pilot)
        self._table = self._handlers()

    def also_beat_to(self, gateway: Address) -> None:
        """Send the heartbeat to a further gateway, unasked. Raises ValueError as for the first."""
        address = require_loopback(self.config.id, gateway)
        self._gateways.add(address)
        self._links[address] = self._new_link(address)

    @property
    def id(self) -> str:
        """The drone's name at its site."""
        return self.config.id

    @property
    def flying(self) -> bool:
        """It must be stepped finely."""
        return not self.pilot.parked

    @property
    def system_id(self) -> int:
        """What it calls itself now."""
        return self.faults.system_id or self.config.system_id

    @property
    def acks_sent(self) -> int:
        """COMMAND_ACKs so far."""
        return self._answers.sent

    @property
    def under_way(self) -> int:
        """Datagrams on the air, both ways."""
        return self._uplink.under_way + self._downlink.under_way

    def play(self, script: FaultScript) -> None:
        """Set faults by a script, from now on; it takes the place of one under way."""
        self._script = ScriptRunner(script, self.faults, self.pilot.now_s)

    def camera_pose(self) -> CameraPose:
        """Where its camera is and where it looks."""
        gimbal = self.gimbal
        return camera_pose(self.pilot, gimbal.pitch_deg, gimbal.yaw_deg, gimbal.zoom)

    def hear_aircraft(self, messages: Sequence[Any]) -> None:
        """Its receiver heard other aircraft (ADSB_VEHICLE): told on links that asked for it."""
        for link in self._links.values():
            if link.schedule.interval_s(dialect.MAVLINK_MSG_ID_ADSB_VEHICLE) is not None:
                for message in messages:
                    link.send(message)

    # -- in and out ------------------------------------------------------------------------
    def receive(self, data: bytes, sender: Address) -> None:
        """A datagram came in. Answers are in the outbox at once."""
        if not is_loopback(sender[0]):
            self.foreign_packets += 1
            return
        self._uplink.put(self.pilot.now_s, sender, data)
        self._hear()

    def take_outbox(self) -> list[tuple[Address, bytes]]:
        """Datagrams to send now."""
        for link in self._links.values():
            for data in link.datagrams():
                self._downlink.put(self.pilot.now_s, link.address, data)
        return self._downlink.take(self.pilot.now_s)

    def step(self, now_s: float) -> None:
        """Live until `now_s`."""
        if self._script is not None:
            self._script.step(now_s)
        self.pilot.step(now_s)
        self._suffer()
        self._guardian.step()
        self.gimbal.step(now_s)
        if self.pilot.boot_s != self._boot_s:
            self._forget_streams()
        self._hear()
        if now_s < self._back_s:
            return
        self._commands.step()
        self._answers.step(now_s)
        self._plans.step()
        self._send_timesync(now_s)
        for link in tuple(self._links.values()):
            if now_s >= link.schedule.next_s:
                self._stream(link, now_s)
            if link.parameters_to_send:
                self._parameters.send_listed(link)
            if now_s - link.heard_s > _LINK_KEPT_S and link.address not in self._gateways:
                del self._links[link.address]

    def _suffer(self) -> None:
        """The faults that strike once: a boot, another system id."""
        faults = self.faults
        if faults.reboot_s > 0.0:
            self._back_s = self.pilot.now_s + faults.reboot_s
            faults.reboot_s = 0.0
            self.pilot.crash_boot()
        if self.system_id != self._system_id:
            self._system_id = self.system_id
            for link in self._links.values():
                link.speak_as(self._system_id)

    def _forget_streams(self) -> None:
        """After a boot every link is silent again until it asks."""
        self._boot_s = self.pilot.boot_s
        self._answers.forget()
        self.signing.boot()
        speaks_s = max(self._back_s, self._boot_s + _ANSWERS_AFTER_BOOT_S)
        for link in self._links.values():
            link.schedule = Schedule(speaks_s)
            link.parameters_to_send.clear()
        self.gimbal.stow()

    def _stream(self, link: Link, now_s: float) -> None:
        for message_id in link.schedule.due(now_s):
            message = MESSAGES[message_id](self._view)
            if message is not None:
                link.send(message)

    def _send_timesync(self, now_s: float) -> None:
        if now_s >= self._next_timesync_s:
            self._next_timesync_s = now_s + _TIMESYNC_S
            self._tell_all(dialect.MAVLink_timesync_message(0, self._boot_ns()))

    def _boot_ns(self) -> int:
        return int((self.pilot.since_boot_s + self.faults.clock_s) * 1e9)

    def _hear(self) -> None:
        for sender, data in self._uplink.take(self.pilot.now_s):
            link = self._links.get(sender)
            if link is None:
                link = self._new_link(sender)
            for message in link.framer.parse(data):
                if not self.signing.takes(bytes(message.get_msgbuf())):
                    continue
                if len(self._links) < _MOST_LINKS:
                    self._links.setdefault(sender, link)
                self._handle(link, message)

    def _new_link(self, address: Address) -> Link:
        number = len(self._links)
        return Link(address, self.system_id, self.pilot.now_s, self.signing, number)

    def _tell_all(self, message: Any) -> None:
        if self.pilot.now_s < self._back_s:
            return  # it is starting
        for link in self._links.values():
            link.send(message)

    def _say(self, severity: int, text: str) -> None:
        self._tell_all(dialect.MAVLink_statustext_message(severity, text[:_MAX_TEXT].encode()))

    # -- who may speak ---------------------------------------------------------------------
    def _is_gcs(self, system: int) -> bool:
        low = int(self.pilot.params["MAV_GCS_SYSID"])
        return low <= system <= max(low, int(self.pilot.params["MAV_GCS_SYSID_HI"]))

    def _handle(self, link: Link, message: Any) -> None:
        system = message.get_srcSystem()
        if self.pilot.now_s < max(self._back_s, self.pilot.boot_s + _ANSWERS_AFTER_BOOT_S):
            return
        if int(self.pilot.params["MAV_OPTIONS"]) & 1 and not self._is_gcs(system):
            return
        if getattr(message, "target_system", 0) not in (0, self.system_id):
            return
        if getattr(message, "target_component", 0) not in (0, COMPONENT):
            return
        link.heard_s = self.pilot.now_s
        handler = self._table.get(message.get_type())
        if handler is None:
            name = message.get_type()
            self.unknown_messages[name] = self.unknown_messages.get(name, 0) + 1
            return
        handler(link, message)

    def _handlers(self) -> dict[str, Callable[[Link, Any], None]]:
        plans, parameters = self._plans, self._parameters
        return {
            "HEARTBEAT": self._heartbeat,
            "TIMESYNC": self._timesync,
            "PING": self._ping,
            "COMMAND_LONG": self._command,
            "COMMAND_INT": self._command,
            "SET_MODE": self._set_mode,
            "SET_POSITION_TARGET_GLOBAL_INT": self._position_target,
            "REQUEST_DATA_STREAM": self._data_stream,
            "PARAM_REQUEST_READ": parameters.read,
            "PARAM_REQUEST_LIST": parameters.list_all,
            "PARAM_SET": parameters.set,
            "MISSION_COUNT": plans.count,
            "MISSION_ITEM_INT": plans.item,
            "MISSION_ITEM": plans.item,
            "MISSION_SET_CURRENT": self._choose_item,
            "MISSION_REQUEST_LIST": plans.request_list,
            "MISSION_REQUEST_INT": plans.request_item,
            "MISSION_REQUEST": plans.request_item,
            "MISSION_CLEAR_ALL": plans.clear,
            "MISSION_ACK": plans.acknowledged,
            "GIMBAL_MANAGER_SET_PITCHYAW": lambda _, m: set_pitch_yaw(self.gimbal, m),
            "SETUP_SIGNING": self._set_up_signing,
            "MANUAL_CONTROL": _ignore,
            "RC_CHANNELS_OVERRIDE": _ignore,
            "SYSTEM_TIME": _ignore,
        }

    # -- messages --------------------------------------------------------------------------
    def _heartbeat(self, link: Link, message: Any) -> None:
        if self._is_gcs(message.get_srcSystem()):
            self._guardian.heard_gcs()

    def _timesync(self, link: Link, message: Any) -> None:
        if message.tc1 == 0:
            link.send(dialect.MAVLink_timesync_message(self._boot_ns(), message.ts1))

    def _ping(self, link: Link, message: Any) -> None:
        if message.target_system == 0:
            sender = (message.get_srcSystem(), message.get_srcComponent())
            link.send(dialect.MAVLink_ping_message(message.time_usec, message.seq, *sender))

    def _command(self, link: Link, message: Any) -> None:
        result = int(self._commands.run(order_of(link, message)))
        self._answer(link, message, message.command, result)

    def _set_mode(self, link: Link, message: Any) -> None:
        base, mode = float(message.base_mode), float(message.custom_mode)
        command = dialect.MAV_CMD_DO_SET_MODE
        order = Order(link, command, base, mode, 0.0, 0.0, 0, 0, 0.0, 0)
        result = int(self._commands.run(order))
        self._answer(link, message, dialect.MAVLINK_MSG_ID_SET_MODE, result)

    def _answer(self, link: Link, message: Any, command: int, result: int) -> None:
        sender = (message.get_srcSystem(), message.get_srcComponent())
        ack = dialect.MAVLink_command_ack_message(command, result, 0, 0, *sender)
        self._answers.give(self.pilot.now_s, link, ack, self._commands.take_shown())

    def _position_target(self, link: Link, message: Any) -> None:
        if message.type_mask & 0b111:
            return  # velocity and acceleration targets are not flown here
        frame = message.coordinate_frame
        place = self._commands.place(frame, message.lat_int, message.lon_int, message.alt)
        if place is not None:
            self.pilot.go_to(place, change_mode=False)

    def _choose_item(self, link: Link, message: Any) -> None:
        """MISSION_SET_CURRENT: the answer is MISSION_CURRENT, or silence."""
        if self.pilot.missions.choose(message.seq):
            link.send(MESSAGES[dialect.MAVLINK_MSG_ID_MISSION_CURRENT](self._view))

    def _set_up_signing(self, link: Link, message: Any) -> None:
        """There is no answer: the next packets show it."""
        if self.pilot.armed:
            self._say(dialect.MAV_SEVERITY_WARNING, REFUSED_TEXT)
        else:
            self.signing.set_up(bytes(message.secret_key), message.initial_timestamp)

    def _data_stream(self, link: Link, message: Any) -> None:
        rate_hz = message.req_message_rate
        interval_s = 1.0 / rate_hz if message.start_stop and rate_hz > 0 else None
        for message_id in group(message.req_stream_id):
            link.schedule.set(message_id, interval_s, self.pilot.now_s)


def _ignore(link: Link, message: Any) -> None:
    """Known and without effect: nobody flies these drones by stick."""
