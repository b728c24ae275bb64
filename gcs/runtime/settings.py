"""Settings files: TOML and JSON into frozen values, with errors that name file and field."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class BadSettings(ValueError):
    """A settings file that cannot be used; `str()` is one sentence naming file and field."""


def load_toml(path: Path, kind: type[T]) -> T:
    """The value in a TOML file. Raises BadSettings."""
    try:
        raw: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path}: not valid TOML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: cannot be read: {_why(error)}") from None
    return convert(raw, kind, str(path))


def convert(raw: Any, kind: type[T], name: str) -> T:
    """`raw` as `kind`. Raises BadSettings naming `name` and the field."""
    try:
        value = msgspec.convert(raw, kind, strict=True)
    except msgspec.ValidationError as error:
        raise BadSettings(f"{name}: {_field_first(str(error))}") from None
    for field in _unknown(raw, msgspec.to_builtins(value), ""):
        raise BadSettings(f"{name}: {field}: there is no such field")
    return value


def _unknown(raw: Any, taken: Any, where: str) -> Iterator[str]:
    """Fields that were written and not taken: a misspelt safety minimum must not pass unseen."""
    if isinstance(raw, dict) and isinstance(taken, dict):
        for key, value in raw.items():
            field = f"{where}.{key}".lstrip(".")
            if key in taken:
                yield from _unknown(value, taken[key], field)
            else:
                yield field
    elif isinstance(raw, list) and isinstance(taken, list | tuple):
        for number, (value, one) in enumerate(zip(raw, taken, strict=True)):
            yield from _unknown(value, one, f"{where}[{number}]")


def load_secret_json(path: Path, kind: type[T]) -> T:
    """The value in a JSON file that holds secrets: refused unless only its owner can read it."""
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise BadSettings(f"{path}: others can read it; set its mode to 0600")
        data = path.read_bytes()
    except OSError as error:
        raise BadSettings(f"{path}: cannot be read: {_why(error)}") from None
    try:
        raw = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise BadSettings(f"{path}: not valid JSON: {error}") from None
    return convert(raw, kind, str(path))


def save_secret_json(path: Path, value: object) -> None:
    """Write `value`, readable by its owner alone from the first byte on."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(value)))
    temporary.replace(path)


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _field_first(message: str) -> str:
    """msgspec says `Expected … - at `$.a[1].b``; an operator reads the field first."""
    text, _, where = message.rpartition(" - at `$")
    if not text:
        return message
    return f"{where.rstrip('`').lstrip('.')}: {text}"
