"""Names and what is said of each, in one column: every sentence wraps, nothing is cut off."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.context import Desk
from ui.models.brief import BriefItem
from ui.text import Span, Tone, plain
from ui.theme import SMALL_PX
from ui.widgets.text_line import TextLine
from ui.widgets.wrapped import Wrapped

NAME_PX = 122  # the longest parameter names have sixteen letters
_LOUDEST = (Tone.WARNING, Tone.CAUTION, Tone.TEXT)


class VehicleLines(QWidget):
    """Lines are reused."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lines: list[tuple[TextLine, Wrapped]] = []
        self._count = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)

    @property
    def words(self) -> dict[str, str]:
        """What is shown, by name."""
        return {n.text: w.text for n, w in self._lines[: self._count]}

    def show_items(self, items: tuple[BriefItem, ...]) -> None:
        """Show these."""
        while len(self._lines) < len(items):
            self._add()
        self._count = len(items)
        for number, (name, words) in enumerate(self._lines):
            name.setVisible(number < self._count)
            if number < self._count:
                item = items[number]
                name.set_spans(Span(item.name, Tone.QUIET))
                words.tell(_tone(item.spans), plain(item.spans))
            else:
                words.tell(Tone.QUIET)

    def _add(self) -> None:
        row = len(self._lines)
        name = TextLine(self._desk.theme, SMALL_PX, parent=self)
        name.setFixedWidth(NAME_PX)
        words = Wrapped(self._desk.theme, SMALL_PX, parent=self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)  # as high as its row, whatever width it liked best
        words.setSizePolicy(policy)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(words, row, 1)
        self._lines.append((name, words))


def _tone(spans: tuple[Span, ...]) -> Tone:
    """The one that asks for the most."""
    tones = {span.tone for span in spans}
    return next((tone for tone in _LOUDEST if tone in tones), spans[0].tone)
