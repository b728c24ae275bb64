"""From a draft to the site's geofence: what is on record, what is wrong, a reason, and a hold.

A refusal, a lost bus or a newer fence leaves the draft as it is.
"""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gcs.geo.fence_check import problems
from gcs.model.fence import FencePlan
from gcs.station.actions import Outcome
from ui.aside import Aside
from ui.commands import SET_FENCE
from ui.context import Desk
from ui.models.fence_draft import FenceDraft
from ui.models.fence_words import drones_words, recorded_words
from ui.models.route_words import few
from ui.panels.small import GAP_PX, row_of, small_button
from ui.text import Tone, sentence
from ui.widgets.hold_button import HoldButton, HoldPlan
from ui.widgets.wrapped import Wrapped

CHECK_MS = 150


class FenceRecord(QWidget):
    """The fence on record, how far it has come at the drones, and what to do about a newer one."""

    def __init__(self, desk: Desk, draft: FenceDraft) -> None:
        super().__init__()
        self._desk = desk
        self._draft = draft
        self.record, self.drones, self.conflict = (Wrapped(desk.theme) for _ in range(3))
        self.keep, self.drop = small_button("Keep mine"), small_button("Drop draft")
        self.keep.clicked.connect(lambda: draft.replaces(desk.state.fence))
        self.drop.clicked.connect(lambda: draft.begin(desk.state.fence))
        head = row_of(self.record, self.keep, self.drop)
        head.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX - 3)
        column.addWidget(self.conflict)
        column.addLayout(head)
        column.addWidget(self.drones)
        desk.bridge.vehicles_changed.connect(lambda _drones: self.refresh())
        desk.bridge.fence_changed.connect(self._recorded)
        self.refresh()

    @property
    def newer(self) -> bool:
        """Whether another fence was recorded since the draft was begun."""
        return self._desk.state.fence.version > self._draft.base.version

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """As it stands."""
        state, newer = self._desk.state, self.newer
        words = drones_words(state)
        self.record.tell(Tone.QUIET, recorded_words(state))
        self.drones.tell(words.tone, sentence(words.text))
        since = f"Fence {state.fence.version} was set since this draft was begun."
        self.conflict.tell(Tone.CAUTION, since if newer else "")
        self.keep.setVisible(newer)
        self.drop.setVisible(newer or self._draft.differs)
        self.keep.setToolTip("The draft stays and is meant to replace the newer fence")
        self.drop.setToolTip(f"Begin again from {recorded_words(state)}")

    def _recorded(self) -> None:
        """An untouched draft follows a newer fence, a drawn one waits for the person."""
        if self.newer and not self._draft.differs:
            self._draft.begin(self._desk.state.fence)
        else:
            self.refresh()


class FenceSetting(QWidget):
    """What is wrong with the draft; the reason; Set; and the answer in words."""

    def __init__(self, desk: Desk, draft: FenceDraft, record: FenceRecord) -> None:
        super().__init__()
        self._desk = desk
        self._draft = draft
        self._record = record
        self._found: tuple[str, ...] = ()
        self._said = ""
        self.wrong, self.answer = Wrapped(desk.theme), Wrapped(desk.theme)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Reason")
        self.reason.setAccessibleName("Reason for the new geofence")
        self.reason.setMaxLength(200)
        self.reason.textChanged.connect(lambda _text: self.allow())
        self.set_fence = HoldButton(
            "Set geofence", "hold", self._plan, desk.clock, desk.theme, primary=True
        )
        self.set_fence.set_target(desk.state.site.name)
        foot = row_of(self.reason, self.set_fence)
        foot.setStretch(0, 1)
        foot.setAlignment(self.reason, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
        column.addWidget(self.wrong)
        column.addLayout(foot)
        column.addWidget(self.answer)
        self._aside = Aside(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(CHECK_MS)
        self._soon.timeout.connect(self._check)
        desk.commands.done.connect(self._answered)
        desk.bridge.fence_changed.connect(self._soon.start)
        desk.bridge.fence_changed.connect(self.allow)
        self._check()

    @property
    def found(self) -> tuple[str, ...]:
        """What is wrong with the draft, as last checked."""
        return self._found

    def drawn(self) -> None:
        """The draft or the selection changed."""
        if self._draft.told:
            self.say(self._draft.told)
        elif self._said:
            self.say("")
        self._soon.start()
        self._record.refresh()
        self.allow()

    def say(self, text: str, tone: Tone = Tone.CAUTION) -> None:
        """One sentence: what could not be done, or what the answer was."""
        self._said = text
        self.answer.tell(tone, text)

    def allow(self) -> None:
        """Whether the draft can be set now."""
        why = self._why_not()
        self.set_fence.setEnabled(not why)
        self.set_fence.setToolTip(why)
        self.reason.setToolTip(why)

    def _why_not(self) -> str:
        if self._desk.commands.progress(SET_FENCE):
            return "The keeper is asked."
        if self._found:
            return "The draft is not valid yet."
        if not self._draft.differs:
            return "Nothing was drawn."
        if self._record.newer:
            return "Another fence was set meanwhile: keep or drop the draft first."
        return "" if self.reason.text().strip() else "Say why in a few words first."

    # -- what is wrong -----------------------------------------------------------------------
    def _check(self) -> None:
        try:
            plan = self._draft.plan()
        except ValueError as error:
            self._checked((str(error),))
            return
        site = self._desk.state.site
        self._aside.ask(lambda: problems(plan, site), self._checked)

    def _checked(self, found: object) -> None:
        told = found if isinstance(found, tuple) else (f"it could not be checked: {found}",)
        self._found = tuple(sentence(str(why)) for why in told)
        if self._found:
            self.wrong.tell(Tone.CAUTION, *few(self._found))
        elif self._draft.differs:
            self.wrong.tell(Tone.QUIET, "The draft is valid.")
        else:
            self.wrong.tell(Tone.QUIET, "The draft is the fence on record.")
        self.allow()

    # -- setting -----------------------------------------------------------------------------
    def _plan(self) -> HoldPlan | None:
        reason, draft = self.reason.text().strip(), self._draft
        try:
            plan = draft.plan()
        except ValueError as error:
            self.say(str(error))
            return None
        shapes, rally = len(plan.shapes), len(plan.rally)
        return HoldPlan(
            (
                f"All drones of {self._desk.state.site.name} get this geofence: "
                f"{shapes} shapes, {rally} rally points.",
                "Each is sent it and must show it active; one in the air only from inside it.",
            ),
            lambda: (draft.content, draft.base.version, self._record.newer, self.reason.text()),
            lambda: self._send(plan, reason),
        )

    def _send(self, plan: FencePlan, reason: str) -> None:
        self.say("The keeper is asked …", Tone.QUIET)
        self._desk.commands.set_fence(plan, reason)
        self.allow()

    def _answered(self, name: str, outcome: Outcome) -> None:
        if name != SET_FENCE:
            return
        if outcome.ok:
            self._draft.begin(self._desk.state.fence)
            self.reason.clear()
        words = sentence(outcome.text) + ("" if outcome.ok else " The draft is kept.")
        self.say(words, Tone.QUIET if outcome.ok else Tone.CAUTION)
        self.allow()
