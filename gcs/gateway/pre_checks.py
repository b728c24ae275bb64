"""The pre-checks of a hand-over: may the receiver have it now? Pure; each says its reason.

What was failing passes again only with a margin, so that a value at its limit does not flap.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gcs.fleet.endurance import Endurance
from gcs.gateway.brief_words import lasts
from gcs.gateway.desk_reports import DeskReport
from gcs.model.brief import NOT_SHOWN, PreCheck, Readiness
from gcs.model.function import Function
from gcs.model.people import Holder

REPORT_S = 3.0
FRESH_S = 1.0
ROUND_TRIP_MS = 500.0
CLOCK_MS = 200.0
BATTERY_S = 180.0  # above the flight home and the reserve
BATTERY_OLD_S = 10.0
# Under or over its limit by so much it passes again.
ROUND_TRIP_MARGIN_MS = 50.0
CLOCK_MARGIN_MS = 20.0
BATTERY_MARGIN_S = 15.0

WAIVABLE = ("telemetry", "video", "round_trip", "neutral", "battery", "clock")


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What the checks are made of. `plan` and `fence`: the marks of what the gateway has;
    `unqualified`, `too_many`: why the receiver may not, empty = may; `failing`: the checks that
    did not pass when last looked at.
    """

    drone: str
    function: Function
    receiver: Holder
    report: DeskReport | None
    plan: str
    fence: str
    endurance: Endurance | None
    battery_age_s: float | None
    unqualified: str = ""
    too_many: str = ""
    failing: frozenset[str] = frozenset()

    @property
    def desk(self) -> str:
        """The receiver's."""
        return self.receiver.desk

    @property
    def silence(self) -> str:
        """Why nothing that the desk reports can be checked; empty while it can."""
        if self.report is None:
            return f"{self.desk} has reported nothing yet"
        if self.report.age_s > REPORT_S:
            return f"{self.desk} last reported {self.report.age_s:.0f} s ago"
        return ""

    @property
    def ready(self) -> Readiness | None:
        """What the desk has of the drone, by a report that still counts."""
        return None if self.report is None or self.silence else self.report.ready

    @property
    def untold(self) -> str:
        """The words where `ready` is None."""
        return self.silence or f"{self.desk} has told nothing of {self.drone} yet"


Check = Callable[[CheckFacts], tuple[bool, str]]


def pre_checks(facts: CheckFacts) -> tuple[PreCheck, ...]:
    """Every check, in the order of reading. A camera is flown by nobody: fewer of them."""
    checks = _FLIGHT if facts.function is Function.FLIGHT else _PAYLOAD
    made = ((key, *check(facts)) for key, check in checks.items())
    return tuple(PreCheck(key, ok, text[:400], key in WAIVABLE) for key, ok, text in made)


def failed(checks: tuple[PreCheck, ...]) -> tuple[str, ...]:
    """Those that do not pass, by key."""
    return tuple(c.key for c in checks if not c.ok)


# -- what the receiver's desk has --------------------------------------------------------------
def _telemetry(facts: CheckFacts) -> tuple[bool, str]:
    ready = facts.ready
    if ready is None:
        return False, facts.untold
    return _fresh(facts, "telemetry", ready.telemetry_age_s)


def _video(facts: CheckFacts) -> tuple[bool, str]:
    ready = facts.ready
    if ready is None:
        return False, facts.untold
    return _fresh(facts, "picture", ready.video_age_s)


def _fresh(facts: CheckFacts, what: str, age_s: float | None) -> tuple[bool, str]:
    if age_s is None:
        return False, f"{facts.desk} has no {what} of {facts.drone}"
    told = f"the {what} of {facts.drone} at {facts.desk} is {age_s:.1f} s old"
    if age_s < FRESH_S:
        return True, told
    return False, f"{told}: less than {FRESH_S:.0f} s is needed"


