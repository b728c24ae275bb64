"""One aircraft against one drone, as the picture and the events tell it. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

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


def encounters(
    pairs: Pairs, chosen: list[tuple[int, int]], shown: Mapping[tuple[int, int], Severity | None]
) -> tuple[Encounter, ...]:
    """For the picture, rounded to what is known."""
    if not chosen:
        return ()
    rows, columns = np.array(chosen).T
    seen = pairs.seen
    relative, closest_s, closest_m = (
        [None if value != value else value for value in np.round(part[rows, columns], 1).tolist()]
        for part in (seen.relative_m, seen.closest_s, seen.closest_m)
    )
    distance = np.round(seen.distance_m[rows, columns]).tolist()
    drones = [drone.id for drone in pairs.drones]
    addresses = [track.heard.icao for track in pairs.tracks]
    told = zip(chosen, distance, relative, closest_s, closest_m, strict=True)
    return tuple(
        Encounter(drones[c], addresses[r], away_m, above_m, soon_s, soon_m, shown.get((r, c)))
        for (r, c), away_m, above_m, soon_s, soon_m in told
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
