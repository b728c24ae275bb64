"""The site file's endpoints: what is allowed where, real UDP, real TCP, a pty as serial port."""

import asyncio
import contextlib
import os
import queue
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gcs.link import serial_port
from gcs.link.endpoint import BadEndpoint, Endpoint, parse_endpoint
from gcs.link.endpoints import make_endpoint
from gcs.link.tcp import TcpEndpoint
from gcs.link.udp import UdpEndpoint
from gcs.model.site import OperatingMode
from gcs.runtime.clock import ManualClock
from tests.support.nats import until

TRAINING, SERVICE = OperatingMode.TRAINING, OperatingMode.SERVICE


class Heard:
    """What came in at an endpoint, and what it said of itself."""

    def __init__(self) -> None:
        self.data = b""
        self.sources: list[tuple[str, int]] = []
        self.said: list[str] = []

    def take(self, data: bytes, source: tuple[str, int]) -> None:
        self.data += data
        self.sources.append(source)

    def make(self, text: str, mode: OperatingMode = TRAINING) -> Endpoint:
        return make_endpoint(parse_endpoint(text, mode), mode, self.take, self.said.append)


@asynccontextmanager
async def running(endpoint: Endpoint) -> AsyncIterator[None]:
    """An endpoint that is kept open."""
    await endpoint.open()
    task = asyncio.ensure_future(endpoint.run())
    try:
        yield
    finally:
        endpoint.close()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("udpin:0.0.0.0:14550", "127.0.0.0/8 only"),
        ("udpin:192.168.1.5:14550", "192.168.1.5"),
        ("udpout:10.0.0.1:14550", "127.0.0.0/8 only"),
        ("tcp:10.0.0.1:5760", "127.0.0.0/8 only"),
        ("serial:/dev/ttyUSB0:57600", "refuses serial"),
        ("udpin:localhost:14550", "not an IPv4 address"),
        ("udpin:127.0.0.1:99999", "is not a port"),
        ("udpout:127.0.0.1:0", "needs a port"),
        ("tcp:127.0.0.1:0", "needs a port"),
        ("telnet:127.0.0.1:1", "expected udpin"),
    ],
)
def test_a_training_gateway_opens_loopback_alone(endpoint: str, words: str) -> None:
    with pytest.raises(BadEndpoint, match="site file, endpoint") as refused:
        parse_endpoint(endpoint, TRAINING)
    assert words in str(refused.value)


def test_service_may_listen_elsewhere_and_open_serial_ports() -> None:
    assert parse_endpoint("udpin:0.0.0.0:14550", SERVICE).port == 14550
    radio = parse_endpoint("serial:/dev/serial/by-id/usb-FTDI:57600", SERVICE)
    assert (radio.host, radio.port) == ("/dev/serial/by-id/usb-FTDI", 57600)
    assert parse_endpoint("serial:COM3:57600", SERVICE).host == "COM3"
    with pytest.raises(BadEndpoint, match="BAUD is 'fast'"):
        parse_endpoint("serial:COM3:fast", SERVICE)


async def test_a_port_in_use_is_named() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        with pytest.raises(BadEndpoint, match=f"UDP port {port} on 127.0.0.1"):
            await Heard().make(f"udpin:127.0.0.1:{port}").open()


async def test_datagrams_go_both_ways() -> None:
    heard, told = Heard(), Heard()
    waits = heard.make("udpin:127.0.0.1:0")
    async with running(waits):
        speaks = told.make(f"udpout:127.0.0.1:{waits.address[1]}")
        async with running(speaks):
            assert speaks.peer == waits.address and waits.peer is None
            for number in range(200):
                speaks.send(bytes([number]), waits.address)
            await until(lambda: len(heard.data) == 200, 2.0, "all datagrams")
            assert heard.data == bytes(range(200))
            waits.send(b"back", heard.sources[0])
            await until(lambda: told.data == b"back", 2.0, "the answer")


async def test_in_training_a_datagram_from_elsewhere_is_dropped() -> None:
    heard = Heard()
    endpoint = heard.make("udpin:127.0.0.1:0")
    assert isinstance(endpoint, UdpEndpoint)
    endpoint.datagram_received(b"x", ("192.168.1.9", 14550))
    endpoint.datagram_received(b"y", ("127.0.0.9", 14550))
    assert (heard.data, endpoint.refused) == (b"y", 1)


