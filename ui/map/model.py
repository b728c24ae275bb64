"""What the page must be told next: the difference between the desk's state and what was sent.

No Qt, no timer: the view says when to look. Sends nothing twice that did not visibly change.
"""

from collections.abc import Iterable
from typing import TypeVar

from gcs.model.mission import MissionRecord, MissionState
from gcs.model.telemetry import Phase
from gcs.station.state import DeskState
from ui import text
from ui.map.aircraft import AircraftDiff
from ui.map.drone_marks import drone_mark
from ui.map.fence_mark import fence_mark
from ui.map.marks import (
    Change,
    DockMark,
    DroneMark,
    FenceMark,
    FootprintMark,
    IncidentMark,
    RouteMark,
    Selected,
    latlon,
)
from ui.map.route_marks import route_marks
from ui.map.sight_marks import camera_marks, footprint_marks
from ui.map.trails import Trails
from ui.wall import Sights

T = TypeVar("T")


class MapModel:
    """Collects what may have changed; `change()` tells what has."""

    def __init__(self, state: DeskState, sights: Sights | None = None) -> None:
        self._state = state
        self._sights = Sights() if sights is None else sights
        self._drones: dict[str, DroneMark] = {}
        self._incidents: dict[str, IncidentMark] = {}
        self._footprints: dict[str, FootprintMark] = {}
        self._routes: dict[str, RouteMark] = {}
        self._fence: FenceMark | None = None
        self._selected = Selected()
        self._trails = Trails()
        self._aircraft = AircraftDiff(state)
        self._docked: set[str] = set()
        self._maybe_drones: set[str] = set()
        self._maybe_incidents: set[str] = set()
        self._maybe_footprints = False

    def touch_drones(self, drones: Iterable[str]) -> None:
        """These may look different now. Trails grow here, so that no batch is missed."""
        for drone in drones:
            self._maybe_drones.add(drone)
            self._follow(drone)

    def touch_incident(self, key: str) -> None:
        """This incident may look different now."""
        self._maybe_incidents.add(key)

    def touch_footprints(self) -> None:
        """Newer pictures may have come: where they look is told with the next change."""
        self._maybe_footprints = True

    def touch_ages(self) -> None:
        """A second went by: ages, leases and freshness may have turned."""
        self._maybe_drones.update(self._drones)

    def change(self, selected: Selected) -> Change:
        """The smallest change since the last call."""
        cleared, trails = self._trails.take_changes()
        fence = fence_mark(self._state)
        made = Change(
            drones=self._changed_drones() or None,
            cleared_trails=cleared or None,
            trails=trails or None,
            incidents=self._changed_incidents() or None,
            footprints=self._changed_footprints(selected) or None,
            routes=self._changed_routes() or None,
            fence=fence if fence != self._fence else None,
            selected=selected if selected != self._selected else None,
            aircraft=self._aircraft.change(selected.drone) or None,
        )
        self._fence, self._selected = fence, selected
        return made

    def everything(self, selected: Selected) -> Change:
        """The whole state, for a page that has just been loaded."""
        state = self._state
        self._drones, self._incidents, self._footprints, self._routes = {}, {}, {}, {}
        self._maybe_footprints = True
        self._maybe_drones = {v.telemetry.drone for v in state.fleet.drones}
        self._maybe_incidents = {m.incident.key for m in state.missions}
        self._trails.take_changes()
        self._aircraft.forget()
        self._fence, self._selected = fence_mark(self._state), selected
        return Change(
            full=True,
            drones=self._changed_drones(),
            trails=self._trails.everything(),
            incidents=self._changed_incidents(),
            docks={
                dock.id: DockMark(latlon(dock.position.lat_deg, dock.position.lon_deg), dock.name)
                for dock in state.site.docks
            },
            cameras=camera_marks(state.site),
            footprints=self._changed_footprints(selected) or None,
            routes=self._changed_routes() or None,
            fence=self._fence,
            selected=selected,
            aircraft=self._aircraft.change(selected.drone) or None,
        )

    def _follow(self, drone: str) -> None:
        view = self._state.fleet.get(drone)
        if view is None:
            return
        telemetry = view.telemetry
        if telemetry.phase is Phase.DOCKED:
            self._docked.add(drone)
        elif telemetry.airborne and telemetry.position is not None:
            if drone in self._docked:
                self._docked.discard(drone)
                self._trails.restart(drone)
            self._trails.add(drone, telemetry.position)

    def _changed_drones(self) -> dict[str, DroneMark | None]:
        changed: dict[str, DroneMark | None] = {}
        for drone in sorted(self._maybe_drones):
            mark = drone_mark(self._state, drone)
            if mark != self._drones.get(drone):
                changed[drone] = mark
                _keep(self._drones, drone, mark)
        self._maybe_drones.clear()
        return changed

    def _changed_incidents(self) -> dict[str, IncidentMark | None]:
        changed: dict[str, IncidentMark | None] = {}
        for key in sorted(self._maybe_incidents):
            mission = self._state.mission(key)
            mark = None if mission is None else _incident_mark(self._state, mission)
            if mark != self._incidents.get(key):
                changed[key] = mark
                _keep(self._incidents, key, mark)
        self._maybe_incidents.clear()
        return changed

    def _changed_routes(self) -> dict[str, RouteMark | None]:
        before = self._routes
        self._routes = now = route_marks(self._state)
        changed: dict[str, RouteMark | None] = dict.fromkeys(before.keys() - now.keys())
        changed.update({drone: mark for drone, mark in now.items() if before.get(drone) != mark})
        return changed

    def _changed_footprints(self, selected: Selected) -> dict[str, FootprintMark | None]:
        if not self._maybe_footprints:
            return {}
        self._maybe_footprints = False
        before = self._footprints
        now = footprint_marks(self._state, self._sights, selected.drone)
        changed: dict[str, FootprintMark | None] = dict.fromkeys(before.keys() - now.keys())
        changed.update({drone: mark for drone, mark in now.items() if before.get(drone) != mark})
        self._footprints = now
        return changed


def _incident_mark(state: DeskState, mission: MissionRecord) -> IncidentMark | None:
    if mission.state is MissionState.CLOSED:
        return None
    incident = mission.incident
    owner = "not taken" if mission.owner is None else f"taken by {mission.owner.name}"
    since = text.short_time(incident.received_utc_ms)
    return IncidentMark(
        at=latlon(incident.position.lat_deg, incident.position.lon_deg),
        grade=incident.grade.value,
        number=str(incident.number),
        title=f"{incident.number} {incident.category} · {incident.place} · {since} · {owner}",
        own=mission.owner is not None and mission.owner.person == state.me.person,
    )


def _keep(kept: dict[str, T], key: str, mark: T | None) -> None:
    if mark is None:
        kept.pop(key, None)
    else:
        kept[key] = mark
