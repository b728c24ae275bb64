"""Reading a stream in order, without gaps or repeats, through any loss of the bus.

A core subscription only rings the bell; what is read comes from the stream itself by its
direct-get call, from the sequence after the last one delivered. So a reader needs no
consumer on the server, and no right to make one (a consumer may be told to deliver
anywhere, also into somebody else's subject). It never writes.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from nats.aio.msg import Msg

from gcs.shared.connection import Connection
from gcs.shared.faults import NoAnswer

log = logging.getLogger(__name__)

ANSWER_S = 2.0
BATCH = 256
# A bell that was not heard (dropped under load) costs at most this.
RECHECK_S = 2.0
# The bell may ring before the server has the message on disk: look again, soon, a few times.
SETTLE_S = (0.003, 0.006, 0.012, 0.025, 0.05, 0.1, 0.2)


@dataclass(frozen=True, slots=True)
class Stored:
    """One message of a stream."""

    subject: str
    sequence: int
    data: bytes
    deleted: bool


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """What a reader needs to know of a stream. `created` tells one store from another."""

    created: str
    first: int
    last: int


async def stream_info(connection: Connection, stream: str) -> StreamInfo:
    """Ask the server. Raises NoAnswer, also when the stream does not exist."""
    message = await connection.request(f"$JS.API.STREAM.INFO.{stream}", b"", ANSWER_S)
    reply: dict[str, Any] = json.loads(message.data)
    if "error" in reply:
        raise NoAnswer(f"Stream {stream}: {reply['error'].get('description', 'not available')}.")
    state = reply["state"]
    return StreamInfo(reply["created"], state["first_seq"], state["last_seq"])


async def last_of(connection: Connection, stream: str, subject: str) -> Stored | None:
    """The newest message on `subject`, or None. Raises NoAnswer."""
    body = json.dumps({"last_by_subj": subject}).encode()
    message = await connection.request(f"$JS.API.DIRECT.GET.{stream}", body, ANSWER_S)
    return _stored(message)


async def read_from(
    connection: Connection, stream: str, subject: str, sequence: int
) -> AsyncGenerator[Stored, None]:
    """All messages on `subject` from `sequence` on, up to now. Raises NoAnswer."""
    while True:
        body = json.dumps({"seq": max(sequence, 1), "next_by_subj": subject, "batch": BATCH})
        pending = 0
        answers = connection.stream(f"$JS.API.DIRECT.GET.{stream}", body.encode(), ANSWER_S)
        async with aclosing(answers):
            async for message in answers:
                stored = _stored(message)
                if stored is None:
                    pending = int((message.headers or {}).get("Nats-Num-Pending", 0))
                    break
                if stored.sequence >= sequence:
                    sequence = stored.sequence + 1
                    yield stored
        if not pending:
            return


def _stored(message: Msg) -> Stored | None:
    headers: dict[str, str] = message.headers or {}
    status = headers.get("Status")
    if status in ("204", "404"):
        return None
    if status is not None or "Nats-Sequence" not in headers:
        raise NoAnswer(f"The stream's server answered {status} {headers.get('Description', '')}.")
    return Stored(
        headers["Nats-Subject"],
        int(headers["Nats-Sequence"]),
        message.data,
        headers.get("KV-Operation") in ("DEL", "PURGE") or "Nats-Marker-Reason" in headers,
    )


class Reader:
    """Reads `subject` of `stream` for ever, from the newest `last` messages on.

    `last` None: from the stream's first message (for a bucket: every key's present value).
    """

    def __init__(
        self,
        connection: Connection,
        stream: str,
        subject: str,
        deliver: Callable[[Stored], None],
        last: int | None,
    ) -> None:
        self._connection = connection
        self._stream = stream
        self._subject = subject
        self._deliver = deliver
        self._last = last
        self._next = 1
        self._created: str | None = None
        self._check_store = True
        self._bell = asyncio.Event()
        self._caught_up = asyncio.Event()

    async def start(self) -> None:
        """Begin, and return once everything present has been delivered."""
        await self._connection.subscribe(self._subject, self._ring, 65_536)
        self._connection.on_up(self._back)
        self._connection.pool.spawn(self._run(), f"reading {self._stream} {self._subject}")
        await self._caught_up.wait()

    async def _ring(self, message: Msg) -> None:
        self._bell.set()

    def _back(self) -> None:
        self._check_store = True
        self._bell.set()

    async def _run(self) -> None:
        said = ""
        while True:
            rung = self._bell.is_set()
            self._bell.clear()
            try:
                if self._check_store:
                    await self._find_place()
                await self._read_on(rung)
                self._caught_up.set()
                said = ""
            except NoAnswer as error:
                if str(error) != said:
                    said = str(error)
                    log.warning("reading %s: %s", self._stream, said)
                self._check_store = True
                await self._bell_within(0.5)
                continue
            await self._bell_within(RECHECK_S)

    async def _bell_within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        except TimeoutError:
            pass

    async def _find_place(self) -> None:
        """Where to read on: the same store goes on, another one starts again."""
        info = await stream_info(self._connection, self._stream)
        if self._created is None and self._last is not None:
            for stored in await self._newest(info, self._last):
                self._deliver(stored)
            self._next = info.last + 1
        elif self._created is not None and (
            self._created != info.created or info.last < self._next - 1
        ):
            log.warning("stream %s is another one now; reading it from its start", self._stream)
            self._next = 1
        self._created = info.created
        self._check_store = False

    async def _newest(self, info: StreamInfo, count: int) -> list[Stored]:
        """The newest `count` messages on the subject: look back further until there are enough."""
        window = count
        while count > 0:
            start = max(info.first, info.last - window + 1, 1)
            found: deque[Stored] = deque(maxlen=count)
            async for stored in read_from(self._connection, self._stream, self._subject, start):
                if stored.sequence <= info.last:
                    found.append(stored)
            if len(found) == count or start <= max(info.first, 1):
                return list(found)
            window *= 4
        return []

    async def _read_on(self, expect: bool) -> None:
        """Deliver what is new; when the bell has rung but nothing is there yet, look again."""
        before = self._next
        await self._read_once()
        for pause in SETTLE_S:
            if not expect or self._next != before:
                return
            await asyncio.sleep(pause)
            await self._read_once()

    async def _read_once(self) -> None:
        async for stored in read_from(self._connection, self._stream, self._subject, self._next):
            self._next = stored.sequence + 1
            self._deliver(stored)
