"""How a thread stands among the others of the machine."""

import contextlib
import os
import sys
import threading

_NICE = 5


def give_way() -> None:
    """From here on this thread lets others go first where processors are short (Linux only).

    For work whose loss of pace is harmless and shown, such as drawing simulated pictures.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
