"""A network of four vehicles, and the gateway's telemetry, watch and events built on it: what
hostile packets go through. No socket, no bus; a clock turned by hand.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from gcs.gateway.batch import telemetry
from gcs.gateway.drone import Drone
from gcs.gateway.events import EventLog
from gcs.gateway.lines import LineMaker, Sources
from gcs.gateway.watch import Watch
from gcs.link.network import Network
from gcs.link.reports import Report, TimeSync
from gcs.link.vehicle import Vehicle
from gcs.link.voice import Voice
from gcs.model.control import ControlRecord, ControlState
from gcs.model.site import NetworkSpec, OperatingMode, Site
from gcs.model.telemetry import DroneTelemetry, TelemetryBatch
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.shared import codec
from gcs.shared.subjects import Subjects
from tests.support.fuzz import GARBAGE_ONLY, SYSTEMS, Fuzz, Hostile

SITE = Path(__file__).parents[3] / "resources/sites/islington.toml"
EVERY = 250  # packets between two looks
_COUNTED = (dict, list, set, tuple, frozenset)


class Quiet:
    """Stands where the endpoint and the bus stand: keeps nothing."""

    address = peer = ("127.0.0.1", 14550)

    def send(self, data: bytes, to: object) -> None:
        """What is sent is not looked at."""

    async def publish_durable(self, subject: str, value: object, message_id: str) -> int:
        """Stored as far as the bus tells; what could not be sent to a desk is found here."""
        codec.encode(value)
        return 1

    def close(self) -> None:
        """Nothing to close."""


class HostileRig:
    """The parts. `take` for each datagram, `look` between."""

    def __init__(self) -> None:
        site = load_toml(SITE, Site)
        site = replace(site, drones=site.drones[: len(SYSTEMS)])
        self.clock = ManualClock()
        self.network = Network(
            NetworkSpec("net1"), OperatingMode.TRAINING, SYSTEMS, self.clock, lambda: True
        )
        quiet: Any = Quiet()
        self.network._ports[0].endpoint = quiet
        voice = Voice(self.clock)

        def heard(vehicle: Vehicle, report: Report) -> None:
            if isinstance(report, TimeSync):
                voice.take_time(vehicle, report)

        self.network.on_report = heard
        self.drones = {
            d.id: Drone(d, site.dock_of(d.id), 40.0, self.network.vehicles[d.system_id])
            for d in site.drones
        }
        self.events = EventLog(quiet, Subjects(site.id), "gw1", "i1", self.clock)
        record = ControlRecord("ISL-01", ControlState.UNOWNED, 0, 0)
        self.watch = Watch(self.drones, lambda drone: record, self.events, self.clock)
        self._makers = [LineMaker(d, Sources()) for d in self.drones.values()]
        self._sequence = 0

    def take(self, packet: Hostile) -> None:
        """A datagram comes in; 5 ms pass."""
        self.clock.advance(0.005)
        self.network.datagram(packet.data, packet.source)

    async def look(self) -> tuple[DroneTelemetry, ...]:
        """A turn of the loop: what a desk would read of the batch, through the wire's checks."""
        for drone in self.drones.values():
            self.watch.turn(drone)
            telemetry(drone)
        await self.events.publish_waiting()
        self._sequence += 1
        lines: Any = tuple(maker.make() for maker in self._makers)
        batch = TelemetryBatch("gw1", "i1", self._sequence, self.clock.utc_ms(), lines)
        return codec.decode(codec.encode(batch), TelemetryBatch, "batch").drones

    def held(self) -> int:
        """How many things the containers of network, vehicles, drones and watch hold."""
        return elements((self.network, self.drones, self.watch))


def elements(root: object) -> int:
    """Elements of all containers that can be reached through this program's own objects."""
    seen: set[int] = set()
    waiting, total = [root], 0
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        inner = _inside(item)
        if isinstance(item, _COUNTED) or type(item).__name__ == "deque":
            total += len(inner)
        waiting.extend(inner)
    return total


def _inside(item: object) -> list[object]:
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    if isinstance(item, (list, set, tuple, frozenset)) or type(item).__name__ == "deque":
        members: Iterable[object] = item  # type: ignore[assignment]
        return list(members)
    if not type(item).__module__.startswith("gcs."):
        return []
    names = {n for kind in type(item).__mro__ for n in getattr(kind, "__slots__", ())}
    names |= set(getattr(item, "__dict__", ()))
    return [getattr(item, n) for n in names if hasattr(item, n)]


def wrong(shown: tuple[DroneTelemetry, ...], fuzz: Fuzz) -> list[str]:
    """Positions that no sound packet of the drone ever told."""
    found = []
    for drone in shown:
        place = drone.position
        if place is None:
            continue
        told = (round(place.lat_deg * 1e7), round(place.lon_deg * 1e7))
        if told not in fuzz.positions.get(drone.system_id, set()):
            found.append(f"{drone.drone} is shown at {place}, where it never was")
    return found


def untouched(drone: DroneTelemetry) -> DroneTelemetry:
    """It without what passes by itself: its ages, its phase, its loss."""
    return replace(
        drone,
        heartbeat_age_s=None,
        position_age_s=None,
        uplink_age_s=None,
        loss_percent=None,
        phase=DroneTelemetry(drone.drone, 1).phase,
    )


__all__ = ["EVERY", "GARBAGE_ONLY", "HostileRig", "untouched", "wrong"]
