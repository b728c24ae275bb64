"""Processor time of this process and everything below it, as the operating system tells it."""

import os
import time

import psutil


class Usage:
    """Sample it about once a second; a process that ended keeps its last seen time."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, float], float] = {}
        self._mark_s = 0.0
        self._started = time.monotonic()

    def sample(self) -> None:
        """Read the times of all living processes of the shift."""
        me = psutil.Process(os.getpid())
        for process in [me, *me.children(recursive=True)]:
            try:
                times = process.cpu_times()
                self._seen[(process.pid, process.create_time())] = times.user + times.system
            except psutil.Error:
                continue

    def mark(self) -> None:
        """Begin measuring here (what came before was start-up)."""
        self.sample()
        self._mark_s = sum(self._seen.values())
        self._started = time.monotonic()

    @property
    def cores(self) -> float:
        """Cores in use on average since `mark`."""
        elapsed = time.monotonic() - self._started
        return (sum(self._seen.values()) - self._mark_s) / elapsed if elapsed > 0 else 0.0
