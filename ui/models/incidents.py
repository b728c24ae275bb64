"""A row of the incident list: whose it is, how long it runs, which drone is best. Pure."""

from dataclasses import dataclass, replace

from gcs.dispatch.ranking import Candidate
from gcs.model.mission import (
    GRADE_TARGET_S,
    Grade,
    MissionDrone,
    MissionRecord,
    MissionState,
)
from gcs.model.people import Role
from gcs.station.state import DeskState
from ui.models.handing import arrow_words, change_of
from ui.models.words import MISSION_WORDS, holder_words
from ui.text import Span, Tone, duration, seconds_words, target_words

RANKED_FOR_M = 60.0
WAITING = frozenset({MissionState.OPEN, MissionState.TAKEN})


@dataclass(frozen=True, slots=True)
class WhyLine:
    """Where some drones stand in the ranking, and why."""

    drones: tuple[str, ...]
    reasons: str
    possible: bool


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """What the list shows of one incident. `why` is the ranking in words, best first."""

    key: str
    grade: Grade
    title: str
    running: Span
    running_tip: str
    line: tuple[Span, ...]
    best: tuple[Span, ...]
    why: tuple[WhyLine, ...]
    takeable: bool
    mine: bool
    tip: str


def incident_row(state: DeskState, mission: MissionRecord) -> IncidentRow:
    """The row of a mission that is not closed."""
    incident = mission.incident
    ranked = state.candidates(incident.key, RANKED_FOR_M) if _unflown(mission) else ()
    target_s = GRADE_TARGET_S[incident.grade]
    return IncidentRow(
        key=incident.key,
        grade=incident.grade,
        title=f"{incident.number} {incident.category}",
        running=running(state, mission),
        running_tip=f"since it was received; target for {incident.grade.value}: "
        f"{target_words(target_s)}",
        line=_line(state, mission),
        best=_best(ranked),
        why=ranking_words(ranked),
        takeable=mission.state is MissionState.OPEN and state.role is not Role.OBSERVER,
        mine=mission.owner == state.me,
        tip=_tip(state, mission),
    )


def running(state: DeskState, mission: MissionRecord) -> Span:
    """Time since received: until a drone is on scene it counts against the grade's target."""
    incident = mission.incident
    ended = mission.on_scene_utc_ms
    seconds = max(0, state.clock.utc_ms() - incident.received_utc_ms) / 1000
    target = GRADE_TARGET_S[incident.grade]
    if ended is None and target is not None and seconds > target:
        return Span(f"{duration(seconds)} late", Tone.CAUTION)
    tone = Tone.ACCENT if mission.owner == state.me else Tone.TEXT
    return Span(duration(seconds), tone)


def candidate_words(candidate: Candidate) -> tuple[Span, ...]:
    """One line of the ranking."""
    reasons = " · ".join(candidate.reasons)
    if not candidate.possible:
        return (Span(f"{candidate.drone}  ", Tone.OFF), Span(reasons, Tone.OFF))
    return (Span(f"{candidate.drone}  ", bold=True), Span(reasons, Tone.QUIET))


def candidate_figures(candidate: Candidate) -> tuple[Span, ...]:
    """The same where there is little room: how soon and for how long."""
    if not candidate.possible:
        return candidate_words(candidate)
    arrival, stay = seconds_words(candidate.arrival_s), duration(candidate.on_scene_s)
    words = f"there in {arrival}, {stay} at the scene"
    return (Span(f"{candidate.drone}  ", bold=True), Span(words, Tone.QUIET))


def ranking_words(ranked: tuple[Candidate, ...]) -> tuple[WhyLine, ...]:
    """The ranking for the list: drones of one dock that stand alike share a line."""
    lines: list[WhyLine] = []
    for candidate in ranked:
        reasons = " · ".join(candidate.reasons)
        last = lines[-1] if lines else None
        if last is not None and (last.reasons, last.possible) == (reasons, candidate.possible):
            lines[-1] = replace(last, drones=(*last.drones, candidate.drone))
        else:
            lines.append(WhyLine((candidate.drone,), reasons, candidate.possible))
    return tuple(lines)


def _unflown(mission: MissionRecord) -> bool:
    return mission.state in WAITING and mission.drone is None


def _line(state: DeskState, mission: MissionRecord) -> tuple[Span, ...]:
    place = Span(mission.incident.place, Tone.QUIET)
    if mission.owner is None:
        return (place,)
    mine = mission.owner == state.me
    owner = "you" if mine else mission.owner.name
    told: list[Span] = []
    for part in mission.drones:
        told += [Span(" · ", Tone.QUIET), _drone_words(state, part, owner, mine)]
    if not told:
        words = f"taken by {owner}"
        told = [Span(" · ", Tone.QUIET), Span(words, Tone.ACCENT if mine else Tone.QUIET)]
    return (place, *told)


def _drone_words(state: DeskState, part: MissionDrone, owner: str, mine: bool) -> Span:
    """`ISL-02, you`, or while it changes hands `ISL-02, you → Pilot B 0:42`."""
    if change := change_of(state, part.drone):
        return Span(f"{part.drone}, {arrow_words(change)}", change.tone)
    record = state.control(part.drone)
    if record is None or record.holder is None:
        return Span(f"{part.drone}, {owner}", Tone.ACCENT if mine else Tone.QUIET)
    held = record.holder == state.me
    who = "you" if held else record.holder.name
    return Span(f"{part.drone}, {who}", Tone.ACCENT if held else Tone.QUIET)


def _best(ranked: tuple[Candidate, ...]) -> tuple[Span, ...]:
    if not ranked:
        return ()
    best = ranked[0]
    if not best.possible:
        return (Span("no drone can go now", Tone.CAUTION),)
    return (Span(f"best {best.drone}, {seconds_words(best.arrival_s)}", Tone.QUIET),)


def _tip(state: DeskState, mission: MissionRecord) -> str:
    owner = f" by {holder_words(state, mission.owner)}" if mission.owner else ""
    return f"{mission.incident.description}\n{MISSION_WORDS[mission.state].capitalize()}{owner}"
