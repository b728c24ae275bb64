"""The gateway before it knows who holds what."""

from typing import Any

from gcs.gateway.gateway import Gateway
from gcs.runtime.clock import ManualClock
from tests.unit.gateway.stage import Stage, Store


class OneStoreBus:
    """A bus whose every bucket is one store."""

    def __init__(self) -> None:
        self.store = Store()

    def bucket(self, name: str, kind: type) -> Store:
        del name, kind
        return self.store


async def test_before_the_records_are_read_nobody_counts_as_unattended() -> None:
    """A restarted gateway must not hold a drone because it has not yet read who flies it."""
    bus: Any = OneStoreBus()
    gateway = Gateway(bus, Stage().site, ManualClock(), "test", "i1", True)
    await gateway._parts.claim.turn()
    assert gateway._parts.claim.may_send() and gateway._parts.tenure.unconfirmed_s() is None
    gateway._parts.tenure.records_read = True
    assert gateway._parts.tenure.unconfirmed_s() is not None
