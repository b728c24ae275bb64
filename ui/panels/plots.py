"""Two minutes of height, speed and battery of the selected drone, five times a second.

Gaps stay gaps. pyqtgraph is set up here, once, without anti-aliasing.
"""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ui.context import Desk
from ui.models.traces import SPAN_S, Row, TraceBook
from ui.text import Span, Tone
from ui.theme import SMALL_PX, Theme
from ui.widgets.text_line import TextLine

SAMPLE_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class PlotSpec:
    """A trace: its caption, the axis it starts with, and the figure's format."""

    caption: str
    top: float
    figure: str


SPECS = (
    PlotSpec("Height AGL, m", 100.0, "{:.0f}"),
    PlotSpec("Speed, m/s", 12.0, "{:.1f}"),
    PlotSpec("Battery, %", 100.0, "{:.0f}"),
)


class Trace(QWidget):
    """One plot with its caption and newest figure."""

    def __init__(self, spec: PlotSpec, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._top = spec.top
        self.caption = TextLine(theme, SMALL_PX)
        self.caption.set_spans(Span(spec.caption, Tone.QUIET))
        self.figure = TextLine(theme, SMALL_PX, right=True)
        self.plot = pg.PlotWidget(background=theme.ground, enableMenu=False)
        self.curve = pg.PlotCurveItem(
            pen=pg.mkPen(theme.accent, width=1), connect="finite", skipFiniteCheck=False
        )
        self._set_up(theme)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        grid.addWidget(self.caption, 0, 0)
        grid.addWidget(self.figure, 0, 1)
        grid.addWidget(self.plot, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def show_values(self, ago_s: NDArray[np.float64], values: NDArray[np.float32]) -> None:
        """Draw these."""
        self.curve.setData(ago_s, values)
        newest = float(values[-1]) if values.size else float("nan")
        known = bool(np.isfinite(newest))
        self.figure.set_spans(
            Span(self._spec.figure.format(newest)) if known else Span("–", Tone.OFF)
        )

    def fit(self, values: NDArray[np.float32]) -> None:
        """Let the axis grow when a value leaves it, and shrink again later."""
        highest = float(np.nanmax(values)) if np.isfinite(values).any() else 0.0
        top = max(self._spec.top, highest * 1.1)
        if top > self._top or top < self._top * 0.7:
            self._top = top
            self.plot.setYRange(0, top, padding=0.04)

    def _set_up(self, theme: Theme) -> None:
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.hideButtons()
        self.plot.hideAxis("left")
        self.plot.hideAxis("bottom")
        self.plot.setFrameShape(QFrame.Shape.Box)
        self.plot.setStyleSheet(f"border: 1px solid {theme.line};")
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMinimumHeight(40)
        self.plot.setXRange(-SPAN_S, 0, padding=0)
        self.plot.setYRange(0, self._spec.top, padding=0.04)
        self.plot.getViewBox().disableAutoRange()
        self.plot.addItem(self.curve)
        self.plot.setToolTip(f"{self._spec.caption}, last {SPAN_S:.0f} s; a gap is silence")


class PlotsPanel(QFrame):
    """Samples every drone, draws the selected one."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pg.setConfigOptions(antialias=False)
        self.setObjectName("Strip")
        self._desk = desk
        self._book = TraceBook()
        self._sampled_at_s = 0.0
        self.traces = tuple(Trace(spec, desk.theme) for spec in SPECS)
        row = QGridLayout(self)
        row.setContentsMargins(6, 8, 12, 10)
        row.setHorizontalSpacing(12)
        for column, trace in enumerate(self.traces):
            row.addWidget(trace, 0, column)
            row.setColumnStretch(column, 1)
        desk.bridge.fleet_changed.connect(self._on_fleet)
        desk.bridge.tick_lists.connect(self._on_tick)
        desk.selection.drone_changed.connect(lambda _drone: self._on_tick())

    def sizeHint(self) -> QSize:
        return QSize(560, 152)

    def minimumSizeHint(self) -> QSize:
        return QSize(330, 120)

    def values(self) -> Row:
        """What is drawn, 3 x n; a gap is NaN."""
        return self._book.trace(self._desk.selection.drone, self._desk.now_s)[1]

    def _on_fleet(self, drones: frozenset[str]) -> None:
        now = self._desk.now_s
        if now - self._sampled_at_s < SAMPLE_EVERY_S * 0.9:
            return
        self._sampled_at_s = now
        for view in self._desk.state.fleet.drones:
            self._book.sample(view, now)
        self._draw()

    def _on_tick(self) -> None:
        for trace, row in zip(self.traces, self.values(), strict=True):
            trace.fit(row)
        self._draw()

    def _draw(self) -> None:
        if not self.isVisible():
            return
        ago, values = self._book.trace(self._desk.selection.drone, self._desk.now_s)
        for trace, row in zip(self.traces, values, strict=True):
            trace.show_values(ago, row)
