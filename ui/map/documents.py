"""The page and what it reads, made once per view: HTML, town, boroughs and airspace.

Shapes go as integer steps of 1e-6 degree, east before north, like the town's; the page
turns them into Web Mercator. Texts are worded here, never in the page.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from gcs.geo.airspace import AirspaceVolume
from gcs.geo.boroughs import Borough, Boroughs
from gcs.model.place import Position
from gcs.model.site import Site
from ui.map.page import render_page
from ui.map.scheme import CHANNEL_SCRIPT, Document, channel_script

INFORMATION = "information"  # a kind of area that binds no drone

JSON = b"application/json"
HTML = b"text/html; charset=utf-8"


def map_documents(
    site: Site,
    town_json: bytes,
    boroughs: Boroughs,
    airspace: Iterable[AirspaceVolume],
    today: date,
) -> dict[str, Document]:
    """URL path -> document. Raises BadSettings for a borough not in the data."""
    working = boroughs.by_gss(site.gss)
    return {
        "/": Document(HTML, render_page(site.docks[0].position, f"Map of {site.name}")),
        CHANNEL_SCRIPT: channel_script(),
        "/data/town.json": Document(JSON, town_json),
        "/data/boroughs.json": Document(JSON, boroughs_json(boroughs, site.gss)),
        "/data/airspace.json": Document(JSON, airspace_json(airspace, today, working)),
    }


def boroughs_json(boroughs: Boroughs, working_gss: str) -> bytes:
    """All areas; the working one is marked and comes last, so that its line lies on top."""
    areas = sorted(boroughs.areas, key=lambda b: (b.gss == working_gss, b.gss))
    return msgspec.json.encode(
        [
            {
                "gss": borough.gss,
                "name": borough.name,
                "working": borough.gss == working_gss,
                "rings": [_steps(ring) for part in borough.polygons for ring in part],
            }
            for borough in areas
        ]
    )


def airspace_json(volumes: Iterable[AirspaceVolume], today: date, working: Borough) -> bytes:
    """The volumes in force today.

    `caution` marks one that binds drones and reaches into the working borough: only that is
    a caution for this desk; the others are quiet information.
    """
    return msgspec.json.encode(
        [
            {
                "id": volume.id,
                "short": f"{volume.id} {volume.name} · {_from_afar(volume)}",
                "label": f"{volume.label} · source {volume.as_of.isoformat()}",
                "caution": volume.kind != INFORMATION and _reaches(volume, working),
                "ring": _steps(volume.polygon),
            }
            for volume in volumes
            if volume.in_force(today)
        ]
    )


def _from_afar(volume: AirspaceVolume) -> str:
    """The one thing to know from afar: that it binds no drone, else its heights."""
    return volume.binds if volume.kind == INFORMATION else volume.heights


def _reaches(volume: AirspaceVolume, borough: Borough) -> bool:
    """Whether one has a corner in the other; a borough's line is dense enough for that."""
    corners = (place for part in borough.polygons for place in part[0])
    return any(map(volume.contains, corners)) or any(map(borough.contains, volume.polygon))


def _steps(ring: Sequence[Position]) -> list[int]:
    x, y = 0, 0
    steps: list[int] = []
    for place in ring:
        east, north = round(place.lon_deg * 1e6), round(place.lat_deg * 1e6)
        steps += (east - x, north - y)
        x, y = east, north
    return steps
