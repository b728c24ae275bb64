"""Brief and hand-off: prompts on top, then the launch sheet or the brief of what is selected."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gcs.model.mission import MissionRecord, MissionState
from ui.context import Desk
from ui.models.brief import BriefItem, drone_items, mission_items
from ui.models.handing import Part
from ui.models.handover import Step, handover_of
from ui.models.launch import launchable
from ui.models.words import Ask
from ui.panels.claim import ClaimForm, ClaimPrompt
from ui.panels.handoff import CloseForm, HandOffForm
from ui.panels.handover import HandoverPanel
from ui.panels.launch import LaunchSheet
from ui.panels.prompt import OfferPrompt
from ui.panels.prompts import PromptColumn
from ui.panels.shift_form import ShiftForm
from ui.text import Span, Tone
from ui.theme import SMALL_PX
from ui.widgets.text_line import TextLine

EMPTY = (
    "No incident and no drone is selected. Select one and its brief is filled here by itself; "
    "an incident you take shows which drone to launch and why."
)
TWO_COLUMNS_PX = 900
NAME_PX = 100
NO_HANDOVER = "No hand-over of this desk is shown."
PAGES = ("empty", "brief", "launch", "handover", "shift")
LEAST_PX = 240


class BriefItems(QWidget):
    """Name and words, in one column or two; lines are reused."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lines: list[tuple[TextLine, TextLine]] = []
        self._columns = 0
        self._count = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)

    @property
    def words(self) -> dict[str, str]:
        """What is shown, by name."""
        return {n.text: w.text for n, w in self._lines[: self._count]}

    def show_items(self, items: tuple[BriefItem, ...]) -> None:
        """Show these."""
        while len(self._lines) < len(items):
            name = TextLine(self._desk.theme, SMALL_PX, parent=self)
            name.setFixedWidth(NAME_PX)
            self._lines.append((name, TextLine(self._desk.theme, SMALL_PX, parent=self)))
            self._columns = 0
        if len(items) != self._count:
            self._count, self._columns = len(items), 0
        for item, (name, words) in zip(items, self._lines, strict=False):
            name.set_spans(Span(item.name, Tone.QUIET))
            words.set_spans(*item.spans)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= TWO_COLUMNS_PX else 1
        if columns == self._columns:
            return
        self._columns = columns
        rows = -(-self._count // columns)
        for number, (name, words) in enumerate(self._lines):
            column, row = divmod(number, max(1, rows))
            shown = number < self._count
            name.setVisible(shown)
            words.setVisible(shown)
            if shown:
                self._grid.addWidget(name, row, column * 2)
                self._grid.addWidget(words, row, column * 2 + 1)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1 if columns == 2 else 0)


class Pages(QStackedWidget):
    """As small as the page that is shown may be, not as the greediest of them."""

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else super().minimumSizeHint()


