"""The lines of a brief: what a receiver has to read before a drone, or its camera, is his.

Pure. What is not known says so; nothing is invented. A line's digest is over what matters in it:
numbers that run on by themselves stand in the text alone.
"""

import re
from collections.abc import Callable

from gcs.gateway.brief_around import airspace, camera, weather
from gcs.gateway.brief_facts import Facts, OpenAlert
from gcs.gateway.brief_flight import battery, flight, home, link, plan
from gcs.gateway.brief_words import Maker, item, lasts, rows, utc
from gcs.gateway.events import RECENT, LogLine
from gcs.gateway.steady import Steady
from gcs.model.alert import AlertState
from gcs.model.brief import ALERT_LINE, BriefItem, Line, digest_of
from gcs.model.event import Severity
from gcs.model.function import Function
from gcs.model.mission import GRADE_TARGET_S, Grade, MissionRecord, MissionState

LOG_ROW = 160
NOT_TOLD = "not told by the control room"
_GRADES = {
    Grade.IMMEDIATE: "immediate",
    Grade.SIGNIFICANT: "significant",
    Grade.EXTENDED: "extended",
    Grade.REFERRED: "referred",
}
_STATES: dict[MissionState, Callable[[MissionRecord], str]] = {
    MissionState.OPEN: lambda m: "not taken by anybody yet",
    MissionState.TAKEN: lambda m: f"taken{_at(m.taken_utc_ms)}",
    MissionState.LAUNCHED: lambda m: f"launched{_at(m.launched_utc_ms)}",
    MissionState.ON_SCENE: lambda m: f"on scene{_at(m.on_scene_utc_ms)}",
    MissionState.RETURNING: lambda m: "on its way back",
    MissionState.CLOSED: lambda m: f"closed{_at(m.closed_utc_ms)}",
}
_NUMBER = re.compile(r"\d+(\.\d+)?")


def brief_lines(facts: Facts, steady: Steady) -> tuple[BriefItem, ...]:
    """Every line in the order of reading; open alerts last, each on its own."""
    makers = _FLIGHT if facts.function is Function.FLIGHT else _PAYLOAD
    lines = tuple(make(facts, steady) for make in makers)
    if not facts.alerts_go_along:
        return lines
    # What stayed with another at an earlier hand-over is not the giver's to pass on.
    theirs = (a for a in facts.alerts if a.assigned in (None, facts.handover.giver))
    return lines + tuple(_alert(facts, a) for a in theirs)


# -- why it flies ------------------------------------------------------------------------------
def incident(facts: Facts, steady: Steady) -> BriefItem:
    """Incident and grade, and the task."""
    title, mission = "Incident and task", facts.mission
    if mission is None:
        told = "none: it was not launched for one"
        if facts.incident:
            told = f"{facts.incident}; the keeper's record of it has not been read"
        task = "not known without the incident"
        return item("incident", title, [("Incident", told), ("Task", task)], facts.incident)
    call = mission.incident
    target_s = GRADE_TARGET_S[call.grade]
    target = f", target {lasts(target_s)}" if target_s else ""
    closed = mission.state is MissionState.CLOSED
    return item(
        "incident",
        title,
        [
            ("Incident", f"{call.key}, received {utc(call.received_utc_ms)}"),
            ("Grade", f"{call.grade.value} ({_GRADES[call.grade]}{target})"),
            ("Task", f"{call.category} at {call.place}; {_STATES[mission.state](mission)}"),
        ],
        *(call.key, call.grade, call.category, call.place, closed),
    )


def scene(facts: Facts, steady: Steady) -> BriefItem:
    """What is known of the place: who is there, what is dangerous, what was said."""
    told, title = facts.mission, "At the scene"
    if told is None:
        said = "not known without the incident"
        found = [("Officers on scene", said), ("Hazards", said), ("Description", said)]
        return item("scene", title, found)
    call = told.incident
    return item(
        "scene",
        title,
        [
            ("Officers on scene", call.officers or NOT_TOLD),
            ("Hazards", call.hazards or NOT_TOLD),
            ("Description", call.description or NOT_TOLD),
        ],
        *(call.officers, call.hazards, call.description),
    )


# -- what was said and done --------------------------------------------------------------------
def promised(facts: Facts, steady: Steady) -> BriefItem:
    """What the giver promised to others."""
    words, giver = facts.handover.promised.strip(), facts.handover.giver
    told = words or (f"nothing that {giver.label} has told" if giver else "nothing was told")
    return item("promised", "Promised to others", [("Promised", told)], words)


def log(facts: Facts, steady: Steady) -> BriefItem:
    """The last events. A warning that came during the hand-over has to be read; said again, with
    other numbers in it, it is no news."""
    begun_ms = facts.handover.begun_utc_ms
    since = [e for e in facts.log if e.severity is Severity.WARNING and e.utc_ms >= begun_ms]
    kinds = (_NUMBER.sub("#", e.text) for e in since)
    shown = [_row(e) for e in facts.log[-RECENT:]]
    text = shown or [("Log", f"nothing about {facts.drone} since this gateway started")]
    return item("log", "Last log lines", text, *steady.gathered("log", kinds))


def _row(event: LogLine) -> tuple[str, str]:
    words = event.text if len(event.text) <= LOG_ROW else f"{event.text[: LOG_ROW - 1]}…"
    mark = "" if event.severity is Severity.INFO else f"{event.severity.value.upper()}: "
    return utc(event.utc_ms, seconds=True), f"{mark}{words}"


# -- alerts ------------------------------------------------------------------------------------
def _alert(facts: Facts, alert: OpenAlert) -> BriefItem:
    """An open alert: it goes along only if its own line is ticked."""
    age = lasts(max(0, facts.utc_ms - alert.captured_utc_ms) / 1000)
    at = utc(alert.captured_utc_ms, seconds=True)
    text = rows(
        [
            ("Possible match", f"not an identification; {alert.status.value}, {alert.category}"),
            ("Taken", f"{at}, {age} ago, by the camera of {alert.feed}"),
            ("Waits", _waits_for(alert)),
            ("Tick it", "to take this decision over; else it stays where it is"),
        ]
    )
    line = Line(f"{ALERT_LINE}{alert.id}", digest_of(alert.id, alert.state, alert.version))
    return BriefItem(line, "Open alert", text, needed=False)


def _waits_for(alert: OpenAlert) -> str:
    if alert.state is AlertState.JUDGED:
        by = f" by {alert.judged_by}" if alert.judged_by else ""
        return f"for a response: judged viable{by}"
    if alert.second_by:
        return f"for a second judgement: {alert.second_by} could not tell"
    return "for a first judgement"


def _at(utc_ms: int | None) -> str:
    return "" if utc_ms is None else f" at {utc(utc_ms)}"


_FLIGHT: tuple[Maker, ...] = (
    *(incident, scene, flight, battery, link, home),
    *(plan, airspace, weather, camera, promised, log),
)
_PAYLOAD: tuple[Maker, ...] = (incident, scene, flight, camera, promised, log)
