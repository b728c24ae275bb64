"""A network over TCP: packets cut anywhere, two vehicles on one connection, orders back."""

import asyncio
import random

from gcs.link.mavlink import Framer
from gcs.link.network import Network
from gcs.link.reports import Heartbeat, Motion
from gcs.model.site import NetworkSpec, OperatingMode
from gcs.runtime.clock import SystemClock
from tests.support.nats import until
from tests.unit.link.peer import ack, heartbeat, motion


async def test_vehicles_on_one_tcp_connection() -> None:
    draw = random.Random(4)
    heard: list[int] = []

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = bytearray()
        for system in (1, 2):
            framer = Framer(system, 1)
            stream += framer.pack(heartbeat(system)) + draw.randbytes(3)
            for number in range(50):
                stream += framer.pack(motion(lat=51.0 + system + number / 1000))
        while stream:
            size = draw.randrange(1, 60)
            writer.write(bytes(stream[:size]))
            await writer.drain()
            del stream[:size]
            await asyncio.sleep(0)
        parser = Framer(255, 190)
        while data := await reader.read(1000):
            heard.extend(m.get_msgId() for m in parser.parse(data))
        writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    spec = NetworkSpec("net1", (f"tcp:127.0.0.1:{port}",))
    network = Network(spec, OperatingMode.TRAINING, [1, 2], SystemClock(), lambda: True)
    assert await network.open() == ("127.0.0.1", port)
    running = asyncio.ensure_future(network.run())
    one, two = network.vehicles[1], network.vehicles[2]
    await until(lambda: two.count(Motion) == 50, 5.0, "all came")
    assert one.count(Motion) == 50
    for vehicle in (one, two):
        beat, at = vehicle.value(Heartbeat), vehicle.value(Motion)
        assert beat is not None and beat.custom_mode == vehicle.system_id
        assert at is not None and round(at.position.lat_deg, 3) == 51.049 + vehicle.system_id
    assert two.send(ack(400, 0))
    await until(lambda: heard == [77], 3.0, "the order")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    network.close()
    server.close()
    await server.wait_closed()
