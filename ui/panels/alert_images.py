"""The images of possible matches: asked of the keeper by the desk's act, decoded in a thread.

Kept in memory only while their alert waits or is shown; never written anywhere.
"""

import asyncio
import hashlib

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageReader

from gcs.model.alert import Alert, AlertImage, ImageRef, ImageReply
from ui.commands import OperatorCommands

LARGEST_PX = 4096
FIELDS = {
    AlertImage.PROBE: "probe",
    AlertImage.CANDIDATE: "candidate_image",
    AlertImage.STILL: "still",
}
Key = tuple[str, AlertImage, str]  # alert, which, SHA-256: an updated alert has other images


def _key(alert: Alert, image: AlertImage) -> Key:
    ref: ImageRef = getattr(alert, FIELDS[image])
    return (alert.id, image, ref.sha256)


class AlertImages(QObject):
    """`changed(alert)` when one of its images came, or the sentence why it did not."""

    changed = Signal(str)

    def __init__(self, commands: OperatorCommands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self._images: dict[Key, QImage] = {}
        self._words: dict[Key, str] = {}
        self._asked: set[Key] = set()

    def want(self, alert: Alert, image: AlertImage) -> None:
        """Fetch it unless it is here, under way or was refused."""
        key = _key(alert, image)
        if key not in self._asked:
            self._asked.add(key)

            async def then(reply: ImageReply) -> None:
                await self._take(key, reply)

            self._commands.alert_image(alert.id, image, then)

    def again(self, alert: str) -> None:
        """Forget the refusals of an alert, so that `want` asks anew."""
        for key in [k for k in self._words if k[0] == alert]:
            del self._words[key]
            self._asked.discard(key)

    def image(self, alert: Alert, image: AlertImage) -> QImage | None:
        """The image, once it is here."""
        return self._images.get(_key(alert, image))

    def words(self, alert: Alert, image: AlertImage) -> str:
        """Why there is none; empty while nobody has refused it."""
        return self._words.get(_key(alert, image), "")

    def keep(self, alerts: frozenset[str]) -> None:
        """Let go of the images of every other alert."""
        for key in [k for k in self._asked if k[0] not in alerts]:
            self._asked.discard(key)
            self._images.pop(key, None)
            self._words.pop(key, None)

    async def _take(self, key: Key, reply: ImageReply) -> None:
        found: QImage | str = reply.text or "The keeper gives no image and no reason."
        if reply.ok:
            found = await asyncio.to_thread(decode, reply.data, key[2])
        if key not in self._asked:
            return  # let go of meanwhile
        if isinstance(found, str):
            self._words[key] = found
        else:
            self._images[key] = found
        self.changed.emit(key[0])


def decode(data: bytes, sha256: str) -> QImage | str:
    """The image, or one sentence. Runs off the GUI thread; JPEG and PNG only."""
    if hashlib.sha256(data).hexdigest() != sha256:
        return "The image is not the one that the alert names and is not shown."
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    if bytes(reader.format().data()) not in (b"jpeg", b"png"):
        return "The image is neither JPEG nor PNG and is not shown."
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > LARGEST_PX:
        return f"The image is larger than {LARGEST_PX} pixels a side and is not shown."
    image = reader.read()
    if image.isNull():
        return "The image is damaged and is not shown."
    return image.convertToFormat(QImage.Format.Format_RGB32)
