"""Leases of desks: who has been heard within 5 s. Decides nothing about what follows."""

from gcs.model.people import Holder
from gcs.runtime.clock import Clock

LEASE_S = 5.0


class Leases:
    """When each (person, desk) was last heard, on the gateway's own monotonic clock."""

    def __init__(self, clock: Clock, lease_s: float = LEASE_S) -> None:
        self._clock = clock
        self._lease_s = lease_s
        self._heard_at: dict[tuple[str, str], float] = {}

    def renew(self, person: str, desk: str) -> None:
        """The desk has just been heard."""
        self._heard_at[person, desk] = self._clock.monotonic()

    def renew_all(self, holders: list[Holder]) -> None:
        """Give each a full lease: after a restart or an outage nobody could be heard."""
        for holder in holders:
            self.renew(holder.person, holder.desk)

    def alive(self, holder: Holder) -> bool:
        """Whether the holder's desk was heard within the lease."""
        at = self._heard_at.get((holder.person, holder.desk))
        return at is not None and self._clock.monotonic() - at <= self._lease_s

    def person_alive(self, person: str) -> bool:
        """Whether any desk of this person was heard within the lease."""
        limit = self._clock.monotonic() - self._lease_s
        return any(at >= limit for (who, _), at in self._heard_at.items() if who == person)

    def forget_old(self) -> None:
        """Drop desks long gone, so that invented names do not pile up."""
        limit = self._clock.monotonic() - 10 * self._lease_s
        self._heard_at = {k: at for k, at in self._heard_at.items() if at >= limit}
