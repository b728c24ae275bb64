"""The arbiter of flight warnings: their order, their place before alerts, and floods. Pure but
for the board, which remembers what it showed.

More than ten that began within ten minutes are a flood: the one that matters most stays by
itself, the others are told by kind. None is left out, whatever their number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gcs.alerts.flight_facts import FlightFacts
from gcs.alerts.warnings import FlightWarning, WarningId, warnings_of
from gcs.model.event import Severity

FLOOD = 10
FLOOD_WINDOW_S = 600.0
_NAMED = 4

_KINDS: dict[WarningId, str] = {
    WarningId.TRAFFIC_WARNING: "aircraft very near",
    WarningId.FAILSAFE: "in a failsafe",
    WarningId.FENCE_BREACH: "outside the geofence",
    WarningId.GNSS_LOST: "without GNSS",
    WarningId.BATTERY_CRITICAL: "battery critical",
    WarningId.SILENT: "silent in flight",
    WarningId.UPLINK_LOST: "uplink lost",
    WarningId.TROUBLE: "get no commands",
    WarningId.SIGNING_REFUSED: "signature refused",
    WarningId.FENCE_OFF: "without an active geofence",
    WarningId.TRAFFIC_CAUTION: "aircraft near",
    WarningId.BATTERY_LOW: "battery low",
    WarningId.WIND: "wind above the limit",
    WarningId.SILENT_DOCKED: "silent on the ground",
    WarningId.GCS_LOSS_OFF: "no action when the ground station is lost",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What is shown as one: a warning, or in a flood several of one kind."""

    id: WarningId
    severity: Severity
    drones: tuple[str, ...]
    text: str
    action: str
    since_s: float


def arranged(warnings: Iterable[FlightWarning], flood: bool = False) -> tuple[Line, ...]:
    """Those for people, what matters most first."""
    shown = sorted((w for w in warnings if w.shown), key=lambda w: w.order)
    if not flood or len(shown) < 2:
        return tuple(_line([w]) for w in shown)
    kinds: dict[WarningId, list[FlightWarning]] = {}
    for warning in shown[1:]:
        kinds.setdefault(warning.id, []).append(warning)
    return (_line(shown[:1]), *(_line(group) for group in kinds.values()))


def _line(group: Sequence[FlightWarning]) -> Line:
    first = group[0]
    drones = tuple(w.drone for w in group)
    since_s = min(w.since_s for w in group)
    text = first.text if len(group) == 1 else f"{_names(drones)}: {_KINDS[first.id]}"
    return Line(first.id, first.severity, drones, text, first.action, since_s)


def _names(drones: Sequence[str]) -> str:
    named = ", ".join(drones[:_NAMED])
    more = len(drones) - _NAMED
    return f"{named} and {more} more" if more > 0 else named


class WarningBoard:
    """Keeps what holds from one judgement to the next, for one desk."""

    def __init__(self) -> None:
        self._holding: tuple[FlightWarning, ...] = ()
        self._begun_s: tuple[float, ...] = ()

    @property
    def flooded(self) -> bool:
        """Whether more began lately than anybody can read."""
        return len(self._begun_s) > FLOOD

    @property
    def holding(self) -> tuple[FlightWarning, ...]:
        """What held at the last judgement, also what is not shown yet."""
        return self._holding

    def judge(self, facts: FlightFacts) -> tuple[Line, ...]:
        """What to show now."""
        before = {(w.id, w.drone) for w in self._holding if w.shown}
        self._holding = warnings_of(facts, self._holding)
        new = [w for w in self._holding if w.shown and (w.id, w.drone) not in before]
        recent = [at_s for at_s in self._begun_s if facts.now_s - at_s < FLOOD_WINDOW_S]
        self._begun_s = (*recent, *(facts.now_s for _ in new))
        return arranged(self._holding, self.flooded)
