"""The catalogue of flight warnings: one table, and what of it holds now. Pure.

A warning is shown once its condition has held for `after_s`; it then stays until what `keeps`
it is over (a threshold a step wider than the one that began it), at least `stays_s` in all.
Numbers that are old are not judged: of a silent drone it is said that it is silent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from gcs.alerts import warning_signs as signs
from gcs.alerts.flight_facts import DroneFacts, FlightFacts
from gcs.model.event import Severity

Sign = Callable[[DroneFacts], str]


class WarningId(StrEnum):
    """The flight warnings."""

    TRAFFIC_WARNING = "traffic_warning"
    FAILSAFE = "failsafe"
    FENCE_BREACH = "fence_breach"
    GNSS_LOST = "gnss_lost"
    BATTERY_CRITICAL = "battery_critical"
    SILENT = "silent"
    UPLINK_LOST = "uplink_lost"
    TROUBLE = "trouble"
    SIGNING_REFUSED = "signing_refused"
    FENCE_OFF = "fence_off"
    TRAFFIC_CAUTION = "traffic_caution"
    BATTERY_LOW = "battery_low"
    WIND = "wind"
    SILENT_DOCKED = "silent_docked"
    GCS_LOSS_OFF = "gcs_loss_off"


@dataclass(frozen=True, slots=True)
class WarningRule:
    """One row. `begins` and `keeps` give the words, empty = it does not hold. `priority` 1 comes
    first within its severity. `unless`: rows that say the same and more."""

    id: WarningId
    severity: Severity
    priority: int
    action: str
    begins: Sign
    keeps: Sign
    after_s: float = 0.0
    stays_s: float = 3.0
    of_silent: bool = False  # it holds of a drone that is not heard, too
    unless: frozenset[WarningId] = frozenset()


_W, _C = Severity.WARNING, Severity.CAUTION
_I = WarningId

CATALOGUE: tuple[WarningRule, ...] = (
    WarningRule(
        _I.TRAFFIC_WARNING,
        _W,
        1,
        "Descend or land now; keep out of its way.",
        signs.traffic_warning,
        signs.traffic_warning,
        stays_s=5.0,
        of_silent=True,
    ),
    WarningRule(
        _I.FAILSAFE,
        _W,
        2,
        "Watch what it does; take it back once it is safe.",
        signs.failsafe,
        signs.failsafe,
    ),
    WarningRule(
        _I.FENCE_BREACH,
        _W,
        3,
        "Bring it back inside, or let it return.",
        signs.fence_breach,
        signs.fence_breach,
    ),
    WarningRule(
        _I.GNSS_LOST,
        _W,
        4,
        "Expect it to land where it is; clear the ground below.",
        signs.gnss_lost(3.0, 6),
        signs.gnss_lost(2.0, 8),
        after_s=1.0,
        stays_s=5.0,
    ),
    WarningRule(
        _I.BATTERY_CRITICAL,
        _W,
        5,
        "Return now, or land at the nearest safe place.",
        signs.battery(work_s=0.0, percent=15.0),
        signs.battery(work_s=30.0, percent=18.0),
        after_s=2.0,
        stays_s=10.0,
    ),
    WarningRule(
        _I.SILENT,
        _W,
        6,
        "It follows its own link-loss action; keep others clear of its way home.",
        signs.silent_in_flight,
        signs.silent_in_flight,
        of_silent=True,
    ),
    WarningRule(
        _I.UPLINK_LOST,
        _W,
        7,
        "Orders do not reach it; expect its link-loss action.",
        signs.uplink_lost(6.0),
        signs.uplink_lost(3.0),
        after_s=1.0,
    ),
    WarningRule(
        _I.TROUBLE,
        _W,
        8,
        "It gets no commands until this is settled.",
        signs.trouble,
        signs.trouble,
        of_silent=True,
    ),
    WarningRule(
        _I.SIGNING_REFUSED,
        _W,
        9,
        "Check the drone's signing key.",
        signs.signing_refused,
        signs.signing_refused,
        after_s=2.0,
        of_silent=True,
        unless=frozenset({_I.TROUBLE}),
    ),
    WarningRule(
        _I.FENCE_OFF,
        _C,
        1,
        "Nothing on board holds it inside: watch the line yourself.",
        signs.fence_off,
        signs.fence_off,
        after_s=3.0,
    ),
    WarningRule(
        _I.TRAFFIC_CAUTION,
        _C,
        2,
        "Find it in the picture or the sky; be ready to descend.",
        signs.traffic_caution,
        signs.traffic_caution,
        stays_s=5.0,
        of_silent=True,
        unless=frozenset({_I.TRAFFIC_WARNING}),
    ),
    WarningRule(
        _I.BATTERY_LOW,
        _C,
        3,
        "Plan its relief or its return.",
        signs.battery(work_s=120.0, percent=25.0),
        signs.battery(work_s=180.0, percent=28.0),
        after_s=2.0,
        stays_s=10.0,
        unless=frozenset({_I.BATTERY_CRITICAL}),
    ),
    WarningRule(
        _I.WIND,
        _C,
        4,
        "Expect it to drift and to tire sooner; return if it grows.",
        signs.wind(1.0),
        signs.wind(0.85),
        after_s=10.0,
        stays_s=30.0,
    ),
    WarningRule(
        _I.SILENT_DOCKED,
        _C,
        5,
        "It cannot be launched; check its dock and link.",
        signs.silent_on_ground,
        signs.silent_on_ground,
        after_s=2.0,
        of_silent=True,
    ),
    WarningRule(
        _I.GCS_LOSS_OFF,
        _C,
        6,
        "Set the action on the vehicle before it flies.",
        signs.gcs_loss_off,
        signs.gcs_loss_off,
        after_s=5.0,
    ),
)
RULES: dict[WarningId, WarningRule] = {rule.id: rule for rule in CATALOGUE}


@dataclass(frozen=True, slots=True)
class FlightWarning:
    """One warning of one drone. `since_s`: since when it holds; `seen_s`: when it last did.

    Only those with `shown` are for people; the others have not held long enough yet.
    """

    id: WarningId
    drone: str
    severity: Severity
    priority: int
    text: str
    action: str
    since_s: float
    seen_s: float
    shown: bool

    @property
    def order(self) -> tuple[int, int, float, str]:
        """Sorts what matters most to the front."""
        return (_RANKS[self.severity], self.priority, self.since_s, self.drone)


_RANKS = {Severity.WARNING: 0, Severity.CAUTION: 1, Severity.INFO: 2}


def warnings_of(
    facts: FlightFacts, before: Iterable[FlightWarning] = ()
) -> tuple[FlightWarning, ...]:
    """What holds now, what matters most first. `before`: what this gave the last time."""
    known = {(w.id, w.drone): w for w in before}
    found: list[FlightWarning] = []
    for drone in facts.drones:
        own = [_judged(r, drone, known.get((r.id, drone.drone)), facts.now_s) for r in CATALOGUE]
        hold = [w for w in own if w is not None]
        said = {w.id for w in hold if w.shown}
        found += [w for w in hold if not RULES[w.id].unless & said]
    return tuple(sorted(found, key=lambda w: w.order))


def _judged(
    rule: WarningRule, drone: DroneFacts, known: FlightWarning | None, now_s: float
) -> FlightWarning | None:
    shown = known is not None and known.shown
    judge = drone.silent and not rule.of_silent
    words = "" if judge else (rule.keeps if shown else rule.begins)(drone)
    if not words:
        stays = known is not None and shown and now_s - known.seen_s < rule.stays_s
        return known if stays else None
    since_s = now_s if known is None else known.since_s
    warning = FlightWarning(
        id=rule.id,
        drone=drone.drone,
        severity=rule.severity,
        priority=rule.priority,
        text=words,
        action=rule.action,
        since_s=since_s,
        seen_s=now_s,
        shown=shown,
    )
    return warning if shown else replace(warning, shown=now_s - since_s >= rule.after_s)
