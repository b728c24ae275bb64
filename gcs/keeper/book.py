"""The keeper's pen: audit drafts in order into the chain, each on disk before it counts.

Writing runs in a thread, several waiting drafts at once, so that the loop never waits for
the disk.
"""

import asyncio
import hashlib
import secrets
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from gcs.audit.log import AuditLog, AuditUnavailable
from gcs.keeper.disk import DiskThread
from gcs.model.audit import AuditAction, AuditDraft
from gcs.model.people import Holder
from gcs.runtime.clock import Clock

SOURCE = "keeper"
LONGEST = 2000
AT_ONCE = 256


class Tally(StrEnum):
    """What is counted by its entries in the chain itself; begins the ids of their drafts."""

    ALERTS_REFUSED = "alert-refused"


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
    tally: Tally | None = None  # set, with `once`: counted, also over a restart


class AuditBook:
    """The one user of the audit log."""

    def __init__(self, log: AuditLog, build: str, clock: Clock) -> None:
        self.instance = secrets.token_hex(6)
        self._log = log
        self._build = build
        self._clock = clock
        self._count = 0
        self._tallies = {tally: log.tally(f"{tally}-") for tally in Tally}
        self._waiting: deque[tuple[AuditDraft, asyncio.Future[None]]] = deque()
        self._filled = asyncio.Event()
        self._disk = DiskThread()

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

    def tally(self, tally: Tally) -> int:
        """How many entries of this kind are in the chain."""
        return self._tallies[tally]

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
            await self._disk.run(self._log.probe)

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
            await self._disk.run(self._log.close)

    async def _append(self, batch: list[tuple[AuditDraft, asyncio.Future[None]]]) -> None:
        drafts = [draft for draft, _ in batch]
        try:
            added = await self._disk.run(lambda: self._log.append(drafts))
        except AuditUnavailable as error:
            for _, done in batch:
                if not done.done():
                    done.set_exception(AuditUnavailable(str(error)))
        else:
            for tally in Tally:
                new = sum(entry.draft.id.startswith(f"{tally}-") for entry in added)
                self._tallies[tally] += new
            for _, done in batch:
                if not done.done():
                    done.set_result(None)

    def _draft(self, act: Act) -> AuditDraft:
        self._count += 1
        once = hashlib.sha256(act.once.encode()).hexdigest()[:40] if act.once else ""
        return AuditDraft(
            id=f"{act.tally or 'once'}-{once}" if once else f"{self.instance}-{self._count}",
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