async def test_tcp_connects_when_the_server_comes_and_again_after_a_loss() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    heard = Heard()
    endpoint = heard.make(f"tcp:127.0.0.1:{port}")
    clients: list[asyncio.StreamWriter] = []
    echoed = bytearray()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clients.append(writer)
        with contextlib.suppress(OSError):
            while data := await reader.read(100):
                echoed.extend(data)

    async with running(endpoint):
        await until(lambda: bool(heard.said), 3.0, "the refusal is told")
        assert f"tcp:127.0.0.1:{port} cannot be reached" in heard.said[0]
        server = await asyncio.start_server(served, "127.0.0.1", port)
        await until(lambda: len(clients) == 1, 5.0, "connected")
        clients[0].write(b"one")
        await until(lambda: heard.data == b"one", 2.0, "bytes in")
        endpoint.send(b"two", endpoint.address)
        await until(lambda: bytes(echoed) == b"two", 2.0, "bytes out")
        clients[0].close()
        await until(lambda: len(clients) == 2, 5.0, "connected again")
        clients[1].write(b"three")
        await until(lambda: heard.data == b"onethree", 2.0, "bytes in again")
        await until(lambda: "connected again" in heard.said[-1], 2.0, "told")
        assert heard.sources[0] == ("127.0.0.1", port)
        server.close()
        for client in clients:
            client.close()
    assert sum("cannot be reached" in said for said in heard.said) == 1, "told once"


async def test_a_serial_port_is_opened_again_when_it_comes_back(tmp_path: Path) -> None:
    tty = pytest.importorskip("tty", reason="needs a pseudo terminal")
    device = tmp_path / "radio"

    def plug_in() -> tuple[int, int]:
        radio, port = os.openpty()
        tty.setraw(port)
        device.unlink(missing_ok=True)
        device.symlink_to(os.ttyname(port))
        os.set_blocking(radio, False)
        return radio, port

    heard = Heard()
    endpoint = heard.make(f"serial:{device}:57600", SERVICE)
    async with running(endpoint):
        await until(lambda: bool(heard.said), 3.0, "no such device")
        assert "cannot be opened" in heard.said[0]
        radio, port = plug_in()
        await until(lambda: "open again" in heard.said[-1], 5.0, "opened")
        os.write(radio, b"telemetry")
        await until(lambda: heard.data == b"telemetry", 3.0, "bytes in")
        assert set(heard.sources) == {(str(device), 57600)}
        endpoint.send(b"order", endpoint.address)

        def out() -> bool:
            with contextlib.suppress(BlockingIOError):
                return os.read(radio, 100) == b"order"
            return False

        await until(out, 3.0, "bytes out")
        os.close(radio)
        os.close(port)
        device.unlink()
        await until(lambda: "was lost" in heard.said[-1], 5.0, "pulled out")
        radio, port = plug_in()
        await until(lambda: "open again" in heard.said[-1], 5.0, "back")
        os.write(radio, b"!")
        await until(lambda: heard.data.endswith(b"!"), 3.0, "bytes in again")
    os.close(radio)
    os.close(port)


async def test_what_the_other_end_of_tcp_does_not_take_ends_with_the_connection() -> None:
    """An order of before an outage must not arrive after it."""
    if not hasattr(socket, "TCP_USER_TIMEOUT"):
        pytest.skip("the system has no such time-out")
    heard, clients = Heard(), asyncio.Queue[asyncio.StreamWriter]()
    server = await asyncio.start_server(lambda _, w: clients.put_nowait(w), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    endpoint = TcpEndpoint(
        parse_endpoint(f"tcp:127.0.0.1:{port}", TRAINING), heard.take, heard.said.append
    )
    async with running(endpoint):
        client = await clients.get()
        await until(lambda: endpoint._writer is not None, 2.0, "connected")
        assert endpoint._writer is not None
        connection = endpoint._writer.get_extra_info("socket")
        option = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        assert 0 < option <= 3000
        client.close()
    server.close()


def test_what_waited_too_long_for_a_serial_port_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process that was paused must not write what it put in line before."""
    written: list[bytes] = []
    clock = ManualClock()
    monkeypatch.setattr("gcs.link.serial_port._clock", clock)
    session: Any = serial_port._Session.__new__(serial_port._Session)
    session._waiting = queue.Queue(4)
    session._port = SimpleNamespace(write=written.append)
    session.put(b"before the pause")
    clock.advance(10.0)
    session.put(b"after it")
    session._write()
    session._write()
    assert written == [b"after it"]
