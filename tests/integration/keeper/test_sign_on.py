"""Who is let in at a desk: the server asks the keeper, with real passwords and a real server."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gcs.audit.log import AuditUnavailable
from gcs.keeper.book import Act
from gcs.keeper.sign_on_entry import MOST_CONNECTIONS
from gcs.model.audit import AuditAction
from gcs.model.control import ControlRecord, ControlState
from gcs.model.mission import KeeperAct, KeeperReply, KeeperRequest, MissionRecord
from gcs.model.people import EntryQuestion, Holder, Role
from gcs.shared import callout_guests
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.callout import Attempt
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


async def may_fly(bus: Bus, person: str, desk: str = DESK) -> bool:
    """Whether the server itself lets this connection ask for an incident."""
    request = KeeperRequest("r", KeeperAct.TAKE_INCIDENT, Holder(person, person, desk), "X")
    try:
        await bus.request(N.keeper(person, desk), request, KeeperReply, 0.4)
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
            assert await may_fly(bus, person.id, desk) is (person.role is not Role.OBSERVER)
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


async def test_who_has_proved_a_password_is_no_easier_to_guess(tmp_path: Path) -> None:
    """Neither at another desk nor at the one where it was proved."""
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await signed_on(bench)
        for desk in (OTHER_DESK, DESK):
            for number in range(5):
                assert "not Pilot B's" in await refused(bench, PERSON, f"guess {number}", desk)
            assert "Too many wrong passwords" in await refused(bench, PERSON, desk=desk)


async def test_a_desk_that_knocks_on_while_its_password_is_proved_guesses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole shift signs on at a slow machine: each desk gives up and knocks again."""
    go_on, begun = threading.Event(), list[str]()

    def slow(known: str, password: str) -> bool:
        begun.append(password)
        return go_on.wait(10) and password == password_of(PERSON)

    monkeypatch.setattr("gcs.keeper.people._verify", slow)
    async with keeper_bench(tmp_path) as bench, bench.keeper() as keeper:
        access = bench.server.sign_on_access(PERSON, DESK)
        attempt = Attempt(access.user, access.password, "127.0.0.1")
        knocks = [asyncio.ensure_future(keeper._entry.decide(attempt)) for _ in range(12)]
        await until(lambda: begun)
        go_on.set()
        assert all(await asyncio.gather(*knocks))
        assert begun == [password_of(PERSON)]
        await signed_on(bench)


