"""What a feed's tile tells of who carries its camera: drone, holder, height, battery. Pure.

Figures age as elsewhere on the desk; the picture's own age is told by `ui.models.picture`.
"""

from dataclasses import dataclass

from gcs.fleet.state import DroneView, Freshness, freshness
from gcs.model.telemetry import Phase
from gcs.station.state import DeskState
from ui.models.battery import Battery
from ui.models.fleet import fleet_row
from ui.models.handing import arrow_words, change_of, shadow_left_s
from ui.models.words import camera_words
from ui.text import UNKNOWN, Span, Tone, metres, percent, speed

NO_POSITION = "no position"
FIXED = "fixed camera"
NOBODY = Span("")


@dataclass(frozen=True, slots=True)
class FeedText:
    """The words of one tile. `foot`: in the order in which they give way, the last one first.

    `holds`: who has it now, where `holder` is too long. `docked`: its camera sends the dock's
    rate. `silent`: the vehicle is not heard. `fixed`: no vehicle carries it.
    """

    feed: str
    name: Span
    holder: Span
    foot: tuple[Span, ...]
    holds: Span = NOBODY
    battery: Battery | None = None
    docked: bool = False
    silent: bool = False
    fixed: bool = False
    tip: str = ""


def feed_text(state: DeskState, feed: str) -> FeedText | None:
    """The words of a feed of the site; None for any other."""
    if any(camera.id == feed for camera in state.site.cameras):
        return _camera_text(state, feed)
    if any(drone.id == feed for drone in state.site.drones):
        return _drone_text(state, feed)
    return None


def feed_name(state: DeskState, feed: str) -> str:
    """As it is called on the screen."""
    names = {camera.id: camera.name for camera in state.site.cameras}
    return names.get(feed, feed)


def _camera_text(state: DeskState, feed: str) -> FeedText:
    camera = state.site.camera(feed)
    return FeedText(
        feed=feed,
        name=Span(camera.name, bold=True),
        holder=Span(""),
        foot=(Span(FIXED, Tone.QUIET),),
        fixed=True,
        tip=f"{camera.name} ({feed}), {FIXED}, {metres(camera.height_m)} above the ground",
    )


def _drone_text(state: DeskState, drone: str) -> FeedText:
    row = fleet_row(state, drone)
    view = state.fleet.get(drone)
    silent = row.tone is Tone.OFF
    name = Tone.ACCENT if row.own else Tone.QUIET if silent else Tone.TEXT
    holder = _holder(state, drone)
    return FeedText(
        feed=drone,
        name=Span(drone, name, bold=True),
        holder=holder,
        foot=_foot(state, view, Span(row.short, _short_tone(state, drone)), row.work, silent),
        holds=_holds(state, drone),
        battery=row.battery,
        docked=view is not None and not silent and view.telemetry.phase is Phase.DOCKED,
        silent=silent,
        tip=row.tip + (f"\n{_holder_tip(state, drone)}" if holder.text else ""),
    )


def _holder(state: DeskState, drone: str) -> Span:
    record = state.control(drone)
    if change := change_of(state, drone):
        return Span(arrow_words(change, timed=False), change.tone)  # the foot counts it down
    if record is None or record.holder is None:
        view = state.fleet.get(drone)
        flying = view is not None and view.telemetry.airborne
        return Span("nobody in control" if flying else "", Tone.QUIET)
    camera = camera_words(state, drone)
    beside = f", {camera}" if camera else ""
    if record.holder != state.me:
        left = shadow_left_s(state, drone)
        shadow = f" · shadow {left:.0f} s" if left else ""
        return Span(f"{record.holder.name}{beside}{shadow}")
    if state.in_control(drone):
        return Span(f"you{beside}", Tone.ACCENT)
    return Span("you, not confirmed", Tone.QUIET)


def _short_tone(state: DeskState, drone: str) -> Tone:
    change = change_of(state, drone)
    return change.tone if change is not None else Tone.TEXT


def _holds(state: DeskState, drone: str) -> Span:
    """While it changes hands."""
    record = state.control(drone)
    if record is None or record.holder is None or change_of(state, drone) is None:
        return Span("")
    if record.holder != state.me:
        return Span(record.holder.name)
    return Span("you", Tone.ACCENT) if state.in_control(drone) else Span("you?", Tone.QUIET)


def _holder_tip(state: DeskState, drone: str) -> str:
    record = state.control(drone)
    if record is None or record.holder is None:
        return "Nobody has control."
    return f"{'You have' if record.holder == state.me else f'{record.holder.label} has'} control."


def _foot(
    state: DeskState, view: DroneView | None, short: Span, work: str, silent: bool
) -> tuple[Span, ...]:
    """Phase, height, battery, speed, minutes of work."""
    if silent or view is None:
        return (Span(short.text, Tone.QUIET),)
    told = view.telemetry
    battery = percent(told.battery_percent)
    if not told.airborne:
        quiet = short if short.tone is not Tone.TEXT else Span(short.text, Tone.QUIET)
        return (quiet, Span(battery, Tone.QUIET))
    if freshness(view.position_age_s(state.clock.monotonic())) is not Freshness.FRESH:
        return (short, Span(NO_POSITION, Tone.QUIET), Span(battery))
    words = [short, Span(metres(told.agl_m)), Span(battery)]
    words.append(Span(speed(told.ground_speed_mps), Tone.QUIET))
    if work != UNKNOWN:
        words.append(Span(f"{work} work", Tone.QUIET))
    return tuple(words)
