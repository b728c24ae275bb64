"""Logging: one line a record, UTC, to the process's own file; warnings to the terminal too.

Errors are kept for the shift's report. No secret is ever handed to a logger.
"""

import logging
import sys
import time
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s {name} %(name)s: %(message)s"
KEEP_ERRORS = 50


class ErrorKeeper(logging.Handler):
    """Keeps the newest error sentences of this process."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._sentences: deque[str] = deque(maxlen=KEEP_ERRORS)

    def emit(self, record: logging.LogRecord) -> None:
        self._sentences.append(record.getMessage())

    @property
    def sentences(self) -> tuple[str, ...]:
        """What went wrong, oldest first."""
        return tuple(self._sentences)


def set_up(process: str, folder: Path | None) -> ErrorKeeper:
    """Send this process's log to `folder`/`process`.log and its warnings to stderr."""
    formatter = logging.Formatter(FORMAT.format(name=process), "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    errors = ErrorKeeper()
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setLevel(logging.WARNING)
    handlers: list[logging.Handler] = [terminal, errors]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        handlers.append(
            RotatingFileHandler(folder / f"{process}.log", maxBytes=5_000_000, backupCount=3)
        )
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    logging.captureWarnings(True)
    return errors
