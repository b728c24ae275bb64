"""Watches the room on the shift's disk. A bus that met a full disk stays shut until restarted."""

import shutil
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

FULL_BELOW_BYTES = 16 << 20
ROOM_ABOVE_BYTES = 64 << 20


class DiskNews(StrEnum):
    """What changed since the last look."""

    NOTHING = "nothing"
    FULL = "full"
    ROOM_AGAIN = "room_again"


def free_bytes(folder: Path) -> int:
    """Room left for this user on the folder's disk. Raises OSError."""
    return shutil.disk_usage(folder).free


class DiskWatch:
    """Tells each change once; between the two limits things stay as they were."""

    def __init__(self, folder: Path, free: Callable[[Path], int] = free_bytes) -> None:
        self.folder = folder
        self._free = free
        self._full = False

    def look(self) -> DiskNews:
        """Measure now. A disk that cannot be measured changes nothing."""
        try:
            free = self._free(self.folder)
        except OSError:
            return DiskNews.NOTHING
        if not self._full and free < FULL_BELOW_BYTES:
            self._full = True
            return DiskNews.FULL
        if self._full and free > ROOM_ABOVE_BYTES:
            self._full = False
            return DiskNews.ROOM_AGAIN
        return DiskNews.NOTHING
