"""The brief of a hand-over: lines that fill themselves, ticked by the receiver, and pre-checks."""

import hashlib
from dataclasses import dataclass

from gcs.model import check
from gcs.model.fence import FencePlan
from gcs.model.function import Function

ALERT_LINE = "alert-"
NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a brief as somebody read it: its key and the digest of what mattered in it."""

    key: str
    digest: str

    def __post_init__(self) -> None:
        check.token("line.key", self.key.removeprefix(ALERT_LINE))
        check.token("line.digest", self.digest)

    @property
    def of_alert(self) -> bool:
        """Whether it stands for an open alert; ticking it takes the alert along."""
        return self.key.startswith(ALERT_LINE)


def digest_of(*words: object) -> str:
    """A short digest of what matters in a line: 16 hexadecimal digits of SHA-256."""
    joined = "\x1f".join(str(word) for word in words)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def fence_mark(plan: FencePlan) -> str:
    """Tells two fences apart by what a pilot is shown of them: shapes, rally points, ceiling."""
    return digest_of(plan.digest, f"{plan.ceiling_relative_m:.2f}")


@dataclass(frozen=True, slots=True)
class BriefItem:
    """One line. `text` may change each second; `line.digest` only when what matters changes,
    and then the line has to be read again. `needed` is false for an open alert: that stays with
    who has it unless its line is ticked.
    """

    line: Line
    title: str
    text: str
    needed: bool = True

    def __post_init__(self) -> None:
        check.text("brief.title", self.title, 60)
        check.text("brief.text", self.text, 1200)


@dataclass(frozen=True, slots=True)
class PreCheck:
    """One pre-check as it stands now. `waivable`: both persons may waive it."""

    key: str
    ok: bool
    text: str
    waivable: bool = True

    def __post_init__(self) -> None:
        check.token("check.key", self.key)
        check.text("check.text", self.text)


@dataclass(frozen=True, slots=True)
class BriefSheet:
    """What giver and receiver both see, once a second while a brief is open.

    `handover` is the id in the control record. Latest wins; older than 3 s it is stale.
    """

    drone: str
    handover: str
    utc_ms: int
    items: tuple[BriefItem, ...]
    checks: tuple[PreCheck, ...]
    function: Function = Function.FLIGHT

    @property
    def lines(self) -> tuple[Line, ...]:
        """What a receiver has to tick, alerts left out."""
        return tuple(i.line for i in self.items if i.needed)

    @property
    def every_line(self) -> tuple[Line, ...]:
        """Of alerts too."""
        return tuple(i.line for i in self.items)

    @property
    def digest(self) -> str:
        """Of every line, in order."""
        return digest_of(*(f"{i.line.key}={i.line.digest}" for i in self.items))


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a receiving desk has of a drone: ages in seconds (None = nothing), the marks of the
    fence (`fence_mark`) and of the flight plan it shows (its digest, empty = none; NOT_SHOWN = it
    knows of neither a plan nor that there is none), and whether its controls are neutral."""

    drone: str
    telemetry_age_s: float | None
    video_age_s: float | None
    fence: str
    plan: str
    neutral: bool

    def __post_init__(self) -> None:
        check.token("ready.drone", self.drone)
        check.text("ready.fence", self.fence, 64)
        check.text("ready.plan", self.plan, 64)
        check.optional_finite("ready.telemetry_age_s", self.telemetry_age_s, 0.0)
        check.optional_finite("ready.video_age_s", self.video_age_s, 0.0)
