"""Other aircraft as the map shows them: where, how high against the selected drone, how old.

Pure: state in, marks out. Amber and red belong to the gateway's severities alone.
"""

from gcs.model.event import Severity
from gcs.model.traffic import Aircraft, Encounter, TrafficPicture
from gcs.station.state import DeskState
from ui.map.marks import AircraftMark

OLD_AFTER_S = 10.0
SOON_S = 180.0
GONE_AFTER_S = 60.0

_RINGS: dict[Severity | None, str] = {Severity.WARNING: "warning", Severity.CAUTION: "caution"}
_WORST = (Severity.WARNING, Severity.CAUTION)


_SHAPES: dict[str, str] = {
    "helicopter": "helicopter",
    "balloon or airship": "other",
    "parachutist": "other",
    "drone": "other",
    "spacecraft": "other",
}


def aircraft_marks(state: DeskState, selected: str) -> dict[str, AircraftMark]:
    """Every aircraft heard in the last minute, by its address in hex."""
    picture, at_s = state.traffic, state.traffic_at_s
    if picture is None or at_s is None:
        return {}
    since_s = max(0.0, state.clock.monotonic() - at_s)
    worst, against = _severities(picture), _against(picture, selected)
    return {
        f"{aircraft.icao:06X}": _mark(
            aircraft, since_s, worst.get(aircraft.icao), against.get(aircraft.icao), selected
        )
        for aircraft in picture.aircraft
        if aircraft.age_s + since_s <= GONE_AFTER_S
    }


class AircraftDiff:
    """What of the aircraft the page must be told next."""

    def __init__(self, state: DeskState) -> None:
        self._state = state
        self._sent: dict[str, AircraftMark] = {}

    def forget(self) -> None:
        """The page was loaded anew: it knows of none."""
        self._sent = {}

    def change(self, selected: str) -> dict[str, AircraftMark | None]:
        """New and changed marks; None for those to take away."""
        before, now = self._sent, aircraft_marks(self._state, selected)
        changed: dict[str, AircraftMark | None] = dict.fromkeys(before.keys() - now.keys())
        changed.update({icao: mark for icao, mark in now.items() if before.get(icao) != mark})
        self._sent = now
        return changed


def _mark(
    aircraft: Aircraft,
    since_s: float,
    severity: Severity | None,
    encounter: Encounter | None,
    selected: str,
) -> AircraftMark:
    age_s = aircraft.age_s + since_s
    return AircraftMark(
        at=(round(aircraft.position.lat_deg, 5), round(aircraft.position.lon_deg, 5)),
        title=aircraft.callsign or f"{aircraft.icao:06X}",
        line=f"{_height(aircraft, encounter, selected)}{_soon(encounter)} · {age_s:.0f} s old",
        shape=_SHAPES.get(aircraft.category, "plane"),
        track=None if aircraft.track_deg is None else round(aircraft.track_deg) % 360,
        old=age_s > OLD_AFTER_S,
        ring=_RINGS.get(severity, ""),
    )


def _height(aircraft: Aircraft, encounter: Encounter | None, selected: str) -> str:
    """Against the selected drone; above sea level while none is."""
    if encounter is not None and encounter.relative_m is not None:
        return f"{encounter.relative_m:+.0f} m to {selected}"
    return "height not known" if aircraft.amsl_m is None else f"{aircraft.amsl_m:.0f} m AMSL"


def _soon(encounter: Encounter | None) -> str:
    """When it is nearest to the selected drone, while it comes nearer."""
    seconds = None if encounter is None else encounter.closest_s
    return f", nearest in {seconds:.0f} s" if seconds and seconds <= SOON_S else ""


def _severities(picture: TrafficPicture) -> dict[int, Severity]:
    """The worst of each aircraft against any drone."""
    found: dict[int, Severity] = {}
    for severity in reversed(_WORST):
        found.update({e.icao: severity for e in picture.encounters if e.severity is severity})
    return found


def _against(picture: TrafficPicture, selected: str) -> dict[int, Encounter]:
    return {e.icao: e for e in picture.encounters if selected and e.drone == selected}
