"""A training scenario as its file describes it: fixed calls at fixed times, and a rate."""

from dataclasses import dataclass

from gcs.model import check
from gcs.model.mission import Grade
from gcs.model.place import Position


@dataclass(frozen=True, slots=True)
class ScenarioIncident:
    """A call that comes `at_s` after the start. Without a position the town chooses one.

    `place` is what the control room calls it; empty = the street's name. `officers` on scene and
    `hazards` as in Incident.
    """

    at_s: float
    grade: Grade
    category: str
    description: str
    position: Position | None = None
    place: str = ""
    officers: str = ""
    hazards: str = ""

    def __post_init__(self) -> None:
        check.finite("at_s", self.at_s, 0.0, 86_400.0)
        if not self.category:
            raise ValueError("category is empty")
        check.text("category", self.category, 60)
        check.text("description", self.description, 1000)
        check.text("place", self.place, 120)
        check.text("officers", self.officers, 200)
        check.text("hazards", self.hazards, 200)


@dataclass(frozen=True, slots=True)
class Scenario:
    """`incidents_per_hour` takes the place of the site's own rate; 0 = only the listed calls."""

    name: str
    incidents_per_hour: float
    incidents: tuple[ScenarioIncident, ...] = ()

    def __post_init__(self) -> None:
        check.text("name", self.name, 60)
        check.finite("incidents_per_hour", self.incidents_per_hour, 0.0, 3600.0)
