"""Hands audit drafts to the keeper's stream, in order, from one queue. Never loses one.

`store` waits until the draft is on disk, for acts that may not be done without it; `queue`
does not, for what must not wait: a hold comes first, its entry follows. `hand_in` is for what
sets out behind its entry and is broken off where that is not stored.
"""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from itertools import islice

from gcs.gateway.directory import Directory
from gcs.model.audit import AuditAction, AuditDraft
from gcs.model.people import Holder
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.subjects import Subjects

STORE_S = 2.0
RETRY_S = 0.5
LONG_S = 15.0
LONGEST = 2000
AT_ONCE = 64

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be on record; who wrote it and when is added here.

    `other`: the second person of a hand-over, with `epoch` and the digest of its `brief`.
    """

    action: AuditAction
    drone: str
    outcome: str
    by: Holder | None = None
    reason: str = ""
    incident: str | None = None
    before: str = ""
    after: str = ""
    other: str = ""
    other_desk: str = ""
    epoch: int | None = None
    brief: str = ""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A draft in line. `attempt`: under way or ended; its result tells why it may not be stored."""

    draft: AuditDraft
    stored: asyncio.Future[None] | None
    attempt: asyncio.Task[str] | None = None


class Auditor:
    """The gateway's audit drafts."""

    def __init__(
        self,
        bus: Bus,
        subjects: Subjects,
        directory: Directory,
        gateway: str,
        instance: str,
        build: str,
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._subject = subjects.audit(gateway)
        self._directory = directory
        self._gateway = gateway
        self._instance = instance
        self._build = build
        self._clock = clock
        self._count = 0
        self._failing = False
        self._failing_since_s = 0.0
        self._said_error = False
        self._queue: deque[_Waiting] = deque()
        self._filled = asyncio.Event()

    def queue(self, entry: Entry) -> None:
        """Put an entry in line and go on."""
        self._put(entry, None)

    async def store(self, entry: Entry) -> bool:
        """Put an entry in line and wait until it is stored; False if that takes too long.

        An entry that took too long stays in line: the caller adds that the act was not done.
        While the stream is known not to answer, nobody waits for it.
        """
        return await self.stored(self.hand_in(entry))

    def hand_in(self, entry: Entry) -> asyncio.Future[None]:
        """Put an entry in line, on its way at once; done when it is stored."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._put(entry, stored)
        return stored

    async def stored(self, stored: asyncio.Future[None]) -> bool:
        """Wait for what was handed in, as `store` does."""
        if self._failing:
            return False
        try:
            async with asyncio.timeout(STORE_S):
                await asyncio.shield(stored)
        except TimeoutError:
            return False
        return True

    @property
    def answers(self) -> bool:
        """Whether the stream took what it was given last."""
        return not self._failing

    @property
    def waiting(self) -> int:
        """Drafts not yet stored."""
        return len(self._queue)

    async def run(self) -> None:
        """Publish in order, for ever."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            await self.publish_waiting()

    async def publish_waiting(self) -> None:
        """Publish what waits; also at the end, after `run` was cancelled.

        Entries follow each other without waiting for the one before; a server that goes away
        takes the later ones too, and they are repeated in their order, one by one. Where it
        refuses one alone, those that were on their way then come before it.
        """
        self._forget_failed()
        while self._queue:
            self._send()
            first = self._queue[0]
            assert first.attempt is not None, "sent above"
            await asyncio.wait((first.attempt,))
            if first.attempt.result():
                await asyncio.sleep(RETRY_S)
                self._forget_failed()
                continue
            if self._failing:
                log.info("the audit can be stored again")
            self._failing, self._said_error = False, False
            self._queue.popleft()
            if first.stored is not None and not first.stored.done():
                first.stored.set_result(None)

    def _send(self) -> None:
        """The foremost entries that are not on their way yet."""
        for waiting in islice(self._queue, 1 if self._failing else AT_ONCE):
            if waiting.attempt is None:
                waiting.attempt = asyncio.create_task(self._publish(waiting.draft), name="audit")

    def _forget_failed(self) -> None:
        for waiting in self._queue:
            if waiting.attempt is not None and waiting.attempt.done() and waiting.attempt.result():
                waiting.attempt = None

    def _put(self, entry: Entry, stored: asyncio.Future[None] | None) -> None:
        self._count += 1
        draft = AuditDraft(
            id=f"{self._instance}-{self._count}",
            source=self._gateway,
            build=self._build,
            utc_ms=self._clock.utc_ms(),
            monotonic_ms=round(self._clock.monotonic() * 1000),
            action=entry.action,
            object=entry.drone,
            outcome=entry.outcome[:LONGEST],
            person=entry.by.person if entry.by else "",
            role=self._directory.role(entry.by.person) if entry.by else "",
            desk=entry.by.desk if entry.by else "",
            reason=entry.reason[:LONGEST],
            incident=entry.incident or "",
            before=entry.before[:LONGEST],
            after=entry.after[:LONGEST],
            other=entry.other,
            other_desk=entry.other_desk,
            epoch=entry.epoch,
            brief=entry.brief,
        )
        self._queue.append(_Waiting(draft, stored))
        self._filled.set()
        if not self._failing:
            self._send()

    async def _publish(self, draft: AuditDraft) -> str:
        """Empty: it is stored; else why that is not known."""
        try:
            await self._bus.publish_durable(self._subject, draft, draft.id)
        except NoAnswer as error:
            self._say_failing(str(error))
            return str(error)
        return ""

    def _say_failing(self, why: str) -> None:
        """Once when it begins; once more, as an error, when it lasts longer than a restart."""
        now_s = self._clock.monotonic()
        if not self._failing:
            self._failing, self._failing_since_s = True, now_s
            log.warning("the audit cannot be stored, drafts wait in line: %s", why)
        elif not self._said_error and now_s - self._failing_since_s >= LONG_S:
            self._said_error = True
            log.error("the audit cannot be stored, %d drafts wait: %s", self.waiting, why)
