"""What must be set before QApplication is made: platform, renderer, browser sandbox."""

import os
import sys
from pathlib import Path

# Drivers of /dev/dri that draw nothing themselves.
_NOT_A_GPU = frozenset({"vgem", "vkms", "virtio_gpu", "simpledrm", "bochs-drm", "cirrus"})


def has_gpu() -> bool:
    """Whether a real GPU is likely to draw. Only Linux tells without opening a window."""
    if sys.platform != "linux":
        return True
    for node in Path("/sys/class/drm").glob("renderD*"):
        driver = node / "device" / "driver"
        if driver.exists() and driver.resolve().name not in _NOT_A_GPU:
            return True
    return False


def prepare(headless: bool) -> None:
    """Set the environment of this process. What the user has set already is kept."""
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if headless or not has_gpu():
        # With software GL, Qt Quick's own software renderer takes a quarter of the time.
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium's sandbox refuses to run as root. Never set for anyone else.
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
    # The choice is made: Qt's own notes about it would only fill the terminal.
    os.environ.setdefault("QT_LOGGING_RULES", "qt.webenginecontext.info=false")
