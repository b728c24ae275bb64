"""Handing a drone over: how soon the new holder commands, and how soon a dead one is replaced
by a hold; what of the record and of the gateway's time that takes.

Everything is real: nats-server with its synced disk, gateway and keeper processes, desks, drones
over UDP. `have_control_to_command` is from the receiver's sending of "I have control" to the
receipt of his first command; `holder_death_to_hold` from SIGKILL of a desk to the mode that its
drone, on its way just then, shows itself. KV operations are writes of control records; a gateway
reads none. `gateway_cores_288`: what 288 records held by 32 desks add to the gateway's time.
"""

import argparse
import asyncio
import json
import platform
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from tests.bench.handoff_death import deaths
from tests.bench.handoff_load import ControlLoad, Load
from tests.bench.handoff_transfers import Transfers, transfers


@dataclass(frozen=True, slots=True)
class Figures:
    """The keys of the JSON."""

    transfers: int
    have_control_to_command_ms_p50: float
    have_control_to_command_ms_p99: float
    holder_death_to_hold_s_p50: float
    holder_death_to_hold_s_max: float
    kv_ops_per_transfer: float
    gateway_cores_288: float


Goal = tuple[str, Callable[[Figures], float], float]
GOALS: tuple[Goal, ...] = (
    ("I have control to command p99, ms", lambda f: f.have_control_to_command_ms_p99, 50),
    ("a holder's death to the hold, s", lambda f: f.holder_death_to_hold_s_max, 6),
    ("288 held records, cores", lambda f: f.gateway_cores_288, 0.15),
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench handoff")
    parser.add_argument("--transfers", type=int, default=300)
    parser.add_argument("--pairs", type=int, default=1, help="of desks, side by side")
    parser.add_argument("--deaths", type=int, default=9, help="desks that die, one drone each")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each window of the load")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="an empty folder for logs and files, kept")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        done = asyncio.run(transfers(asked.transfers, asked.pairs, _folder(folder, "transfers")))
        held_s = asyncio.run(deaths(asked.deaths, _folder(folder, "deaths")))
        load = asyncio.run(ControlLoad(asked.seconds, _folder(folder, "load")).load())
    figures = _figures(done, held_s, load)
    if asked.json:
        asked.json.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")
    _tell(done, held_s, load)
    return _judge(figures)


def _folder(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir(parents=True)
    return made


def _figures(done: Transfers, held_s: list[float], load: Load) -> Figures:
    return Figures(
        transfers=done.done,
        have_control_to_command_ms_p50=_percentile(done.to_command_ms, 50),
        have_control_to_command_ms_p99=_percentile(done.to_command_ms, 99),
        holder_death_to_hold_s_p50=round(statistics.median(held_s), 2),
        holder_death_to_hold_s_max=round(max(held_s), 2),
        kv_ops_per_transfer=round(done.writes / done.done, 2),
        gateway_cores_288=round(max(0.0, load.control), 3),
    )


def _percentile(values: list[float], percent: int) -> float:
    return round(statistics.quantiles(values, n=100, method="inclusive")[percent - 1], 2)


def _tell(done: Transfers, held_s: list[float], load: Load) -> None:
    """What lies behind the figures."""
    cores, minute = psutil.cpu_count(logical=True), psutil.getloadavg()[0]
    print(f"{platform.platform()}, {cores} cores, load of the last minute {minute:.1f}")
    print(
        f"{done.done} transfers in {done.seconds:.0f} s, {statistics.median(done.course_s):.1f} s "
        f"each from offer to confirmation; at the vehicle p50 "
        f"{_percentile(done.to_vehicle_ms, 50)}, p99 {_percentile(done.to_vehicle_ms, 99)} ms"
    )
    print(f"{len(held_s)} deaths, to the hold: {', '.join(f'{s:.2f}' for s in sorted(held_s))} s")
    print(
        f"the gateway with 288 vehicles: {load.free:.3f} cores held by nobody, {load.held:.3f} "
        "held by 32 desks"
    )


def _judge(figures: Figures) -> int:
    missed = 0
    for name, read, goal in GOALS:
        value = read(figures)
        met = value <= goal
        missed += not met
        print(f"{name:34s} {value:9.3f}  goal <= {goal:g}  {'met' if met else 'MISSED'}")
    print(
        f"I have control to command p50 {figures.have_control_to_command_ms_p50} ms, death to "
        f"hold p50 {figures.holder_death_to_hold_s_p50} s, {figures.kv_ops_per_transfer} writes "
        "of the record a transfer"
    )
    return int(missed > 0)
