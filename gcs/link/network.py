"""A MAVLink network: a named set of endpoints and the vehicles behind them, by system id.

Puts together what receives (`sorter`, `receiver`), what sends (`sender`) and what tells vehicles
apart (`doubles`). Decides nothing about control.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from gcs.link.doubles import Doubles
from gcs.link.endpoint import Address, BadEndpoint, parse_endpoint
from gcs.link.endpoints import make_endpoint
from gcs.link.links import UP_S, Port
from gcs.link.pump import SocketPump
from gcs.link.receiver import NetworkCounters, Receiver
from gcs.link.reports import Report
from gcs.link.sender import PacketSigning, Sender
from gcs.link.sorter import Sorter
from gcs.link.vehicle import Vehicle
from gcs.model.site import NetworkSpec, OperatingMode
from gcs.model.vehicle import LinkReport
from gcs.runtime.clock import Clock

__all__ = ["GCS_SYSTEM_ID", "NEW_SOURCE_AFTER_S", "Network", "NetworkCounters", "PacketSigning"]

GCS_SYSTEM_ID = 255
NEW_SOURCE_AFTER_S = UP_S

log = logging.getLogger(__name__)


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
        pump: SocketPump | None = None,
    ) -> None:
        self._pump = pump or SocketPump()
        self.counters = NetworkCounters()
        self.on_endpoint: Callable[[str], None] = lambda sentence: None
        self._mode, self._clock = mode, clock
        self._ports = [Port(i, parse_endpoint(e, mode)) for i, e in enumerate(spec.endpoints)]
        keys = dict(signing or {})
        self._sender = Sender(self._ports, clock, may_send, gcs_system_id, keys, self.counters)
        self._receiver = Receiver(self.counters, gcs_system_id)
        self._doubles = Doubles(self._sender.send_on)
        self.vehicles = {
            i: Vehicle(spec.id, i, clock, self._sender.send, self._receiver.report)
            for i in system_ids
        }
        self._sorter = Sorter(
            self.vehicles, self._receiver, self._doubles, keys, self.counters, clock
        )

    # -- callbacks -----------------------------------------------------------------------------
    @property
    def on_report(self) -> Callable[[Vehicle, Report], None]:
        """Hears what is decoded at once."""
        return self._receiver.on_report

    @on_report.setter
    def on_report(self, listener: Callable[[Vehicle, Report], None]) -> None:
        self._receiver.on_report = listener

    @property
    def on_foreign(self) -> Callable[[Vehicle, Address], None]:
        """Hears of each other sender at a vehicle's own endpoint, once."""
        return self._sorter.on_foreign

    @on_foreign.setter
    def on_foreign(self, listener: Callable[[Vehicle, Address], None]) -> None:
        self._sorter.on_foreign = listener

    @property
    def on_reboot(self) -> Callable[[Vehicle], None]:
        """Hears that a vehicle's clock began anew."""
        return self._receiver.on_reboot

    @on_reboot.setter
    def on_reboot(self, listener: Callable[[Vehicle], None]) -> None:
        self._receiver.on_reboot = listener

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
            on_data = partial(self._sorter.take, port)
            port.endpoint = make_endpoint(
                port.spec, self._mode, on_data, self._endpoint_says, self._pump
            )
            try:
                await port.endpoint.open()
            except BadEndpoint:
                self.close()
                raise
        return self.addresses[0]

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Of each endpoint that is open: the bound one, of a stream the other end's."""
        return tuple(p.endpoint.address for p in self._ports if p.endpoint is not None)

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

    # -- packets -------------------------------------------------------------------------------
    def send(self, vehicle: Vehicle, message: Any) -> bool:
        """Send on its best link, a heartbeat on every one, if the send-fence is open."""
        return self._sender.send(vehicle, message)

    def datagram(self, data: bytes, source: Address, endpoint: int = 0) -> None:
        """Bytes came in at an endpoint, from whomever."""
        self._sorter.take(self._ports[endpoint], data, source)
