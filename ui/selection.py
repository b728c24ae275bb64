"""What the operator looks at: one object for the desk. Select anywhere, selected everywhere."""

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """The selected drone and incident; empty string means none."""

    drone_changed = Signal(str)
    incident_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drone = ""
        self._incident = ""

    @property
    def drone(self) -> str:
        return self._drone

    @property
    def incident(self) -> str:
        return self._incident

    def select_drone(self, drone: str) -> None:
        """Select a drone everywhere; '' selects none."""
        if drone != self._drone:
            self._drone = drone
            self.drone_changed.emit(drone)

    def select_incident(self, key: str) -> None:
        """Select an incident everywhere; '' selects none."""
        if key != self._incident:
            self._incident = key
            self.incident_changed.emit(key)
