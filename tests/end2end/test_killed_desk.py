"""A desk is killed with its drone in the air: the drone holds, then comes home; another watches."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAIN = str(ROOT / "main.py")


class LineDesk:
    """A desk without windows, driven by its lines of JSON."""

    def __init__(self, join: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, MAIN, "station", "--no-ui", "--join", str(join)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **words: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def drone(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(d for d in self.ask(do="show")["drones"] if d["drone"] == name)
        return found

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def until(condition: Callable[[], bool], what: str, seconds: float) -> float:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.05)
    return time.monotonic() - begun


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A headless shift; yields its folder."""
    shift = subprocess.Popen(
        [
            *(sys.executable, MAIN, "train", "--headless", "--seconds", "240"),
            *("--data", str(tmp_path)),
        ],
        stdout=subprocess.DEVNULL,
    )
    until(lambda: bool(list(tmp_path.glob("islington/*/desk-3.json"))), "the join files", 30)
    found = next(tmp_path.glob("islington/*/desk-3.json")).parent
    log = found / "logs" / "train.log"
    until(lambda: log.exists() and "usable" in log.read_text(), "the shift", 60)
    yield found
    shift.send_signal(signal.SIGTERM)
    assert shift.wait(8) == 0


@pytest.mark.slow
def test_a_killed_desk_means_hold_then_home(folder: Path) -> None:
    flies, watches = LineDesk(folder / "desk-2.json"), LineDesk(folder / "desk-3.json")
    try:
        until(lambda: bool(flies.ask(do="show")["missions"]), "an incident", 30)
        until(lambda: flies.ask(do="show")["role"] == "pilot", "the sign-on", 10)
        until(lambda: len(watches.ask(do="show")["drones"]) == 9, "the fleet", 10)
        key = flies.ask(do="show")["missions"][0]["incident"]
        assert flies.ask(do="take_incident", incident=key)["ok"]
        told = watches.ask(do="take_incident", incident=key)
        assert not told["ok"]
        assert "Pilot B at desk-2" in told["text"]
        launched = flies.ask(do="launch", incident=key, drone="ISL-09", height_m=30)
        assert launched["ok"], launched
        until(lambda: watches.drone("ISL-09")["phase"] == "climbing", "the climb", 20)

        flies.process.kill()
        held = until(lambda: watches.drone("ISL-09")["mode"] == "hold", "the hold", 8)
        assert held <= 6.0
        assert watches.drone("ISL-09")["holder"] is None
        home = until(lambda: watches.drone("ISL-09")["mode"] == "return", "the return", 45)
        assert home >= 25.0
    finally:
        flies.close()
        watches.close()