def _round_trip(facts: CheckFacts) -> tuple[bool, str]:
    if facts.report is None or facts.silence:
        return False, facts.silence
    took_ms = facts.report.round_trip_ms
    if took_ms is None:
        return False, f"no answer to {facts.desk} has been timed yet"
    limit_ms = _eased(facts, "round_trip", ROUND_TRIP_MS, ROUND_TRIP_MARGIN_MS)
    told = f"an answer to {facts.desk} takes {took_ms:.0f} ms"
    if took_ms < limit_ms:
        return True, told
    return False, f"{told}: less than {limit_ms:.0f} ms is needed"


def _plan(facts: CheckFacts) -> tuple[bool, str]:
    ready = facts.ready
    if ready is None:
        return False, facts.untold
    if ready.plan == NOT_SHOWN:
        return False, f"{facts.desk} does not know yet what plan {facts.drone} has"
    if ready.plan == facts.plan:
        return True, f"{facts.desk} shows the plan of {facts.drone} that this gateway has"
    return False, f"{facts.desk} shows another plan of {facts.drone} than this gateway has"


def _fence(facts: CheckFacts) -> tuple[bool, str]:
    ready = facts.ready
    if ready is None:
        return False, facts.untold
    if ready.fence == facts.fence:
        return True, f"{facts.desk} shows the geofence that this gateway has"
    return False, f"{facts.desk} shows another geofence than this gateway has"


def _neutral(facts: CheckFacts) -> tuple[bool, str]:
    ready = facts.ready
    if ready is None:
        return False, facts.untold
    if ready.neutral:
        return True, f"the controls of {facts.desk} are neutral"
    return False, f"a control of {facts.desk} is held or turned: let it go"


def _clock(facts: CheckFacts) -> tuple[bool, str]:
    if facts.report is None or facts.silence:
        return False, facts.silence
    off_ms = facts.report.clock_off_ms
    if off_ms is None:
        return False, f"the clock of {facts.desk} has not been compared yet"
    limit_ms = _eased(facts, "clock", CLOCK_MS, CLOCK_MARGIN_MS)
    way = "ahead of" if off_ms > 0 else "behind"
    told = f"the clock of {facts.desk} is {abs(off_ms):.0f} ms {way} the gateway's"
    if abs(off_ms) < limit_ms:
        return True, told
    return False, f"{told}: less than {limit_ms:.0f} ms is needed"


def _eased(facts: CheckFacts, key: str, limit: float, margin: float) -> float:
    return limit - margin if key in facts.failing else limit


# -- who he is, and what is left ---------------------------------------------------------------
def _qualified(facts: CheckFacts) -> tuple[bool, str]:
    told = facts.unqualified
    return not told, told or f"{facts.receiver.name} is qualified for {facts.drone}"


def _drone_limit(facts: CheckFacts) -> tuple[bool, str]:
    told = facts.too_many
    return not told, told or f"{facts.receiver.name} may have {facts.drone} as well"


def _battery(facts: CheckFacts) -> tuple[bool, str]:
    left, age_s = facts.endurance, facts.battery_age_s
    if left is None or age_s is None:
        return False, f"{facts.drone} does not tell its battery"
    if age_s > BATTERY_OLD_S:
        return False, f"{facts.drone} told its battery {lasts(age_s)} ago"
    margin_s = BATTERY_MARGIN_S if "battery" in facts.failing else 0.0
    if left.work_s < 0:
        return False, f"{facts.drone} is {lasts(left.work_s)} into its reserve"
    told = f"{facts.drone} has {lasts(left.work_s)} above its flight home and its reserve"
    if left.work_s >= BATTERY_S + margin_s:
        return True, told
    return False, f"{told}: {lasts(BATTERY_S + margin_s)} are needed"


_PAYLOAD: dict[str, Check] = {
    "telemetry": _telemetry,
    "video": _video,
    "round_trip": _round_trip,
    "qualified": _qualified,
    "neutral": _neutral,
    "clock": _clock,
}
_FLIGHT: dict[str, Check] = {
    "telemetry": _telemetry,
    "video": _video,
    "round_trip": _round_trip,
    "plan": _plan,
    "fence": _fence,
    "qualified": _qualified,
    "drone_limit": _drone_limit,
    "neutral": _neutral,
    "battery": _battery,
    "clock": _clock,
}
