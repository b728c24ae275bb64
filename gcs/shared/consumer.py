"""A durable pull consumer: every message in order, acknowledged once it was dealt with."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from nats.aio.msg import Msg

from gcs.shared.codec import BadMessage, decode
from gcs.shared.connection import Connection
from gcs.shared.faults import NoAnswer
from gcs.shared.inlet import Inlet
from gcs.shared.reader import ANSWER_S

log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[], Coroutine[Any, Any, None]]

PULL_S = 4.0
# A message that was on its way when the bus went down comes again after this long; while one
# is being dealt with the server is told so more often.
ACK_WAIT_S = 2.0
STILL_AT_IT_S = 0.5
RETRY_FIRST_S = 1.0
RETRY_MOST_S = 10.0


@dataclass(frozen=True, slots=True)
class Spoilt:
    """Where messages go that cannot be taken: malformed, or larger than `most_bytes` (unread).

    `handler(seq, sentence)` is owed each of them as the consumer's own handler is the others.
    """

    most_bytes: int
    handler: Callable[[int, str], Coroutine[Any, Any, None]]


class Consumer(Generic[T]):
    """Runs one durable. One message is out at a time: that is what keeps the order."""

    def __init__(
        self,
        connection: Connection,
        inlet: Inlet,
        stream: str,
        durable: str,
        kind: type[T],
        handler: Callable[[int, T], Coroutine[Any, Any, None]],
        spoilt: Spoilt | None = None,
    ) -> None:
        self._connection = connection
        self._inlet = inlet
        self._stream = stream
        self._durable = durable
        self._kind = kind
        self._handler = handler
        self._spoilt = spoilt
        self._created = ""
        self._done = 0
        self._up = asyncio.Event()
        self._inbox = connection.new_inbox()
        self._arrived: asyncio.Queue[Msg | None] = asyncio.Queue()
        self._said = ""

    async def run(self) -> None:
        """Until cancelled."""
        self._connection.on_up(self._up.set)
        self._connection.on_down(lambda: self._arrived.put_nowait(None))
        await self._connection.subscribe(self._inbox, self._hear, 1024)
        made = False
        while True:
            try:
                if not made:
                    await self._make()
                    made = True
                message = await self._pull()
                self._said = ""
                if message is not None:
                    await self._deal_with(message)
            except NoAnswer as error:
                # Also after a consumer was lost with its store: make it again.
                made = False
                self._say(str(error))
                await self._pause()

    def _say(self, text: str) -> None:
        if text != self._said:
            self._said = text
            log.warning("consumer %s of %s: %s", self._durable, self._stream, text)

    async def _pause(self) -> None:
        self._up.clear()
        try:
            async with asyncio.timeout(0.5):
                await self._up.wait()
        except TimeoutError:
            pass

    async def _make(self) -> None:
        """Create the durable; an existing one with the same settings stays as it is."""
        created = await self._store()
        if created != self._created:
            self._created, self._done = created, 0
        body = {
            "stream_name": self._stream,
            "config": {
                "name": self._durable,
                "durable_name": self._durable,
                "deliver_policy": "all",
                "ack_policy": "explicit",
                "ack_wait": int(ACK_WAIT_S * 1e9),
                "max_ack_pending": 1,
                "max_deliver": -1,
                "replay_policy": "instant",
            },
        }
        await self._call(f"CONSUMER.CREATE.{self._stream}.{self._durable}", body)

    async def _store(self) -> str:
        """When the stream was made: tells one store's sequence numbers from another's."""
        created: str = (await self._call(f"STREAM.INFO.{self._stream}", {}))["created"]
        return created

    async def _call(self, call: str, body: dict[str, Any]) -> dict[str, Any]:
        data = json.dumps(body).encode()
        message = await self._connection.request(f"$JS.API.{call}", data, ANSWER_S)
        reply: dict[str, Any] = json.loads(message.data)
        if "error" in reply:
            raise NoAnswer(f"{reply['error'].get('description', 'refused')}.")
        return reply

    async def _pull(self) -> Msg | None:
        """The next message, or None when there was none for a while. Raises NoAnswer.

        A message that answers an older pull is as good as one that answers this.
        """
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._durable}"
        body = json.dumps({"batch": 1, "expires": int(PULL_S * 1e9)}).encode()
        if self._arrived.empty() and not await self._connection.publish(subject, body, self._inbox):
            raise NoAnswer("the bus is down.")
        try:
            async with asyncio.timeout(PULL_S + ANSWER_S):
                message = await self._arrived.get()
        except TimeoutError:
            raise NoAnswer("the server does not answer.") from None
        if message is None:
            raise NoAnswer("the bus went down.")
        status = (message.headers or {}).get("Status")
        if status is None or message.data:
            return message
        if status in ("404", "408"):
            return None
        raise NoAnswer(f"{status} {(message.headers or {}).get('Description', '')}".strip() + ".")

    async def _hear(self, message: Msg) -> None:
        self._arrived.put_nowait(message)

    async def _deal_with(self, message: Msg) -> None:
        sequence = message.metadata.sequence.stream
        if sequence <= self._done:
            await self._answer(message, b"+ACK")  # our acknowledgement was lost on its way
            return
        work = self._work(message, sequence)
        if work is None:
            await self._answer(message, b"+TERM")
            return
        await self._until_handled(message, sequence, work)
        self._done = sequence
        await self._answer(message, b"+ACK")

    def _work(self, message: Msg, sequence: int) -> Work | None:
        """What there is to do for a message; None for a malformed one nobody wants to know of."""
        if self._spoilt is None:
            value = self._inlet.take(message.subject, message.data, self._kind)
            return None if value is None else partial(self._handler, sequence, value)
        size, most = len(message.data), self._spoilt.most_bytes
        try:
            if size > most:
                raise BadMessage(f"{message.subject}: {size} bytes, at most {most} are read")
            value = decode(message.data, self._kind, message.subject)
        except BadMessage as error:
            return partial(self._spoilt.handler, sequence, str(error))
        return partial(self._handler, sequence, value)

    async def _until_handled(self, message: Msg, sequence: int, work: Work) -> None:
        pause_s = RETRY_FIRST_S
        while True:
            try:
                return await self._handle(message, work)
            except Exception as error:
                self._say(f"message {sequence} could not be dealt with, trying again: {error!r}")
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, RETRY_MOST_S)

    async def _handle(self, message: Msg, work: Work) -> None:
        working = asyncio.ensure_future(work())
        try:
            while not (await asyncio.wait({working}, timeout=STILL_AT_IT_S))[0]:
                await self._answer(message, b"+WPI")
        except asyncio.CancelledError:
            working.cancel()
            await asyncio.wait({working})
            raise
        await working

    async def _answer(self, message: Msg, word: bytes) -> None:
        """Tell the server. If this is lost the message comes again, and is known by number."""
        await self._connection.publish(message.reply, word)
