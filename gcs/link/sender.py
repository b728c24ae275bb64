"""What goes out on a network: on a vehicle's best link, heartbeats on every one.

The one place where packets leave a gateway: the send-fence is asked for each. Signs them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from gcs.link.endpoint import Address
from gcs.link.links import Link, Port
from gcs.link.mavlink import Framer, dialect
from gcs.link.receiver import HEARTBEAT, NetworkCounters
from gcs.link.vehicle import Vehicle
from gcs.runtime.clock import Clock

GCS_COMPONENT_ID = dialect.MAV_COMP_ID_MISSIONPLANNER


class PacketSigning(Protocol):
    """One vehicle's signing, both ways."""

    def attach(self, mav: Any) -> None:
        """Sign what this pymavlink object packs."""
        ...

    def check(self, packet: bytes) -> str:
        """Empty: accepted; else why not."""
        ...


class Sender:
    """Packs for each vehicle and endpoint by itself, so that numbers and time stamps rise there."""

    def __init__(
        self,
        ports: Sequence[Port],
        clock: Clock,
        may_send: Callable[[], bool],
        gcs_system_id: int,
        signing: Mapping[int, PacketSigning],
        counters: NetworkCounters,
    ) -> None:
        self._ports, self._clock, self._may_send = ports, clock, may_send
        self._us = gcs_system_id
        self._signing = signing
        self._counters = counters
        self._packers: dict[tuple[int, int], Framer] = {}

    def send(self, vehicle: Vehicle, message: Any) -> bool:
        """Whether it went out."""
        now_s = self._clock.monotonic()
        vehicle.use_best(now_s)
        if message.get_msgId() == HEARTBEAT:
            return self._everywhere(vehicle, message, now_s)
        return vehicle.used is not None and self.send_on(vehicle.used, message)

    def send_on(self, link: Link, message: Any) -> bool:
        """On one link, whatever is the best one."""
        return self._put(link.vehicle, link.port, link.address, message)

    def _everywhere(self, vehicle: Vehicle, message: Any, now_s: float) -> bool:
        """Also to endpoints where it was not heard yet: some autopilots wait to be spoken to."""
        if len(self._ports) == 1 and not vehicle.candidates and len(vehicle.links) == 1:
            return self.send_on(vehicle.links[0], message)
        hopeful = [c for c in vehicle.candidates if c.is_up(now_s) and not c.doubts]
        ways = [(link.port, link.address) for link in (*vehicle.links, *hopeful)]
        heard = {port.index for port, _ in ways}
        for port in self._ports:
            peer = port.endpoint.peer if port.endpoint is not None else None
            if peer is not None and port.index not in heard:
                ways.append((port, peer))
        sent = [self._put(vehicle, port, to, message) for port, to in ways]
        return any(sent)

    def _put(self, vehicle: Vehicle, port: Port, to: Address, message: Any) -> bool:
        if port.endpoint is None:
            return False
        if not self._may_send():
            self._counters.unsent += 1
            return False
        port.endpoint.send(self._packer(vehicle, port).pack(message), to)
        return True

    def _packer(self, vehicle: Vehicle, port: Port) -> Framer:
        key = (port.index, vehicle.system_id)
        packer = self._packers.get(key)
        if packer is None:
            packer = self._packers[key] = Framer(self._us, GCS_COMPONENT_ID)
            signing = self._signing.get(vehicle.system_id)
            if signing is not None:
                signing.attach(packer.mav)
                # A stream's time stamps must rise, and two links may overtake each other.
                packer.mav.signing.link_id = port.index
        return packer
