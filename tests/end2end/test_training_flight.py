"""The whole product by its one command: a scripted operator flies a mission to its end.

Counts only; timings belong to `./dev bench desk`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAIN = str(ROOT / "main.py")


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One demo, flown once for all tests of this file."""
    folder = tmp_path_factory.mktemp("shift")
    report, picture = folder / "r.json", folder / "s.png"
    result = subprocess.run(
        [
            *(sys.executable, MAIN, "train", "--demo", "--headless", "--seconds", "180"),
            *("--report", str(report), "--screenshot", str(picture), "--data", str(folder)),
        ],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert report.exists(), result.stderr
    figures: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    assert result.returncode == 0, (result.stderr, figures)
    figures["folder"], figures["picture"] = folder, picture
    return figures


def test_nothing_went_wrong(flown: dict[str, Any]) -> None:
    assert flown["errors"] == []
    assert flown["time_scale"] == pytest.approx(1.0, abs=0.05)


def test_nine_drones_and_one_flew(flown: dict[str, Any]) -> None:
    drones = flown["drones"]
    assert drones["configured"] == drones["seen"] == 9
    assert len(drones["flew"]) == 1
    assert drones["telemetry_hz_min"] > 0


def test_the_map_drew_them_and_asked_nobody_outside(flown: dict[str, Any]) -> None:
    drawn = flown["map"]
    assert drawn["drones_drawn"] == 9
    assert drawn["geofences_drawn"] == 1
    assert drawn["external_requests"] == 0
    assert drawn["frames_per_second"] > 0


def test_the_mission_ran_to_its_end(flown: dict[str, Any]) -> None:
    incidents = flown["incidents"]
    assert incidents["received"] >= 1
    assert incidents["taken"] == incidents["closed"] == 1
    assert len(incidents["on_scene_seconds"]) == 1


def test_one_hand_off_and_one_command_too_late(flown: dict[str, Any]) -> None:
    assert flown["handoffs"] == {"completed": 1, "refused_commands": 1}


def test_every_feed_was_alive(flown: dict[str, Any]) -> None:
    feeds = {feed["id"]: feed for feed in flown["feeds"]}
    assert len([name for name in feeds if name.startswith("ISL-")]) == 9
    assert {"CAM-1", "CAM-2"} <= set(feeds)
    for feed in feeds.values():
        assert feed["fps"] > 1, feed
        assert 0 < feed["age_ms_p50"] <= feed["age_ms_p95"], feed


def test_an_alert_was_drawn_and_decided_and_another_refused(flown: dict[str, Any]) -> None:
    alerts = flown["alerts"]
    assert alerts["drawn"] >= 1
    assert alerts["decided"] >= 1
    assert alerts["refused"] >= 1
    assert alerts["received"] >= alerts["refused"] + 1


def test_the_audit_verifies_and_a_changed_letter_does_not(flown: dict[str, Any]) -> None:
    assert flown["audit"]["verified"] is True
    assert flown["audit"]["entries"] > 5
    chain = next(flown["folder"].glob("islington/*/audit.jsonl"))
    assert verify(chain).returncode == 0
    text = chain.read_text(encoding="utf-8")
    changed = text[: text.index("pilot-a")].count("\n") + 1
    chain.write_text(text.replace("pilot-a", "pilot-x", 1), encoding="utf-8")
    broken = verify(chain)
    assert broken.returncode == 1
    assert f"entry {changed}" in broken.stdout, broken.stdout


def test_the_picture_was_taken(flown: dict[str, Any]) -> None:
    assert flown["picture"].read_bytes()[:4] == b"\x89PNG"
    assert flown["picture"].stat().st_size > 50_000


def verify(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, MAIN, "verify", str(path)], capture_output=True, text=True, check=False
    )
