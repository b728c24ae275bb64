"""Everything that is written and drawn over a tile's picture, corner by corner.

It is given all it shows; it reads no state.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from gcs.model.alert import AlertRecord
from gcs.model.feed import SensorMetadata
from gcs.video.frame import AlertBox
from ui.models.feeds import FeedText
from ui.models.hud import look_azimuth_deg
from ui.models.picture import Look, PictureText, match_words, short_chip, unboxed_words
from ui.text import Span, Tone
from ui.theme import DARK, face
from ui.widgets.battery_bar import paint_battery
from ui.widgets.feed_marks import box_shape, paint_box, paint_cross, paint_north, paint_pin
from ui.widgets.feed_plate import DOT, Plates, Spans, plate_color

EDGE_PX = 2
BAR_PX = 3
PIN_PX = 14
NORTH_PX = 18
FOOT_FROM_PX = 60  # lower tiles have no room for a foot under words in the middle
DOING_FROM_PX = 74
LABELS_FROM_PX = 90  # lower tiles have no room for another match's words under a box's label
GAP_PX = 3


@dataclass(frozen=True, slots=True)
class TileWords:
    """One tile's words now. `picture`: where the live picture lies; `seen`: its metadata."""

    told: FeedText | None
    text: PictureText
    chip: Span
    matches: tuple[AlertRecord, ...]
    boxes: tuple[AlertBox, ...]
    picture: QRect
    seen: SensorMetadata | None
    hud: str
    street: str
    pinned: bool
    utc_ms: int
    large: bool


def paint_tile_words(painter: QPainter, rect: QRect, plates: Plates, words: TileWords) -> None:
    """Over the picture: boxes, the corners, the boxes' labels, then what is wrong.

    A box gives way to the corners' words, the age above all, but not to the bar between them.
    """
    if words.told is None:
        return
    inner = rect.adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX)
    if words.large and words.text.look is Look.LIVE:
        paint_cross(painter, words.picture.center())
    top = _top_line(plates, inner, words, words.told)
    if not words.large:  # one bar: a strip of sky between two plates is only glare
        painter.fillRect(_between(plates, inner, top), plate_color())
    waiting = {record.alert.id for record in words.matches}
    for box in words.boxes:
        if box.alert in waiting:
            paint_box(painter, box_shape(box.box, words.picture))
    _paint_top(painter, plates, inner, words, top)
    foot = _paint_foot(painter, plates, inner, words, words.told)
    unboxed = _paint_labels(painter, plates, inner, words)
    crowded = bool(words.boxes) and inner.height() < LABELS_FROM_PX
    if unboxed and not crowded:
        _paint_unboxed(painter, plates, inner, foot, unboxed)
    if words.text.headline:
        _paint_trouble(painter, plates, rect, words)


def _paint_labels(painter: QPainter, plates: Plates, inner: QRect, words: TileWords) -> str:
    """Beside each box; returns what is said of the alerts that have none here."""
    lie = {box.alert: box.box for box in words.boxes}
    for record in words.matches:
        box = lie.get(record.alert.id)
        if box is None:
            continue
        shape = box_shape(box, words.picture)
        label = _label(plates, match_words(record, words.utc_ms), inner.width())
        plates.paint(painter, _label_at(shape.rect, plates, plates.width(label), inner), label)
    left_out = tuple(r for r in words.matches if r.alert.id not in lie)
    return unboxed_words(left_out, words.utc_ms)


def _paint_unboxed(painter: QPainter, plates: Plates, inner: QRect, foot: int, text: str) -> None:
    """In one line: the picture is wanted; where to see it stands in the alerts' panel too."""
    line: Spans = (Span(text, bold=True),)
    if plates.width(line) > inner.width():
        line = _label(plates, text.split(" · ")[0], inner.width())
    plates.paint(painter, QPoint(inner.x(), foot - plates.high), line)


def _label(plates: Plates, text: str, room: int) -> Spans:
    """The words of a match; on the smallest tiles `possible 0:07`."""
    whole = (Span(text, bold=True),)
    if plates.width(whole) <= room:
        return whole
    return plates.fitting((Span(text.replace("possible match", "possible"), bold=True),), room)


def _label_at(box: QRectF, plates: Plates, wide: int, inner: QRect) -> QPoint:
    """Above the box, below it where the corners' words stand; never out of the tile."""
    above = round(box.top()) - plates.high - 2
    top = above if above >= inner.top() + plates.high else round(box.bottom()) + 3
    left = min(max(round(box.left()), inner.left()), inner.right() + 1 - wide)
    return QPoint(max(left, inner.left()), min(top, inner.bottom() + 1 - plates.high))


