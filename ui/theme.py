"""The desk's look: tokens, fonts, palette and style sheet. No widget draws a colour of its own.

Amber and red belong to caution and warning; the accent marks own control and selection.
"""

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from ui.text import Tone

STYLE_FILE = Path("style") / "desk.qss"
FONT_FOLDER = "fonts"
SMALL_PX = 13
BASE_PX = 14
LARGE_PX = 16
HUGE_PX = 24  # words that must not be missed
TARGET_PX = 28
PRIMARY_PX = 44


@lru_cache(maxsize=128)
def _color(text: str) -> QColor:
    """Made once a colour: panels ask thousands of times a minute."""
    return QColor(text)


@lru_cache(maxsize=64)
def face(family: str, pixels: int, bold: bool = False) -> QFont:
    """A font of the type scale, made once; not to be changed by who gets it."""
    font = sans_font(family, pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


@lru_cache(maxsize=64)
def face_metrics(family: str, pixels: int, bold: bool = False) -> QFontMetricsF:
    """The metrics of `face`."""
    return QFontMetricsF(face(family, pixels, bold))


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by meaning, as hex strings."""

    name: str
    ground: str
    panel: str
    raised: str
    selected: str
    line: str
    line_strong: str
    text: str
    quiet: str
    off: str
    accent: str
    on_accent: str
    caution: str
    warning: str
    training: str
    strong: str

    def tone(self, tone: Tone) -> QColor:
        """The colour of a text."""
        return _color(getattr(self, tone.value))

    def color(self, token: str) -> QColor:
        """The colour of a token by its name."""
        return _color(getattr(self, token))


DARK = Theme(
    name="dark",
    ground="#0d1217",
    panel="#11181f",
    raised="#1a242d",
    selected="#14222c",
    line="#222c36",
    line_strong="#3a4752",
    text="#d7dee6",
    quiet="#93a1ad",
    off="#7e8b97",
    accent="#56b4e9",
    on_accent="#0d1217",
    caution="#e69f00",
    warning="#d55e00",
    training="#a898d6",
    strong="#ffffff",
)
LIGHT = Theme(
    name="light",
    ground="#e9edf0",
    panel="#f7f9fa",
    raised="#ffffff",
    selected="#dfeef8",
    line="#d3dae0",
    line_strong="#9aa6b0",
    text="#17212a",
    quiet="#4c5a66",
    off="#5b6670",
    accent="#00639c",
    on_accent="#ffffff",
    caution="#8a5a00",
    warning="#b03a00",
    training="#5b4a9b",
    strong="#000000",
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


@dataclass(frozen=True, slots=True)
class Fonts:
    """Families in use; `shipped` is False when the program's own fonts are missing."""

    sans: str
    mono: str
    shipped: bool


def load_fonts(resources: Path) -> Fonts:
    """Register the shipped fonts; the system's own stand in for what is missing."""
    families: set[str] = set()
    for file in sorted((resources / FONT_FOLDER).glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(file))
        families.update(QFontDatabase.applicationFontFamilies(number))
    fallback = QFontDatabase.systemFont
    sans, mono = "IBM Plex Sans", "IBM Plex Mono"
    return Fonts(
        sans=sans if sans in families else fallback(QFontDatabase.SystemFont.GeneralFont).family(),
        mono=mono if mono in families else fallback(QFontDatabase.SystemFont.FixedFont).family(),
        shipped={sans, mono} <= families,
    )


def sans_font(family: str, pixels: int = BASE_PX) -> QFont:
    """The interface's font with figures of one width, so that running numbers do not dance."""
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def style_sheet(theme: Theme, fonts: Fonts, resources: Path) -> str:
    """The style sheet with the theme's tokens filled in. Raises KeyError for an unknown token."""
    template = Template((resources / STYLE_FILE).read_text(encoding="utf-8"))
    tokens = asdict(theme) | {
        "sans": fonts.sans,
        "mono": fonts.mono,
        "small": f"{SMALL_PX}px",
        "base": f"{BASE_PX}px",
        "large": f"{LARGE_PX}px",
        "target": f"{TARGET_PX}px",
        "primary": f"{PRIMARY_PX}px",
        "style": (resources / "style").as_posix(),
    }
    return template.substitute(tokens)


def palette(theme: Theme) -> QPalette:
    """Qt's own roles, for what a style sheet does not reach."""
    roles = QPalette.ColorRole
    table = {
        roles.Window: theme.ground,
        roles.Base: theme.ground,
        roles.AlternateBase: theme.panel,
        roles.Button: theme.raised,
        roles.ToolTipBase: theme.raised,
        roles.WindowText: theme.text,
        roles.Text: theme.text,
        roles.ButtonText: theme.text,
        roles.ToolTipText: theme.text,
        roles.BrightText: theme.strong,
        roles.PlaceholderText: theme.quiet,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.on_accent,
        roles.Accent: theme.accent,
        roles.Link: theme.accent,
        roles.Mid: theme.line,
        roles.Dark: theme.line,
        roles.Light: theme.line_strong,
    }
    made = QPalette()
    for role, color in table.items():
        made.setColor(role, QColor(color))
        if role in (roles.WindowText, roles.Text, roles.ButtonText):
            made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.off))
    return made


def dress(app: QApplication, theme: Theme, resources: Path) -> str:
    """Give the whole program its look; to be called once, before the first window.

    Returns the style sheet for each window once that is built: one of the program's own would be
    worked out anew for all parts of a window at each step of its building, which doubles its time.
    """
    fonts = load_fonts(resources)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(theme))
    app.setFont(sans_font(fonts.sans))
    return style_sheet(theme, fonts, resources)
