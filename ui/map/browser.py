"""The WebEngine page and profile of the map, with everything a map does not need switched off."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineSettings
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from ui.map.scheme import PAGE_URL, SCHEME, Document, Gatekeeper, PageHandler

GROUND = "#0f151a"

_Attribute = QWebEngineSettings.WebAttribute
OFF = (
    _Attribute.PluginsEnabled,
    _Attribute.LocalStorageEnabled,
    _Attribute.LocalContentCanAccessFileUrls,
    _Attribute.LocalContentCanAccessRemoteUrls,
    _Attribute.JavascriptCanOpenWindows,
    _Attribute.JavascriptCanAccessClipboard,
    _Attribute.NavigateOnDropEnabled,
    _Attribute.FullScreenSupportEnabled,
    _Attribute.ScreenCaptureEnabled,
    _Attribute.WebGLEnabled,
    _Attribute.DnsPrefetchEnabled,
    _Attribute.AutoLoadIconsForPage,
    _Attribute.HyperlinkAuditingEnabled,
    _Attribute.PdfViewerEnabled,
    _Attribute.ErrorPageEnabled,
    _Attribute.ShowScrollBars,
)


class MapPage(QWebEnginePage):
    """Stays on the map's document, opens nothing, and tells what its scripts complain of."""

    script_error = Signal(str)

    def acceptNavigationRequest(
        self, url: QUrl | str, type: QWebEnginePage.NavigationType, main_frame: bool
    ) -> bool:
        return QUrl(url).toString() == PAGE_URL

    def createWindow(self, type: QWebEnginePage.WebWindowType) -> QWebEnginePage | None:  # type: ignore[override]
        return None

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        line: int,
        source: str,
    ) -> None:
        if level is QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel:
            where = f"{QUrl(source).fileName() or 'the page'}, line {line}"
            self.script_error.emit(f"The map has a fault: {message.strip()} ({where}).")


class MapBrowser(QWebEngineView):
    """A view that shows `MapPage` and takes neither files nor a context menu."""

    def __init__(
        self, files: Mapping[str, Path], documents: Mapping[str, Document], parent: QWidget
    ) -> None:
        super().__init__(parent)
        profile = QWebEngineProfile()  # no name: nothing is ever written to disk
        self.gatekeeper = Gatekeeper(profile)
        profile.setUrlRequestInterceptor(self.gatekeeper)
        self.handler = PageHandler(files, documents, profile)
        profile.installUrlSchemeHandler(SCHEME, self.handler)
        profile.setSpellCheckEnabled(False)
        profile.downloadRequested.connect(lambda request: request.cancel())
        self.map_page = MapPage(profile, self)
        for attribute in OFF:
            self.map_page.settings().setAttribute(attribute, False)
        self.map_page.setBackgroundColor(QColor(GROUND))
        self.setPage(self.map_page)
        # Children end in their order: the profile must outlive the page.
        profile.setParent(self)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAcceptDrops(False)

    def load_page(self) -> None:
        """Load the map's document, also after its process died."""
        self.setUrl(QUrl(PAGE_URL))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        event.ignore()
