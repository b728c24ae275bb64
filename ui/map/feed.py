"""Keeps the page up to date: coalesces changes and sends each as one script call.

At most ten calls a second, and never a second one before the first was answered: a slow page
gets fewer and larger changes, not a queue.
"""

import json

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from gcs.station.state import DeskState, Topic
from ui.map.browser import MapBrowser
from ui.map.life import PageLife
from ui.map.marks import Change, Selected
from ui.map.model import MapModel
from ui.selection import Selection
from ui.wall import Sights

GAP_S = 0.1
TICK_MS = 1000
SIGHTS_MS = 200


class PageFeed(QObject):
    """Desk state and selection in, `desk.apply` calls out."""

    problem = Signal(str)

    def __init__(
        self,
        state: DeskState,
        selection: Selection,
        browser: MapBrowser,
        life: PageLife,
        sights: Sights,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._clock = state.clock
        self._selection = selection
        self._browser = browser
        self._life = life
        self._model = MapModel(state, sights)
        self._asked_at_s: float | None = None  # a call is on its way since then
        self._call = 0
        self._sent_at_s = float("-inf")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._send)
        self._ages = QTimer(self)
        self._ages.setInterval(TICK_MS)
        self._ages.timeout.connect(self._tick)
        self._ages.start()
        self._looks = QTimer(self)
        self._looks.setInterval(SIGHTS_MS)
        self._looks.timeout.connect(self._look)
        self._looks.start()
        life.came_up.connect(self._send_everything)
        selection.drone_changed.connect(self.wake)
        selection.incident_changed.connect(self.wake)
        selection.camera_changed.connect(self.wake)
        self._unsubscribe = [
            state.subscribe(Topic.FLEET, self._fleet),
            state.subscribe(Topic.CONTROL, lambda drone: self._fleet((drone,))),
            state.subscribe(Topic.MISSION, self._mission),
            state.subscribe(Topic.VEHICLES, lambda _drones: self.wake()),
            state.subscribe(Topic.FENCE, lambda _plan: self.wake()),
            state.subscribe(Topic.TRAFFIC, lambda _picture: self.wake()),
        ]

    def stop(self) -> None:
        """No more calls: the page is about to go."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()
        self._ages.stop()
        self._looks.stop()
        self._soon.stop()

    def wake(self) -> None:
        """Something changed: send it soon, together with all that changes until then."""
        if self._life.alive and not self._soon.isActive() and self._asked_at_s is None:
            rest_s = max(0.0, self._sent_at_s + GAP_S - self._clock.monotonic())
            self._soon.start(round(min(rest_s, GAP_S) * 1000))

    def _fleet(self, drones: frozenset[str] | tuple[str, ...]) -> None:
        self._model.touch_drones(drones)
        self.wake()

    def _mission(self, key: str) -> None:
        self._model.touch_incident(key)
        self.wake()

    def _look(self) -> None:
        self._model.touch_footprints()
        self.wake()

    def _tick(self) -> None:
        self._life.tick()
        if self._asked_at_s is not None:
            self._life.waiting(self._clock.monotonic() - self._asked_at_s)
        self._model.touch_ages()
        self.wake()

    def _send_everything(self) -> None:
        self._asked_at_s = None
        self._post(self._model.everything(self._selected()))

    def _send(self) -> None:
        if not self._life.alive or self._asked_at_s is not None:
            return
        change = self._model.change(self._selected())
        if not change.empty:
            self._post(change)

    def _post(self, change: Change) -> None:
        self._call += 1
        call = self._call
        self._sent_at_s = self._asked_at_s = self._clock.monotonic()
        words = json.dumps(msgspec.json.encode(change).decode())
        self._browser.map_page.runJavaScript(
            f"desk.apply({words})", 0, lambda answer: self._answered(call, answer)
        )

    def _answered(self, call: int, answer: object) -> None:
        if call != self._call:
            return  # from before a reload
        self._asked_at_s = None
        self._life.answered()
        if not isinstance(answer, str):
            self.problem.emit("The map did not say whether it drew the last change.")
        elif answer:
            self.problem.emit(answer)
        self.wake()

    def _selected(self) -> Selected:
        return Selected(self._selection.drone, self._selection.incident, self._selection.camera)
