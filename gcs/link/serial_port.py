"""A serial port as an endpoint. Two threads do the blocking calls; the loop never waits.

A thread reaches the loop by `call_soon_threadsafe` with bytes alone. A radio that is pulled out
is opened again when it comes back. What waited too long is not written: in a process that was
paused it could be an order from before another gateway's first.
"""

import asyncio
import contextlib
import queue
import sys
import threading
from collections.abc import Callable

import serial

from gcs.link.endpoint import Address, EndpointSpec, OnData, OnTrouble
from gcs.runtime.clock import SystemClock

_RETRY_S = 0.5
_READ_S = 0.2
_WRITE_S = 1.0
_MOST_WAITING = 64  # packets; at 57600 baud about a second
_OLD_S = 2.0  # the send-fence closes 3 s after the claim, another takes over after 6 s
_clock = SystemClock()  # how old what waits in the queue is


class SerialEndpoint:
    """One port. Vehicles behind it are told apart by system id alone."""

    def __init__(self, spec: EndpointSpec, on_data: OnData, on_trouble: OnTrouble) -> None:
        self.dropped = 0
        self._spec = spec
        self._on_data, self._on_trouble = on_data, on_trouble
        self._session: _Session | None = None
        self._told = False

    @property
    def address(self) -> Address:
        """The device's name and the baud."""
        return (self._spec.host, self._spec.port)

    @property
    def peer(self) -> Address:
        """The device itself: a radio has no other address."""
        return self.address

    async def open(self) -> None:
        """Nothing at once: a radio that is not plugged in yet is no error."""

    async def run(self) -> None:
        """Keep the port open until cancelled."""
        while True:
            try:
                port = await asyncio.to_thread(self._open)
            except (OSError, ValueError) as error:  # SerialException is an OSError
                self._tell(f"cannot be opened: {_words(error)}")
                await asyncio.sleep(_RETRY_S)
                continue
            if self._told:
                self._told = False
                self._on_trouble(f"Endpoint {self._spec} is open again.")
            session = _Session(port, asyncio.get_running_loop(), self._received)
            self._session = session
            try:
                await session.ended.wait()
            finally:
                self._session = None
                await asyncio.to_thread(session.close)
            self._tell("was lost")
            await asyncio.sleep(_RETRY_S)

    def send(self, data: bytes, to: Address) -> None:
        """Whole packets, or none while too many wait."""
        if self._session is not None and not self._session.put(data):
            self.dropped += 1

    def close(self) -> None:
        """The port is closed by the end of `run`."""
        if self._session is not None:
            self._session.end()

    def _open(self) -> serial.Serial:
        exclusive = None if sys.platform == "win32" else True
        return serial.Serial(
            self._spec.host,
            self._spec.port,
            timeout=_READ_S,
            write_timeout=_WRITE_S,
            exclusive=exclusive,
        )

    def _received(self, data: bytes) -> None:
        self._on_data(data, self.address)

    def _tell(self, what: str) -> None:
        if not self._told:
            self._told = True
            self._on_trouble(f"Endpoint {self._spec} {what}; it is tried again.")


class _Session:
    """The port while it is open: one thread reads, one writes."""

    def __init__(
        self,
        port: serial.Serial,
        loop: asyncio.AbstractEventLoop,
        received: Callable[[bytes], None],
    ) -> None:
        self.ended = asyncio.Event()
        self._port, self._loop, self._received = port, loop, received
        self._waiting: queue.Queue[tuple[float, bytes]] = queue.Queue(_MOST_WAITING)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name=name, daemon=True)
            for name, work in (("serial read", self._read), ("serial write", self._write))
        ]
        for thread in self._threads:
            thread.start()

    def put(self, data: bytes) -> bool:
        """Whether it waits to be sent."""
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait((_clock.monotonic(), data))
            return True
        return False

    def end(self) -> None:
        """Let the threads finish."""
        self._stop.set()

    def close(self) -> None:
        """Wait for the threads and close the port. Blocks for up to a second."""
        self._stop.set()
        for thread in self._threads:
            thread.join(_WRITE_S + _READ_S)
        with contextlib.suppress(OSError):
            self._port.close()

    def _guarded(self, work: Callable[[], None]) -> None:
        with contextlib.suppress(OSError, TypeError):  # pyserial: a port closed under a read
            while not self._stop.is_set():
                work()
        self._stop.set()
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self.ended.set)

    def _read(self) -> None:
        data = self._port.read(max(1, self._port.in_waiting))
        if data:
            self._loop.call_soon_threadsafe(self._received, bytes(data))

    def _write(self) -> None:
        with contextlib.suppress(queue.Empty):
            at_s, data = self._waiting.get(timeout=_READ_S)
            if _clock.monotonic() - at_s <= _OLD_S:
                self._port.write(data)


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error).split(":")[0]
