"""The command buttons: each carries its key and its target; a greyed one says who holds.

Hold, Return and Look at act at once; Land, Take and Go need a hold. Targets are bound at the press.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from gcs.model.place import Position
from ui.context import Desk
from ui.models.words import Ask, offered_to_me, why_not
from ui.panels.go_to import GoToRow
from ui.panels.look_at import LookAtRow
from ui.text import Span, Tone, metres
from ui.theme import SMALL_PX
from ui.widgets.hold_button import HoldButton, HoldPlan
from ui.widgets.key_button import KeyButton
from ui.widgets.text_line import TextLine

KEY_WORDS = {
    Ask.HOLD: "H",
    Ask.RETURN: "R",
    Ask.GO_TO: "G",
    Ask.LOOK_AT: "L",
    Ask.LAND: "hold D",
    Ask.TAKE: "hold T",
    Ask.HAND_OFF: "F",
    Ask.RELEASE: "",
    Ask.CLOSE: "C",
}


class CommandBar(QWidget):
    """`press` and `let_go` are what the keyboard calls."""

    place_wanted = Signal(str, str)  # the drone, the question
    place_dropped = Signal()
    hand_off_wanted = Signal(str)
    close_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._bound = ""
        self.beside = TextLine(desk.theme, SMALL_PX, whole_only=True)
        self.buttons: dict[Ask, KeyButton] = {}
        self._make_buttons()
        self.go_to = GoToRow(desk)
        self.go_to.closed.connect(self._close_choice)
        self.look_at = LookAtRow(desk)
        self.look_at.closed.connect(self._close_choice)
        self._pages = QStackedWidget(self)
        self._build()
        self.refresh()

    @property
    def choosing(self) -> bool:
        """Whether a place is being chosen, for Go to or Look at."""
        return self._pages.currentIndex() != 0

    @property
    def asking(self) -> GoToRow | LookAtRow | None:
        """Who asks for the place."""
        page = self._pages.currentWidget()
        return page if isinstance(page, GoToRow | LookAtRow) else None

    def refresh(self) -> None:
        """Names, and which buttons can act now."""
        drone = self._desk.selection.drone
        state = self._desk.state
        reasons = {ask: why_not(state, drone, ask) for ask in Ask}
        for ask, button in self.buttons.items():
            button.set_target(drone or "no drone")
            button.setEnabled(not reasons[ask])
            button.setToolTip(reasons[ask])
        offered = bool(drone) and offered_to_me(state, drone)
        self.buttons[Ask.TAKE].set_label("Open brief" if offered else Ask.TAKE.value)
        self.buttons[Ask.TAKE].set_key("T" if offered else KEY_WORDS[Ask.TAKE])
        record = state.control(drone) if drone else None
        others = record is not None and record.holder not in (None, state.me)
        self.buttons[Ask.HAND_OFF].set_label("Ask for it" if others else Ask.HAND_OFF.value)
        self.beside.set_spans(Span(reasons[Ask.HOLD] or reasons[Ask.GO_TO], Tone.QUIET))
        if self.asking is not None and why_not(state, self.asking.drone, Ask.GO_TO):
            self._close_choice()

    def press(self, ask: Ask) -> None:
        """A key went down. A button that cannot act says why."""
        button = self.buttons[ask]
        rows: dict[Ask, GoToRow | LookAtRow] = {
            Ask.GO_TO: self.go_to,
            Ask.LOOK_AT: self.look_at,
        }
        if self.asking is not None and rows.get(ask) is self.asking:
            self.asking.press()
        elif not button.isEnabled():
            why = why_not(self._desk.state, self._desk.selection.drone, ask)
            self._desk.commands.refuse(f"{ask.value} was not sent. {why}")
        elif isinstance(button, HoldButton):
            # From here the key's release comes straight to Qt, not by way of the map's page.
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            button.begin()
        else:
            button.click()

    def let_go(self, ask: Ask) -> None:
        """A key went up."""
        button = self.buttons[ask]
        if ask is Ask.GO_TO:
            self.go_to.go.key_up()
        elif isinstance(button, HoldButton):
            button.key_up()

    def still_held(self, ask: Ask) -> None:
        """A key that seemed to go up is only repeating."""
        button = self.go_to.go if ask is Ask.GO_TO else self.buttons[ask]
        if isinstance(button, HoldButton):
            button.key_still_down()

    def offer_place(self, position: Position) -> None:
        """A place was chosen on the map for the drone that asked for it."""
        if self.asking is not None:
            self.asking.set_place(position)

    def escape(self) -> bool:
        """Give up choosing a place; says whether there was something to give up."""
        was = self.choosing
        self._close_choice()
        return was

    def _make_buttons(self) -> None:
        clicks: dict[Ask, Callable[[str], object]] = {
            Ask.HOLD: self._desk.commands.hold,
            Ask.RETURN: self._desk.commands.return_home,
            Ask.GO_TO: self._open_go_to,
            Ask.LOOK_AT: self._open_look_at,
            Ask.HAND_OFF: self.hand_off_wanted.emit,
            Ask.RELEASE: self._desk.commands.release,
            Ask.CLOSE: self.close_wanted.emit,
        }
        holds: dict[Ask, Callable[[], HoldPlan | None]] = {
            Ask.LAND: self._plan_land,
            Ask.TAKE: self._plan_take,
        }
        desk = self._desk
        for ask in Ask:
            if ask in holds:
                self.buttons[ask] = HoldButton(
                    ask.value, KEY_WORDS[ask], holds[ask], desk.clock, desk.theme
                )
                continue
            button = KeyButton(ask.value, KEY_WORDS[ask], desk.theme, primary=ask is Ask.HOLD)
            button.pressed.connect(self._bind)
            button.clicked.connect(lambda _on=False, act=clicks[ask]: act(self._bound))
            self.buttons[ask] = button

    def _build(self) -> None:
        commands = QWidget()
        row = QHBoxLayout(commands)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for ask in (Ask.GO_TO, Ask.LOOK_AT, Ask.LAND):
            row.addWidget(self.buttons[ask])
        row.addSpacing(8)
        for ask in (Ask.TAKE, Ask.HAND_OFF, Ask.RELEASE, Ask.CLOSE):
            row.addWidget(self.buttons[ask])
        row.addWidget(self.beside, 1)
        self._pages.addWidget(commands)
        self._pages.addWidget(self.go_to)
        self._pages.addWidget(self.look_at)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addWidget(self.buttons[Ask.HOLD])
        outer.addWidget(self.buttons[Ask.RETURN])
        outer.addWidget(self._pages, 1)

    def _bind(self) -> None:
        self._bound = self._desk.selection.drone

    def _open_go_to(self, drone: str) -> None:
        self._ask_place(self.go_to, drone, f"Where shall {drone} go?")

    def _open_look_at(self, drone: str) -> None:
        self._ask_place(self.look_at, drone, f"What shall {drone} look at?")

    def _ask_place(self, row: GoToRow | LookAtRow, drone: str, question: str) -> None:
        self._close_choice()
        row.open(drone)
        self._pages.setCurrentWidget(row)
        self.place_wanted.emit(drone, question)

    def _close_choice(self) -> None:
        if self.choosing:
            # A stack gives the focus to the page it turns to: a space would ask again.
            focused = QApplication.focusWidget()
            if focused is not None and self._pages.isAncestorOf(focused):
                self.window().setFocus(Qt.FocusReason.OtherFocusReason)
            self._pages.setCurrentIndex(0)
            self.go_to.forget()
            self.look_at.forget()
            self.place_dropped.emit()

    def _plan_land(self) -> HoldPlan | None:
        drone = self._desk.selection.drone
        state = self._desk.state
        view = state.fleet.get(drone)
        down = metres(view.telemetry.agl_m) if view else "its height"
        dock = state.site.dock_of(drone).name
        return HoldPlan(
            (
                f"{drone} lands where it is: {down} straight down.",
                f"Not at {dock}: Return would bring it home.",
            ),
            lambda: (state.in_control(drone), state.control(drone)),
            lambda: self._desk.commands.land(drone),
        )

    def _plan_take(self) -> HoldPlan | None:
        drone = self._desk.selection.drone
        state = self._desk.state
        if offer := next((r for r in state.offers_to_me() if r.drone == drone), None):
            act = lambda: self._desk.commands.open_brief(drone, offer.function)  # noqa: E731
            return HoldPlan(("", ""), lambda: None, act, at_once=True)
        record = state.control(drone)
        giver = record.holder.label if record is not None and record.holder else "nobody"
        return HoldPlan(
            (
                f"You take control of {drone}, held by {giver} now.",
                "It goes on as it flies; nothing is sent by the change itself.",
            ),
            lambda: (why_not(state, drone, Ask.TAKE), state.control(drone)),
            lambda: self._desk.commands.take(drone),
        )
