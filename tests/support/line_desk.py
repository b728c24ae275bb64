"""A desk process without windows, driven by lines of JSON from an asyncio test.

A desk that is paused or dead answers nothing: `ask` then gives None after its time, and an
answer that comes late is thrown away.
"""

import asyncio
import contextlib
import json
import subprocess
import threading
from collections import deque
from pathlib import Path
from typing import Any

from gcs.apps import process

ANSWER_S = 12.0

Words = dict[str, Any]


class LineDesk:
    """One `station --no-ui` process. Made inside a running loop."""

    def __init__(self, join: Path, output: Path) -> None:
        with output.open("ab") as errors:
            self.process = subprocess.Popen(
                process.argv("station", "--no-ui", "--join", str(join)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self._loop = asyncio.get_running_loop()
        self._asked: deque[asyncio.Future[Words | None]] = deque()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    async def ask(self, do: str, /, within_s: float = ANSWER_S, **words: Any) -> Words | None:
        """One line and its answer; None when there is none in time, or never will be."""
        answer: asyncio.Future[Words | None] = self._loop.create_future()
        line = json.dumps({"do": do, **words}).encode() + b"\n"
        self._asked.append(answer)
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(line)
            self.process.stdin.flush()
            async with asyncio.timeout(within_s):  # `wait_for` may swallow a cancel, up to 3.11
                return await answer
        except (BrokenPipeError, ValueError):
            return None
        except TimeoutError:
            return None

    async def done(self, do: str, /, **words: Any) -> Words:
        """An act that has to succeed."""
        answer = await self.ask(do, **words)
        assert answer is not None, f"{do} {words}: no answer"
        assert answer["ok"], f"{do} {words}: {answer['text']}"
        return answer

    async def drone(self, drone: str) -> Words | None:
        """What the desk shows of a drone; None while it shows none or does not answer."""
        shown = await self.ask("show")
        found = shown["drones"] if shown else ()
        return next((d for d in found if d["drone"] == drone), None)

    def close(self) -> None:
        """End it, paused or not."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(5.0)
        with contextlib.suppress(OSError):
            assert self.process.stdin is not None
            self.process.stdin.close()
        assert self.process.stdout is not None
        self.process.stdout.close()

    # -- answers, in the order of the lines ------------------------------------------------------
    def _read(self) -> None:
        assert self.process.stdout is not None
        with contextlib.suppress(ValueError, OSError, RuntimeError):
            for line in self.process.stdout:
                self._loop.call_soon_threadsafe(self._answered, line)
            self._loop.call_soon_threadsafe(self._gone)

    def _answered(self, line: bytes) -> None:
        answer = self._asked.popleft()
        if not answer.done():
            answer.set_result(json.loads(line))

    def _gone(self) -> None:
        for answer in self._asked:
            if not answer.done():
                answer.set_result(None)
