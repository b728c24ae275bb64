"""Watch, follow and consume through malformed messages and a server that is killed."""

import asyncio
from pathlib import Path

import pytest

from gcs.model.people import Holder, Person, Role
from gcs.shared.bus import BucketEntry, Bus, NoAnswer, OutcomeUnknown
from gcs.shared.subjects import Subjects
from tests.support.nats import SITE, NatsServer, nats_server, until

N = Subjects(SITE)
TEXT = N.event("gw1", "text")


def holder(number: int) -> Holder:
    return Holder("pilot-a", "Pilot A", f"desk-{number}")


async def store(bus: Bus, number: int) -> None:
    """As the gateway does: repeated until it is stored."""
    while True:
        try:
            await bus.publish_durable(TEXT, holder(number), f"n{number}")
            return
        except NoAnswer:
            await asyncio.sleep(0.05)


async def put(bus: Bus, key: str, number: int) -> None:
    """Write over whatever is there, repeated until it is known to be there."""
    bucket = bus.bucket(N.control_bucket, Holder)
    while True:
        try:
            entry = await bucket.get(key)
            if entry is not None and entry.value == holder(number):
                return
            await bucket.put(key, holder(number), entry.revision if entry else None)
            return
        except (NoAnswer, OutcomeUnknown):
            await asyncio.sleep(0.05)


async def test_watch_gives_what_is_there_then_each_change(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        await put(gateway, "drone.A", 1)
        await put(gateway, "drone.B", 2)
        await put(gateway, "claim.net1", 3)
        seen: list[tuple[str, Holder]] = []
        bucket = desk.bucket(N.control_bucket, Holder)
        await bucket.watch("drone.*", lambda entry: seen.append((entry.key, entry.value)))
        assert seen == [("drone.A", holder(1)), ("drone.B", holder(2))]
        await put(gateway, "drone.A", 4)
        await until(lambda: len(seen) == 3)
        assert seen[-1] == ("drone.A", holder(4))


async def test_watch_leaves_out_what_is_malformed(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        await gateway.bucket(N.control_bucket, Person).put(
            "drone.A", Person("x", "y", Role.PILOT), None
        )
        await put(gateway, "drone.B", 1)
        seen: list[BucketEntry[Holder]] = []
        await desk.bucket(N.control_bucket, Holder).watch("drone.*", seen.append)
        assert [entry.key for entry in seen] == ["drone.B"]
        assert desk.bad_messages == 1


@pytest.mark.parametrize(("last", "first_seen"), [(0, 11), (3, 8), (100, 1)])
async def test_follow_begins_with_the_newest(tmp_path: Path, last: int, first_seen: int) -> None:
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        for number in range(1, 11):
            await store(gateway, number)
        seen: list[int] = []
        await desk.follow(N.events_stream, N.event(), Holder, lambda n, _: seen.append(n), last)
        assert seen == list(range(first_seen, 11))
        await store(gateway, 11)
        await until(lambda: seen and seen[-1] == 11)
        assert seen == list(range(first_seen, 12))


async def test_follow_finds_the_newest_of_one_kind_far_back(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        await gateway.publish_durable(N.event("gw1", "phase"), holder(0), "p")
        for number in range(1, 30):
            await store(gateway, number)
        seen: list[Holder] = []
        await desk.follow(
            N.events_stream, N.event("gw1", "phase"), Holder, lambda _, v: seen.append(v), 2
        )
        assert seen == [holder(0)]


async def test_follow_and_watch_through_killed_servers(tmp_path: Path) -> None:
    """Two kills while a gateway writes: everything arrives, in order, once."""
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        events: list[int] = []
        states: list[BucketEntry[Holder]] = []
        await desk.follow(N.events_stream, N.event(), Holder, lambda n, _: events.append(n))
        await desk.bucket(N.control_bucket, Holder).watch("drone.*", states.append)
        for number in range(1, 61):
            await store(gateway, number)
            await put(gateway, "drone.A", number)
            if number in (20, 40):
                await _kill_and_restart(server)
        await until(lambda: len(events) == 60 and states[-1].value == holder(60), 10.0)
        assert events == list(range(1, 61))
        revisions = [entry.revision for entry in states]
        assert revisions == sorted(set(revisions))


async def test_what_was_written_while_a_reader_was_away_is_read(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        events: list[int] = []
        await desk.follow(N.events_stream, N.event(), Holder, lambda n, _: events.append(n))
        await store(gateway, 1)
        await until(lambda: events == [1])
        server.kill()
        await server.restart()
        await store(gateway, 2)
        await until(lambda: events == [1, 2])


async def test_another_store_is_read_from_its_start(tmp_path: Path) -> None:
    """Only after somebody replaced the server's disk; then old numbers mean nothing."""
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        seen: list[Holder] = []
        await desk.follow(N.events_stream, N.event(), Holder, lambda _, v: seen.append(v))
        for number in (1, 2, 3):
            await store(gateway, number)
        await until(lambda: len(seen) == 3)
        await server.lose_store()
        await store(gateway, 4)
        await until(lambda: seen[-1] == holder(4), 10.0)
        assert seen == [holder(n) for n in (1, 2, 3, 4)]


async def test_consume_in_order_and_again_when_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gcs.shared.consumer.RETRY_FIRST_S", 0.02)
    async with nats_server(tmp_path) as server:
        gateway, keeper = await server.bus("gateway"), await server.bus("keeper")
        done: list[int] = []
        failures = iter([True, True, False])

        async def handle(number: int, value: Holder) -> None:
            if value == holder(2) and next(failures, False):
                raise OSError("the disk is full")
            done.append(number)

        for number in range(1, 5):
            await store(gateway, number)
        await gateway.publish_durable(TEXT, Person("x", "y", Role.PILOT), "bad")
        await store(gateway, 5)
        async with _consuming(keeper, handle):
            await until(lambda: len(done) == 5)
        assert done == [1, 2, 3, 4, 6]
        assert keeper.bad_messages == 1


async def test_what_was_acknowledged_is_not_consumed_again(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        gateway = await server.bus("gateway")
        done: list[int] = []

        async def handle(number: int, value: Holder) -> None:
            done.append(number)

        for run in range(2):
            keeper = await server.bus("keeper")
            async with _consuming(keeper, handle):
                await store(gateway, run)
                await until(lambda run=run: len(done) == run + 1)  # type: ignore[misc]
            await keeper.close()
        assert done == [1, 2]


async def test_consume_through_killed_servers(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        gateway, keeper = await server.bus("gateway"), await server.bus("keeper")
        done: list[int] = []

        async def handle(number: int, value: Holder) -> None:
            done.append(number)

        async with _consuming(keeper, handle):
            for number in range(1, 41):
                await store(gateway, number)
                if number in (10, 30):
                    await _kill_and_restart(server)
            await until(lambda: len(done) == 40, 10.0)
        assert done == list(range(1, 41))


async def _kill_and_restart(server: NatsServer) -> None:
    server.kill()
    await server.restart()


class _consuming:  # noqa: N801  (reads as a word in `async with`)
    """The keeper's consumer of EVENTS, running inside the block."""

    def __init__(self, bus: Bus, handle: object) -> None:
        self._bus = bus
        self._handle = handle
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        run = self._bus.consume(N.events_stream, "keeper", Holder, self._handle)  # type: ignore[arg-type]
        self._task = asyncio.ensure_future(run)

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
