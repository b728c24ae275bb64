"""Nothing is lost from the audit, and nothing is in it twice: crash, full disk, lost bus."""

import asyncio
from pathlib import Path

import pytest

from gcs.audit.log import ChainFile, DiskFile
from gcs.audit.verify import verify
from gcs.model.audit import AuditAction, AuditDraft
from gcs.model.mission import KeeperAct, MissionState
from tests.integration.keeper.bench import KEY, A, KeeperBench, N, incident, keeper_bench
from tests.support.disk import SmallDisk
from tests.support.nats import until


async def hand_in(bench: KeeperBench, number: int) -> None:
    draft = AuditDraft(
        f"gw-{number}",
        "gw1",
        "1",
        number,
        number,
        AuditAction.COMMAND,
        "ISL-01",
        f"number {number}",
    )
    await bench.gateway.publish_durable(N.audit("gw1"), draft, draft.id)


def commands(bench: KeeperBench) -> list[str]:
    return [e.draft.id for e in bench.audit if e.draft.action is AuditAction.COMMAND]


def last_action(bench: KeeperBench) -> str:
    return bench.audit[-1].draft.action.value


class _CrashAfterWrite:
    """Opens a chain file that tells when an entry has reached the disk."""

    def __init__(self) -> None:
        self.written = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def __call__(self, path: Path) -> ChainFile:
        crash = self

        class Told(DiskFile):
            def write(self, data: bytes) -> None:
                super().write(data)
                crash._loop.call_soon_threadsafe(crash.written.set)

        return Told(path)


async def test_a_keeper_killed_between_append_and_acknowledgement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gcs.shared.consumer.ACK_WAIT_S", 0.4)
    async with keeper_bench(tmp_path) as bench:
        for number in range(1, 31):
            await hand_in(bench, number)
        for _ in range(5):
            opener = _CrashAfterWrite()
            async with bench.keeper(opener):
                await opener.written.wait()  # on disk, not yet acknowledged: now it is killed
        async with bench.keeper():
            await until(lambda: len(commands(bench)) == 30, 15.0)
            await hand_in(bench, 31)
            await until(lambda: len(commands(bench)) >= 31)
        assert commands(bench) == [f"gw-{n}" for n in range(1, 32)]
        assert verify(bench.path).ok


async def test_a_full_disk_refuses_acts_and_loses_nothing(tmp_path: Path) -> None:
    disk = SmallDisk(100_000)
    async with keeper_bench(tmp_path) as bench, bench.keeper(disk):
        await bench.sign_on(A)
        await bench.call_in(incident())
        disk.left = 50
        refused = await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)
        assert not refused.ok
        assert "cannot be put on record" in refused.text
        assert "audit.jsonl cannot be written: No space left" in refused.text
        for number in (1, 2, 3):
            await hand_in(bench, number)
        await until(lambda: not bench.hellos[-1].audit_ok)
        assert "audit.jsonl" in bench.hellos[-1].text
        assert bench.missions[KEY].state is MissionState.OPEN
        assert not (await bench.authorise(A, "ISL-01")).ok
        assert commands(bench) == []
        assert verify(bench.path).ok

        disk.left = 100_000
        await until(lambda: len(commands(bench)) == 3, 10.0)
        await until(lambda: bench.hellos[-1].audit_ok)
        assert (await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)).ok
        assert verify(bench.path).ok


async def test_an_incident_that_cannot_be_audited_waits(tmp_path: Path) -> None:
    disk = SmallDisk(0)
    async with keeper_bench(tmp_path) as bench, bench.keeper(disk):
        await bench.central.publish_durable(N.incident, incident(), "n")
        await until(lambda: not bench.hellos[-1].audit_ok)
        assert bench.missions == {}
        disk.left = 100_000
        await until(lambda: KEY in bench.missions, 10.0)
        received = [e for e in bench.audit if e.draft.action is AuditAction.INCIDENT_RECEIVED]
        assert len(received) == 1


async def test_every_act_is_on_disk_before_it_is_answered(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A)
        assert last_action(bench) == "sign_on"
        await bench.call_in(incident())
        assert last_action(bench) == "incident_received"
        await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)
        take = bench.audit[-1].draft
        assert (take.action, take.incident) == (AuditAction.INCIDENT_TAKE, KEY)
        assert (take.before, take.after) == (
            "open, nobody, no drone",
            "taken, Pilot A at desk-1, no drone",
        )
        await bench.authorise(A, "ISL-01")
        assert last_action(bench) == "launch"


async def test_the_keeper_goes_on_after_the_bus_was_killed(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A)
        await bench.call_in(incident())
        bench.server.kill()
        await bench.server.restart()
        buses = [bench.gateway, bench.central, bench.desks[A]]
        await until(lambda: all(bus.connected for bus in buses))
        await until(lambda: len(bench.hellos) and bench.desks[A].connected)
        heard = len(bench.hellos)
        await until(lambda: len(bench.hellos) > heard, what="the keeper's hello again")
        assert (await bench.ask(A, KeeperAct.TAKE_INCIDENT, KEY)).ok
        await hand_in(bench, 1)
        await until(lambda: commands(bench) == ["gw-1"])
        await bench.call_in(incident(8))
