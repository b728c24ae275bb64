"""Who is let in at a desk: the server asks the keeper, with real passwords and a real server."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gcs.model.audit import AuditAction
from gcs.model.control import ControlRecord, ControlState
from gcs.model.mission import KeeperAct, KeeperReply, KeeperRequest, MissionRecord
from gcs.model.people import EntryQuestion, Holder, Role
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.faults import EntryRefused
from tests.integration.keeper.bench import KeeperBench, N, keeper_bench
from tests.support.nats import PEOPLE, password_of, until

PERSON, DESK, OTHER_DESK = "pilot-b", "desk-2", "desk-3"
LEASE_AND_ONE_S = 6.0


async def ask(bus: Bus, person: str, desk: str, act: KeeperAct) -> KeeperReply:
    request = KeeperRequest("r", act, Holder(person, person, desk))
    return await bus.request(N.sign_on(person, desk), request, KeeperReply, 5.0)


async def signed_on(bench: KeeperBench, person: str = PERSON, desk: str = DESK) -> Bus:
    bus = await bench.server.sign_on_bus(person, desk)
    reply = await ask(bus, person, desk, KeeperAct.SIGN_ON)
    assert reply.ok, reply.text
    return bus


async def refused(
    bench: KeeperBench, person: str, password: str | None = None, desk: str = DESK
) -> str:
    """Nobody is let in; the reason that the desk is told."""
    with pytest.raises(EntryRefused) as told:
        await Bus.connect(bench.server.sign_on_access(person, desk, password), "stranger")
    assert "password of" not in str(told.value)
    return await why(bench, desk)


async def why(bench: KeeperBench, desk: str = DESK) -> str:
    bus = await Bus.connect(bench.server.sign_on_access("", desk), "empty desk")
    try:
        question = EntryQuestion(desk)
        return (await bus.request(N.refused_entry(desk), question, KeeperReply, 5.0)).text
    finally:
        await bus.close()


async def may_fly(bus: Bus, person: str) -> bool:
    """Whether the server itself lets this connection ask for an incident."""
    request = KeeperRequest("r", KeeperAct.TAKE_INCIDENT, Holder(person, person, "desk-2"), "X")
    try:
        await bus.request(N.keeper(person), request, KeeperReply, 0.4)
    except NoAnswer:
        return False
    return True


async def test_each_role_is_let_in_as_what_it_is(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        for number, person in enumerate(PEOPLE, start=1):
            desk = f"desk-{number}"
            bus = await bench.server.sign_on_bus(person.id, desk)
            reply = await ask(bus, person.id, desk, KeeperAct.SIGN_ON)
            assert (reply.ok, reply.role) == (True, person.role)
            assert await may_fly(bus, person.id) is (person.role is not Role.OBSERVER)
            await bus.bucket(N.record_bucket, MissionRecord).get("mission.none")  # all may read
            await until(lambda d=desk: d in bench.presences)  # type: ignore[misc]
            assert bench.presences[desk].person == person


async def test_a_wrong_password_a_stranger_and_a_strange_desk(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        assert await refused(bench, PERSON, "guess") == "This is not Pilot B's password."
        assert await refused(bench, PERSON, "") == "This is not Pilot B's password."
        assert await refused(bench, "nobody") == "'nobody' is not in this site's directory."
        assert await refused(bench, PERSON, password_of("pilot-a")) != ""
        strange = replace(bench.server.sign_on_access(PERSON, DESK), user=f"{PERSON}@desk-77")
        stolen = replace(bench.server.sign_on_access(PERSON, DESK), user=f"{PERSON}@{OTHER_DESK}")
        for access in (strange, stolen, replace(strange, user=f"@{DESK}", password="x")):
            with pytest.raises(EntryRefused):
                await Bus.connect(access, "stranger")
        texts = [e.draft.outcome for e in bench.audit if e.draft.action is AuditAction.REFUSAL]
        assert "This is not Pilot B's password." in texts
        assert any("is not a desk of this site" in text for text in texts)
        assert b"guess" not in bench.path.read_bytes()
        assert b"password of" not in bench.path.read_bytes()
        assert bench.presences == {}


async def test_a_site_that_is_not_among_the_persons(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench:
        bench.server.write_directory([replace(PEOPLE[1], boroughs=("camden",))])
        async with bench.keeper():
            assert await refused(bench, PERSON) == "Pilot B is not authorised for Islington."


async def test_guessing_is_slowed_down_and_keeps_nobody_out_elsewhere(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await signed_on(bench, "pilot-a", "desk-1")
        for number in range(5):
            assert "not Pilot B's" in await refused(bench, PERSON, f"guess {number}")
        assert "Too many wrong passwords at desk-2" in await refused(bench, PERSON)
        await signed_on(bench, PERSON, OTHER_DESK)  # the guesser sits at desk-2
        bench.clock.advance(61)
        await bench.server.sign_on_bus(PERSON, DESK)
        for number in range(5):
            await refused(bench, "pilot-a", f"guess {number}", "desk-1")
        await bench.server.sign_on_bus("pilot-a", "desk-1")  # proved before: in at once


async def test_at_a_second_desk_the_server_gives_an_observers_rights(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        first = await signed_on(bench)
        second = await bench.server.sign_on_bus(PERSON, OTHER_DESK)
        reply = await ask(second, PERSON, OTHER_DESK, KeeperAct.SIGN_ON)
        assert (reply.ok, reply.role) == (True, Role.OBSERVER)
        assert not await may_fly(second, PERSON)
        # Nor may it sign the first one off.
        with pytest.raises(NoAnswer):
            request = KeeperRequest("r", KeeperAct.SIGN_OFF, Holder(PERSON, "B", DESK))
            await second.request(N.sign_on(PERSON, DESK), request, KeeperReply, 0.4)
        assert (await ask(first, PERSON, DESK, KeeperAct.SIGN_OFF)).ok
        again = await ask(second, PERSON, OTHER_DESK, KeeperAct.SIGN_ON)
        assert again.role is Role.PILOT
        # The connection is ended and comes back with a pilot's rights.
        await eventually(lambda: may_fly(second, PERSON))


async def _answered(bus: Bus) -> bool:
    """Whether the keeper answers; not just after a connection was ended."""
    try:
        return (await ask(bus, PERSON, DESK, KeeperAct.PING)).ok
    except NoAnswer:
        return False


async def eventually(condition: Callable[[], Awaitable[bool]], within_s: float = 6.0) -> None:
    deadline = time.monotonic() + within_s
    while not await condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_who_is_taken_out_of_the_directory_is_out(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        bus = await signed_on(bench)
        bench.server.write_directory([p for p in PEOPLE if p.id != PERSON])
        await asyncio.wait_for(bus.turned_away(), 5.0)
        await until(lambda: not bench.presences[DESK].signed_on)
        assert "not in this site's directory" in await why(bench)
        last = bench.audit[-2:]
        assert AuditAction.SIGN_OFF in {entry.draft.action for entry in last}


async def test_another_role_in_the_directory_is_another_role_at_the_desk(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        bus = await signed_on(bench)
        assert await may_fly(bus, PERSON)
        bench.server.write_directory([replace(PEOPLE[1], role=Role.OBSERVER)])
        await until(lambda: bench.presences[DESK].role is Role.OBSERVER)
        await eventually(lambda: _answered(bus))
        assert not await may_fly(bus, PERSON)


async def test_who_holds_a_drone_is_not_signed_off(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        bus = await signed_on(bench)
        holder = Holder(PERSON, "Pilot B", DESK)
        record = ControlRecord("ISL-01", ControlState.OWNED, 1, 1, holder=holder)
        bucket = bench.gateway.bucket(N.control_bucket, ControlRecord)
        revision = await bucket.put("drone.ISL-01", record, None)
        await eventually(lambda: _is_refused(bus))
        reply = await ask(bus, PERSON, DESK, KeeperAct.SIGN_OFF)
        assert reply.text == "Pilot B at desk-2 holds ISL-01: hand it over or land it first."
        free = replace(record, state=ControlState.UNOWNED, holder=None, epoch=2)
        await bucket.put("drone.ISL-01", free, revision)
        await eventually(lambda: _is_off(bus))


async def _is_refused(bus: Bus) -> bool:
    return not (await ask(bus, PERSON, DESK, KeeperAct.SIGN_OFF)).ok


async def _is_off(bus: Bus) -> bool:
    return (await ask(bus, PERSON, DESK, KeeperAct.SIGN_OFF)).ok


async def test_when_the_bus_comes_back_everybody_is_in_within_the_lease(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        bus = await signed_on(bench)
        bench.server.kill()
        await until(lambda: not bus.connected)
        await bench.server.restart()
        await until(lambda: bus.connected, LEASE_AND_ONE_S, "the desk to be back")
        assert (await ask(bus, PERSON, DESK, KeeperAct.PING)).ok


async def test_without_a_keeper_who_is_in_stays_and_nobody_comes_in(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench:
        async with bench.keeper():
            bus = await signed_on(bench)
        assert bus.connected
        await bus.bucket(N.record_bucket, MissionRecord).get("mission.none")
        access = bench.server.sign_on_access("pilot-a", "desk-1")
        coming = asyncio.ensure_future(Bus.connect(access, "waits"))
        done, _ = await asyncio.wait({coming}, timeout=1.0)
        assert not done
        async with bench.keeper():  # its connection is asked about again by the server
            assert (await ask(bus, PERSON, DESK, KeeperAct.PING)).ok
            await (await asyncio.wait_for(coming, LEASE_AND_ONE_S)).close()
            assert await may_fly(bus, PERSON)


async def test_a_directory_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        bus = await signed_on(bench)
        (tmp_path / "directory.json").write_text("{")
        first = await bench.server.sign_on_bus("pilot-a", "desk-1")
        assert (await ask(first, "pilot-a", "desk-1", KeeperAct.SIGN_ON)).ok
        # The second desk of the same person is held to an observer's rights all the same.
        second = await bench.server.sign_on_bus("pilot-a", "desk-9")
        reply = await ask(second, "pilot-a", "desk-9", KeeperAct.SIGN_ON)
        assert reply.role is Role.OBSERVER
        assert bus.connected
