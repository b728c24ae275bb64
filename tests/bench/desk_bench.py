"""The whole desk on a screen of 1920x1080 without a GPU: the demo under Xvfb, against its goals."""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.bench.screen import screen

ROOT = Path(__file__).resolve().parents[2]

Goal = tuple[str, Callable[[dict[str, Any]], float], str, float]
GOALS: tuple[Goal, ...] = (
    ("telemetry of the slowest drone, Hz", lambda r: r["drones"]["telemetry_hz_min"], ">=", 9.5),
    ("map while panning, frames a second", lambda r: r["map"]["frames_per_second"], ">=", 30),
    ("UI lag p99, ms", lambda r: r["ui"]["lag_ms_p99"], "<=", 30),
    ("command to a usable window, s", lambda r: r["usable_after_s"], "<=", 8),
    ("all processes together, cores", lambda r: r["cores"], "<=", 1.9),
    ("slowest airborne or fixed feed, frames a second", lambda r: _worst(r, "fps", min), ">=", 14),
    ("oldest feed, age p50, ms", lambda r: _worst(r, "age_ms_p50", max), "<=", 200),
    ("oldest feed, age p95, ms", lambda r: _worst(r, "age_ms_p95", max), "<=", 250),
)


def _worst(report: dict[str, Any], key: str, of: Callable[[list[float]], float]) -> float:
    """The worst value among the feeds of drones that flew and of fixed cameras."""
    docked = {f"{feed['id']}" for feed in report["feeds"]} - set(report["drones"]["flew"])
    feeds = [f for f in report["feeds"] if f["id"] not in docked or f["id"].startswith("CAM-")]
    return of([f[key] if f[key] is not None else float("nan") for f in feeds])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench desk")
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--docked-fps", type=float, help="what drones in their docks send")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--screenshot", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, screen(options.size) as environment:
        path = options.json or Path(folder) / "report.json"
        command = [sys.executable, str(ROOT / "main.py"), "train", "--demo"]
        command += ["--seconds", str(options.seconds), "--report", str(path)]
        command += ["--data", folder]
        if options.docked_fps:
            command += ["--site", str(_site(Path(folder), options.docked_fps))]
        if options.screenshot:
            command += ["--screenshot", str(options.screenshot)]
        code = subprocess.run(command, env=environment, check=False).returncode
        if not path.exists():
            print("The shift wrote no report.")
            return code or 1
        return _judge(json.loads(path.read_text(encoding="utf-8"))) or code


def _site(folder: Path, docked_fps: float) -> Path:
    """Islington, with other pictures from the docks."""
    text = (ROOT / "resources" / "sites" / "islington.toml").read_text(encoding="utf-8")
    path = folder / "site.toml"
    path.write_text(f"{text}\n[video]\ndocked_fps = {docked_fps}\n", encoding="utf-8")
    return path


def _judge(report: dict[str, Any]) -> int:
    cores = psutil.cpu_count(logical=True)
    memory = psutil.virtual_memory().total / 2**30
    print(f"{platform.platform()}, {cores} cores, {memory:.0f} GiB, no GPU")
    missed = 0
    for name, read, sign, goal in GOALS:
        value = read(report)
        met = value >= goal if sign == ">=" else value <= goal
        missed += not met
        print(f"{name:48s} {value:8.2f}  goal {sign} {goal:g}  {'met' if met else 'MISSED'}")
    for feed in report["feeds"]:
        print(
            f"  {feed['id']:8s} {feed['fps']:6.2f} frames/s, age {feed['age_ms_p50']} ms median, "
            f"{feed['age_ms_p95']} ms p95, {feed['dropped']} dropped"
        )
    print("  alerts:", report["alerts"])
    for error in report["errors"]:
        print("error:", error)
    return 1 if missed or report["errors"] else 0
