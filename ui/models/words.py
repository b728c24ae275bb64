"""Who has control, and what may be asked now, in words. Pure: desk state in, text out.

A reason here only greys a button; whether an act is allowed is decided by the gateway.
"""

from collections.abc import Callable
from enum import StrEnum

from gcs.model.control import CLAIMED, RECEIVING, ControlRecord, ControlState
from gcs.model.function import Function
from gcs.model.mission import Grade, MissionState
from gcs.model.people import Holder, Role
from gcs.model.telemetry import Phase
from gcs.station.state import DeskState
from ui.models.handing import Part, change_of, row_words
from ui.text import Span, Tone, age, short_time

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
        said = f"{record.holder.label} has control"
    elif why := doubt_words(state, record):
        return (Span(f"Not in control: {why}", Tone.CAUTION),)
    else:
        said = "You have control"
    camera = camera_words(state, drone)
    return (
        Span(said, bold=True),
        Span(f" · {camera}" if camera else ""),
        Span(since, Tone.QUIET),
        *_change_words(state, drone),
    )


def camera_words(state: DeskState, drone: str) -> str:
    """`camera: Pilot B`, where another than the pilot has it; else empty."""
    flight, camera = state.control(drone), state.control(drone, Function.PAYLOAD)
    if camera is None or flight is None or camera.holder == flight.holder:
        return ""
    if camera.holder is None:
        return "camera: nobody"
    return f"camera: {'you' if camera.holder == state.me else camera.holder.name}"


def doubt_words(state: DeskState, record: ControlRecord) -> str:
    """Why the desk may not believe what the record says of it; empty when it may."""
    if record.state is ControlState.UNCERTAIN:
        return "the gateway does not know what became of the last change"
    return "" if state.lease_good else lease_words(state)


def lease_words(state: DeskState) -> str:
    """Why the desk may not believe that it holds what the record says."""
    at = state.links.lease_acknowledged_at_s
    if at is None:
        return "the gateway has not confirmed this desk yet"
    return f"the gateway last confirmed this desk {age(state.clock.monotonic() - at)} ago"


def _change_words(state: DeskState, drone: str) -> tuple[Span, ...]:
    change = change_of(state, drone)
    return () if change is None else (Span(f" · {row_words(change)}", change.tone),)


def offered_to_me(state: DeskState, drone: str) -> bool:
    """Whether control of this drone, or of its camera, waits for this person's answer."""
    return any(r.drone == drone for r in state.offers_to_me())


def why_not(state: DeskState, drone: str, ask: Ask) -> str:
    """Why this cannot be asked now, in one sentence; empty when it can."""
    if not drone:
        return "No drone is selected."
    return _RULES[ask](state, drone)


def need_control(state: DeskState, drone: str, function: Function = Function.FLIGHT) -> str:
    """Why this desk cannot command the drone, or its camera; empty when it may ask."""
    record = state.control(drone, function)
    apart = record is not None and record.function is Function.PAYLOAD
    what = f"the camera of {drone}" if apart else drone
    if record is None or record.holder is None:
        return f"Nobody controls {what}: take it first."
    if record.holder != state.me:
        return f"{record.holder.label} controls {what}."
    why = doubt_words(state, record)
    return f"Not in control of {what}: {why}." if why else ""


def muted(state: DeskState, drone: str, function: Function = Function.FLIGHT) -> str:
    """Why its holder's moves do not count while it changes hands; empty when they do."""
    record = state.control(drone, function)
    handover = record.handover if record else None
    if record is None or handover is None or record.holder != state.me:
        return ""
    if record.state is ControlState.ARMED:
        to = handover.receiver.name
        return f"{to} is asked to take {drone}: only Hold and Return until that is settled."
    if record.state in RECEIVING:
        return f"Show first that you have {drone}: Hold, Return or Land."
    return ""


def need_input(state: DeskState, drone: str, function: Function = Function.FLIGHT) -> str:
    """Why this desk cannot move the drone, or its camera, now; empty when it may ask."""
    return need_control(state, drone, function) or muted(state, drone, function)


def _need_flight(state: DeskState, drone: str) -> str:
    view = state.fleet.get(drone)
    docked = view is not None and view.telemetry.phase is Phase.DOCKED
    return need_control(state, drone) or (f"{drone} is in its dock." if docked else "")


def _may_move(state: DeskState, drone: str) -> str:
    return _need_flight(state, drone) or muted(state, drone)


def _may_look(state: DeskState, drone: str) -> str:
    docked = _need_flight(state, drone) if state.site.drone(drone).coupled else ""
    return docked or need_input(state, drone, Function.PAYLOAD)


def _may_land(state: DeskState, drone: str) -> str:
    record = state.control(drone)
    armed = record is not None and record.state is ControlState.ARMED
    return _need_flight(state, drone) or (muted(state, drone) if armed else "")


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
    if record.handover is not None:
        return f"{record.drone} is being handed to {record.handover.receiver.name}."
    if record.claim is not None and record.claim.by != state.me:
        return f"{record.claim.by.label} asks for {record.drone} already."
    return ""


def _may_offer(state: DeskState, drone: str) -> str:
    record = state.control(drone)
    change = change_of(state, drone)
    if change is not None and change.part is Part.RECEIVER and change.state not in CLAIMED:
        return f"{drone} is being handed to you."
    if record is not None and record.holder not in (None, state.me):
        return "" if state.role in MAY_FLY else why_not_claim(state, record)
    if why := need_control(state, drone):
        return why
    if record is not None and record.offer is not None:
        return f"{drone} is offered to {record.offer.to_name} already."
    if record is not None and record.claim is not None:
        return f"{record.claim.by.label} wants {drone}: answer that first."
    if record is not None and record.handover is not None:
        return f"{drone} is changing hands: settle that first."
    return "" if state.others else "Nobody else is signed on to take it."


def _may_release(state: DeskState, drone: str) -> str:
    if why := need_input(state, drone):
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
    Ask.GO_TO: _may_move,
    Ask.LOOK_AT: _may_look,
    Ask.LAND: _may_land,
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
