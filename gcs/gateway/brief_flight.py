"""The lines of a brief about the flight: where it is, how long it lasts, on what link, where to."""

from gcs.fleet.endurance import Endurance
from gcs.gateway.brief_facts import Facts
from gcs.gateway.brief_words import ago, item, lasts, number, place
from gcs.gateway.drone import SILENT_AFTER_S
from gcs.gateway.steady import Steady
from gcs.gateway.watch import UPLINK_LOST_S
from gcs.geo.earth import distance_m
from gcs.model.brief import BriefItem, fence_mark
from gcs.model.plan import FlightPlan, PlanState
from gcs.model.vehicle import FenceState

BAND_PERCENT = 5.0
BATTERY_BETTER_S = 30.0
WORK_LEFT_S = 180.0  # of a receiver, above the flight home and the reserve
_UNKNOWN_BAND = 99
_POINTED = frozenset({PlanState.FLYING, PlanState.PAUSED, PlanState.READY})


def flight(facts: Facts, steady: Steady) -> BriefItem:
    """Drone id, position, height and mode."""
    seen, dock = facts.telemetry, facts.dock
    here = place(seen.position) if seen.position else "not told by the vehicle"
    height = "not told by the vehicle"
    if seen.relative_m is not None and seen.agl_m is not None:
        height = (
            f"{seen.relative_m:.0f} m above its dock's roof, {seen.agl_m:.0f} m above ground "
            f"(roof {dock.roof_height_m:.0f} m)"
        )
    mode = f"{seen.mode.value} ({seen.mode_name or 'no word of its own'})"
    failsafe = "; IN A FAILSAFE" if seen.failsafe else ""
    told = [
        ("Drone", f"{seen.drone}, {seen.phase.value.replace('_', ' ')}"),
        ("Position", f"{here}, told {ago(seen.position_age_s)}"),
        ("Height", height),
        ("Mode", f"{mode}{failsafe}"),
    ]
    matters = (seen.drone, seen.mode, seen.failsafe, facts.airborne)
    return item("flight", "Drone, place and mode", told, *matters)


def battery(facts: Facts, steady: Steady) -> BriefItem:
    """What is left, and when it must leave for home."""
    seen, left = facts.telemetry, facts.endurance
    percent = seen.battery_percent
    band = _UNKNOWN_BAND if percent is None else -int(percent // BAND_PERCENT)
    told = [
        ("Battery", f"{number(percent, '%')}, told {ago(seen.battery_age_s)}"),
        ("Time to return", _time_to_return(left)),
    ]
    return item(
        "battery",
        "Battery and time to return",
        told,
        steady.level("battery band", band, BATTERY_BETTER_S),
        steady.level("battery left", _short(left), BATTERY_BETTER_S),
    )


def _time_to_return(left: Endurance | None) -> str:
    if left is None:
        return "not known: the vehicle does not tell its battery"
    home = f"flight home {lasts(left.home_s)}, reserve {lasts(left.reserve_s)}"
    if left.work_s < 0:
        return f"it should have left {lasts(left.work_s)} ago ({home})"
    return f"it must leave in {lasts(left.work_s)} ({home})"


def _short(left: Endurance | None) -> int:
    """0 enough, 1 under what a receiver needs, 2 into the reserve, 3 not known."""
    if left is None:
        return 3
    return 2 if left.work_s < 0 else int(left.work_s < WORK_LEFT_S)


def link(facts: Facts, steady: Steady) -> BriefItem:
    """The link both ways."""
    seen = facts.telemetry
    heard, answers = seen.heartbeat_age_s, seen.uplink_age_s
    silent = heard is None or heard > SILENT_AFTER_S
    deaf = answers is None or answers > UPLINK_LOST_S
    ways = f"{seen.links} link{'' if seen.links == 1 else 's'} up"
    told = [
        (
            "From the drone",
            f"{'SILENT, ' if silent else ''}heard {ago(heard)}, {ways}, "
            f"lost {number(seen.loss_percent, '%', 1)}",
        ),
        (
            "To the drone",
            f"{'NO ANSWER, ' if deaf else ''}answered {ago(answers)}, "
            f"round trip {number(seen.uplink_ms, 'ms')}",
        ),
    ]
    if seen.trouble:
        told.append(("Commands are refused", seen.trouble))
    down, up = steady.level("link down", int(silent)), steady.level("link up", int(deaf))
    return item("link", "Link both ways", told, down, up, seen.trouble)


def home(facts: Facts, steady: Steady) -> BriefItem:
    """Home dock and geofence."""
    dock, fence, report = facts.dock, facts.fence, facts.fence_report
    seen = facts.telemetry
    away = f", {distance_m(seen.position, dock.position):.0f} m away" if seen.position else ""
    roof = f"{dock.name} ({dock.id}), roof {dock.roof_height_m:.0f} m above ground{away}"
    at = report.state.value + (f": {report.text}" if report.text else "")
    ceiling_m = fence.ceiling_relative_m
    told = [
        ("Home dock", roof),
        ("Return height", f"at least {facts.return_height_m:.0f} m above the roof"),
        ("Geofence", f"{fence.name}, version {fence.version}; at the vehicle {at}"),
        (
            "Ceiling",
            f"{ceiling_m:.0f} m above the roof, "
            f"{ceiling_m + dock.roof_height_m:.0f} m above ground",
        ),
        ("It is", "OUTSIDE its geofence" if seen.fence_breached else "inside its geofence"),
    ]
    return item(
        "home",
        "Home dock and geofence",
        told,
        dock.id,
        facts.return_height_m,
        fence_mark(fence),
        steady.level("fence off", int(report.state is not FenceState.ACTIVE)),
        steady.level("fence breached", int(seen.fence_breached)),
    )


def plan(facts: Facts, steady: Steady) -> BriefItem:
    """The plan and the next waypoint. That a plan is flown on point by point is what it says
    already; a jump, another plan, another target are news."""
    report, target = facts.plan_report, facts.telemetry.target
    name = report.text if not report.digest and report.text else report.name or "none"
    state = "" if report.state is PlanState.NONE else f", {report.state.value}"
    told = [("Plan", f"{name}{state}"), ("Next waypoint", _next(facts))]
    flown = report.state is PlanState.FLYING
    at = steady.jumps("plan point", report.current) if flown else report.current
    aim = "" if target is None or flown else place(target)
    matters = (report.digest, report.state, report.text, flown, at, aim)
    return item("plan", "Plan and next waypoint", told, *matters)


def _next(facts: Facts) -> str:
    report, target = facts.plan_report, facts.telemetry.target
    point = _point(facts.plan, report.current)
    if point and report.state in _POINTED:
        held = "" if report.state is PlanState.FLYING else ", when the plan goes on"
        return f"{report.current} of {report.items}: {point}{held}"
    if target is not None:
        return f"it was sent to {place(target)}"
    return "none" if report.state is not PlanState.FLYING else "not known"


def _point(known: FlightPlan | None, number_: int) -> str:
    if known is None or not 1 <= number_ <= len(known.items):
        return ""
    at = known.items[number_ - 1]
    return f"{place(at.position)}, {at.height_m:.0f} m above the roof"
