"""A route against the drone that shall fly it, and how the flying goes, in words. Pure."""

from gcs.fleet.endurance import flight_home_s
from gcs.geo.fence_plan import highest_relative_m, inside, path_inside
from gcs.model.fence import FencePlan
from gcs.model.place import Position
from gcs.model.plan import PlanItem, PlanState
from gcs.model.telemetry import Phase
from gcs.station.state import DeskState
from ui.models.plan_draft import PlanDraft
from ui.models.words import need_input
from ui.text import Span, Tone, count_of, duration, metres

MOST_TOLD = 4
PLAN_WORDS = {
    PlanState.NONE: "has no plan",
    PlanState.UPLOADING: "takes the plan",
    PlanState.READY: "holds the plan",
    PlanState.FLYING: "flies the plan",
    PlanState.PAUSED: "has paused the plan",
    PlanState.COMPLETE: "has flown the plan to its end",
    PlanState.FAILED: "could not take the plan",
}


def size_words(state: DeskState, draft: PlanDraft, drone: str) -> tuple[Span, ...]:
    """`12 points · 2.4 km · 5:10 of ISL-02's 9:40`."""
    if not draft.items:
        return (Span("No points yet: click on the map, or N for its middle.", Tone.QUIET),)
    size = draft.size(start_of(state, drone))
    words = (
        f"{count_of(len(draft.items), 'point', 'points')} · {metres(size.length_m)} · "
        f"{duration(size.time_s)}"
    )
    most_s = work_s(state, draft, drone)
    if most_s is None:
        return (Span(words),)
    tone = Tone.QUIET if size.time_s <= most_s else Tone.CAUTION
    return (Span(words), Span(f" of {drone}'s {duration(max(0.0, most_s))}", tone))


def work_s(state: DeskState, draft: PlanDraft, drone: str) -> float | None:
    """How long the drone may fly until it must leave the last point for its dock."""
    left = state.endurance(drone) if drone else None
    if left is None or not draft.items:
        return None
    last, dock = draft.items[-1], state.site.dock_of(drone)
    home_s = flight_home_s(
        last.position, last.height_m, dock.position, state.site.required_return_height_m(drone)
    )
    return left.work_s + left.home_s - home_s


def progress_words(state: DeskState, drone: str) -> Span:
    """How the drone's plan goes, by what it shows."""
    if not drone:
        return Span("No drone is selected.", Tone.QUIET)
    profile = state.profile(drone)
    if profile is None:
        return Span(f"{drone}: nothing is known of its plan.", Tone.QUIET)
    plan = profile.plan
    words = f"{drone} {PLAN_WORDS[plan.state]}"
    if plan.items and plan.current:
        words += f": point {plan.current} of {plan.items}"
    if plan.text:
        words += f" · {plan.text}"
    return Span(words, Tone.CAUTION if plan.state is PlanState.FAILED else Tone.TEXT)


def why_not_fly(state: DeskState, drone: str, draft: PlanDraft) -> str:
    """Why the route cannot be flown now; empty when it can be asked for."""
    if not drone:
        return "No drone is selected."
    if why := need_input(state, drone):
        return why
    view = state.fleet.get(drone)
    if view is None or not view.telemetry.airborne:
        return f"{drone} is not in the air: launch it for an incident first."
    if view.telemetry.phase in (Phase.RETURNING, Phase.LANDING):
        return f"{drone} comes home: hold it first."
    return "" if draft.items else "The route has no points yet."


def route_problems(
    items: tuple[PlanItem, ...], fence: FencePlan, start: Position | None
) -> tuple[str, ...]:
    """Points and legs that the geofence forbids; run aside, 500 legs are dear."""
    found: list[str] = []
    highest = highest_relative_m(fence)
    here = start
    for number, item in enumerate(items, start=1):
        if item.height_m > highest:
            found.append(
                f"Point {number} is at {metres(item.height_m)}, at most {metres(highest)}."
            )
        if not inside(fence, item.position):
            found.append(f"Point {number} is outside the geofence.")
        elif here and inside(fence, here) and not path_inside(fence, here, item.position):
            found.append(f"The way to point {number} leaves the geofence.")
        here = item.position
    return tuple(found)


def few(problems: tuple[str, ...]) -> tuple[str, ...]:
    """The first of them, and how many more there are."""
    more = len(problems) - MOST_TOLD
    return problems[:MOST_TOLD] + ((f"… and {more} more.",) if more > 0 else ())


def start_of(state: DeskState, drone: str) -> Position | None:
    """Where the drone is now."""
    view = state.fleet.get(drone) if drone else None
    return view.telemetry.position if view else None
