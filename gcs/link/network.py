"""A MAVLink network: a named set of endpoints and the vehicles behind them, by system id.

A vehicle's packets are taken from one source address of an endpoint, and from another endpoint
only once it is proven the same vehicle. Every send asks `may_send` first: the send-fence.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

from gcs.link.codec import Packet, decode, whole
from gcs.link.doubles import Doubles, remember
from gcs.link.endpoint import Address, parse_endpoint
from gcs.link.endpoints import make_endpoint
from gcs.link.links import SILENT_S, UP_S, Link, Port, best
from gcs.link.mavlink import Framer, dialect
from gcs.link.receiver import ANSWERS, HEARTBEAT, OF_ANY_COMPONENT, NetworkCounters, Receiver
from gcs.link.reports import Report
from gcs.link.vehicle import Vehicle
from gcs.model.site import NetworkSpec, OperatingMode
from gcs.model.vehicle import LinkReport
from gcs.runtime.clock import Clock

__all__ = ["GCS_SYSTEM_ID", "NEW_SOURCE_AFTER_S", "Network", "NetworkCounters", "PacketSigning"]

GCS_SYSTEM_ID = 255
GCS_COMPONENT_ID = dialect.MAV_COMP_ID_MISSIONPLANNER
NEW_SOURCE_AFTER_S = UP_S
_AUTOPILOT = dialect.MAV_COMP_ID_AUTOPILOT1
_FIRST_STATION = 251  # a site's drones have 1 to 250
_REMEMBER_FOREIGN = 256

log = logging.getLogger(__name__)


class PacketSigning(Protocol):
    """One vehicle's signing, both ways."""

    def attach(self, mav: Any) -> None:
        """Sign what this pymavlink object packs."""
        ...

    def check(self, packet: bytes) -> str:
        """Empty: accepted; else why not."""
        ...


