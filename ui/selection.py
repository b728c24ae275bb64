"""What the operator looks at: one object for the desk. Select anywhere, selected everywhere.

A drone is what commands go to; a fixed camera is only looked at, so that choosing one never
takes the drone away from the keys. The focus shows the feed chosen last, or the pinned one.
"""

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """The selected drone, incident and camera, and the pinned feed; empty string means none."""

    drone_changed = Signal(str)
    incident_changed = Signal(str)
    camera_changed = Signal(str)
    focus_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drone = ""
        self._incident = ""
        self._camera = ""
        self._pinned = ""

    @property
    def drone(self) -> str:
        return self._drone

    @property
    def incident(self) -> str:
        return self._incident

    @property
    def camera(self) -> str:
        """The fixed camera that was chosen after the drone."""
        return self._camera

    @property
    def feed(self) -> str:
        """The feed chosen last: a camera's, else the drone's."""
        return self._camera or self._drone

    @property
    def pinned(self) -> str:
        """The feed that stays in the focus whatever is selected."""
        return self._pinned

    @property
    def focus(self) -> str:
        """The feed that the focus shows."""
        return self._pinned or self.feed

    def select_drone(self, drone: str) -> None:
        """Select a drone everywhere; '' selects none."""
        if drone != self._drone:
            self._drone = drone
            self.drone_changed.emit(drone)
            if not self._camera:
                self.focus_changed.emit()
        self._set_camera("")

    def select_incident(self, key: str) -> None:
        """Select an incident everywhere; '' selects none."""
        if key != self._incident:
            self._incident = key
            self.incident_changed.emit(key)

    def select_camera(self, camera: str) -> None:
        """Look at a fixed camera; the selected drone stays the one that commands go to."""
        self._set_camera(camera)

    def pin(self, feed: str) -> None:
        """Keep a feed in the focus; '' lets the focus follow the selection again."""
        if feed != self._pinned:
            self._pinned = feed
            self.focus_changed.emit()

    def _set_camera(self, camera: str) -> None:
        if camera != self._camera:
            self._camera = camera
            self.camera_changed.emit(camera)
            self.focus_changed.emit()
