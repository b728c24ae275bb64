"""From the desk's state to Qt signals, throttled, all on the GUI thread.

Telemetry may come at any rate: views hear of it at most ten times a second, with every drone
that changed since. Ages are told once a second: `tick` for what is looked at most, `tick_lists`
and `tick_tiles` a quarter of a second apart, so that no turn of the loop is long.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gcs.station.state import DeskState, Topic

FLEET_EVERY_MS = 100
LINKS_EVERY_MS = 500
TICK_MS = 1000
PHASES = 4


class Bridge(QObject):
    """One per desk. `close()` lets go of the state."""

    fleet_changed = Signal(frozenset)
    control_changed = Signal(str)
    brief_changed = Signal(str)
    mission_changed = Signal(str)
    desks_changed = Signal()
    receipt = Signal(object)
    event_told = Signal(object)
    links_changed = Signal()
    processes_changed = Signal()
    notice = Signal(object)
    alert_changed = Signal(str)
    vehicles_changed = Signal(frozenset)
    fence_changed = Signal()
    tick = Signal()
    tick_lists = Signal()
    tick_tiles = Signal()

    def __init__(self, state: DeskState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed: set[str] = set()
        self._fleet_timer = self._single_shot(FLEET_EVERY_MS, self._tell_fleet)
        self._links_timer = self._single_shot(LINKS_EVERY_MS, self.links_changed.emit)
        table: dict[Topic, Callable[..., None]] = {
            Topic.FLEET: self._on_fleet,
            Topic.CONTROL: self.control_changed.emit,
            Topic.BRIEF: self.brief_changed.emit,
            Topic.MISSION: self.mission_changed.emit,
            Topic.DESKS: lambda _desk: self.desks_changed.emit(),
            Topic.RECEIPT: self.receipt.emit,
            Topic.EVENT: self.event_told.emit,
            Topic.LINKS: self._on_links,
            Topic.PROCESSES: lambda _table: self.processes_changed.emit(),
            Topic.NOTICE: self.notice.emit,
            Topic.ALERT: self.alert_changed.emit,
            Topic.VEHICLES: self.vehicles_changed.emit,
            Topic.FENCE: lambda _plan: self.fence_changed.emit(),
        }
        self._unsubscribe = [state.subscribe(topic, call) for topic, call in table.items()]
        self._phases = (self.tick, self.tick_lists, self.tick_tiles)
        self._phase = 0
        self._tick_timer = QTimer(self)
        self._tick_timer.setInterval(TICK_MS // PHASES)
        self._tick_timer.timeout.connect(self._turn)
        self._tick_timer.start()

    def tell_all(self) -> None:
        """All that a second would tell, now."""
        self._tell_fleet()
        for phase in self._phases:
            phase.emit()

    def close(self) -> None:
        """Stop telling; safe to call twice."""
        for timer in (self._fleet_timer, self._links_timer, self._tick_timer):
            timer.stop()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()

    def _single_shot(self, every_ms: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(every_ms)
        timer.setTimerType(Qt.TimerType.CoarseTimer)
        timer.timeout.connect(call)
        return timer

    def _on_fleet(self, drones: frozenset[str]) -> None:
        self._changed |= drones
        if not self._fleet_timer.isActive():
            self._fleet_timer.start()

    def _on_links(self, _links: object) -> None:
        if not self._links_timer.isActive():
            self._links_timer.start()

    def _turn(self) -> None:
        if self._phase < len(self._phases):
            self._phases[self._phase].emit()
        self._phase = (self._phase + 1) % PHASES

    def _tell_fleet(self) -> None:
        changed = frozenset(self._changed)
        self._changed.clear()
        self.fleet_changed.emit(changed)
