"""Tiles with pictures: what is on the screen, pixel by pixel, and what the wall is told."""

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gcs.model.alert import AlertState, Box
from gcs.model.feed import FeedHealth, RelayHello
from gcs.video.frame import FeedState
from tests.integration.ui.conftest import Make, Rig
from tests.support.alerts import alert_record
from tests.support.fake_wall import drawn, looking
from tests.unit.ui.shift import ME
from ui.models.picture import Look
from ui.panels.feeds import best_columns, grid
from ui.text import Span, Tone
from ui.theme import DARK
from ui.widgets.feed_marks import box_shape
from ui.widgets.feed_plate import Plates, words_tone
from ui.widgets.feed_tile import FeedTile

pytestmark = pytest.mark.gui
Pixels = npt.NDArray[np.uint8]


def agree(rig: Rig) -> None:
    """Sizes stand for two looks, then the wall knows them."""
    for _ in range(2):
        rig.window.feeds.look_all()
    rig.turn()


def bring(rig: Rig, *feeds: str, **how: object) -> None:
    """A new frame of each of these feeds reaches its tiles and is painted."""
    agree(rig)
    for feed in feeds:
        rig.wall.put(feed, **how)  # type: ignore[arg-type]
    rig.window.feeds.turn()
    rig.window.feeds.look_all()
    rig.turn()


def tile(rig: Rig, feed: str) -> FeedTile:
    made = rig.window.wall.tile(feed)
    assert made is not None
    return made


def on_screen(shown: FeedTile) -> Pixels:
    """What the tile painted: shape (height, width, 4), B G R A."""
    pixmap: QPixmap = shown.grab()
    image = pixmap.toImage().convertToFormat(pixmap.toImage().Format.Format_RGB32)
    made = np.frombuffer(image.constBits(), np.uint8)
    return made.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width()].copy()


def colourful(pixels: Pixels) -> float:
    """Mean difference between a pixel's channels."""
    rgb = pixels[..., :3].astype(np.int16)
    return float((rgb.max(axis=2) - rgb.min(axis=2)).mean())


