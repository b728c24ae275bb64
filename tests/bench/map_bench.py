"""How smooth the map pans and what it costs when little happens. Prints JSON.

    ./dev bench map [--seconds 20] [--size 1920x1080]

Nine drones at 10 Hz, one of them flying. Cores are those of this process and its WebEngine
children together. Measure on xcb: the offscreen platform hides the cost of showing a frame.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable
from typing import TypeVar

import psutil
import qasync
from PySide6.QtWidgets import QApplication

from gcs.geo.earth import offset
from gcs.geo.town_layers import town_layers
from gcs.geo.training_town import TrainingTown
from gcs.model.mission import Grade
from gcs.runtime.clock import SystemClock
from tests.bench.screen import screen
from tests.support import map_scene
from ui.map.scheme import register_scheme
from ui.map.view import MapView
from ui.selection import Selection

T = TypeVar("T")
ZOOMS = (13, 15, 17)
PAN_S = 6.0
BATCH_S = 0.1


class Bench:
    """One map window and a shift that is played on it."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.scene = map_scene.Scene(SystemClock())
        site = self.scene.site
        areas = map_scene.boroughs()
        town = TrainingTown(areas.by_gss(site.gss), site.docks, site.training.seed).load()
        self.began = time.monotonic()
        self.view = MapView(
            self.scene.state,
            Selection(),
            town_layers(town),
            areas,
            map_scene.airspace(),
            map_scene.RESOURCES,
        )
        self.view.problem.connect(lambda words: print(words, file=sys.stderr))
        self.view.resize(*size)
        self.view.show()

    async def run(self, seconds: float) -> dict[str, object]:
        up = asyncio.Event()
        self.view.page_ready.connect(up.set)
        await asyncio.wait_for(up.wait(), 60)
        load_s = time.monotonic() - self.began
        self._calls()
        result: dict[str, object] = {"load_s": round(load_s, 2)}
        dock = self.scene.site.docks[0].position
        for zoom in ZOOMS:
            self.view.look_at(dock, zoom)
            await self._play(2.0, flying=True)
            cores, fps = await self._with_cores(self.view.scripted_pan(PAN_S))
            result[f"pan_z{zoom}"] = {"fps": round(fps, 1), "cores": round(cores, 2)}
        self.view.look_at(dock, 16)
        await self._play(3.0, flying=True)
        flying, _ = await self._with_cores(self._play(seconds, flying=True))
        quiet, _ = await self._with_cores(self._play(seconds, flying=False))
        result |= {"cores_one_flying": round(flying, 3), "cores_all_docked": round(quiet, 3)}
        result["figures"] = str(await self.view.figures())
        return result

    def _calls(self) -> None:
        dock = self.scene.site.docks[0].position
        self.scene.hold("ISL-02", map_scene.ME)
        for number, bearing in ((1042, 20), (1043, 140), (1044, 300)):
            self.scene.incident(number, Grade.SIGNIFICANT, offset(dock, bearing, 400))

    async def _play(self, seconds: float, *, flying: bool) -> None:
        """Batches at 10 Hz; ISL-02 on a circle round its dock, or everybody docked."""
        scene, dock = self.scene, self.scene.site.docks[0].position
        until = time.monotonic() + seconds
        angle = 0.0
        while (now := time.monotonic()) < until:
            if flying:
                angle = (now * 2.5) % 360
                scene.fly("ISL-02", offset(dock, angle, 250), (angle + 90) % 360)
            else:
                scene.drones["ISL-02"] = map_scene.telemetry(scene.site, "ISL-02")
            scene.batch()
            await asyncio.sleep(BATCH_S)

    async def _with_cores(self, work: Awaitable[T]) -> tuple[float, T]:
        before, began = _cpu_s(), time.monotonic()
        value = await work
        return (_cpu_s() - before) / (time.monotonic() - began), value


def _cpu_s() -> float:
    me = psutil.Process()
    return sum(sum(p.cpu_times()[:2]) for p in (me, *me.children(recursive=True)))


def main(arguments: list[str]) -> int:
    """Measure on a screen of its own, or with --here on the one there is."""
    parser = argparse.ArgumentParser(prog="bench map", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--here", action="store_true")
    options = parser.parse_args(arguments)
    if options.here:
        return _measure(options.size, options.seconds)
    again = [sys.executable, "-m", "tests.bench.map_bench", "--here", *arguments]
    with screen(options.size) as environment:
        return subprocess.run(again, env=environment, check=False).returncode


def _measure(size: str, seconds: float) -> int:
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
    register_scheme()
    app = QApplication(sys.argv[:1])
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    width, height = (int(n) for n in size.split("x"))
    bench = Bench((width, height))
    result = loop.run_until_complete(bench.run(seconds))
    bench.view.end()
    load = f"{psutil.getloadavg()[0]:.1f} on {psutil.cpu_count()} cores"
    print(json.dumps({"size": size, "platform": app.platformName(), "load": load, **result}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
