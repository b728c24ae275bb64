"""A row of the fleet list: the drone's state in words and what its battery buys. Pure."""

from dataclasses import dataclass

from gcs.fleet.state import DroneView, Freshness, freshness
from gcs.model.control import ControlState
from gcs.model.telemetry import DroneTelemetry, Phase
from gcs.station.state import DeskState
from ui.models.battery import Battery
from ui.models.handing import change_of, row_words, short_words
from ui.models.words import PHASE_WORDS, camera_words
from ui.text import UNKNOWN, Tone, age, duration, percent

STEP_DIGITS = 2  # a bar is under 100 pixels wide: finer steps would only repaint


@dataclass(frozen=True, slots=True)
class FleetRow:
    """What the list shows of one drone. `short` is the state for the folded list."""

    drone: str
    state: str
    short: str
    tone: Tone
    own: bool
    work: str
    battery: Battery | None
    tip: str


def fleet_row(state: DeskState, drone: str) -> FleetRow:
    """The row of a drone of the site."""
    view = state.fleet.get(drone)
    now = state.clock.monotonic()
    heard = view.heartbeat_age_s(now) if view else None
    own = state.in_control(drone)
    if view is None or freshness(heard) is not Freshness.FRESH:
        words = f"no data {age(heard)}"
        if heard is None:
            words = "not heard yet" if view is None else "not heard now"
        battery = _battery(state, view, own=False, stale=True) if view else None
        short = "not heard" if heard is None else f"silent {age(heard)}"
        return FleetRow(drone, words, short, Tone.OFF, False, UNKNOWN, battery, f"{drone}: {words}")
    words, short, tone = _state_words(state, view.telemetry)
    left = state.endurance(drone)
    work = duration(max(0.0, left.work_s)) if left else UNKNOWN
    charge = percent(view.telemetry.battery_percent)
    tip = f"{drone}: {words}\nBattery {charge}, {work} of work left"
    stale = freshness(view.battery_age_s(now)) is not Freshness.FRESH
    battery = _battery(state, view, own, stale)
    return FleetRow(drone, words, short, tone, own, work, battery, tip)


def _battery(state: DeskState, view: DroneView, own: bool, stale: bool) -> Battery | None:
    telemetry = view.telemetry
    if telemetry.battery_percent is None:
        return None
    left = round(telemetry.battery_percent / 100, STEP_DIGITS)
    buys = state.endurance(telemetry.drone)
    if buys is None or not telemetry.endurance_s:
        return Battery(left, 0.0, own, stale)
    home = 0.0 if not telemetry.airborne else (buys.home_s + buys.reserve_s) / telemetry.endurance_s
    return Battery(left, round(left * min(1.0, home), STEP_DIGITS), own, stale)


def _state_words(state: DeskState, telemetry: DroneTelemetry) -> tuple[str, str, Tone]:
    """(words, short words, tone), the most urgent first."""
    drone = telemetry.drone
    phase = PHASE_WORDS[telemetry.phase]
    record = state.control(drone)
    if telemetry.fence_breached:
        return f"outside fence · {phase}", "off fence", Tone.WARNING
    if telemetry.failsafe:
        return f"failsafe · {phase}", "failsafe", Tone.CAUTION
    if record is not None and record.state is ControlState.ORPHANED:
        return f"no holder · {phase}", "no holder", Tone.CAUTION
    if change := change_of(state, drone):
        return row_words(change), short_words(change), change.tone
    if telemetry.phase is Phase.DOCKED:
        return _docked(state, telemetry)
    if record is not None and record.holder is not None and record.holder != state.me:
        return f"{phase} · {record.holder.name}", phase, Tone.TEXT
    camera = camera_words(state, drone)
    return f"{phase} · {camera}" if camera else phase, phase, Tone.TEXT


def _docked(state: DeskState, telemetry: DroneTelemetry) -> tuple[str, str, Tone]:
    dock = state.site.dock_of(telemetry.drone).id
    if telemetry.not_ready_because:
        return (
            f"{dock} · {'; '.join(telemetry.not_ready_because)}",
            "not ready",
            Tone.QUIET,
        )
    if not telemetry.ready:
        return f"{dock} · not ready to arm", "not ready", Tone.QUIET
    low = state.site.safety.min_battery_percent
    if telemetry.battery_percent is not None and telemetry.battery_percent < low:
        return f"{dock} · charging", "charging", Tone.QUIET
    return f"{dock} · ready", f"{dock} ready", Tone.TEXT
