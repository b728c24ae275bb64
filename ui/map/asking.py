"""Questions to the page and their answers, awaited on the running loop, never for ever."""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtWebEngineCore import QWebEnginePage

ANSWER_WITHIN_S = 5.0
PAN_GRACE_S = 10.0


class MapSilent(RuntimeError):
    """The page gave no answer in time; `str()` is a sentence for the operator."""


class Asking:
    """Awaitable calls into one page."""

    def __init__(self, page: QWebEnginePage) -> None:
        self._page = page
        self._pans: dict[int, asyncio.Future[float]] = {}
        self._numbers = itertools.count(1)

    async def ask(self, script: str) -> Any:
        """The value of a script. Raises MapSilent."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._page.runJavaScript(script, 0, _settle(future))
        return await self._within(future, ANSWER_WITHIN_S)

    async def ask_table(self, script: str) -> dict[str, int]:
        """A script's object of whole numbers. Raises MapSilent."""
        # Objects do not come through runJavaScript in PySide6 6.11 (they arrive as ''); text does.
        answer = await self.ask(f"JSON.stringify({script})")
        try:
            return msgspec.json.decode(answer, type=dict[str, int])
        except (msgspec.DecodeError, TypeError):
            raise MapSilent("The map cannot count what it shows.") from None

    async def pan(self, seconds: float) -> float:
        """Frames a second during a scripted pan. Raises MapSilent."""
        number = next(self._numbers)
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._pans[number] = future
        try:
            self._page.runJavaScript(f"desk.pan({json.dumps(seconds)}, {number})")
            return float(await self._within(future, seconds + PAN_GRACE_S))
        finally:
            del self._pans[number]

    def pan_measured(self, number: int, frames_per_second: float) -> None:
        """The page finished a pan."""
        future = self._pans.get(number)
        if future is not None and not future.done():
            future.set_result(frames_per_second)

    async def _within(self, future: "asyncio.Future[Any]", seconds: float) -> Any:
        try:
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            raise MapSilent(f"The map gave no answer within {seconds:.0f} s.") from None


def _settle(future: "asyncio.Future[Any]") -> Callable[[Any], None]:
    def settle(value: Any) -> None:
        if not future.done():
            future.set_result(value)

    return settle
