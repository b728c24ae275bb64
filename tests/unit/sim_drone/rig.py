"""A drone on a bench: a ground station that speaks real MAVLink bytes to it, time by hand."""

from collections.abc import Callable
from typing import Any

from gcs.geo.earth import offset
from gcs.link.mavlink import Framer, dialect
from gcs.model.place import Position
from gcs.sim.drone.config import Address, DroneConfig
from gcs.sim.drone.drone import SimulatedDrone
from gcs.sim.weather import Weather

HOME = Position(51.5262, -0.1068)
GATEWAY: Address = ("127.0.0.1", 14550)
ACCEPTED, DENIED, UNSUPPORTED, FAILED = 0, 2, 3, 4
GUIDED, LOITER, RTL, LAND, BRAKE = 4, 5, 6, 9, 17
TICK_S = 0.02


class Peer:
    """One ground station on the bench; keeps what it hears, newest last."""

    def __init__(self, rig: "Rig", address: Address, system_id: int) -> None:
        self._rig = rig
        self.address = address
        self.framer = Framer(system_id, 190)
        self.heard: list[tuple[float, Any]] = []

    def send(self, message: Any) -> None:
        self._rig.drone.receive(self.framer.pack(message), self.address)
        self._rig.deliver()

    def all(self, kind: str) -> list[Any]:
        return [m for _, m in self.heard if m.get_type() == kind]

    def last(self, kind: str) -> Any:
        found = self.all(kind)
        assert found, f"no {kind} was heard"
        return found[-1]

    def texts(self) -> list[str]:
        return [m.text for m in self.all("STATUSTEXT")]

    def times(self, kind: str) -> list[float]:
        return [t for t, m in self.heard if m.get_type() == kind]

    def ack_of(self, command: int, at: int = 0) -> int:
        """The result of the newest answer to a command since `at` heard messages."""
        acks = [m for _, m in self.heard[at:] if m.get_type() == "COMMAND_ACK"]
        found = [m.result for m in acks if m.command == command]
        assert found, f"command {command} was not answered"
        return int(found[-1])

    def command(self, command: int, *params: float, target: int | None = None) -> int:
        """Send a COMMAND_LONG and return the answer's result."""
        at = len(self.heard)
        self.post(command, *params, target=target)
        return self.ack_of(command, at)

    def post(self, command: int, *params: float, target: int | None = None) -> None:
        """Send a COMMAND_LONG."""
        seven = [*params, *([0.0] * (7 - len(params)))]
        system = self._rig.system_id if target is None else target
        self.send(dialect.MAVLink_command_long_message(system, 1, command, 0, *seven))

    def reposition(self, place: Position, up_m: float, flags: float = 1.0, frame: int = 6) -> int:
        at = len(self.heard)
        self.send(
            dialect.MAVLink_command_int_message(
                self._rig.system_id,
                1,
                frame,
                dialect.MAV_CMD_DO_REPOSITION,
                0,
                0,
                -1.0,
                flags,
                0.0,
                float("nan"),
                round(place.lat_deg * 1e7),
                round(place.lon_deg * 1e7),
                up_m,
            )
        )
        return self.ack_of(dialect.MAV_CMD_DO_REPOSITION, at)

    def heartbeat(self) -> None:
        self.send(dialect.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))

    def interval(self, message: int, hz: float) -> int:
        interval_us = 1e6 / hz if hz > 0 else -1.0
        return self.command(dialect.MAV_CMD_SET_MESSAGE_INTERVAL, float(message), interval_us)

    def arm(self) -> int:
        return self.command(dialect.MAV_CMD_COMPONENT_ARM_DISARM, 1.0)

    def disarm(self, magic: float = 0.0) -> int:
        return self.command(dialect.MAV_CMD_COMPONENT_ARM_DISARM, 0.0, magic)

    def mode(self, number: int) -> int:
        return self.command(dialect.MAV_CMD_DO_SET_MODE, 1.0, float(number))

    def take_off(self, up_m: float) -> int:
        return self.command(dialect.MAV_CMD_NAV_TAKEOFF, 0, 0, 0, 0, 0, 0, up_m)


class Rig:
    """A drone, its gateway and time. Heartbeats of the gateway are sent while `beating`."""

    def __init__(self, config: DroneConfig | None = None, wind_mps: float = 0.0) -> None:
        self.config = config or DroneConfig("ISL-01", 1, HOME)
        self.system_id = self.config.system_id
        self.now_s = self.start_s = 5000.0
        self.weather = Weather(wind_mps, 240.0, 1)
        self.drone = SimulatedDrone(self.config, GATEWAY, self.weather, 7, self.now_s)
        self.peers: dict[Address, Peer] = {}
        self.gcs = self.peer(GATEWAY, 255)
        self.beating = False
        self._beat_s = self.now_s

    def peer(self, address: Address, system_id: int) -> Peer:
        self.peers[address] = Peer(self, address, system_id)
        return self.peers[address]

    def deliver(self) -> None:
        for address, data in self.drone.take_outbox():
            peer = self.peers[address]
            peer.heard.extend((self.now_s, m) for m in peer.framer.parse(data))

    def tick(self) -> None:
        self.now_s += TICK_S
        if self.beating and self.now_s >= self._beat_s:
            self._beat_s = self.now_s + 1.0
            self.gcs.heartbeat()
        self.drone.step(self.now_s)
        self.deliver()

    def run(self, seconds: float) -> None:
        end = self.now_s + seconds
        while self.now_s < end - 1e-9:
            self.tick()

    def until(self, what: Callable[[], bool], most_s: float = 120.0) -> float:
        """Run until it is so; returns the seconds it took. Fails after `most_s`."""
        start = self.now_s
        while not what():
            assert self.now_s - start < most_s, f"not seen within {most_s} s"
            self.tick()
        return self.now_s - start

    @property
    def up_m(self) -> float:
        return self.drone.pilot.body.up_m

    @property
    def mode(self) -> int:
        return int(self.drone.pilot.mode)

    def fly_to(self, up_m: float, bearing: float = 0.0, metres: float = 0.0) -> None:
        """In the air, resting, at a height and a distance from home."""
        assert self.gcs.mode(GUIDED) == ACCEPTED
        assert self.gcs.arm() == ACCEPTED
        assert self.gcs.take_off(up_m) == ACCEPTED
        self.until(lambda: self.up_m > up_m - 0.2)
        if metres:
            assert self.gcs.reposition(self.place(bearing, metres), up_m) == ACCEPTED
            self.until(lambda: self.away_m > metres - 0.5)
        self.run(5.0)

    @property
    def away_m(self) -> float:
        body = self.drone.pilot.body
        return float((body.east_m**2 + body.north_m**2) ** 0.5)

    def place(self, bearing: float, metres: float) -> Position:
        return offset(HOME, bearing, metres)
