"""The control records in the bucket: read at the start, written with an expected revision.

In doubt the bucket wins: an unknown outcome is read back, and until that succeeds the record
stands as it was.
"""

import asyncio
import logging

from gcs.gateway.ticker import every
from gcs.model.control import ControlRecord, ControlState
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bucket, BucketEntry, NoAnswer, OutcomeUnknown, RevisionConflict
from gcs.shared.codec import BadMessage

READ_BACK_S = 5.0
RETRY_S = 0.25

log = logging.getLogger(__name__)


class Registry:
    """What the bucket says of each drone's control, and the one way to change it."""

    def __init__(
        self, bucket: Bucket[ControlRecord], drones: tuple[str, ...], clock: Clock
    ) -> None:
        self._bucket = bucket
        self._drones = drones
        self._clock = clock
        self._entries: dict[str, BucketEntry[ControlRecord]] = {}
        self.uncertain: set[str] = set()

    def __getitem__(self, drone: str) -> ControlRecord:
        """The record as last known. Before `load` nobody holds anything."""
        entry = self._entries.get(drone)
        if entry is None:
            return ControlRecord(drone, ControlState.UNOWNED, 0, 0)
        return entry.value

    @property
    def records(self) -> tuple[ControlRecord, ...]:
        """All of them."""
        return tuple(self[d] for d in self._drones)

    async def load(self) -> None:
        """Read every record, make the missing ones; waits for the bus as long as it takes.

        Each is written anew as it stands: a gateway that was paused with a change half done
        and wakes after its claim was lost then expects a revision that is gone.
        """
        for drone in self._drones:
            async for _ in every(RETRY_S):
                if await self._load(drone):
                    break

    async def write(self, record: ControlRecord) -> bool:
        """Write; True if the bucket now says this. Else the bucket's own word is adopted."""
        entry = self._entries[record.drone]
        try:
            revision = await self._bucket.put(_key(record.drone), record, entry.revision)
        except (RevisionConflict, OutcomeUnknown) as error:
            log.warning("control of %s: %s", record.drone, error)
            return await self._settle(record)
        self._entries[record.drone] = BucketEntry(_key(record.drone), record, revision)
        return True

    async def reconcile(self) -> None:
        """Read back what is still uncertain; the bucket wins."""
        for drone in tuple(self.uncertain):
            await self._adopt(drone)

    async def _settle(self, record: ControlRecord) -> bool:
        self.uncertain.add(record.drone)
        give_up_at_s = self._clock.monotonic() + READ_BACK_S
        while not await self._adopt(record.drone):
            if self._clock.monotonic() >= give_up_at_s:
                return False
            await asyncio.sleep(RETRY_S)
        return self[record.drone] == record

    async def _adopt(self, drone: str) -> bool:
        try:
            entry = await self._bucket.get(_key(drone))
        except (NoAnswer, BadMessage) as error:
            log.debug("control of %s cannot be read back: %s", drone, error)
            return False
        if entry is not None:
            self._entries[drone] = entry
        self.uncertain.discard(drone)
        return True

    async def _load(self, drone: str) -> bool:
        try:
            entry = await self._bucket.get(_key(drone))
            if entry is None:
                now = self._clock.utc_ms()
                record = ControlRecord(drone, ControlState.UNOWNED, 0, now)
                revision = await self._bucket.put(_key(drone), record, None)
            else:
                record = entry.value
                revision = await self._bucket.put(_key(drone), record, entry.revision)
        except BadMessage as error:
            return await self._replace_unreadable(drone, str(error))
        except (NoAnswer, OutcomeUnknown, RevisionConflict) as error:
            log.warning("control of %s not read yet: %s", drone, error)
            return False
        self._entries[drone] = BucketEntry(_key(drone), record, revision)
        self.uncertain.discard(drone)
        return True

    async def _replace_unreadable(self, drone: str, why: str) -> bool:
        """Nobody can say who held it: it cannot be commanded until somebody mends the record."""
        if drone not in self.uncertain:
            log.error("control of %s is unreadable: %s", drone, why)
            self.uncertain.add(drone)
        now = self._clock.utc_ms()
        record = ControlRecord(drone, ControlState.UNOWNED, 0, now)
        self._entries[drone] = BucketEntry(_key(drone), record, 0)
        return True


def _key(drone: str) -> str:
    return f"drone.{drone}"
