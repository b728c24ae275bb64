"""A child process never outlives its parent, even one ended by kill -9.

Linux: PR_SET_PDEATHSIG (prctl(2)). Windows: a job object that kills on close. Elsewhere
the caller's own shutdown is all there is.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

_PR_SET_PDEATHSIG = 1


def child_setup() -> Callable[[], None] | None:
    """What to run in the child between fork and exec; None where there is no fork."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def bind_to_parent() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return bind_to_parent


class Job:
    """Windows: every process assigned to it ends when this process does. Else: nothing."""

    _KILL_ON_JOB_CLOSE = 0x2000
    _EXTENDED_LIMITS = 9

    def __init__(self) -> None:
        self._handle: Any = None
        if sys.platform == "win32":
            self._handle = self._make()

    def add(self, pid: int) -> None:
        """Bind a child just started."""
        if sys.platform == "win32":
            kernel = ctypes.windll.kernel32
            process = kernel.OpenProcess(0x0101, False, pid)  # SET_QUOTA | TERMINATE
            kernel.AssignProcessToJobObject(self._handle, process)
            kernel.CloseHandle(process)

    if sys.platform == "win32":

        def _make(self) -> Any:
            kernel = ctypes.windll.kernel32
            handle = kernel.CreateJobObjectW(None, None)
            # JOBOBJECT_EXTENDED_LIMIT_INFORMATION is 144 bytes on 64 bit; LimitFlags at 16.
            limits = (ctypes.c_uint32 * 36)()
            limits[4] = self._KILL_ON_JOB_CLOSE
            kernel.SetInformationJobObject(
                handle, self._EXTENDED_LIMITS, limits, ctypes.sizeof(limits)
            )
            return handle
