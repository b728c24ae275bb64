"""Answers on their way: one subscription, and for each question asked who waits for it."""

import contextlib
import secrets
from collections.abc import Callable, Iterator

from nats.aio.msg import Msg


class Answers:
    """Routes what arrives under `inbox` to who asked."""

    def __init__(self, inbox: str) -> None:
        self._inbox = inbox
        self._waiting: dict[str, Callable[[Msg | None], None]] = {}

    @property
    def subject(self) -> str:
        """What to subscribe to, with `hear`."""
        return f"{self._inbox}.*"

    @contextlib.contextmanager
    def expected(self, arrived: Callable[[Msg | None], None]) -> Iterator[str]:
        """An inbox for one question: open before it is asked. None: the bus went down."""
        token = secrets.token_hex(8)
        self._waiting[token] = arrived
        try:
            yield f"{self._inbox}.{token}"
        finally:
            del self._waiting[token]

    async def hear(self, message: Msg) -> None:
        """An answer came; one that nobody waits for any more is dropped."""
        arrived = self._waiting.get(message.subject.rpartition(".")[2])
        if arrived is not None:
            arrived(message)

    def lost(self) -> None:
        """The bus went down: nothing that was asked will be answered."""
        for arrived in tuple(self._waiting.values()):
            arrived(None)
