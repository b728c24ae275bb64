"""Telemetry batches: every drone of the gateway 10 times a second, up to 36 in one message.

Latest wins: a batch that cannot go out is dropped, never queued. A city's drones are told in
several batches, evenly over the tenth of a second: what a batch says is then as new when it goes
out as a borough's, and making one holds up no packet and no order.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from gcs.gateway.drone import Drone
from gcs.gateway.lines import SLOW_EVERY, LineMaker, Sources
from gcs.gateway.spread import spread
from gcs.gateway.urgent import never
from gcs.model.telemetry import DroneTelemetry, TelemetryBatch
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects

PERIOD_S = 0.1
AT_ONCE = 36

log = logging.getLogger(__name__)


def telemetry(drone: Drone, sources: Sources | None = None) -> DroneTelemetry:
    """What the vehicle reports now, in the desks' words."""
    line = LineMaker(drone, sources or Sources()).make()
    return DroneTelemetry(*msgspec.structs.astuple(line))


class Batcher:
    """Publishes the batches."""

    def __init__(
        self,
        bus: Bus,
        subjects: Subjects,
        gateway: str,
        instance: str,
        drones: Sequence[Drone],
        clock: Clock,
        sources: Sources | None = None,
        stands_back_s: Callable[[], float] = never,
    ) -> None:
        self._stands_back_s = stands_back_s
        self._bus = bus
        self._subject = subjects.telemetry(gateway)
        self._gateway = gateway
        self._instance = instance
        self._makers = [
            LineMaker(d, sources or Sources(), i % SLOW_EVERY) for i, d in enumerate(drones)
        ]
        self._clock = clock
        self._sequence = 0
        self._failed: set[int] = set()

    def make(self, makers: Sequence[LineMaker] | None = None) -> TelemetryBatch:
        """The next batch; of these drones alone."""
        self._sequence += 1
        lines: list[Any] = [self._line(m) for m in (self._makers if makers is None else makers)]
        return TelemetryBatch(
            self._gateway, self._instance, self._sequence, self._clock.utc_ms(), tuple(lines)
        )

    async def run(self) -> None:
        """Publish for ever."""
        async for _, makers in spread(self._makers, PERIOD_S, AT_ONCE, self._stands_back_s):
            await self._bus.publish(self._subject, self.make(makers))

    def _line(self, maker: LineMaker) -> Any:
        """A drone that cannot be told must not take the others' line away."""
        try:
            return maker.make()
        except Exception:
            line = maker.bare()
            if id(maker) not in self._failed:
                self._failed.add(id(maker))
                log.exception("%s: its telemetry cannot be made", line.drone)
            return line


__all__ = ["Batcher", "Sources", "telemetry"]
