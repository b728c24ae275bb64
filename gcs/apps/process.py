"""How every process begins and ends: one sentence for what is wrong, a clean end on a signal."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from gcs import __version__
from gcs.apps import files
from gcs.runtime import log
from gcs.runtime.log import ErrorKeeper
from gcs.runtime.settings import BadSettings
from gcs.shared.bus import NoAnswer

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_BAD_SETTINGS = 2

logger = logging.getLogger(__name__)


def build() -> str:
    """The program's version, for hellos and the audit."""
    return __version__


def run(
    name: str,
    join: Path,
    body: Callable[[files.JoinFile, ErrorKeeper], Awaitable[None]],
) -> int:
    """Run one process of a shift until a signal ends it; returns its exit code."""
    try:
        config = files.read(join)
    except BadSettings as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_SETTINGS
    errors = log.set_up(name, config.folder / "logs")
    try:
        asyncio.run(until_signal(body(config, errors)))
    except (BadSettings, NoAnswer, OSError) as error:
        logger.error("%s: %s", name, error)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_OK
    return EXIT_OK


async def until_signal(work: Awaitable[None]) -> None:
    """Await `work`; SIGTERM or Ctrl-C cancels it and lets it close what it opened."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: KeyboardInterrupt instead
            loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def has_display() -> bool:
    """Whether a window could be shown at all."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def argv(*words: str) -> list[str]:
    """The command line that starts another verb of this program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    return [sys.executable, str(files.ROOT / "main.py"), *words]


__all__ = [
    "EXIT_BAD_SETTINGS",
    "EXIT_FAILED",
    "EXIT_OK",
    "argv",
    "build",
    "has_display",
    "run",
    "until_signal",
]
