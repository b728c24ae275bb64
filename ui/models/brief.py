"""The brief of a drone and its mission, filled from the desk's state by itself. Pure."""

from dataclasses import dataclass

from gcs.fleet.state import DroneView
from gcs.geo.earth import bearing_deg, distance_m
from gcs.model.mission import GRADE_TARGET_S, Incident, MissionRecord
from gcs.station.state import DeskState
from ui.models.instrument import receipt_words
from ui.models.words import GRADE_WORDS, MISSION_WORDS, control_words
from ui.text import (
    UNKNOWN,
    Span,
    Tone,
    age,
    aged,
    compass_word,
    duration,
    metres,
    millis,
    percent,
    place,
    short_time,
    speed,
    target_words,
    wind,
)


@dataclass(frozen=True, slots=True)
class BriefItem:
    """One line of the brief; what ages says its age in its spans."""

    name: str
    spans: tuple[Span, ...]


def mission_items(state: DeskState, mission: MissionRecord) -> tuple[BriefItem, ...]:
    """What the control room said and what was done since."""
    incident = mission.incident
    since = age(max(0, state.clock.utc_ms() - incident.received_utc_ms) / 1000)
    owner = mission.owner.label if mission.owner else "nobody"
    steps = [
        f"{word} {short_time(at)}"
        for word, at in (
            ("taken", mission.taken_utc_ms),
            ("launched", mission.launched_utc_ms),
            ("on scene", mission.on_scene_utc_ms),
        )
        if at is not None
    ]
    return (
        _said(
            "Grade",
            f"{GRADE_WORDS[incident.grade]}, {target_words(GRADE_TARGET_S[incident.grade])}",
            f" · received {since} ago",
        ),
        _said("Place", incident.place),
        *(_said(name, told) for name, told in _on_scene(incident) if told),
        _said("Task", MISSION_WORDS[mission.state].capitalize(), f" · {owner}"),
        _said("Log", " · ".join(steps) or "nothing done yet"),
    )


def _on_scene(incident: Incident) -> tuple[tuple[str, str], ...]:
    return ("Officers", incident.officers), ("Hazards", incident.hazards)


def drone_items(
    state: DeskState, drone: str, mission: MissionRecord | None
) -> tuple[BriefItem, ...]:
    """What the drone shows now."""
    view = state.fleet.get(drone)
    control = BriefItem("Control", control_words(state, drone))
    if view is None:
        return (control, _said("Drone", f"{drone} was not heard yet"))
    now = state.clock.monotonic()
    told = view.telemetry
    at = view.position_age_s(now)
    air = wind(told.wind_mps, told.wind_from_deg)
    return (
        control,
        BriefItem("Where", (aged(_where(state, view, mission), at),)),
        BriefItem("Flight", (aged(_flight(view), at),)),
        BriefItem("Battery", _battery(state, view, now)),
        BriefItem(
            "Link",
            (
                aged(
                    f"{millis(told.uplink_ms)}, loss {percent(told.loss_percent)}",
                    view.heartbeat_age_s(now),
                ),
            ),
        ),
        BriefItem("Weather", (aged(f"wind {air}" if air != UNKNOWN else UNKNOWN, at),)),
        BriefItem("Geofence", _fence(state, view, now)),
        _said("Home", _home(state, drone)),
        _said("Last command", _last_command(state, drone)),
        _said("Last words", _last_words(state, drone)),
    )


def _said(name: str, text: str, quiet: str = "") -> BriefItem:
    return BriefItem(name, (Span(text), Span(quiet, Tone.QUIET)) if quiet else (Span(text),))


def _where(state: DeskState, view: DroneView, mission: MissionRecord | None) -> str:
    position = view.telemetry.position
    if position is None:
        return UNKNOWN
    target = mission.incident.position if mission else None
    if target is None:
        return place(position.lat_deg, position.lon_deg)
    away = distance_m(position, target)
    if away < 15:
        return "over the scene"
    return f"{metres(away)} {compass_word(bearing_deg(target, position))} of the scene"


def _flight(view: DroneView) -> str:
    told = view.telemetry
    mode = told.mode_name or told.mode.value
    return f"{metres(told.agl_m)} AGL, {speed(told.ground_speed_mps)}, {mode}"


def _battery(state: DeskState, view: DroneView, now: float) -> tuple[Span, ...]:
    buys = state.endurance(view.telemetry.drone)
    charge = percent(view.telemetry.battery_percent)
    if buys is None:
        return (aged(charge, view.battery_age_s(now)),)
    words = f"{charge}, leaves in {duration(max(0.0, buys.work_s))}"
    if view.telemetry.airborne:
        words += f", home in {duration(buys.home_s)}"
    return (aged(words, view.battery_age_s(now)),)


def _fence(state: DeskState, view: DroneView, now: float) -> tuple[Span, ...]:
    if view.telemetry.fence_breached:
        return (Span(f"{state.site.fence.name}: outside", Tone.WARNING),)
    active = "active" if view.telemetry.fence_active else "not active"
    return (aged(f"{state.site.fence.name}, {active}", view.heartbeat_age_s(now)),)


def _home(state: DeskState, drone: str) -> str:
    dock = state.site.dock_of(drone)
    lowest = metres(state.site.required_return_height_m(drone))
    return f"{dock.name}, roof {metres(dock.roof_height_m)}, returns at {lowest} or higher"


def _last_command(state: DeskState, drone: str) -> str:
    receipt = state.last_receipt(drone)
    if receipt is None:
        return "none"
    by = f"by {receipt.desk} at {short_time(receipt.utc_ms)}"
    return f"{receipt_words(receipt)} · {by}"


def _last_words(state: DeskState, drone: str) -> str:
    for event in reversed(state.events):
        own = event.receipt is None and event.control is None
        if event.drone == drone and event.text and own:
            return f"{event.text} ({short_time(event.utc_ms)})"
    return "none"
