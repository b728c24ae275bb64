"""The claim and the send-fence: only one instance of a gateway speaks to the vehicles.

A paused gateway that wakes finds its fence closed, because the fence asks the clock at each
send. Confirmation counts from the moment the renewal was sent, also when it is only read back
later: another counts its six seconds from then. Another's claim is
taken over 6 s after its last renewal, or at once when its process is known to be gone: its lock,
which a paused process keeps, has become ours.
"""

import asyncio
import logging
from dataclasses import dataclass

from gcs.gateway.ticker import every
from gcs.model.control import GatewayClaim
from gcs.runtime.clock import Clock
from gcs.runtime.lock import SoleLock
from gcs.shared.bus import Bucket, NoAnswer, OutcomeUnknown, RevisionConflict
from gcs.shared.codec import BadMessage

RENEW_S = 1.0
FENCE_S = 3.0
TAKE_OVER_S = 6.0
WRITE_S = 1.5

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Other:
    """Another instance's claim as last read, and since when it has not been renewed."""

    revision: int
    since_s: float


class Claim:
    """This instance's claim of a gateway's vehicles. `may_send`: the fence, asked at each send."""

    def __init__(
        self,
        bucket: Bucket[GatewayClaim],
        gateway: str,
        instance: str,
        clock: Clock,
        lock: SoleLock | None = None,
    ) -> None:
        self._bucket = bucket
        self._key = f"claim.{gateway}"
        self._gateway = gateway
        self._instance = instance
        self._clock = clock
        self._lock = lock
        self._revision: int | None = None
        self._renewals = 0
        self._other: _Other | None = None
        self._confirmed_at_s: float | None = None
        self._sent_at_s = 0.0
        self._looked = False
        self.ours = False
        self.term = 0  # how often it was won
        self.held = asyncio.Event()
        self.lost = asyncio.Event()

    def may_send(self) -> bool:
        """Whether the claim was confirmed less than 3 s ago."""
        age = self.unconfirmed_s
        return self.ours and age is not None and age < FENCE_S

    @property
    def shadowed(self) -> bool:
        """Whether another instance spoke for the vehicles when last looked: this one is mute."""
        other = self._other
        return (
            not self.ours
            and other is not None
            and self._clock.monotonic() - other.since_s < TAKE_OVER_S
        )

    @property
    def speaks(self) -> bool:
        """Whether this instance may tell of the vehicles: not before it looked who else does."""
        return self.ours or (self._looked and not self.shadowed)

    @property
    def unconfirmed_s(self) -> float | None:
        """Seconds since the claim was last confirmed; None = never."""
        at = self._confirmed_at_s
        return None if at is None else self._clock.monotonic() - at

    async def run(self) -> None:
        """Claim and renew, for ever."""
        async for _ in every(RENEW_S):
            await self.turn()

    async def turn(self) -> None:
        """One renewal, or one look at who else holds it."""
        try:
            async with asyncio.timeout(WRITE_S):
                if self.ours or await self._free():
                    await self._write()
        except (TimeoutError, OutcomeUnknown, NoAnswer) as error:
            log.warning("claim of %s not confirmed: %s", self._gateway, str(error) or "no answer")
            await self._read_back()
        except RevisionConflict:
            await self._read_back()
        except BadMessage as error:
            log.error("claim of %s cannot be read: %s", self._gateway, error)

    async def release(self) -> None:
        """Give the claim up, so that another instance need not wait. Best effort."""
        if not self.may_send():
            return
        self.ours = False
        try:
            async with asyncio.timeout(WRITE_S):
                entry = await self._bucket.get(self._key)  # a renewal may have been cut off
                if entry is not None and entry.value.instance == self._instance:
                    await self._bucket.put(self._key, self._value(released=True), entry.revision)
        except (TimeoutError, OutcomeUnknown, NoAnswer, RevisionConflict, BadMessage) as error:
            log.warning("claim of %s not released: %s", self._gateway, str(error) or "no answer")

    async def _write(self) -> None:
        sent_at_s = self._sent_at_s = self._clock.monotonic()
        self._renewals += 1
        revision = await self._bucket.put(self._key, self._value(), self._revision)
        self._confirm(revision, sent_at_s)

    def _confirm(self, revision: int, at_s: float) -> None:
        self._revision = revision
        self._confirmed_at_s = at_s
        self.term += not self.ours
        self.ours = True
        self._other = None
        self.held.set()
        self.lost.clear()

    async def _free(self) -> bool:
        """Read who holds it; True when this instance may write over it."""
        entry = await self._bucket.get(self._key)
        self._looked = True
        if entry is None:
            self._revision = None
            return True
        self._revision = entry.revision
        if entry.value.released or entry.value.instance == self._instance:
            return True
        if self._is_gone(entry.value):
            log.warning("gateway %s: its former process is gone: claimed at once", self._gateway)
            return True
        now_s = self._clock.monotonic()
        if self._other is None or self._other.revision != entry.revision:
            if self._other is None:
                log.info("gateway %s is claimed by %s", self._gateway, entry.value.instance)
            self._other = _Other(entry.revision, now_s)
        return now_s - self._other.since_s >= TAKE_OVER_S

    def _is_gone(self, claim: GatewayClaim) -> bool:
        """Its process held our lock and we could take it: it has ended, it is not just paused."""
        return self._lock is not None and claim.lock == self._lock.name and self._lock.held()

    async def _read_back(self) -> None:
        """A write's outcome is not known: what the bucket says now counts."""
        try:
            async with asyncio.timeout(WRITE_S):
                entry = await self._bucket.get(self._key)
        except (TimeoutError, NoAnswer, BadMessage):
            return  # the fence closes by itself
        if entry is not None and entry.value.instance == self._instance:
            newest = entry.value.renewal == self._renewals
            self._revision = entry.revision
            if newest and not entry.value.released:
                self._confirm(entry.revision, self._sent_at_s)
        elif self.ours:
            log.error("gateway %s was claimed by another instance: silent from now", self._gateway)
            self.ours = False
            self._other = _Other(entry.revision, self._clock.monotonic()) if entry else None
            self._confirmed_at_s = None
            self.held.clear()
            self.lost.set()

    def _value(self, released: bool = False) -> GatewayClaim:
        return GatewayClaim(
            self._gateway,
            self._instance,
            self._renewals,
            self._clock.utc_ms(),
            released,
            self._lock.name if self._lock is not None and self._lock.held() else "",
        )
