"""A lock on a file that ends with its process, however that ends; a paused process keeps it."""

import os
import socket
from pathlib import Path
from typing import IO

if os.name == "nt":  # pragma: no cover
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """Held from construction to `release`. Raises OSError when another holds it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")
        try:
            _lock(self._file)
        except OSError:
            self._file.close()
            raise

    def release(self) -> None:
        """Let another writer in."""
        self._file.close()


class SoleLock:
    """A lock that may be tried for as long as it takes, with a name the whole site can compare.

    Who holds the lock of a name knows that its former holder's process is gone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: FileLock | None = None
        self.name = f"{socket.gethostname()}:{path.resolve()}"

    def held(self) -> bool:
        """Whether it is ours; tries to take it. A file that cannot be opened is not held."""
        if self._held is None:
            try:
                self._held = FileLock(self._path)
            except OSError:
                return False
        return True

    def release(self) -> None:
        """Let another process have it."""
        if self._held is not None:
            self._held.release()
            self._held = None
