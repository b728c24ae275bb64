"""A vehicle's end of a network without a socket: packets in, packets out, by hand."""

from collections.abc import Callable, Mapping
from typing import Any

from gcs.link.endpoint import Address
from gcs.link.mavlink import Framer, dialect
from gcs.link.network import Network, PacketSigning
from gcs.link.vehicle import Vehicle
from gcs.model.site import NetworkSpec, OperatingMode
from gcs.runtime.clock import Clock

HOME: Address = ("127.0.0.1", 14551)


class Wire:
    """Stands where the endpoint stands: keeps what was sent, for the peer to read."""

    address: Address = ("127.0.0.1", 14550)
    peer: Address | None = None

    def __init__(self) -> None:
        self.sent: list[tuple[Any, Address]] = []
        self.answer: Callable[[Any], None] = lambda message: None
        self._framer = Framer(1, 1)

    def send(self, data: bytes, to: Address) -> None:
        for message in self._framer.parse_datagram(data):
            self.sent.append((message, to))
            self.answer(message)

    async def open(self) -> None:
        """Nothing to open."""

    async def run(self) -> None:
        """Nothing to keep open."""

    def close(self) -> None:
        """Nothing to close."""


class Peer:
    """System 1 behind a network whose endpoint is a `Wire`."""

    def __init__(
        self,
        clock: Clock,
        may_send: Callable[[], bool] = lambda: True,
        signing: Mapping[int, PacketSigning] | None = None,
    ) -> None:
        spec, training = NetworkSpec("net1"), OperatingMode.TRAINING
        self.network = Network(spec, training, [1, 2], clock, may_send, signing=signing)
        self.wire = Wire()
        self.network._ports[0].endpoint = self.wire
        self._framer = Framer(1, 1)

    @property
    def vehicle(self) -> Vehicle:
        return self.network.vehicles[1]

    def says(self, *messages: Any, source: Address = HOME) -> None:
        """The vehicle sends."""
        for message in messages:
            self.network.datagram(self._framer.pack(message), source)

    def sent(self, kind: str) -> list[Any]:
        """What the network sent it, of one type."""
        return [m for m, _ in self.wire.sent if m.get_type() == kind]


def heartbeat(mode: int = 4, armed: bool = False, state: int = 3) -> Any:
    """An ArduCopter heartbeat."""
    return dialect.MAVLink_heartbeat_message(2, 3, 81 | (128 if armed else 0), mode, state, 3)


def px4_heartbeat(mode: int = 0x3040000, armed: bool = False, state: int = 3) -> Any:
    """A PX4 heartbeat, in HOLD."""
    return dialect.MAVLink_heartbeat_message(2, 12, 1 | (128 if armed else 0), mode, state, 3)


def motion(
    lat: float = 51.5262,
    lon: float = -0.1068,
    up_m: float = 10.0,
    speed_mps: float = 0.0,
    hdg: int = 9000,
    climb_mps: float = 1.5,
) -> Any:
    """A GLOBAL_POSITION_INT."""
    return dialect.MAVLink_global_position_int_message(
        1000,
        round(lat * 1e7),
        round(lon * 1e7),
        50_000,
        round(up_m * 1000),
        round(speed_mps * 100),
        0,
        round(-climb_mps * 100),
        hdg,
    )


def text(words: str, severity: int = 4, id: int = 0, chunk: int = 0) -> Any:
    """A STATUSTEXT packet."""
    return dialect.MAVLink_statustext_message(severity, words.encode(), id, chunk)


def ack(command: int, result: int) -> Any:
    """A COMMAND_ACK."""
    return dialect.MAVLink_command_ack_message(command, result)
