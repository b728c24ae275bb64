"""One drone as the map shows it: where, whose, how old, in words. Pure: state in, mark out."""

from gcs.fleet.state import DroneView, Freshness, freshness
from gcs.geo.earth import distance_m
from gcs.model.control import ControlRecord, ControlState
from gcs.model.site import Dock
from gcs.model.telemetry import DroneTelemetry, Phase
from gcs.station.state import DeskState
from ui import text
from ui.map.marks import DroneMark, LatLon, latlon
from ui.models.handing import arrow_words, change_of
from ui.models.words import camera_words

AT_DOCK_M = 15.0  # a silent drone last seen this near its dock is shown as in it
GOING_HOME = frozenset({Phase.RETURNING, Phase.LANDING})


def drone_mark(state: DeskState, drone: str) -> DroneMark | None:
    """The drone's mark, or None while nobody knows where it is."""
    view = state.fleet.get(drone)
    if view is None:
        return None
    dock = _dock_it_is_in(state, view)
    if view.telemetry.position is None and dock is None:
        return None
    now_s = state.clock.monotonic()
    # In a dock its place is known: what can be old there is the vehicle itself.
    age_s = view.heartbeat_age_s(now_s) if dock else view.position_age_s(now_s)
    fresh = freshness(age_s)
    if fresh is not Freshness.FRESH:
        return _silent_mark(state, view, dock, fresh, age_s)
    return _docked_mark(state, view, dock) if dock else _flying_mark(state, view)


def holder_words(state: DeskState, record: ControlRecord | None) -> str:
    """Who holds the drone: `you`, `Pilot B`, or what is being asked."""
    if record is None or record.state is ControlState.UNOWNED:
        return ""
    if record.holder is None:
        return "nobody in control"
    mine = record.holder == state.me
    who = "you" if mine else record.holder.name
    if change := change_of(state, record.drone):
        return arrow_words(change)
    if camera := camera_words(state, record.drone):
        return f"{who}, {camera}"
    if mine and not state.in_control(record.drone):
        return "you, not confirmed"
    return who


def _dock_it_is_in(state: DeskState, view: DroneView) -> Dock | None:
    telemetry = view.telemetry
    try:
        dock = state.site.dock_of(telemetry.drone)
    except KeyError:
        return None  # a neighbour's drone: it has no dock on this map
    if telemetry.phase is Phase.DOCKED:
        return dock
    if telemetry.phase is not Phase.SILENT or telemetry.position is None or telemetry.armed:
        return None
    return dock if distance_m(telemetry.position, dock.position) < AT_DOCK_M else None


def _docked_mark(state: DeskState, view: DroneView, dock: Dock) -> DroneMark:
    """No position and few words: a docked drone must not be sent again for its noise."""
    telemetry = view.telemetry
    ready = "ready" if telemetry.ready else "not ready"
    return DroneMark(
        title=_title(state, telemetry.drone),
        tone=_tone(state, telemetry.drone),
        line=f"{ready} · {text.percent(telemetry.battery_percent)}",
        dock=dock.id,
        battery=_whole(telemetry.battery_percent),
        asks=change_of(state, telemetry.drone) is not None,
    )


def _flying_mark(state: DeskState, view: DroneView) -> DroneMark:
    telemetry = view.telemetry
    line, caution = _flying_line(state, telemetry)
    return DroneMark(
        title=_title(state, telemetry.drone),
        tone=_tone(state, telemetry.drone),
        line=line,
        at=_place(telemetry),
        heading=_heading(telemetry),
        battery=_whole(telemetry.battery_percent),
        home=_way_home_percent(state, telemetry),
        caution=caution,
        asks=change_of(state, telemetry.drone) is not None,
        target=None
        if telemetry.target is None
        else latlon(telemetry.target.lat_deg, telemetry.target.lon_deg),
    )


def _silent_mark(
    state: DeskState, view: DroneView, dock: Dock | None, fresh: Freshness, age_s: float | None
) -> DroneMark:
    telemetry = view.telemetry
    gone = fresh is Freshness.GONE
    seen = "not heard yet" if age_s is None else f"last seen {text.age(age_s)} ago"
    return DroneMark(
        title=_title(state, telemetry.drone),
        tone="gone" if gone else "silent",
        line=seen if gone else f"no data {text.age(age_s)}",
        at=None if dock else _place(telemetry),
        dock=dock.id if dock else "",
        heading=None if dock or gone else _heading(telemetry),
        battery=None if gone else _whole(telemetry.battery_percent),
        asks=change_of(state, telemetry.drone) is not None,
    )


def _title(state: DeskState, drone: str) -> str:
    words = holder_words(state, state.control(drone))
    return f"{drone} · {words}" if words else drone


def _tone(state: DeskState, drone: str) -> str:
    return "own" if state.in_control(drone) else "other"


def _flying_line(state: DeskState, telemetry: DroneTelemetry) -> tuple[str, bool]:
    """Height and speed, and whether it is a caution: nobody's drone, or one that must leave."""
    words = f"{text.metres(telemetry.agl_m)} {text.speed(telemetry.ground_speed_mps)}"
    left = state.endurance(telemetry.drone)
    leave = left is not None and left.work_s < 0 and telemetry.phase not in GOING_HOME
    record = state.control(telemetry.drone)
    orphaned = record is not None and record.state is ControlState.ORPHANED
    return (f"{words} · leave now" if leave else words), leave or orphaned


def _way_home_percent(state: DeskState, telemetry: DroneTelemetry) -> int:
    """Percent of the battery that the flight home and the landing reserve will take."""
    left = state.endurance(telemetry.drone)
    percent = telemetry.battery_percent
    if left is None or percent is None or not telemetry.endurance_s:
        return 0
    share = (left.home_s + left.reserve_s) / telemetry.endurance_s
    return round(min(1.0, share) * percent)


def _place(telemetry: DroneTelemetry) -> LatLon | None:
    at = telemetry.position
    return None if at is None else latlon(at.lat_deg, at.lon_deg)


def _heading(telemetry: DroneTelemetry) -> int | None:
    return None if telemetry.heading_deg is None else round(telemetry.heading_deg) % 360


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
