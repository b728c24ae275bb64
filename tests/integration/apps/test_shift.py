"""A whole shift as subprocesses: it ends clean, leaves nothing, survives what is killed in it."""

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[3]
LONG_S = 60.0


class RunningShift:
    """`main.py train --headless`, watched from outside by what the system shows."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [
                *(sys.executable, str(ROOT / "main.py"), "train", "--headless"),
                *("--data", str(data)),
                *options,
            ],
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.seen: dict[int, psutil.Process] = {}

    @property
    def folder(self) -> Path:
        found = list(self.data.glob("islington/*/nats.conf"))
        return found[0].parent if found else self.data / "not yet"

    def children(self) -> dict[str, psutil.Process]:
        """Living children by verb; remembers every process ever seen below the shift."""
        found: dict[str, psutil.Process] = {}
        for process in psutil.Process(self.process.pid).children(recursive=True):
            try:
                words = process.cmdline()
            except psutil.Error:
                continue
            self.seen[process.pid] = process
            if "nats-server" in " ".join(words[:2]):
                found["bus"] = process
            for verb in ("gateway", "keeper", "relay", "simulate", "station"):
                if verb in words[2:3] and process.ppid() == self.process.pid:
                    found[verb] = process
        return found

    def log(self, name: str) -> str:
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def usable(self) -> None:
        until(lambda: "usable after" in self.log("train"), "a usable window")
        self.children()

    def alive(self) -> list[psutil.Process]:
        """Processes of this shift that still run."""
        return [p for p in self.seen.values() if runs(p)]

    def close(self) -> None:
        for process in self.alive():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def runs(process: psutil.Process) -> bool:
    """It may be gone between one question and the next."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def until(condition: Callable[[], bool], what: str, seconds: float = LONG_S) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.05)


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[RunningShift]:
    running = RunningShift(tmp_path, "--drones", "3")
    yield running
    running.close()


def test_a_shift_ends_by_sigterm_and_leaves_nothing(shift: RunningShift) -> None:
    shift.usable()
    assert set(shift.children()) == {"bus", "gateway", "keeper", "relay", "simulate", "station"}
    for path in shift.folder.glob("*.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    secrets = json.loads((shift.folder / "desk-1.json").read_text())["bus"]["password"]
    for process in shift.children().values():
        assert secrets not in " ".join(process.cmdline())
    shift.process.send_signal(signal.SIGTERM)
    assert shift.process.wait(15) == 0
    assert shift.alive() == []
    assert "Z ERROR " not in "".join(
        p.read_text(encoding="utf-8") for p in (shift.folder / "logs").glob("*.log")
    )


@pytest.mark.slow
def test_so_it_does_by_ctrl_c(shift: RunningShift) -> None:
    shift.usable()
    shift.process.send_signal(signal.SIGINT)
    assert shift.process.wait(15) == 0
    assert shift.alive() == []


@pytest.mark.slow
def test_a_closed_window_ends_the_shift(shift: RunningShift) -> None:
    """The station ends by itself, as it does when its window is closed."""
    shift.usable()
    shift.children()["station"].terminate()
    assert shift.process.wait(15) == 0
    assert shift.alive() == []


def test_whatever_is_killed_comes_back_and_kill_9_of_the_shift_leaves_nothing(
    shift: RunningShift,
) -> None:
    comes_back(shift)
    assert len(shift.alive()) >= 6
    shift.process.kill()
    until(lambda: shift.alive() == [], "every process to be gone", 5)


def comes_back(shift: RunningShift) -> None:
    shift.usable()
    for name in ("keeper", "gateway", "relay", "simulate", "station", "bus"):
        before = shift.children()[name]
        browser = before.children(recursive=True)
        before.kill()
        until(
            lambda name=name, before=before: (  # type: ignore[misc]
                name in (now := shift.children()) and now[name].pid != before.pid
            ),
            f"{name} to be restarted",
        )
        until(lambda gone=browser: not any(p.is_running() for p in gone), "its children", 5)  # type: ignore[misc]