# -- painting ------------------------------------------------------------------------------
def test_a_frame_is_painted_pixel_for_pixel_and_told(rig: Rig) -> None:
    agree(rig)
    feed, width, height = rig.wall.shown["wall-ISL-07"]
    pixels = np.random.default_rng(3).integers(0, 256, (height, width, 4), np.uint8)
    bring(rig, feed, pixels=pixels)
    shown = on_screen(tile(rig, feed))
    high, wide = shown.shape[:2]
    top, left = 1 + (high - 2 - height) // 2, 1 + (wide - 2 - width) // 2
    middle = slice(height // 2 - 8, height // 2 + 8)  # between the plates
    assert np.array_equal(
        shown[top:, left:][middle, :width, :3][:, 4 : width - 4],
        pixels[middle, 4 : width - 4, :3],
    )
    assert [frame.feed for frame in rig.wall.told_painted] == [feed]


def test_each_frame_is_told_once_however_often_it_is_painted(rig: Rig) -> None:
    bring(rig, "ISL-07")
    for _ in range(3):
        tile(rig, "ISL-07").repaint()
    assert len([f for f in rig.wall.told_painted if f.feed == "ISL-07"]) == 1


def test_only_tiles_with_a_new_frame_are_painted(rig: Rig) -> None:
    bring(rig, *rig.shift.site.feeds)
    rig.wall.told_painted.clear()
    rig.wall.put("ISL-03")
    rig.window.feeds.turn()
    rig.turn()
    assert {frame.feed for frame in rig.wall.told_painted} == {"ISL-03"}


def test_a_stale_picture_is_grey_dark_and_says_so_in_words(rig: Rig) -> None:
    agree(rig)
    _, width, height = rig.wall.shown["wall-ISL-07"]
    bring(rig, "ISL-07", pixels=np.full((height, width, 4), (30, 60, 220, 255), np.uint8))
    alive = on_screen(tile(rig, "ISL-07"))
    rig.wall.told_painted.clear()
    rig.shift.later(2.0)
    rig.window.feeds.look_all()
    rig.turn()
    shown = tile(rig, "ISL-07")
    assert (shown.text.look, shown.text.headline) == (Look.GREY, "no picture for 2 s")
    dead = on_screen(shown)
    beside = (slice(22, 29), slice(6, -6))  # above the words
    assert colourful(alive[beside]) > 100 and colourful(dead[beside]) == 0
    assert dead[beside][..., :3].mean() < alive[beside][..., :3].mean() / 2
    assert shown.chip == "not live"
    assert "no picture for 2 s" in shown.accessibleName()
    assert rig.wall.told_painted == []
    rig.shift.later(61.0)
    rig.window.feeds.look_all()
    assert shown.text.look is Look.GONE


@pytest.mark.parametrize("state", [FeedState.STALE, FeedState.FROZEN, FeedState.DEAD])
def test_what_the_wall_calls_not_live_never_looks_live(rig: Rig, state: FeedState) -> None:
    bring(rig, "ISL-07")
    rig.wall.fail("ISL-07", state, "ISL-07: trouble.", 1.0)
    rig.window.feeds.look_all()
    assert tile(rig, "ISL-07").text.look is Look.GREY


def test_a_picture_that_comes_again_is_live_at_once(rig: Rig) -> None:
    bring(rig, "ISL-07")
    rig.shift.later(5.0)
    rig.window.feeds.look_all()
    rig.wall.put("ISL-07")
    rig.window.feeds.turn()
    assert tile(rig, "ISL-07").text.look is Look.LIVE


def test_the_age_is_read_calmly_but_a_late_picture_at_once(rig: Rig) -> None:
    bring(rig, "CAM-1", age_ms=92.0)
    assert tile(rig, "CAM-1").chip == "92 ms"
    bring(rig, "CAM-1", age_ms=110.0)
    assert tile(rig, "CAM-1").chip == "92 ms"
    bring(rig, "CAM-1", age_ms=640.0)
    assert tile(rig, "CAM-1").chip == "640 ms old"


# -- possible matches ----------------------------------------------------------------------
def test_an_alert_frames_its_tile_in_white_and_its_box_where_it_lies(rig: Rig) -> None:
    now = rig.shift.clock.utc_ms()
    rig.state.apply_alert(alert_record("A1", "CAM-1", now - 7000))
    box = Box(0.4, 0.35, 0.2, 0.4)
    bring(rig, "CAM-1", boxes={"A1": box})
    shown = tile(rig, "CAM-1")
    pixels = on_screen(shown)
    assert (pixels[0, :, :3] == 255).all() and (pixels[:, -1, :3] == 255).all()
    assert [r.alert.id for r in shown.matches] == ["A1"]
    place = shown.picture.box_in(shown.picture_room(), 1.0)
    left, middle = round(place.x() + box.left * place.width()), place.center().y()
    assert pixels[middle, left - 2 : left + 3, :3].max() == 255
    rig.state.apply_alert(alert_record("A1", "CAM-1", now - 7000, AlertState.DECIDED, version=2))
    rig.window.feeds.look_all()
    assert shown.matches == ()
    assert not (on_screen(shown)[0, :, :3] == 255).all()
    rig.settle()


def test_a_small_box_becomes_a_ring_round_it(rig: Rig) -> None:
    picture = QRect(10, 20, 160, 90)
    small = box_shape(Box(0.5, 0.5, 0.02, 0.05), picture)
    assert small.ring and small.rect.width() >= 24
    assert small.rect.center().x() == pytest.approx(10 + 160 * 0.51)
    large = box_shape(Box(0.5, 0.25, 0.25, 0.5), picture)
    assert not large.ring
    assert large.rect.left() == pytest.approx(90)
    assert large.rect.height() == pytest.approx(45)


# -- readable on any picture ---------------------------------------------------------------
def luminance(of: QColor) -> float:
    color = (of.redF(), of.greenF(), of.blueF())
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tone", list(Tone))
@pytest.mark.parametrize("ground", ["#ffffff", "#000000", "#808080"])
def test_words_over_any_picture_keep_their_contrast(
    dressed: QApplication, tone: Tone, ground: str
) -> None:
    plates = Plates("IBM Plex Sans", 13, 1.0)
    spans = (Span("92 ms", tone),)
    canvas = QPixmap(QSize(plates.width(spans), plates.high))
    canvas.fill(QColor(ground))
    painter = QPainter(canvas)
    plates.paint(painter, QPoint(0, 0), spans)
    painter.end()
    below = luminance(canvas.toImage().pixelColor(1, 1))
    words = luminance(DARK.tone(words_tone(tone)))
    low, high = sorted((below, words))
    assert (high + 0.05) / (low + 0.05) >= 4.5


# -- what the wall is asked ----------------------------------------------------------------
def test_tiles_ask_for_the_pixels_they_have(rig: Rig) -> None:
    agree(rig)
    assert set(rig.wall.shown) == {"focus", *(f"wall-{f}" for f in rig.shift.site.feeds)}
    for key, (feed, width, height) in rig.wall.shown.items():
        shown = rig.window.focus.tile if key == "focus" else tile(rig, feed)
        room = shown.picture_room()
        assert width <= room.width() and height <= room.height()
        assert width == room.width() or height == room.height()
        assert width / height == pytest.approx(16 / 9, abs=0.03)


def test_a_hidden_wall_asks_for_nothing_and_a_shown_one_again(rig: Rig) -> None:
    agree(rig)
    rig.window.docks["wall"].hide()
    agree(rig)
    assert set(rig.wall.shown) == {"focus"}
    rig.window.docks["wall"].show()
    rig.turn()
    agree(rig)
    assert len(rig.wall.shown) == 12


def test_a_size_is_asked_for_when_it_stood_a_while(rig: Rig) -> None:
    agree(rig)
    before = len(rig.wall.asked)
    shown = tile(rig, "ISL-01")
    shown.resize(120, 80)
    rig.window.feeds.look_all()
    shown.resize(130, 80)
    rig.window.feeds.look_all()
    assert len(rig.wall.asked) == before
    rig.window.feeds.look_all()
    assert [asked[:2] for asked in rig.wall.asked[before:]] == [("ISL-01", "wall-ISL-01")]


def test_closing_lets_every_feed_go(rig: Rig) -> None:
    agree(rig)
    rig.window.close()
    assert rig.wall.shown == {}


# -- selection and focus -------------------------------------------------------------------
def test_a_camera_is_looked_at_without_losing_the_drone(rig: Rig) -> None:
    QTest.mouseClick(tile(rig, "CAM-1"), Qt.MouseButton.LeftButton)
    assert (rig.selection.camera, rig.selection.drone) == ("CAM-1", "ISL-02")
    assert rig.window.focus.tile.feed == "CAM-1"
    assert rig.window.strip.head.text.startswith("ISL-02")
    QTest.mouseClick(tile(rig, "ISL-02"), Qt.MouseButton.LeftButton)
    assert (rig.selection.camera, rig.window.focus.tile.feed) == ("", "ISL-02")


def test_the_focus_changes_feed_at_the_wall_at_once(rig: Rig) -> None:
    agree(rig)
    rig.selection.select_drone("ISL-05")
    rig.window.feeds.turn()
    assert rig.wall.shown["focus"][0] == "ISL-05"
    assert rig.window.focus.tile.picture.frame is None


def test_a_double_click_keeps_a_feed_in_the_focus_until_escape(rig: Rig) -> None:
    QTest.mouseDClick(tile(rig, "CAM-2"), Qt.MouseButton.LeftButton)
    rig.selection.select_drone("ISL-05")
    assert rig.window.focus.tile.feed == "CAM-2"
    QTest.keyClick(rig.window, Qt.Key.Key_Escape)
    assert (rig.selection.pinned, rig.window.focus.tile.feed) == ("", "ISL-05")
    QTest.mouseDClick(rig.window.focus.tile, Qt.MouseButton.LeftButton)
    assert rig.selection.pinned == "ISL-05"
    QTest.mouseDClick(rig.window.focus.tile, Qt.MouseButton.LeftButton)
    assert rig.selection.pinned == ""


def test_the_wall_works_from_the_keyboard(rig: Rig) -> None:
    tiles = rig.window.wall.tiles
    tiles[0].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(tiles[0], Qt.Key.Key_Right)
    QTest.keyClick(tiles[1], Qt.Key.Key_Right)
    assert tiles[2].hasFocus()
    QTest.keyClick(tiles[2], Qt.Key.Key_Down)
    below = tiles[2 + rig.window.wall.columns]
    assert below.hasFocus()
    QTest.keyClick(below, Qt.Key.Key_Return)
    assert rig.selection.drone == below.feed and rig.selection.pinned == ""
    QTest.keyClick(below, Qt.Key.Key_Return)
    assert rig.selection.pinned == below.feed


def test_a_command_key_on_a_tile_reaches_the_desk(rig: Rig) -> None:
    shown = tile(rig, "ISL-02")
    shown.setFocus(Qt.FocusReason.TabFocusReason)
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_H, Qt.KeyboardModifier.NoModifier, "h")
        QApplication.sendEvent(shown, event)
    rig.settle()
    assert rig.actions.asked == [("hold", "ISL-02")]