class Network:
    """The vehicles of one network.

    `on_report(vehicle, report)` is called for each report but those of which the newest alone
    counts (`newest.NEWEST`). `on_trouble(vehicle, sentence)`: two vehicles have one system id,
    empty when it is over. `on_reboot(vehicle)`; `on_endpoint(sentence)`: one was lost or is back.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        mode: OperatingMode,
        system_ids: Iterable[int],
        clock: Clock,
        may_send: Callable[[], bool],
        gcs_system_id: int = GCS_SYSTEM_ID,
        signing: Mapping[int, PacketSigning] | None = None,
    ) -> None:
        self.counters = NetworkCounters()
        self.receiver = Receiver(self.counters, gcs_system_id)
        self.vehicles = {
            i: Vehicle(spec.id, i, clock, self.send, self.receiver.report) for i in system_ids
        }
        self.on_foreign: Callable[[Vehicle, Address], None] = lambda vehicle, source: None
        self.on_endpoint: Callable[[str], None] = lambda sentence: None
        self._mode, self._clock, self._may_send = mode, clock, may_send
        self._us = gcs_system_id
        self._signing = dict(signing or {})
        self._doubles = Doubles(self._send_on)
        self._ports = [Port(i, parse_endpoint(e, mode)) for i, e in enumerate(spec.endpoints)]
        self._foreign_seen: set[tuple[int, Address]] = set()
        self._stations: set[int] = set()

    # -- callbacks -----------------------------------------------------------------------------
    @property
    def on_report(self) -> Callable[[Vehicle, Report], None]:
        """Hears what is decoded at once."""
        return self.receiver.on_report

    @on_report.setter
    def on_report(self, listener: Callable[[Vehicle, Report], None]) -> None:
        self.receiver.on_report = listener

    @property
    def on_reboot(self) -> Callable[[Vehicle], None]:
        """Hears that a vehicle's clock began anew."""
        return self.receiver.on_reboot

    @on_reboot.setter
    def on_reboot(self, listener: Callable[[Vehicle], None]) -> None:
        self.receiver.on_reboot = listener

    @property
    def on_trouble(self) -> Callable[[Vehicle, str], None]:
        """Hears of two vehicles with one system id, and of its end."""
        return self._doubles.on_trouble

    @on_trouble.setter
    def on_trouble(self, listener: Callable[[Vehicle, str], None]) -> None:
        self._doubles.on_trouble = listener

    # -- endpoints -----------------------------------------------------------------------------
    async def open(self) -> Address:
        """Open what can be opened at once; the first one's address. Raises BadEndpoint."""
        for port in self._ports:
            on_data = partial(self._bytes, port)
            port.endpoint = make_endpoint(port.spec, self._mode, on_data, self._endpoint_says)
            await port.endpoint.open()
        first = self._ports[0].endpoint
        assert first is not None
        return first.address

    async def run(self) -> None:
        """Keep the endpoints open until cancelled. After `open`."""
        async with asyncio.TaskGroup() as group:
            for port in self._ports:
                if port.endpoint is not None:
                    group.create_task(port.endpoint.run(), name=f"endpoint {port.spec}")

    def close(self) -> None:
        """Close the endpoints."""
        for port in self._ports:
            if port.endpoint is not None:
                port.endpoint.close()
                port.endpoint = None

    def _endpoint_says(self, sentence: str) -> None:
        log.warning(sentence)
        self.on_endpoint(sentence)

    # -- what is known -------------------------------------------------------------------------
    def links(self, vehicle: Vehicle) -> tuple[LinkReport, ...]:
        """The ways to a vehicle."""
        now_s = self._clock.monotonic()
        return tuple(link.report(now_s, link is vehicle.used) for link in vehicle.links)

    def trouble(self, vehicle: Vehicle) -> str:
        """Why this vehicle may not be commanded, in one sentence; empty: it may."""
        return self._doubles.trouble(vehicle, self._clock.monotonic())

    # -- out -----------------------------------------------------------------------------------
    def send(self, vehicle: Vehicle, message: Any) -> bool:
        """Send on its best link, a heartbeat on every one, if the send-fence is open."""
        now_s = self._clock.monotonic()
        self._use_best(vehicle, now_s)
        if message.get_msgId() == HEARTBEAT:
            return self._send_everywhere(vehicle, message)
        return vehicle.used is not None and self._send_on(vehicle.used, message)

    def _send_everywhere(self, vehicle: Vehicle, message: Any) -> bool:
        """Also to endpoints where it was not heard yet: some autopilots wait to be spoken to."""
        ways = [(w.port, w.address) for w in (*vehicle.links, *vehicle.candidates)]
        heard = {port.index for port, _ in ways}
        for port in self._ports:
            peer = port.endpoint.peer if port.endpoint is not None else None
            if peer is not None and port.index not in heard:
                ways.append((port, peer))
        sent = [self._put(vehicle, port, to, message) for port, to in ways]
        return any(sent)

    def _send_on(self, link: Link, message: Any) -> bool:
        return self._put(link.vehicle, link.port, link.address, message)

    def _put(self, vehicle: Vehicle, port: Port, to: Address, message: Any) -> bool:
        if port.endpoint is None:
            return False
        if not self._may_send():
            self.counters.unsent += 1
            return False
        port.endpoint.send(self._packer(vehicle, port).pack(message), to)
        return True

    def _packer(self, vehicle: Vehicle, port: Port) -> Framer:
        packer = port.packers.get(vehicle.system_id)
        if packer is None:
            packer = port.packers[vehicle.system_id] = Framer(self._us, GCS_COMPONENT_ID)
            signing = self._signing.get(vehicle.system_id)
            if signing is not None:
                signing.attach(packer.mav)
                # A stream's time stamps must rise, and two links may overtake each other.
                packer.mav.signing.link_id = port.index
        return packer

    def _use_best(self, vehicle: Vehicle, now_s: float) -> None:
        used = best(vehicle.links, vehicle.used, now_s)
        if used is not vehicle.used and used is not None:
            vehicle.used = used
            vehicle.fresh_starts += 1

    # -- in ------------------------------------------------------------------------------------
    def datagram(self, data: bytes, source: Address, endpoint: int = 0) -> None:
        """Bytes came in at an endpoint, from whomever."""
        self._bytes(self._ports[endpoint], data, source)

    def _bytes(self, port: Port, data: bytes, source: Address) -> None:
        packet = None if port.stream else whole(data)
        if packet is not None:
            self._packet(packet, source, port)
            return
        bad = port.splitter.bad
        packets = port.packets(data)
        self.counters.messages_bad += port.splitter.bad - bad
        for packet in packets:
            self._packet(packet, source, port)

    def _packet(self, packet: Packet, source: Address, port: Port) -> None:
        self.counters.messages_in += 1
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
            self.receiver.take(vehicle, link, packet, now_s)
        else:
            self.receiver.spare(link, packet, now_s)

    def _is_refused(self, packet: Packet) -> bool:
        signing = self._signing.get(packet.system)
        if signing is None or not signing.check(packet.data):
            return False
        self.counters.refused_signatures += 1
        return True

    def _takes_over(self, link: Link, now_s: float) -> bool:
        """Whether the link in use is silent, and this one now carries the vehicle."""
        vehicle = link.vehicle
        if vehicle.used is None or now_s - vehicle.used.packet_s > SILENT_S:
            self._use_best(vehicle, now_s)
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
        vehicle = self.vehicles.get(packet.system)
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
        self.receiver.spare(link, packet, now_s)
        if beats:
            link.beats += 1
            link.beat_s = now_s
            self._use_best(vehicle, now_s)
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
        self.counters.foreign_packets += 1
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
            self.counters.stations += 1
        else:
            self.counters.foreign_packets += 1


def _heartbeat_type(packet: Packet) -> int:
    try:
        return int(decode(packet).type)
    except Exception:  # pymavlink raises many types on hostile bytes; none may pass
        return -1


def _is_autopilots_heartbeat(packet: Packet) -> bool:
    if packet.message != HEARTBEAT or packet.component != _AUTOPILOT:
        return False
    return _heartbeat_type(packet) not in (-1, dialect.MAV_TYPE_GCS)