async def test_at_a_second_desk_the_server_gives_an_observers_rights(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        first = await signed_on(bench)
        second = await bench.server.sign_on_bus(PERSON, OTHER_DESK)
        reply = await ask(second, PERSON, OTHER_DESK, KeeperAct.SIGN_ON)
        assert (reply.ok, reply.role) == (True, Role.OBSERVER)
        assert not await may_fly(second, PERSON, OTHER_DESK)
        # Nor may it sign the first one off.
        with pytest.raises(NoAnswer):
            request = KeeperRequest("r", KeeperAct.SIGN_OFF, Holder(PERSON, "B", DESK))
            await second.request(N.sign_on(PERSON, DESK), request, KeeperReply, 0.4)
        assert (await ask(first, PERSON, DESK, KeeperAct.SIGN_OFF)).ok
        again = await ask(second, PERSON, OTHER_DESK, KeeperAct.SIGN_ON)
        assert again.role is Role.PILOT
        # The connection is ended and comes back with a pilot's rights.
        await eventually(lambda: may_fly(second, PERSON, OTHER_DESK))


async def test_the_silent_desks_rights_end_when_its_person_signs_on_elsewhere(
    tmp_path: Path,
) -> None:
    """Silent, but still connected: two desks of one person never fly."""
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        first = await signed_on(bench)
        await until(lambda: DESK in bench.presences)
        bench.clock.advance(6)
        await until(lambda: not bench.presences[DESK].present)
        second = await bench.server.sign_on_bus(PERSON, OTHER_DESK)
        reply = await ask(second, PERSON, OTHER_DESK, KeeperAct.SIGN_ON)
        assert reply.role is Role.PILOT
        await until(lambda: bench.presences[DESK].role is Role.OBSERVER)
        await eventually(lambda: _answered(first))
        assert not await may_fly(first, PERSON)
        assert await may_fly(second, PERSON, OTHER_DESK)
        told = [e.draft.outcome for e in bench.audit if e.draft.desk == DESK]
        assert "Pilot B is signed on at desk-3: desk-2 observes." in told


async def test_a_silent_desk_that_holds_a_drone_keeps_its_role(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper() as keeper:
        first = await signed_on(bench)
        holder = Holder(PERSON, "Pilot B", DESK)
        record = ControlRecord("ISL-01", ControlState.OWNED, 1, 1, holder=holder)
        await bench.gateway.bucket(N.control_bucket, ControlRecord).put(
            "drone.ISL-01", record, None
        )
        await until(lambda: keeper._controls.held(holder))
        await until(lambda: DESK in bench.presences)
        bench.clock.advance(6)
        await until(lambda: not bench.presences[DESK].present)
        second = await bench.server.sign_on_bus(PERSON, OTHER_DESK)
        assert (await ask(second, PERSON, OTHER_DESK, KeeperAct.SIGN_ON)).ok
        before = len(bench.hellos)
        await until(lambda: len(bench.hellos) >= before + 3)
        assert bench.presences[DESK].role is Role.PILOT
        assert await may_fly(first, PERSON)


async def test_a_right_ends_with_signing_off(tmp_path: Path) -> None:
    """A connection that stays is ended, before its time to sign on is over."""
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        bus = await signed_on(bench)
        ended = asyncio.Event()
        bus._connection.on_down(ended.set)
        assert (await ask(bus, PERSON, DESK, KeeperAct.SIGN_OFF)).ok
        bench.clock.advance(2)
        await asyncio.wait_for(ended.wait(), 3.5)


async def test_a_desk_is_no_other_desk_of_the_same_person(tmp_path: Path) -> None:
    """The bus holds it to its own name, the keeper compares, and nobody else is heard by it."""
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await signed_on(bench, "pilot-a", "desk-1")  # and silent from here on
        bus = await signed_on(bench)
        subject = N.keeper(PERSON, DESK)
        for other, text in (
            (Holder(PERSON, "B", OTHER_DESK), f"{DESK} may not act for {OTHER_DESK}."),
            (Holder("pilot-a", "A", "desk-1"), f"{PERSON} may not act as pilot-a."),
        ):
            request = KeeperRequest("r", KeeperAct.TAKE_INCIDENT, other, "X")
            assert (await bus.request(subject, request, KeeperReply, 5.0)).text == text
        assert not await may_fly(bus, PERSON, "desk-1")
        bench.clock.advance(4)
        request = KeeperRequest("r", KeeperAct.TAKE_INCIDENT, Holder(PERSON, "B", "desk-1"), "X")
        await bus.request(subject, request, KeeperReply, 5.0)
        bench.clock.advance(2)
        await until(lambda: not bench.presences["desk-1"].present)


async def test_who_is_out_is_out_while_the_audit_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper() as keeper:
        bus = await signed_on(bench)
        watched = await signed_on(bench, "pilot-a", "desk-1")

        async def full(act: Act) -> None:
            raise AuditUnavailable("the disk is full")

        monkeypatch.setattr(keeper._book, "write", full)
        ended = asyncio.Event()
        watched._connection.on_down(ended.set)
        first = replace(PEOPLE[0], role=Role.OBSERVER)
        bench.server.write_directory([first, *PEOPLE[2:]])
        await asyncio.wait_for(bus.turned_away(), 5.0)
        await asyncio.wait_for(ended.wait(), 5.0)


async def test_a_desk_has_so_many_connections_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callout_guests, "PAGE", 5)
    async with keeper_bench(tmp_path) as bench, bench.keeper() as keeper:
        bus = await signed_on(bench)
        many = [await bench.server.sign_on_bus("", OTHER_DESK) for _ in range(MOST_CONNECTIONS)]
        with pytest.raises(EntryRefused):
            await bench.server.sign_on_bus("", OTHER_DESK)
        texts = [e.draft.outcome for e in bench.audit]
        assert f"{OTHER_DESK} has {MOST_CONNECTIONS} connections already." in texts
        # The watch sees them all, on how many pages they may stand, and frees the place.
        labels = [guest.label for guest in await keeper._sign_on_watch._guests.present()]
        assert labels.count(f"@{OTHER_DESK}") == MOST_CONNECTIONS
        assert f"{PERSON}@{DESK} pilot" in labels
        await many[0].close()
        await eventually(lambda: _is_let_in(bench))
        assert bus.connected


async def _is_let_in(bench: KeeperBench) -> bool:
    try:
        await bench.server.sign_on_bus("", OTHER_DESK)
    except EntryRefused:
        return False
    return True


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
    async with keeper_bench(tmp_path) as bench, bench.keeper() as keeper:
        bus = await signed_on(bench)
        holder = Holder(PERSON, "Pilot B", DESK)
        record = ControlRecord("ISL-01", ControlState.OWNED, 1, 1, holder=holder)
        bucket = bench.gateway.bucket(N.control_bucket, ControlRecord)
        revision = await bucket.put("drone.ISL-01", record, None)
        await until(lambda: keeper._controls.held(holder))
        reply = await ask(bus, PERSON, DESK, KeeperAct.SIGN_OFF)
        assert reply.text == "Pilot B at desk-2 holds ISL-01: hand it over or land it first."
        free = replace(record, state=ControlState.UNOWNED, holder=None, epoch=2)
        await bucket.put("drone.ISL-01", free, revision)
        await eventually(lambda: _is_off(bus))


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
