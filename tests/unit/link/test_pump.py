"""Many sockets, one look: a faulty one silences nobody, and closed ones leave nothing behind."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from gcs.link.pump import SocketPump
from tests.support.nats import until


class Heard:
    """A socket, and what came in on it; its handler fails as often as it is told to."""

    def __init__(self, faults: int = 0) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.data: list[bytes] = []
        self._faults = faults

    def readable(self) -> bool:
        self.data.append(self.socket.recv(100))
        if self._faults:
            self._faults -= 1
            raise ZeroDivisionError
        return False


@pytest.fixture
def sender() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        yield found


async def test_a_handler_that_fails_silences_no_socket(
    sender: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    pump, faulty, other = SocketPump(), Heard(faults=1), Heard()
    for heard in (faulty, other):
        pump.add(heard.socket, heard.readable)
    sender.sendto(b"a", faulty.socket.getsockname())
    await until(lambda: bool(faulty.data))
    sender.sendto(b"b", other.socket.getsockname())
    sender.sendto(b"c", faulty.socket.getsockname())
    await until(lambda: other.data == [b"b"] and faulty.data == [b"a", b"c"])
    assert "could not be taken" in caplog.text
    for heard in (faulty, other):
        pump.remove(heard.socket)
        heard.socket.close()


async def test_sockets_closed_while_they_are_read_leave_the_next_ones_heard(
    sender: socket.socket,
) -> None:
    pump = SocketPump()
    for number in range(4):
        heard = Heard()

        def last(heard: Heard = heard) -> bool:
            heard.readable()
            pump.remove(heard.socket)
            heard.socket.close()
            return False

        handler = last if number % 2 == 0 else heard.readable
        pump.add(heard.socket, handler)
        if number != 1:  # this one is closed before anything came
            sender.sendto(b"x", heard.socket.getsockname())
            await until(lambda heard=heard: heard.data == [b"x"])  # type: ignore[misc]
        if number % 2 == 1:
            pump.remove(heard.socket)
            heard.socket.close()
        await asyncio.sleep(0)


async def test_a_look_stands_back_for_what_is_urgent_and_then_reads(
    sender: socket.socket,
) -> None:
    waits = [0.01]
    pump, heard = SocketPump(lambda: waits.pop() if waits else 0.0), Heard()
    pump.add(heard.socket, heard.readable)
    sender.sendto(b"x", heard.socket.getsockname())
    await until(lambda: heard.data == [b"x"])
    assert waits == []
    pump.remove(heard.socket)
    heard.socket.close()
