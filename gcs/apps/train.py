"""A training shift by one command: starts the bus and every process, watches them, ends them.

Holds no truth of its own: what it reports, it asked of the process that did the act.
"""

import asyncio
import contextlib
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from gcs.apps import process
from gcs.apps.disk import DiskNews, DiskWatch
from gcs.apps.files import FIRST_DESK
from gcs.apps.report import collect, station_report
from gcs.apps.shift import STANDBY, Shift, lay_out, load_scenario, load_site
from gcs.apps.usage import Usage
from gcs.model.process import ProcessHealth, ProcessTable
from gcs.runtime import log
from gcs.runtime.clock import SystemClock
from gcs.runtime.settings import BadSettings
from gcs.runtime.supervisor import ChildSpec, Supervisor
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.server import ServerProblem, server_command, wait_for_port
from gcs.shared.setup import set_up
from gcs.shared.subjects import Subjects

logger = logging.getLogger(__name__)

USABLE_WITHIN_S = 60.0
BUS_WITHIN_S = 15.0
_VERBS = {STANDBY: "gateway"}


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """The arguments of `train`."""

    site: str
    drones: int | None
    scenario: str | None
    data: Path
    headless: bool
    seconds: float | None
    demo: bool
    report: Path | None
    screenshot: Path | None


def main(options: TrainOptions) -> int:
    """Run the shift; returns the exit code."""
    if not options.headless and not process.has_display():
        print(
            "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set). Start this from a "
            "desktop session, or add --headless to run the same windows without a screen.",
            file=sys.stderr,
        )
        return process.EXIT_BAD_SETTINGS
    try:
        site = load_site(options.site, options.drones)
        scenario = load_scenario(options.scenario, site)
        _writable(options.report, "--report")
        _writable(options.screenshot, "--screenshot")
        shift = lay_out(site, options.data, scenario)
        log.set_up("train", shift.folder / "logs")
        training = TrainingShift(options, shift)
        asyncio.run(process.until_signal(training.run()))
    except (BadSettings, ServerProblem) as error:
        print(error, file=sys.stderr)
        return process.EXIT_BAD_SETTINGS
    return training.exit_code


