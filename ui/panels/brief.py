"""Brief and hand-off: prompts on top, then the launch sheet or the brief of what is selected."""

from typing import TypeVar

from PySide6.QtCore import QSize, Qt
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

from gcs.model.control import ControlRecord
from gcs.model.mission import MissionRecord, MissionState
from ui.context import Desk
from ui.models.brief import BriefItem, drone_items, mission_items
from ui.models.launch import launchable
from ui.panels.claim import ClaimForm, ClaimPrompt
from ui.panels.handoff import CloseForm, HandOffForm
from ui.panels.launch import LaunchSheet
from ui.panels.prompt import OfferPrompt
from ui.text import Span, Tone
from ui.theme import SMALL_PX
from ui.widgets.text_line import TextLine

Prompt = TypeVar("Prompt", OfferPrompt, ClaimPrompt)

EMPTY = (
    "No incident and no drone is selected. Select one and its brief is filled here by itself; "
    "an incident you take shows which drone to launch and why."
)
TWO_COLUMNS_PX = 900
NAME_PX = 100
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
    """What was selected last decides what is shown."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self._desk = desk
        self._last = "incident"
        self._prompts: dict[str, OfferPrompt] = {}
        self._claims: dict[str, ClaimPrompt] = {}
        self.empty = QLabel(EMPTY)
        self.heading = QLabel("")
        self.description = QLabel("")
        self.items = BriefItems(desk)
        self.hand_off = HandOffForm(desk)
        self.claim = ClaimForm(desk)
        self.close_form = CloseForm(desk)
        self.launch = LaunchSheet(desk)
        self._pages = Pages()
        self._prompt_column = QVBoxLayout()
        self._build()
        self._connect()
        self.refresh()

    @property
    def prompts(self) -> tuple[OfferPrompt, ...]:
        """Offers that wait for an answer."""
        return tuple(self._prompts.values())

    @property
    def claims(self) -> tuple[ClaimPrompt, ...]:
        """Drones of this desk that others want."""
        return tuple(self._claims.values())

    @property
    def page(self) -> str:
        """`empty`, `brief` or `launch`."""
        return ("empty", "brief", "launch")[self._pages.currentIndex()]

    def sizeHint(self) -> QSize:
        return QSize(560, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, LEAST_PX)

    def refresh(self) -> None:
        """Show the state as it is now."""
        self._show_prompts()
        mission, drone = self._subject()
        if mission is None and not drone:
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
        self._last = "drone"
        self.refresh()
        (self.claim if self.hand_off.isHidden() else self.hand_off).open()

    def refuse_claim(self, drone: str) -> None:
        """O: refuse what is asked of this desk, or object to it."""
        prompt = self._claims.get(drone)
        if prompt is None or not prompt.refuse.isEnabled():
            self._desk.commands.refuse(f"Nobody asks this desk for {drone or 'a drone'}.")
        else:
            prompt.refuse.click()

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
        for page in (self.empty, self._brief_page(), self.launch):
            self._pages.addWidget(page)
        body = QWidget()
        body.setObjectName("PanelBody")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(self._prompt_column)
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
        desk.bridge.mission_changed.connect(lambda _key: self.refresh())
        desk.bridge.desks_changed.connect(self.refresh)
        desk.bridge.tick.connect(self.refresh)
        desk.commands.progress_changed.connect(lambda _target: self.refresh())
        desk.selection.drone_changed.connect(self._on_drone)
        desk.selection.incident_changed.connect(self._on_incident)

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

    def _show_prompts(self) -> None:
        state = self._desk.state
        self._show_kind(self._prompts, OfferPrompt, state.offers_to_me())
        self._show_kind(self._claims, ClaimPrompt, state.claims_on_me())

    def _show_kind(
        self, shown: dict[str, Prompt], kind: type[Prompt], records: tuple[ControlRecord, ...]
    ) -> None:
        wanted = {record.drone: record for record in records}
        for drone in [d for d in shown if d not in wanted]:
            prompt = shown.pop(drone)
            self._prompt_column.removeWidget(prompt)
            prompt.hide()
            prompt.deleteLater()
        for drone, record in wanted.items():
            if drone not in shown:
                shown[drone] = kind(self._desk, drone)
                self._prompt_column.addWidget(shown[drone])
            shown[drone].show_record(record)


def _scrolled(widget: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(widget)
    return scroll