class BriefPanel(QFrame):
    """What was selected last decides what is shown. `grown`: it needs more height, or less."""

    grown = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self._desk = desk
        self._last = "incident"
        self._shifting = False
        self.prompt_column = PromptColumn(desk)
        self.empty = QLabel(EMPTY)
        self.heading = QLabel("")
        self.description = QLabel("")
        self.items = BriefItems(desk)
        self.hand_off = HandOffForm(desk)
        self.claim = ClaimForm(desk)
        self.close_form = CloseForm(desk)
        self.launch = LaunchSheet(desk)
        self.handover = HandoverPanel(desk)
        self.shift_form = ShiftForm(desk)
        self._pages = Pages()
        self._build()
        self._connect()
        self.refresh()

    @property
    def prompts(self) -> tuple[OfferPrompt, ...]:
        """Offers that wait for an answer."""
        return self.prompt_column.offers

    @property
    def claims(self) -> tuple[ClaimPrompt, ...]:
        """Drones of this desk that others want."""
        return self.prompt_column.claims

    @property
    def page(self) -> str:
        """`empty`, `brief`, `launch`, `handover` or `shift`."""
        return PAGES[self._pages.currentIndex()]

    def sizeHint(self) -> QSize:
        return QSize(560, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, LEAST_PX)

    def refresh(self) -> None:
        """Show the state as it is now."""
        state = self._desk.state
        mission, drone = self._subject()
        record = handover_of(state, drone) if drone else None
        if record is None and not drone and state.handovers():
            record = state.handovers()[0]
        self.prompt_column.refresh(reading=record is not None)
        if self._shifting and self.shift_form.refresh():
            self._pages.setCurrentIndex(4)
        elif record is not None:
            self.handover.show_record(record)
            self._pages.setCurrentIndex(3)
        elif mission is None and not drone:
            self._pages.setCurrentIndex(0)
        elif mission is not None and self._shows_launch(mission):
            self.launch.show_mission(mission.incident.key)
            self._pages.setCurrentIndex(2)
        else:
            self._show_brief(mission, drone)
            self._pages.setCurrentIndex(1)

    def _shows_launch(self, mission: MissionRecord) -> bool:
        """Also while the launch is under way: the sheet tells how it ended."""
        if self._last != "incident":
            return False
        key = mission.incident.key
        sending = self.page == "launch" and self.launch.key == key
        busy = sending and bool(self._desk.commands.progress(key))
        return busy or self._was_refused(mission) or launchable(self._desk.state, mission)

    def _was_refused(self, mission: MissionRecord) -> bool:
        """The incident keeps the refused drone for a moment: the reasons do not wait for that."""
        last = self._desk.commands.outcome(mission.incident.key)
        refused = last is not None and last[0] == "launch" and not last[1].ok
        taken = mission.state is MissionState.TAKEN and mission.owner == self._desk.state.me
        return refused and taken

    def open_hand_off(self, drone: str) -> None:
        """F: show the drone's hand-off form, or the one to ask for it, and go there."""
        self._last, self._shifting = "drone", False
        self.refresh()
        (self.claim if self.hand_off.isHidden() else self.hand_off).open()

    def refuse_claim(self, drone: str) -> None:
        """O: refuse what is asked of this desk, object, decline, or take back what is offered."""
        if self.page == "handover" and self.handover.drone == drone:
            self.handover.end()
        elif not self.prompt_column.refuse(drone):
            self._desk.commands.refuse(f"Nobody asks this desk for {drone or 'a drone'}.")

    def press(self, ask: Ask) -> bool:
        """T or F went down; says whether it is the next step of the hand-over that is shown."""
        view = self.handover.view if self.page == "handover" else None
        if view is None or view.change.drone != self._desk.selection.drone:
            return False
        giver = view.change.part is Part.GIVER
        if not (ask is Ask.HAND_OFF if giver else ask is Ask.TAKE and view.step is Step.ASSUME):
            return False
        self.handover.step_down()
        return True

    def open_shift(self) -> None:
        """Shift F: everything this desk holds, to one person, in one go."""
        self._shifting = True
        self.refresh()
        self.grown.emit()
        if self.page == "shift":
            self.shift_form.open()
        else:
            self.close_shift()
            self._desk.commands.refuse("This desk holds nothing that could be handed over.")

    def close_shift(self) -> None:
        """Offered, or left."""
        self._shifting = False
        self.refresh()
        self.grown.emit()

    def go_to_brief(self) -> None:
        """B: to the first line that waits for its tick; W waives there."""
        self.refresh()
        if self.page == "handover":
            self.handover.go_to_lines()
        else:
            self._desk.commands.refuse(NO_HANDOVER)

    def waive_next(self) -> None:
        """W: the first check that does not pass."""
        if self.page != "handover":
            self._desk.commands.refuse(NO_HANDOVER)
        elif not self.handover.checks.waive_next():
            self._desk.commands.refuse("There is no check that you could waive now.")

    def open_close(self, drone: str) -> None:
        """C: show the close form and go there."""
        self._last = "drone"
        self.refresh()
        self.close_form.open()

    def _build(self) -> None:
        self.empty.setObjectName("Quiet")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.empty.setContentsMargins(14, 8, 14, 8)
        self.heading.setObjectName("Heading")
        self.heading.setWordWrap(True)
        self.description.setWordWrap(True)
        for page in (self.empty, self._brief_page(), self.launch, self.handover, self.shift_form):
            self._pages.addWidget(page)
        body = QWidget()
        body.setObjectName("PanelBody")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.prompt_column)
        inner.addWidget(self._pages, 1)
        # The scroll area also keeps a change in here from laying out the whole window.
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(_scrolled(body))

    def _brief_page(self) -> QWidget:
        """What is read scrolls; what is pressed stays at the foot."""
        told = QWidget()
        told.setObjectName("PanelBody")
        column = QVBoxLayout(told)
        column.setContentsMargins(14, 6, 14, 6)
        column.setSpacing(6)
        for widget in (self.heading, self.description, self.items):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = _scrolled(told)
        foot = QVBoxLayout()
        foot.setContentsMargins(14, 6, 14, 10)
        foot.setSpacing(6)
        foot.addWidget(self.hand_off)
        foot.addWidget(self.claim)
        foot.addWidget(self.close_form)
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addLayout(foot)
        return page

    def _connect(self) -> None:
        desk = self._desk
        desk.bridge.control_changed.connect(lambda _drone: self.refresh())
        desk.bridge.brief_changed.connect(lambda _drone: self.refresh())
        desk.bridge.mission_changed.connect(lambda _key: self.refresh())
        desk.bridge.desks_changed.connect(self.refresh)
        desk.bridge.tick.connect(self.refresh)
        desk.commands.progress_changed.connect(lambda _target: self.refresh())
        desk.selection.drone_changed.connect(self._on_drone)
        desk.selection.incident_changed.connect(self._on_incident)
        self.shift_form.left.connect(self.close_shift)

    def _on_drone(self, drone: str) -> None:
        if self.page == "launch" and drone and self._desk.state.mission_of(drone) is None:
            self.launch.choose(drone)
            if self.launch.chosen == drone:
                return
        self._last = "drone"
        self.refresh()

    def _on_incident(self, _key: str) -> None:
        self._last = "incident"
        self.refresh()

    def _subject(self) -> tuple[MissionRecord | None, str]:
        state, selection = self._desk.state, self._desk.selection
        if self._last == "drone" and selection.drone:
            return state.mission_of(selection.drone), selection.drone
        mission = state.mission(selection.incident) if selection.incident else None
        if mission is not None:
            return mission, mission.drone or ""
        return state.mission_of(selection.drone), selection.drone

    def _show_brief(self, mission: MissionRecord | None, drone: str) -> None:
        state = self._desk.state
        incident = mission.incident if mission else None
        title = f"{incident.number} {incident.category}" if incident else "No incident"
        self.heading.setText(" · ".join(part for part in (title, drone) if part))
        self.description.setText(incident.description if incident else "")
        self.description.setVisible(bool(incident and incident.description))
        items = mission_items(state, mission) if mission else ()
        if drone:
            items += drone_items(state, drone, mission)
        self.items.show_items(items)
        record = state.control(drone) if drone else None
        self.hand_off.show_drone(drone)
        self.hand_off.setVisible(bool(drone) and not self.claim.concerns(record))
        self.claim.show_drone(drone)
        self.close_form.show_incident(incident.key if incident else "")


def _scrolled(widget: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(widget)
    return scroll
