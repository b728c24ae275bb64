"""Values to bytes and back: msgpack in a versioned envelope that names the type.

A message of another version, another type or with a wrong field is refused with one
sentence that names the subject and the field.
"""

from typing import Any, TypeVar

import msgspec

VERSION = 1
# A sentence may quote what came, and what came may be long.
_MOST_TEXT = 300

T = TypeVar("T")


class BadMessage(ValueError):
    """A message that cannot be taken; `str()` is one sentence for a log or a screen."""


class _Envelope(msgspec.Struct, array_like=True):
    version: int
    type: str
    body: msgspec.Raw


_encoder = msgspec.msgpack.Encoder()
_envelope = msgspec.msgpack.Decoder(_Envelope)


_decoders: dict[type[Any], msgspec.msgpack.Decoder[Any]] = {}


def _decoder(kind: type[T]) -> msgspec.msgpack.Decoder[T]:
    if kind not in _decoders:
        _decoders[kind] = msgspec.msgpack.Decoder(kind)
    return _decoders[kind]


def encode(value: object) -> bytes:
    """One value of `gcs.model` as bytes."""
    return _encoder.encode((VERSION, type(value).__name__, value))


def decode(data: bytes, kind: type[T], subject: str) -> T:
    """The value in `data`. Raises BadMessage, naming `subject` and the field."""
    try:
        envelope = _envelope.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadMessage(f"{subject}: not a message of this system ({_short(error)})") from None
    if envelope.version != VERSION:
        raise BadMessage(f"{subject}: version {envelope.version}, this program reads {VERSION}")
    if envelope.type != kind.__name__:
        raise BadMessage(f"{subject}: carries {envelope.type[:64]!r}, expected {kind.__name__!r}")
    try:
        return _decoder(kind).decode(envelope.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadMessage(f"{subject}: {_which(kind, envelope.body)}{_short(error)}") from None


def _short(error: Exception) -> str:
    """Its end names the field, so the middle goes."""
    text, half = str(error), _MOST_TEXT // 2
    return text if len(text) <= _MOST_TEXT else f"{text[:half]}…{text[-half:]}"


def _which(kind: type[Any], body: msgspec.Raw) -> str:
    """`Incident MPS-20261122-1042: `, as far as a malformed body tells what it is about."""
    try:
        fields = msgspec.msgpack.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    if not isinstance(fields, dict):
        return ""
    names = (fields.get(field) for field in ("key", "drone", "id", "gateway"))
    name = next((name for name in names if isinstance(name, str) and name), None)
    return f"{kind.__name__} {name[:64]}: " if name else ""
