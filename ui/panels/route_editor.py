"""The route's editor: points in a table, totals against the drone's battery, and Fly it.

Belongs to the desk; it is flown by the selected drone, bound at the press.
"""

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from gcs.model.place import Position
from gcs.model.plan import FlightPlan, PlanItem, PlanState
from gcs.station.actions import Outcome
from ui.aside import Aside
from ui.context import Desk
from ui.models.draft import Spot
from ui.models.plan_draft import PlanDraft
from ui.models.route_table import RouteTable
from ui.models.route_words import (
    few,
    progress_words,
    route_problems,
    size_words,
    start_of,
    why_not_fly,
)
from ui.models.words import muted, need_control
from ui.panels.small import GAP_PX, row_of, small_button
from ui.panels.spot_row import SpotRow
from ui.text import Tone, count_of, metres, sentence
from ui.widgets.hold_button import HoldButton, HoldPlan
from ui.widgets.text_line import TextLine
from ui.widgets.wrapped import Wrapped

CHECK_MS = 200
TOTALS_TIP = "Length and time from where the drone is, and how long it may take to be home in time"
TABLE_PX = 110
ACTS = frozenset({"fly plan", "pause plan", "resume plan", "plan item"})
RUNNING = frozenset({PlanState.FLYING, PlanState.PAUSED, PlanState.READY, PlanState.COMPLETE})


