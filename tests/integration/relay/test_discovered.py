"""A feed whose port nobody configured: its drone tells, over a real bus, and may tell anew."""

import asyncio
import socket
from pathlib import Path

from gcs.model.feed import FeedKind, FeedSource
from gcs.model.vehicle import CameraReport, VehicleProfile, VehicleProfiles
from gcs.shared.bus import Bus
from gcs.shared.ports import free_port
from gcs.shared.subjects import Subjects
from tests.integration.relay.rig import LOOPBACK, Rig, rig
from tests.support.nats import GATEWAY, SITE, nats_server
from tests.support.ts import datagrams, stream

FEED = "ISL-01"
NAMES = Subjects(SITE)


def profiles(uri: str) -> VehicleProfiles:
    profile = VehicleProfile(FEED, "net1", 1, camera=CameraReport(video_uri=uri))
    return VehicleProfiles(GATEWAY, "i1", 0, (profile,))


async def tells(gateway: Bus, r: Rig, uri: str, words: str) -> None:
    """The drone tells this address, until the relay says these words of the feed."""
    for _ in range(100):
        await gateway.publish(NAMES.vehicles(GATEWAY), profiles(uri))
        if words in r.health(FEED).trouble:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{words!r} is not in {r.health(FEED).trouble!r}")


async def flows(r: Rig, sender: socket.socket, port: int) -> None:
    """What is sent to a port is taken by the relay."""
    before = r.health(FEED).packets
    for _ in range(100):  # it may be about to move there
        sender.sendto(datagrams(stream())[0], (LOOPBACK, port))
        await asyncio.sleep(0.05)
        if r.health(FEED).packets > before:
            return
    raise AssertionError(f"nothing is taken at port {port}")


async def test_found_kept_moved_and_refused_in_words(tmp_path: Path) -> None:
    first, second = free_port(udp=True), free_port(udp=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        async with nats_server(tmp_path) as server:
            gateway = await server.bus("gateway")
            async with rig(
                connect=lambda: server.bus("relay"),
                hello=NAMES.relay_hello,
                vehicles=NAMES.vehicles(),
                at=(FeedSource(FEED, FeedKind.DRONE, 0),),
            ) as r:
                assert "has not told where" in r.health(FEED).trouble
                await tells(gateway, r, "rtsp://10.0.0.1/main", "rtsp://, which this relay")
                await tells(gateway, r, "udp://239.0.0.1:5600", "multicast")
                await tells(gateway, r, f"udp://{LOOPBACK}:{first}", "has not begun")
                await flows(r, sender, first)
                await gateway.publish(NAMES.vehicles(GATEWAY), profiles(""))
                await flows(r, sender, first)  # no word keeps the last
                moved = profiles(f"udp://{LOOPBACK}:{second}")
                await gateway.publish(NAMES.vehicles(GATEWAY), moved)
                await flows(r, sender, second)
                assert not _bound(first)


def _bound(port: int) -> bool:
    """Whether somebody listens at a UDP port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False
