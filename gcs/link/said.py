"""What a vehicle says while it is given an order: its reasons, as far as they can be tied to it.

Warnings and worse, from the send to shortly after the answer. A text that a vehicle repeats by
itself is nobody's reason but an arming's.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from gcs.link.autopilot import Order
from gcs.link.mavlink import dialect
from gcs.link.vehicle import Vehicle

REPEATED = ("PreArm: ",)  # said each 30 s, whatever is asked
_WARNING = dialect.MAV_SEVERITY_WARNING


class Said:
    """The texts that belong to one order. Use within `listening()`."""

    def __init__(self, vehicle: Vehicle, order: Order) -> None:
        self._vehicle = vehicle
        self._arming = order.command == dialect.MAV_CMD_COMPONENT_ARM_DISARM
        self._texts: list[str] = []

    @property
    def texts(self) -> tuple[str, ...]:
        """What was said until now, each once."""
        return tuple(self._texts)

    @contextmanager
    def listening(self) -> Iterator["Said"]:
        """Opened before the send."""
        with self._vehicle.hearing_texts(self._hear):
            yield self

    def _hear(self, severity: int, text: str) -> None:
        if severity > _WARNING or text in self._texts:
            return
        if self._arming or not text.startswith(REPEATED):
            self._texts.append(text)
