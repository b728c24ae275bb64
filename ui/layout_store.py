"""Each person's arrangement of the windows and muted sounds, in files of the config folder.

A broken or foreign file never stops the desk: the defaults and one sentence.
"""

import base64
import binascii
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

VERSION = 2


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`states` holds Qt's dock state by fold (`wide`, `folded`); `geometry` the window's."""

    geometry: bytes = b""
    states: dict[str, bytes] = field(default_factory=dict)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    geometry: str
    states: dict[str, str]


class LayoutStore:
    """Reads and writes one person's arrangement."""

    def __init__(self, folder: Path, person: str) -> None:
        self.path = folder / f"arrangement-{person}.json"

    def load(self) -> tuple[Arrangement | None, str]:
        """The arrangement, or None with a sentence (empty when there is no file yet)."""
        try:
            raw = msgspec.json.decode(self.path.read_bytes(), type=_File)
            if raw.version != VERSION:
                return None, self._told(f"version {raw.version}, this program reads {VERSION}")
            states = {fold: _bytes(text) for fold, text in raw.states.items()}
            return Arrangement(_bytes(raw.geometry), states), ""
        except FileNotFoundError:
            return None, ""
        except (msgspec.DecodeError, binascii.Error, UnicodeDecodeError, ValueError) as error:
            return None, self._told(str(error))
        except OSError as error:
            return None, self._told(error.strerror or str(error))

    def save(self, arrangement: Arrangement) -> str:
        """Write it whole or not at all; returns a sentence when it could not be kept."""
        file = _File(
            VERSION,
            _text(arrangement.geometry),
            {fold: _text(state) for fold, state in arrangement.states.items()},
        )
        why = _write_whole(self.path, msgspec.json.encode(file))
        return f"Your arrangement was not kept: {why}." if why else ""

    def forget(self) -> None:
        """Remove the file; none is fine."""
        self.path.unlink(missing_ok=True)

    def _told(self, why: str) -> str:
        return f"{self.path}: {why}; the windows stand in their default arrangement."


class MuteStore:
    """Reads and writes which classes of sounds one person has muted, by name."""

    def __init__(self, folder: Path, person: str) -> None:
        self.path = folder / f"muted-{person}.json"

    def load(self) -> tuple[tuple[str, ...], str]:
        """The names, and a sentence where the file cannot be used: then all sounds are on."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=tuple[str, ...]), ""
        except FileNotFoundError:
            return (), ""
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return (), f"{self.path}: {error}; all sounds are on."
        except OSError as error:
            return (), f"{self.path}: {error.strerror or error}; all sounds are on."

    def save(self, names: tuple[str, ...]) -> str:
        """Write them; returns a sentence when they could not be kept."""
        why = _write_whole(self.path, msgspec.json.encode(names))
        return f"What you muted was not kept: {why}." if why else ""


def _write_whole(path: Path, data: bytes) -> str:
    """Write whole or not at all; returns why not, with the path, or empty."""
    temporary = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        return f"{path}: {error.strerror or error}"
    return ""


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
