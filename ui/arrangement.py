"""Where each panel stands on a new desk, on a large screen and folded for a small one."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QWidget

from ui.panels.dock import PanelDock
from ui.theme import Theme

LEAST = QSize(1100, 680)
BEST = QSize(1920, 1080)
FOLDS_UNDER = (1600, 900)
Area = Qt.DockWidgetArea
TITLES = {
    "incidents": "Incidents and missions",
    "fleet": "Fleet",
    "notices": "Notices",
    "focus": "Focus feed",
    "wall": "Wall",
    "alerts": "Possible matches",
    "brief": "Brief",
    "vehicle": "Vehicle",
    "drafts": "Drawing",
    "strip": "Instruments",
    "plots": "Traces",
}
AREAS = {
    "incidents": Area.LeftDockWidgetArea,
    "fleet": Area.LeftDockWidgetArea,
    "notices": Area.LeftDockWidgetArea,
    "focus": Area.RightDockWidgetArea,
    "wall": Area.RightDockWidgetArea,
    "alerts": Area.RightDockWidgetArea,
    "brief": Area.LeftDockWidgetArea,
    "vehicle": Area.LeftDockWidgetArea,
    "drafts": Area.LeftDockWidgetArea,
    "strip": Area.BottomDockWidgetArea,
    "plots": Area.BottomDockWidgetArea,
}
SLIM = frozenset({"strip", "plots", "focus", "wall"})  # their height is theirs: no title bar
BESIDE = frozenset({"strip", "plots"})
STAYS = frozenset({"strip"})  # Hold is never put away
ASKED_FOR = frozenset({"drafts"})  # shown only while it is worked with
# (dock, pixels): widths of the columns, then heights within them.
WIDE_WIDTHS = {"incidents": 392, "focus": 750, "strip": 1240, "plots": 670}
WIDE_HEIGHTS = {
    "incidents": 220, "brief": 365, "fleet": 184, "notices": 95,
    "focus": 331, "wall": 318, "alerts": 220, "strip": 156,
}  # fmt: skip
FOLDED_WIDTHS = {"incidents": 300, "wall": 410, "strip": 950, "plots": 400}
FOLDED_HEIGHTS = {
    "incidents": 220, "fleet": 178, "notices": 158,
    "wall": 326, "alerts": 236, "strip": 156,
}  # fmt: skip
# While a hand-over is read.
READING_WIDE = {"incidents": 120, "brief": 560, "fleet": 100, "notices": 84}
READING_FOLDED = {"focus": 150, "brief": 420}
# While something is drawn.
DRAWING_WIDE = {"incidents": 110, "drafts": 560, "fleet": 110, "notices": 84}
DRAWING_FOLDED = {"drafts": 466, "alerts": 104}


def first_size(screen: QSize) -> QSize:
    """As large as the screen takes, up to `BEST`; a screen too small to be one is not asked."""
    if screen.width() < LEAST.width() or screen.height() < LEAST.height():
        return BEST
    return screen.boundedTo(BEST)


def is_folded(width: int, height: int) -> bool:
    """Whether a window of this size shows the folded arrangement."""
    return width < FOLDS_UNDER[0] or height < FOLDS_UNDER[1]


def build_docks(
    window: QMainWindow, panels: dict[str, QWidget], theme: Theme
) -> dict[str, PanelDock]:
    """A dock for each panel, by name."""
    options = QMainWindow.DockOption
    window.setDockOptions(options.AllowNestedDocks | options.AllowTabbedDocks)
    for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
        window.setCorner(corner, Area.BottomDockWidgetArea)
    docks = {
        name: PanelDock(name, TITLES[name], panel, theme, name in SLIM, name not in STAYS)
        for name, panel in panels.items()
    }
    for name, dock in docks.items():
        window.addDockWidget(AREAS[name], dock)
    return docks


def default_arrangement(window: QMainWindow, docks: dict[str, PanelDock], folded: bool) -> None:
    """Every dock shown at its default place and size."""
    for name, dock in docks.items():
        dock.setFloating(False)
        vertical = Qt.Orientation.Vertical
        orientation = Qt.Orientation.Horizontal if name in BESIDE else vertical
        window.removeDockWidget(dock)
        window.addDockWidget(AREAS[name], dock, orientation)
        dock.setVisible(name not in ASKED_FOR)
    if folded:
        window.tabifyDockWidget(docks["focus"], docks["wall"])
        window.tabifyDockWidget(docks["wall"], docks["brief"])
        docks["wall"].raise_()
    beside = docks["fleet" if folded else "brief"]
    window.tabifyDockWidget(beside, docks["vehicle"])
    beside.raise_()
    _resize(window, docks, folded)
    # Once more after Qt has laid the docks out: before that it scales what it was told.
    QTimer.singleShot(0, window, lambda: _resize(window, docks, folded))


def give_room(window: QMainWindow, docks: dict[str, PanelDock], folded: bool) -> None:
    """Drawing needs height: its neighbours are lower while it is shown where it belongs."""
    drafts, brief = docks["drafts"], docks["brief"]
    if not drafts.isFloating() and not brief.isFloating():
        window.tabifyDockWidget(brief, drafts)
        drafts.raise_()
    heights = DRAWING_FOLDED if folded else DRAWING_WIDE
    QTimer.singleShot(0, window, lambda: _heighten(window, docks, heights))


def take_room_back(window: QMainWindow, docks: dict[str, PanelDock], folded: bool) -> None:
    """The neighbours as high as on a new desk, the brief before them."""
    docks["brief"].raise_()
    heights = FOLDED_HEIGHTS if folded else WIDE_HEIGHTS
    changed = DRAWING_FOLDED if folded else DRAWING_WIDE
    _heighten(
        window, docks, {"brief" if n == "drafts" else n: heights.get(n, 326) for n in changed}
    )


def give_reading_room(
    window: QMainWindow, docks: dict[str, PanelDock], folded: bool, more: bool
) -> None:
    """A hand-over's brief needs height, where it stands in its place; else as on a new desk."""
    brief = docks["brief"]
    if brief.isFloating() or docks["drafts"].isVisible():
        return
    if folded:
        _read_beside_picture(window, docks, more)
        heights = READING_FOLDED if more else {"brief": 326, "alerts": FOLDED_HEIGHTS["alerts"]}
    else:
        heights = READING_WIDE if more else {name: WIDE_HEIGHTS[name] for name in READING_WIDE}
    QTimer.singleShot(0, window, lambda: _heighten(window, docks, heights))


