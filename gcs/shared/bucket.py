"""A typed view of a key-value bucket: read, write if unchanged, watch."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from gcs.shared.codec import decode, encode
from gcs.shared.connection import Connection
from gcs.shared.faults import NoAnswer, OutcomeUnknown, RevisionConflict
from gcs.shared.inlet import Inlet
from gcs.shared.reader import Reader, Stored, last_of

T = TypeVar("T")

WRITE_S = 3.0
# nats-server's codes for "wrong last sequence".
_CONFLICTS = frozenset({10071, 10164})


@dataclass(frozen=True, slots=True)
class BucketEntry(Generic[T]):
    """A bucket's value and the revision to expect when writing it again."""

    key: str
    value: T
    revision: int


class Bucket(Generic[T]):
    """A JetStream key-value bucket whose values under `prefix` are all of one type."""

    def __init__(self, connection: Connection, inlet: Inlet, name: str, kind: type[T]) -> None:
        self._connection = connection
        self._inlet = inlet
        self._kind = kind
        self._stream = f"KV_{name}"
        self._root = f"$KV.{name}."

    async def get(self, key: str) -> BucketEntry[T] | None:
        """The entry, or None. Raises BadMessage, NoAnswer."""
        stored = await last_of(self._connection, self._stream, self._root + key)
        if stored is None or stored.deleted:
            return None
        return BucketEntry(key, decode(stored.data, self._kind, stored.subject), stored.sequence)

    async def put(self, key: str, value: T, revision: int | None) -> int:
        """Write if the key is still at `revision` (None: must not exist). Returns the new one.

        Raises RevisionConflict, OutcomeUnknown.
        """
        headers = {"Nats-Expected-Last-Subject-Sequence": str(revision or 0)}
        return await self._write(key, encode(value), headers)

    async def erase(self, key: str, revision: int) -> int:
        """Erase if the key is still at `revision`: a mark stays, the value does not.

        Raises RevisionConflict, OutcomeUnknown.
        """
        expected = {"Nats-Expected-Last-Subject-Sequence": str(revision)}
        return await self._write(key, b"", {**expected, "KV-Operation": "DEL"})

    async def _write(self, key: str, data: bytes, headers: dict[str, str]) -> int:
        try:
            message = await self._connection.request(self._root + key, data, WRITE_S, headers)
        except NoAnswer as error:
            raise OutcomeUnknown(f"Writing {key}: {error}") from None
        reply = json.loads(message.data)
        if "error" not in reply:
            sequence: int = reply["seq"]
            return sequence
        if reply["error"].get("err_code") in _CONFLICTS:
            raise RevisionConflict(f"{key} was written by somebody else since it was read.")
        raise OutcomeUnknown(f"Writing {key}: {reply['error'].get('description', 'refused')}.")

    async def watch(
        self,
        pattern: str,
        handler: Callable[[BucketEntry[T]], None],
        erased: Callable[[str, int], None] | None = None,
    ) -> None:
        """Call `handler` for every present entry that matches, then for each change.

        `erased(key, revision)` is called for a key that was erased.

        Returns once the present ones were handed over (it waits for the bus if need be) and
        goes on by itself until the bus is closed. A key's older values may be skipped, the
        newest never; none is repeated, unless the server comes back with another store.
        """

        def deliver(stored: Stored) -> None:
            key = stored.subject.removeprefix(self._root)
            if stored.deleted:
                if erased is not None:
                    self._inlet.hand(erased, key, stored.sequence)
                return
            value = self._inlet.take(stored.subject, stored.data, self._kind)
            if value is not None:
                self._inlet.hand(handler, BucketEntry(key, value, stored.sequence))

        reader = Reader(self._connection, self._stream, self._root + pattern, deliver, None)
        await reader.start()