def test_the_focus_tells_what_its_frame_knows(rig: Rig) -> None:
    rig.shift.owned("ISL-02", ME)
    here = rig.shift.drones["ISL-02"].position
    assert here is not None
    bring(rig, "ISL-02", metadata=looking(here, 214.0, 72.0, -38.0))
    rig.tell()
    shown = rig.window.focus.tile
    assert shown.hud == "72 m AGL · 214° · gimbal −38° · scene 0 m"
    assert shown.street == "Exmouth Market"
    rig.selection.select_drone("ISL-03")
    assert (shown.hud, shown.street) == ("", "")


# -- the wall's grid, the chip -------------------------------------------------------------
@pytest.mark.parametrize(
    ("width", "height", "columns"), [(650, 290, 4), (400, 300, 3), (300, 900, 2), (1900, 400, 6)]
)
def test_the_columns_that_make_pictures_largest(width: int, height: int, columns: int) -> None:
    assert best_columns(QSize(width, height), 11, 16 / 9) == columns
    boxes = grid(QRect(5, 5, width, height), 11, columns)
    assert len(boxes) == 11
    assert all(QRect(5, 5, width, height).contains(box) for box in boxes)
    assert not any(a.intersects(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])


def test_nothing_of_the_wall_is_cut_on_a_small_screen(make: Make) -> None:
    rig = make(size=(1366, 768))
    room = rig.window.wall.rect()
    for shown in rig.window.wall.tiles:
        assert room.contains(shown.geometry())
        assert shown.visibleRegion().boundingRect() == shown.rect()


def test_the_status_bar_counts_the_feeds(rig: Rig) -> None:
    chip = rig.window.status.chips["feeds"]
    bring(rig, *(f for f in rig.shift.site.feeds if f != "ISL-06"))
    rig.wall.fail("ISL-06", FeedState.DEAD, "ISL-06: nothing comes.", 14.0)
    rig.tell()
    assert chip.text == "feeds 10 of 11"
    assert "ISL-06: nothing comes." in chip.toolTip()
    rig.wall.fail("ISL-06", FeedState.CONNECTING, "Feed ISL-06 is not looked at.")
    health = FeedHealth("ISL-06", 0.0, 900, 0, 2, 0)
    rig.state.apply_relay(RelayHello("r", rig.shift.clock.utc_ms(), (health,)))
    rig.tell()
    assert chip.text == "feeds 11 of 11"


def test_a_frame_of_another_size_is_centred_and_cut(rig: Rig) -> None:
    bring(rig, "ISL-07", pixels=drawn(400, 225, 1))
    assert on_screen(tile(rig, "ISL-07")).shape[1] == tile(rig, "ISL-07").width()
