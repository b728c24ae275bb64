"""The keeper's pen: audit drafts in order into the chain, each on disk before it counts.

Writing runs in a thread, several waiting drafts at once, so that the loop never waits for
the disk.
"""

import asyncio
import hashlib
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from gcs.audit.log import AuditLog, AuditUnavailable
from gcs.model.audit import AuditAction, AuditDraft
from gcs.model.people import Holder
from gcs.runtime.clock import Clock

SOURCE = "keeper"
LONGEST = 2000
AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be on record; source, times and number are added here."""

    action: AuditAction
    object: str
    outcome: str
    by: Holder | None = None
    role: str = ""
    reason: str = ""
    incident: str = ""
    before: str = ""
    after: str = ""
    once: str = ""  # set: recorded once only, however often it is handed in


class AuditBook:
    """The one user of the audit log."""

    def __init__(self, log: AuditLog, build: str, clock: Clock) -> None:
        self.instance = secrets.token_hex(6)
        self._log = log
        self._build = build
        self._clock = clock
        self._count = 0
        self._waiting: deque[tuple[AuditDraft, asyncio.Future[None]]] = deque()
        self._filled = asyncio.Event()
        self._disk = asyncio.Lock()

    @property
    def entries(self) -> int:
        """Entries in the chain."""
        return self._log.entries

    @property
    def path(self) -> str:
        """Where the chain is."""
        return str(self._log.path)

    @property
    def problem(self) -> str:
        """Why the audit cannot be written, in a sentence; empty when it can."""
        return self._log.problem

    async def write(self, act: Act) -> None:
        """Put an act of the keeper on record. Raises AuditUnavailable."""
        await self.add(self._draft(act))

    async def add(self, draft: AuditDraft) -> None:
        """Put a draft on record, once by its id. Raises AuditUnavailable."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((draft, done))
        self._filled.set()
        await done

    async def probe(self) -> None:
        """After a failure: see whether the disk takes something again."""
        if self._log.problem:
            await self._in_thread(self._log.probe)

    async def run(self) -> None:
        """Write until cancelled; a write under way is finished, then the log is closed."""
        try:
            while True:
                await self._filled.wait()
                self._filled.clear()
                while self._waiting:
                    take = min(AT_ONCE, len(self._waiting))
                    await self._append([self._waiting.popleft() for _ in range(take)])
        finally:
            async with self._disk:
                self._log.close()

    async def _append(self, batch: list[tuple[AuditDraft, asyncio.Future[None]]]) -> None:
        drafts = [draft for draft, _ in batch]
        try:
            await self._in_thread(lambda: self._log.append(drafts))
        except AuditUnavailable as error:
            for _, done in batch:
                if not done.done():
                    done.set_exception(AuditUnavailable(str(error)))
        else:
            for _, done in batch:
                if not done.done():
                    done.set_result(None)

    async def _in_thread(self, work: Callable[[], object]) -> None:
        """Run `work` in a thread, one at a time; when cancelled, first let it finish."""
        async with self._disk:
            working = asyncio.ensure_future(asyncio.to_thread(work))
            try:
                await asyncio.shield(working)
            except asyncio.CancelledError:
                await asyncio.wait({working})
                working.exception()
                raise

    def _draft(self, act: Act) -> AuditDraft:
        self._count += 1
        once = hashlib.sha256(act.once.encode()).hexdigest()[:40] if act.once else ""
        return AuditDraft(
            id=f"once-{once}" if once else f"{self.instance}-{self._count}",
            source=SOURCE,
            build=self._build,
            utc_ms=self._clock.utc_ms(),
            monotonic_ms=round(self._clock.monotonic() * 1000),
            action=act.action,
            object=act.object,
            outcome=act.outcome[:LONGEST],
            person=act.by.person if act.by else "",
            role=act.role,
            desk=act.by.desk if act.by else "",
            reason=act.reason[:LONGEST],
            incident=act.incident,
            before=act.before[:LONGEST],
            after=act.after[:LONGEST],
        )