class TrainingShift:
    """One shift, from the first process to the last."""

    def __init__(self, options: TrainOptions, shift: Shift) -> None:
        self._options = options
        self._shift = shift
        self._clock = SystemClock()
        self._subjects = Subjects(shift.site.id)
        self._supervisor = Supervisor(self._clock, self._changed)
        self._changed_event = asyncio.Event()
        self._usage = Usage()
        self._started_at_s = self._clock.monotonic()
        self.exit_code = process.EXIT_OK

    async def run(self) -> None:
        """Start everything, stay until the station or a signal ends it, end everything."""
        bus: Bus | None = None
        try:
            self._start_bus()
            self._start_station()
            await self._bus_up()
            for name in ("keeper", "gateway", STANDBY, "relay", "simulate"):
                if name in self._shift.join:
                    self._start(name)
            if self._options.demo:
                self._start_relief()
            self._tell_where()
            bus = await Bus.connect(self._shift.train, "train")
            await self._on_shift(bus)
        except NoAnswer as error:
            self._failed(f"The shift cannot start: {error}")
        finally:
            # Side by side: a bus that is itself just coming back may take its time to close.
            closing = [bus.close()] if bus is not None else []
            await asyncio.gather(self._supervisor.stop(), *closing)

    # -- starting --------------------------------------------------------------------------
    def _start_bus(self) -> None:
        command = server_command(self._shift.server_config)
        self._supervisor.start(ChildSpec("bus", command, self._output("bus")))

    async def _bus_up(self) -> None:
        bus = self._shift.admin
        await wait_for_port(bus.host, bus.port, BUS_WITHIN_S)
        await set_up(bus, self._shift.site.id)

    def _start(self, name: str, *options: str) -> None:
        verb = _VERBS.get(name, "station" if name.startswith("desk") else name)
        argv = process.argv(verb, "--join", str(self._shift.join[name]), *options)
        self._supervisor.start(ChildSpec(name, argv, self._output(name)))

    def _start_station(self) -> None:
        options = ["--join", str(self._shift.join[FIRST_DESK])]
        options += ["--headless"] if self._options.headless else []
        options += ["--demo"] if self._options.demo else []
        if self._options.screenshot is not None:
            options += ["--screenshot", str(self._options.screenshot.resolve())]
        argv = process.argv("station", *options)
        spec = ChildSpec("station", argv, self._output("station"), essential=True)
        self._supervisor.start(spec)

    def _output(self, name: str) -> Path:
        return self._shift.folder / "logs" / f"{name}.out"

    def _start_relief(self) -> None:
        self._start("desk-2", "--no-ui", "--duty", "relief")

    def _tell_where(self) -> None:
        desks = [n for n in self._shift.join if n.startswith("desk") and n != FIRST_DESK]
        print(f"Training shift at {self._shift.site.name}; its folder: {self._shift.folder}")
        for desk in desks:
            print(f"  another desk: main.py station --join {self._shift.join[desk]}")
        print(f"  the last one asks who sits there; passwords: {self._shift.passwords}")

    # -- on shift --------------------------------------------------------------------------
    async def _on_shift(self, bus: Bus) -> None:
        async with asyncio.TaskGroup() as tasks:
            table = tasks.create_task(self._publish_table(bus))
            usage = tasks.create_task(self._sample_usage())
            disk = tasks.create_task(self._watch_disk())
            try:
                await self._until_over(bus)
            finally:
                table.cancel()
                usage.cancel()
                disk.cancel()

    async def _until_over(self, bus: Bus) -> None:
        usable = await self._usable(bus)
        if usable is None:
            return
        logger.info("usable after %.1f s", usable)
        self._usage.mark()
        over = self._supervisor.ended.wait()
        left = self._options.seconds
        if left is not None:
            left = max(0.0, left - (self._clock.monotonic() - self._started_at_s))
        if self._options.demo:
            await self._first(over, self._demo_done(bus), left)
        else:
            await self._first(over, None, left)
        if self._supervisor.ended.is_set():
            self.exit_code = self._supervisor.exit_code
            if self._options.report is not None and self.exit_code == process.EXIT_OK:
                self._failed("The station ended before the report was asked for.")
        elif self._options.report is not None or self._options.demo:
            await self._report(bus, usable)

    async def _usable(self, bus: Bus) -> float | None:
        """Seconds from the command to a usable window; None when the station ended first."""
        within = min(USABLE_WITHIN_S, self._options.seconds or USABLE_WITHIN_S)
        deadline = self._clock.monotonic() + within
        while not self._supervisor.ended.is_set():
            with contextlib.suppress(NoAnswer):
                report = await station_report(bus, self._subjects, final=False)
                if report.usable_utc_ms is not None:
                    return (report.usable_utc_ms - _process_start_utc_ms()) / 1000
            if self._clock.monotonic() > deadline:
                self._failed(f"The window was not usable within {within:.0f} s.")
                return None
            await asyncio.sleep(0.2)
        self.exit_code = self._supervisor.exit_code
        return None

    async def _demo_done(self, bus: Bus) -> None:
        while True:
            with contextlib.suppress(NoAnswer):
                report = await station_report(bus, self._subjects, final=False)
                if report.demo_over:
                    return
            await asyncio.sleep(0.5)

    async def _first(self, over: object, done: object, left: float | None) -> None:
        works = [asyncio.ensure_future(w) for w in (over, done) if w is not None]  # type: ignore[call-overload]
        _, pending = await asyncio.wait(works, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        for work in pending:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    async def _report(self, bus: Bus, usable_s: float) -> None:
        self._usage.sample()
        seconds = self._clock.monotonic() - self._started_at_s
        report = await collect(
            bus, self._subjects, self._shift, seconds, self._usage.cores, self._supervisor.table
        )
        report.usable_after_s = round(usable_s, 2)
        if self._options.report is not None:
            self._options.report.write_bytes(report.as_json())
        for error in report.errors:
            print(f"error: {error}", file=sys.stderr)
        if report.errors:
            self.exit_code = process.EXIT_FAILED

    async def _publish_table(self, bus: Bus) -> None:
        while True:
            self._changed_event.clear()
            table = ProcessTable(self._clock.utc_ms(), self._supervisor.table)
            await bus.publish(self._subjects.processes, table)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed_event.wait(), 1.0)

    async def _sample_usage(self) -> None:
        while True:
            self._usage.sample()
            await asyncio.sleep(1.0)

    async def _watch_disk(self) -> None:
        watch = DiskWatch(self._shift.folder)
        while True:
            news = watch.look()
            if news is DiskNews.FULL:
                logger.error(
                    "%s: its disk is full: nothing can be put on record, so incidents are not "
                    "taken and drones not launched until there is room.",
                    self._shift.folder,
                )
            elif news is DiskNews.ROOM_AGAIN:
                logger.warning("%s: there is room again; the bus is restarted", watch.folder)
                self._supervisor.restart("bus")
            await asyncio.sleep(1.0)

    def _changed(self, table: tuple[ProcessHealth, ...]) -> None:
        del table
        self._changed_event.set()

    def _failed(self, sentence: str) -> None:
        print(sentence, file=sys.stderr)
        logger.error(sentence)
        self.exit_code = process.EXIT_FAILED


def _process_start_utc_ms() -> int:
    started_s: float = psutil.Process().create_time()
    return round(started_s * 1000)


def _writable(path: Path | None, option: str) -> None:
    if path is not None and not path.resolve().parent.is_dir():
        raise BadSettings(f"{option} {path}: the folder {path.resolve().parent} does not exist")
