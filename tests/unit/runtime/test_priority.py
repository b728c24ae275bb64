"""A thread that gives way does so alone."""

import os
import sys
import threading

import pytest

from gcs.runtime.priority import give_way


@pytest.mark.skipif(sys.platform != "linux", reason="threads have their own priority on Linux")
def test_only_the_thread_itself_gives_way() -> None:
    seen: list[int] = []

    def work() -> None:
        give_way()
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [max(before, 5)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
