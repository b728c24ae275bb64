"""What desks report of themselves with each renewal of their lease, for the pre-checks."""

from collections import deque
from dataclasses import dataclass, field
from statistics import median

from gcs.model.brief import Readiness
from gcs.model.control import LeaseRenewal
from gcs.model.people import Holder
from gcs.runtime.clock import Clock

SAMPLES = 5
MOST_DESKS = 64


@dataclass(frozen=True, slots=True)
class DeskReport:
    """A desk's last report, `age_s` old. `clock_off_ms`: its clock less the gateway's, None = not
    known yet; `ready`: what it has of the drone, None = it told nothing of it."""

    age_s: float
    round_trip_ms: float | None = None
    clock_off_ms: float | None = None
    ready: Readiness | None = None


@dataclass(slots=True)
class _Desk:
    at_s: float
    renewal: LeaseRenewal
    offs_ms: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))


class DeskReports:
    """The newest of each desk. The clock's error is the median of the last five: one renewal that
    waited somewhere does not count."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._desks: dict[tuple[str, str], _Desk] = {}

    def heard(self, renewal: LeaseRenewal) -> None:
        """A desk renewed its lease; who it is has been looked into."""
        key = (renewal.person, renewal.desk)
        known = self._desks.pop(key, None)
        desk = known or _Desk(0.0, renewal)
        desk.at_s, desk.renewal = self._clock.monotonic(), renewal
        if renewal.utc_ms and renewal.round_trip_ms is not None:
            sent_ms = renewal.utc_ms + renewal.round_trip_ms / 2
            desk.offs_ms.append(sent_ms - self._clock.utc_ms())
        self._desks[key] = desk  # the longest silent comes first
        while len(self._desks) > MOST_DESKS:
            del self._desks[next(iter(self._desks))]

    def of(self, desk: Holder, drone: str) -> DeskReport | None:
        """What this person's desk last reported, with what it has of the drone."""
        known = self._desks.get((desk.person, desk.desk))
        if known is None:
            return None
        return DeskReport(
            self._clock.monotonic() - known.at_s,
            known.renewal.round_trip_ms,
            median(known.offs_ms) if known.offs_ms else None,
            next((r for r in known.renewal.ready if r.drone == drone), None),
        )
