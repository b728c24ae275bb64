"""The retention store: alert images on disk, each with the time it is deleted.

Blocking, one caller at a time: the keeper calls it from a thread. A file is named by its
SHA-256; it goes when the last alert that holds it gives it up. What no alert holds is
erased at the start: nothing is kept without a clock.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gcs.model.alert import AlertImage

INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """An image an alert holds, and when it is deleted."""

    alert: str
    image: AlertImage
    sha256: str
    delete_utc_ms: int


class ImageStore:
    """The folder and its index. Every method may raise OSError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: dict[tuple[str, AlertImage], Kept] = {}

    def open(self, held: Iterable[Kept]) -> int:
        """Begin: the index, and what the record says is held; returns how many strays were erased.

        An index that cannot be read is made anew from `held`.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        self._index = {(kept.alert, kept.image): kept for kept in self._read()}
        for kept in held:
            if self._path(kept.sha256).exists():
                self._index[kept.alert, kept.image] = kept
        self._write()
        return self._erase_strays()

    def keep(self, kept: Kept, data: bytes) -> None:
        """Store an image, on disk when this returns. Raises ValueError for other content."""
        if hashlib.sha256(data).hexdigest() != kept.sha256:
            raise ValueError(f"image of alert {kept.alert}: its SHA-256 is another")
        before = self._index.get((kept.alert, kept.image))
        _write_file(self._path(kept.sha256), data)
        self._index[kept.alert, kept.image] = kept
        self._write()
        if before is not None:
            self._give_up(before.sha256)

    def set_clocks(self, kept: Iterable[Kept]) -> None:
        """Other deletion times for images that are held; one that is not stays away."""
        before = dict(self._index)
        for each in kept:
            if (each.alert, each.image) in self._index:
                self._index[each.alert, each.image] = each
        if self._index != before:
            self._write()

    def read(self, alert: str, image: AlertImage) -> tuple[bytes, str] | None:
        """An image and its SHA-256; None when it is not held, or is not what was stored."""
        kept = self._index.get((alert, image))
        if kept is None:
            return None
        try:
            data = self._path(kept.sha256).read_bytes()
        except FileNotFoundError:
            return None
        return (data, kept.sha256) if hashlib.sha256(data).hexdigest() == kept.sha256 else None

    def due(self, now_utc_ms: int) -> list[Kept]:
        """What is to be erased by now."""
        return [kept for kept in self._index.values() if kept.delete_utc_ms <= now_utc_ms]

    def of(self, alert: str) -> list[Kept]:
        """What an alert holds."""
        return [kept for kept in self._index.values() if kept.alert == alert]

    def erase(self, kept: Kept) -> None:
        """Give an image up; its file goes with its last holder."""
        if self._index.pop((kept.alert, kept.image), None) is not None:
            self._give_up(kept.sha256)
            self._write()

    def _give_up(self, sha256: str) -> None:
        if all(kept.sha256 != sha256 for kept in self._index.values()):
            self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256

    def _read(self) -> list[Kept]:
        try:
            return msgspec.json.decode((self.folder / INDEX).read_bytes(), type=list[Kept])
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return []

    def _write(self) -> None:
        _write_file(self.folder / INDEX, msgspec.json.encode(list(self._index.values())))

    def _erase_strays(self) -> int:
        held = {kept.sha256 for kept in self._index.values()}
        strays = [p for p in self.folder.iterdir() if p.name != INDEX and p.name not in held]
        for path in strays:
            path.unlink()
        return len(strays)


def _write_file(path: Path, data: bytes) -> None:
    """Whole or not at all, and readable by its owner alone."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
