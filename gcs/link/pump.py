"""One look at many UDP sockets instead of one for each datagram.

After each look the sockets rest for a few milliseconds, so that under a city's load a look finds
some fifty datagrams and the loop is not woken for every one of them; the first datagram after a
quiet moment is taken at once.
"""

import asyncio
import logging
import select
import socket
from collections.abc import Callable

REST_S = 0.006
LONGEST_S = 0.001
BEHIND_S = 0.001  # others have the loop for as long as a look has it

Readable = Callable[[], bool]

log = logging.getLogger(__name__)


class SocketPump:
    """Calls `readable` of each socket that has something, which tells whether more waits there.

    `stands_back_s()` tells for how long a look waits. Where the system has no epoll, the loop
    watches each socket by itself.
    """

    def __init__(self, stands_back_s: Callable[[], float] = lambda: 0.0) -> None:
        self._stands_back_s = stands_back_s
        self._epoll: select.epoll | None = None
        self._readable: dict[int, Readable] = {}
        self._first = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due: asyncio.Handle | None = None  # the next look; None: the first datagram brings it

    def add(self, udp: socket.socket, readable: Readable) -> None:
        """Watch a socket. Called on the loop that reads it."""
        self._loop = loop = asyncio.get_running_loop()
        if not hasattr(select, "epoll"):
            loop.add_reader(udp, readable)
            return
        if self._epoll is None:
            self._epoll = select.epoll()
            loop.add_reader(self._epoll.fileno(), self._wake)
        self._epoll.register(udp.fileno(), select.EPOLLIN)
        self._readable[udp.fileno()] = readable

    def remove(self, udp: socket.socket) -> None:
        """Watch it no more; before it is closed."""
        if self._loop is None:
            return
        if self._epoll is None:
            self._loop.remove_reader(udp)
        elif self._readable.pop(udp.fileno(), None) is not None:
            self._epoll.unregister(udp.fileno())
            if not self._readable:
                self._end(self._epoll, self._loop)

    def _wake(self) -> None:
        """Something came after a quiet moment."""
        if self._epoll is not None and self._loop is not None:
            self._loop.remove_reader(self._epoll.fileno())
            self._look()

    def _look(self) -> None:
        epoll, loop = self._epoll, self._loop
        if epoll is None or loop is None:
            return
        back_s = self._stands_back_s()
        if back_s > 0.0:
            self._due = loop.call_later(back_s, self._look)
            return
        ready = epoll.poll(0)
        if not ready:
            self._due = None
            loop.add_reader(epoll.fileno(), self._wake)
            return
        pause_s = BEHIND_S if self._read_ready(ready, loop) else REST_S
        self._due = loop.call_later(pause_s, self._look) if self._epoll is epoll else None

    def _read_ready(self, ready: list[tuple[int, int]], loop: asyncio.AbstractEventLoop) -> bool:
        """Read for as long as there is time; whether some are left for the next look."""
        until_s, more = loop.time() + LONGEST_S, False
        for done in range(len(ready)):
            number, _ = ready[(done + self._first) % len(ready)]
            readable = self._readable.get(number)
            if readable is not None:  # an earlier one may have closed it
                more |= _read(readable)
            if loop.time() > until_s:
                self._first += done + 1  # the next look begins where this one ends
                return more or done + 1 < len(ready)
        return more

    def _end(self, epoll: select.epoll, loop: asyncio.AbstractEventLoop) -> None:
        loop.remove_reader(epoll.fileno())
        if self._due is not None:
            self._due.cancel()
            self._due = None
        epoll.close()
        self._epoll = None


def _read(readable: Readable) -> bool:
    """One socket's turn; its fault must not silence the others."""
    try:
        return readable()
    except Exception:
        log.exception("what came in on a socket could not be taken")
        return False
