"""One vehicle as the network hears it: the newest report of each kind and when it came.

Interprets nothing: what a mode or a phase means is the gateway's business.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from gcs.link.endpoint import Address
from gcs.link.reports import Ack, Heartbeat, Report, Text, TimeSync
from gcs.link.texts import TextJoiner
from gcs.runtime.clock import Clock

T = TypeVar("T")

_LOSS_WINDOW = 500  # packets after which old losses count half


@dataclass(frozen=True, slots=True)
class Heard(Generic[T]):
    """A report and when it came in, on the monotonic clock."""

    value: T
    at_s: float


@dataclass(slots=True)
class PacketLoss:
    """Losses from the gaps of the MAVLink sequence numbers, the recent ones weighing most."""

    received: int = 0
    lost: int = 0
    last: int | None = None

    def count(self, sequence: int) -> None:
        """A packet with this number came in; a late one (half the circle back) is no loss."""
        gap = 0 if self.last is None else (sequence - self.last - 1) % 256
        self.last = sequence
        self.lost += gap if gap < 128 else 0
        self.received += 1
        if self.received + self.lost > _LOSS_WINDOW:
            self.received //= 2
            self.lost //= 2

    @property
    def percent(self) -> float | None:
        """None before 20 packets."""
        total = self.received + self.lost
        return 100.0 * self.lost / total if total >= 20 else None


class Vehicle:
    """Reports of one system id. `address` is the one source its packets are taken from.

    `send(message)` puts a message on the wire to it; False: the send-fence is shut, or it was
    never heard.
    """

    def __init__(
        self, network: str, system_id: int, clock: Clock, send: "Callable[[Vehicle, Any], bool]"
    ) -> None:
        self.network = network
        self.system_id = system_id
        self._send = send
        self.address: Address | None = None
        self.first_heard_s: float | None = None
        self.last_packet_s: float | None = None
        self.counts: dict[type[Any], int] = {}
        self.loss = PacketLoss()
        self.round_trip_ms: float | None = None
        self.answered_s: float | None = None
        self._clock = clock
        self._newest: dict[type[Any], Heard[Any]] = {}
        self._joiner = TextJoiner()
        self._listeners: list[Callable[[Report], None]] = []
        self._text_listeners: list[Callable[[int, str], None]] = []
        self._waiting: dict[asyncio.Future[bool], Callable[[], bool]] = {}

    def send(self, message: Any) -> bool:
        """One MAVLink message to this vehicle; whether it went out."""
        return self._send(self, message)

    def last(self, kind: type[T]) -> Heard[T] | None:
        """The newest report of a kind."""
        return cast("Heard[T] | None", self._newest.get(kind))

    def value(self, kind: type[T]) -> T | None:
        """The newest report of a kind, however old."""
        heard = self.last(kind)
        return None if heard is None else heard.value

    def age_s(self, kind: type[Any]) -> float | None:
        """Seconds since the newest report of a kind; None = never."""
        heard = self._newest.get(kind)
        return None if heard is None else max(0.0, self._clock.monotonic() - heard.at_s)

    @property
    def uplink_age_s(self) -> float | None:
        """Seconds since it last answered what was sent to it; None = never yet."""
        return None if self.answered_s is None else self._clock.monotonic() - self.answered_s

    def heard_within(self, seconds: float) -> bool:
        """Whether its heartbeat came in the last `seconds`."""
        age = self.age_s(Heartbeat)
        return age is not None and age <= seconds

    def take(self, report: Report) -> None:
        """A report came in: keep it, tell listeners, wake who waits for what it shows."""
        now = self._clock.monotonic()
        kind = type(report)
        if self.first_heard_s is None:
            self.first_heard_s = now
        self._newest[kind] = Heard(report, now)
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if isinstance(report, Ack) or (isinstance(report, TimeSync) and report.answer_ns):
            self.answered_s = now
        for listener in tuple(self._listeners):
            listener(report)
        if isinstance(report, Text):
            self._join(report)
        for future, holds in tuple(self._waiting.items()):
            if not future.done() and holds():
                future.set_result(True)

    @contextmanager
    def listening(self, listener: Callable[[Report], None]) -> Iterator[None]:
        """Every report goes to `listener` as well. Opened before a send, so no answer is missed."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    @contextmanager
    def hearing_texts(self, listener: Callable[[int, str], None]) -> Iterator[None]:
        """`listener(severity, text)` for each whole STATUSTEXT."""
        self._text_listeners.append(listener)
        try:
            yield
        finally:
            self._text_listeners.remove(listener)

    def on_text(self, listener: Callable[[int, str], None]) -> None:
        """`listener(severity, text)` for each whole STATUSTEXT, for good."""
        self._text_listeners.append(listener)

    async def until(self, holds: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until the vehicle's own reports make `holds()` true; False after the timeout."""
        if holds():
            return True
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[future] = holds
        try:
            async with asyncio.timeout(timeout_s):
                return await future
        except TimeoutError:
            return holds()
        finally:
            del self._waiting[future]

    def _join(self, packet: Text) -> None:
        whole = self._joiner.take(packet)
        if whole:
            for listener in tuple(self._text_listeners):
                listener(packet.severity, whole)
