"""The geofence's editor: shapes to add and to choose, the exact place and size of a point."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QVBoxLayout

from gcs.model.fence import FencePlan
from gcs.model.place import Position
from ui.context import Desk
from ui.models.draft import Spot
from ui.models.fence_draft import FenceDraft
from ui.panels.fence_setting import FenceRecord, FenceSetting
from ui.panels.small import GAP_PX, metres_field, row_of, set_quietly, small_button
from ui.panels.spot_row import SpotRow

LIST_PX = 60
ADD_TIP = "Placed in the middle of the map, to be drawn on from there"


class ShapeList(QListWidget):
    """As low as it may be: the scroll area asks for the size that is liked best."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("Shapes")
        self.setMinimumHeight(LIST_PX)

    def sizeHint(self) -> QSize:
        return QSize(200, LIST_PX)


class FenceEditor(QFrame):
    """`changed`: draw the sketch again. `view` is what the map shows: middle and a fair size."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.draft = draft = FenceDraft(desk.state.fence)
        self.view: tuple[Position, float] = (desk.state.site.docks[0].position, 200.0)
        self.record = FenceRecord(desk, draft)
        self.setting = self.foot = FenceSetting(desk, draft, self.record)
        adds = {
            "Keep in": lambda: draft.add_area(True, *self.view),
            "Keep out": lambda: draft.add_area(False, *self.view),
            "Circle in": lambda: draft.add_circle(True, *self.view),
            "Circle out": lambda: draft.add_circle(False, *self.view),
            "Rally": lambda: draft.add_rally(self.view[0]),
        }
        self.adds = {name: small_button(name, ADD_TIP) for name in adds}
        for name, act in adds.items():
            self.adds[name].setObjectName("Slim")
            self.adds[name].clicked.connect(lambda _on=False, add=act: add())
        self.shapes = ShapeList()
        self.shapes.setAccessibleName("Shapes and rally points of the draft")
        self.shapes.currentRowChanged.connect(lambda row: draft.select(Spot(row)))
        self.spot = SpotRow(desk.theme)
        self.extent_name = QLabel("Radius")
        self.extent = metres_field(5, 20_000, "Radius or height, metres")
        self.turn = small_button("Make it keep out")
        self.remove = small_button("Delete shape")
        self.ceiling = metres_field(5, 120, "Ceiling above the dock's roof, metres")
        self._wire()
        self._lay_out()
        self.refresh()

    def take_file(self, plan: FencePlan) -> None:
        """Shapes from a file take the draft's place; undo brings it back."""
        self.draft.take(plan)

    def say(self, text: str) -> None:
        """One sentence of what could not be done."""
        self.setting.say(text)

    def insert_new(self) -> None:
        """What N asks for: of a fence, an area to keep out of."""
        self.draft.add_area(False, *self.view)

    def refresh(self) -> None:
        """Everything that follows from the draft."""
        names, spot = list(self.draft.names()), self.draft.spot
        self.shapes.blockSignals(True)
        if names != [self.shapes.item(n).text() for n in range(self.shapes.count())]:
            self.shapes.clear()
            self.shapes.addItems(names)
        self.shapes.setCurrentRow(spot.figure if spot else -1)
        self.shapes.blockSignals(False)
        self._show_spot(spot)
        set_quietly(self.ceiling, round(self.draft.content.ceiling_relative_m))

    # -- drawing -----------------------------------------------------------------------------
    def _drawn(self) -> None:
        self.setting.drawn()
        self.refresh()
        self.changed.emit()

    def _show_spot(self, spot: Spot | None) -> None:
        draft = self.draft
        shape = draft.shape(spot.figure) if spot else None
        if spot is None:
            self.spot.show_spot("", None)
        else:
            self.spot.show_spot(draft.spot_words(spot), draft.place(spot))
        self.spot.insert.setEnabled(shape is not None and not shape.is_circle)
        self.turn.setEnabled(shape is not None)
        inside_out = shape is not None and not shape.keep_in
        self.turn.setText("Make it keep in" if inside_out else "Make it keep out")
        self.remove.setEnabled(spot is not None)
        self.remove.setText("Delete shape" if spot is None or shape else "Delete rally")
        self._show_size(spot)

    def _show_size(self, spot: Spot | None) -> None:
        shape = self.draft.shape(spot.figure) if spot else None
        rally = self.draft.rally(spot.figure) if spot else None
        radius_m = shape.radius_m if shape else None
        self.extent.setEnabled(rally is not None or radius_m is not None)
        self.extent_name.setText("Height" if rally else "Radius")
        if rally is not None:
            self.extent.setRange(2, 500)
            set_quietly(self.extent, round(rally.height_m))
        elif radius_m is not None:
            self.extent.setRange(5, 20_000)
            set_quietly(self.extent, round(radius_m))

    def _sized(self) -> None:
        spot, metres = self.draft.spot, self.extent.value()
        if spot is None:
            return
        rally, shape = self.draft.rally(spot.figure), self.draft.shape(spot.figure)
        if rally is not None and round(rally.height_m) != metres:
            self.draft.set_height(spot.figure, float(metres))
        elif shape and shape.radius_m and round(shape.radius_m) != metres:
            self.draft.set_radius(spot.figure, float(metres))

    def _turned(self) -> None:
        spot = self.draft.spot
        shape = self.draft.shape(spot.figure) if spot else None
        if spot is not None and shape is not None:
            self.draft.set_keep_in(spot.figure, not shape.keep_in)

    def _removed(self) -> None:
        if self.draft.spot is not None:
            self.draft.delete_figure(self.draft.spot.figure)

    # -- putting together --------------------------------------------------------------------
    def _wire(self) -> None:
        draft = self.draft
        draft.changed = self._drawn
        self.spot.stepped.connect(draft.step)
        self.spot.refused.connect(self.say)
        self.spot.placed.connect(draft.move_selected)
        self.spot.insert_wanted.connect(draft.insert_after_selected)
        self.spot.delete_wanted.connect(draft.delete_selected)
        self.extent.editingFinished.connect(self._sized)
        self.turn.clicked.connect(self._turned)
        self.remove.clicked.connect(self._removed)
        self.ceiling.editingFinished.connect(lambda: draft.set_ceiling(float(self.ceiling.value())))

    def _lay_out(self) -> None:
        sizes = row_of(QLabel("Ceiling"), self.ceiling, self.extent_name, self.extent)
        sizes.insertStretch(2, 1)
        acts = row_of(self.turn, self.remove)
        acts.insertStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
        column.addWidget(self.record)
        column.addLayout(row_of(*self.adds.values()))
        column.addWidget(self.shapes, 1)
        column.addWidget(self.spot)
        column.addLayout(acts)
        column.addLayout(sizes)
