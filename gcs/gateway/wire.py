"""All MAVLink networks of a site as the gateway uses them: its drones' vehicles, and what it
hears told to whom it concerns. Judges nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from gcs.gateway.drone import Drone
from gcs.gateway.events import EventLog
from gcs.gateway.urgent import never
from gcs.link.endpoint import Address
from gcs.link.network import Network, NetworkCounters, PacketSigning
from gcs.link.pump import SocketPump
from gcs.link.reports import Report
from gcs.link.vehicle import Vehicle
from gcs.model.event import EventKind, Severity
from gcs.model.site import NetworkSpec, Site
from gcs.model.vehicle import LinkReport
from gcs.runtime.clock import Clock

Hearer = Callable[[Vehicle, Any], None]


class Wire:
    """`signing` holds the keys by drone; a drone that is not in it is not signed."""

    def __init__(
        self,
        site: Site,
        clock: Clock,
        may_send: Callable[[], bool],
        signing: Mapping[str, PacketSigning] | None = None,
        stands_back_s: Callable[[], float] = never,
    ) -> None:
        self._site = site
        self._clock = clock
        self._may_send = may_send
        self._signing = dict(signing or {})
        self._pump = SocketPump(stands_back_s)
        self._networks = {n.id: self._network(n) for n in site.networks}
        self._hearers: dict[type[Report], list[Hearer]] = defaultdict(list)
        self._on_reboot: list[Callable[[Vehicle], None]] = []
        self.addresses: dict[str, Address] = {}

    def _network(self, spec: NetworkSpec) -> Network:
        site = self._site
        drones = [d for d in site.drones if site.network_of(d.id) == spec.id]
        keys = {d.system_id: self._signing[d.id] for d in drones if d.id in self._signing}
        network = Network(
            spec,
            site.mode,
            [d.system_id for d in drones],
            self._clock,
            self._may_send,
            site.gcs_system_id,
            keys,
            self._pump,
        )
        network.on_report = self._heard
        network.on_reboot = self._rebooted
        return network

    # -- its life ------------------------------------------------------------------------------
    async def open(self) -> None:
        """Open every endpoint. Raises BadEndpoint."""
        for name, network in self._networks.items():
            self.addresses[name] = await network.open()

    async def run(self) -> None:
        """Keep the endpoints open until cancelled."""
        async with asyncio.TaskGroup() as group:
            for name, network in self._networks.items():
                group.create_task(network.run(), name=f"network {name}")

    def close(self) -> None:
        """Close them all."""
        for network in self._networks.values():
            network.close()

    # -- who is who ----------------------------------------------------------------------------
    def vehicle(self, drone: str) -> Vehicle:
        """A drone's vehicle."""
        spec = self._site.drone(drone)
        return self._networks[self._site.network_of(drone)].vehicles[spec.system_id]

    def trouble(self, vehicle: Vehicle) -> str:
        """Why it may get no commands: two vehicles have its id; empty: it may."""
        return self._networks[vehicle.network].trouble(vehicle)

    def links(self, vehicle: Vehicle) -> tuple[LinkReport, ...]:
        """The ways to it."""
        return self._networks[vehicle.network].links(vehicle)

    @property
    def counters(self) -> list[NetworkCounters]:
        """Of each network."""
        return [n.counters for n in self._networks.values()]

    # -- what is heard -------------------------------------------------------------------------
    def hear(self, kind: type[Report], hearer: Hearer) -> None:
        """`hearer(vehicle, report)` for each report of a kind that is decoded at once."""
        self._hearers[kind].append(hearer)

    def hear_reboots(self, hearer: Callable[[Vehicle], None]) -> None:
        """`hearer(vehicle)` when a vehicle's clock began anew."""
        self._on_reboot.append(hearer)

    def tell(self, drones: Mapping[str, Drone], events: EventLog) -> None:
        """From here on what happens on the links is told as events."""
        names = {drone.vehicle: drone.id for drone in drones.values()}

        def tell(vehicle: Vehicle, text: str, severity: Severity) -> None:
            drone = names[vehicle]
            events.add(EventKind.LINK, drone, f"{drone}: {text}", severity)

        def foreign(vehicle: Vehicle, source: Address) -> None:
            where = f"{source[0]}:{source[1]}"
            text = f"another sender uses system id {vehicle.system_id} from {where}; it is ignored"
            tell(vehicle, text, Severity.CAUTION)

        def trouble(vehicle: Vehicle, sentence: str) -> None:
            if sentence:
                tell(vehicle, f"{sentence.rstrip('.')}; it gets no commands", Severity.WARNING)
            else:
                tell(vehicle, "one vehicle alone has its id again", Severity.INFO)

        self.hear_reboots(lambda vehicle: tell(vehicle, "it has rebooted", Severity.CAUTION))
        for name, network in self._networks.items():
            network.on_foreign = foreign
            network.on_trouble = trouble
            network.on_endpoint = _endpoint_teller(name, events)

    def _heard(self, vehicle: Vehicle, report: Report) -> None:
        for hearer in self._hearers.get(type(report), ()):
            hearer(vehicle, report)

    def _rebooted(self, vehicle: Vehicle) -> None:
        for hearer in self._on_reboot:
            hearer(vehicle)


def _endpoint_teller(network: str, events: EventLog) -> Callable[[str], None]:
    def tell(sentence: str) -> None:
        events.add(EventKind.LINK, network, f"network {network}: {sentence}", Severity.CAUTION)

    return tell
