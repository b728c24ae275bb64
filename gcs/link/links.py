"""A way to a vehicle: an endpoint of its network and the source address behind it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gcs.link.codec import Packet, Splitter
from gcs.link.endpoint import Address, Endpoint, EndpointSpec
from gcs.model.vehicle import LinkReport

if TYPE_CHECKING:
    from gcs.link.vehicle import Vehicle

UP_S = 5.0
SILENT_S = 2.0  # of the link in use: another one takes over
LOSS_WINDOW = 500  # packets after which old losses count half


@dataclass(slots=True)
class PacketLoss:
    """Losses from the gaps of the MAVLink sequence numbers, the recent ones weighing most."""

    received: int = 0
    lost: int = 0
    due: int | None = None  # the number that comes next if none is lost

    def count(self, sequence: int) -> None:
        """A packet with this number came in; a late one (half the circle back) is no loss."""
        due = self.due
        self.due = (sequence + 1) & 255
        self.received += 1
        if due is not None and sequence != due:
            gap = (sequence - due) & 255
            self.lost += gap if gap < 128 else 0
        if self.received + self.lost > LOSS_WINDOW:
            self.received //= 2
            self.lost //= 2

    @property
    def percent(self) -> float | None:
        """None before 20 packets."""
        total = self.received + self.lost
        return 100.0 * self.lost / total if total >= 20 else None


class Port:
    """One endpoint of a network, and what is known of those behind it."""

    def __init__(self, index: int, spec: EndpointSpec) -> None:
        self.index = index
        self.spec = spec
        self.stream = spec.stream
        self.endpoint: Endpoint | None = None
        self.splitter = Splitter()
        self.own: dict[tuple[Address, int], Link] = {}  # links that are taken as a vehicle's

    def packets(self, data: bytes) -> list[Packet]:
        """The checked packets in what came in."""
        return self.splitter.stream(data) if self.stream else self.splitter.datagram(data)


@dataclass(slots=True, eq=False)
class Link:
    """What came in on one way. Times on the monotonic clock.

    `boot_ms` at `boot_s`: the vehicle's time since boot as told here. `unit`: the hardware's
    number, empty = not told. `unlike`: how often in a row its heartbeats showed another state than
    the vehicle's; `doubts`: how often in a row it was found to be another vehicle.
    """

    port: Port
    address: Address
    vehicle: "Vehicle"
    first_s: float
    packet_s: float
    beat_s: float
    beats: int = 0
    boot_ms: int = 0
    boot_s: float | None = None
    unit: bytes = b""
    unit_asked: int = 0
    position: Packet | None = None
    position_s: float = 0.0
    beat: Packet | None = None
    unlike: int = 0
    doubts: int = 0
    loss: PacketLoss = field(default_factory=PacketLoss)

    @property
    def where(self) -> str:
        """For sentences."""
        return f"{self.address[0]}:{self.address[1]}"

    def is_up(self, now_s: float) -> bool:
        """Heard in the last 5 s."""
        return now_s - self.packet_s <= UP_S

    def report(self, now_s: float, used: bool) -> LinkReport:
        """As it is shown."""
        age_s = max(0.0, now_s - self.packet_s)
        up = self.is_up(now_s)
        return LinkReport(str(self.port.spec), self.where, up, used, age_s, self.loss.percent)


def best(links: list[Link], used: Link | None, now_s: float) -> Link | None:
    """The link to send on: the one in use until it is silent, then the freshest."""
    if used is not None and now_s - used.packet_s <= SILENT_S:
        return used
    freshest = max(links, key=lambda link: link.packet_s, default=None)
    if used is None or freshest is None or freshest.packet_s <= used.packet_s:
        return used or freshest
    return freshest