def _top_line(
    plates: Plates, inner: QRect, words: TileWords, told: FeedText
) -> tuple[Spans, Spans]:
    """What fits at the left and at the right."""
    pin = PIN_PX if words.pinned else 0
    room = inner.width() - plates.width((told.name,)) - pin - GAP_PX
    chip: Spans = (words.chip,) if words.chip.text else ()
    if plates.width(chip) > room or _docked_here(words, told):
        chip = (short_chip(words.chip),) if chip else ()
    taken = plates.width(chip) if chip else 0
    names = (told.name, told.holder, *_beside_name(words, told))
    room = inner.width() - taken - pin - GAP_PX
    if told.holds.text and plates.width(names[:2]) > room:
        names = (told.name, told.holds)
    return plates.fitting(names, room), chip


def _between(plates: Plates, inner: QRect, top: tuple[Spans, Spans]) -> QRect:
    left, right = (plates.width(spans) if spans else 0 for spans in top)
    return QRect(inner.x() + left, inner.top(), inner.width() - left - right, plates.high)


def _paint_top(
    painter: QPainter, plates: Plates, inner: QRect, words: TileWords, top: tuple[Spans, Spans]
) -> None:
    at = plates.paint(painter, inner.topLeft(), top[0])
    plates.paint_right(painter, QPoint(inner.right() + 1, inner.top()), top[1])
    if words.pinned:
        paint_pin(painter, QPoint(at.right() + 3, at.top() + 2))
    azimuth = look_azimuth_deg(words.seen) if words.large and words.seen is not None else None
    if azimuth is not None:
        middle = QPointF(words.picture.right() - NORTH_PX, inner.top() + plates.high + NORTH_PX)
        paint_north(painter, middle, azimuth)


def _paint_foot(
    painter: QPainter, plates: Plates, inner: QRect, words: TileWords, told: FeedText
) -> int:
    """The foot's words; returns where they begin. On a small tile a match takes their place."""
    bottom = inner.bottom() + 1
    if told.battery is not None and not words.large:
        bar = QRectF(inner.x(), bottom - BAR_PX, inner.width(), BAR_PX)
        paint_battery(painter, bar, told.battery, DARK)
        bottom -= BAR_PX + 1
    low = inner.height() < FOOT_FROM_PX
    if not words.large and (words.matches or (words.text.headline and low)):
        return bottom
    top = bottom - plates.high
    box = plates.paint_right(painter, QPoint(inner.right() + 1, top), _foot_right(words, told))
    left = _foot_left(words, told)
    shown = plates.fitting(left, inner.width() - box.width() - GAP_PX)
    plates.paint(painter, QPoint(inner.x(), top), shown)
    return top - 1


def _docked_here(words: TileWords, told: FeedText) -> bool:
    """A small tile of a drone in its dock: one line says all, the picture has the rest."""
    return told.docked and not words.large


def _beside_name(words: TileWords, told: FeedText) -> Spans:
    if words.large:
        return told.foot
    return told.foot[:1] if told.docked else ()


def _foot_left(words: TileWords, told: FeedText) -> Spans:
    """On a small tile only what flies tells more than its top line; the battery is a bar."""
    if words.large:
        return tuple(Span(part) for part in words.hud.split(" · "))  # what has no room goes whole
    return () if told.docked or told.fixed else told.foot


def _foot_right(words: TileWords, told: FeedText) -> Spans:
    """A rate lower than asked (a docked one stands in the chip), and the street in the focus."""
    rate = words.text.rate if not told.docked else ""
    street = words.street if words.large else ""
    spans = [Span(text, tone) for text, tone in ((rate, Tone.QUIET), (street, Tone.TEXT)) if text]
    return (spans[0], DOT, spans[1]) if len(spans) == 2 else tuple(spans)


def _paint_trouble(painter: QPainter, plates: Plates, rect: QRect, words: TileWords) -> None:
    """In the middle: what is not there and what is done about it."""
    lines = [Span(words.text.headline, bold=True)]
    if rect.height() >= DOING_FROM_PX:
        lines.append(Span(words.text.doing, Tone.QUIET))
    if words.large and words.text.sentence:
        lines.append(Span(words.text.sentence, Tone.QUIET))
    top = rect.center().y() - len(lines) * (plates.high + 1) // 2 + 1
    for line in lines:
        shown = plates.fitting((line,), rect.width() - 2 * EDGE_PX)
        plates.paint_middle(painter, QPoint(rect.center().x(), top), shown)
        top += plates.high + 1


def paint_no_feed(painter: QPainter, rect: QRect, family: str, pixels: int, text: str) -> None:
    """An empty place says what would be here."""
    painter.setFont(face(family, pixels))
    painter.setPen(DARK.color("quiet"))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(rect.adjusted(20, 0, -20, 0), flags, text)
