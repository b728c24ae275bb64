"""A disk that can be full, for the audit log's opener."""

import errno
from pathlib import Path

from gcs.audit.log import ChainFile, DiskFile


class SmallDisk:
    """A disk with so many bytes left; a write that does not fit is done in part."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, path: Path) -> ChainFile:
        return _OnSmallDisk(path, self)


class _OnSmallDisk(DiskFile):
    def __init__(self, path: Path, disk: SmallDisk) -> None:
        super().__init__(path)
        self._disk = disk

    def write(self, data: bytes) -> None:
        part = data[: self._disk.left]
        self._disk.left -= len(part)
        super().write(part)
        if len(part) < len(data):
            raise OSError(errno.ENOSPC, "No space left on device")
