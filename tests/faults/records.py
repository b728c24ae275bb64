"""What the site's record says of control, read with the keeper's rights: they need no sign-on."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gcs.model.control import ControlRecord
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects
from tests.faults.proof import Tenancy
from tests.support.world import KEEPER, World


class Records:
    """Every control record that was told, by drone and epoch; and the newest of each drone."""

    def __init__(self) -> None:
        self.newest: dict[str, ControlRecord] = {}
        self.told: dict[str, list[tuple[float, ControlRecord]]] = {}
        self._epochs: dict[str, dict[int, ControlRecord]] = {}
        self._utc_s = time.time() - time.monotonic()

    async def watch(self, bus: Bus, names: Subjects) -> None:
        """The bucket, until the bus is closed."""
        bucket = bus.bucket(names.control_bucket, ControlRecord)
        await bucket.watch("drone.*", lambda entry: self._newest(entry.value))

    def tenancies(self, drone: str) -> list[Tenancy]:
        """Who held it from when, monotonic seconds."""
        by_epoch = sorted(self._epochs.get(drone, {}).items())
        return [Tenancy(self.since_s(r), r.holder.desk if r.holder else None) for _, r in by_epoch]

    def since_s(self, record: ControlRecord) -> float:
        """Since when its holder has held it, or nobody, monotonic seconds."""
        return record.since_utc_ms / 1000 - self._utc_s

    def holder(self, drone: str, epoch: int) -> str | None:
        """The desk that held it under an epoch, as far as was told."""
        record = self._epochs.get(drone, {}).get(epoch)
        return record.holder.desk if record and record.holder else None

    def _newest(self, record: ControlRecord) -> None:
        self.newest[record.drone] = record
        self.told.setdefault(record.drone, []).append((time.monotonic(), record))
        self._epochs.setdefault(record.drone, {}).setdefault(record.epoch, record)


@asynccontextmanager
async def watched(world: World) -> AsyncIterator[Records]:
    """The records as they change, through any loss of the bus."""
    records = Records()
    bus = await world.connect(KEEPER)
    try:
        await records.watch(bus, Subjects(world.site.id))
        yield records
    finally:
        await bus.close()
