"""Who has control, and what may be asked now, in words. Pure: desk state in, text out.

A reason here only greys a button; whether an act is allowed is decided by the gateway.
"""

from collections.abc import Callable
from enum import StrEnum

from gcs.model.control import ControlRecord, ControlState
from gcs.model.mission import Grade, MissionState
from gcs.model.people import Holder, Role
from gcs.model.telemetry import Phase
from gcs.station.state import DeskState
from ui.text import Span, Tone, age, duration, short_time

PHASE_WORDS = {
    Phase.SILENT: "silent",
    Phase.DOCKED: "docked",
    Phase.ARMED: "armed",
    Phase.CLIMBING: "climbing",
    Phase.EN_ROUTE: "en route",
    Phase.ON_SCENE: "on scene",
    Phase.MOVING: "moving",
    Phase.HOLDING: "holding",
    Phase.RETURNING: "returning",
    Phase.LANDING: "landing",
    Phase.LANDED: "landed away from its dock",
}
MAY_FLY = frozenset({Role.PILOT, Role.SUPERVISOR})
COMING_HOME = frozenset({Phase.RETURNING, Phase.LANDING})


class Ask(StrEnum):
    """What a button or key asks for; the name on the button."""

    HOLD = "Hold"
    RETURN = "Return"
    GO_TO = "Go to"
    LOOK_AT = "Look at"
    LAND = "Land"
    TAKE = "Take"
    HAND_OFF = "Hand off"
    RELEASE = "Release"
    CLOSE = "Close incident"


def holder_words(state: DeskState, holder: Holder) -> str:
    """`you`, or `Pilot B at desk-2`."""
    return "you" if holder == state.me else holder.label


def control_words(state: DeskState, drone: str) -> tuple[Span, ...]:
    """The sentence at the head of the instrument strip."""
    record = state.control(drone)
    if record is None or record.state is ControlState.UNOWNED:
        return (Span("Nobody has control", Tone.QUIET),)
    since = f" since {short_time(record.since_utc_ms)} · epoch {record.epoch}"
    if record.holder is None:
        lost = f" ({record.previous.label} was lost)" if record.previous else ""
        return (Span(f"No holder{lost}", Tone.CAUTION), Span(since, Tone.QUIET))
    if record.holder != state.me:
        return (
            Span(f"{record.holder.label} has control", bold=True),
            Span(since, Tone.QUIET),
            *_offer_words(state, record),
        )
    if not state.lease_good:
        return (Span(f"Not in control: {lease_words(state)}", Tone.CAUTION),)
    return (
        Span("You have control", bold=True),
        Span(since, Tone.QUIET),
        *_offer_words(state, record),
    )


def lease_words(state: DeskState) -> str:
    """Why the desk may not believe that it holds what the record says."""
    at = state.links.lease_acknowledged_at_s
    if at is None:
        return "the gateway has not confirmed this desk yet"
    return f"the gateway last confirmed this desk {age(state.clock.monotonic() - at)} ago"


def _offer_words(state: DeskState, record: ControlRecord) -> tuple[Span, ...]:
    if record.claim is not None:
        left = duration(max(0, record.claim.expires_utc_ms - state.clock.utc_ms()) / 1000)
        who = holder_words(state, record.claim.by)
        forced = record.state is ControlState.FORCED
        said = f"{who} {'take' if who == 'you' else 'takes'} over" if forced else f"{who} asked"
        return (Span(f" · {said} {left}", Tone.CAUTION if forced else Tone.ACCENT),)
    if record.offer is None:
        return ()
    left = duration(max(0, record.offer.expires_utc_ms - state.clock.utc_ms()) / 1000)
    to = "you" if record.offer.to_person == state.me.person else record.offer.to_name
    return (Span(f" · offered to {to} {left}", Tone.ACCENT),)


def offered_to_me(state: DeskState, drone: str) -> bool:
    """Whether control of this drone waits for this person's answer."""
    return any(r.drone == drone for r in state.offers_to_me())


