"""The look: enough contrast, every token filled in, figures of one width, no toolkit default."""

from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QApplication

from tests.integration.ui.conftest import RESOURCES
from ui.text import Tone
from ui.theme import DARK, LIGHT, Theme, load_fonts, sans_font, style_sheet

pytestmark = pytest.mark.gui


def luminance(color: QColor) -> float:
    """WCAG relative luminance."""
    parts = []
    for value in (color.redF(), color.greenF(), color.blueF()):
        parts.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a: str, b: str) -> float:
    """WCAG contrast of two colours."""
    high, low = sorted((luminance(QColor(a)), luminance(QColor(b))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
@pytest.mark.parametrize("tone", list(Tone))
def test_text_has_contrast_on_what_it_stands_on(theme: Theme, tone: Tone) -> None:
    for ground in (theme.ground, theme.panel):
        assert contrast(getattr(theme, tone.value), ground) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_selection_and_buttons_keep_the_contrast(theme: Theme) -> None:
    for ground in (theme.selected, theme.raised):
        for text in (theme.text, theme.quiet, theme.accent):
            assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_every_token_of_the_style_sheet_is_filled_in(dressed: QApplication, theme: Theme) -> None:
    sheet = style_sheet(theme, load_fonts(RESOURCES), RESOURCES)
    assert "$" not in sheet
    assert theme.accent in sheet
    for line in sheet.splitlines():
        if 'url("' in line:
            assert Path(line.split('url("')[1].split('"')[0]).is_file()


def test_only_caution_and_warning_are_amber_or_red() -> None:
    for theme in (DARK, LIGHT):
        for name, value in asdict(theme).items():
            color = QColor(value)
            warm = color.isValid() and color.saturation() > 120 and color.hue() in range(60)
            assert warm == (name in ("caution", "warning")), name


def test_the_shipped_fonts_are_in_use(dressed: QApplication) -> None:
    fonts = load_fonts(RESOURCES)
    assert fonts.shipped
    assert dressed.font().family() == fonts.sans == "IBM Plex Sans"


def test_missing_fonts_fall_back(dressed: QApplication, tmp_path: Path) -> None:
    fonts = load_fonts(tmp_path)
    assert not fonts.shipped and fonts.sans and fonts.mono


def test_figures_have_one_width(dressed: QApplication) -> None:
    metrics = QFontMetricsF(sans_font("IBM Plex Sans"))
    assert len({round(metrics.horizontalAdvance(d), 3) for d in "0123456789"}) == 1
