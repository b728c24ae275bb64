"""One vehicle as the network hears it: the newest report of each kind and when it came.

Interprets nothing: what a mode or a phase means is the gateway's business.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from gcs.link.boot_clock import BootClock
from gcs.link.endpoint import Address
from gcs.link.heard import Heard
from gcs.link.identity import Rivals
from gcs.link.links import Link, PacketLoss, best
from gcs.link.newest import NEWEST, Lane, Newest
from gcs.link.reports import Ack, Heartbeat, Report, Text
from gcs.link.texts import TextJoiner
from gcs.runtime.clock import Clock

__all__ = ["Heard", "PacketLoss", "Vehicle"]

T = TypeVar("T")
WAKE_EVERY_S = 0.1


class Vehicle:
    """Reports of one system id. `used`: the link its state is taken from and is sent on.

    `send(message)` puts a message on the wire to it; False: the send-fence is shut, or it was
    never heard. `fresh_starts` counts its reboots and changes of link: rates are asked anew then.
    """

    def __init__(
        self,
        network: str,
        system_id: int,
        clock: Clock,
        send: "Callable[[Vehicle, Any], bool]",
        decode: Callable[["Vehicle", int, bytes], Report | None],
    ) -> None:
        self.network = network
        self.system_id = system_id
        self._send = send
        self.used: Link | None = None
        self.links: list[Link] = []
        self.candidates: list[Link] = []  # not yet proven to lead to this vehicle
        self.rivals = Rivals()
        self.boot_clock = BootClock()
        self.fresh_starts = 0
        self.first_heard_s: float | None = None
        self.last_packet_s: float | None = None
        self.round_trip_ms: float | None = None
        self._answered_s: float | None = None
        self._clock = clock
        self._newest = Newest(partial(decode, self))
        self.lanes: dict[int, Lane] = self._newest.lanes
        self._joiner = TextJoiner()
        self.listeners: list[Callable[[Report], None]] = []
        self._text_listeners: list[Callable[[int, str], None]] = []
        self.waiting: dict[asyncio.Future[bool], Callable[[], bool]] = {}
        self._wake_due: asyncio.TimerHandle | None = None
        self._woken_s = 0.0

    def send(self, message: Any) -> bool:
        """One MAVLink message to this vehicle; whether it went out."""
        return self._send(self, message)

    # -- its links -----------------------------------------------------------------------------
    @property
    def address(self) -> Address | None:
        """Where its state is taken from and sends go to."""
        return None if self.used is None else self.used.address

    @property
    def loss(self) -> PacketLoss:
        """Of the link in use."""
        return PacketLoss() if self.used is None else self.used.loss

    def use_best(self, now_s: float) -> None:
        """Move to the freshest link if the one in use is silent."""
        used = best(self.links, self.used, now_s)
        if used is not self.used and used is not None:
            self.used = used
            self.fresh_starts += 1

    @property
    def links_up(self) -> int:
        """Of how many links something came in the last 5 s."""
        now_s = self._clock.monotonic()
        return sum(link.is_up(now_s) for link in self.links)

    @property
    def uplink_age_s(self) -> float | None:
        """Seconds since it answered something of ours; None = never."""
        if self._answered_s is None:
            return None
        return max(0.0, self._clock.monotonic() - self._answered_s)

    def answered(self) -> None:
        """It answered something that we sent."""
        self._answered_s = self._clock.monotonic()

    @property
    def now_s(self) -> float:
        """The monotonic clock that its reports' times are of."""
        return self._clock.monotonic()

    # -- what it said --------------------------------------------------------------------------
    def count(self, kind: type[Any]) -> int:
        """How many reports of a kind came."""
        return self._newest.count(kind)

    def last(self, kind: type[T]) -> Heard[T] | None:
        """The newest report of a kind."""
        return self._newest.last(kind)

    def value(self, kind: type[T]) -> T | None:
        """The newest report of a kind, however old."""
        heard: Heard[T] | None = self._newest.last(kind)
        return None if heard is None else heard.value

    def age_s(self, kind: type[Any]) -> float | None:
        """Seconds since the newest report of a kind; None = never."""
        heard = self._newest.last(kind)
        return None if heard is None else max(0.0, self._clock.monotonic() - heard.at_s)

    def heard_within(self, seconds: float) -> bool:
        """Whether its heartbeat came in the last `seconds`."""
        age = self.age_s(Heartbeat)
        return age is not None and age <= seconds

    def keep(self, message: int, data: bytes, at_s: float) -> None:
        """A packet came in of which the newest alone counts: decoded when somebody wants it."""
        self._newest.keep(message, data, at_s)
        if self.listeners:
            report = self._newest.fresh(NEWEST[message])
            if report is not None:
                self._tell(report)
        if self.waiting:
            self.wake_soon()

    def pass_over(self, message: int) -> None:
        """Packets of this message are of no use."""
        self._newest.pass_over(message)

    def take(self, report: Report) -> None:
        """A report came in: keep it, tell listeners, wake who waits for what it shows."""
        now = self._clock.monotonic()
        if self.first_heard_s is None:  # its heartbeat comes before anything is kept
            self.first_heard_s = now
        self._newest.put(report, now)
        if isinstance(report, Ack):
            self._answered_s = now
        self._tell(report)
        if isinstance(report, Text):
            self._join(report)
        if self.waiting:
            self._wake()

    @contextmanager
    def listening(self, listener: Callable[[Report], None]) -> Iterator[None]:
        """Every report goes to `listener` as well. Opened before a send, so no answer is missed."""
        self._newest.settle()
        self.listeners.append(listener)
        try:
            yield
        finally:
            self.listeners.remove(listener)

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
        self.waiting[future] = holds
        try:
            async with asyncio.timeout(timeout_s):
                return await future
        except TimeoutError:
            return holds()
        finally:
            del self.waiting[future]

    def _tell(self, report: Report) -> None:
        for listener in tuple(self.listeners):
            listener(report)

    def wake_soon(self) -> None:
        """A state came, of which there may be fifty a second: asked again now, or a moment later
        together with those that come until then."""
        if self._wake_due is None:
            loop = asyncio.get_running_loop()
            if loop.time() - self._woken_s >= WAKE_EVERY_S:
                self._wake()
            else:
                self._wake_due = loop.call_later(WAKE_EVERY_S, self._wake)

    def _wake(self) -> None:
        if self._wake_due is not None:
            self._wake_due.cancel()
            self._wake_due = None
        self._woken_s = asyncio.get_running_loop().time()
        for future, holds in tuple(self.waiting.items()):
            if not future.done() and holds():
                future.set_result(True)

    def _join(self, packet: Text) -> None:
        whole = self._joiner.take(packet)
        if whole:
            for listener in tuple(self._text_listeners):
                listener(packet.severity, whole)
