"""The route's points as a table: height, hold, speed and the leg to each, to be edited in place."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gcs.geo.earth import distance_m
from gcs.model.plan import PlanItem
from ui.models.plan_draft import PlanDraft
from ui.text import metres

COLUMNS = ("Point", "Height m", "Hold s", "m/s", "Leg")
HEIGHT, HOLD, SPEED, LEG = 1, 2, 3, 4
FIELDS = {HEIGHT: "height_m", HOLD: "hold_s", SPEED: "speed_mps"}
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_NOWHERE = QModelIndex()


class RouteTable(QAbstractTableModel):
    """Reads and writes the draft; `refused(sentence)` is told what cannot be."""

    def __init__(self, draft: PlanDraft) -> None:
        super().__init__()
        self._draft = draft
        self._shown: tuple[PlanItem, ...] = ()
        self._current = 0
        self.refused = ""

    def refresh(self) -> None:
        """The draft changed: rows come and go, or figures change."""
        items = self._draft.items
        if len(items) != len(self._shown):
            self.beginResetModel()
            self._shown = items
            self.endResetModel()
        elif items != self._shown or self._current != self._draft.current:
            self._shown = items
            self.dataChanged.emit(self.index(0, 0), self.index(len(items) - 1, len(COLUMNS) - 1))
        self._current = self._draft.current

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if role == Role.DisplayRole and way is Qt.Orientation.Horizontal:
            return COLUMNS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        made = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return made | Qt.ItemFlag.ItemIsEditable if index.column() in FIELDS else made

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if role == Role.TextAlignmentRole:
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            return int(right) if index.column() else None
        if role not in (Role.DisplayRole, Role.EditRole):
            return None
        item, column = self._shown[index.row()], index.column()
        if column in FIELDS:
            value = getattr(item, FIELDS[column])
            if value is None:
                return "as it is" if role == Role.DisplayRole else ""
            return f"{value:g}"
        if column == LEG:
            before = self._shown[index.row() - 1] if index.row() else None
            return metres(distance_m(before.position, item.position)) if before else ""
        now = index.row() + 1 == self._draft.current
        return f"{index.row() + 1}" + (" now" if now else "")

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.EditRole or index.column() not in FIELDS:
            return False
        text = str(value).strip().replace(",", ".")
        try:
            number = None if index.column() == SPEED and not text else float(text)
            changed: dict[str, Any] = {FIELDS[index.column()]: number}
            item = replace(self._shown[index.row()], **changed)
        except ValueError as error:
            self.refused = f"{COLUMNS[index.column()]} of point {index.row() + 1}: {error}."
            return False
        self.refused = ""
        self._draft.set_item(index.row(), item)
        return True
