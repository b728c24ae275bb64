"""Incidents from the control room to closed, with two desks, on a real bus."""

import asyncio
from pathlib import Path

import msgspec

from gcs.audit.verify import verify
from gcs.model.audit import AuditAction
from gcs.model.command import CommandKind, Receipt, ReceiptState
from gcs.model.control import ControlRecord, ControlState
from gcs.model.event import EventKind
from gcs.model.mission import KeeperAct, MissionState
from gcs.model.people import Holder
from gcs.model.telemetry import Phase
from gcs.shared.codec import VERSION
from tests.integration.keeper.bench import KEY, A, B, D, KeeperBench, N, incident, keeper_bench
from tests.support.nats import until


async def test_two_desks_at_once_one_gets_it(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A, B)
        await bench.call_in(incident())
        replies = await asyncio.gather(
            *(bench.ask(desk, KeeperAct.TAKE_INCIDENT, KEY) for desk in (A, B))
        )
        won, lost = sorted(replies, key=lambda r: not r.ok)
        assert (won.ok, lost.ok) == (True, False)
        assert won.mission is not None
        owner = won.mission.owner
        assert owner in (A, B)
        assert isinstance(owner, Holder)
        assert owner.label in lost.text
        assert lost.mission == won.mission
        await until(lambda: bench.missions[KEY].owner == owner)
        takes = [e for e in bench.audit if e.draft.action is AuditAction.INCIDENT_TAKE]
        assert [e.draft.person for e in takes] == [owner.person]
        refusals = [e for e in bench.audit if e.draft.action is AuditAction.REFUSAL]
        assert [e.draft.person for e in refusals] == [({A, B} - {owner}).pop().person]


async def test_a_mission_from_call_to_closed(tmp_path: Path) -> None:
    """Launched by A, handed to B in the air, returned and closed by B."""
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A, B)
        await bench.call_in(incident())
        assert (await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)).ok
        refused = await bench.authorise(B, "ISL-01")
        assert not refused.ok
        assert "Pilot A at desk-1" in refused.text
        assert (await bench.authorise(A, "ISL-01")).ok
        assert not (await bench.ask(A, KeeperAct.RELEASE_INCIDENT, KEY)).ok

        await bench.phase(Phase.CLIMBING, 10_000)
        await bench.phase(Phase.ON_SCENE, 72_500)
        await until(lambda: bench.missions[KEY].state is MissionState.ON_SCENE)
        assert not (await bench.ask(A, KeeperAct.CLOSE_INCIDENT, KEY, "early")).ok
        assert "flies" in (await bench.authorise(A, "ISL-01")).text

        await bench.control(ControlRecord("ISL-01", ControlState.OWNED, 5, 1, holder=B))
        await until(lambda: bench.missions[KEY].owner == B)
        lost = await bench.ask(A, KeeperAct.CLOSE_INCIDENT, KEY, "mine?")
        assert "Pilot B at desk-2" in lost.text

        await bench.phase(Phase.RETURNING, 90_000)
        await bench.phase(Phase.DOCKED, 150_000)
        await until(lambda: bench.missions[KEY].drone is None)
        closed = await bench.ask(B, KeeperAct.CLOSE_INCIDENT, KEY, "found well")
        assert closed.ok
        assert closed.mission is not None
        assert closed.mission.outcome == "found well"

        report = await bench.report()
        assert (report.received, report.taken, report.closed) == (1, 1, 1)
        assert report.on_scene_seconds == (62.5,)
        assert report.audit_path == str(bench.path)
        assert report.audit_entries == len(bench.audit)
        assert verify(bench.path).ok


async def test_an_orphaned_drone_leaves_the_mission_without_an_owner(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A, B)
        await bench.call_in(incident())
        await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)
        await bench.authorise(A, "ISL-01")
        await bench.phase(Phase.CLIMBING, 10)
        await bench.control(ControlRecord("ISL-01", ControlState.ORPHANED, 5, 1, previous=A))
        await until(lambda: bench.missions[KEY].owner is None)
        refused = await bench.ask(B, KeeperAct.TAKE_INCIDENT, KEY)
        assert "ISL-01 flies" in refused.text
        await bench.control(ControlRecord("ISL-01", ControlState.OWNED, 6, 1, holder=B))
        await until(lambda: bench.missions[KEY].owner == B)


async def test_two_drones_of_a_mission_go_over_one_by_one(tmp_path: Path) -> None:
    """A relieves the first by a second; both go to B, and B alone closes."""
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A, B)
        await bench.call_in(incident())
        await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)
        for drone in ("ISL-01", "ISL-02"):
            assert (await bench.authorise(A, drone)).ok
            await bench.control(ControlRecord(drone, ControlState.OWNED, 1, 1, holder=A))
            await bench.phase(Phase.CLIMBING, drone=drone)
        await until(lambda: len(bench.missions[KEY].away) == 2)
        assert bench.missions[KEY].split == ""
        assert "B at desk-2" not in (await bench.authorise(B, "ISL-03")).text

        await bench.control(ControlRecord("ISL-01", ControlState.OWNED, 2, 1, holder=B))
        words = "ISL-01: Pilot B at desk-2; ISL-02: Pilot A at desk-1"
        await until(lambda: bench.missions[KEY].split == words)
        assert bench.missions[KEY].owner == A
        assert not (await bench.ask(B, KeeperAct.CLOSE_INCIDENT, KEY)).ok
        await bench.control(ControlRecord("ISL-02", ControlState.OWNED, 2, 1, holder=B))
        await until(lambda: bench.missions[KEY].owner == B)
        assert bench.missions[KEY].split == ""

        for drone in ("ISL-01", "ISL-02"):
            refused = await bench.ask(B, KeeperAct.CLOSE_INCIDENT, KEY)
            assert f"{drone}" in refused.text
            await bench.phase(Phase.DOCKED, drone=drone)
            await until(lambda drone=drone: bench.missions[KEY].part(drone) is None)  # type: ignore[misc]
        assert (await bench.ask(B, KeeperAct.CLOSE_INCIDENT, KEY)).ok


