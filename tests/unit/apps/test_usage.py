"""Cores are read from the operating system, children's too: break the source and it shows."""

import subprocess
import sys
import time

from gcs.apps.usage import Usage

BURN = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass\n"


def test_what_a_child_burns_is_counted_and_stays_counted() -> None:
    usage = Usage()
    usage.mark()
    child = subprocess.Popen(
        [sys.executable, "-c", BURN + "print(flush=True)\ninput()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    begun = time.monotonic()
    assert child.stdout is not None
    child.stdout.readline()
    usage.sample()
    elapsed = time.monotonic() - begun
    burned = usage.cores * elapsed
    child.communicate(b"\n")
    usage.sample()
    assert burned >= 0.4
    assert usage.cores > 0


def test_start_up_before_the_mark_is_left_out() -> None:
    usage = Usage()
    end = time.process_time() + 0.3
    while time.process_time() < end:
        pass
    usage.mark()
    time_before = time.monotonic()
    usage.sample()
    assert usage.cores * max(time.monotonic() - time_before, 1e-9) < 0.2
