"""What the page says to the program, over QWebChannel. Checks what comes in; decides nothing."""

import math

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from gcs.model.place import Position


class SketchAct(msgspec.Struct, frozen=True):
    """What was done to the draft on the map. `do` names it; metres east and north for a nudge."""

    do: str
    figure: int = -1
    point: int = -1
    at: tuple[float, float] | None = None
    by: int = 0
    east: float = 0.0
    north: float = 0.0
    metres: float = 0.0

    @property
    def place(self) -> Position | None:
        """Where. Raises ValueError for one not on Earth."""
        return None if self.at is None else Position(*self.at)


class PageBridge(QObject):
    """Slots for the page, signals for the view. Named `bridge` in the page."""

    page_ready = Signal()
    drone_chosen = Signal(str)
    incident_chosen = Signal(str)
    camera_chosen = Signal(str)
    place_chosen = Signal(object)  # Position
    choice_cancelled = Signal()
    view_moved = Signal(object, float)  # Position of the middle, zoom
    sketched = Signal(object)  # SketchAct
    pan_measured = Signal(int, float)  # id of the request, frames a second
    fault = Signal(str)

    @Slot()
    def ready(self) -> None:
        self.page_ready.emit()

    @Slot(str)
    def droneClicked(self, drone: str) -> None:
        self.drone_chosen.emit(drone)

    @Slot(str)
    def incidentClicked(self, key: str) -> None:
        self.incident_chosen.emit(key)

    @Slot(str)
    def cameraClicked(self, camera: str) -> None:
        self.camera_chosen.emit(camera)

    @Slot(float, float)
    def placeChosen(self, lat_deg: float, lon_deg: float) -> None:
        place = self._place(lat_deg, lon_deg)
        if place is None:
            self.fault.emit("The map named a place that is not on Earth; choose again.")
        else:
            self.place_chosen.emit(place)

    @Slot()
    def choiceCancelled(self) -> None:
        self.choice_cancelled.emit()

    @Slot(float, float, float)
    def moved(self, lat_deg: float, lon_deg: float, zoom: float) -> None:
        place = self._place(lat_deg, lon_deg)
        if place is not None:
            self.view_moved.emit(place, zoom)

    @Slot(str)
    def drawn(self, text: str) -> None:
        try:
            act = msgspec.json.decode(text, type=SketchAct)
            act.place  # noqa: B018  (checked here, once)
        except (msgspec.DecodeError, ValueError):
            self.fault.emit("The map named a place that is not on Earth; the draft is as it was.")
        else:
            self.sketched.emit(act)

    @Slot(int, float)
    def panned(self, request: int, frames_per_second: float) -> None:
        self.pan_measured.emit(request, frames_per_second)

    @Slot(str)
    def problem(self, sentence: str) -> None:
        self.fault.emit(sentence)

    @staticmethod
    def _place(lat_deg: float, lon_deg: float) -> Position | None:
        if not (math.isfinite(lat_deg) and math.isfinite(lon_deg)):
            return None
        try:
            return Position(lat_deg, lon_deg)
        except ValueError:
            return None
