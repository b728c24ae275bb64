"""The audit log: a hash chain in a JSONL file, each entry on disk before `append` returns.

Blocking, one caller at a time: the keeper calls it from a thread. It recovers from a crash
and from a full disk; it never writes on to a chain that does not hold.
"""

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from gcs.audit.chain import Link, line_of, seal
from gcs.audit.head import read_head, write_head
from gcs.audit.verify import verify, walk
from gcs.model.audit import AuditDraft, AuditEntry
from gcs.runtime.clock import Clock
from gcs.runtime.lock import FileLock

# An entry takes less than this.
ROOM = 8192


class AuditUnavailable(OSError):
    """The audit cannot be written; `str()` is one sentence naming the file."""


class ChainFile(Protocol):
    """An open chain file. Every method may raise OSError."""

    def write(self, data: bytes) -> None:
        """Append all of `data`, onto the disk before it returns."""
        ...

    def truncate(self, size: int) -> None:
        """Cut the file to `size` bytes."""
        ...

    def close(self) -> None: ...


class DiskFile:
    """A chain file on disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        os.fsync(self._file.fileno())

    def truncate(self, size: int) -> None:
        self._file.truncate(size)
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


class AuditLog:
    """The one writer of the chain at `path`. Raises AuditUnavailable when it may not write."""

    def __init__(
        self, path: Path, clock: Clock, opener: Callable[[Path], ChainFile] = DiskFile
    ) -> None:
        self.path = path
        self._clock = clock
        self._opener = opener
        self._file: ChainFile | None = None
        self._link = Link()
        self._size = 0
        self._ids: set[str] = set()
        self._problem = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(path.with_name(path.name + ".lock"))
        except BlockingIOError:
            raise AuditUnavailable(
                f"The audit {path} is being written by another keeper."
            ) from None
        except OSError as error:
            raise AuditUnavailable(_sentence(path, error)) from None
        try:
            self._recover()
        except BaseException:
            self.close()
            raise

    @property
    def entries(self) -> int:
        """Entries on disk."""
        return self._link.count

    @property
    def problem(self) -> str:
        """Why the last write failed, in a sentence; empty when it did not."""
        return self._problem

    def tally(self, prefix: str) -> int:
        """How many entries have a draft whose id begins so. While nobody appends."""
        return sum(draft.startswith(prefix) for draft in self._ids)

    def append(self, drafts: Sequence[AuditDraft]) -> list[AuditEntry]:
        """Chain the drafts that are not yet in the chain; on disk when this returns.

        All or none: when it raises AuditUnavailable, none was added and it may be tried again.
        """
        entries = self._sealed(drafts)
        if not entries:
            return []
        data = b"".join(line_of(entry) for entry in entries)
        try:
            self._opened().write(data)
        except OSError as error:
            self._step_back()
            raise self._failed(error) from None
        self._size += len(data)
        self._link = Link(entries[-1].sequence, entries[-1].hash)
        self._ids.update(entry.draft.id for entry in entries)
        self._problem = ""
        # A head that cannot be written is behind, which verification understands.
        with contextlib.suppress(OSError):
            write_head(self.path, self._link)
        return entries

    def probe(self) -> bool:
        """Whether the audit could be written again now; clears `problem` if so."""
        try:
            file = self._opened()
            file.write(b" " * ROOM)  # cut off again at once; after a crash a torn line
            file.truncate(self._size)
            write_head(self.path, self._link)
        except OSError as error:
            self._step_back()
            self._failed(error)
            return False
        self._problem = ""
        return True

    def close(self) -> None:
        """Release the file and let another writer in."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._lock.release()

    def _sealed(self, drafts: Sequence[AuditDraft]) -> list[AuditEntry]:
        entries: list[AuditEntry] = []
        link, seen = self._link, set[str]()
        for draft in drafts:
            if draft.id in self._ids or draft.id in seen:
                continue
            entry = seal(draft, link, self._clock.utc_ms())
            link = Link(entry.sequence, entry.hash)
            seen.add(draft.id)
            entries.append(entry)
        return entries

    def _opened(self) -> ChainFile:
        """The file, cut back to what is known to be in it if a write failed before."""
        if self._file is None:
            file = self._opener(self.path)
            try:
                file.truncate(self._size)
            except OSError:
                file.close()
                raise
            self._file = file
        return self._file

    def _step_back(self) -> None:
        """A write failed half-way: the file is opened and cut anew before the next one."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.truncate(self._size)
            with contextlib.suppress(OSError):
                file.close()

    def _failed(self, error: OSError) -> AuditUnavailable:
        self._problem = _sentence(self.path, error)
        return AuditUnavailable(self._problem)

    # -- after a crash -------------------------------------------------------------------------
    def _recover(self) -> None:
        """Take up the chain where it ends; a torn last line is set aside, never a whole one."""
        try:
            head = self._head()
            if not self.path.exists() and (head is None or head.count == 0):
                self._start_anew()
                return
            found = walk(self.path)
            torn_only = head is not None and head.count <= found.link.count and not found.broken
            if found.torn and torn_only:
                self._set_aside(found.torn, found.size)
        except OSError as error:
            raise AuditUnavailable(_sentence(self.path, error)) from None
        result = verify(self.path)
        if not result.ok:
            raise AuditUnavailable(
                f"{result.sentence} Nothing is added to it: keep it and move it away, "
                "then a new chain is begun."
            )
        self._link, self._size, self._ids = found.link, found.size, set(found.ids)
        if head != self._link:
            with contextlib.suppress(OSError):
                write_head(self.path, self._link)

    def _head(self) -> Link | None:
        try:
            return read_head(self.path)
        except ValueError:
            return None  # a damaged head: verification says so

    def _start_anew(self) -> None:
        # The head first: a crash in between leaves a head that counts nothing and no chain.
        write_head(self.path, Link())
        self._opened()

    def _set_aside(self, torn: bytes, size: int) -> None:
        aside = self.path.with_name(self.path.name + ".torn")
        with aside.open("ab") as file:
            file.write(torn + b"\n")
            file.flush()
            os.fsync(file.fileno())
        chain = self._opener(self.path)
        try:
            chain.truncate(size)
        finally:
            chain.close()


def _sentence(path: Path, error: OSError) -> str:
    return f"The audit {path} cannot be written: {error.strerror or error}."
