"""Children are restarted within a budget, given up loudly, and never outlive their parent."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from gcs.model.process import ProcessHealth, ProcessState
from gcs.runtime import supervisor as module
from gcs.runtime.clock import SystemClock
from gcs.runtime.supervisor import ChildSpec, Supervisor

ROOT = Path(__file__).resolve().parents[3]
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


class Watch:
    """Waits for a state of the process table without polling."""

    def __init__(self) -> None:
        self.supervisor = Supervisor(SystemClock(), self._changed)
        self._event = asyncio.Event()

    def _changed(self, table: tuple[ProcessHealth, ...]) -> None:
        del table
        self._event.set()

    async def until(self, name: str, wanted: Callable[[ProcessHealth], bool]) -> ProcessHealth:
        async with asyncio.timeout(10):
            while True:
                self._event.clear()
                for health in self.supervisor.table:
                    if health.name == name and wanted(health):
                        return health
                await self._event.wait()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UP_AFTER_S", 0.05)
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(module, "LONGEST_PAUSE_S", 0.02)


@pytest.fixture
def watch(quick: None) -> Watch:
    return Watch()


async def ended(watch: Watch, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    finally:
        await watch.supervisor.stop(1.0)


async def test_a_killed_child_is_restarted(watch: Watch) -> None:
    async def work() -> None:
        watch.supervisor.start(ChildSpec("sleeper", SLEEPER))
        first = await watch.until("sleeper", lambda h: h.state is ProcessState.RUNNING)
        os.kill(first.pid, signal.SIGKILL)
        again = await watch.until(
            "sleeper", lambda h: h.state is ProcessState.RUNNING and h.restarts == 1
        )
        assert again.pid != first.pid

    await ended(watch, work)
    assert all(not psutil.pid_exists(h.pid) for h in watch.supervisor.table)


async def test_past_the_budget_it_is_given_up(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        watch.supervisor.start(ChildSpec("broken", [sys.executable, "-c", "raise SystemExit(7)"]))
        health = await watch.until("broken", lambda h: h.state is ProcessState.GIVEN_UP)
        assert health.restarts == module.BUDGET
        assert health.text == "broken ended with exit code 7"

    await ended(watch, work)
    assert "broken ended with exit code 7 and is given up" in caplog.text


async def test_bad_settings_are_not_tried_again(watch: Watch) -> None:
    async def work() -> None:
        watch.supervisor.start(ChildSpec("wrong", [sys.executable, "-c", "raise SystemExit(2)"]))
        health = await watch.until("wrong", lambda h: h.state is ProcessState.GIVEN_UP)
        assert health.restarts == 0

    await ended(watch, work)


async def test_the_essential_child_ends_the_shift(watch: Watch) -> None:
    async def work() -> None:
        watch.supervisor.start(ChildSpec("window", [sys.executable, "-c", "pass"], essential=True))
        async with asyncio.timeout(10):
            await watch.supervisor.ended.wait()
        assert watch.supervisor.exit_code == 0

    await ended(watch, work)


async def test_a_child_that_ignores_the_end_is_killed(watch: Watch) -> None:
    stubborn = (
        "import signal,time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    )

    async def work() -> None:
        watch.supervisor.start(ChildSpec("first", SLEEPER))
        watch.supervisor.start(ChildSpec("stubborn", [sys.executable, "-c", stubborn]))
        await watch.until("stubborn", lambda h: h.state is ProcessState.RUNNING)

    await ended(watch, work)
    assert all(not psutil.pid_exists(h.pid) for h in watch.supervisor.table)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_children_end_with_a_parent_that_was_killed() -> None:
    code = """
import asyncio, sys
from gcs.runtime.clock import SystemClock
from gcs.runtime.supervisor import ChildSpec, Supervisor
async def main():
    s = Supervisor(SystemClock(), lambda table: print(table[0].pid if table else 0, flush=True))
    s.start(ChildSpec("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"]))
    await asyncio.sleep(600)
asyncio.run(main())
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert parent.stdout is not None
        pid = 0
        while not pid:
            pid = int(parent.stdout.readline())
        child = psutil.Process(pid)
    finally:
        parent.kill()
        parent.wait()
        if parent.stdout is not None:
            parent.stdout.close()
    assert child.wait(timeout=5) is None or not child.is_running()
