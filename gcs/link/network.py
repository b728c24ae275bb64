"""A MAVLink network: one endpoint and the vehicles behind it, told apart by system id.

A vehicle's packets are taken from one source address; another one that uses its id is
counted and ignored, never merged. Every send asks `may_send` first: the send-fence.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gcs.link.decode import BadValue, decode, known
from gcs.link.endpoint import Address, Endpoint, EndpointSpec, parse_endpoint
from gcs.link.endpoints import open_endpoint
from gcs.link.mavlink import Framer, dialect
from gcs.link.reports import Heartbeat, Report
from gcs.link.vehicle import Vehicle
from gcs.model.site import NetworkSpec, OperatingMode
from gcs.runtime.clock import Clock

GCS_SYSTEM_ID = 255
GCS_COMPONENT_ID = dialect.MAV_COMP_ID_MISSIONPLANNER
NEW_SOURCE_AFTER_S = 5.0
_REMEMBER_FOREIGN = 256

log = logging.getLogger(__name__)


@dataclass(slots=True)
class NetworkCounters:
    """Since the endpoint was opened. `unsent`: packets the send-fence held back."""

    messages_in: int = 0
    messages_bad: int = 0
    foreign_packets: int = 0
    unknown_types: int = 0
    unsent: int = 0


class Network:
    """The vehicles of one endpoint. `on_report(vehicle, report)` is called for each report."""

    def __init__(
        self,
        spec: NetworkSpec,
        mode: OperatingMode,
        system_ids: Iterable[int],
        clock: Clock,
        may_send: Callable[[], bool],
    ) -> None:
        self.counters = NetworkCounters()
        self.vehicles = {i: Vehicle(spec.id, i, clock, self.send) for i in system_ids}
        self.on_report: Callable[[Vehicle, Report], None] = lambda vehicle, report: None
        self.on_foreign: Callable[[Vehicle, Address], None] = lambda vehicle, source: None
        self._spec: EndpointSpec = parse_endpoint(spec.endpoints[0], mode)
        self._mode = mode
        self._clock = clock
        self._may_send = may_send
        self._parser = Framer(GCS_SYSTEM_ID, GCS_COMPONENT_ID)
        self._packers = {i: Framer(GCS_SYSTEM_ID, GCS_COMPONENT_ID) for i in self.vehicles}
        self._endpoint: Endpoint | None = None
        self._logged: set[str] = set()
        self._foreign_seen: set[tuple[int, Address]] = set()

    async def open(self) -> Address:
        """Open the endpoint; returns its local address. Raises BadEndpoint."""
        self._endpoint = await open_endpoint(self._spec, self._mode, self.datagram)
        return self._endpoint.address

    def close(self) -> None:
        """Close the endpoint."""
        if self._endpoint is not None:
            self._endpoint.close()
            self._endpoint = None

    def send(self, vehicle: Vehicle, message: Any) -> bool:
        """Send to a vehicle, if the fence is open and its address is known."""
        address = vehicle.address or (self._endpoint.peer if self._endpoint else None)
        if self._endpoint is None or address is None:
            return False
        if not self._may_send():
            self.counters.unsent += 1
            return False
        self._endpoint.send(self._packers[vehicle.system_id].pack(message), address)
        return True

    def datagram(self, data: bytes, source: Address) -> None:
        """A datagram came in, from whomever."""
        bad = self._parser.counters.bad
        messages = self._parser.parse_datagram(data)
        self.counters.messages_bad += self._parser.counters.bad - bad
        for message in messages:
            self._message(message, source)

    def _message(self, message: Any, source: Address) -> None:
        self.counters.messages_in += 1
        vehicle = self.vehicles.get(message.get_srcSystem())
        if vehicle is None:
            self.counters.foreign_packets += 1
            return
        if message.get_srcComponent() != dialect.MAV_COMP_ID_AUTOPILOT1:
            return  # a camera's or gimbal's heartbeat says nothing about the flight
        report = self._decoded(message, vehicle)
        if not self._from_its_source(vehicle, source, report):
            return
        vehicle.last_packet_s = self._clock.monotonic()
        vehicle.loss.count(message.get_seq())
        if report is not None:
            vehicle.take(report)
            self.on_report(vehicle, report)

    def _decoded(self, message: Any, vehicle: Vehicle) -> Report | None:
        kind = message.get_type()
        if not known(kind):
            self.counters.unknown_types += 1
            self._log_once(kind, f"system {vehicle.system_id}: message type {kind} is not known")
            return None
        try:
            return decode(message)
        except BadValue as error:
            self.counters.messages_bad += 1
            self._log_once(str(kind) + "!", f"system {vehicle.system_id}: refused: {error}")
        except Exception:  # a hostile field must not take the other drones' telemetry down
            self.counters.messages_bad += 1
            self._log_once(str(kind) + "!!", f"system {vehicle.system_id}: {kind} unreadable")
        return None

    def _from_its_source(self, vehicle: Vehicle, source: Address, report: Report | None) -> bool:
        if vehicle.address == source:
            return True
        last = vehicle.last_packet_s
        if last is None or self._clock.monotonic() - last > NEW_SOURCE_AFTER_S:
            if not isinstance(report, Heartbeat):
                return False  # whose packets count is settled by a heartbeat
            vehicle.address = source
            vehicle.loss.last = None
            return True
        self.counters.foreign_packets += 1
        mark = (vehicle.system_id, source)
        if len(self._foreign_seen) < _REMEMBER_FOREIGN and mark not in self._foreign_seen:
            self._foreign_seen.add(mark)
            self.on_foreign(vehicle, source)
        return False

    def _log_once(self, key: str, text: str) -> None:
        if key not in self._logged:
            self._logged.add(key)
            log.warning(text)
