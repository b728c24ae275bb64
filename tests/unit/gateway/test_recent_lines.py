"""What the gateway keeps of what it told about a drone."""

from gcs.gateway.events import RECENT, WARNED, LogLine, RecentLines
from gcs.model.event import Severity


def _kept(*lines: LogLine) -> tuple[LogLine, ...]:
    recent = RecentLines()
    for line in lines:
        recent.add(line)
    return recent.lines()


def _told(count: int, severity: Severity = Severity.INFO, since_ms: int = 0) -> list[LogLine]:
    return [LogLine(since_ms + n, f"line {n}", severity) for n in range(count)]


def test_the_last_lines_are_kept_oldest_first() -> None:
    told = _told(RECENT + 3)
    assert _kept(*told) == tuple(told[-RECENT:])
    assert _kept() == ()


def test_receipts_do_not_displace_a_warning() -> None:
    warning = LogLine(0, "battery low", Severity.WARNING)
    later = _told(40, Severity.CAUTION, since_ms=1)  # a refused receipt is one
    assert _kept(warning, *later) == (warning, *later[-RECENT:])


def test_warnings_without_end_displace_the_oldest() -> None:
    told = _told(100, Severity.WARNING)
    assert _kept(*told) == tuple(told[-RECENT - WARNED :])