class PointTable(QTableView):
    """As low as it may be: the scroll area asks for the size that is liked best."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(TABLE_PX)

    def sizeHint(self) -> QSize:
        return QSize(200, TABLE_PX)


class RouteEditor(QFrame):
    """`changed`: draw the sketch again. `view` is what the map shows: middle and a fair size."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.draft = PlanDraft()
        self.view: tuple[Position, float] = (desk.state.site.docks[0].position, 200.0)
        self._found: tuple[str, ...] = ()
        theme = desk.theme
        self.progress, self.wrong, self.answer = (Wrapped(theme) for _ in range(3))
        self.totals = TextLine(theme)
        self.totals.set_tip(TOTALS_TIP)
        self.table = PointTable()
        self.foot = QWidget()
        self.model = RouteTable(self.draft)
        self.spot = SpotRow(theme)
        self._why = Wrapped(theme)
        self.clear = small_button("Clear", "Take all points away; undo brings them back")
        self.fly = HoldButton("Fly it", "hold", self._plan, desk.clock, theme, primary=True)
        self.pause = small_button("Pause")
        self.resume = small_button("Resume")
        self.skip = small_button("Skip to")
        self._aside = Aside(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(CHECK_MS)
        self._soon.timeout.connect(self._check)
        self._make_table()
        self._wire()
        self._lay_out()
        self.refresh()

    def take_file(self, items: tuple[PlanItem, ...]) -> None:
        """Points from a file take the route's place; undo brings it back."""
        self.draft.take(items)

    def say(self, text: str, tone: Tone = Tone.CAUTION) -> None:
        """One sentence of what could not be done, or what the answer was."""
        self.answer.tell(tone, text)

    def insert_new(self) -> None:
        """What N asks for: a point in the middle of the map."""
        self.draft.add(self.view[0])

    def refresh(self) -> None:
        """Everything that follows from the draft and the drone."""
        draft, state, drone = self.draft, self._desk.state, self._desk.selection.drone
        self.model.refresh()
        spot = draft.spot
        if spot is not None:
            self.spot.show_spot(draft.spot_words(spot), draft.place(spot))
            if self.table.currentIndex().row() != spot.point:
                self.table.selectRow(spot.point)
        else:
            self.spot.show_spot("", None)
            self.table.clearSelection()
        self.totals.set_spans(*size_words(state, draft, drone))
        self.clear.setEnabled(bool(draft.items))
        self.tell_state()

    def tell_state(self) -> None:
        """How the drone's plan goes, and what can be asked now."""
        state, drone = self._desk.state, self._desk.selection.drone
        words = progress_words(state, drone)
        self.progress.tell(words.tone, sentence(words.text))
        why = why_not_fly(state, drone, self.draft)
        if not why and self._found:
            why = "The route breaks the geofence: mend it first."
        self.fly.set_target(drone or "no drone")
        self.fly.setEnabled(not why)
        self.fly.setToolTip(why)
        profile = state.profile(drone) if drone else None
        shown = profile.plan.state if profile else PlanState.NONE
        held = bool(drone) and not need_control(state, drone)
        free = held and not muted(state, drone)
        self.pause.setEnabled(free and shown is PlanState.FLYING)
        self.resume.setEnabled(held and shown is PlanState.PAUSED)
        spot = self.draft.spot
        self.skip.setText(f"Skip to {spot.point + 1}" if spot else "Skip to")
        self.skip.setEnabled(free and spot is not None and shown in RUNNING)
        self._why.tell(Tone.QUIET, why)
        self._follow(profile.plan.current if profile and self._is_mine(profile.plan.digest) else 0)

    def _is_mine(self, digest: str) -> bool:
        return bool(self.draft.items) and self.draft.plan().digest == digest

    def _follow(self, current: int) -> None:
        if current != self.draft.current:
            self.draft.current = current
            self.model.refresh()
            self.changed.emit()

    # -- drawing -----------------------------------------------------------------------------
    def _drawn(self) -> None:
        self.say(self.draft.told)
        self.refresh()
        self._soon.start()
        self.changed.emit()

    def _row_chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and (self.draft.spot is None or self.draft.spot.point != now.row()):
            self.draft.select(Spot(0, now.row()))

    def _edited(self) -> None:
        if self.model.refused:
            self.say(self.model.refused)

    def _check(self) -> None:
        state = self._desk.state
        items, fence = self.draft.items, state.fence
        start = start_of(state, self._desk.selection.drone)
        self._aside.ask(lambda: route_problems(items, fence, start), self._checked)

    def _checked(self, found: object) -> None:
        told = found if isinstance(found, tuple) else (f"The route could not be checked: {found}.",)
        self._found = tuple(str(why) for why in told)
        self.wrong.tell(Tone.CAUTION, *few(self._found))
        self.tell_state()

    # -- flying ------------------------------------------------------------------------------
    def _plan(self) -> HoldPlan | None:
        drone, draft, state = self._desk.selection.drone, self.draft, self._desk.state
        try:
            plan = draft.plan()
        except ValueError as error:
            self.say(sentence(str(error)))
            return None
        size = draft.size(start_of(state, drone))
        return HoldPlan(
            (
                f"{drone} flies {count_of(len(plan.items), 'point', 'points')}, "
                f"{metres(size.length_m)}, then holds at the last one.",
                "It is sent the plan and read back first; you keep control.",
            ),
            lambda: (state.in_control(drone), state.control(drone), draft.content),
            lambda: self._send(plan, drone),
        )

    def _send(self, plan: FlightPlan, drone: str) -> None:
        self.say(f"{drone} is sent the plan …", Tone.QUIET)
        self._desk.commands.fly_plan(plan, drone)

    def _answered(self, name: str, outcome: Outcome) -> None:
        if name in ACTS:
            reasons = "; ".join(r for r in outcome.reasons if r not in outcome.text)
            words = sentence(outcome.text) + (f" ({reasons})" if reasons else "")
            self.say(words, Tone.QUIET if outcome.ok else Tone.CAUTION)

    # -- putting together --------------------------------------------------------------------
    def _make_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setObjectName("Route")
        table.setAccessibleName("Points of the route")
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setHighlightSections(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _wire(self) -> None:
        draft, desk = self.draft, self._desk
        draft.changed = self._drawn
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.table.itemDelegate().closeEditor.connect(lambda _editor: self._edited())
        self.spot.stepped.connect(draft.step)
        self.spot.refused.connect(self.say)
        self.spot.placed.connect(draft.move_selected)
        self.spot.insert_wanted.connect(draft.insert_after_selected)
        self.spot.delete_wanted.connect(draft.delete_selected)
        self.clear.clicked.connect(draft.clear)
        self.pause.clicked.connect(lambda: desk.commands.pause_plan())
        self.resume.clicked.connect(lambda: desk.commands.resume_plan())
        self.skip.clicked.connect(self._skip)
        desk.commands.done.connect(self._answered)
        desk.selection.drone_changed.connect(lambda _drone: self.refresh())
        desk.bridge.control_changed.connect(lambda _drone: self.tell_state())
        desk.bridge.vehicles_changed.connect(lambda _drones: self.tell_state())
        desk.bridge.fence_changed.connect(self._soon.start)
        desk.bridge.tick_lists.connect(self._turn)

    def _turn(self) -> None:
        if self.isVisible():
            self.refresh()

    def _skip(self) -> None:
        if self.draft.spot is not None:
            self._desk.commands.plan_item(self.draft.spot.point + 1)

    def _lay_out(self) -> None:
        head = row_of(self.totals, self.clear)
        head.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
        column.addWidget(self.progress)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.spot)
        acts = row_of(self.fly, self.pause, self.resume, self.skip)
        for button in (self.pause, self.resume, self.skip):
            acts.setAlignment(button, Qt.AlignmentFlag.AlignVCenter)  # else they bound the row
        acts.addStretch(1)
        foot = QVBoxLayout(self.foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(GAP_PX)
        foot.addWidget(self.wrong)
        foot.addLayout(acts)
        foot.addWidget(self._why)
        foot.addWidget(self.answer)
