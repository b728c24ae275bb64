"""The process that plays a desk's sounds: `python -m ui.sounds_voice`, one class a line.

It answers READY once it can be heard, and after each sound. It stands apart from the window,
because Qt's look for an audio output never returns where a sound server takes the connection and
stays silent. It ends with its standard input, hung or not.
"""

import os
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal

from ui.sounds import SoundClass
from ui.sounds_synthesis import path_of

READY = "ready"
NO_OUTPUT = 3


class _Words(QObject):
    """Lines of standard input, on the thread of the event loop."""

    said = Signal(str)


def _read(tell: Callable[[str], None]) -> None:
    for line in sys.stdin:
        tell(line.strip())
    os._exit(0)


def main() -> int:
    """Play until standard input ends; NO_OUTPUT where nothing can be heard."""
    application = QCoreApplication(sys.argv[:1])
    words = _Words()
    threading.Thread(target=_read, args=(words.said.emit,), daemon=True).start()
    from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

    if QMediaDevices.defaultAudioOutput().isNull():
        os._exit(NO_OUTPUT)
    effects = {kind.value: QSoundEffect() for kind in SoundClass}
    for kind in SoundClass:
        effects[kind.value].setSource(QUrl.fromLocalFile(str(path_of(kind))))

    def answer() -> None:
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()

    def play(word: str) -> None:
        effects[word].play()
        answer()

    words.said.connect(play)
    answer()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
