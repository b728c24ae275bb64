"""A shift in which nobody acts: the same figures as the demo's, and each tells so."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_figures_come_from_acts_not_from_the_program(tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    result = subprocess.run(
        [
            *(sys.executable, str(ROOT / "main.py"), "train", "--headless", "--drones", "4"),
            *("--seconds", "25", "--report", str(report), "--data", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    figures = json.loads(report.read_text(encoding="utf-8"))
    assert figures["errors"] == []
    assert figures["drones"]["configured"] == figures["drones"]["seen"] == 4
    assert figures["map"]["drones_drawn"] == 4
    assert figures["drones"]["flew"] == []
    assert figures["incidents"]["taken"] == figures["incidents"]["closed"] == 0
    assert figures["incidents"]["on_scene_seconds"] == []
    assert figures["handoffs"] == {"completed": 0, "refused_commands": 0}
    assert figures["alerts"]["decided"] == 0
    assert {feed["id"] for feed in figures["feeds"]} >= {"CAM-1", "CAM-2"}
    assert figures["audit"]["verified"] is True
