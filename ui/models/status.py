"""The status bar's chips: links, processes, wind and alarms, each with its level. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from gcs.fleet.state import Freshness, freshness
from gcs.model.event import Severity
from gcs.model.process import ProcessState
from gcs.model.site import OperatingMode
from gcs.station.state import DeskState
from gcs.video.frame import FeedState, FeedStatus
from ui.text import Tone, age, count_of, millis, wind

SILENT_AFTER_S = 3.0
LOST_AFTER_S = 10.0
WINDOW_MS = 600_000
FLOOD = 10
PROCESS_TONES = {
    ProcessState.STARTING: Tone.QUIET,
    ProcessState.STOPPED: Tone.CAUTION,
    ProcessState.RESTARTING: Tone.CAUTION,
    ProcessState.GIVEN_UP: Tone.WARNING,
}


@dataclass(frozen=True, slots=True)
class ChipText:
    """A chip's value, level and tool tip."""

    value: str
    tone: Tone = Tone.TEXT
    tip: str = ""


def mode_words(state: DeskState) -> str:
    """The mark at the left end: what the gateway says it is, never the desk's own opinion."""
    hello = state.gateway
    if hello is None:
        return "MODE NOT KNOWN"
    mode = "TRAINING" if hello.mode is OperatingMode.TRAINING else "SERVICE"
    return f"{mode} · SIMULATED" if hello.simulated else mode


def gateway_chip(state: DeskState) -> ChipText:
    """Round trip to the gateway, or for how long it is silent."""
    told = _link(state, state.links.gateway_at_s, millis(state.links.gateway_ms))
    hello = state.gateway
    if hello is not None and not hello.claim_held and told.tone is Tone.TEXT:
        return ChipText("may not send", Tone.WARNING, "The gateway lost its claim to the drones.")
    return told


def keeper_chip(state: DeskState) -> ChipText:
    """Round trip to the keeper; without its audit launches are refused."""
    told = _link(state, state.links.keeper_at_s, millis(state.links.keeper_ms))
    hello = state.keeper
    if hello is not None and not hello.audit_ok and told.tone is Tone.TEXT:
        return ChipText("audit not written", Tone.WARNING, hello.text or "Launches are refused.")
    return told


def central_chip(state: DeskState) -> ChipText:
    """Whether the control room is heard; it tells no round trip."""
    return _link(state, state.links.central_at_s, "ok")


def bus_chip(state: DeskState) -> ChipText:
    """The connection everything else rests on."""
    if state.links.bus_connected:
        return ChipText("ok")
    return ChipText("lost", Tone.WARNING, "This desk is cut off; it keeps trying.")


def _link(state: DeskState, at_s: float | None, value: str) -> ChipText:
    if at_s is None:
        return ChipText("not heard", Tone.CAUTION)
    silent = state.clock.monotonic() - at_s
    if silent < SILENT_AFTER_S:
        return ChipText(value)
    tone = Tone.WARNING if silent >= LOST_AFTER_S else Tone.CAUTION
    return ChipText(f"silent {age(silent)}", tone)


def process_chip(state: DeskState) -> ChipText | None:
    """The worst process in words; None while all run."""
    table = state.processes
    if table is None:
        return None
    bad = [p for p in table.processes if p.state is not ProcessState.RUNNING]
    if not bad:
        return None
    order = list(PROCESS_TONES)
    worst = max(bad, key=lambda p: order.index(p.state))
    words = f"{worst.name} {worst.state.value.replace('_', ' ')}"
    more = f" +{len(bad) - 1}" if len(bad) > 1 else ""
    tip = "\n".join(f"{p.name}: {p.state.value.replace('_', ' ')} {p.text}".strip() for p in bad)
    return ChipText(words + more, PROCESS_TONES[worst.state], tip)


def wind_chip(state: DeskState) -> ChipText:
    """The strongest wind a drone in the air feels, else what the docked ones tell."""
    now = state.clock.monotonic()
    fresh = [
        v.telemetry
        for v in state.fleet.drones
        if v.telemetry.wind_mps is not None and freshness(v.position_age_s(now)) is Freshness.FRESH
    ]
    told = [t for t in fresh if t.airborne] or fresh
    if not told:
        return ChipText("–", Tone.QUIET, "No drone tells the wind.")
    strongest = max(told, key=lambda t: t.wind_mps or 0.0)
    over = (strongest.wind_mps or 0.0) > state.site.safety.max_wind_mps
    value = wind(strongest.wind_mps, strongest.wind_from_deg)
    tone = Tone.CAUTION if over else Tone.TEXT
    return ChipText(value, tone, f"As {strongest.drone} feels it.")


def feeds_chip(
    state: DeskState, feeds: tuple[str, ...], status_of: Callable[[str], FeedStatus]
) -> ChipText:
    """How many feeds bring pictures: as seen here, or at the relay for one not looked at."""
    missing = [f"{feed}: {why}" for feed in feeds if (why := _missing(state, feed, status_of))]
    alive = f"{len(feeds) - len(missing)} of {len(feeds)}"
    return ChipText(alive, Tone.CAUTION if missing else Tone.TEXT, "\n".join(missing))


def _missing(state: DeskState, feed: str, status_of: Callable[[str], FeedStatus]) -> str:
    """Why the feed is not counted; '' when it is."""
    status = status_of(feed)
    if status.state is FeedState.LIVE:
        return ""
    if status.state is FeedState.CONNECTING and _relay_has(state, feed):
        return ""
    return status.sentence or status.state.value


def _relay_has(state: DeskState, feed: str) -> bool:
    relay, at_s = state.relay, state.relay_at_s
    if relay is None or at_s is None or state.clock.monotonic() - at_s > SILENT_AFTER_S:
        return False
    told = next((health for health in relay.feeds if health.feed == feed), None)
    if told is None or told.trouble or told.age_s is None:
        return False
    return told.age_s < SILENT_AFTER_S


def alarms_chip(state: DeskState) -> ChipText:
    """Cautions and warnings of the last ten minutes."""
    since = state.clock.utc_ms() - WINDOW_MS
    told = [n.severity for n in state.notices if n.utc_ms >= since]
    told += [e.severity for e in state.events if e.utc_ms >= since]
    number = sum(severity is not Severity.INFO for severity in told)
    tip = count_of(number, "caution or warning", "cautions and warnings") + " in ten minutes"
    return ChipText(f"{number} in 10 min", Tone.CAUTION if number > FLOOD else Tone.TEXT, tip)
