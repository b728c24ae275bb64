"""Loopback ports: a free one, and waiting until somebody listens."""

import asyncio
import contextlib
import socket


def free_port(host: str = "127.0.0.1", *, udp: bool = False) -> int:
    """A port nobody listens on just now."""
    kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def free_ports(count: int, host: str = "127.0.0.1", *, udp: bool = False) -> tuple[int, ...]:
    """As `free_port`, that many different ones."""
    kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket(socket.AF_INET, kind)) for _ in range(count)]
        for probe in probes:
            probe.bind((host, 0))
        return tuple(probe.getsockname()[1] for probe in probes)


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As nats-server binds: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


async def wait_for_port(host: str, port: int, timeout_s: float) -> bool:
    """True as soon as somebody accepts there; False when the time is over."""
    try:
        async with asyncio.timeout(timeout_s):
            while True:
                try:
                    _, writer = await asyncio.open_connection(host, port)
                except OSError:
                    await asyncio.sleep(0.05)
                    continue
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
                return True
    except TimeoutError:
        return False
