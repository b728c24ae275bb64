"""A possible match in words. Pure: desk state in, text out.

The order is the law here: what the algorithm said is no part of any text before a person's
judgement is on record, so that nobody merely agrees with a score. A judgement that could not be
made keeps it back for the second person too.
"""

from enum import StrEnum

from gcs.model.alert import AlertRecord, AlertState, Judgement, Response
from gcs.model.function import Function
from gcs.model.people import Holder, Role
from gcs.station.state import DeskState
from ui.models.alert_queue import waits
from ui.models.words import holder_words
from ui.text import DAY, UNKNOWN, age, count_of, short_time

TITLE = "Possible match – not an identification"
YEAR = 365 * DAY
OFFERED_REASONS = (
    "Face, build and clothing agree",
    "Picture too small to be sure",
    "Officers near are told",
    "Not the person on the watchlist",
)
RESPONSE_WORDS: dict[Response | None, str] = {
    Response.ENGAGE: "engage",
    Response.OBSERVE: "observe",
    Response.NO_ACTION: "no action",
}


class Stage(StrEnum):
    """What is asked of a person now."""

    JUDGE = "judge"
    SECOND = "second"  # the first person could not tell
    DECIDE = "decide"
    OVER = "over"


def stage(state: DeskState, record: AlertRecord) -> Stage:
    """Where an alert stands, by the keeper's record and this desk's clock."""
    if not waits(record, state.clock.utc_ms()):
        return Stage.OVER
    if record.judgement is None:
        return Stage.JUDGE
    return Stage.SECOND if record.judgement is Judgement.CANNOT_TELL else Stage.DECIDE


def feed_name(state: DeskState, feed: str) -> str:
    """A fixed camera by its name, a drone by its own."""
    return next((c.name for c in state.site.cameras if c.id == feed), feed)


def captured(state: DeskState, record: AlertRecord) -> str:
    """`captured 7 s ago`."""
    return f"captured {age(_since_s(state, record.alert.capture_utc_us // 1000))} ago"


def deployment_words(state: DeskState, record: AlertRecord) -> str:
    """What makes it lawful, and until when."""
    known = state.deployment(record.alert.deployment)
    until = f" until {short_time(known.end_utc_ms)}" if known is not None else ""
    return f"deployment {record.alert.deployment}{until}"


def ask_words(state: DeskState, record: AlertRecord) -> str:
    """One sentence: what is asked of whom, or how it ended."""
    at = stage(state, record)
    if at is Stage.OVER:
        return ended_words(state, record)
    others = _others(state, record)
    if at is Stage.JUDGE:
        return others or "Score and details after your first judgement."
    by = _who(state, record.judged_by)
    if at is Stage.SECOND:
        if record.judged_by is not None and record.judged_by.person == state.me.person:
            return "You cannot tell: it waits for a second person. Score and details after that."
        return f"{by} cannot tell: judge it as the second person. Score and details after that."
    second = f", second person {_who(state, record.second_by)}" if record.second_by else ""
    when = f" at {short_time(record.judged_utc_ms)}" if record.judged_utc_ms else ""
    return f"Judged viable by {by}{when}{second}. {others}".rstrip()


def ended_words(state: DeskState, record: AlertRecord) -> str:
    """How it ended, calmly and by whom."""
    if record.state is AlertState.WITHDRAWN:
        return "Withdrawn by the central service. Nothing more is asked of you."
    if record.state is not AlertState.DECIDED:
        return f"Expired at {short_time(record.alert.expires_utc_ms)}: nobody decided in time."
    who = _who(state, record.decided_by or record.second_by or record.judged_by)
    who = who[0].upper() + who[1:]
    if record.judgement is Judgement.NOT_VIABLE:
        return f"{who} judged it not viable. It is closed."
    if record.judgement is Judgement.CANNOT_TELL:
        return f"{who} cannot tell either. It is closed without action."
    reason = f": {record.reason}" if record.reason else ""
    return f"{who} decided: {RESPONSE_WORDS.get(record.response, UNKNOWN)}{reason}."


