"""The borough's record: the bucket the keeper alone writes, and its picture of it.

The picture is the bucket's last known values. A write is done only when the bucket has it.
"""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from gcs.model.alert import AlertRecord, Deployment
from gcs.model.fence import FencePlan
from gcs.model.mission import DeskPresence, MissionRecord
from gcs.shared.bus import Bucket, BucketEntry, Bus, NoAnswer, OutcomeUnknown, RevisionConflict
from gcs.shared.codec import BadMessage
from gcs.shared.subjects import Subjects

T = TypeVar("T")


class RecordUnavailable(Exception):
    """The record was not written; `str()` is one sentence."""


class Shelf(Generic[T]):
    """The entries under one prefix of the bucket."""

    def __init__(self, bucket: Bucket[T], prefix: str) -> None:
        self._bucket = bucket
        self._prefix = prefix
        self._entries: dict[str, BucketEntry[T]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def load(self, changed: Callable[[T], None] | None = None) -> None:
        """Read everything there is and keep up with what comes; `changed` is called for each."""

        def seen(entry: BucketEntry[T]) -> None:
            self._seen(entry)
            if changed is not None:
                changed(entry.value)

        await self._bucket.watch(f"{self._prefix}.*", seen, self._gone)

    def lock(self, name: str) -> asyncio.Lock:
        """Held while an act reads, decides and writes one entry."""
        return self._locks.setdefault(name, asyncio.Lock())

    def get(self, name: str) -> T | None:
        """The entry's present value."""
        entry = self._entries.get(f"{self._prefix}.{name}")
        return entry.value if entry else None

    @property
    def values(self) -> tuple[T, ...]:
        """All of them."""
        return tuple(entry.value for entry in self._entries.values())

    async def write(self, name: str, value: T) -> None:
        """Write over the last known revision.

        Raises RecordUnavailable; a write that came through after all is seen by the watch.
        """
        key = f"{self._prefix}.{name}"
        known = self._entries.get(key)
        try:
            revision = await self._bucket.put(key, value, known.revision if known else None)
        except RevisionConflict:
            await self._read_again(key)
            raise RecordUnavailable(f"{key} was written by another keeper; ask again.") from None
        except OutcomeUnknown as error:
            if not await self._is_there(key, value):
                raise RecordUnavailable(f"The record was not written. {error}") from None
        else:
            self._seen(BucketEntry(key, value, revision))

    async def erase(self, name: str) -> None:
        """Erase the entry; one that is not there is erased already. Raises RecordUnavailable."""
        key = f"{self._prefix}.{name}"
        known = self._entries.get(key)
        if known is None:
            return
        try:
            revision = await self._bucket.erase(key, known.revision)
        except (RevisionConflict, OutcomeUnknown) as error:
            raise RecordUnavailable(f"{key} was not erased. {error}") from None
        self._gone(key, revision)

    async def _is_there(self, key: str, value: T) -> bool:
        await self._read_again(key)
        entry = self._entries.get(key)
        return entry is not None and entry.value == value

    async def _read_again(self, key: str) -> None:
        try:
            entry = await self._bucket.get(key)
        except (NoAnswer, BadMessage) as error:
            raise RecordUnavailable(
                f"It is not known whether the record was written. {error}"
            ) from None
        if entry is not None:
            self._seen(entry)

    def _seen(self, entry: BucketEntry[T]) -> None:
        known = self._entries.get(entry.key)
        if known is None or entry.revision > known.revision:
            self._entries[entry.key] = entry

    def _gone(self, key: str, revision: int) -> None:
        known = self._entries.get(key)
        if known is not None and revision > known.revision:
            del self._entries[key]


class Record:
    """Missions, desks, alerts and the deployments they rest on, and the site's fence."""

    def __init__(self, bus: Bus, names: Subjects) -> None:
        bucket = names.record_bucket
        self.missions = Shelf[MissionRecord](bus.bucket(bucket, MissionRecord), "mission")
        self.desks = Shelf[DeskPresence](bus.bucket(bucket, DeskPresence), "desk")
        self.alerts = Shelf[AlertRecord](bus.bucket(bucket, AlertRecord), "alert")
        self.deployments = Shelf[Deployment](bus.bucket(bucket, Deployment), "deployment")
        self.fences = Shelf[FencePlan](bus.bucket(bucket, FencePlan), "fence")

    async def load(self) -> None:
        """Read it; returns once everything present is known."""
        shelves = (self.missions, self.desks, self.alerts, self.deployments, self.fences)
        for shelf in shelves:
            await shelf.load()

    def mission_where(self, holds: Callable[[MissionRecord], bool]) -> MissionRecord | None:
        """The first mission for which `holds`."""
        return next((m for m in self.missions.values if holds(m)), None)
