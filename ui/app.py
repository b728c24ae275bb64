"""The station process: builds the desk from its join file, top to bottom, and runs it."""

import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gcs.apps import files, process
from gcs.runtime import log
from gcs.runtime.log import ErrorKeeper
from gcs.runtime.settings import BadSettings
from ui import graphics

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StationOptions:
    """The arguments of `station`."""

    join: Path
    headless: bool
    demo: bool
    screenshot: Path | None


def main(options: StationOptions) -> int:
    """Run the desk until its window is closed or a signal ends it; returns the exit code."""
    if not options.headless and not process.has_display():
        print("There is no display; add --headless to run without a screen.", file=sys.stderr)
        return process.EXIT_BAD_SETTINGS
    try:
        config = files.read(options.join)
    except BadSettings as error:
        print(error, file=sys.stderr)
        return process.EXIT_BAD_SETTINGS
    errors = log.set_up(f"station-{config.desk}", config.folder / "logs")
    graphics.prepare(options.headless)
    return _run(options, config, errors)


def _run(options: StationOptions, config: files.JoinFile, errors: ErrorKeeper) -> int:
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    from ui.map.scheme import register_scheme
    from ui.station import Station

    logger.info("loaded")
    register_scheme()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("drone-desk")
    application.setQuitOnLastWindowClosed(False)  # the station says its goodbyes first
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        station = Station(config, errors, options.demo, options.screenshot)
        for number in (signal.SIGTERM, signal.SIGINT):
            # Runs at the next Python callback; the lag probe's timer sees to that within 10 ms.
            signal.signal(number, lambda *_: station.end())
        try:
            loop.run_until_complete(_guarded(station.run()))
        except (BadSettings, OSError) as error:
            logger.error("%s", error)
            return process.EXIT_FAILED
    return process.EXIT_OK


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    """One failure out of a task group, so that it can be told in a sentence."""
    try:
        await work
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
