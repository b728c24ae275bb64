"""The two lines of the instrument strip and the last receipt's sentence. Pure."""

from collections.abc import Callable

from gcs.fleet.state import DroneView, Freshness, freshness
from gcs.model.command import Receipt, ReceiptState
from gcs.model.telemetry import FlightMode
from gcs.station.state import DeskState
from ui.models.words import PHASE_WORDS, control_words, muted
from ui.text import (
    Span,
    Tone,
    age,
    aged,
    clock_time,
    duration,
    heading,
    metres,
    millis,
    percent,
    seconds_words,
    speed,
)

GAP = Span("   ")
NO_DRONE = (
    Span("No drone is selected. ", bold=True),
    Span(
        "Choose one on the map, in the fleet list or by typing its number; "
        "its instruments and commands stand here.",
        Tone.QUIET,
    ),
)
RECEIPT_TONES = {
    ReceiptState.NOT_OBSERVED: Tone.CAUTION,
    ReceiptState.FAILED: Tone.CAUTION,
    ReceiptState.REFUSED: Tone.CAUTION,
}
RECEIPT_WORDS: dict[ReceiptState, Callable[[str, str], str]] = {
    ReceiptState.SENT: lambda what, after: f"{what} sent, no answer yet",
    ReceiptState.ACKED: lambda what, after: f"{what} accepted by the vehicle {after} after sending",
    ReceiptState.OBSERVED: lambda what, after: f"{what} observed {after} after sending",
    ReceiptState.NOT_OBSERVED: lambda what, after: f"{what} not observed within {after}",
    ReceiptState.FAILED: lambda what, after: f"{what} failed",
    ReceiptState.REFUSED: lambda what, after: f"{what} refused",
}


def head_line(state: DeskState, drone: str) -> tuple[Span, ...]:
    """`ISL-02  You have control since 14:30 · epoch 14`."""
    if not drone:
        return NO_DRONE
    name = Span(drone, Tone.ACCENT if state.in_control(drone) else Tone.TEXT, bold=True)
    return (name, Span("  "), *control_words(state, drone))


def figures_line(state: DeskState, drone: str) -> tuple[Span, ...]:
    """Height, speed, heading, what the battery buys, the link and the mode; each by its age."""
    view = state.fleet.get(drone) if drone else None
    if view is None:
        return (Span(f"{drone} was not heard yet", Tone.OFF),) if drone else (Span(""),)
    now = state.clock.monotonic()
    if freshness(view.heartbeat_age_s(now)) is Freshness.GONE:
        heard = view.heartbeat_age_s(now)
        if heard is None:
            return (Span(f"{drone} is not heard now: its last figures are not shown", Tone.OFF),)
        return (Span(f"No data for {age(heard)}: its last figures are not shown", Tone.OFF),)
    return (
        *_position(view, now),
        GAP,
        *_battery(state, view, now),
        GAP,
        *_link(view, now),
        GAP,
        *_mode(view, now),
    )


def _position(view: DroneView, now: float) -> tuple[Span, ...]:
    told = view.telemetry
    figures = (
        f"{metres(told.agl_m)} AGL",
        speed(told.ground_speed_mps),
        heading(told.heading_deg),
    )
    age_s = view.position_age_s(now)
    fresh = freshness(age_s)
    if fresh is Freshness.GONE:
        return (Span("no position", Tone.OFF),)
    if fresh is Freshness.STALE:
        return (aged("   ".join(figures), age_s),)
    return (Span("   ".join(figures)),)


def _battery(state: DeskState, view: DroneView, now: float) -> tuple[Span, ...]:
    buys = state.endurance(view.telemetry.drone)
    charge = percent(view.telemetry.battery_percent)
    if buys is None:
        return (aged(charge, view.battery_age_s(now)),)
    if buys.work_s < 0:
        late = f"must leave: {duration(-buys.work_s)} past"
        return (Span(late, Tone.WARNING, bold=True), Span(f" · {charge}", Tone.QUIET))
    stale = freshness(view.battery_age_s(now)) is not Freshness.FRESH
    parts = [
        Span(f"{charge} = ", Tone.QUIET),
        Span(duration(buys.work_s), Tone.QUIET if stale else Tone.TEXT, bold=not stale),
        Span(" work", Tone.QUIET),
    ]
    if view.telemetry.airborne:
        home, landing = duration(buys.home_s), duration(buys.reserve_s)
        parts.append(Span(f" + {home} home + {landing} landing", Tone.QUIET))
    return tuple(parts)


def _link(view: DroneView, now: float) -> tuple[Span, ...]:
    told, loss = view.telemetry, view.telemetry.loss_percent
    heard_s = view.heartbeat_age_s(now)
    if freshness(heard_s) is not Freshness.FRESH:  # a silent link has no delay to show
        return (aged(f"link {millis(told.uplink_ms)} loss {percent(loss)}", heard_s),)
    bad = loss is not None and loss >= 5.0
    return (
        Span("link ", Tone.QUIET),
        Span(millis(told.uplink_ms)),
        Span(" loss ", Tone.QUIET),
        Span(percent(loss), Tone.CAUTION if bad else Tone.TEXT),
    )


def _mode(view: DroneView, now: float) -> tuple[Span, ...]:
    told = view.telemetry
    name = told.mode_name or told.mode.value.upper()
    if told.mode is FlightMode.UNKNOWN and not told.mode_name:
        name = "mode not known"
    if told.failsafe:
        return (Span(f"{name} · failsafe", Tone.CAUTION),)
    stale = freshness(view.heartbeat_age_s(now)) is not Freshness.FRESH
    tone = Tone.QUIET if stale else Tone.TEXT
    return (Span(name, tone), Span(f" · {PHASE_WORDS[told.phase]}", Tone.QUIET))


def receipt_line(state: DeskState, drone: str, progress: str) -> tuple[Span, ...]:
    """What is under way, else why only little can be ordered, else the last command's end."""
    if progress:
        return (Span(progress, Tone.ACCENT),)
    if drone and (why := muted(state, drone)):
        return (Span(why),)
    receipt = state.last_receipt(drone) if drone else None
    if receipt is None:
        return (Span("No command yet on this shift", Tone.QUIET),) if drone else (Span(""),)
    return _receipt_spans(state, receipt)


def receipt_words(receipt: Receipt) -> str:
    """`Hold observed 0.4 s after sending`."""
    what = receipt.kind.value.replace("_", " ").capitalize()
    return RECEIPT_WORDS[receipt.state](what, seconds_words(receipt.elapsed_ms / 1000))


def _receipt_spans(state: DeskState, receipt: Receipt) -> tuple[Span, ...]:
    words = receipt_words(receipt)
    tone = RECEIPT_TONES.get(receipt.state, Tone.QUIET)
    if tone is Tone.CAUTION:
        words += f": {'; '.join(receipt.reasons) or receipt.text}".replace("go_to", "go to")
    by = "" if receipt.desk == state.me.desk else f" · from {receipt.desk}"
    return (Span(words, tone), Span(f" · {clock_time(receipt.utc_ms)}{by}", Tone.QUIET))