def why_not(state: DeskState, drone: str, ask: Ask) -> str:
    """Why this cannot be asked now, in one sentence; empty when it can."""
    if not drone:
        return "No drone is selected."
    return _RULES[ask](state, drone)


def need_control(state: DeskState, drone: str) -> str:
    """Why this desk cannot command the drone; empty when it may ask."""
    record = state.control(drone)
    if record is None or record.holder is None:
        return f"Nobody controls {drone}: take it first."
    if record.holder != state.me:
        return f"{record.holder.label} controls {drone}."
    return "" if state.lease_good else f"Not in control of {drone}: {lease_words(state)}."


def _need_flight(state: DeskState, drone: str) -> str:
    view = state.fleet.get(drone)
    docked = view is not None and view.telemetry.phase is Phase.DOCKED
    return need_control(state, drone) or (f"{drone} is in its dock." if docked else "")


def _may_take(state: DeskState, drone: str) -> str:
    record = state.control(drone)
    if record is None or record.holder is None or offered_to_me(state, drone):
        return ""
    if record.holder == state.me:
        return f"You have control of {drone} already."
    return f"{record.holder.label} controls {drone}: F asks for it."


def why_not_claim(state: DeskState, record: ControlRecord) -> str:
    """Why this desk cannot ask another for a drone's control; empty when it can."""
    if state.role not in MAY_FLY:
        return "An observer cannot ask for control."
    if record.offer is not None:
        return f"{record.drone} is offered to {record.offer.to_name}."
    if record.claim is not None and record.claim.by != state.me:
        return f"{record.claim.by.label} asks for {record.drone} already."
    return ""


def _may_offer(state: DeskState, drone: str) -> str:
    record = state.control(drone)
    if record is not None and record.holder not in (None, state.me):
        return "" if state.role in MAY_FLY else why_not_claim(state, record)
    if why := need_control(state, drone):
        return why
    if record is not None and record.offer is not None:
        return f"{drone} is offered to {record.offer.to_name} already."
    if record is not None and record.claim is not None:
        return f"{record.claim.by.label} wants {drone}: answer that first."
    return "" if state.others else "Nobody else is signed on to take it."


def _may_release(state: DeskState, drone: str) -> str:
    if why := need_control(state, drone):
        return why
    view = state.fleet.get(drone)
    airborne = view is not None and view.telemetry.airborne
    if airborne and view is not None and view.telemetry.phase not in COMING_HOME:
        return f"{drone} is in the air: return it or hand it off first."
    return ""


def _may_close(state: DeskState, drone: str) -> str:
    mission = state.mission_of(drone)
    if mission is None:
        return f"{drone} flies for no incident."
    if mission.owner != state.me:
        who = mission.owner.label if mission.owner else "Nobody"
        return f"{who} owns incident {mission.incident.number}."
    return ""


_RULES: dict[Ask, Callable[[DeskState, str], str]] = {
    Ask.HOLD: _need_flight,
    Ask.RETURN: _need_flight,
    Ask.GO_TO: _need_flight,
    Ask.LOOK_AT: _need_flight,
    Ask.LAND: _need_flight,
    Ask.TAKE: _may_take,
    Ask.HAND_OFF: _may_offer,
    Ask.RELEASE: _may_release,
    Ask.CLOSE: _may_close,
}

MISSION_WORDS = {
    MissionState.OPEN: "waiting",
    MissionState.TAKEN: "taken",
    MissionState.LAUNCHED: "on the way",
    MissionState.ON_SCENE: "on scene",
    MissionState.RETURNING: "returning",
    MissionState.CLOSED: "closed",
}

GRADE_WORDS = {
    Grade.IMMEDIATE: "Immediate",
    Grade.SIGNIFICANT: "Significant",
    Grade.EXTENDED: "Extended",
    Grade.REFERRED: "Referred",
}
