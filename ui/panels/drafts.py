"""Geofence and routes: the two editors, and what the map and the keyboard do to their drafts.

While it is seen, the draft is drawn on the map and can be edited there; out of sight it is kept.
"""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gcs.model.event import Severity
from ui.context import Desk
from ui.map.bridge import SketchAct
from ui.models.draft import Draft, Spot
from ui.panels.draft_files import DraftFiles
from ui.panels.fence_editor import FenceEditor
from ui.panels.route_editor import RouteEditor
from ui.panels.small import GAP_PX, small_button


class DraftsPanel(QFrame):
    """`sketch_wanted(Sketch or None)` is what the map shows; `act` is what was done there."""

    sketch_wanted = Signal(object)
    left = Signal()  # the operator is done here
    opened = Signal()  # asked for from the map

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Panel")
        self._desk = desk
        self.fence = FenceEditor(desk)
        self.route = RouteEditor(desk)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.fence)
        self.pages.addWidget(self.route)
        self.which = [small_button("Geofence"), small_button("Route")]
        self.undo = small_button("Undo", "Ctrl Z")
        self.redo = small_button("Redo", "Ctrl Y")
        self.files = DraftFiles(desk, self.fence, self.route)
        self._acts: dict[str, Callable[[SketchAct], None]] = {
            "view": self._viewed,
            "select": lambda act: self.draft.select(Spot(act.figure, act.point)),
            "step": lambda act: self.draft.step(act.by),
            "nudge": lambda act: self.draft.nudge(act.east, act.north),
            "move": self._moved,
            "insert": lambda act: self.draft.insert(Spot(act.figure, act.point), act.place),
            "delete": lambda act: self.draft.delete(Spot(act.figure, act.point)),
            "add": self._added,
            "new": lambda _act: self.editor.insert_new(),
            "undo": lambda _act: self.draft.undo(),
            "redo": lambda _act: self.draft.redo(),
            "fields": lambda _act: self.focus_fields(),
            "leave": lambda _act: self.left.emit(),
            "open": lambda _act: self.opened.emit(),
        }
        self._wire()
        self._lay_out()
        self.choose(0)

    @property
    def editor(self) -> FenceEditor | RouteEditor:
        """The one that is shown."""
        return self.route if self.pages.currentWidget() is self.route else self.fence

    @property
    def draft(self) -> Draft[object]:
        """The shown editor's."""
        return self.editor.draft  # type: ignore[return-value]

    def choose(self, page: int) -> None:
        """0 the geofence, 1 the route."""
        self.pages.setCurrentIndex(page)
        self.fence.foot.setVisible(page == 0)
        self.route.foot.setVisible(page == 1)
        for number, button in enumerate(self.which):
            button.setChecked(number == page)
        self.files.show_for(self.editor)
        self._changed()

    def act(self, act: SketchAct) -> None:
        """Something was done on the map; what is not known there is nothing here."""
        known = self._acts.get(act.do)
        if known is not None:
            known(act)

    def focus_fields(self) -> None:
        """The cursor into the place of the selected point."""
        self.activateWindow()
        self.editor.spot.place.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.editor.spot.place.selectAll()

    def sizeHint(self) -> QSize:
        return QSize(400, 470)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 200)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._changed()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.sketch_wanted.emit(None)

    # -- what is done ------------------------------------------------------------------------
    def _viewed(self, act: SketchAct) -> None:
        if act.place is not None and act.metres > 0:
            self.fence.view = self.route.view = (act.place, act.metres)

    def _moved(self, act: SketchAct) -> None:
        if act.place is not None:
            self.draft.move(Spot(act.figure, act.point), act.place)

    def _added(self, act: SketchAct) -> None:
        if act.place is not None and self.editor is self.route:
            self.route.draft.add(act.place)

    def _changed(self) -> None:
        self.undo.setEnabled(self.draft.can_undo)
        self.redo.setEnabled(self.draft.can_redo)
        if self.isVisible():
            self.sketch_wanted.emit(self.draft.sketch())

    def tell_kept(self) -> None:
        """The mode is left; a draft that was drawn stays, and that is told."""
        if self.fence.draft.differs:
            self._desk.state.notice(
                Severity.INFO, "The draft of the geofence is kept: E opens it again."
            )

    # -- putting together --------------------------------------------------------------------
    def _wire(self) -> None:
        for number, button in enumerate(self.which):
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, page=number: self.choose(page))
        self.undo.clicked.connect(lambda: self.draft.undo())
        self.redo.clicked.connect(lambda: self.draft.redo())
        self.fence.changed.connect(self._changed)
        self.route.changed.connect(self._changed)
        for keys, act in (
            (QKeySequence.StandardKey.Undo, lambda: self.draft.undo()),
            (QKeySequence.StandardKey.Redo, lambda: self.draft.redo()),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 14, 0)
        head.setSpacing(GAP_PX)
        for button in self.which:
            head.addWidget(button)
        head.addStretch(1)
        head.addWidget(self.undo)
        head.addWidget(self.redo)
        head.addWidget(self.files)
        body = QWidget()
        body.setObjectName("PanelBody")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(14, 6, 14, 2)
        inner.addWidget(self.pages)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        # It gives way, never the row with Set or Fly below it.
        scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        feet = QVBoxLayout()
        feet.setContentsMargins(14, 4, 14, 8)
        feet.addWidget(self.fence.foot)
        feet.addWidget(self.route.foot)
        column.addLayout(feet)
