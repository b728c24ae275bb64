"""A PX4-like vehicle on the wire: datagrams in, datagrams out, through simulated time.

It heeds any ground station, and speaks to 127.0.0.0/8 only.
"""

import asyncio
from typing import Any

from gcs.link.mavlink import dialect
from gcs.model.place import Position
from gcs.sim.drone.config import Address, DroneConfig, is_loopback, require_loopback
from gcs.sim.drone.links import Link
from gcs.sim.px4.commands import UNSUPPORTED, Commands, order_of
from gcs.sim.px4.fence import FenceItem
from gcs.sim.px4.items import ItemProtocol, Items
from gcs.sim.px4.parameters import REAL32
from gcs.sim.px4.pilot import CRITICAL, Px4Pilot
from gcs.sim.px4.shown import MESSAGES, UNASKED_HZ
from gcs.sim.px4.ways import Spot
from gcs.sim.weather import Weather

TICK_S = 0.02
_COMPONENT = 1
_TEXT = 50
_RELATIVE_FRAMES = (
    dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT,
    dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT,
)


class Px4Vehicle:
    """One vehicle. `gateway` hears it unasked, other loopback peers once they speak."""

    def __init__(
        self, config: DroneConfig, gateway: Address, weather: Weather, now_s: float
    ) -> None:
        self.pilot = Px4Pilot(config, weather, now_s)
        self.pilot.say = self._say
        self.received: list[Any] = []
        self._config = config
        self._links = {require_loopback(config.id, gateway): self._link(gateway)}
        self._commands = Commands(self.pilot)
        self._items = ItemProtocol(
            (
                Items(dialect.MAV_MISSION_TYPE_MISSION, self._load_mission),
                Items(dialect.MAV_MISSION_TYPE_FENCE, self._load_fence),
                Items(dialect.MAV_MISSION_TYPE_RALLY, lambda items: None),
            )
        )

    @property
    def id(self) -> str:
        """The drone's name at its site."""
        return self._config.id

    def _link(self, address: Address) -> Link:
        link = Link(address, self._config.system_id, self.pilot.now_s)
        for message_id, hz in UNASKED_HZ.items():
            link.schedule.set(message_id, 1.0 / hz, self.pilot.now_s)
        return link

    # -- in and out ------------------------------------------------------------------------
    def receive(self, data: bytes, sender: Address) -> None:
        """A datagram came in."""
        if not is_loopback(sender[0]):
            return
        link = self._links.setdefault(sender, self._link(sender))
        for message in link.framer.parse_datagram(data):
            if getattr(message, "target_system", 0) in (0, self._config.system_id):
                self._handle(link, message)

    def take_outbox(self) -> list[tuple[Address, bytes]]:
        """Datagrams to send now."""
        return [(k.address, data) for k in self._links.values() for data in k.datagrams()]

    def step(self, now_s: float) -> None:
        """Live until `now_s`."""
        self.pilot.step(now_s)
        for link in self._links.values():
            for message_id in link.schedule.due(now_s):
                link.send(MESSAGES[message_id](self.pilot))

    def _tell_all(self, message: Any) -> None:
        for link in self._links.values():
            link.send(message)

    def _say(self, severity: int, text: str) -> None:
        self._tell_all(dialect.MAVLink_statustext_message(severity, text[:_TEXT].encode()))

    # -- messages --------------------------------------------------------------------------
    def _handle(self, link: Link, message: Any) -> None:
        kind = message.get_type()
        self.received.append(message)
        del self.received[:-500]
        if kind == "HEARTBEAT" and message.type == dialect.MAV_TYPE_GCS:
            self.pilot.gcs_heard_s = self.pilot.now_s
        elif kind in ("COMMAND_LONG", "COMMAND_INT"):
            self._command(link, message)
        elif kind == "TIMESYNC" and message.tc1 == 0:
            now_ns = int((self.pilot.now_s - self.pilot.boot_s) * 1e9)
            link.send(dialect.MAVLink_timesync_message(now_ns, message.ts1))
        elif kind == "PARAM_REQUEST_READ":
            self._tell_parameter(message.param_id)
        elif kind == "PARAM_REQUEST_LIST":
            for name in self.pilot.params.names:
                self._tell_parameter(name)
        elif kind == "PARAM_SET":
            if message.param_id in self.pilot.params:
                self.pilot.params.set_coded(message.param_id, message.param_value)
            self._tell_parameter(message.param_id)
        else:
            self._items.handle(message, link.send, self.pilot.now_s)

    def _command(self, link: Link, message: Any) -> None:
        order = order_of(message)
        result = self._streams(link, order.command, order.p)
        if result is None:
            result = self._commands.run(order)
        sender = (message.get_srcSystem(), message.get_srcComponent())
        ack = dialect.MAVLink_command_ack_message(order.command, result, 0, 0, *sender)
        link.send(ack)
        if order.command == dialect.MAV_CMD_DO_ORBIT and result == 0:
            link.send(ack)  # the mode's own task answers too

    def _streams(self, link: Link, command: int, p: tuple[float, ...]) -> int | None:
        """SET_MESSAGE_INTERVAL and REQUEST_MESSAGE; None for any other order."""
        if command not in (
            dialect.MAV_CMD_SET_MESSAGE_INTERVAL,
            dialect.MAV_CMD_REQUEST_MESSAGE,
        ):
            return None
        message_id = int(p[0])
        if message_id not in MESSAGES:
            return UNSUPPORTED
        if command == dialect.MAV_CMD_REQUEST_MESSAGE:
            link.send(MESSAGES[message_id](self.pilot))
        else:
            interval_s = p[1] / 1e6 if p[1] > 0 else None
            link.schedule.set(message_id, interval_s, self.pilot.now_s)
        return 0

    def _tell_parameter(self, name: str) -> None:
        """To all links; an unknown name is answered in words."""
        if name not in self.pilot.params:
            self._say(CRITICAL, f"[pm] unknown param: {name}")
            return
        names = self.pilot.params.names
        value, kind = self.pilot.params.coded(name)
        self._tell_all(
            dialect.MAVLink_param_value_message(
                name.encode(), value, kind or REAL32, len(names), names.index(name)
            )
        )

    # -- what is loaded --------------------------------------------------------------------
    def _load_mission(self, items: list[Any]) -> None:
        spots = []
        for item in items:
            if item.command == dialect.MAV_CMD_NAV_WAYPOINT:
                up_m = item.z if item.frame in _RELATIVE_FRAMES else self.pilot.up_m(item.z)
                spots.append(Spot(*self._local(item), up_m))
        self.pilot.mission, self.pilot.item = spots, 0

    def _load_fence(self, items: list[Any]) -> None:
        self.pilot.fence.load([FenceItem(i.command, i.param1, self._local(i)) for i in items])

    def _local(self, item: Any) -> tuple[float, float]:
        return self.pilot.frame.to_local(Position(item.x / 1e7, item.y / 1e7))


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, vehicle: Px4Vehicle) -> None:
        self.vehicle = vehicle

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.vehicle.receive(data, addr)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens just now: a radio would not notice either."""


async def run(vehicle: Px4Vehicle, pace: float = 1.0) -> None:
    """Let it live on a UDP port of its own, `pace` times as fast as the clock, until cancelled."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Socket(vehicle), local_addr=("127.0.0.1", 0)
    )
    began_s, from_s = vehicle.pilot.now_s, loop.time()
    try:
        while True:
            vehicle.step(began_s + (loop.time() - from_s) * pace)
            for address, data in vehicle.take_outbox():
                transport.sendto(data, address)
            await asyncio.sleep(TICK_S)
    finally:
        transport.close()
