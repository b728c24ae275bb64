"""What the page draws, mark by mark: frozen values, small on the wire, texts already worded.

Short field names because nine of these may go to the page ten times a second; what is at its
default is left out of the JSON.
"""

import msgspec

LatLon = tuple[float, float]


class DroneMark(msgspec.Struct, frozen=True, omit_defaults=True):
    """A drone: at `at`, or folded into dock `dock`. `tone`: own, other, silent or gone."""

    title: str
    tone: str
    line: str = ""
    at: LatLon | None = None
    dock: str = ""
    heading: int | None = None  # degrees from north
    battery: int | None = None  # percent
    home: int = 0  # percent of it that the way home and the landing take
    caution: bool = False  # its words ask for something
    asks: bool = False  # it changes hands: its words are seen from afar too
    target: LatLon | None = None


class IncidentMark(msgspec.Struct, frozen=True, omit_defaults=True):
    """An incident pin. `own`: this desk's person has taken it."""

    at: LatLon
    grade: str
    number: str
    title: str  # for the tool tip and screen readers
    own: bool = False


class DockMark(msgspec.Struct, frozen=True):
    """A rooftop dock."""

    at: LatLon
    title: str


class FenceShapeMark(msgspec.Struct, frozen=True, omit_defaults=True):
    """One shape of the geofence; a circle comes as a ring of many corners."""

    ring: tuple[LatLon, ...]
    out: bool = False


class FenceMark(msgspec.Struct, frozen=True):
    """The site's geofence. `active`: every drone heard says so."""

    shapes: tuple[FenceShapeMark, ...]
    label: str
    active: bool
    rally: tuple[LatLon, ...] = ()


class CameraMark(msgspec.Struct, frozen=True):
    """A fixed camera and the near part of what it sees."""

    at: LatLon
    title: str
    cone: tuple[LatLon, ...]


class FootprintMark(msgspec.Struct, frozen=True):
    """The ground in a drone's picture. `tone`: own, other, or silent when the picture is old."""

    ring: tuple[LatLon, ...]
    tone: str


class AircraftMark(msgspec.Struct, frozen=True, omit_defaults=True):
    """Another aircraft. `shape`: plane, helicopter or other; `ring`: caution, warning or none."""

    at: LatLon
    title: str
    line: str
    shape: str = "plane"
    track: int | None = None  # degrees from north
    old: bool = False
    ring: str = ""


class RouteMark(msgspec.Struct, frozen=True):
    """The plan that a drone flies. `current`: the point it flies to, from 1; 0 = not told."""

    points: tuple[LatLon, ...]
    current: int
    tone: str


class Selected(msgspec.Struct, frozen=True):
    """What the operator looks at; '' is none."""

    drone: str = ""
    incident: str = ""
    camera: str = ""


class Preview(msgspec.Struct, frozen=True):
    """A place a drone might be sent to, before it is."""

    drone: str
    at: LatLon


class Change(msgspec.Struct, omit_defaults=True):
    """One script call. `full` replaces everything the page has drawn; None fields stay.

    `drones`, `incidents`: a mark, or None to take it away. `trails`: points to append; a
    trail given as None is cleared first.
    """

    full: bool = False
    drones: dict[str, DroneMark | None] | None = None
    cleared_trails: list[str] | None = None
    trails: dict[str, list[LatLon]] | None = None
    incidents: dict[str, IncidentMark | None] | None = None
    docks: dict[str, DockMark] | None = None
    cameras: dict[str, CameraMark] | None = None
    footprints: dict[str, FootprintMark | None] | None = None
    routes: dict[str, RouteMark | None] | None = None
    fence: FenceMark | None = None
    selected: Selected | None = None
    aircraft: dict[str, AircraftMark | None] | None = None

    @property
    def empty(self) -> bool:
        """Nothing to tell."""
        return self == Change()


def latlon(lat_deg: float, lon_deg: float) -> LatLon:
    """Rounded to 1e-6 degree (0.1 m): less is not to be seen at the closest zoom."""
    return (round(lat_deg, 6), round(lon_deg, 6))
