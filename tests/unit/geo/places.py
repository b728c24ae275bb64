"""The shipped data and a small borough for tests that need a town quickly."""

from pathlib import Path

from gcs.geo.airspace import AirspaceVolume, load_airspace
from gcs.geo.boroughs import Borough, Boroughs, load_boroughs
from gcs.geo.earth import LocalFrame
from gcs.model.place import Position
from gcs.model.site import Dock, Site
from gcs.runtime.settings import load_toml

RESOURCES = Path(__file__).resolve().parents[3] / "resources"
BOROUGHS = RESOURCES / "data" / "london_boroughs.geojson"
AIRSPACE = RESOURCES / "data" / "london_restricted_areas.geojson"
CENTRE = LocalFrame(Position(51.53, -0.1))


def site() -> Site:
    return load_toml(RESOURCES / "sites" / "islington.toml", Site)


def boroughs() -> Boroughs:
    return load_boroughs(BOROUGHS)


def airspace() -> tuple[AirspaceVolume, ...]:
    return load_airspace(AIRSPACE)


def at(east_m: float, north_m: float) -> Position:
    return CENTRE.to_position(east_m, north_m)


def small_borough() -> Borough:
    """1.4 km across, with a notch, so that streets are cut off at it."""
    ring = tuple(
        at(*p) for p in [(-700, -500), (650, -600), (700, 550), (150, 600), (100, 250), (-650, 450)]
    )
    return Borough("E00000000", "Testham", ((ring,),))


SMALL_DOCKS = (
    Dock("S1", "Small one", at(-310.0, -120.0), 17.35),
    Dock("S2", "Small two", at(402.0, 133.0), 9.0),
)
