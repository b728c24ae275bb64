"""The bus against a real server: asked and answered, latest wins, and what goes wrong."""

import asyncio
import logging
from pathlib import Path

import pytest

from gcs.model.mission import CentralHello
from gcs.model.people import Holder, Person, Role
from gcs.shared.bus import (
    Bus,
    BusAccess,
    NoAnswer,
    OutcomeUnknown,
    RevisionConflict,
)
from gcs.shared.codec import BadMessage
from gcs.shared.ports import free_port
from gcs.shared.subjects import Subjects
from tests.support.nats import SITE, nats_server, until

N = Subjects(SITE)


def holder(number: int) -> Holder:
    return Holder("pilot-a", "Pilot A", f"desk-{number}")


async def test_a_request_is_answered_across_the_border(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        subjects: list[str] = []

        async def answer(subject: str, value: Holder) -> Holder:
            subjects.append(subject)
            return Holder(value.person, "answered", value.desk)

        await gateway.serve(N.command("gw1"), Holder, answer, lambda text: holder(0))
        subject = N.command("gw1", "pilot-a", "desk-1", "X")
        reply = await desk.request(subject, holder(1), Holder, 2.0)
        assert reply.name == "answered"
        assert subjects == [subject]


async def test_one_slow_answer_delays_no_other(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        keeper, desk = await server.bus("keeper"), await server.desk("pilot-a", "desk-1")
        go = asyncio.Event()

        async def answer(_: str, value: Holder) -> Holder:
            if value == holder(1):
                await go.wait()
            return value

        await keeper.serve(N.keeper(), Holder, answer, lambda text: holder(0))
        subject = N.keeper("pilot-a", "desk-1")
        slow = asyncio.ensure_future(desk.request(subject, holder(1), Holder, 5.0))
        assert await desk.request(subject, holder(2), Holder, 5.0) == holder(2)
        assert not slow.done()
        go.set()
        assert await slow == holder(1)


async def test_what_is_malformed_is_refused_and_counted(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        keeper, desk = await server.bus("keeper"), await server.desk("pilot-a", "desk-1")
        told: list[str] = []
        keeper.on_bad_message = told.append

        async def answer(_: str, value: Holder) -> Holder:
            raise RuntimeError("handlers may fail")

        await keeper.serve(
            N.keeper(), Holder, answer, lambda text: Person("x", text[:80], Role.PILOT)
        )
        subject = N.keeper("pilot-a", "desk-1")
        with pytest.raises(BadMessage, match="carries 'Person', expected 'Holder'"):
            await desk.request(subject, CentralHello("c", 1, 1, True), Holder, 2.0)
        assert keeper.bad_messages == 1
        assert "CentralHello" in told[0]
        failed = await desk.request(subject, holder(1), Person, 2.0)
        assert "failed" in failed.name


async def test_nobody_there_is_known_at_once(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        desk = await server.desk("pilot-a", "desk-1")
        loop = asyncio.get_running_loop()
        begun = loop.time()
        with pytest.raises(NoAnswer, match=r"Nobody answers on gcs\.islington\.kep\.pilot-a"):
            await desk.request(N.keeper("pilot-a", "desk-1"), holder(1), Holder, 5.0)
        assert loop.time() - begun < 2.0


async def test_a_silent_server_is_a_timeout(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        keeper, desk = await server.bus("keeper"), await server.desk("pilot-a", "desk-1")

        async def answer(_: str, value: Holder) -> Holder:
            await asyncio.Event().wait()
            return value

        await keeper.serve(N.keeper(), Holder, answer, lambda text: holder(0))
        with pytest.raises(NoAnswer, match=r"within 0\.2 s"):
            await desk.request(N.keeper("pilot-a", "desk-1"), holder(1), Holder, 0.2)


async def test_listening_gets_the_good_ones(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        got: list[Holder] = []

        def take(_: str, value: Holder) -> None:
            got.append(value)
            raise RuntimeError("one handler's failure stops nothing")

        await desk.listen(N.telemetry(), Holder, take)
        await gateway.publish(N.telemetry("gw1"), holder(1))
        await gateway.publish(N.telemetry("gw1"), Person("x", "y", Role.PILOT))
        await gateway.publish(N.telemetry("gw1"), holder(2))
        await until(lambda: len(got) == 2)
        assert got == [holder(1), holder(2)]
        assert desk.bad_messages == 1


async def test_what_is_erased_by_revision_is_gone_and_told(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        bucket = (await server.bus("gateway")).bucket(N.control_bucket, Holder)
        desk = await server.desk("pilot-a", "desk-1")
        erased: list[tuple[str, int]] = []
        seen: list[Holder] = []
        await desk.bucket(N.control_bucket, Holder).watch(
            "drone.*",
            lambda entry: seen.append(entry.value),
            lambda key, revision: erased.append((key, revision)),
        )
        first = await bucket.put("drone.X", holder(1), None)
        second = await bucket.put("drone.X", holder(2), first)
        with pytest.raises(RevisionConflict):
            await bucket.erase("drone.X", first)
        gone = await bucket.erase("drone.X", second)
        await until(lambda: erased == [("drone.X", gone)])
        assert await bucket.get("drone.X") is None
        assert desk.bad_messages == 0
        assert holder(2) in seen
        late: list[Holder] = []
        await desk.bucket(N.control_bucket, Holder).watch("drone.*", lambda e: late.append(e.value))
        assert late == []


async def test_a_bucket_is_written_by_revision(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        bucket = (await server.bus("gateway")).bucket(N.control_bucket, Holder)
        assert await bucket.get("drone.X") is None
        first = await bucket.put("drone.X", holder(1), None)
        with pytest.raises(RevisionConflict, match=r"drone\.X"):
            await bucket.put("drone.X", holder(2), None)
        second = await bucket.put("drone.X", holder(2), first)
        with pytest.raises(RevisionConflict):
            await bucket.put("drone.X", holder(3), first)
        entry = await bucket.get("drone.X")
        assert entry is not None
        assert (entry.key, entry.value, entry.revision) == ("drone.X", holder(2), second)


async def test_of_two_writers_at_once_one_wins(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        buckets = [(await server.bus("gateway")).bucket(N.control_bucket, Holder) for _ in range(2)]
        results = await asyncio.gather(
            *(b.put("drone.X", holder(n), None) for n, b in enumerate(buckets)),
            return_exceptions=True,
        )
        assert sorted(isinstance(r, RevisionConflict) for r in results) == [False, True]


async def test_storing_twice_by_one_id_stores_once(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        gateway = await server.bus("gateway")
        subject = N.event("gw1", "text")
        first = await gateway.publish_durable(subject, holder(1), "a")
        assert await gateway.publish_durable(subject, holder(1), "a") == first
        assert await gateway.publish_durable(subject, holder(2), "b") == first + 1


async def test_storing_where_no_stream_listens_is_no_answer(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        train = await server.bus("train")
        with pytest.raises(NoAnswer):
            await train.publish_durable(N.processes, holder(1), "a")


async def test_a_wrong_password_is_told_at_once_and_never_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with nats_server(tmp_path) as server:
        access = BusAccess("127.0.0.1", server.port, "gateway", "s3cret-word")
        with caplog.at_level(logging.DEBUG), pytest.raises(NoAnswer) as caught:
            await Bus.connect(access, "x")
        assert "refused user 'gateway'" in str(caught.value)
        for text in (str(caught.value), repr(access), f"{caught.value.__cause__}", caplog.text):
            assert "s3cret-word" not in text


async def test_no_server_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gcs.shared.connection.CONNECT_WITHIN_S", 0.3)
    port = free_port()
    with pytest.raises(NoAnswer, match=rf"No bus at 127\.0\.0\.1:{port} within 0\.3 s"):
        await Bus.connect(BusAccess("127.0.0.1", port, "gateway", "x"), "x")


async def test_while_the_bus_is_down_nothing_is_kept_for_later(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        got: list[Holder] = []
        await desk.listen(N.telemetry(), Holder, lambda _, value: got.append(value))
        server.kill()
        await until(lambda: not (gateway.connected or desk.connected))
        await gateway.publish(N.telemetry("gw1"), holder(1))
        with pytest.raises(NoAnswer, match="down"):
            await gateway.request(N.authorise_launch("gw1"), holder(1), Holder, 1.0)
        with pytest.raises(OutcomeUnknown):
            await gateway.bucket(N.control_bucket, Holder).put("drone.X", holder(1), None)
        with pytest.raises(NoAnswer):
            await gateway.round_trip_s()
        await server.restart()
        await until(lambda: gateway.connected and desk.connected)
        async with asyncio.timeout(5.0):  # its listening may come to the server after it does
            while not got:
                await gateway.publish(N.telemetry("gw1"), holder(2))
                await asyncio.sleep(0.02)
        assert all(value == holder(2) for value in got)
        assert await gateway.round_trip_s() < 1.0


async def test_a_request_under_way_ends_when_the_bus_goes_down(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        keeper, desk = await server.bus("keeper"), await server.desk("pilot-a", "desk-1")
        asked = asyncio.Event()

        async def answer(_: str, value: Holder) -> Holder:
            asked.set()
            await asyncio.Event().wait()
            return value

        await keeper.serve(N.keeper(), Holder, answer, lambda text: holder(0))
        subject = N.keeper("pilot-a", "desk-1")
        waiting = asyncio.ensure_future(desk.request(subject, holder(1), Holder, 60.0))
        await asked.wait()
        server.kill()
        with pytest.raises(NoAnswer, match="went down"):
            await asyncio.wait_for(waiting, 5.0)


async def test_it_comes_back_after_the_server_threw_it_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A protocol error makes nats-py close for good; the bus does not."""
    async with nats_server(tmp_path) as server:
        gateway, desk = await server.bus("gateway"), await server.desk("pilot-a", "desk-1")
        got: list[Holder] = []
        await desk.listen(N.telemetry(), Holder, lambda _, value: got.append(value))
        caplog.set_level(logging.INFO)
        await desk.publish("x" * 10_000, holder(1))
        await until(lambda: "connected anew" in caplog.text, what="a new connection")
        await gateway.publish(N.telemetry("gw1"), holder(2))
        await until(lambda: got)
