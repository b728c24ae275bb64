"""What comes in on a network: whose packet it is, and whether it may change a vehicle's state.

A vehicle's packets are taken from one source address of an endpoint, and from another endpoint
only once it is proven the same vehicle. What a packet says is the receiver's business.
"""

from collections.abc import Callable, Mapping

from gcs.link.codec import Packet, decode, whole
from gcs.link.doubles import Doubles, remember
from gcs.link.endpoint import Address
from gcs.link.links import SILENT_S, Link, Port
from gcs.link.mavlink import dialect
from gcs.link.plain import plain
from gcs.link.receiver import ANSWERS, HEARTBEAT, OF_ANY_COMPONENT, NetworkCounters, Receiver
from gcs.link.sender import PacketSigning
from gcs.link.vehicle import Vehicle
from gcs.runtime.clock import Clock

_AUTOPILOT = dialect.MAV_COMP_ID_AUTOPILOT1
_FIRST_STATION = 251  # a site's drones have 1 to 250
_REMEMBER_FOREIGN = 256


class Sorter:
    """The packets of one network."""

    def __init__(
        self,
        vehicles: Mapping[int, Vehicle],
        receiver: Receiver,
        doubles: Doubles,
        signing: Mapping[int, PacketSigning],
        counters: NetworkCounters,
        clock: Clock,
    ) -> None:
        self.on_foreign: Callable[[Vehicle, Address], None] = lambda vehicle, source: None
        self._vehicles, self._receiver, self._doubles = vehicles, receiver, doubles
        self._signing, self._counters, self._clock = signing, counters, clock
        self._now_s = clock.monotonic
        self._foreign_seen: set[tuple[int, Address]] = set()
        self._stations: set[int] = set()

    def take(self, port: Port, data: bytes, source: Address) -> None:
        """Bytes came in at an endpoint, from whomever."""
        if not (port.stream or self._signing) and plain(port.own, data, source, self._now_s()):
            self._counters.messages_in += 1
            return
        packet = None if port.stream else whole(data)
        if packet is not None:
            self._packet(packet, source, port)
            return
        bad = port.splitter.bad
        packets = port.packets(data)
        self._counters.messages_bad += port.splitter.bad - bad
        for packet in packets:
            self._packet(packet, source, port)

    def _packet(self, packet: Packet, source: Address, port: Port) -> None:
        self._counters.messages_in += 1
        system = packet.system
        if self._signing and self._is_refused(packet):
            return
        now_s = self._clock.monotonic()
        link = port.own.get((source, system))
        if link is None:
            self._stranger(packet, source, port, now_s)
        else:
            self._known(link, packet, now_s)

    def _known(self, link: Link, packet: Packet, now_s: float) -> None:
        """A packet on a link of a vehicle."""
        vehicle = link.vehicle
        message = packet.message
        if packet.component == _AUTOPILOT:
            if message == HEARTBEAT and not self._beat(vehicle, link, now_s):
                return
            if packet.known:  # what cannot be proven whole is no sign of life
                link.packet_s = vehicle.last_packet_s = now_s
            link.loss.count(packet.sequence)
        elif message not in OF_ANY_COMPONENT:
            return  # a camera's or gimbal's heartbeat says nothing about the flight
        if link is vehicle.used or message in ANSWERS or self._takes_over(link, now_s):
            self._receiver.take(vehicle, link, packet, now_s)
        else:
            self._receiver.spare(link, packet, now_s)

    def _is_refused(self, packet: Packet) -> bool:
        signing = self._signing.get(packet.system)
        if signing is None or not signing.check(packet.data):
            return False
        self._counters.refused_signatures += 1
        return True

    def _takes_over(self, link: Link, now_s: float) -> bool:
        """Whether the link in use is silent, and this one now carries the vehicle."""
        vehicle = link.vehicle
        if vehicle.used is None or now_s - vehicle.used.packet_s > SILENT_S:
            vehicle.use_best(now_s)
        return vehicle.used is link

    def _beat(self, vehicle: Vehicle, link: Link, now_s: float) -> bool:
        """A heartbeat on a link of the vehicle; False: it is another vehicle's by now."""
        if len(vehicle.links) > 1 and not self._doubles.still_same(vehicle, link, now_s):
            self._give_up(link)
            remember(vehicle, link, now_s)
            self._doubles.trouble(vehicle, now_s)
            return False
        link.beats += 1
        link.beat_s = now_s
        self._doubles.trouble(vehicle, now_s)
        return True

    def _stranger(self, packet: Packet, source: Address, port: Port, now_s: float) -> None:
        """A packet from where no vehicle is taken from."""
        vehicle = self._vehicles.get(packet.system)
        if vehicle is None:
            self._passer_by(packet)
            return
        beats = _is_autopilots_heartbeat(packet)
        if not any(link.is_up(now_s) for link in vehicle.links):
            if beats:
                self._adopt(vehicle, packet, source, port, now_s)
        elif any(link.port is port and link.is_up(now_s) for link in vehicle.links):
            self._foreign(vehicle, source, port, beats, now_s)
        elif packet.component == _AUTOPILOT:
            self._candidate(vehicle, packet, source, port, beats, now_s)

    def _adopt(
        self, vehicle: Vehicle, packet: Packet, source: Address, port: Port, now_s: float
    ) -> None:
        """A vehicle that is nowhere is where it beats."""
        vehicle.fresh_starts += vehicle.used is not None
        for old in tuple(vehicle.links):
            self._give_up(old)
        link = Link(port, source, vehicle, now_s, now_s, now_s)
        vehicle.candidates = []
        vehicle.rivals.forget(link)
        vehicle.boot_clock.forget()
        self._own(link)
        vehicle.used = link
        self._known(link, packet, now_s)

    def _candidate(
        self,
        vehicle: Vehicle,
        packet: Packet,
        source: Address,
        port: Port,
        beats: bool,
        now_s: float,
    ) -> None:
        """The vehicle lives at another endpoint: without proof this one changes no state."""
        for link in vehicle.candidates:
            if link.port is port and link.address == source:
                break
        else:
            link = Link(port, source, vehicle, now_s, now_s, now_s)
            if not beats or not remember(vehicle, link, now_s):
                return
        link.packet_s = now_s
        self._receiver.spare(link, packet, now_s)
        if beats:
            link.beats += 1
            link.beat_s = now_s
            vehicle.use_best(now_s)
            if self._doubles.candidate(vehicle, link, now_s):
                vehicle.candidates.remove(link)
                self._own(link)

    def _own(self, link: Link) -> None:
        for old in tuple(link.vehicle.links):
            if old.port is link.port:
                self._give_up(old)
        link.vehicle.links.append(link)
        link.port.own[(link.address, link.vehicle.system_id)] = link

    def _give_up(self, link: Link) -> None:
        link.vehicle.links.remove(link)
        if link.vehicle.used is link:
            link.vehicle.used = None
        link.port.own.pop((link.address, link.vehicle.system_id), None)

    def _foreign(
        self, vehicle: Vehicle, source: Address, port: Port, beats: bool, now_s: float
    ) -> None:
        """Another sender at the vehicle's own endpoint: counted, ignored, never merged."""
        self._counters.foreign_packets += 1
        mark = (vehicle.system_id, source)
        if len(self._foreign_seen) < _REMEMBER_FOREIGN and mark not in self._foreign_seen:
            self._foreign_seen.add(mark)
            self.on_foreign(vehicle, source)
        if beats:
            vehicle.rivals.beat(Link(port, source, vehicle, now_s, now_s, now_s), now_s)
            self._doubles.trouble(vehicle, now_s)

    def _passer_by(self, packet: Packet) -> None:
        """Not of this site: another ground station, or somebody else's vehicle."""
        if packet.message == HEARTBEAT and _heartbeat_type(packet) == dialect.MAV_TYPE_GCS:
            self._stations.add(packet.system)
        if packet.system >= _FIRST_STATION or packet.system in self._stations:
            self._counters.stations += 1
        else:
            self._counters.foreign_packets += 1


def _heartbeat_type(packet: Packet) -> int:
    try:
        return int(decode(packet.data).type)
    except Exception:  # pymavlink raises many types on hostile bytes; none may pass
        return -1


def _is_autopilots_heartbeat(packet: Packet) -> bool:
    if packet.message != HEARTBEAT or packet.component != _AUTOPILOT:
        return False
    return _heartbeat_type(packet) not in (-1, dialect.MAV_TYPE_GCS)
