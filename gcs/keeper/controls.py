"""The gateway's control records, read and never written: who holds which drone, which camera."""

from collections.abc import Callable, Mapping

from gcs.keeper.record import Shelf
from gcs.model.control import ControlRecord
from gcs.model.function import Function
from gcs.model.people import Holder
from gcs.model.site import Site
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects


class Controls:
    """What the control bucket says now."""

    def __init__(self, bus: Bus, names: Subjects, site: Site) -> None:
        bucket = bus.bucket(names.control_bucket, ControlRecord)
        self._flights = Shelf[ControlRecord](bucket, "drone")
        self._payloads = Shelf[ControlRecord](bucket, "payload")
        self._apart = frozenset(d.id for d in site.drones if not d.coupled)

    async def load(self, changed: Callable[[ControlRecord], None]) -> None:
        """Read everything; `changed` is called for each record, and for every later one."""
        await self._flights.load(changed)
        await self._payloads.load(changed)

    @property
    def flights(self) -> Mapping[str, ControlRecord]:
        """Who holds the flight, by drone."""
        return {record.drone: record for record in self._flights.values}

    def held(self, by: Holder) -> tuple[str, ...]:
        """The drones of which this person at this desk holds the flight or the camera."""
        held = {
            record.drone
            for record in (*self._flights.values, *self._payloads.values)
            if record.holder is not None
            and (record.holder.person, record.holder.desk) == (by.person, by.desk)
        }
        return tuple(sorted(held))

    def camera_holder(self, feed: str) -> Holder | None:
        """Who holds the camera of a feed; None for a fixed camera, and when nobody does."""
        shelf = self._payloads if feed in self._apart else self._flights
        record = shelf.get(feed)
        return record.holder if record else None

    def takes_camera(self, record: ControlRecord) -> bool:
        """Whether the camera of the drone goes where this record goes."""
        if record.function is Function.PAYLOAD:
            return record.drone in self._apart
        with_it = record.handover is None or record.handover.payload
        return with_it or record.drone not in self._apart
