"""The bus adapter: typed publish, request, serve, listen, durable streams and buckets.

Batch before calling; every handler runs on the asyncio loop. A malformed message never
reaches a handler: it is counted in `bad_messages`, logged once per subject and passed to
`on_bad_message`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class NoAnswer(Exception):
    """Nobody answered in time, or the bus is down. `str()` is a sentence."""


class RevisionConflict(Exception):
    """A bucket key was written by somebody else since it was read."""


class OutcomeUnknown(Exception):
    """A write was sent and no answer came: it may or may not have happened."""


@dataclass(frozen=True, slots=True)
class BusAccess:
    """How one process reaches the bus; read from its 0600 file. `repr` hides the password."""

    host: str
    port: int
    user: str
    password: str

    def __repr__(self) -> str:
        return f"BusAccess({self.host}:{self.port}, {self.user}, password hidden)"


@dataclass(frozen=True, slots=True)
class BucketEntry(Generic[T]):
    """A bucket's value and the revision to expect when writing it again."""

    key: str
    value: T
    revision: int


class Bucket(Generic[T]):
    """A JetStream key-value bucket whose values under `prefix` are all of one type."""

    async def get(self, key: str) -> BucketEntry[T] | None:
        """The entry, or None. Raises BadMessage, NoAnswer."""
        raise NotImplementedError

    async def put(self, key: str, value: T, revision: int | None) -> int:
        """Write if the key is still at `revision` (None: must not exist). Returns the new one.

        Raises RevisionConflict, OutcomeUnknown.
        """
        raise NotImplementedError

    async def watch(self, pattern: str, handler: Callable[[BucketEntry[T]], None]) -> None:
        """Call `handler` for every present entry that matches, then for each change."""
        raise NotImplementedError


class Bus:
    """One connection. Made by `Bus.connect`; closed by `close`."""

    bad_messages: int
    on_bad_message: Callable[[str], None] | None

    @classmethod
    async def connect(cls, access: BusAccess, name: str) -> "Bus":
        """Connect and keep reconnecting for ever. Raises NoAnswer after 10 s without a server."""
        raise NotImplementedError

    @property
    def connected(self) -> bool:
        """Whether the server answers now."""
        raise NotImplementedError

    async def round_trip_s(self) -> float:
        """Time of one ping to the server in seconds. Raises NoAnswer."""
        raise NotImplementedError

    async def close(self) -> None:
        """Drain and close."""
        raise NotImplementedError

    async def publish(self, subject: str, value: object) -> None:
        """Fire and forget; dropped while disconnected (latest wins)."""
        raise NotImplementedError

    async def request(self, subject: str, value: object, reply: type[R], timeout_s: float) -> R:
        """Ask and await the typed answer. Raises NoAnswer, BadMessage."""
        raise NotImplementedError

    async def serve(
        self,
        subject: str,
        kind: type[T],
        handler: Callable[[str, T], Awaitable[object]],
        refuse: Callable[[str], object],
    ) -> None:
        """Answer requests. `handler(subject, value)` returns the reply value.

        Each request runs as a task of its own (so one slow one delays no other), at most 256
        at a time. A malformed request is answered with `refuse(sentence)`.
        """
        raise NotImplementedError

    async def listen(self, subject: str, kind: type[T], handler: Callable[[str, T], None]) -> None:
        """Call `handler(subject, value)` for each message; core NATS, latest wins."""
        raise NotImplementedError

    async def publish_durable(self, subject: str, value: object, message_id: str) -> int:
        """Store in the subject's stream; returns the stream sequence once it is on disk.

        Idempotent by `message_id`. Raises NoAnswer (then: unknown whether stored; repeat it).
        """
        raise NotImplementedError

    async def consume(
        self,
        stream: str,
        durable: str,
        kind: type[T],
        handler: Callable[[int, T], Awaitable[None]],
    ) -> None:
        """Run for ever: each message of a durable pull consumer in order, `handler(seq, value)`.

        Acknowledged after the handler returns; a raising handler gets the message again after a
        pause (1 s, doubling to 10 s), in order. A malformed message is terminated and counted.
        """
        raise NotImplementedError

    async def follow(
        self,
        stream: str,
        subject: str,
        kind: type[T],
        handler: Callable[[int, T], None],
        last: int = 0,
    ) -> None:
        """Ordered, gap-free reading for a desk: the newest `last` messages, then all new ones."""
        raise NotImplementedError

    def bucket(self, name: str, kind: type[T]) -> Bucket[T]:
        """A typed view of a bucket; the bucket itself is made by the set-up role."""
        raise NotImplementedError
