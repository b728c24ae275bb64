"""What a feed's place tells of its drone while it has no picture. Pure.

Every figure ages as elsewhere on the desk: a place never looks live when its drone is silent.
"""

from dataclasses import dataclass

from gcs.fleet.state import DroneView, Freshness, freshness
from gcs.station.state import DeskState
from ui.models.battery import Battery
from ui.models.fleet import fleet_row
from ui.text import UNKNOWN, Span, Tone, age, heading, metres, millis, percent, speed

NO_POSITION = "no position"


@dataclass(frozen=True, slots=True)
class FeedText:
    """The words of one place; `brief` and `short` stand where there is little room."""

    drone: str
    name: Span
    heard: Span
    state: Span
    holder: Span
    figures: Span
    brief: Span
    work: Span
    short: Span
    battery: Battery | None
    tip: str


def feed_text(state: DeskState, drone: str) -> FeedText:
    """The words of a drone of the site."""
    row = fleet_row(state, drone)
    view = state.fleet.get(drone)
    silent = row.tone is Tone.OFF
    tone = Tone.ACCENT if row.own else Tone.OFF if silent else Tone.TEXT
    calm = Tone.OFF if silent else Tone.QUIET
    told = Tone.ACCENT if row.tone is Tone.ACCENT else Tone.OFF if silent else Tone.TEXT
    return FeedText(
        drone=drone,
        name=Span(drone, tone, bold=True),
        heard=_heard(state, view),
        state=Span(_without_holder(state, drone, row.state), told),
        holder=_holder(state, drone, calm),
        figures=Span(UNKNOWN if silent or view is None else _figures(state, view), calm),
        brief=Span(UNKNOWN if silent or view is None else _brief(state, view), calm),
        work=Span(row.work if row.work == UNKNOWN else f"{row.work} work", calm),
        short=Span(row.short, told),
        battery=row.battery,
        tip=row.tip,
    )


def _heard(state: DeskState, view: DroneView | None) -> Span:
    """The way of a message while it is heard, else how old its newest one is."""
    heard = view.heartbeat_age_s(state.clock.monotonic()) if view else None
    if view is None or heard is None:
        return Span("not heard", Tone.OFF)
    if freshness(heard) is Freshness.FRESH:
        return Span(millis(view.telemetry.uplink_ms), Tone.QUIET)
    return Span(f"{age(heard)} old", Tone.OFF)


def _holder(state: DeskState, drone: str, calm: Tone) -> Span:
    record = state.control(drone)
    if record is None or record.holder is None:
        view = state.fleet.get(drone)
        flying = view is not None and view.telemetry.airborne
        return Span("nobody has control" if flying else "", calm)
    if record.holder == state.me:
        return Span("you have control", Tone.ACCENT if state.in_control(drone) else calm)
    return Span(record.holder.label, calm)


def _without_holder(state: DeskState, drone: str, words: str) -> str:
    """The holder has a line of his own here."""
    record = state.control(drone)
    holder = record.holder if record is not None else None
    return words.removesuffix(f" · {holder.name}") if holder is not None else words


def _figures(state: DeskState, view: DroneView) -> str:
    words = _brief(state, view)
    if not view.telemetry.airborne or words == NO_POSITION:
        return words
    return f"{words} · {heading(view.telemetry.heading_deg)}"


def _brief(state: DeskState, view: DroneView) -> str:
    told = view.telemetry
    if freshness(view.position_age_s(state.clock.monotonic())) is not Freshness.FRESH:
        return NO_POSITION
    if not told.airborne:
        return percent(told.battery_percent)
    return f"{metres(told.agl_m)} AGL · {speed(told.ground_speed_mps)}"
