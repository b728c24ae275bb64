"""Follows changes of control for the window: shows the brief when this desk is waited for, gives
it room while a hand-over lasts, tells what became of each.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject

from gcs.model.event import Severity
from ui.context import Desk
from ui.models.handing import change_of
from ui.models.handover import handover_of
from ui.models.offers import Offers
from ui.panels.brief import BriefPanel


class HandoverFollower(QObject):
    """`roomy`: the brief has more height than usual, which is not the arrangement to be kept.

    `show()`: bring the brief to the front; `give_room(more)`: or as on a new desk again."""

    def __init__(
        self,
        desk: Desk,
        brief: BriefPanel,
        show: Callable[[], None],
        give_room: Callable[[bool], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._brief = brief
        self._show = show
        self._give_room = give_room
        self._offers = Offers()
        self._asked: dict[str, object] = {}
        self.roomy = False
        # Before the panel hears of it: what it shows counts on what is remembered here.
        desk.bridge.control_changed.connect(self._follow)
        brief.grown.connect(self._make_room)
        brief.hand_off.cancel.clicked.connect(lambda: self._offers.cancelled(brief.hand_off.drone))
        brief.handover.ending.clicked.connect(lambda: self._offers.cancelled(brief.handover.drone))

    def _follow(self, drone: str) -> None:
        state = self._desk.state
        for text in (
            self._offers.look(state, drone),
            self._brief.prompt_column.shift.shifts.look(state, drone),
        ):
            if text:
                state.notice(Severity.INFO, text)
        change = change_of(state, drone)
        handover = handover_of(state, drone)
        asked: object = (change.state, change.function) if change and change.acts else None
        if asked is None and handover is not None and handover.handover is not None:
            asked = handover.handover.id
        if asked != self._asked.get(drone):
            self._asked[drone] = asked
            if asked is not None:
                self._show()
        if handover is not None and not self._desk.selection.drone:
            self._desk.selection.select_drone(drone)
        self._brief.refresh()
        self._make_room()

    def _make_room(self) -> None:
        roomy = bool(self._desk.state.handovers()) or self._brief.page == "shift"
        if roomy != self.roomy:
            self.roomy = roomy
            self._give_room(roomy)
