"""Which of two gateways a desk believes: the one with the claim."""

from pathlib import Path
from typing import Any

from gcs.model.people import Holder
from gcs.model.site import OperatingMode, Site
from gcs.model.telemetry import DroneTelemetry, GatewayHello, TelemetryBatch
from gcs.runtime.clock import ManualClock
from gcs.runtime.settings import load_toml
from gcs.station.desk import Desk
from gcs.station.network import DeskNetwork
from gcs.station.state import DeskState

SITE = load_toml(Path(__file__).parents[3] / "resources/sites/islington.toml", Site)


class Ears:
    """A desk's network without a bus: hellos and batches come in by hand."""

    def __init__(self) -> None:
        self.clock = ManualClock(100.0)
        self.state = DeskState(SITE, Holder("pilot-a", "Pilot A", "desk-1"), self.clock)
        no_bus: Any = None
        desk = Desk(SITE, self.state, self.clock)
        self._network = DeskNetwork(no_bus, SITE, self.state, desk, self.clock)
        self._sequence = 0

    def hello(self, instance: str, claim_held: bool) -> None:
        mode = OperatingMode.TRAINING
        hello = GatewayHello(
            "gw1", instance, "islington", mode, True, "0", 0, 1.0, (), 0, claim_held, 0, 0, 0
        )
        self._network._on_gateway("hello", hello)

    def believes(self, instance: str) -> bool:
        """Whether a batch of this instance is shown."""
        self._sequence += 1
        drone = DroneTelemetry("ISL-01", 1, battery_percent=float(self._sequence))
        self._network._on_batch("tel", TelemetryBatch("gw1", instance, self._sequence, 0, (drone,)))
        view = self.state.fleet.get("ISL-01")
        return view is not None and view.telemetry.battery_percent == float(self._sequence)


def test_a_stand_by_is_not_believed_beside_the_one_that_has_the_claim() -> None:
    ears = Ears()
    ears.hello("first", True)
    ears.hello("second", False)
    assert ears.believes("first")
    assert not ears.believes("second")


def test_the_heir_is_believed_as_soon_as_it_has_the_claim() -> None:
    ears = Ears()
    ears.hello("first", True)
    ears.hello("second", True)
    ears.hello("first", False)  # woken from its pause
    assert ears.believes("second")
    assert not ears.believes("first")


def test_without_any_claim_the_one_that_is_heard_is_shown() -> None:
    ears = Ears()
    ears.hello("first", False)
    assert ears.believes("first")
    ears.clock.advance(3.1)
    ears.hello("second", False)
    assert ears.believes("second")