def may_read(state: DeskState, record: AlertRecord) -> bool:
    """Whether what the algorithm said may be shown: a judgement that judged is on record."""
    if record.judgement in (None, Judgement.CANNOT_TELL):
        return False
    return stage(state, record) in (Stage.DECIDE, Stage.OVER)


def details(state: DeskState, record: AlertRecord) -> tuple[tuple[str, str], ...]:
    """Name and words, in reading order; empty before the judgement."""
    if not may_read(state, record):
        return ()
    a = record.alert
    quality = f"{a.probe_face_px:.0f} px · blur {a.probe_blur:.1f}"
    return (
        ("Score", f"{a.score:.2f} · threshold {a.threshold:.2f}"),
        ("Face", f"{quality} · {a.probe_angle_deg:.0f}°"),
        ("Algorithm", f"{a.algorithm} {a.algorithm_version}".strip()),
        ("Category", a.category or UNKNOWN),
        ("Basis", a.legal_basis or UNKNOWN),
        ("Response", a.predefined_response or UNKNOWN),
        ("Watchlist", f"image {long_age(_since_s(state, a.candidate_image_utc_ms))} old"),
        ("Source", f"{a.capture_source or UNKNOWN} ± {a.uncertainty_ms:.0f} ms"),
    )


def why_not_judge(state: DeskState, record: AlertRecord) -> str:
    """Why this person cannot judge it; empty when the keeper may be asked."""
    at = stage(state, record)
    if state.role is Role.OBSERVER:
        return "An observer's desk judges nothing."
    if at in (Stage.OVER, Stage.DECIDE):
        return "It is judged already."
    if at is Stage.JUDGE:
        return _others(state, record)
    mine = record.judged_by is not None and record.judged_by.person == state.me.person
    return "You judged it: a second person is needed." if mine else ""


def why_not_decide(state: DeskState, record: AlertRecord) -> str:
    """Why this person cannot decide on it; empty when the keeper may be asked."""
    if state.role is Role.OBSERVER:
        return "An observer's desk decides nothing."
    if stage(state, record) is not Stage.DECIDE:
        return "It is judged first."
    return _others(state, record)


def row_words(state: DeskState, record: AlertRecord) -> str:
    """One line of the list of those that wait."""
    at = stage(state, record)
    tail = {Stage.SECOND: " · second person", Stage.DECIDE: " · judged viable"}.get(at, "")
    return f"{feed_name(state, record.alert.feed)} · {captured(state, record)}{tail}"


def waiting_words(count: int) -> str:
    """`2 possible matches wait`."""
    verb = "waits" if count == 1 else "wait"
    return f"{count_of(count, 'possible match', 'possible matches')} {verb}"


def empty_words(state: DeskState) -> str:
    """What would be here, and what makes it come."""
    plans = ", ".join(plan.id for plan in state.site.deployments)
    lawful = f"deployment {plans}" if plans else "a deployment (this site has none)"
    return (
        f"No possible match waits. One that the central service sends under {lawful} is shown "
        "here: both images first, a person's judgement, and only then its score."
    )


def long_age(seconds: float) -> str:
    """`5 s`, `3 h`, `12 d`, `2 y`: for images that may be years old."""
    if seconds < 2 * DAY:
        return age(max(0.0, seconds))
    return f"{int(seconds // DAY)} d" if seconds < 2 * YEAR else f"{int(seconds // YEAR)} y"


def _others(state: DeskState, record: AlertRecord) -> str:
    """Why it is another's: the keeper's record says whose, until then whoever holds the camera."""
    feed = record.alert.feed
    control = state.control(feed, Function.PAYLOAD) if feed in _drones(state) else None
    holder = control.holder if control is not None else None
    whose = record.assigned or holder
    if whose is None or whose == state.me:
        return ""
    if whose == holder:
        return f"It belongs to {whose.label}, who holds {feed}."
    return f"It stays with {whose.label}, who had it before {feed} changed hands."


def _drones(state: DeskState) -> frozenset[str]:
    return frozenset(spec.id for spec in state.site.drones)


def _since_s(state: DeskState, utc_ms: int) -> float:
    return max(0.0, (state.clock.utc_ms() - utc_ms) / 1000)


def _who(state: DeskState, holder: Holder | None) -> str:
    return holder_words(state, holder) if holder is not None else "somebody"
