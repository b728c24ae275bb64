"""The gateway before it knows who holds what."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.gateway.gateway import Gateway
from gcs.gateway.parts import Parts
from gcs.geo.earth import offset
from gcs.model.command import Waiver
from gcs.model.site import AuthorisedVolume
from gcs.runtime.clock import ManualClock
from tests.unit.gateway.stage import DRONE, Stage, Store


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


async def test_a_waived_volume_is_waived_for_the_flights_moves_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bus: Any = OneStoreBus()
    site = Stage().site
    dock = site.dock_of(DRONE).position
    corners = tuple(offset(dock, bearing, 100.0) for bearing in (0.0, 120.0, 240.0))
    volume = AuthorisedVolume("V1", "a small one", corners)
    parts = Parts(bus, replace(site, volumes=(volume,)), ManualClock(), "test", "i1")
    drone, outside = parts.drones[DRONE], offset(dock, 90.0, 500.0)
    assert parts._against_volume(drone, outside, 40.0, dock)
    monkeypatch.setattr(parts.overrides, "of_flight", lambda d: frozenset({Waiver.VOLUME}))
    assert parts._against_volume(drone, outside, 40.0, dock) == ""
    assert parts.overrides.run in parts.running, "who ends it with the flight"


async def test_a_vehicle_that_never_answered_has_not_for_as_long_as_it_is_heard() -> None:
    bus: Any = OneStoreBus()
    clock = ManualClock()
    parts = Parts(bus, Stage().site, clock, "test", "i1")
    drone = parts.drones[DRONE]
    assert parts._unanswered_s(drone) is None
    drone.vehicle.first_heard_s = clock.monotonic()
    clock.advance(40.0)
    assert parts._unanswered_s(drone) == 40.0
    drone.vehicle.answered()
    assert parts._unanswered_s(drone) == 0.0
