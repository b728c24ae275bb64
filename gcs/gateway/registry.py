"""The control records in the bucket: read at the start, written with an expected revision.

In doubt the bucket wins. A write whose outcome is not known leaves the record UNCERTAIN, in
memory only, until it is read back and written anew as it stands: a write that comes late then
changes nothing. What cannot be read for 5 s is nobody's: once it can be, one
more write says so under an epoch above every one that may have been given. A record that cannot
be read at the start stays UNCERTAIN: its epoch is not known, and none is made up.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from gcs.control.machine import step
from gcs.control.stimulus import ControlEvent, Stimulus
from gcs.gateway.ticker import every
from gcs.model.control import ControlRecord, ControlState
from gcs.model.function import Function
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bucket, BucketEntry, NoAnswer, OutcomeUnknown, RevisionConflict
from gcs.shared.codec import BadMessage

READ_BACK_S = 5.0
RETRY_S = 0.25
NEVER_READ = 0  # in place of a revision

Told = Callable[[ControlRecord, ControlRecord, Stimulus], None]

log = logging.getLogger(__name__)


class Registry:
    """What the bucket says of each drone's control, and the one way to change it.

    `apart`: drones whose payload has a record of its own. `airborne(drone)` is asked when a
    record is given up. `on_doubt(before, after, stimulus)` is told of every change that was not
    asked for: into doubt, and out of it.
    """

    def __init__(
        self,
        bucket: Bucket[ControlRecord],
        drones: tuple[str, ...],
        clock: Clock,
        apart: frozenset[str] = frozenset(),
        airborne: Callable[[str], bool] = lambda drone: True,
    ) -> None:
        self._bucket = bucket
        self._clock = clock
        self._airborne = airborne
        self.apart = apart
        self._keys = tuple((d, Function.FLIGHT) for d in drones) + tuple(
            (d, Function.PAYLOAD) for d in drones if d in apart
        )
        self._entries: dict[str, BucketEntry[ControlRecord]] = {}
        self._doubts: dict[str, ControlRecord] = {}
        self._settling: set[str] = set()
        # As last known: asked for many times a second for each drone.
        self._flights: dict[str, ControlRecord] = {}
        self._payloads: dict[str, ControlRecord] = {}
        self.on_doubt: Told = lambda before, after, stimulus: None

    def record(self, drone: str, function: Function = Function.FLIGHT) -> ControlRecord:
        """The record as last known. Before `load` nobody holds anything."""
        apart = function is Function.PAYLOAD
        found = (self._payloads if apart else self._flights).get(drone)
        return found or ControlRecord(drone, ControlState.UNOWNED, 0, 0, function=function)

    @property
    def records(self) -> tuple[ControlRecord, ...]:
        """All of them."""
        return tuple(self.record(*k) for k in self._keys)

    def uncertain(self, drone: str) -> bool:
        """Whether the bucket's word on the flight or the payload is not known."""
        if not self._doubts:
            return False
        return any(_key(drone, f) in self._doubts for f in Function)

    async def load(self) -> None:
        """Read every record, make the missing ones; waits for the bus as long as it takes.

        Each is written anew as it stands: a gateway that was paused with a change half done
        and wakes after its claim was lost then expects a revision that is gone.
        """
        for drone, function in self._keys:
            async for _ in every(RETRY_S):
                if await self._load(drone, function):
                    break

    async def write(self, record: ControlRecord) -> bool:
        """Write; True if the bucket now says this. Else the bucket's own word is adopted."""
        key = _key(record.drone, record.function)
        entry = self._entries[key]
        try:
            revision = await self._bucket.put(key, record, entry.revision)
        except (RevisionConflict, OutcomeUnknown) as error:
            log.warning("control of %s: %s", record.drone, error)
            return await self._settle(key, record)
        self._settled(BucketEntry(key, record, revision))
        return True

    async def reconcile(self) -> None:
        """Read back what is still uncertain; the bucket wins."""
        for key in tuple(self._doubts):
            if key not in self._settling:
                await self._adopt(key)

    async def _settle(self, key: str, record: ControlRecord) -> bool:
        self._into_doubt(key, ControlEvent.WRITE_UNKNOWN)
        give_up_at_s = self._clock.monotonic() + READ_BACK_S
        self._settling.add(key)
        try:
            while not await self._adopt(key):
                if self._clock.monotonic() >= give_up_at_s:
                    self._into_doubt(key, ControlEvent.UNREADABLE)
                    return False
                await asyncio.sleep(RETRY_S)
        finally:
            self._settling.discard(key)
        return self._entries[key].value == record

    def _into_doubt(self, key: str, event: ControlEvent) -> None:
        before = self._doubts.get(key) or self._entries[key].value
        stimulus = self._stimulus(event, before.drone)
        after = step(before, stimulus)
        assert isinstance(after, ControlRecord), "listed for every state"
        self._doubted(key, after)
        self.on_doubt(before, after, stimulus)

    async def _adopt(self, key: str) -> bool:
        try:
            found = await self._bucket.get(key)
        except (NoAnswer, BadMessage) as error:
            log.debug("control %s cannot be read back: %s", key, error)
            return False
        before = self._doubts.get(key)
        if before is None:
            return True
        if before.state is not ControlState.UNCERTAIN:
            return await self._give_up(key, before, found or self._entries[key])
        if found is not None:
            found = await self._anew(found)
        elif self._entries[key].revision != NEVER_READ:
            found = self._entries[key]
        if found is None:
            return False
        self._settled(found)
        stimulus = replace(self._stimulus(ControlEvent.READ_BACK, before.drone), found=found.value)
        self.on_doubt(before, found.value, stimulus)
        return True

    async def _anew(self, found: BucketEntry[ControlRecord]) -> BucketEntry[ControlRecord] | None:
        """Written once more as it stands: a write that is still under way then comes too late.
        Where that is not known either, what was read has to do."""
        try:
            revision = await self._bucket.put(found.key, found.value, found.revision)
        except OutcomeUnknown as error:
            log.warning("control %s is not written anew: %s", found.key, error)
            return found
        except RevisionConflict:
            return None
        return BucketEntry(found.key, found.value, revision)

    async def _give_up(
        self, key: str, before: ControlRecord, found: BucketEntry[ControlRecord]
    ) -> bool:
        """It was nobody's for as long as it could not be read; now the bucket says so too."""
        stimulus = self._stimulus(ControlEvent.UNREADABLE, before.drone)
        left = step(replace(found.value, state=ControlState.UNCERTAIN), stimulus)
        assert isinstance(left, ControlRecord), "listed for what is uncertain"
        left = replace(left, epoch=max(left.epoch, before.epoch))
        try:
            revision = await self._bucket.put(key, left, found.revision)
        except (RevisionConflict, OutcomeUnknown) as error:
            log.warning("control %s is not given up yet: %s", key, error)
            return False
        self._settled(BucketEntry(key, left, revision))
        self.on_doubt(before, left, stimulus)
        return True

    def _stimulus(self, event: ControlEvent, drone: str) -> Stimulus:
        return Stimulus(event, self._clock.utc_ms(), airborne=self._airborne(drone))

    async def _load(self, drone: str, function: Function) -> bool:
        key = _key(drone, function)
        try:
            entry = await self._bucket.get(key)
            if entry is None:
                now = self._clock.utc_ms()
                record = ControlRecord(drone, ControlState.UNOWNED, 0, now, function=function)
                revision = await self._bucket.put(key, record, None)
            else:
                record = entry.value
                revision = await self._bucket.put(key, record, entry.revision)
        except BadMessage as error:
            return self._unreadable(key, drone, function, str(error))
        except (NoAnswer, OutcomeUnknown, RevisionConflict) as error:
            log.warning("control of %s not read yet: %s", drone, error)
            return False
        self._settled(BucketEntry(key, record, revision))
        return True

    def _unreadable(self, key: str, drone: str, function: Function, why: str) -> bool:
        """Nobody can say who holds it or under which epoch: nobody commands it, and nothing is
        written over it, until somebody mends the record."""
        before = self.record(drone, function)
        if key not in self._entries:
            self._entries[key] = BucketEntry(key, before, NEVER_READ)
        if before.state is ControlState.UNCERTAIN:
            return True  # said before
        log.error("control of %s is unreadable: %s", drone, why)
        after = replace(before, state=ControlState.UNCERTAIN, holder=None)
        self._doubted(key, after)
        self.on_doubt(before, after, self._stimulus(ControlEvent.UNREADABLE, drone))
        return True

    def _settled(self, entry: BucketEntry[ControlRecord]) -> None:
        """The bucket says so."""
        self._entries[entry.key] = entry
        self._doubts.pop(entry.key, None)
        self._believe(entry.value)

    def _doubted(self, key: str, record: ControlRecord) -> None:
        """In memory alone."""
        self._doubts[key] = record
        self._believe(record)

    def _believe(self, record: ControlRecord) -> None:
        apart = record.function is Function.PAYLOAD
        (self._payloads if apart else self._flights)[record.drone] = record


def _key(drone: str, function: Function) -> str:
    return f"payload.{drone}" if function is Function.PAYLOAD else f"drone.{drone}"
