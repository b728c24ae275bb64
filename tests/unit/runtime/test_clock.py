"""The machine's clock goes on while the machine sleeps."""

import sys
import time

import pytest

from gcs.runtime.clock import SystemClock


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own such clock")
def test_a_night_asleep_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a gateway on a machine that slept would hold its claim for confirmed a second ago."""
    before_s, real = SystemClock().monotonic(), time.clock_gettime
    slept = {time.CLOCK_BOOTTIME: 8 * 3600.0}
    monkeypatch.setattr(time, "clock_gettime", lambda which: real(which) + slept.get(which, 0.0))
    assert 8 * 3600.0 <= SystemClock().monotonic() - before_s < 8 * 3600.0 + 60.0