async def test_the_owner_follows_the_record_though_nobody_tells(tmp_path: Path) -> None:
    """A gateway killed between record and event, and a keeper away at that moment."""
    async with keeper_bench(tmp_path) as bench:
        async with bench.keeper():
            await bench.sign_on(A, B)
            await bench.call_in(incident())
            await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)
            await bench.authorise(A, "ISL-01")
            await bench.phase(Phase.CLIMBING)
            await until(lambda: bool(bench.missions[KEY].away))
        await bench.recorded(ControlRecord("ISL-01", ControlState.OWNED, 5, 1, holder=B))
        assert bench.missions[KEY].owner == A
        async with bench.keeper():
            await until(lambda: bench.missions[KEY].owner == B)
            await bench.recorded(ControlRecord("ISL-01", ControlState.ORPHANED, 6, 1, previous=B))
            await until(lambda: bench.missions[KEY].owner is None)


async def test_a_launch_that_failed_gives_the_mission_its_choice_back(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A)
        await bench.call_in(incident())
        await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)
        await bench.authorise(A, "ISL-01", command="launch-1")
        failed = Receipt(
            "launch-1",
            CommandKind.LAUNCH,
            "ISL-01",
            "pilot-a",
            "desk-1",
            ReceiptState.FAILED,
            "arm: refused",
            1,
            1,
        )
        await bench.event(EventKind.RECEIPT, "ISL-01", receipt=failed, incident=KEY)
        await until(lambda: bench.missions[KEY].drone is None)
        assert (await bench.authorise(A, "ISL-02")).ok


async def test_an_authorised_launch_that_never_came_lapses(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A)
        await bench.call_in(incident())
        await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)
        await bench.authorise(A, "ISL-01")
        assert not (await bench.ask(A, KeeperAct.RELEASE_INCIDENT, KEY)).ok
        bench.clock.advance(10)
        await bench.authorise(A, "ISL-02")
        bench.clock.advance(6)
        await until(lambda: bench.missions[KEY].drone == "ISL-02")
        bench.clock.advance(10)
        await until(lambda: bench.missions[KEY].drone is None)
        assert (await bench.ask(A, KeeperAct.RELEASE_INCIDENT, KEY)).ok


async def test_a_drone_is_sent_to_one_incident(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A)
        for number in (7, 8):
            await bench.call_in(incident(number))
            await bench.ask(A, KeeperAct.TAKE_INCIDENT, f"MPS-20261122-{number}")
        assert (await bench.authorise(A, "ISL-01", KEY)).ok
        refused = await bench.authorise(A, "ISL-01", "MPS-20261122-8")
        assert KEY in refused.text


async def test_a_call_that_comes_twice_is_one_incident(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A)
        await bench.call_in(incident())
        await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)
        await bench.central.publish_durable(N.incident, incident(), "again")
        await bench.central.publish_durable(N.incident, incident(description="other"), "other")
        await bench.call_in(incident(8))
        assert bench.missions[KEY].owner == A
        assert bench.missions[KEY].incident.description == ""
        bad = [e for e in bench.audit if e.draft.action is AuditAction.BAD_INPUT]
        assert len(bad) == 1
        assert KEY in bad[0].draft.outcome


async def test_what_is_malformed_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper() as keeper:
        await bench.sign_on(A)
        fields = {**msgspec.to_builtins(incident(5)), "grade": "Q"}
        bad = msgspec.msgpack.encode((VERSION, "Incident", fields))
        for subject, bus, data in (
            (N.incident, bench.central, bad),
            (N.event("gw1", "phase"), bench.gateway, b"\x00garbage"),
            (N.audit("gw1"), bench.gateway, b""),
        ):
            await bus._connection.request(subject, data, 2.0)
        await bench.call_in(incident())
        await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)
        await bench.phase(Phase.CLIMBING, 10)
        await until(lambda: bench.missions[KEY].state is MissionState.LAUNCHED)
        await until(lambda: len(_bad_input(bench)) == 3, what="three audited")
        texts = " ".join(_bad_input(bench))
        assert "MPS-20261122-5" in texts
        assert "grade" in texts
        assert N.event("gw1", "phase") in texts
        assert keeper.report().bad_input == 3
        assert "MPS-20261122-5" not in bench.missions


async def test_only_who_is_signed_on_with_a_flying_role_takes_one(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.call_in(incident())
        stranger = await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)
        assert "sign on first" in stranger.text
        await bench.sign_on(D)
        observer = await bench.ask(D, KeeperAct.TAKE_INCIDENT, KEY)
        assert "observes" in observer.text
        none = await bench.ask(D, KeeperAct.TAKE_INCIDENT, None)
        assert not none.ok
        assert bench.missions[KEY].state is MissionState.OPEN


def _bad_input(bench: KeeperBench) -> list[str]:
    return [e.draft.outcome for e in bench.audit if e.draft.action is AuditAction.BAD_INPUT]
