"""One aircraft against one drone, as the picture and the events tell it. Pure."""

import math
from dataclasses import dataclass

from gcs.gateway.aircraft import Track
from gcs.gateway.drone import Drone
from gcs.geo.approach import Approaches
from gcs.link.traffic_reports import HeardAircraft
from gcs.model.event import Severity
from gcs.model.traffic import Encounter


@dataclass(frozen=True, slots=True)
class Pairs:
    """Tracks (rows) and drones (columns) with what was reckoned of each pair."""

    tracks: list[Track]
    drones: list[Drone]
    seen: Approaches


def encounter(pairs: Pairs, row: int, column: int, severity: Severity | None) -> Encounter:
    """For the picture, rounded to what is known."""
    seen = pairs.seen
    return Encounter(
        drone=pairs.drones[column].id,
        icao=pairs.tracks[row].heard.icao,
        distance_m=round(float(seen.distance_m[row, column])),
        relative_m=_known(seen.relative_m[row, column]),
        closest_s=_known(seen.closest_s[row, column]),
        closest_m=_known(seen.closest_m[row, column]),
        severity=severity,
    )


def event_text(pairs: Pairs, row: int, column: int, level: int, before: int) -> str:
    """An encounter that began, became worse or better, or ended."""
    heard, drone = pairs.tracks[row].heard, pairs.drones[column].id
    if not level:
        return f"{drone}: clear of {aircraft_name(heard)}"
    seen = pairs.seen
    said = [f"{_far(float(seen.distance_m[row, column]))} away"]
    relative = _known(seen.relative_m[row, column])
    if relative is None:
        said.append("its height is not known")
    else:
        side = "above" if relative >= 0 else "below"
        said.append(
            f"{abs(relative):.0f} m {side}" + (" by air pressure" if heard.pressure else "")
        )
    closest_s = _known(seen.closest_s[row, column])
    closest_m = _known(seen.closest_m[row, column])
    if level < before:
        said.append("less near than before")
    elif closest_s and closest_m is not None:
        said.append(f"{_far(closest_m)} in {closest_s:.0f} s")
    return f"{drone}: {aircraft_name(heard)} {', '.join(said)}"


def aircraft_name(heard: HeardAircraft) -> str:
    """Its kind and callsign, or its address where it has none."""
    return f"{heard.category} {heard.callsign or f'{heard.icao:06X}'}"


def _far(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 1)
