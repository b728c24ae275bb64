"""Children are watched, restarted within a budget, then given up loudly.

Each child is a process of its own that ends with this one. Knows nothing of what they do.
"""

import asyncio
import contextlib
import logging
import os
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gcs.model.process import ProcessHealth, ProcessState
from gcs.runtime.clock import Clock
from gcs.runtime.lifeline import Job, child_setup

log = logging.getLogger(__name__)

BUDGET = 5
BUDGET_WINDOW_S = 60.0
FIRST_PAUSE_S = 0.3
LONGEST_PAUSE_S = 3.0
UP_AFTER_S = 1.0
LAST_WORDS_BYTES = 2000


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """A process to keep alive. `essential`: the shift ends when it ends by itself (code 0).

    `output` takes what it prints; the last line of it says why it ended.
    """

    name: str
    argv: Sequence[str]
    output: Path | None = None
    essential: bool = False
    bad_settings_code: int = 2


class Child:
    """One watched process. `run` returns when it ended for good."""

    def __init__(
        self, spec: ChildSpec, clock: Clock, job: Job, changed: Callable[[], None]
    ) -> None:
        self.spec = spec
        self._clock = clock
        self._job = job
        self._changed = changed
        self._state = ProcessState.STARTING
        self._text = ""
        self._process: asyncio.subprocess.Process | None = None
        self._ends: deque[float] = deque()
        self._restarts = 0
        self._stop = asyncio.Event()

    @property
    def health(self) -> ProcessHealth:
        """How it stands now."""
        pid = self._process.pid if self._process else 0
        return ProcessHealth(self.spec.name, self._state, pid, self._restarts, self._text)

    async def run(self) -> int:
        """Start, watch, restart. Returns the exit code of the last run."""
        pause = FIRST_PAUSE_S
        while True:
            code, lived_s = await self._once()
            if self._stop.is_set() or (self.spec.essential and code == 0):
                self._set(ProcessState.STOPPED, "")
                return code
            what = f"{self.spec.name} ended with {_ending(code)}{self._last_words()}"
            if not self._within_budget() or code == self.spec.bad_settings_code:
                self._set(ProcessState.GIVEN_UP, what)
                log.error("%s and is given up after %d restarts", what, self._restarts)
                return code
            self._restarts += 1
            self._set(ProcessState.RESTARTING, what)
            log.warning("%s; restart %d", what, self._restarts)
            pause = FIRST_PAUSE_S if lived_s > BUDGET_WINDOW_S else min(pause * 2, LONGEST_PAUSE_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)
                return code

    def restart(self) -> None:
        """Ask the present process to end; `run` starts the next one."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    async def stop(self, grace_s: float) -> None:
        """Ask it to end; kill it after `grace_s`."""
        self._stop.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), grace_s)
        except TimeoutError:
            log.warning("%s did not end in %.1f s and is killed", self.spec.name, grace_s)
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _once(self) -> tuple[int, float]:
        started = self._clock.monotonic()
        with self._output() as output:
            self._process = await asyncio.create_subprocess_exec(
                *self.spec.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=child_setup(),
                start_new_session=True,  # Ctrl-C in the terminal reaches this process alone
            )
        self._job.add(self._process.pid)
        self._set(self._state, self._text)
        with contextlib.suppress(TimeoutError):
            code = await asyncio.wait_for(self._process.wait(), UP_AFTER_S)
            return code, self._clock.monotonic() - started
        self._set(ProcessState.RUNNING, "")
        code = await self._process.wait()
        return code, self._clock.monotonic() - started

    def _output(self) -> contextlib.AbstractContextManager[IO[bytes] | None]:
        path = self.spec.output
        if path is None:
            return contextlib.nullcontext()
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")

    def _last_words(self) -> str:
        """What it printed last, as far as that is a sentence; empty if it said nothing."""
        if self.spec.output is None or not self.spec.output.exists():
            return ""
        with self.spec.output.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LAST_WORDS_BYTES))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
        return f": {lines[-1].strip()}" if lines else ""

    def _within_budget(self) -> bool:
        now = self._clock.monotonic()
        self._ends.append(now)
        while self._ends and now - self._ends[0] > BUDGET_WINDOW_S:
            self._ends.popleft()
        return len(self._ends) <= BUDGET

    def _set(self, state: ProcessState, text: str) -> None:
        self._state, self._text = state, text
        self._changed()


class Supervisor:
    """Runs children side by side until one essential child or the caller ends the shift."""

    def __init__(self, clock: Clock, changed: Callable[[tuple[ProcessHealth, ...]], None]) -> None:
        self._clock = clock
        self._changed = changed
        self._job = Job()
        self._children: list[tuple[Child, asyncio.Task[int]]] = []
        self.ended = asyncio.Event()
        self.exit_code = 0

    @property
    def table(self) -> tuple[ProcessHealth, ...]:
        """All children, in the order of their start."""
        return tuple(c.health for c, _ in self._children)

    def start(self, spec: ChildSpec) -> None:
        """Start one and keep it alive."""
        child = Child(spec, self._clock, self._job, lambda: self._changed(self.table))
        task = asyncio.get_running_loop().create_task(child.run(), name=spec.name)
        self._children.append((child, task))
        task.add_done_callback(lambda t: self._child_ended(child, t))

    def restart(self, name: str) -> None:
        """End one child's process; it counts against its budget like any end."""
        for child, _ in self._children:
            if child.spec.name == name:
                child.restart()

    async def stop(self, grace_s: float = 2.5) -> None:
        """End all but the first (the bus) together, then the first. Within `grace_s` + 1 s."""
        first, rest = self._children[:1], self._children[1:]
        await asyncio.gather(*(c.stop(grace_s) for c, _ in rest))
        await asyncio.gather(*(c.stop(1.0) for c, _ in first))
        for _, task in self._children:
            task.cancel()
        await asyncio.gather(*(t for _, t in self._children), return_exceptions=True)

    def _child_ended(self, child: Child, task: "asyncio.Task[int]") -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.error("%s could not be started: %s", child.spec.name, error)
        if child.spec.essential:
            self.exit_code = 1 if error is not None else task.result()
            self.ended.set()


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
