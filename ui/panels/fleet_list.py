"""The fleet list's model and its painting. Rows are told one by one, never rebuilt."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.models.fleet import FleetRow
from ui.text import UNKNOWN, Span, Tone
from ui.theme import BASE_PX, SMALL_PX, Theme, face, face_metrics
from ui.widgets.battery_bar import paint_battery
from ui.widgets.mark import MARK_GAP_PX, MARK_PX, MARKED, paint_mark

ROW_PX = 30
CELL_PX = 48
CELL_LEAST_PX = 95
PAD_PX = 14
BAR_PX = 56
Face = tuple[str, int, bool]
Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class FleetListModel(QAbstractListModel):
    """One row per drone of the site, in the site's order."""

    def __init__(self, rows: tuple[FleetRow, ...]) -> None:
        super().__init__()
        self._rows = list(rows)
        self._place = {row.drone: number for number, row in enumerate(rows)}
        self.told = 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        table = {
            int(Qt.ItemDataRole.DisplayRole): row.drone,
            int(Qt.ItemDataRole.ToolTipRole): row.tip,
            int(Qt.ItemDataRole.AccessibleTextRole): f"{row.drone} {row.state} {row.work}",
            int(ROW_ROLE): row,
        }
        return table.get(int(role))

    def row_of(self, drone: str) -> int | None:
        """The row number of a drone."""
        return self._place.get(drone)

    def row(self, number: int) -> FleetRow:
        """The row's value."""
        return self._rows[number]

    def set_row(self, row: FleetRow) -> None:
        """Replace a drone's row; the view hears of it only when it differs."""
        number = self._place.get(row.drone)
        if number is None or self._rows[number] == row:
            return
        self._rows[number] = row
        self.told += 1
        index = self.index(number)
        self.dataChanged.emit(index, index)


class FleetDelegate(QStyledItemDelegate):
    """Paints a row, or a cell of the folded strip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.selected = ""
        self.folded = False
        self.cell_px = CELL_LEAST_PX

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self.cell_px, CELL_PX) if self.folded else QSize(100, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        box: QRect = option.rect
        family = option.font.family()
        painter.save()
        self._ground(painter, box, row.drone, bool(option.state & QStyle.StateFlag.State_HasFocus))
        if self.folded:
            self._paint_cell(painter, box, row, family)
        else:
            self._paint_row(painter, box, row, family)
        painter.restore()

    def _ground(self, painter: QPainter, box: QRect, drone: str, focused: bool) -> None:
        line = QRect(box.left(), box.bottom(), box.width(), 1)
        if drone == self.selected:
            edge = QRect(box.left(), box.top(), 3, box.height())
            painter.fillRect(box, self._theme.color("selected"))
            painter.fillRect(edge, self._theme.color("accent"))
        painter.fillRect(line, self._theme.color("line"))
        if focused:
            painter.setPen(self._theme.color("accent"))
            painter.drawRect(box.adjusted(0, 0, -1, -2))

    def _paint_row(self, painter: QPainter, box: QRect, row: FleetRow, family: str) -> None:
        base = (family, BASE_PX, False)
        name = (family, BASE_PX, True)
        name_px = int(face_metrics(*name).horizontalAdvance("ISL-00")) + 18
        work_px = int(face_metrics(*base).horizontalAdvance("00:00")) + 4
        left, right = box.left() + PAD_PX, box.right() - PAD_PX
        bar_left = right - work_px - 8 - BAR_PX
        state = QRect(left + name_px, box.top(), bar_left - left - name_px - 8, box.height())
        work_box = QRect(right - work_px, box.top(), work_px, box.height())
        work = Span(row.work, Tone.OFF if row.work == UNKNOWN else _work_tone(row))
        self._text(painter, QRect(left, box.top(), name_px, box.height()), self._name(row), name)
        wide = face_metrics(*base).horizontalAdvance(row.state)
        room = state.width() - (MARK_PX + MARK_GAP_PX if row.tone in MARKED else 0)
        # A countdown is never cut: rather fewer words.
        told = row.short if wide > room and row.short[-1:].isdigit() else row.state
        self._text(painter, state, Span(told, row.tone), base)
        self._bar(painter, QRectF(bar_left, box.center().y() - 2, BAR_PX, 6), row)
        self._text(painter, work_box, work, base, RIGHT)

    def _paint_cell(self, painter: QPainter, box: QRect, row: FleetRow, family: str) -> None:
        inner = box.adjusted(9, 4, -7, 0)
        first = QRect(inner.left(), inner.top(), inner.width(), 18)
        second = QRect(inner.left(), inner.top() + 18, inner.width(), 17)
        small = (family, SMALL_PX, False)
        self._text(painter, first, self._name(row), (family, SMALL_PX, True))
        self._text(painter, first, Span(row.work, Tone.QUIET), small, RIGHT)
        self._text(painter, second, Span(row.short, row.tone), small)
        self._bar(painter, QRectF(inner.left(), box.bottom() - 6, inner.width(), 3), row)

    def _name(self, row: FleetRow) -> Span:
        tone = Tone.ACCENT if row.own else Tone.OFF if row.tone is Tone.OFF else Tone.TEXT
        return Span(row.drone, tone)

    def _bar(self, painter: QPainter, box: QRectF, row: FleetRow) -> None:
        if row.battery is not None:
            paint_battery(painter, box, row.battery, self._theme)

    def _text(
        self,
        painter: QPainter,
        box: QRect,
        span: Span,
        font: Face,
        align: Qt.AlignmentFlag = MIDDLE,
    ) -> None:
        if span.tone in MARKED:
            top = box.center().y() - MARK_PX / 2 + 1
            paint_mark(painter, QRectF(box.left(), top, MARK_PX, MARK_PX), span.tone, self._theme)
            box = box.adjusted(MARK_PX + MARK_GAP_PX, 0, 0, 0)
        painter.setFont(face(*font))
        painter.setPen(self._theme.tone(span.tone))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(box, align, face_metrics(*font).elidedText(span.text, elide, box.width()))


def _work_tone(row: FleetRow) -> Tone:
    return Tone.QUIET if row.tone is Tone.QUIET else Tone.TEXT
