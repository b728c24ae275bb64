"""Who is signed on where, as the keeper recorded it: only a desk signed on to fly takes control.

The record stands while the keeper is away, and a drone that is held is flown on without it.
"""

from gcs.control.stimulus import Refusal
from gcs.gateway.directory import Directory
from gcs.model.mission import DeskPresence
from gcs.model.people import FLYING_ROLES, Holder
from gcs.shared.bus import Bucket, BucketEntry


class SignedOn:
    """The desks of the keeper's record, read only."""

    def __init__(self, record: Bucket[DeskPresence], directory: Directory) -> None:
        self._record = record
        self._directory = directory
        self._desks: dict[str, DeskPresence] = {}

    async def watch(self) -> None:
        """Read the desks and keep up; returns once those present are known."""
        await self._record.watch("desk.*", self._seen)

    def against(self, by: Holder) -> Refusal | None:
        """Why this person may not take control from this desk; None if they may."""
        desk = self._desks.get(by.desk)
        if desk is None or not desk.signed_on or desk.holder.person != by.person:
            return Refusal(f"{by.name} is not signed on at {by.desk}: sign on first")
        if desk.role not in FLYING_ROLES:
            return Refusal(f"{by.label} observes and may not take control")
        return None

    def _seen(self, entry: BucketEntry[DeskPresence]) -> None:
        self._desks[entry.value.holder.desk] = entry.value
        self._directory.note(entry.value)
