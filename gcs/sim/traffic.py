"""Aircraft over the training site: helicopters that cross low, airliners high above, light
aeroplanes between. A seeded schedule; the simulated drones' receivers hear them once a second.
"""

import asyncio
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gcs.geo.earth import LocalFrame
from gcs.link.mavlink import dialect
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.sim.fleet import SimulatedFleet

PERIOD_S = 1.0
REACH_M = 12_000.0  # from the site's middle: they come and go there
FIRST_WITHIN_S = 45.0
_MOST_AT_ONCE = 40
_ICAO_BASE = 0x400000  # the block of the United Kingdom
_VALID = (
    dialect.ADSB_FLAGS_VALID_COORDS
    | dialect.ADSB_FLAGS_VALID_ALTITUDE
    | dialect.ADSB_FLAGS_VALID_HEADING
    | dialect.ADSB_FLAGS_VALID_VELOCITY
    | dialect.ADSB_FLAGS_VALID_CALLSIGN
    | dialect.ADSB_FLAGS_VERTICAL_VELOCITY_VALID
    | dialect.ADSB_FLAGS_BARO_VALID
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What flies, how often among all, how high (AMSL), how fast, how near the middle."""

    share: float
    emitter: int
    callsign: str
    amsl_m: tuple[float, float]
    speed_mps: tuple[float, float]
    miss_m: float


_KINDS = (
    _Kind(0.5, dialect.ADSB_EMITTER_TYPE_ROTOCRAFT, "HLE", (180.0, 330.0), (45.0, 70.0), 900.0),
    _Kind(0.35, dialect.ADSB_EMITTER_TYPE_LARGE, "SHT", (1500.0, 3600.0), (90.0, 140.0), 4000.0),
    _Kind(0.15, dialect.ADSB_EMITTER_TYPE_LIGHT, "GB", (420.0, 720.0), (50.0, 65.0), 3000.0),
)


@dataclass(frozen=True, slots=True)
class Flight:
    """One straight crossing. Metres east and north of the site's middle."""

    icao: int
    callsign: str
    emitter: int
    start_s: float
    east_m: float
    north_m: float
    track_deg: float
    speed_mps: float
    amsl_m: float

    @property
    def end_s(self) -> float:
        """When it is out of reach again."""
        return self.start_s + 2.0 * REACH_M / self.speed_mps

    def place_m(self, at_s: float) -> tuple[float, float]:
        """East and north of the middle."""
        way, angle = self.speed_mps * (at_s - self.start_s), math.radians(self.track_deg)
        return self.east_m + math.sin(angle) * way, self.north_m + math.cos(angle) * way


def flights(per_hour: float, seed: int) -> Iterator[Flight]:
    """All that ever come, in the order of their coming."""
    if per_hour <= 0.0:
        return
    draw = random.Random(seed)
    start_s = draw.uniform(0.0, FIRST_WITHIN_S)
    number = 0
    while True:
        number += 1
        yield _flight(draw, number, start_s)
        start_s += draw.expovariate(per_hour / 3600.0)


def _flight(draw: random.Random, number: int, start_s: float) -> Flight:
    kind = draw.choices(_KINDS, [k.share for k in _KINDS])[0]
    track = draw.uniform(0.0, 360.0)
    angle, miss = math.radians(track), draw.gauss(0.0, kind.miss_m)
    return Flight(
        icao=_ICAO_BASE + number * 7 + draw.randrange(7),
        callsign=f"{kind.callsign}{draw.randrange(10, 1000)}",
        emitter=kind.emitter,
        start_s=start_s,
        east_m=-math.sin(angle) * REACH_M + math.cos(angle) * miss,
        north_m=-math.cos(angle) * REACH_M - math.sin(angle) * miss,
        track_deg=track,
        speed_mps=draw.uniform(*kind.speed_mps),
        amsl_m=draw.uniform(*kind.amsl_m),
    )


class AirTraffic:
    """The aircraft about a place, by the seconds since it began."""

    def __init__(self, middle: Position, per_hour: float, seed: int) -> None:
        self._frame = LocalFrame(middle)
        self._coming = flights(per_hour, seed)
        self._next = next(self._coming, None)
        self._here: list[Flight] = []

    def at(self, at_s: float) -> tuple[Flight, ...]:
        """Who is within reach. Time only goes forward."""
        while self._next is not None and self._next.start_s <= at_s:
            self._here.append(self._next)
            self._next = next(self._coming, None)
        self._here = [f for f in self._here if f.end_s > at_s][-_MOST_AT_ONCE:]
        return tuple(self._here)

    def messages(self, at_s: float) -> list[Any]:
        """ADSB_VEHICLE of each."""
        return [self._message(flight, at_s) for flight in self.at(at_s)]

    def _message(self, flight: Flight, at_s: float) -> Any:
        place = self._frame.to_position(*flight.place_m(at_s))
        return dialect.MAVLink_adsb_vehicle_message(
            flight.icao,
            round(place.lat_deg * 1e7),
            round(place.lon_deg * 1e7),
            dialect.ADSB_ALTITUDE_TYPE_PRESSURE_QNH,
            round(flight.amsl_m * 1000),
            round(flight.track_deg * 100) % 36_000,
            round(flight.speed_mps * 100),
            0,
            flight.callsign.encode(),
            flight.emitter,
            0,
            _VALID,
            0o7000,
        )


class SimulatedTraffic:
    """Lets the drones of a fleet hear the site's air traffic until it is cancelled."""

    def __init__(self, site: Site, fleet: SimulatedFleet, clock: Clock) -> None:
        docks = [d.position for d in site.docks]
        middle = Position(
            sum(p.lat_deg for p in docks) / len(docks), sum(p.lon_deg for p in docks) / len(docks)
        )
        self._traffic = AirTraffic(
            middle, site.training.aircraft_per_hour, site.training.seed * 101 + 5
        )
        self._fleet, self._clock = fleet, clock

    async def run(self) -> None:
        """Once a second, what flies about."""
        began_s = self._clock.monotonic()
        while True:
            self.hear(self._clock.monotonic() - began_s)
            await asyncio.sleep(PERIOD_S)

    def hear(self, at_s: float) -> None:
        """What the receivers hear at this moment."""
        heard = self._traffic.messages(at_s)
        if heard:
            for drone in self._fleet.drones:
                drone.hear_aircraft(heard)
