"""Sign-on, presence and who may speak for whom."""

from pathlib import Path

from gcs.model.audit import AuditAction
from gcs.model.mission import KeeperAct, KeeperReply, KeeperRequest
from gcs.model.people import Holder, Role
from tests.integration.keeper.bench import A_ELSEWHERE, KEY, A, B, N, incident, keeper_bench
from tests.support.nats import until


async def test_signing_on_gives_the_directorys_role_and_name(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        request = KeeperRequest("r", KeeperAct.SIGN_ON, Holder("pilot-a", "Chief", "desk-1"))
        subject = N.sign_on("pilot-a", "desk-1")
        reply = await bench.desks[A].request(subject, request, KeeperReply, 5.0)
        assert (reply.ok, reply.role) == (True, Role.PILOT)
        await until(lambda: "desk-1" in bench.presences)
        assert bench.presences["desk-1"].holder == A
        assert bench.audit[0].draft.action is AuditAction.SIGN_ON


async def test_nobody_speaks_for_another(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        request = KeeperRequest("r", KeeperAct.SIGN_ON, B)
        subject = N.sign_on("pilot-a", "desk-1")
        reply = await bench.desks[A].request(subject, request, KeeperReply, 5.0)
        assert not reply.ok
        assert "pilot-a may not act as pilot-b" in reply.text
        (entry,) = bench.audit
        assert (entry.draft.action, entry.draft.person) == (AuditAction.REFUSAL, "pilot-a")
        assert bench.presences == {}


async def test_who_is_signed_on_at_one_desk_observes_at_another(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A)
        reply = await bench.ask(A_ELSEWHERE, KeeperAct.SIGN_ON)
        assert (reply.ok, reply.role) == (True, Role.OBSERVER)
        assert "desk-1" in reply.text
        await bench.call_in(incident())
        assert not (await bench.ask(A_ELSEWHERE, KeeperAct.TAKE_INCIDENT, KEY)).ok
        assert (await bench.ask(A, KeeperAct.SIGN_OFF)).ok
        again = await bench.ask(A_ELSEWHERE, KeeperAct.SIGN_ON)
        assert again.role is Role.PILOT


async def test_a_silent_desk_is_absent_until_it_is_heard(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A, B)
        bench.clock.advance(4)
        await bench.hello(A)
        bench.clock.advance(2)
        await bench.hello(A)
        await until(lambda: bench.present("desk-2") is False)
        assert bench.present("desk-1")
        await bench.hello(B)
        await until(lambda: bench.present("desk-2"))


async def test_an_absent_owners_incident_may_be_taken(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A, B)
        await bench.call_in(incident())
        assert (await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)).ok
        assert not (await bench.ask(B, KeeperAct.TAKE_INCIDENT, KEY)).ok
        bench.clock.advance(6)
        await until(lambda: bench.present("desk-1") is False)
        assert (await bench.ask(B, KeeperAct.TAKE_INCIDENT, KEY)).ok


async def test_a_desk_that_did_not_sign_on_is_not_listed(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.hello(A)
        await bench.sign_on(B)
        await bench.ask(B, KeeperAct.SIGN_OFF)
        await bench.hello(B)
        await bench.sign_on(A)
        await until(lambda: "desk-1" in bench.presences)
        assert bench.present("desk-2") is False
        assert not bench.presences["desk-2"].signed_on


async def test_sign_on_outlives_the_keeper(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench:
        async with bench.keeper():
            await bench.sign_on(A)
            await bench.call_in(incident())
        async with bench.keeper():
            assert (await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)).ok
            assert bench.present("desk-1")
