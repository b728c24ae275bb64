"""What the gateway's figures are held against on the same host: pymavlink alone, and MAVProxy."""

import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from gcs.link.mavlink import dialect
from gcs.shared.ports import free_ports
from tests.bench.city_packets import ring, schedule

MAVPROXY = Path(__file__).resolve().parents[2] / ".foreign" / "bin" / "mavproxy.py"
_CENTRE = (515_000_000, -1_000_000)
_SYSTEMS = 9
_PARSE_S = 2.0
_WARM_S, _WATCH_S = 6.0, 8.0


def _rings(rate: float) -> list[list[bytes]]:
    places = schedule(rate)
    return [ring(system, _CENTRE, places, 17) for system in range(1, _SYSTEMS + 1)]


def pymavlink_parse_per_s(rate: float) -> float:
    """Messages a second that pymavlink's parser takes of this mix, packet by packet."""
    packets = [p for ring_of_one in _rings(rate) for p in ring_of_one]
    parser = dialect.MAVLink(None)
    messages, begun = 0, time.perf_counter()
    while (passed := time.perf_counter() - begun) < _PARSE_S:
        for packet in packets:
            messages += len(parser.parse_buffer(packet) or ())
    return messages / passed


def mavproxy_cores(rate: float) -> float | None:
    """Processor use of a headless MAVProxy that hears nine vehicles; None where there is none."""
    if not MAVPROXY.exists():
        return None
    (port,) = free_ports(1, udp=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [str(MAVPROXY.parent / "python"), str(MAVPROXY), "--daemon", "--non-interactive"]
        command += [f"--master=udpin:127.0.0.1:{port}", "--state-basedir", folder]
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {"HOME": folder, "MAVLINK20": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            return _cores_under(process, port, rate)
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _cores_under(process: "subprocess.Popen[bytes]", port: int, rate: float) -> float | None:
    watched = psutil.Process(process.pid)
    rings = _rings(rate)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        _feed(sender, port, rings, rate, _WARM_S, 0)
        before = watched.cpu_times()
        begun = time.monotonic()
        _feed(sender, port, rings, rate, _WATCH_S, round(_WARM_S * rate))
        if process.poll() is not None:
            return None
        after = watched.cpu_times()
        used: float = after.user + after.system - before.user - before.system
        return used / (time.monotonic() - begun)


def _feed(
    sender: socket.socket,
    port: int,
    rings: list[list[bytes]],
    rate: float,
    seconds: float,
    first: int,
) -> None:
    begun, sent = time.monotonic(), 0
    total = round(seconds * rate) * len(rings)
    while sent < total:
        due = min(total, int((time.monotonic() - begun) * rate * len(rings)))
        while sent < due:
            turn, system = divmod(sent, len(rings))
            sender.sendto(rings[system][(first + turn) % 256], ("127.0.0.1", port))
            sent += 1
        time.sleep(0.002)