def _read_beside_picture(window: QMainWindow, docks: dict[str, PanelDock], more: bool) -> None:
    """Folded, brief and picture share a place: while one is read the other has to be seen."""
    brief, beside = docks["brief"], window.tabifiedDockWidgets(docks["brief"])
    wall = docks["wall"]
    if more and docks["focus"] in beside and wall in beside:
        window.tabifyDockWidget(docks["alerts"], wall)
        window.tabifyDockWidget(wall, brief)
    elif not more and docks["alerts"] in beside and wall in beside:
        window.tabifyDockWidget(docks["focus"], wall)
        window.tabifyDockWidget(wall, brief)
    brief.raise_()


def _heighten(window: QMainWindow, docks: dict[str, PanelDock], heights: dict[str, int]) -> None:
    shown = {n: h for n, h in heights.items() if docks[n].isVisible() and not docks[n].isFloating()}
    window.resizeDocks([docks[n] for n in shown], list(shown.values()), Qt.Orientation.Vertical)


def _resize(window: QMainWindow, docks: dict[str, PanelDock], folded: bool) -> None:
    widths = FOLDED_WIDTHS if folded else WIDE_WIDTHS
    heights = FOLDED_HEIGHTS if folded else WIDE_HEIGHTS
    for sizes, orientation in (
        (widths, Qt.Orientation.Horizontal),
        (heights, Qt.Orientation.Vertical),
    ):
        window.resizeDocks([docks[name] for name in sizes], list(sizes.values()), orientation)
