"""Keeps a generated town on disk, so that the second process need not generate it again.

A cache and nothing more: whatever is wrong with the file or the folder, the town is made anew
and the program goes on. The name of a file holds all that decides its content, the program
text of the generator included.
"""

import hashlib
import logging
import os
import sys
from pathlib import Path

import msgspec

from gcs.geo.town import Town
from gcs.geo.training_town import TrainingTown

log = logging.getLogger(__name__)

GENERATION = 1  # raise it where a program without its .py files must drop older towns
_PROGRAM = "training_*.py"
_KEEP = 4


class CachedTown:
    """A town source: `source`'s town, from `folder` if it is there."""

    def __init__(self, source: TrainingTown, folder: Path) -> None:
        self._source = source
        self._folder = folder
        self._path = folder / f"town-{_key(source)}.msgpack"

    def load(self) -> Town:
        """The town. Raises ValueError as its source does."""
        try:
            return msgspec.msgpack.decode(self._path.read_bytes(), type=Town)
        except FileNotFoundError:
            pass
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("%s: cannot be used, the town is made anew: %s", self._path, error)
        town = self._source.load()
        try:
            self._store(msgspec.msgpack.encode(town))
        except OSError as error:
            log.warning("%s: the town is not kept: %s", self._folder, error)
        return town

    def _store(self, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(f".{os.getpid()}")
        part.write_bytes(data)
        part.replace(self._path)
        kept = sorted(self._folder.glob("town-*"), key=lambda p: p.stat().st_mtime)
        for old in kept[:-_KEEP]:
            old.unlink(missing_ok=True)


def cache_folder() -> Path:
    """The user's folder for what can be made again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "drone-desk"


def _key(source: TrainingTown) -> str:
    decides = (GENERATION, source.seed, source.docks, source.outline.polygons)
    digest = hashlib.sha256(msgspec.msgpack.encode(decides))
    for path in sorted(Path(__file__).parent.glob(_PROGRAM)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
