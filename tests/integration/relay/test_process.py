"""The relay as a process, with and without a bus, and as ffprobe sees it."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import aiohttp
import numpy as np
import pytest

from gcs.apps.files import JoinFile, write
from gcs.model.feed import RelayAccess, RelayHello, SensorMetadata
from gcs.model.site import Site
from gcs.runtime.settings import load_toml
from gcs.shared.bus import Bus, BusAccess
from gcs.shared.ports import free_port, wait_for_port
from gcs.shared.subjects import Subjects
from gcs.video.encoder import FeedEncoder
from tests.integration.relay.rig import HASHES, LOOPBACK, TOKENS, rig, sources
from tests.support.nats import SITE, nats_server, until
from tests.support.ts import FPS, datagrams, ffprobe, stream

ROOT = Path(__file__).resolve().parents[3]


async def test_hello_on_the_bus_and_service_without_it(tmp_path: Path) -> None:
    subject = Subjects(SITE).relay_hello
    heard: list[RelayHello] = []
    async with nats_server(tmp_path) as server:
        listener = await server.desk("pilot-a", "desk-1")
        await listener.listen(subject, RelayHello, lambda s, h: heard.append(h))

        def connect() -> "asyncio.Future[Bus]":
            return asyncio.ensure_future(Bus.connect(server.access("relay"), "relay"))

        async with rig("ISL-01", "ISL-02", connect=connect, hello=subject) as r:
            await until(lambda: len(heard) >= 2)
            assert [h.feed for h in heard[-1].feeds] == ["ISL-01", "ISL-02"]
            assert heard[-1].feeds[0].age_s is None
            server.kill()
            async with r.watching("ISL-01") as desk:
                await r.sender("ISL-01").send(stream())
                await desk.has(1000)
            await server.restart()
            await until(lambda: heard[-1].feeds[0].packets > 0, 10.0, "hello after the outage")


async def test_the_process_serves_without_a_bus_and_ends_on_a_signal(tmp_path: Path) -> None:
    site = load_toml(ROOT / "resources/sites/islington.toml", Site)
    feeds = sources("ISL-01")
    join = write(
        tmp_path / "relay.json",
        JoinFile(
            site=site,
            bus=BusAccess(LOOPBACK, free_port(), "relay", "bus-password"),
            shift=str(tmp_path),
            feeds=feeds,
            relay_port=free_port(),
            relay_tokens=HASHES,
        ),
    )
    port = json.loads(join.read_text())["relay_port"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "main.py"),
        "relay",
        "--join",
        str(join),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        assert await wait_for_port(LOOPBACK, port, 15.0)
        url = RelayAccess(LOOPBACK, port, "").url("ISL-01")
        async with aiohttp.ClientSession() as http:
            async with http.get(url) as answer:
                assert answer.status == 401
            headers = {"Authorization": f"Bearer {TOKENS['desk-2']}"}
            async with http.get(url, headers=headers) as answer:
                assert answer.status == 200
                await send(feeds[0].udp_port)
                assert (await answer.content.readexactly(188))[0] == 0x47
                process.send_signal(signal.SIGTERM)
                assert await asyncio.wait_for(process.wait(), 5.0) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    logged = (tmp_path / "logs" / "relay.log").read_text()
    assert not any(secret in logged for secret in (*TOKENS.values(), "bus-password"))


async def send(port: int) -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=(LOOPBACK, port)
    )
    for datagram in datagrams(stream()):
        transport.sendto(datagram)
    transport.close()


def cameras_stream(frames: int) -> bytes:
    """As the simulated cameras send it: synchronous KLV, each before its picture."""
    sent = bytearray()
    encoder = FeedEncoder(160, 96, FPS, sent.extend)
    for number in range(frames):
        taken = SensorMetadata(capture_utc_us=1_790_000_000_000_000 + number * 66_667)
        encoder.encode(np.full((96, 160, 3), number % 30 * 8, np.uint8), taken)
    encoder.close()
    return bytes(sent)


@pytest.mark.parametrize("made_by", [stream, cameras_stream])
async def test_ffprobe_reads_the_picture_and_the_klv(made_by: Callable[[int], bytes]) -> None:
    program = ffprobe()
    data = datagrams(made_by(20 * FPS))
    async with rig("ISL-01") as r:
        sender = r.sender("ISL-01")
        probe = await asyncio.create_subprocess_exec(
            program,
            *("-v", "error", "-print_format", "json", "-show_streams"),
            *("-probesize", "100000", "-analyzeduration", "5000000"),
            *("-headers", f"Authorization: Bearer {TOKENS['desk-1']}\r\n"),
            r.access.url("ISL-01"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        await until(lambda: r.health("ISL-01").clients == 1, 10.0, "ffprobe joined")
        over = asyncio.ensure_future(probe.communicate())
        for datagram in data:
            if over.done():
                break
            await sender.send_raw([datagram])
        out, complaint = await asyncio.wait_for(over, 10.0)
    assert probe.returncode == 0, complaint.decode()
    found = [(s.get("codec_type"), s.get("codec_name")) for s in json.loads(out)["streams"]]
    assert found == [("video", "h264"), ("data", "klv")]
