"""The bus adapter: typed publish, request, serve, listen, durable streams and buckets.

Batch before calling; every handler runs on the asyncio loop. A malformed message never
reaches a handler: it is counted in `bad_messages`, logged once per subject and passed to
`on_bad_message`.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from nats.aio.msg import Msg

from gcs.shared.access import INBOX, BusAccess
from gcs.shared.bucket import Bucket, BucketEntry
from gcs.shared.codec import BadMessage, decode, encode
from gcs.shared.connection import Connection
from gcs.shared.consumer import Consumer, Spoilt
from gcs.shared.echoes import Echoes
from gcs.shared.faults import NoAnswer, OutcomeUnknown, RevisionConflict
from gcs.shared.inlet import Inlet
from gcs.shared.reader import Reader, Stored

__all__ = [
    "Bucket",
    "BucketEntry",
    "Bus",
    "BusAccess",
    "NoAnswer",
    "OutcomeUnknown",
    "RevisionConflict",
    "Spoilt",
]

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")

STORE_S = 3.0
REQUESTS_AT_A_TIME = 256
# An inbox, or the server's own stand-in for an inbox in another account.
ANSWERABLE = (INBOX, "_R_.")
# More than this waiting means a stalled loop: older news would only be told later.
LATEST_WINS_PENDING = 1024


class Bus:
    """One connection. Made by `Bus.connect`; closed by `close`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._inlet = Inlet()
        self._echoes = Echoes()

    @classmethod
    async def connect(cls, access: BusAccess, name: str) -> "Bus":
        """Connect and keep reconnecting for ever. Raises NoAnswer after 10 s without a server."""
        connection = Connection(access, name)
        await connection.open()
        return cls(connection)

    @property
    def bad_messages(self) -> int:
        """Malformed messages left out so far."""
        return self._inlet.bad_messages

    @property
    def echoes(self) -> int:
        """Stored messages that somebody had sent to where live ones are heard; left out."""
        return self._echoes.left_out

    @property
    def on_bad_message(self) -> Callable[[str], None] | None:
        """Told one sentence for each malformed message."""
        return self._inlet.on_bad_message

    @on_bad_message.setter
    def on_bad_message(self, callback: Callable[[str], None] | None) -> None:
        self._inlet.on_bad_message = callback

    @property
    def connected(self) -> bool:
        """Whether the server answers now."""
        return self._connection.connected

    async def turned_away(self) -> None:
        """Returns once the server lets this user in no more; it is asked again each second."""
        await self._connection.turned_away()

    async def round_trip_s(self) -> float:
        """Time of one ping to the server in seconds. Raises NoAnswer."""
        return await self._connection.round_trip_s()

    async def close(self) -> None:
        """Drain and close."""
        await self._connection.close()

    # -- latest wins -------------------------------------------------------------------------
    async def publish(self, subject: str, value: object) -> None:
        """Fire and forget; dropped while disconnected (latest wins)."""
        await self._connection.publish(subject, encode(value))

    async def listen(self, subject: str, kind: type[T], handler: Callable[[str, T], None]) -> None:
        """Call `handler(subject, value)` for each message; core NATS, latest wins.

        Returns once subscribed and goes on until the bus is closed.
        """

        async def arrived(message: Msg) -> None:
            if self._echoes.is_one(message):
                return
            value = self._inlet.take(message.subject, message.data, kind)
            if value is not None:
                self._inlet.hand(handler, message.subject, value)

        await self._connection.subscribe(subject, arrived, LATEST_WINS_PENDING)

    # -- asked and answered ------------------------------------------------------------------
    async def request(self, subject: str, value: object, reply: type[R], timeout_s: float) -> R:
        """Ask and await the typed answer. Raises NoAnswer, BadMessage."""
        message = await self._connection.request(subject, encode(value), timeout_s)
        return decode(message.data, reply, f"answer to {subject}")

    async def serve(
        self,
        subject: str,
        kind: type[T],
        handler: Callable[[str, T], Awaitable[object]],
        refuse: Callable[[str], object],
        arrived: Callable[[], None] = lambda: None,
    ) -> None:
        """Answer requests. `handler(subject, value)` returns the reply value; `arrived()` is
        called at once when a request has come, before its turn.

        Each request runs as a task of its own (so one slow one delays no other), at most 256
        at a time. A malformed request is answered with `refuse(sentence)`; where `handler` returns
        None nothing is answered, because somebody else will. Returns once subscribed and goes
        on until the bus is closed.
        """
        free = asyncio.Semaphore(REQUESTS_AT_A_TIME)

        async def answer(message: Msg) -> None:
            try:
                reply = await self._reply_to(message, kind, handler, refuse)
                if reply is not None:
                    await self._connection.publish(message.reply, encode(reply))
            finally:
                free.release()

        async def take(message: Msg) -> None:
            if self._echoes.is_one(message):
                return
            arrived()
            # A server may write to more subjects than its caller: an answer goes to an inbox only.
            if not message.reply.startswith(ANSWERABLE):
                self._inlet.refuse(message.subject, f"{message.subject}: no inbox to answer to")
                return
            await free.acquire()
            self._connection.pool.spawn(answer(message), f"request on {message.subject}")

        await self._connection.subscribe(subject, take, LATEST_WINS_PENDING)

    async def _reply_to(
        self,
        message: Msg,
        kind: type[T],
        handler: Callable[[str, T], Awaitable[object]],
        refuse: Callable[[str], object],
    ) -> object:
        try:
            value = decode(message.data, kind, message.subject)
        except BadMessage as error:
            self._inlet.refuse(message.subject, str(error))
            return refuse(str(error))
        try:
            return await handler(message.subject, value)
        except Exception:
            log.exception("a request on %s failed", message.subject)
            return refuse(f"{message.subject}: the request failed; the log says why.")

    # -- nothing is lost ---------------------------------------------------------------------
    async def publish_durable(self, subject: str, value: object, message_id: str) -> int:
        """Store in the subject's stream; returns the stream sequence once it is on disk.

        Idempotent by `message_id`. Raises NoAnswer (then: unknown whether stored; repeat it).
        """
        message = await self._connection.request(
            subject, encode(value), STORE_S, {"Nats-Msg-Id": message_id}
        )
        try:
            reply = json.loads(message.data)
            if "error" in reply:
                raise NoAnswer(f"{subject} was not stored: {reply['error'].get('description')}.")
            sequence: int = reply["seq"]
        except (ValueError, KeyError, TypeError):
            raise NoAnswer(f"{subject} was not stored: no stream answered.") from None
        return sequence

    async def consume(
        self,
        stream: str,
        durable: str,
        kind: type[T],
        handler: Callable[[int, T], Coroutine[Any, Any, None]],
        spoilt: Spoilt | None = None,
    ) -> None:
        """Run for ever: each message of a durable pull consumer in order, `handler(seq, value)`.

        Acknowledged after the handler returns; a raising handler gets the message again after a
        pause (1 s, doubling to 10 s), in order. A malformed message is terminated and counted;
        with `spoilt` it goes there instead, and so does one that is too large.
        """
        await Consumer(self._connection, self._inlet, stream, durable, kind, handler, spoilt).run()

    async def follow(
        self,
        stream: str,
        subject: str,
        kind: type[T],
        handler: Callable[[int, T], None],
        last: int = 0,
    ) -> None:
        """Ordered, gap-free reading for a desk: the newest `last` messages, then all new ones.

        Returns once the newest ones were handed over and goes on until the bus is closed.
        """

        def deliver(stored: Stored) -> None:
            value = self._inlet.take(stored.subject, stored.data, kind)
            if value is not None:
                self._inlet.hand(handler, stored.sequence, value)

        await Reader(self._connection, stream, subject, deliver, last).start()

    def bucket(self, name: str, kind: type[T]) -> Bucket[T]:
        """A typed view of a bucket; the bucket itself is made by the set-up role."""
        return Bucket(self._connection, self._inlet, name, kind)
