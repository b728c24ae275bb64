"""A city's load on one real gateway process: 288 vehicles on 32 networks over real UDP.

The vehicles send from a process of their own; a real nats-server; a desk that holds every drone,
orders and listens. Figures come from counters and the operating system. `batch_age` is taken of
every position packet, from its send to the first batch that shows it or a newer one;
`command_to_wire` from the request on the bus to the packet at the vehicle's socket. `dropped`
is over the whole run, the warm-up too.
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

from tests.bench.city_desk import to_wire_ms
from tests.bench.city_run import Options, Run, Window
from tests.bench.yardsticks import mavproxy_cores, pymavlink_parse_per_s


@dataclass(frozen=True, slots=True)
class Figures:
    """The keys of the JSON. `dropped`: sent, and not counted by the gateway as a good message."""

    messages_in: int
    dropped: int
    cores: float
    batch_age_ms_p50: float
    batch_age_ms_p99: float
    command_to_wire_ms_p50: float
    command_to_wire_ms_p99: float
    rss_mb_start: float
    rss_mb_end: float
    pymavlink_parse_per_s: float
    mavproxy_cores: float | None


Goal = tuple[str, Callable[[Figures], float], float]
GOALS: tuple[Goal, ...] = (
    ("messages dropped", lambda f: f.dropped, 0),
    ("the gateway process, cores", lambda f: f.cores, 0.55),
    ("packet to batch p99, ms", lambda f: f.batch_age_ms_p99, 130),
    ("command to wire p99, ms", lambda f: f.command_to_wire_ms_p99, 10),
    ("memory growth, %", lambda f: 100.0 * (f.rss_mb_end / f.rss_mb_start - 1.0), 2),
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench gateway")
    parser.add_argument("--vehicles", type=int, default=288)
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second of each")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument(
        "--warm-up",
        type=float,
        default=60.0,
        help="seconds before the window: as long as it takes to order each vehicle twice",
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--profile", type=Path, help="where the gateway's processor time went, into this file"
    )
    parser.add_argument("--keep", type=Path, help="an empty folder for logs and files, kept")
    asked = parser.parse_args(arguments)
    options = Options(asked.vehicles, asked.rate, asked.seconds, asked.warm_up, asked.profile)
    with tempfile.TemporaryDirectory() as folder:
        window = asyncio.run(Run(options, asked.keep or Path(folder)).window())
    wire_ms, lost = to_wire_ms(window.ordered, window.done.commands)
    figures = _figures(window, wire_ms, asked.rate)
    if asked.json:
        asked.json.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")
    _tell(window, lost)
    return _judge(figures) or int(lost > 0 or bool(window.refused))


def _figures(window: Window, wire_ms: list[float], rate: float) -> Figures:
    missing = window.done.sent - window.end.messages_in
    return Figures(
        messages_in=window.messages_in,
        dropped=max(missing, window.kernel_drops) + window.end.messages_bad,
        cores=round(window.cores, 3),
        batch_age_ms_p50=_percentile(window.ages_ms, 50),
        batch_age_ms_p99=_percentile(window.ages_ms, 99),
        command_to_wire_ms_p50=_percentile(wire_ms, 50),
        command_to_wire_ms_p99=_percentile(wire_ms, 99),
        rss_mb_start=window.rss_mb_start,
        rss_mb_end=window.rss_mb_end,
        pymavlink_parse_per_s=round(pymavlink_parse_per_s(rate)),
        mavproxy_cores=_rounded(mavproxy_cores(rate)),
    )


def _percentile(values: list[float], percent: int) -> float:
    if len(values) < 2:
        return float("nan")
    return round(statistics.quantiles(values, n=100, method="inclusive")[percent - 1], 2)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _tell(window: Window, lost: int) -> None:
    """What lies behind the figures."""
    cores = psutil.cpu_count(logical=True)
    done, end = window.done, window.end
    load = psutil.getloadavg()[0]
    print(f"{platform.platform()}, {cores} cores, load of the last minute {load:.1f}")
    print(
        f"whole run: {done.sent} packets sent, {end.messages_in} in, {end.messages_bad} bad, "
        f"{end.foreign_packets} foreign, {window.kernel_drops} dropped by the kernel, "
        f"{done.refused} not sent; the vehicles were late by at most {done.late_ms:.0f} ms"
    )
    print(
        f"window: {window.batches} batches, {window.batches_missing} missing; "
        f"{len(window.ages_ms)} positions timed; {len(window.ordered)} orders, {lost} of them "
        "never at the vehicle"
    )
    for reason, times in window.refused.items():
        print(f"refused {times} times: {reason}")


def _judge(figures: Figures) -> int:
    missed = 0
    for name, read, goal in GOALS:
        value = read(figures)
        met = value <= goal
        missed += not met
        print(f"{name:32s} {value:9.3f}  goal <= {goal:g}  {'met' if met else 'MISSED'}")
    print(
        f"packet to batch p50 {figures.batch_age_ms_p50} ms, command to wire p50 "
        f"{figures.command_to_wire_ms_p50} ms, {figures.rss_mb_end} MB"
    )
    proxy = figures.mavproxy_cores
    words = "not measured: .foreign has no MAVProxy" if proxy is None else f"{proxy} core"
    print(f"pymavlink alone parses {figures.pymavlink_parse_per_s:.0f} a second; MAVProxy under")
    print(f"nine vehicles: {words}")
    return int(missed > 0)
