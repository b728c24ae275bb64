"""Numbered events, published in order from one queue. Nothing is lost while NATS is away."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

import msgspec

from gcs.model.command import Receipt
from gcs.model.control import ControlRecord
from gcs.model.event import EventKind, GatewayEvent, Severity
from gcs.model.telemetry import Phase
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.subjects import Subjects

RETRY_S = 0.5
RECENT = 5  # lines of a drone; a city's gateway keeps those of 288
WARNED = 7  # warnings of a drone that are older than these
LONGEST_TEXT = 1000

log = logging.getLogger(__name__)


class LogLine(msgspec.Struct, frozen=True, gc=False):
    """What is kept of an event that was told."""

    utc_ms: int
    text: str
    severity: Severity = Severity.INFO


class RecentLines:
    """The last lines of a drone, and its warnings before them: no receipt displaces a warning."""

    def __init__(self) -> None:
        self._last: list[LogLine] = []
        self._warned: list[LogLine] = []

    def add(self, line: LogLine) -> None:
        """The newest line."""
        self._last.append(line)
        if len(self._last) > RECENT:
            oldest = self._last.pop(0)
            if oldest.severity is Severity.WARNING:
                self._warned = [*self._warned[1 - WARNED :], oldest]

    def lines(self) -> tuple[LogLine, ...]:
        """Oldest first."""
        return (*self._warned, *self._last)


class EventLog:
    """The gateway's events. `add` never blocks; `run` publishes for ever."""

    def __init__(
        self,
        bus: Bus,
        subjects: Subjects,
        gateway: str,
        instance: str,
        clock: Clock,
        awake: Callable[[], bool] = lambda: True,
    ) -> None:
        self._bus = bus
        self._subjects = subjects
        self._gateway = gateway
        self._instance = instance
        self._clock = clock
        self._awake = awake
        self._sequence = 0
        self._queue: deque[GatewayEvent] = deque()
        self._recent: dict[str, RecentLines] = {}
        self._filled = asyncio.Event()

    def add(
        self,
        kind: EventKind,
        drone: str,
        text: str,
        severity: Severity = Severity.INFO,
        *,
        receipt: Receipt | None = None,
        control: ControlRecord | None = None,
        phase: Phase | None = None,
        incident: str | None = None,
    ) -> GatewayEvent:
        """Number an event and queue it; a stand-by's is dropped: the other instance tells it."""
        told = self._awake()
        self._sequence += told
        event = GatewayEvent(
            gateway=self._gateway,
            instance=self._instance,
            sequence=self._sequence,
            utc_ms=self._clock.utc_ms(),
            kind=kind,
            drone=drone,
            text=text[:LONGEST_TEXT],
            severity=severity,
            receipt=receipt,
            control=control,
            phase=phase,
            incident=incident,
        )
        if told:
            self._queue.append(event)
            self._filled.set()
            if kind is not EventKind.CONTROL:
                line = LogLine(event.utc_ms, event.text, severity)
                self._recent.setdefault(drone, RecentLines()).add(line)
        return event

    def recent(self, drone: str) -> tuple[LogLine, ...]:
        """The last of a drone since this gateway started, and warnings before them, oldest first;
        without what was told of its control."""
        found = self._recent.get(drone)
        return found.lines() if found else ()

    @property
    def waiting(self) -> int:
        """Events not yet stored."""
        return len(self._queue)

    async def run(self) -> None:
        """Publish in order; an event leaves the queue once it is stored."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            await self.publish_waiting()

    async def publish_waiting(self) -> None:
        """Publish what waits; also at the end, after `run` was cancelled."""
        while self._queue:
            await self._publish(self._queue[0])
            self._queue.popleft()

    async def _publish(self, event: GatewayEvent) -> None:
        subject = self._subjects.event(self._gateway, event.kind.value)
        message_id = f"{event.instance}-{event.sequence}"
        while True:
            try:
                await self._bus.publish_durable(subject, event, message_id)
            except NoAnswer as error:
                log.debug("event %s waits: %s", message_id, error)
                await asyncio.sleep(RETRY_S)
            else:
                return
