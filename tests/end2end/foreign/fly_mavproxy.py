"""MAVProxy flies a vehicle, headless: fence and mission up and down, take-off, mission, return.

Runs in the foreign environment alone, in a process of its own:
`fly_mavproxy.py MASTER LAT LON FOLDER`. Commands go to MAVProxy's own prompt and what it prints
is waited for. It leaves its read-back files in FOLDER and prints JSON. It knows nothing of
this project.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

UP_M = 15.0
NORTH_DEG = 0.0004  # about 45 m
MODULES = "mode,arm,wp,fence,cmdlong,misc,link,output,signing"


class Prompt:
    """MAVProxy with its standard input and output as pipes."""

    def __init__(self, master: str, folder: Path) -> None:
        command = [sys.executable, "-u", "-m", "MAVProxy.mavproxy", f"--master={master}"]
        command += ["--force-connected", f"--default-modules={MODULES}", "--streamrate=4"]
        command += [f"--state-basedir={folder}", "--no-state", "--mav20"]
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            env={**os.environ, "TERM": "dumb", "HOME": str(folder)},
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip())

    def order(self, line: str) -> None:
        """Type a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self, words: str, within_s: float) -> str:
        """The next line that has these words. Raises TimeoutError with what was said."""
        end = time.monotonic() + within_s
        while (left := end - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                break
            self.said.append(line)
            if words in line:
                return line
        raise TimeoutError(
            f"no {words!r} within {within_s} s after:\n" + "\n".join(self.said[-40:])
        )

    def end(self) -> None:
        """Close it."""
        self._process.kill()
        self._process.wait(10)


def row(seq: int, frame: int, command: int, p1: float, lat: float, lon: float, up_m: float) -> str:
    """A line of a QGC WPL file."""
    cells = (seq, int(seq == 0), frame, command, p1, 0, 0, 0, lat, lon, up_m, 1)
    return "\t".join(str(c) for c in cells)


def write_plan(path: Path, lat: float, lon: float) -> None:
    """Home, take-off, two points, return."""
    rows = [
        row(0, 0, 16, 0, lat, lon, 0),
        row(1, 3, 22, 0, 0, 0, UP_M),
        row(2, 3, 16, 0, lat + NORTH_DEG, lon, UP_M),
        row(3, 3, 16, 0, lat + NORTH_DEG, lon + NORTH_DEG, UP_M),
        row(4, 3, 20, 0, 0, 0, 0),
    ]
    path.write_text("QGC WPL 110\n" + "\n".join(rows) + "\n")


def write_fence(path: Path, lat: float, lon: float) -> None:
    """A square about 200 m wide, and a keep-out circle."""
    corners = ((0.001, -0.0015), (0.001, 0.0015), (-0.001, 0.0015), (-0.001, -0.0015))
    rows = [row(n, 3, 5001, 4, lat + a, lon + b, 0) for n, (a, b) in enumerate(corners)]
    rows.append(row(4, 3, 5004, 15, lat - 0.0006, lon, 0))
    path.write_text("QGC WPL 110\n" + "\n".join(rows) + "\n")


def fly(prompt: Prompt, folder: Path, lat: float, lon: float) -> dict[str, object]:
    """The whole flight."""
    write_plan(folder / "plan.txt", lat, lon)
    write_fence(folder / "fence.txt", lat, lon)
    prompt.hear("Detected vehicle", 20.0)
    prompt.order("fence load fence.txt")
    prompt.hear("Loaded 5 fence", 10.0)
    prompt.hear("Sent all 5 fence", 10.0)
    prompt.order("fence save fence-back.txt")
    prompt.hear("Saved 5 fence", 10.0)
    prompt.order("fence enable")
    prompt.hear("DO_FENCE_ENABLE: ACCEPTED", 10.0)
    prompt.order("wp load plan.txt")
    prompt.hear("Sent all 5", 10.0)
    prompt.order("wp save plan-back.txt")
    prompt.hear("Saved 5", 10.0)
    prompt.order("mode guided")
    prompt.hear("Mode GUIDED", 10.0)
    prompt.order("arm throttle")
    prompt.hear("ARMED", 10.0)
    prompt.order(f"takeoff {UP_M:g}")
    prompt.hear("height", 40.0)
    prompt.order("mode auto")
    prompt.hear("Mode AUTO", 10.0)
    prompt.hear("Reached command #3", 90.0)
    prompt.order("rtl")
    prompt.hear("Mode RTL", 10.0)
    prompt.hear("DISARMED", 150.0)
    return {
        "fence": (folder / "fence-back.txt").read_text(),
        "plan": (folder / "plan-back.txt").read_text(),
        "said": prompt.said,
    }


def main() -> int:
    """Connect and fly."""
    master, lat, lon, folder = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    prompt = Prompt(master, Path(folder))
    try:
        seen = fly(prompt, Path(folder), lat, lon)
    finally:
        prompt.end()
    sys.stdout.write(json.dumps(seen) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
