"""Other aircraft as a vehicle's ADS-B receiver hears them."""

from dataclasses import dataclass

from gcs.link.reports import Report
from gcs.model.place import Position


@dataclass(frozen=True, slots=True)
class HeardAircraft(Report):
    """ADSB_VEHICLE, with a position. What its validity flags do not vouch for is None.

    `pressure`: the height is a pressure altitude, off by the day's air pressure; else geometric.
    `since_s`: seconds since its transmitter was last heard.
    """

    icao: int
    callsign: str
    category: str
    position: Position
    amsl_m: float | None
    pressure: bool
    track_deg: float | None
    speed_mps: float | None
    climb_mps: float | None
    since_s: float
