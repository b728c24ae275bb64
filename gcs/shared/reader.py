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
from enum import Enum, auto

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
    stored_at: str
    deleted: bool


async def last_of(connection: Connection, stream: str, subject: str) -> Stored | None:
    """The newest message on `subject`, or None. Raises NoAnswer."""
    return await _one(connection, stream, {"last_by_subj": subject})


async def _one(connection: Connection, stream: str, which: dict[str, str | int]) -> Stored | None:
    body = json.dumps(which).encode()
    return _stored(await connection.request(f"$JS.API.DIRECT.GET.{stream}", body, ANSWER_S))


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
        headers.get("Nats-Time-Stamp", ""),
        headers.get("KV-Operation") in ("DEL", "PURGE") or "Nats-Marker-Reason" in headers,
    )


class Place(Enum):
    """Whether a reader knows where to read on. LOST: it did, but the bus was away since."""

    UNKNOWN = auto()
    KNOWN = auto()
    LOST = auto()


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
        self._seen: Stored | None = None
        self._place = Place.UNKNOWN
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
        self._lose_place()
        self._bell.set()

    def _lose_place(self) -> None:
        if self._place is Place.KNOWN:
            self._place = Place.LOST

    async def _run(self) -> None:
        said = ""
        while True:
            rung = self._bell.is_set()
            self._bell.clear()
            try:
                if self._place is not Place.KNOWN:
                    await self._find_place()
                await self._read_on(rung)
                self._caught_up.set()
                said = ""
            except NoAnswer as error:
                if str(error) != said:
                    said = str(error)
                    log.warning("reading %s: %s", self._stream, said)
                self._lose_place()
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
        newest = await last_of(self._connection, self._stream, self._subject)
        end = newest.sequence if newest else 0
        if self._place is Place.UNKNOWN and self._last is not None:
            for stored in await self._newest(end, self._last):
                self._hand_over(stored)
            self._next = end + 1
        elif self._place is Place.LOST and await self._is_another_store(end):
            log.warning("stream %s is another one now; reading it from its start", self._stream)
            self._next, self._seen = 1, None
        self._place = Place.KNOWN

    async def _is_another_store(self, end: int) -> bool:
        if end < self._next - 1:
            return True
        if self._seen is None:
            return False
        again = await _one(self._connection, self._stream, {"seq": self._seen.sequence})
        return again is not None and again.stored_at != self._seen.stored_at

    async def _newest(self, end: int, count: int) -> list[Stored]:
        """The newest `count` messages on the subject: look back further until there are enough."""
        window = count
        while count > 0:
            start = max(end - window + 1, 1)
            found: deque[Stored] = deque(maxlen=count)
            async for stored in read_from(self._connection, self._stream, self._subject, start):
                if stored.sequence <= end:
                    found.append(stored)
            if len(found) == count or start == 1:
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
            self._hand_over(stored)

    def _hand_over(self, stored: Stored) -> None:
        self._next, self._seen = stored.sequence + 1, stored
        self._deliver(stored)
