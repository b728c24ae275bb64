"""The map's own URL scheme: `desk://map/...`, a short list of files and documents, no more.

Whatever else a page asks for is blocked and counted. Nothing here touches the network.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice, QObject, QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

SCHEME = b"desk"
ORIGIN = "desk://map"
PAGE_URL = f"{ORIGIN}/"
# `qrc` and `data` never leave the process; any other scheme or host would.
HARMLESS_SCHEMES = frozenset({"data", "qrc"})
CHANNEL_SCRIPT = "/channel/qwebchannel.js"
CONTENT_TYPES = {
    ".js": b"text/javascript",
    ".css": b"text/css",
    ".png": b"image/png",
    ".ttf": b"font/ttf",
}
# What of `resources/` the page may read, folder by folder.
FOLDERS = ("map", "vendor/leaflet", "vendor/leaflet/images", "fonts")
KEEP_BLOCKED = 20


def register_scheme() -> None:
    """Make the scheme known to Chromium. Before QApplication; further calls do nothing."""
    if not QWebEngineUrlScheme.schemeByName(QByteArray(SCHEME)).name().isEmpty():
        return
    scheme = QWebEngineUrlScheme(QByteArray(SCHEME))
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    flag = QWebEngineUrlScheme.Flag
    scheme.setFlags(flag.SecureScheme | flag.CorsEnabled | flag.FetchApiAllowed)
    QWebEngineUrlScheme.registerScheme(scheme)


@dataclass(frozen=True, slots=True)
class Document:
    """Something generated that the page may read."""

    content_type: bytes
    body: bytes


def page_files(resources: Path) -> dict[str, Path]:
    """URL path -> file, for every file the page may read."""
    return {
        f"/{folder}/{file.name}": file
        for folder in FOLDERS
        for file in sorted((resources / folder).glob("*"))
        if file.suffix in CONTENT_TYPES
    }


def channel_script() -> Document:
    """Qt's own qwebchannel.js, which lives in a Qt resource that pages of ours cannot reach."""
    file = QFile(":/qtwebchannel/qwebchannel.js")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise RuntimeError("Qt WebChannel's script is not part of this Qt installation")
    return Document(CONTENT_TYPES[".js"], bytes(file.readAll().data()))


class PageHandler(QWebEngineUrlSchemeHandler):
    """Answers `desk://map/...` from a fixed table of files and documents."""

    def __init__(
        self, files: Mapping[str, Path], documents: Mapping[str, Document], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._files = files
        self._documents = documents
        self.refused = 0

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        url = job.requestUrl()
        document = self._find(url.path()) if url.host() == "map" else None
        if document is None or job.requestMethod().data() != b"GET":
            self.refused += 1
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        buffer = QBuffer(job)  # ends with the job, which Chromium owns
        buffer.setData(QByteArray(document.body))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(document.content_type), buffer)

    def _find(self, path: str) -> Document | None:
        if path in self._documents:
            return self._documents[path]
        file = self._files.get(path)
        if file is None:
            return None
        try:
            return Document(CONTENT_TYPES[file.suffix], file.read_bytes())
        except OSError:
            return None


class Gatekeeper(QWebEngineUrlRequestInterceptor):
    """Lets `desk://map`, `data:` and `qrc:` pass; blocks and counts everything else."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.external_requests = 0
        self.blocked: list[str] = []  # the first few, for a report

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        url = info.requestUrl()
        if self.harmless(url):
            return
        info.block(True)
        self.external_requests += 1
        if len(self.blocked) < KEEP_BLOCKED:
            self.blocked.append(url.toDisplayString())

    @staticmethod
    def harmless(url: QUrl) -> bool:
        """Whether a request cannot leave the process."""
        if url.scheme() == SCHEME.decode():
            return url.host() == "map"
        return url.scheme() in HARMLESS_SCHEMES
