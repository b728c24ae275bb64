"""Several endpoints of one network without sockets, and vehicles that answer on them by hand."""

from typing import Any

from gcs.link.endpoint import Address
from gcs.link.mavlink import Framer, dialect
from gcs.link.network import Network
from gcs.link.vehicle import Vehicle
from gcs.model.site import NetworkSpec, OperatingMode
from gcs.runtime.clock import ManualClock
from tests.unit.link.peer import Wire, heartbeat

ENDPOINTS = ("udpin:127.0.0.1:14550", "udpin:127.0.0.1:14560")


class Ether:
    """A network of two endpoints that expects system 1."""

    def __init__(self, endpoints: tuple[str, ...] = ENDPOINTS, station: int = 255) -> None:
        self.clock = ManualClock()
        spec, service = NetworkSpec("north", endpoints), OperatingMode.SERVICE
        self.network = Network(spec, service, [1], self.clock, lambda: True, station)
        self.wires = [Wire() for _ in endpoints]
        for port, wire in zip(self.network._ports, self.wires, strict=True):
            port.endpoint = wire
        self.told: list[str] = []
        self.network.on_trouble = lambda vehicle, sentence: self.told.append(sentence)
        self.reboots = 0
        self.network.on_reboot = self._rebooted

    @property
    def vehicle(self) -> Vehicle:
        return self.network.vehicles[1]

    def sent_to(self, endpoint: int, kind: str) -> list[Any]:
        return [m for m, _ in self.wires[endpoint].sent if m.get_type() == kind]

    def _rebooted(self, vehicle: Vehicle) -> None:
        self.reboots += 1


class Craft:
    """A vehicle with system id 1: speaks at any endpoint, answers what it is asked there."""

    def __init__(
        self, ether: Ether, unit: int = 7, booted_s: float = 60.0, lat: float = 51.5262
    ) -> None:
        self.ether = ether
        self.unit = unit
        self.lat = lat
        self.mode = 4
        self._booted_s = ether.clock.monotonic() - booted_s
        self._framers: dict[int, Framer] = {}
        self._read: dict[int, int] = {}

    @property
    def boot_ms(self) -> int:
        return round((self.ether.clock.monotonic() - self._booted_s) * 1000)

    def reboots(self) -> None:
        """Its clock begins anew."""
        self._booted_s = self.ether.clock.monotonic()

    def says(self, message: Any, endpoint: int, source: Address) -> None:
        framer = self._framers.setdefault(endpoint, Framer(1, 1))
        self.ether.network.datagram(framer.pack(message), source, endpoint)

    def beats(self, endpoint: int, source: Address) -> None:
        """A heartbeat there; then it answers what it was asked there since."""
        self.says(heartbeat(self.mode), endpoint, source)
        asked = self.ether.wires[endpoint].sent
        begin = self._read.get(endpoint, 0)
        self._read[endpoint] = len(asked)
        for message, to in tuple(asked[begin:]):
            if message.get_type() == "COMMAND_LONG" and to == source:
                self._answers(int(message.param1), endpoint, source)

    def is_at(self, endpoint: int, source: Address, back_ms: int = 0) -> None:
        """Its position; `back_ms` older than now."""
        lat, lon = round(self.lat * 1e7), round(-0.1068 * 1e7)
        message = dialect.MAVLink_global_position_int_message(
            self.boot_ms - back_ms, lat, lon, 50_000, 10_000, 0, 0, 0, 9000
        )
        self.says(message, endpoint, source)

    def _answers(self, message: int, endpoint: int, source: Address) -> None:
        if message == dialect.MAVLINK_MSG_ID_SYSTEM_TIME:
            self.says(dialect.MAVLink_system_time_message(0, self.boot_ms), endpoint, source)
        elif message == dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT:
            self.is_at(endpoint, source)
        elif message == dialect.MAVLINK_MSG_ID_AUTOPILOT_VERSION:
            uid2 = self.unit.to_bytes(18, "little")
            blank = [0] * 8
            version = dialect.MAVLink_autopilot_version_message(
                0, 0, 0, 0, 0, blank, blank, blank, 0, 0, 0, uid2
            )
            self.says(version, endpoint, source)
