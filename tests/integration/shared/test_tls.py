"""Beyond this machine the bus speaks TLS or not at all."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gcs.shared.access import BusAccess
from gcs.shared.bus import Bus
from gcs.shared.faults import EntryRefused
from gcs.shared.server import Listen, ServerProblem, free_port
from tests.support.certificates import Papers, papers
from tests.support.nats import NatsServer, nats_server

# All of 127/8 is this machine; 127.0.0.1 is what its certificate names.
HOST = "127.0.0.1"


@asynccontextmanager
async def secured(folder: Path) -> AsyncIterator[tuple[NatsServer, Papers, BusAccess]]:
    found = papers(folder / "papers", HOST)
    listen = Listen(free_port(), HOST, found.certificate, found.key)
    server = NatsServer(folder, listen=listen)
    await server.start()
    try:
        yield server, found, replace(server.access("gateway"), ca=str(found.ca))
    finally:
        await server.stop()


async def test_with_the_authoritys_file_the_bus_is_reached_by_tls(tmp_path: Path) -> None:
    async with secured(tmp_path) as (_, _, access):
        bus = await Bus.connect(access, "secured")
        assert await bus.round_trip_s() < 2.0
        await bus.close()


async def test_another_authoritys_certificate_is_not_trusted(tmp_path: Path) -> None:
    async with secured(tmp_path) as (_, _, access):
        other = papers(tmp_path / "other", HOST)
        with pytest.raises(EntryRefused, match="is not the bus that is named here"):
            await Bus.connect(replace(access, ca=str(other.ca)), "deceived")


async def test_a_certificate_for_another_address_is_not_trusted(tmp_path: Path) -> None:
    other = papers(tmp_path / "papers", "192.0.2.1")
    listen = Listen(free_port(), HOST, other.certificate, other.key)
    server = NatsServer(tmp_path, listen=listen)
    await server.start()
    try:
        with pytest.raises(EntryRefused, match="is not the bus that is named here"):
            await Bus.connect(replace(server.access("gateway"), ca=str(other.ca)), "deceived")
    finally:
        await server.stop()


async def test_a_server_without_tls_gets_no_password(tmp_path: Path) -> None:
    """Whoever answers in its place may not talk the client out of TLS."""
    async with nats_server(tmp_path) as server:
        found = papers(tmp_path / "papers", HOST)
        with pytest.raises(EntryRefused, match="does not speak TLS"):
            await Bus.connect(replace(server.access("gateway"), ca=str(found.ca)), "careful")


async def test_a_client_without_tls_is_not_heard_by_a_server_with_it(tmp_path: Path) -> None:
    async with secured(tmp_path) as (server, _, _):
        with socket.create_connection((HOST, server.port), 5.0) as plain:
            plain.sendall(b'CONNECT {"user":"gateway"}\r\nPING\r\n')
            assert b"INFO" not in plain.recv(4096)


@pytest.mark.parametrize("host", ["192.0.2.7", "bus.example", "0.0.0.0", "::", "10.0.0.1"])
async def test_another_machine_without_an_authority_is_refused_before_anything_is_sent(
    host: str,
) -> None:
    with pytest.raises(EntryRefused, match="without TLS nothing is sent there"):
        await Bus.connect(BusAccess(host, 4222, "gateway", "secret"), "careless")


async def test_a_file_that_is_no_authoritys_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    for name in ("ca.pem", "missing.pem"):
        access = BusAccess("192.0.2.7", 4222, "gateway", "secret", str(tmp_path / name))
        with pytest.raises(EntryRefused, match=name):
            await Bus.connect(access, "x")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])
def test_a_server_does_not_listen_for_other_machines_without_tls(tmp_path: Path, host: str) -> None:
    with pytest.raises(ServerProblem, match="it listens there with TLS or not at all"):
        NatsServer(tmp_path, listen=Listen(free_port(), host))
